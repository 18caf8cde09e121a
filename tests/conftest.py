"""A small library to test against, ways to run p2p, and a fence around the home folder."""

from __future__ import annotations

import compileall
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from builders import a_case, a_category, a_cookie, a_principle, a_route, parsed
from hypothesis import settings

from p2p_toolkit import cli, library, store
from p2p_toolkit.library import Library
from p2p_toolkit.library.opening import SHIPPED

settings.register_profile("suite", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("suite")

# Variables of the machine that change how answers look or where they come from.
_DISTURBING = (
    "ACCESSIBLE", "CLICOLOR", "CLICOLOR_FORCE", "COLORTERM", "FORCE_COLOR", "LESS", "NO_COLOR", "P2P_DEBUG", "P2P_LIBRARY", "PAGER", "TERM",
)  # fmt: skip


class Ran(NamedTuple):
    """What one run of p2p left behind."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def fence(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for every test, and none of the machine's settings."""
    if not SHIPPED.exists():
        # A checkout has no index, so every process would read all records first. They run a copy that has one, as what is installed has.
        monkeypatch.setenv("PYTHONPATH", str(request.getfixturevalue("whole")), prepend=os.pathsep)
    home = tmp_path_factory.mktemp("home")
    for name in _DISTURBING:
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("COLUMNS", "80")
    return home


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run p2p in this process: quick, and as in a pipe."""

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        code = cli.main(arguments)
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run


@pytest.fixture
def process() -> Callable[..., Ran]:
    """Run p2p as a process of its own, through pipes."""

    def process(*arguments: str, env: dict[str, str] | None = None, **options: Any) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "p2p_toolkit", *arguments],
            capture_output=True,
            check=False,
            env={**os.environ, **(env or {})},
            **options,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return process


def started_in_terminal(arguments: Sequence[str], columns: int, env: dict[str, str], program: str = "") -> tuple[int, int]:
    """Start p2p in a pseudo-terminal, or another program: its process, and the stream to read from and to type on."""
    command = [program, *arguments] if program else [sys.executable, "-m", "p2p_toolkit", *arguments]
    child, stream = pty.fork()
    if child == 0:
        os.environ.pop("COLUMNS", None)
        os.environ.update({"TERM": "xterm-256color", "PAGER": "cat", "LC_ALL": "C.UTF-8", **env})
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.execvp(command[0], command)
    return child, stream


def in_terminal(*arguments: str, columns: int = 80, env: dict[str, str] | None = None, program: str = "") -> Ran:
    """Run p2p in a pseudo-terminal of that width; both streams come back as one, as a person sees them."""
    child, stream = started_in_terminal(arguments, columns, env or {}, program)
    pieces = []
    while True:
        try:
            piece = os.read(stream, 65536)
        except OSError:  # Linux ends a pseudo-terminal with an error.
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(stream)
    _, status = os.waitpid(child, 0)
    return Ran(os.waitstatus_to_exitcode(status), b"".join(pieces).decode().replace("\r\n", "\n"), "")


CTRL_C, CTRL_D = "\x03", "\x04"
# How a question ends that waits for an answer.
_ASKING = re.compile(rb"(?:\)|b\)): $|\? $")


def conversation(*arguments: str, typed: Sequence[str], program: str = "", output: int | None = None, **options: Any) -> Ran:
    """Run p2p in a pseudo-terminal, in a copy of this process, and type each of these when it asks.

    A copy has read the bundled records already. With `output`, a file's descriptor, standard output goes there. With `program`, that is
    run instead of p2p.
    """
    columns, env = options.get("columns", 80), {"NO_COLOR": "1", **options.get("env", {})}
    if program:
        child, stream = started_in_terminal(arguments, columns, env, program)
    else:
        child, stream = _forked_in_terminal(arguments, columns, env, output)
    seen, answered, left, line, silent = b"", -1, list(typed), "", 0
    while True:
        if not select.select([stream], [], [], 5)[0]:
            silent += 1
            if silent > 6:
                os.kill(child, signal.SIGKILL)
            elif line == CTRL_C:
                # Between a prompt and the reading that follows an interruption is not noticed: people press the keys again.
                os.write(stream, CTRL_C.encode())
        try:
            piece = os.read(stream, 65536)
        except OSError:  # Linux ends a pseudo-terminal with an error.
            break
        if not piece:
            break
        seen += piece
        if left and len(seen) > answered and _ASKING.search(seen[-20:]):
            line = left.pop(0)
            answered = len(seen) + len(line)
            os.write(stream, (line if line in (CTRL_C, CTRL_D) else line + "\n").encode())
    os.close(stream)
    _, status = os.waitpid(child, 0)
    assert left == []
    return Ran(os.waitstatus_to_exitcode(status), seen.decode().replace("\r\n", "\n"), "")


def _forked_in_terminal(arguments: Sequence[str], columns: int, env: dict[str, str], output: int | None) -> tuple[int, int]:
    child, stream = pty.fork()
    if child == 0:
        code = 99
        try:
            # Who runs the tests in several processes may have switched it off in them.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            os.environ.pop("COLUMNS", None)
            os.environ.update({"TERM": "xterm-256color", "PAGER": "cat", **env})
            tempfile.tempdir = None
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            if output is not None:
                os.dup2(output, 1)
            sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
            code = cli.main(arguments)
            sys.stdout.flush()
        finally:
            os._exit(code)
    return child, stream


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with p2p as it lies on a disk after `pip install`, with its index."""
    folder = tmp_path_factory.mktemp("whole") / "site"
    package = Path(library.__file__).parents[1]
    shutil.copytree(package, folder / "p2p_toolkit", ignore=shutil.ignore_patterns("__pycache__", "data", "index.sqlite"))
    shutil.copytree(store.bundled_folder(), folder / "p2p_toolkit" / "data")
    bundled = store.read_bundled()
    library.write_index(folder / "p2p_toolkit" / "index.sqlite", bundled, store.read_synonyms(), store.read_rules(bundled))
    # Once for all who start it: to compile it again at each start would take longer than the start.
    compileall.compile_dir(folder, quiet=2)
    return folder


@pytest.fixture
def terminal() -> Callable[..., Ran]:
    return in_terminal


@pytest.fixture(params=["in memory", "in a file"])
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Library]:
    """A library of a few records, once with its index in memory and once in a file."""
    records = [
        parsed(
            "case",
            a_case(id="oldham", name="Oldham Social Prescribing", places=["Oldham"], routes=[{"id": "innovation", "certainty": "stated"}]),
        ),
        parsed("case", a_case(id="croydon", name="One Croydon Alliance", places=["Croydon"], sectors=["older-people"])),
        parsed("case", a_case(id="croydon-homes", name="Croydon Homes", places=["Croydon"], started="2014")),
        parsed(
            "case",
            a_case(id="leicestershire", name="Leicestershire Children's Partnership", places=["Leicestershire"], partners=["Barnardo's"]),
        ),
        parsed("route", a_route(id="innovation", name="Innovation partnership")),
        parsed("principle", a_principle(id="trust", name="Trust")),
        parsed("category", a_category(id="analytical", name="Analytical", aliases=["statistics"])),
        parsed("cookie", a_cookie(id="ga", name="_ga", pattern="_ga", category="analytical")),
    ]
    if request.param == "in memory":
        yield library.index_of(records)
        return
    path = tmp_path / "index.sqlite"
    library.write_index(path, records)
    read = library.read_index(path)
    assert read is not None
    yield read
