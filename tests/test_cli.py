"""The command line as people and scripts meet it: answers, failures, exit codes and streams."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from builders import a_case, toml
from conftest import Ran

from p2p_toolkit import kinds, library, search
from p2p_toolkit.errors import Exit, was_interrupted
from p2p_toolkit.fields import fields_of

Run = Callable[..., Ran]


def test_p2p_alone_says_what_there_is_and_what_to_try(run: Run) -> None:
    ran = run()
    assert ran.code == 0
    assert "In the library: 50 cases" in ran.out
    assert ran.out.count("\n  p2p ") == 5
    assert ran.out.endswith("\np2p help getting-started leads from a problem to a paper for the board.\np2p --help lists the commands.\n")


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (("search", "oldham"), "oldham"),
        (("search", "oldahm"), "oldham"),
        (("search", "plymuth", "aliance"), "plymouth"),
        (("search", "action", "together"), "oldham"),
        (("search", "innovation partnership", "--kind", "route"), "innovation-partnership"),
        (("list",), "oldham"),
        (("list", "routes"), "market-engagement"),
        (("list", "case", "--nation", "wales", "--sort", "name"), "flintshire"),
        (("show", "croydon"), "croydon"),
        (("show", "croydn"), "croydon"),
        (("consent", "list"), "necessary"),
        (("consent", "explain", "analytical"), "analytical"),
        (("consent", "explain", "statistics"), "analytical"),
        (("consent", "explain", "analitycal"), "analytical"),
        (("consent", "explain", "C0004", "--scheme", "onetrust"), "advertisement"),
    ],
    ids=" ".join,
)
def test_the_first_result_is_the_right_one(run: Run, arguments: tuple[str, ...], first: str) -> None:
    ran = run(*arguments, "--json")
    answer = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert answer["results"][0]["id"] == first
    assert list(answer)[:5] == ["p2p", "command", "query", "count", "total"]
    assert answer["count"] == len(answer["results"]) <= answer["total"]
    for result in answer["results"]:
        jsonschema.validate(result, kinds.schema(kinds.kind_of(result["kind"])))


def test_a_term_that_covers_two_categories_gives_both(run: Run) -> None:
    answer = json.loads(run("consent", "explain", "C0002", "--scheme", "onetrust", "--json").out)
    assert [result["id"] for result in answer["results"]] == ["analytical", "performance"]


def test_a_misspelt_name_is_shown_and_said(run: Run) -> None:
    ran = run("show", "croydn")
    assert ran.out.startswith("Name: One Croydon Alliance\n")
    assert ran.err == "Nothing is called 'croydn'; showing case:croydon. Others: case:croydon-real-lettings, case:croydon-octavo.\n"


def test_the_croydon_caveat_is_shown(run: Run) -> None:
    assert "Please note: " in run("show", "croydon").out
    assert "not confirmed" in run("show", "croydon").out


def test_a_record_asked_for_twice_is_shown_once(run: Run) -> None:
    assert json.loads(run("show", "oldham", "case:oldham", "--json").out)["count"] == 1


def test_a_route_without_a_precedent_says_so(run: Run) -> None:
    assert "Cases that used it: No case recorded.\n" in run("show", "dynamic-market").out
    assert (
        "Cases that used it: Plymouth Alliance for complex needs (case:plymouth), a source names it\n"
        in run("show", "alliance-contract").out
    )
    assert "the Co-operative Councils' Innovation Network says so\n" in run("show", "principle:innovation").out


def test_a_route_ends_with_the_cases_that_used_it(run: Run) -> None:
    [result] = json.loads(run("show", "alliance-contract", "--json").out)["results"]
    used = {related["id"]: related["why"] for related in result["related"] if related["kind"] == "case"}
    assert used["plymouth"] == "a source names it"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("serach", "x"), 2, "Nearest: search"),
        (("search",), 2, "Missing argument"),
        (("search", "x", "--limt", "3"), 2, "No such option: --limt"),
        (("search", "x", "--limit", "three"), 2, "--limit"),
        (("search", "x", "--kind", "rout"), 2, "there is no kind 'rout'"),
        (("list", "cookeis"), 2, "Nearest: cookie"),
        (("list", "--color", "yes"), 2, "--color cannot be 'yes'"),
        (("list", "--nation", "englnd"), 2, "Nearest: england"),
        (("list", "--verdict", "myth"), 2, "--verdict means nothing for cases"),
        (("list", "--sort", "nmae"), 2, "Nearest: name"),
        (("list", "--since", "soon"), 2, "'soon' is not a date"),
        (("consent", "explain", "x", "--scheme", "onetrst"), 2, "Nearest: onetrust"),
        (("consent", "explain", "C0009", "--scheme", "onetrust"), 3, "OneTrust has no category 'C0009'"),
        (("consent", "explain", "_ga"), 3, "Try: p2p consent classify _ga"),
        (("croydon",), 2, "To look for it: p2p search croydon"),
        (("search", " "), 2, "words to search for are missing"),
        (("show", ""), 2, "a name is missing"),
        (("consent", "explain", "zzzqqq"), 3, "no record is called 'zzzqqq'"),
        (("show", "zzzqqq"), 3, "no record is called 'zzzqqq'"),
        (("show", "route:oldham"), 3, "no record is called 'oldham'"),
        (("show", "barnardo's"), 3, "fits more than one record"),
        (("list", "--library", "/nowhere/at/all"), 4, "there is no library folder /nowhere/at/all"),
        (("library", "validate", "/nowhere.toml"), 4, "nowhere.toml; wanted: a readable file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_bad_input_is_told_with_its_exit_code(run: Run, arguments: tuple[str, ...], code: int, told: str) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err
    assert 2 <= ran.err.count("\n") <= 4
    as_json = run(*arguments, "--json")
    assert (as_json.code, as_json.out) == (code, "")
    error = json.loads(as_json.err)["error"]
    assert set(error) == {"code", "message", "hint", "suggestions"}


@pytest.mark.parametrize("asked", [("-fjson",), ("-qfjson",), ("-f", "json"), ("--format=json",)], ids=" ".join)
def test_however_json_is_asked_for_a_failure_is_json_too(run: Run, asked: tuple[str, ...]) -> None:
    assert json.loads(run("show", "zzzqqq", *asked).err)["error"]["code"] == "not_found"
    assert run("show", "zzzqqq", "json").err.startswith("p2p: ")


def test_a_format_that_does_not_exist_names_the_nearest(run: Run) -> None:
    ran = run("list", "--format", "jsno")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[1:] == [
        "Nearest: json, jsonl",
        "Choose one of: table, json, jsonl, csv, markdown",
        "Try: p2p list --format json",
    ]


def test_two_formats_at_once_are_refused(run: Run) -> None:
    assert run("list", "--format", "csv", "--json").code == 2
    assert run("list", "--format", "nonsense", "--json").code == 2
    assert run("list", "--format", "json", "--json").code == 0


def test_a_cookie_is_shown_by_the_name_that_a_search_prints(run: Run) -> None:
    assert "p2p show cookie:ga\n" in run("search", "_ga", "--kind", "cookie", "--limit", "1").err
    assert json.loads(run("show", "_ga", "--json").out)["results"][0]["id"] == "ga"
    assert json.loads(run("show", "PHPSESSID", "--json").out)["results"][0]["kind"] == "cookie"


def test_what_was_typed_is_echoed_shortened(run: Run) -> None:
    for arguments in (("show", "x" * 10_000), ("search", "x" * 10_000), ("list", "--place", "x" * 10_000), ("list", "x" * 10_000)):
        assert len(run(*arguments).err) < 500


@pytest.mark.parametrize("group", ["consent", "library"])
def test_a_group_alone_says_what_it_has(run: Run, group: str) -> None:
    ran = run(group)
    assert (ran.code, ran.err) == (0, "")
    assert "\nCommands:\n" in ran.out


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_the_first_screen_fits(run: Run, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert max(len(line) for line in run().out.splitlines()) <= int(columns)


def test_a_word_that_no_record_has_is_told(run: Run) -> None:
    ran = run("search", "community", "transport", "--limit", "1")
    assert ran.err.startswith("No record has the word 'transport'.\n1 of ")
    assert json.loads(run("search", "community", "transport", "--json").out)["missing"] == ["transport"]


def test_who_searches_for_a_cookie_is_told_where_cookies_are(run: Run) -> None:
    told = "A cookie is called so: p2p consent classify _ga\n"
    assert run("search", "_ga", "--limit", "1").err.endswith(told)
    assert told not in run("search", "_ga", "--kind", "cookie", "--limit", "1").err


def test_where_nothing_is_found_it_says_what_was_looked_at(run: Run) -> None:
    assert run("search", "zzzqqq") == Ran(
        0,
        "",
        "Nothing found for 'zzzqqq' in cases, routes, objections, principles and categories.\nTry fewer or other words, or: p2p list\n",
    )


def test_a_hit_is_explained_when_asked(run: Run) -> None:
    explained = run("search", "oldahm", "--limit", "1", "--explain")
    assert explained.out.rstrip().endswith("oldahm = oldham, typo, in Id, 74 points")
    [result] = json.loads(run("search", "oldahm", "--limit", "1", "--explain", "--json").out)["results"]
    assert result["matched"] == [{"word": "oldahm", "found": "oldham", "how": "typo", "share": 74, "field": "Id"}]


def test_what_was_found_is_counted_when_asked(run: Run) -> None:
    facets = json.loads(run("search", "homelessness", "--facets", "--json").out)["results"]
    assert len(facets) > 10
    opened = library.open_library()
    for facet in facets:
        assert search.find(opened, "homelessness", filters={facet["filter"]: [facet["value"]]}).total == facet["records"]


def test_every_filter_of_a_field_has_an_option(run: Run) -> None:
    text = run("list", "--help").out
    for kind in kinds.KINDS:
        for field in fields_of(kind.record):
            assert not field.filter or f"--{field.filter} VALUE" in text


def test_quiet_prints_ids_alone(run: Run) -> None:
    ran = run("list", "category", "-q")
    assert ran == Ran(0, "necessary\nfunctional\nanalytical\nperformance\nadvertisement\nunclassified\n", "")


def test_a_broken_file_of_ones_own_is_named_and_stops_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("[[case]\n")
    (tmp_path / "mine.toml").write_text(toml("case", a_case(id="mine", name="My own case")))
    ran = run("list", "--library", str(tmp_path), "-f", "jsonl")
    assert ran.code == 0
    assert '"id": "mine"' in ran.out
    assert ran.err.startswith("warning: broken.toml; wanted: valid TOML")
    assert ran.err.endswith(f"See all of them: p2p library validate --library {tmp_path}\n")


def test_validate_tells_every_mistake_at_once(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(toml("case", a_case(id="mine", nation="englnd", routes=[{"id": "grnat", "certainty": "stated"}])))
    ran = run("library", "validate", str(file))
    assert (ran.code, ran.out) == (4, "")
    assert "1 mistake in the data:" in ran.err
    assert "Did you mean 'england'?" in ran.err
    file.write_text(toml("case", a_case(id="mine", routes=[{"id": "grnat", "certainty": "stated"}])))
    assert "Did you mean 'grant'?" in run("library", "validate", str(file)).err


def test_validate_says_when_all_is_well(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(toml("case", a_case(id="mine")))
    assert run("library", "validate", str(tmp_path / "mine.toml")) == Ran(0, "", "No mistakes in 1 file: 1 record.\n")
    assert run("library", "validate").code == 0


# What only a real process shows.


def test_a_pipe_gets_whole_lines_without_colour(process: Run) -> None:
    ran = process("list", env={"COLUMNS": "20"})
    lines = ran.out.splitlines()
    assert lines[0].split("\t")[0] == "oldham"
    assert "Oldham Social Prescribing Innovation Partnership" in lines[0]
    assert "\x1b" not in ran.out
    assert not set(ran.out) & set("│╭─━")


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize("arguments", [("list",), ("search", "homelessness"), ("show", "plymouth")], ids=" ".join)
def test_a_terminal_gets_lines_that_fit_and_ids_that_are_whole(terminal: Run, arguments: tuple[str, ...], columns: int) -> None:
    ran = terminal(*arguments, columns=columns, env={"NO_COLOR": "1"})
    assert ran.code == 0
    assert "\x1b" not in ran.out
    answer = ran.out.splitlines()[:-1]  # the last line is the hint on standard error
    assert max(len(line) for line in answer) <= columns
    if arguments == ("list",):
        assert "newcastle-ways-to-wellness" in ran.out


def test_a_terminal_gets_colour_unless_told_otherwise(terminal: Run) -> None:
    assert "\x1b[" in terminal("list").out
    assert "\x1b" not in terminal("list", "--color", "never").out
    assert "\x1b" not in terminal("list", env={"TERM": "dumb"}).out
    assert "\x1b" not in terminal("list", "--plain", env={"NO_COLOR": "1"}).out
    assert "│" not in terminal("show", "oldham", env={"ACCESSIBLE": "1"}).out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [("list",), ("list", "--json"), ("--version",), ("--help",), ()], ids=" ".join)
def test_a_full_disk_is_one_message(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "p2p_toolkit", *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == Exit.NOT_WRITTEN
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_closed_standard_output_is_one_message() -> None:
    done = subprocess.run(["bash", "-c", f"{sys.executable} -m p2p_toolkit list >&-"], capture_output=True, text=True, check=False)
    assert done.returncode == Exit.NOT_WRITTEN
    assert "Traceback" not in done.stderr


def test_reading_writes_nothing_and_needs_no_home(process: Run, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    ran = process("search", "oldham", env={"HOME": "/nonexistent", "XDG_DATA_HOME": "", "XDG_CACHE_HOME": ""}, cwd=tmp_path)
    assert (ran.code, ran.out[:6]) == (0, "oldham")
    assert sorted(tmp_path.rglob("*")) == before


# Python tells a hook of everything a program does to files and to the network (PEP 578).
WATCHED = """
import os, sys
def watch(event, args):
    writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if writes or event in ("os.mkdir", "os.rename", "os.remove", "os.truncate", "shutil.copyfile") or event.startswith("socket."):
        os.write(2, f"{event} {args}".encode())
        os._exit(99)
from p2p_toolkit.cli import main
sys.addaudithook(watch)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    "arguments",
    [("search", "oldahm"), ("show", "croydon"), ("list", "--json"), ("consent", "explain", "analytical"), ("library", "validate"), ()],
    ids=" ".join,
)
def test_reading_opens_nothing_for_writing_and_never_the_network(arguments: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-B", "-c", WATCHED, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout != "" or "validate" in arguments) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("p2p show oldh", "oldham"),
        ("p2p show more-than", "more-than-medical"),
        ("p2p search x --nation wa", "wales"),
        ("p2p search x --route psr-direct", "psr-direct-award-c"),
        ("p2p list obj", "objection"),
        ("p2p consent explain anal", "analytical"),
        ("p2p consent explain x --scheme onet", "onetrust"),
        ("p2p list --format js", "jsonl"),
        ("p2p sea", "search"),
    ],
)
def test_the_shell_completes_what_was_begun(process: Run, line: str, offered: str) -> None:
    ran = process(env={"_P2P_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))})
    assert offered in ran.out.splitlines()
    assert all(one.startswith(line.rsplit(maxsplit=1)[-1]) for one in ran.out.splitlines())
    assert ran.err == ""


def test_long_answers_go_through_the_pager_of_a_terminal(terminal: Run) -> None:
    assert terminal("show", "oldham", env={"PAGER": "sed s/Oldham/PAGED/"}).out.count("PAGED") > 5
    assert "PAGED" not in terminal("show", "oldham", "--no-pager", env={"PAGER": "sed s/Oldham/PAGED/"}).out
    for pager in ("no-such-pager", "false", "'"):
        assert "Oldham" in terminal("show", "oldham", env={"PAGER": pager}).out
    assert "PAGED" not in terminal("show", "oldham", env={"PAGER": "sed s/Oldham/PAGED/", "TERM": "dumb"}).out


INTERRUPTED = """
import os, signal, sys, threading
timer = threading.Timer(float(sys.argv.pop()), os.kill, (os.getpid(), signal.SIGINT))
timer.daemon = True
timer.start()
from p2p_toolkit.__main__ import run
run()
"""


@pytest.mark.parametrize("after", ["0.04", "0.07", "0.1", "0.2"])
def test_an_interruption_is_quiet_whenever_it_comes(after: str) -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED, "list", "--json", after], capture_output=True, text=True, check=False)
    assert done.returncode in (Exit.DONE, Exit.INTERRUPTED)
    assert done.stderr == ""


def test_an_interruption_is_known_also_while_a_class_is_made() -> None:
    class Interrupted:
        def __set_name__(self, owner: type, name: str) -> None:
            raise KeyboardInterrupt

    with pytest.raises((KeyboardInterrupt, RuntimeError)) as raised:
        type("Made", (), {"field": Interrupted()})
    assert was_interrupted(raised.value)
    assert not was_interrupted(RuntimeError())


def test_a_traceback_is_shown_only_when_asked_for(process: Run) -> None:
    code = "from p2p_toolkit import cli, search; search.find = None; raise SystemExit(cli.main(['search', 'x']))"
    for debug, expected in (("", False), ("1", True)):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False, env={**os.environ, "P2P_DEBUG": debug}
        )
        assert done.returncode == 1
        assert ("Traceback" in done.stderr) is expected


NOTHING = [
    (("list", "--nation", "wales", "--since", "2030"), "No cases fit --nation wales --since 2030.", "p2p list case"),
    (("timeline", "--since", "2030"), "No cases fit --since 2030.", "p2p timeline"),
    (("stats", "case", "--since", "2030"), "No cases fit --since 2030.", "p2p stats case"),
    (("stats", "--nation", "wales", "--since", "2030"), "No records fit --nation wales --since 2030.", "p2p stats"),
    (("search", "zzzqqq", "--kind", "case"), "Nothing found for 'zzzqqq' in cases.", "p2p list"),
    (("search", "zzzqqq", "--kind", "case", "--nation", "wales"), "Nothing found for 'zzzqqq' in cases with --nation wales.", "p2p list"),
    (("search", "zzzqqq", "--facets"), "Nothing found for 'zzzqqq' in cases, routes, objections, principles and categories.", "p2p list"),
    (("library", "export", "--own"), "There are no records of your own in the library.", "p2p library add case"),
    (("library", "export", "zzzqqq"), "No records fit.", "p2p library export"),
    (("answer", "wizard teapot"), "I have no answer to 'wizard teapot'.", "p2p answer"),
    (("library", "where"), "yet; --library or P2P_LIBRARY name another.", "p2p library add case"),
]


@pytest.mark.parametrize(
    ("arguments", "looked_at", "command"), NOTHING, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_where_there_is_nothing_it_says_what_was_looked_at_and_what_to_try(
    run: Run, arguments: tuple[str, ...], looked_at: str, command: str
) -> None:
    ran = run(*arguments)
    assert ran.code == 0
    assert looked_at in ran.err
    assert any(line.endswith(f": {command}") for line in ran.err.splitlines())
