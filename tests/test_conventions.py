"""The conventions of the command line, of which conventions.md has a row each, and what takes a walk over the whole program."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer.main
from builders import a_case, toml
from conftest import Ran

import p2p_toolkit
from p2p_toolkit import cli, library, store

# Rows about commands that are not there yet, with what they wait for.
AWAITED = {
    "2b": "p2p help COMMAND",
    "8": "p2p help exit-codes",
    "14": "p2p schema",
    "32b": "p2p pick",
    "56": "p2p completion",
    "57": "the man page",
}

# Rows that need something which not every machine has, and what shows that it is there.
NEEDS = {"27": "test -e /dev/full", "44": "unshare -rn true", "57": "mandoc -T lint /dev/null"}


class Row(NamedTuple):
    """A convention: its number, what it says, a script that shows it, and what must come of that. Without a script, `remark` says why."""

    number: str
    says: str
    remark: str
    script: str
    gives: str


def rows() -> list[Row]:
    """The conventions, as conventions.md has them."""
    found = []
    for section in re.split(r"^### ", TABLE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        heading, *lines = re.split(r"^## ", section, flags=re.MULTILINE)[0].splitlines()
        number, says = heading.split(". ", 1)
        block = [line[4:] for line in lines if line.startswith("    ")]
        script = [line[2:] for line in block if line.startswith("$ ")]
        remark = " ".join(line for line in lines if line and not line.startswith("    "))
        found.append(Row(number, says, remark, "\n".join(script), "\n".join(line for line in block if not line.startswith("$ "))))
    return found


TABLE = Path(__file__).with_name("conventions.md")
ROWS = rows()

SHIMS = {
    "p2p": f'#!/bin/sh\nexec "{sys.executable}" -m p2p_toolkit "$@"\n',
    "py": f"""#!{sys.executable} -SE
import csv, io, json, sys
text = sys.stdin.buffer.read().decode()
print(eval(sys.argv[1]))
""",
    "holds": f"""#!{sys.executable}
import json, sys, jsonschema
schema, instance = (json.load(open(name)) for name in sys.argv[1:])
jsonschema.validate(instance, schema)
""",
    "screen": f"""#!{sys.executable} -SE
import fcntl, os, pty, struct, sys, termios
child, stream = pty.fork()
if child == 0:
    os.environ.pop("COLUMNS", None)
    os.environ.update(TERM="xterm-256color", PAGER="cat", LC_ALL="C.UTF-8")
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execvp("bash", ["bash", "-c", sys.argv[2]])
shown = b""
while True:
    try:
        piece = os.read(stream, 65536)
    except OSError:
        break
    if not piece:
        break
    shown += piece
os.waitpid(child, 0)
sys.stdout.buffer.write(shown.replace(b"\\r\\n", b"\\n"))
""",
}


@pytest.fixture(scope="session")
def shims(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with p2p as it is installed, its index beside it, and with what the rows are written with."""
    folder = tmp_path_factory.mktemp("bin")
    package = folder / "p2p_toolkit"
    shutil.copytree(Path(p2p_toolkit.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    if not (package / "data").is_dir():
        shutil.copytree(store.bundled_folder(), package / "data")
    if not (package / "index.sqlite").exists():
        # As hatch_build.py does. In a checkout each start reads all records, which takes five times as long.
        bundled = store.read_bundled()
        library.write_index(package / "index.sqlite", bundled, store.read_synonyms(), store.read_rules(bundled))
    for name, text in SHIMS.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return folder


def outcome(script: str, shims: Path, folder: Path) -> str:
    """All that a script writes, in a folder that holds one record; without blanks at the start of lines, as some systems' uniq has them."""
    (folder / "case.toml").write_text(toml("case", a_case(id="our-town", name="Our town", places=["Ourtown"])))
    environment = {**os.environ, "PATH": f"{shims}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(shims)}
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, check=False, timeout=120, **streams)
    return "\n".join(line.lstrip(" ") for line in done.stdout.decode().strip("\n").splitlines())


def marks(row: Row) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(reason=f"{AWAITED[row.number]} is not there yet", strict=True)] if row.number in AWAITED else []


@pytest.mark.skipif(sys.platform != "linux", reason="the rows are written for bash and the GNU tools")
@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row.number} {row.says}", marks=marks(row)) for row in ROWS if row.script])
def test_a_convention(row: Row, shims: Path, tmp_path: Path) -> None:
    needed = NEEDS.get(row.number)
    if needed and subprocess.run(["bash", "-c", needed], capture_output=True, check=False).returncode:
        pytest.skip(f"this machine has no: {needed}")
    assert outcome(row.script, shims, tmp_path) == row.gives


def test_every_convention_has_its_row() -> None:
    numbers = [row.number for row in ROWS]
    assert len(numbers) == len(set(numbers))
    assert {int(re.sub(r"\D", "", number)) for number in numbers} == set(range(1, 63))
    assert set(AWAITED) | set(NEEDS) <= set(numbers)
    assert all(row.script or "test" in row.remark for row in ROWS)


# Each is said to be wrong in two to four lines, and the last of them can be typed.
MISTAKES = (
    ("search x --kind rout", 2, "Try: p2p search x --kind route"),
    ("search x --limit three", 2, "Try: p2p search --help"),
    ("search x --limit", 2, "Try: p2p search --help"),
    ("search x --limt 3", 2, "Try: p2p search x --limit 3"),
    ("list --nation englnd", 2, "Try: p2p list --nation england"),
    ("list --verdict myth", 2, "Try: p2p list --help"),
    ("list --sort nmae", 2, "Try: p2p list --sort name"),
    ("list --since soon", 2, "Try: p2p list --help"),
    ("list --format jsno", 2, "Try: p2p list --format json"),
    ("list one more", 2, "Try: p2p list --help"),
    ("show", 2, "Try: p2p show --help"),
    ("show zzzqqq", 3, "Try: p2p list"),
    ("show ''", 2, "Try: p2p show --help"),
    ("answer ''", 2, "Try: p2p answer --help"),
    ("compare oldham", 2, "Try: p2p compare oldham croydon"),
    ("compare oldham light-touch", 2, "Compare cases with cases, or read one: p2p show case:oldham"),
    ("routes --nation france", 2, "Try: p2p routes --help"),
    ("routes --paid yess", 2, "Try: p2p routes --paid yes"),
    ("brief oldham -o x.docx", 2, "Write .md, and then: pandoc x.md -o x.docx"),
    ("brief oldham -o /nowhere/x.md", 5, "Make it first: mkdir -p /nowhere"),
    ("brief cookie:ga", 2, "Try: p2p brief --help"),
    ("cite oldham --style bibtx", 2, "Try: p2p cite oldham --style bibtex"),
    ("timeline --sort stated", 2, "Try: p2p timeline --sort started"),
    ("stats cookeis", 2, "Try: p2p stats cookie"),
    ("consent lst", 2, "Try: p2p consent list"),
    ("consent explain zzzqqq", 3, "Try: p2p consent list"),
    ("consent map C0009 --from onetrust --to cookiebot", 3, "Try: p2p consent map C0005 --from onetrust --to cookiebot"),
    ("consent classify ''", 2, "Try: p2p consent classify --help"),
    ("consent audit /nowhere.har", 4, "Try: echo _ga | p2p consent classify -"),
    ("consent audit x --site 'two words'", 2, "Try: p2p consent audit --help"),
    ("consent table /etc", 4, "Try: echo _ga | p2p consent classify -"),
    ("consent export x --to klara", 2, "Try: p2p consent export x --to klaro"),
    ("library add kase", 2, "Try: p2p library add case"),
    ("library add case nofile.toml", 4, "Try: p2p library add case my-case.toml"),
    ("library add case --set nmae=x", 2, "Try: p2p library add --help"),
    ("library edit oldham", 2, "A script can change the file itself. Try: p2p library where"),
    ("library remove zzzqqq", 3, "Try: p2p list"),
    ("library validate /nowhere.toml", 4, "Try: p2p library validate --help"),
    ("library import /nowhere", 4, "Try: p2p library import --help"),
    ("library export --kind kase", 2, "Try: p2p library export --kind case"),
    ("library where extra", 2, "Try: p2p library where --help"),
)


@pytest.mark.parametrize(("line", "code", "last"), MISTAKES, ids=[line for line, _, _ in MISTAKES])
def test_every_mistake_ends_with_a_command_to_try(run: Callable[..., Ran], line: str, code: int, last: str) -> None:
    ran = run(*shlex.split(line))
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("p2p: ")
    assert 2 <= ran.err.count("\n") <= 4
    assert ran.err.splitlines()[-1] == last


def test_every_command_has_a_mistake() -> None:
    for group, name, _ in cli.COMMANDS:
        assert any(f"{line} ".startswith(f"{group} {name} ".lstrip()) for line, _, _ in MISTAKES) or (group, name) == ("consent", "list")


# Options, by walking the program.


def options() -> dict[str, list[tuple[str, Any]]]:
    """Every option by its long name: the commands that have it, and what Typer knows of it there."""
    found = defaultdict(list)

    def walk(path: str, command: Any) -> None:
        for parameter in command.params:
            if parameter.param_type_name == "option":
                found[max(parameter.opts, key=len)].append((path, parameter))
        for name, inner in getattr(command, "commands", {}).items():
            walk(f"{path} {name}".strip(), inner)

    walk("", typer.main.get_command(cli._application(())))
    return found


# Words that stand for something else in one command, where any other word would be worse.
OWN_MEANING = {
    "--sort": "the fields of a timeline are few, and each is named",
    "--kind": "of a search it is which kinds are looked in, of an export which go",
    "--nation": "in p2p routes it answers a question",
    "--format": "a command may have formats besides those that all have",
    "--exit-status": "an answer is not a hit",
    "--full": "of routes it adds what each asks, of a pack what belongs by the way",
    "--to": "words of a tool, or the configuration of a banner",
}


def test_an_option_means_the_same_in_every_command() -> None:
    for name, places in options().items():
        meanings = {(parameter.help, parameter.type.name, parameter.metavar, tuple(parameter.opts)) for _, parameter in places}
        assert (len(meanings) > 1) is (name in OWN_MEANING), (name, meanings)
        # What may differ is the help; never whether it takes a value, or how it is written.
        assert len({(parameter.is_flag, tuple(parameter.opts)) for _, parameter in places}) == 1, name


def test_every_short_option_has_a_long_one() -> None:
    for name, places in options().items():
        assert name.startswith("--"), (name, places)
    assert {option for places in options().values() for _, one in places for option in one.opts if len(option) == 2} == {
        "-e", "-f", "-k", "-n", "-o", "-q",
    }  # fmt: skip
