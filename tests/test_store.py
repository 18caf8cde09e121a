"""Files to records: what is read, and what is said of what cannot be."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import a_case, a_route, toml

from p2p_toolkit import store
from p2p_toolkit.errors import CannotRead


def read(path: Path) -> store.Contents:
    return store.read_files([path], "own")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mine.toml"


def test_a_file_of_records_is_read(file: Path) -> None:
    file.write_text(toml("case", a_case(id="here")) + toml("route", a_route(id="there")))
    contents = read(file)
    assert contents.faults == []
    assert [(one.kind.name, one.record.id, one.library) for one in contents.records] == [("case", "here", "own"), ("route", "there", "own")]


def test_a_single_record_needs_only_single_brackets(file: Path) -> None:
    file.write_text(toml("case", a_case(id="here")).replace("[[case]]", "[case]").replace("[[case.sources]]", "[[case.sources]]"))
    assert [one.record.id for one in read(file).records] == ["here"]


def test_a_byte_order_mark_is_passed_over(file: Path) -> None:
    file.write_text(toml("case", a_case(id="here")), encoding="utf-8-sig")
    assert [one.record.id for one in read(file).records] == ["here"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"[[case]\n", "mine.toml; wanted: valid TOML: Expected ']]' at the end of an array declaration (at line 1, column 7)."),
        (b"\xff\xfe\x00", "mine.toml; wanted: text in UTF-8: byte 0 is something else."),
        (
            b"[[cases]]\n",
            (
                "mine.toml: cases; wanted: records under [[case]], [[route]], [[objection]], [[principle]], [[category]], [[cookie]]."
                " Did you mean 'case'?"
            ),
        ),
        (b"case = [1]\n", "mine.toml: case number 1; wanted: a table of fields, under [[case]]."),
        (b"case = 'x'\n", "mine.toml: case number 1; wanted: a table of fields, under [[case]]."),
        (b"x = " + b"9" * 5_000, "mine.toml; wanted: valid TOML: a number in it is too long."),
        (b"x = " + b"[" * 100_000, "mine.toml; wanted: valid TOML: this is nested too deeply."),
    ],
    ids=["broken", "not text", "unknown kind", "not a table", "a text", "number", "nested"],
)
def test_a_file_that_is_wrong_is_told_and_does_not_stop_the_rest(file: Path, tmp_path: Path, content: bytes, complaint: str) -> None:
    file.write_bytes(content)
    good = tmp_path / "other.toml"
    good.write_text(toml("case", a_case(id="here")))
    contents = store.read_files([file, good], "own")
    assert [str(fault) for fault in contents.faults] == [complaint]
    assert [one.record.id for one in contents.records] == ["here"]


def test_a_file_that_is_too_large_is_not_read(file: Path) -> None:
    with file.open("wb") as sparse:
        sparse.truncate(store.LARGEST_FILE + 1)
    [fault] = read(file).faults
    assert str(fault) == "mine.toml; wanted: a file of at most 20 MB; this one has 20 MB."


@pytest.mark.parametrize(
    "make", [lambda path: path.mkdir(), os.mkfifo, lambda path: path.symlink_to("/dev/zero")], ids=["folder", "pipe", "device"]
)
def test_what_is_no_file_is_not_opened(file: Path, make: Callable[[Path], None]) -> None:
    make(file)
    assert [str(fault) for fault in read(file).faults] == ["mine.toml; wanted: a file; this is a folder, a pipe or a device."]


def test_a_missing_file_is_told(file: Path) -> None:
    assert [str(fault) for fault in read(file).faults] == ["mine.toml; wanted: a readable file: No such file or directory."]


def test_the_same_id_twice_is_a_mistake(file: Path) -> None:
    file.write_text(toml("case", a_case(id="here")) * 2)
    assert [str(fault) for fault in read(file).faults] == ["mine.toml: case:here: id is 'here'; wanted: an id that no other record has."]


def test_a_library_folder_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CannotRead) as raised:
        store.library_files(tmp_path / "nowhere")
    assert "there is no library folder" in raised.value.message
    assert raised.value.hint == "Create the folder, or name another with --library or P2P_LIBRARY."


def test_only_toml_files_belong_to_a_library(tmp_path: Path) -> None:
    for name in ("b.toml", "a.toml", ".hidden.toml", "notes.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in store.library_files(tmp_path)] == ["a.toml", "b.toml"]
