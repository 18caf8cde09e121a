"""What stands in a file of records, in each format, as it was found and unchecked."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from p2p_toolkit.errors import CannotRead
from p2p_toolkit.fields import Field, fields_of
from p2p_toolkit.kinds import KINDS

LARGEST_FILE = 20_000_000
LONGEST_LINE = 1_000_000
# How a person writes a small record in one line.
BETWEEN = "|"
PARTS_OF_A_SOURCE = ("title", "publisher", "url", "date", "note")
# What p2p adds to the fields of a record when it prints one.
_NOT_FIELDS = ("kind", "library", "score", "matched", "related", "changed")


class Piece(NamedTuple):
    """A file to read, or the lines of it that begin in a range of bytes."""

    path: str
    start: int = 0
    end: int = sys.maxsize


# What a reader yields of each record: its place, as words or as the number of its line from the piece's first one; the
# name of its kind; its fields. The last two as they were found, or None and what was wanted.
Read = Iterator[tuple[str | int, object, Any]]


def tables_of_toml(piece: Piece) -> Read:
    for name, value in read_toml(Path(piece.path)).items():
        if any(kind.name == name for kind in KINDS):
            for number, table in enumerate(value if isinstance(value, list) else [value], 1):
                yield f"{name} number {number}", name, table
        else:
            yield name, name, value


def read_toml(path: Path) -> Mapping[str, Any]:
    try:
        with _opened(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > LARGEST_FILE:
                raise CannotRead(f"a file of at most {LARGEST_FILE // 1_000_000} MB; this one has {size // 1_000_000} MB")
            return parse_toml(file.read())
    except OSError as error:
        raise CannotRead(f"a readable file: {error.strerror}") from None


def parse_toml(content: bytes) -> Mapping[str, Any]:
    """What a TOML file says. Raises CannotRead, whose message says what was wanted, with the line where that is known."""
    # Imported here: with a fresh index no TOML is read at all.
    import tomllib

    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise CannotRead(f"valid TOML: {error}") from None
    except UnicodeDecodeError as error:
        raise CannotRead(f"text in UTF-8: byte {error.start} is something else") from None
    except ValueError:
        # Python refuses to read whole numbers of thousands of figures.
        raise CannotRead("valid TOML: a number in it is too long") from None
    except RecursionError:
        raise CannotRead("valid TOML: this is nested too deeply") from None


def _objects_of_json_lines(piece: Piece) -> Read:
    try:
        with _opened(Path(piece.path)) as file:
            if piece.start:
                # The line that the range begins in belongs to the range before.
                file.seek(piece.start - 1)
                _skip_line(file)
            number = 0
            while file.tell() < piece.end and (line := file.readline(LONGEST_LINE)):
                number += 1
                if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                    _skip_line(file)
                    yield number, None, f"a line of less than {LONGEST_LINE:,} bytes"
                elif not line.isspace():
                    yield number, *object_of(line)
    except OSError as error:
        raise CannotRead(f"a readable file: {error.strerror}") from None


def _objects_of_json(piece: Piece) -> Read:
    """The JSON object that p2p prints, or a list of records, or one record. More than fits a file of this size belongs in JSON Lines."""
    path = Path(piece.path)
    try:
        with _opened(path) as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise CannotRead(f"a file of at most {LARGEST_FILE // 1_000_000} MB; as JSON Lines it may be longer")
        found = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CannotRead(f"text in UTF-8: byte {error.start} is something else") from None
    except ValueError as error:
        raise CannotRead(f"valid JSON: {error}") from None
    except RecursionError:
        raise CannotRead("valid JSON: this is nested too deeply") from None
    except OSError as error:
        raise CannotRead(f"a readable file: {error.strerror}") from None
    if isinstance(found, dict) and isinstance(found.get("results"), list):
        found = found["results"]
    for number, one in enumerate(found if isinstance(found, list) else [found], 1):
        yield f"record number {number}", *_record_of(one)


def object_of(line: bytes) -> tuple[object, Any]:
    """The kind and the fields of a record in JSON, as they were found; or None, and what was wanted."""
    return _record_of(json_object(line))


def _record_of(found: Any) -> tuple[object, Any]:
    """The kind and the fields of a record in JSON, without what p2p adds when it prints one."""
    if not isinstance(found, dict) or "kind" not in found:
        return None, "a JSON object of fields, one of them the kind"
    return found["kind"], fields_in(found)


def json_object(content: bytes) -> dict[str, Any] | None:
    """The JSON object that this is, or None where it is none."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def fields_in(found: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record as p2p prints it: what is known, without what is no field."""
    return {name: value for name, value in found.items() if name not in _NOT_FIELDS and value not in (None, [])}


def _rows_of_csv(piece: Piece) -> Read:
    """Rows under a line of field names, one of them `kind`, as `p2p library export --format csv` and spreadsheets write them."""
    # Imported here: only a library with such files needs it.
    import csv

    try:
        with _opened(Path(piece.path)) as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as file:
            first = file.readline()
            # Where a comma is the decimal sign, spreadsheets put semicolons between cells.
            by = ";" if first.count(";") > first.count(",") else ","
            rows = csv.reader(chain([first], file), delimiter=by)
            names = [name.strip() for name in next(rows)]
            if "kind" not in names:
                raise CannotRead("a first line of field names, one of them kind")
            for cells in rows:
                row = dict(zip(names, cells, strict=False))
                kind = row.pop("kind", "").strip()
                if len(cells) > len(names):
                    yield rows.line_num, None, f"at most {len(names)} cell{'s' if len(names) > 1 else ''}, as in the first line"
                elif any(cells):
                    yield rows.line_num, kind, {name: _in_cell(kind, name, cell) for name, cell in row.items() if cell.strip()}
    except csv.Error as error:
        raise CannotRead(f"valid CSV: {error}") from None
    except UnicodeDecodeError as error:
        raise CannotRead(f"text in UTF-8, which spreadsheets call CSV UTF-8: byte {error.start} is something else") from None
    except OSError as error:
        raise CannotRead(f"a readable file: {error.strerror}") from None


def _in_cell(kind: str, name: str, cell: str) -> Any:
    """What a cell means: lists and small records are JSON, or plain phrases with semicolons between them."""
    # What a spreadsheet would take for a formula was written with an apostrophe before it.
    cell = cell.removeprefix("'")
    field = next((fields_of(one.record).by_name.get(name) for one in KINDS if one.name == kind), None)
    if field is None:
        return cell
    if field.form == "flag" and cell.strip().lower() in ("true", "false"):
        # Spreadsheets write them in capitals.
        return cell.strip().lower() == "true"
    if field.many and not cell.startswith("["):
        parts = [part.strip() for part in cell.split(";") if part.strip()]
        return [in_parts(field, part) for part in parts] if field.item else parts
    if not field.many and field.form not in ("number", "flag"):
        return cell
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell


def in_parts(field: Field, text: str) -> dict[str, str]:
    """A small record that is written as its parts, in their order, with BETWEEN them: `TITLE | PUBLISHER | URL | DATE`."""
    parts = [part.strip() for part in text.split(BETWEEN)]
    return {name: part for name, part in zip(names_of_parts(field), parts, strict=False) if part}


def names_of_parts(field: Field) -> tuple[str, ...]:
    """The parts of a small record in the order in which they are written in one line."""
    return PARTS_OF_A_SOURCE if field.name == "sources" else tuple(field.item.by_name)


def _opened(path: Path) -> BinaryIO:
    # Looked at before it is opened: opening a pipe would wait for ever.
    if not stat.S_ISREG(path.stat().st_mode):
        raise CannotRead("a file; this is a folder, a pipe or a device")
    return path.open("rb")


def _skip_line(file: BinaryIO) -> None:
    while (chunk := file.readline(LONGEST_LINE)) and not chunk.endswith(b"\n"):
        pass


def lines_before(piece: Piece) -> int:
    """How many lines of the file begin before the piece's own."""
    if not piece.start:
        return 0
    with Path(piece.path).open("rb") as file:
        before = 0
        while (left := piece.start - 1 - file.tell()) > 0:
            before += file.read(min(left, LONGEST_LINE)).count(b"\n")
    return before + 1


READERS: Mapping[str, Callable[[Piece], Read]] = {
    ".toml": tables_of_toml,
    ".jsonl": _objects_of_json_lines,
    ".json": _objects_of_json,
    ".csv": _rows_of_csv,
}
