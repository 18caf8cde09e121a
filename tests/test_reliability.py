"""Faults of the machine while p2p reads: what is told in docs/reliability.md, tried on a p2p as it is installed."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import test_faults
from builders import a_case, toml
from conftest import Ran

from p2p_toolkit import cli
from p2p_toolkit.errors import Exit
from p2p_toolkit.library import opening
from p2p_toolkit.library.seals import seal

NOBODY = 65534
SEARCH = ("search", "oldham", "--json")
# How long many processes use one library at once, in seconds.
STORM = float(os.environ.get("P2P_STORM_SECONDS", "3"))
PROCESSES = 50


class Installed:
    """A p2p as it lies on a disk after `pip install`, with its index, to be damaged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = folder / "p2p_toolkit"
        self.index = self.package / "index.sqlite"

    def environment(self, **changes: str) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1", **changes}

    def run(self, *arguments: str, **changes: str) -> Ran:
        done = self.started(arguments, **changes)
        out, err = done.communicate(timeout=60)
        return Ran(done.returncode, out.decode(), err.decode())

    def started(self, arguments: Sequence[str], **changes: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "p2p_toolkit", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(**changes),
            cwd=self.folder,
        )


@pytest.fixture
def installed(whole: Path, tmp_path: Path) -> Installed:
    return Installed(shutil.copytree(whole, tmp_path / "site"))


@pytest.fixture
def right(whole: Path) -> str:
    """What a search answers where nothing is wrong."""
    return Installed(whole).run(*SEARCH).out


def a_library(folder: Path, records: int = 3) -> Path:
    folder.mkdir()
    for number in range(records):
        (folder / f"case-mine-{number}.toml").write_text(toml("case", a_case(id=f"mine-{number}", name=f"Our quixotic scheme {number}")))
    return folder


def of_the_future(index: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(index)
    connection.execute("update meta set value = '999' where name = 'version'")
    connection.execute("drop table record")
    connection.commit()
    connection.close()
    seal(index)


def noise(index: Path) -> None:
    content = bytearray(index.read_bytes())
    chance = random.Random(1)
    for _ in range(50):
        place = chance.randrange(len(content) - 4096)
        content[place : place + 4096] = chance.randbytes(4096)
    index.write_bytes(bytes(content))


def a_folder(index: Path) -> None:
    index.unlink()
    index.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "empty": lambda index: index.write_bytes(b""),
    "truncated": lambda index: index.write_bytes(index.read_bytes()[:-70_000]),
    "noise": noise,
    "one byte": lambda index: index.write_bytes(index.read_bytes()[:-9] + b"?" + index.read_bytes()[-8:]),
    "from the future": of_the_future,
    "a folder": a_folder,
}


# The index.


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=list(DAMAGE))
def test_a_damaged_index_of_the_bundled_records_changes_no_answer(
    installed: Installed, right: str, damage: Callable[[Path], object]
) -> None:
    damage(installed.index)
    assert installed.run(*SEARCH) == Ran(Exit.DONE, right, "")


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=list(DAMAGE))
def test_a_damaged_index_in_the_cache_is_made_again(
    installed: Installed, fence: Path, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    own = str(a_library(tmp_path / "mine"))
    before = installed.run("search", "quixotic", "--library", own, "--json")
    [cache] = fence.rglob("*.sqlite")
    damage(cache)
    assert installed.run("search", "quixotic", "--library", own, "--json") == before
    assert before.out.count("mine-") >= 3


def test_an_index_that_somebody_locks_is_read(installed: Installed, right: str) -> None:
    import sqlite3

    connection = sqlite3.connect(installed.index, isolation_level=None)
    connection.execute("begin exclusive")
    assert installed.run(*SEARCH) == Ran(Exit.DONE, right, "")
    connection.close()


def test_an_index_may_be_deleted_while_it_is_asked(installed: Installed) -> None:
    with installed.started(["list", "cookie", "--format", "jsonl"]) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        installed.index.unlink()
        rest, err = process.stdout.read(), process.stderr.read()
    assert (process.returncode, err) == (0, b"")
    assert [json.loads(line)["kind"] for line in (first + rest).splitlines()] == ["cookie"] * (rest.count(b"\n") + 1)


def test_a_cache_without_room_is_no_failure(installed: Installed, tmp_path: Path, small_disk: Path) -> None:
    own = str(a_library(tmp_path / "mine"))
    ran = installed.run("search", "quixotic", "--library", own, "-q", XDG_CACHE_HOME=str(small_disk))
    assert (ran.code, ran.err, sorted(ran.out.split())) == (0, "", ["mine-0", "mine-1", "mine-2"])
    assert not list(small_disk.rglob("*.sqlite*"))


small_disk = test_faults.small_disk


# What p2p stands on.


def test_without_its_data_folder_the_index_still_answers(installed: Installed, right: str) -> None:
    shutil.rmtree(installed.package / "data")
    assert installed.run(*SEARCH) == Ran(Exit.DONE, right, "")


def test_without_data_and_index_it_says_to_install_it_again(installed: Installed) -> None:
    shutil.rmtree(installed.package / "data")
    installed.index.unlink()
    ran = installed.run(*SEARCH)
    assert (ran.code, ran.out) == (Exit.BAD_DATA, "")
    assert json.loads(ran.err)["error"]["hint"] == "Install p2p again."


@pytest.mark.parametrize("moment", [0, -86_400, 4_102_444_800], ids=["1970", "before 1970", "2100"])
def test_files_of_any_age_are_read(installed: Installed, tmp_path: Path, moment: int) -> None:
    own = a_library(tmp_path / "mine")
    for path in own.iterdir():
        os.utime(path, (moment, moment))
    ran = installed.run("search", "quixotic", "--library", str(own), "-q")
    assert (ran.code, len(ran.out.split())) == (0, 3)


# Put before everything else: a clock that has lost its battery.
CLOCK = "import datetime, time\ntime.time = lambda: 0.0\ntime.time_ns = lambda: 0\n"


def test_a_clock_in_1970_stops_nothing(installed: Installed, right: str, tmp_path: Path) -> None:
    (installed.folder / "sitecustomize.py").write_text(CLOCK)
    own = str(a_library(tmp_path / "mine"))
    assert installed.run(*SEARCH) == Ran(Exit.DONE, right, "")
    (tmp_path / "cookies.txt").write_text("_ga\nbx1\n")
    for arguments in (("search", "quixotic", "--library", own), ("timeline",), ("consent", "audit", str(tmp_path / "cookies.txt"))):
        ran = installed.run(*arguments)
        assert (ran.code, ran.out != "") == (0, True), ran.err


@pytest.mark.parametrize("home", ["", "/nonexistent", "/dev/null"])
def test_a_home_that_is_missing_stops_no_reading(installed: Installed, right: str, home: str) -> None:
    bare = dict.fromkeys(("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"), "")
    assert installed.run(*SEARCH, HOME=home, **bare) == Ran(Exit.DONE, right, "")


def test_where_nothing_may_be_written_everything_can_be_read(
    installed: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> None:
    if os.geteuid():
        pytest.skip("only root can become somebody who may write nowhere")
    # pytest's own folders let nobody else in.
    with tempfile.TemporaryDirectory() as open_to_all:
        Path(open_to_all).chmod(0o755)
        monkeypatch.setattr(opening, "SHIPPED", Path(shutil.copy(installed.index, open_to_all)))
        own = str(a_library(Path(open_to_all) / "mine"))
        # A warm-up by somebody with rights: afterwards nothing has to be imported.
        asked = ("list", "-q", "--library", own)
        expected = run(*asked).out
        with (tmp_path / "out").open("wb") as out:
            child = os.fork()
            if child == 0:
                code = 70
                try:
                    os.dup2(out.fileno(), 1)
                    os.setuid(NOBODY)
                    sys.stdout = os.fdopen(1, "w")
                    code = cli.main(asked)
                finally:
                    sys.stdout.flush()
                    os._exit(code)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert (tmp_path / "out").read_text() == expected
        assert "mine-2" in expected


# Signals.


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGPIPE], ids=lambda number: number.name)
def test_a_signal_at_any_moment_leaves_no_traceback_and_no_damage(installed: Installed, tmp_path: Path, number: signal.Signals) -> None:
    chance = random.Random(number)
    for place in range(8):
        own = a_library(tmp_path / f"mine-{place}")
        (tmp_path / "new.toml").write_text(toml("case", a_case(id="new")))
        arguments = [
            ["search", "quixotic", "--library", str(own)],
            ["library", "add", "case", str(tmp_path / "new.toml"), "--library", str(own)],
        ]
        process = installed.started(arguments[place % 2])
        time.sleep(chance.uniform(0.02, 0.4))
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
        # While Python itself starts or ends, the interrupt is Python's to answer, in words of its own.
        if number != signal.SIGINT or b"Traceback" not in err or b"p2p_toolkit/cli" in err:
            assert b"Traceback" not in err
            assert process.returncode in (0, Exit.INTERRUPTED, -number), (process.returncode, err)
        again = installed.run("search", "quixotic", "--library", str(own), "-q")
        assert (again.code, again.err, len(again.out.split())) == (0, "", 3)


# Many at once.


def test_fifty_processes_on_one_library_lose_nothing_and_never_answer_wrongly(installed: Installed, fence: Path, tmp_path: Path) -> None:
    """Readers and writers in turn; P2P_STORM_SECONDS=60 has them at it for a minute."""
    own = a_library(tmp_path / "mine")
    end = time.monotonic() + STORM
    added = 0
    running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def finish(what: str, process: subprocess.Popen[bytes]) -> None:
        out, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, b""), (what, out, err)
        if what == "read":
            assert {f"mine-{number}" for number in range(3)} <= set(out.decode().split())

    while time.monotonic() < end or running:
        while time.monotonic() < end and len(running) < PROCESSES:
            if len(running) % 5:
                running.append(("read", installed.started(["list", "-q", "--library", str(own)])))
            else:
                (tmp_path / f"{added}.toml").write_text(toml("case", a_case(id=f"new-{added}")))
                running.append(
                    ("add", installed.started(["library", "add", "case", str(tmp_path / f"{added}.toml"), "-q", "--library", str(own)]))
                )
                added += 1
        finish(*running.pop(0))
    ran = installed.run("list", "-q", "--library", str(own))
    assert {f"new-{number}" for number in range(added)} <= set(ran.out.split())
    assert added >= 10
    assert not [path for path in [*own.iterdir(), *fence.rglob("*")] if re.search(r"\.part$|\.sqlite\.\d+$", path.name)]


# What is told of all this.


def test_the_table_names_every_one_of_these_tests() -> None:
    told = (Path(__file__).parents[1] / "docs" / "reliability.md").read_text(encoding="utf-8")
    here = Path(__file__).parent
    texts = [(here / name).read_text() for name in ("test_reliability.py", "test_faults.py")]
    tried = {test for text in texts for test in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}
    assert set(re.findall(r"`(test_\w+)`", told)) == tried - {"test_the_table_names_every_one_of_these_tests"}
