"""Faults while the user's library is written: a process that dies at any step, many writers at once, a disk without room."""

from __future__ import annotations

import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from builders import a_case, toml

from p2p_toolkit import kinds, library, own
from p2p_toolkit.errors import CannotWrite
from p2p_toolkit.files import PART
from p2p_toolkit.library import opening

CASE = kinds.kind_of("case")
NOBODY = 65534

Write = Callable[[Path], object]


def visible(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


def parts(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.endswith(PART)]


def in_child(write: Callable[[], object]) -> int:
    """Do something in a copy of this process, and return how that ended: an exit code, or a signal as a negative number."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            write()
            code = 0
        except CannotWrite:
            code = 5
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


# A process that dies.

# What a writer asks of the system, in the modules where it looks for it.
STEPS = [(io, "open"), (os, "open"), (os, "fsync"), (os, "replace"), (os, "unlink"), (os, "chmod")]


def die_at(step: int, *, after: bool) -> None:
    """Have this process killed at its step-th request of the system, before or after that was granted."""
    steps = count(1)

    def deadly(request: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*arguments: Any, **options: Any) -> Any:
            last = next(steps) == step
            if last and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                return request(*arguments, **options)
            finally:
                if last:
                    os.kill(os.getpid(), signal.SIGKILL)

        return asked

    for module, name in STEPS:
        setattr(module, name, deadly(getattr(module, name)))


def a_library(folder: Path) -> Path:
    folder.mkdir()
    (folder / "case-alone.toml").write_text("# Mine.\n" + toml("case", a_case(id="alone")))
    (folder / "many.toml").write_text("".join(f"# {id}\n" + toml("case", a_case(id=id)) for id in ("one", "two", "three")))
    (folder / "lines.jsonl").write_text("".join(json.dumps({"kind": "case", **a_case(id=id)}) + "\n" for id in ("four", "five")))
    return folder


def save_alone(folder: Path) -> None:
    old = (folder / "case-alone.toml").read_bytes()
    own.save(folder, "case-alone.toml", old, old.replace(b"Somewhere", b"Elsewhere"))


WRITES: dict[str, Write] = {
    "add": lambda folder: own.add(folder, CASE, a_case(id="new")),
    "save a file": save_alone,
    "change one of many": lambda folder: own.replace(folder, CASE, a_case(id="two", name="Changed")),
    "change a line": lambda folder: own.replace(folder, CASE, a_case(id="four", name="Changed")),
    "remove a file": lambda folder: own.remove(folder, CASE, "alone"),
    "remove one of many": lambda folder: own.remove(folder, CASE, "two"),
    "remove a line": lambda folder: own.remove(folder, CASE, "four"),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))
def test_a_death_at_any_step_leaves_what_was_or_what_was_to_be(tmp_path: Path, write: Write) -> None:
    start = a_library(tmp_path / "start")
    before = visible(start)
    done = shutil.copytree(start, tmp_path / "done")
    write(done)
    after = visible(done)
    seen = []
    for place in count():
        folder = shutil.copytree(start, tmp_path / f"{place}")
        ended = in_child(lambda: (die_at(place // 2 + 1, after=bool(place % 2)), write(folder)))  # noqa: B023  # called at once
        assert ended in (0, -signal.SIGKILL)
        assert visible(folder) in (before, after)
        seen.append(visible(folder) == after)
        if not seen[-1] or parts(folder):
            assert library.open_library(folder).faults == ()
        own.add(folder, CASE, a_case(id="next"))
        assert parts(folder) == []
        if ended == 0:
            break
    assert seen == sorted(seen), "once done it stays done"
    assert seen.count(False) > 4


# Many at once.

WRITERS = 16


def one_writer(folder: Path, number: int) -> None:
    for place in range(3):
        own.add(folder, CASE, a_case(id=f"by-{number}-{place}"))
    own.replace(folder, CASE, a_case(id=f"by-{number}-0", name="Changed"))
    own.remove(folder, CASE, f"by-{number}-1")
    own.replace(folder, CASE, a_case(id=f"shared-{number}", name="Changed"))
    own.remove(folder, CASE, f"line-{number}")


def test_many_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    (tmp_path / "shared.toml").write_text("".join(f"# {n}\n" + toml("case", a_case(id=f"shared-{n}")) for n in range(WRITERS)))
    lines = [json.dumps({"kind": "case", **a_case(id=f"line-{n}")}) + "\n" for n in range(WRITERS + 1)]
    (tmp_path / "lines.jsonl").write_text("".join(lines))
    library.open_library(tmp_path)
    children = []
    for number in range(WRITERS):
        child = os.fork()
        if child == 0:
            code = 70
            try:
                one_writer(tmp_path, number)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * WRITERS
    read = library.open_library(tmp_path)
    names = {entry.id: entry.name for entry in read.all("case") if entry.library != "bundled"}
    assert read.faults == ()
    assert names == {
        f"line-{WRITERS}": "Somewhere",
        **{f"by-{n}-0": "Changed" for n in range(WRITERS)},
        **{f"by-{n}-2": "Somewhere" for n in range(WRITERS)},
        **{f"shared-{n}": "Changed" for n in range(WRITERS)},
    }
    assert (tmp_path / "lines.jsonl").read_text() == lines[-1]
    assert (tmp_path / "shared.toml").read_text().count("# ") == WRITERS
    assert parts(tmp_path) == []


def test_of_many_who_add_one_id_one_does(tmp_path: Path) -> None:
    children = []
    for number in range(4):
        child = os.fork()
        if child == 0:
            code = 70
            try:
                own.add(tmp_path, CASE, a_case(name=f"By {number}"))
                code = 0
            except CannotWrite:
                code = 5
            finally:
                os._exit(code)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert sorted(codes) == [0, 5, 5, 5]
    entry = library.open_library(tmp_path).get("case", "somewhere")
    assert entry is not None
    assert entry.name == f"By {codes.index(0)}"


# No room, no right.


@pytest.mark.parametrize("write", [write for name, write in WRITES.items() if name != "remove a file"])
def test_a_file_that_may_not_grow_leaves_the_old_one(tmp_path: Path, write: Write) -> None:
    folder = a_library(tmp_path / "library")
    before = visible(folder)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        write(folder)

    assert in_child(limited) == 5
    assert (visible(folder), parts(folder)) == (before, [])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB."""
    if not (shutil.which("mount") and os.geteuid() == 0):
        pytest.skip("only root may mount a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True, check=False).returncode:
        pytest.skip("this system does not let even root mount a disk")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_is_told_and_loses_nothing(small_disk: Path) -> None:
    written = {}

    def fill() -> None:
        for number in count():
            path = own.add(small_disk, CASE, a_case(id=f"number-{number}", aliases=["x" * 399, "y" * 399]))
            written[path.name] = path.read_bytes()

    with pytest.raises(CannotWrite, match="No space left on device"):
        fill()
    assert len(written) > 3
    assert (visible(small_disk), parts(small_disk)) == (written, [])
    own.remove(small_disk, CASE, "number-0")
    own.add(small_disk, CASE, a_case(id="room-again"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_an_answer_without_room_is_told_though_the_record_is_written(tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    record.write_text(json.dumps(a_case()))
    command = [sys.executable, "-m", "p2p_toolkit", "library", "add", "case", record, "--library", tmp_path / "made", "--json"]
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (ran.returncode, json.loads(ran.stderr)["error"]["code"]) == (5, "cannot_write")
    assert list(visible(tmp_path / "made")) == ["case-somewhere.toml"]


@pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))
def test_a_folder_that_may_not_be_written_to_stays_as_it_was(tmp_path: Path, write: Write) -> None:
    # A warm-up by somebody with rights: afterwards nothing has to be imported and no bundled record read.
    write(a_library(tmp_path / "warm"))
    opening._bundled()
    with tempfile.TemporaryDirectory() as open_to_all:
        folder = a_library(Path(open_to_all) / "library")
        before = visible(folder)
        Path(open_to_all).chmod(0o755)
        folder.chmod(0o555)

        def without_rights() -> None:
            if os.geteuid() == 0:
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            write(folder)

        assert in_child(without_rights) == 5
        assert (visible(folder), parts(folder)) == (before, [])
        folder.chmod(0o755)
