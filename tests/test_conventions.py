"""What people and scripts may expect of a good command-line tool, each with the command line that shows it.

The numbers are those of the list of conventions that p2p was planned by; where the list and p2p differ, the row says what p2p does.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from builders import a_case, toml
from conftest import in_terminal


class Row(NamedTuple):
    """A convention: its number, what it says, a line for bash that tries it, and, as a regular expression, what that prints on standard output.

    `columns` is the width of the terminal in which it runs; 0 stands for pipes.
    """

    number: str
    says: str
    line: str
    prints: str
    columns: int = 0


E = r"\x1b\["
BOXES = "[╭╮╰╯│─┃━]"
CONVENTIONS = [
    Row("1", "the bare command is short, leads with things to try, and is no error", "p2p; echo $?", r".*\n  p2p search oldham\n.*\n0\n"),
    Row("2", "-h, --help and help work", "p2p show -h >/dev/null && p2p show --help | cmp - <(p2p help show) && p2p help | head -1", r"Usage: p2p .*\n"),
    Row("3", "the version is one line", "p2p --version | wc -l", "1\n"),
    Row("4", "results on standard output, messages on standard error", "p2p search zzzqqq 2>/dev/null | wc -c", "0\n"),
    Row("5", "wrong usage is 2, and what was meant is offered", "p2p serach x 2>&1; echo $?", r".*\nNearest: search\nTry: p2p search x\n2\n"),
    Row("6", "an id that does not exist has its own code, and the nearest is shown", "p2p show zzzqqq 2>/dev/null; echo $?", "3\n"),
    Row("6a", "a misspelt id is shown, and that is said", "p2p show oldahm 2>&1 >/dev/null", r"Nothing is called 'oldahm'; showing case:oldham\..*"),
    Row("7", "nothing found is no failure unless asked", "p2p search zzzqqq 2>/dev/null; echo $?; p2p search zzzqqq -e 2>/dev/null; echo $?", "0\n3\n"),
    Row("8", "every exit code is listed", "p2p help exit-codes | grep -cE '^ +(0|1|2|3|4|5|130)  '", "7\n"),
    Row("9", "JSON is valid, whole and alone", "p2p search oldham --json | python -m json.tool >/dev/null && echo fine", "fine\n"),
    Row("10", "empty JSON is a document", "p2p search zzzqqq --json | python -c 'import json,sys; print(json.load(sys.stdin)[\"results\"])'", r"\[\]\n"),
    Row("11", "JSON is UTF-8 with one newline at its end", "p2p list --json | iconv -f utf-8 -t utf-8 | tail -c 2 | od -An -tx1", " 7d 0a\n"),
    Row("12", "each JSON line is valid", "p2p list --format jsonl | while read -r l; do python -c 'import json,sys; json.loads(sys.argv[1])' \"$l\" || echo BAD; done | head -1", ""),
    Row("13", "the answer says its version", "p2p show oldham --json | cut -c 1-14", r'\{"p2p": "1\.\d\n|\{"p2p": ?"1\.0".*\n'),
    Row("14", "a schema is shipped, and holds", "p2p schema show > s.json; p2p show oldham --json > a.json; python -m jsonschema -i a.json s.json 2>/dev/null && echo fits", "fits\n"),
    Row("15", "no colour and no boxes in a pipe", f"p2p search oldham | grep -cP '{E}|{BOXES}'", "0\n"),
    Row("16", "nothing is cut in a pipe", "COLUMNS=20 p2p list | grep -c leicestershire", "[1-9]\n"),
    Row("17", "ids are never cut on a screen", "COLUMNS=40 p2p list --color always | bare | grep -cP '^ *leicestershire'", r"[1-9]\n"),
    Row("18", "a narrow screen fits", "for c in 'search oldham' 'show croydon' 'answer tender' list routes stats timeline 'consent classify _ga sid'; do COLUMNS=40 p2p $c --color always 2>/dev/null | bare 40; done", ""),
    Row("19", "NO_COLOR removes every escape code", "NO_COLOR=1 p2p list >/dev/tty; true", rf"(?!.*{E}).*oldham.*", 80),
    Row("20", "an empty NO_COLOR is none", "NO_COLOR= p2p list -n 1", rf".*{E}.*", 80),
    Row("21", "forced colour reaches a pipe", f"CLICOLOR_FORCE=1 p2p list | grep -cP '{E}' ; FORCE_COLOR=1 p2p list | grep -cP '{E}'", r"[1-9]\d*\n[1-9]\d*\n"),
    Row("22", "NO_COLOR beats FORCE_COLOR, an option beats both", f"NO_COLOR=1 FORCE_COLOR=1 p2p list | grep -cP '{E}'; NO_COLOR=1 p2p list --color always | grep -cP '{E}'", r"0\n[1-9]\d*\n"),
    Row("23", "FORCE_COLOR=0 forces nothing", f"FORCE_COLOR=0 p2p list | grep -cP '{E}'", "0\n"),
    Row("24", "TERM=dumb is plain", "TERM=dumb p2p list -n 1", rf"(?!.*{E}).*oldham.*", 80),
    Row("25", "JSON is never coloured", f"FORCE_COLOR=1 p2p list --json --color always | grep -cP '{E}'", "0\n"),
    Row("26", "a reader that leaves early is no failure", "PYTHONUNBUFFERED=1 p2p list cookie --format jsonl | head -n 1 >/dev/null; echo ${PIPESTATUS[0]}", "0\n"),
    Row("27", "a full disk is one message", "p2p list 2>&1 >/dev/full; echo $?", r"p2p: the answer could not be written: No space left on device\n.*\n5\n"),
    Row("28", "Ctrl-C is 130 and quiet", "timeout --preserve-status -s INT 2 p2p pick oldham; echo $?", r"(?!.*Traceback).*130\n", 80),
    Row("29", "-- ends the options", "p2p search --json -- --weird | grep -o '\"words\": *\"--weird\"'", r'"words": ?"--weird"\n'),
    Row("30", "a word may begin with a dash", "p2p search -- -5 >/dev/null 2>&1; echo $?", "0\n"),
    Row("31", "- is standard input, and standard output", "p2p library validate - < my-case.toml 2>&1; p2p library export trust -k principle -o - | head -c 13", r"No mistakes in 1 file: 1 record\.\n\[\[principle\]\]"),
    Row("32", "where input is wanted and a person sits there, it says so and does not wait", "timeout 5 p2p library validate -; echo $?", r".*nothing is on standard input\n.*\n2\n", 80),
    Row("33", "nobody is asked without a terminal", "p2p library add case </dev/null 2>&1; echo $?", r".*nothing stands in standard input\n.*\n2\n"),
    Row("34", "--no-input refuses every question", "p2p library remove our-town --no-input; p2p pick oldham --no-input; p2p library add case --no-input; echo $?", r"(?s).*removing has to be agreed to.*nobody can be asked.*\n2\n", 80),
    Row("35", "--quiet prints ids, one on each line", "p2p search oldham -q | grep -cvP '^[a-z0-9-]+$'", "0\n"),
    Row("36", "every short option has a long one", "p2p search --help | grep -P '^  -[a-z]' | grep -cv -- ' --\\|, --'", "0\n"),
    Row("38", "options stand before or after the words", "cmp <(p2p search --limit 1 oldham) <(p2p search oldham --limit 1) && echo same", "same\n"),
    Row("39", "no command may be abbreviated", "p2p sear oldham 2>&1; echo $?", r".*\nNearest: search, schema\nTry: p2p search oldham\n2\n"),
    Row("40", "data and cache lie where the system wants them", "XDG_DATA_HOME=$PWD/d XDG_CACHE_HOME=$PWD/c p2p library add case my-case.toml >/dev/null; XDG_DATA_HOME=$PWD/d XDG_CACHE_HOME=$PWD/c p2p list -q >/dev/null; find d c -type f -name '[^.]*' | cut -d / -f 1-2 | sort", "c/p2p\nd/p2p\n"),
    Row("41", "reading writes nothing", "mkdir h; HOME=$PWD/h XDG_DATA_HOME= XDG_CACHE_HOME= XDG_CONFIG_HOME= p2p search oldham >/dev/null; find h -type f | wc -l", "0\n"),
    Row("42", "a home that is missing is no failure", "HOME=/nonexistent XDG_DATA_HOME= p2p search oldham >/dev/null; echo $?", "0\n"),
    Row("43", "an option beats a variable; there is no settings file", "mkdir own; P2P_LIBRARY=/nowhere p2p list --library own -q | head -1", "oldham\n"),
    Row("44", "no network", "unshare -rn true 2>/dev/null && net='unshare -rn' || net=; cmp <($net p2p search oldham) <(p2p search oldham) && echo same", "same\n"),
    Row("45", "a locale without Unicode is no failure", "LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 p2p show plymouth --color always >/dev/null; echo $?", "0\n"),
    Row("45a", "a Windows code page is no failure", "PYTHONIOENCODING=cp1252 p2p show ffestiniog >/dev/null && PYTHONIOENCODING=latin-1 p2p list --color always >/dev/null; echo $?", "0\n"),
    Row("46", "errors can be JSON, on standard error", "p2p show nope --json 2>&1 >/dev/null | python -c 'import json,sys; print(json.load(sys.stdin)[\"error\"][\"code\"])'", "not_found\n"),
    Row("47", "an error says what, why and what to try", "p2p show nope 2>&1 | tail -1; p2p list --nation englnd 2>&1 | wc -l", r".*p2p .*\n[234]\n"),
    Row("48", "no traceback for a mistake of the user", "P2P_LIBRARY=/etc p2p list 2>&1 | grep -c Traceback; P2P_LIBRARY=/dev/null p2p list 2>&1 | grep -c Traceback", "0\n0\n"),
    Row("50", "the formats are one list", "p2p list --format bogus 2>&1; echo $?", r".*\n(.*\n)?Choose one of: table, json, jsonl, csv, markdown\nTry: p2p list --help\n2\n"),
    Row("51", "CSV has a heading, one length, and whole cells", "p2p list --format csv | python -c 'import csv,sys; print(len({len(r) for r in csv.reader(sys.stdin)}))'", "1\n"),
    Row("52", "no spreadsheet formula", "p2p list cookie --format csv | python -c 'import csv,sys; print(sum(c[:1] in \"=+@\" and c != \"\" for r in csv.reader(sys.stdin) for c in r))'", "0\n"),
    Row("53", "the order is stable", "cmp <(p2p search alliance --json) <(p2p search alliance --json) && echo same", "same\n"),
    Row("54", "a pager only on a terminal", "PAGER='sed s/^/PAGED/' p2p show plymouth | grep -c PAGED", "0\n"),
    Row("54a", "a pager that is missing or fails loses nothing", "PAGER=no-such-pager p2p show plymouth --color never | grep -c Sources; PAGER=false p2p show plymouth --color never | grep -c Sources", r"[1-9]\n[1-9]\n", 80),
    Row("55", "TAB gives ids, quietly", "_P2P_COMPLETE=complete_bash COMP_WORDS='p2p show oldh' COMP_CWORD=2 p2p | head -1", "oldham\n"),
    Row("56", "the script for TAB is printed and touches no file", "p2p completion bash | grep -c _P2P_COMPLETE", "1\n"),
    Row("58", "what destroys asks, or wants --yes", "p2p library remove our-town </dev/null 2>&1; echo $?", r".*removing has to be agreed to\nTry: p2p library remove our-town --yes\n2\n"),
    Row("59", "plain lines for screen readers", "ACCESSIBLE=1 p2p show oldham; true", rf"(?s)(?!.*{E})(?!.*{BOXES})Name: Oldham.*", 80),
    Row("61", "an impossible width is no failure", "for c in 0 abc 1000000 -5 ''; do COLUMNS=$c p2p list -n 1 --color always >/dev/null || echo BAD; done", ""),
    Row("62", "closed streams are no traceback", "p2p search oldham <&- >/dev/null; echo $?; p2p show zzz 2>&- ; echo $?; p2p list >&- 2>&-; echo $?", "0\n3\n5\n"),
    Row("63", "no TERM, no LANG", "env -u TERM -u LANG -u LC_ALL p2p list -n 1 >/dev/null; echo $?", "0\n"),
    Row("64", "no warning of Python's, and without asserts", "PYTHONWARNINGS=error p2p search oldham -q | head -1; python -O -m p2p_toolkit search oldham -q | head -1", "oldham\noldham\n"),
    Row("65", "square brackets in the data stay", "p2p show croydon --color never | grep -c '\\[13\\]'", r"[1-9]\n", 80),
    Row("66", "an option before the command is told where it belongs", "p2p --plain list 2>&1; echo $?", r".*\nOptions stand after the command, as in: p2p list --json\n2\n"),
    Row("67", "lines in a pipe begin with the id", "for c in list 'search oldham' 'consent list' timeline 'library where' schema; do p2p $c 2>/dev/null | head -1 | grep -cP '^[a-z][a-z0-9-]*\\t'; done | sort -u", "1\n"),
    Row("68", "twenty columns are no failure", "for c in list 'show croydon' 'search oldham' stats; do COLUMNS=20 p2p $c --color always 2>/dev/null | bare 20; done", ""),
]  # fmt: skip
# Rows of the list that are tried elsewhere, since a line for bash cannot show them.
ELSEWHERE = {
    "37": ("test_tree.py", "test_an_option_has_one_type_wherever_it_stands"),
    "49": ("test_cli.py", "test_a_traceback_is_shown_only_when_asked_for"),
    "57": ("test_manual.py", "test_mandoc_finds_nothing_wrong"),
    "60": ("test_layers.py", "test_reading_the_index_loads_nothing_heavy"),
}


# The lines of a screen without escape codes; with a width, only those that are longer, but for those of one word, which cannot be broken.
BARE = r"""
import re, sys
text = re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", sys.stdin.read())
most = int(sys.argv[1]) if len(sys.argv) > 1 else -1
for line in text.splitlines():
    if len(line) > most and (most < 0 or " " in line.strip(" │|•-")):
        print(line)
"""


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory, whole: Path) -> Path:
    """A folder for the path with `p2p`, `python` and `bare`."""
    folder = tmp_path_factory.mktemp("bin")
    (folder / "p2p").write_text(f'#!/bin/sh\nPYTHONPATH="{whole}" exec "{sys.executable}" -P -m p2p_toolkit "$@"\n')
    (folder / "python").write_text(f'#!/bin/sh\nPYTHONPATH="{whole}" exec "{sys.executable}" "$@"\n')
    (folder / "bare").write_text(f"#!{sys.executable}{BARE}")
    for path in folder.iterdir():
        path.chmod(0o755)
    return folder


@pytest.mark.parametrize("row", CONVENTIONS, ids=lambda row: f"{row.number} {row.says}")
def test_it_is_as_people_and_scripts_expect(row: Row, shim: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS")
    own = tmp_path / "home" / "p2p" / "library"
    own.mkdir(parents=True)
    (own / "case-town.toml").write_text(toml("case", a_case(id="our-town", name="Our town")))
    (tmp_path / "my-case.toml").write_text(toml("case", a_case(id="new-town")))
    # Only the rows about one's own records have any: the others start as most people do.
    data = tmp_path / "home" if "our-town" in row.line else tmp_path / "none"
    env = {"PATH": f"{shim}{os.pathsep}{os.environ['PATH']}", "XDG_DATA_HOME": str(data), "LC_ALL": "C.UTF-8"}
    if row.columns:
        printed = in_terminal("-c", row.line, program="bash", columns=row.columns, env=env).out
    else:
        done = subprocess.run(["bash", "-c", row.line], env={**os.environ, **env}, capture_output=True, check=False, timeout=60)
        printed = done.stdout.decode()
    assert re.fullmatch(row.prints, printed, re.DOTALL), printed


def test_every_convention_of_the_list_is_tried() -> None:
    tried = {re.match(r"\d+", row.number)[0] for row in CONVENTIONS} | set(ELSEWHERE)  # type: ignore[index]  # each begins with one
    assert {str(number) for number in range(1, 61)} <= tried
    for file, test in ELSEWHERE.values():
        assert f"def {test}(" in (Path(__file__).parent / file).read_text()
