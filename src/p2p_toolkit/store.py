"""Files to records: which folders there are, what stands in their files, and what is wrong with it."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from zlib import crc32

from p2p_toolkit.errors import BadRecords, CannotRead, Fault, nearest
from p2p_toolkit.fields import Field, Fields, fields_of
from p2p_toolkit.kinds import EXTENDS, KINDS, Kind, check, extended, kind_of, tidy
from p2p_toolkit.words import slug

BUNDLED = "bundled"
LARGEST_FILE = 20_000_000
LONGEST_LINE = 1_000_000
# A file of so many bytes makes a part of the index of its own, and each such piece of a JSON Lines file does.
_ALONE = 1_000_000
_PIECE = 20_000_000
# About so many smaller files make a part together.
_FILES_IN_A_RUN = 128
# How a person writes a small record in one line.
BETWEEN = "|"
PARTS_OF_A_SOURCE = ("title", "publisher", "url", "date", "note")
# What p2p adds to the fields of a record when it prints one.
_NOT_FIELDS = ("kind", "library", "score", "matched", "related", "changed")


class Parsed(NamedTuple):
    """A record as plain data that keeps the rules of its kind, with the library and the file it belongs to."""

    library: str
    file: str
    kind: Kind
    table: Mapping[str, Any]


class Piece(NamedTuple):
    """A file to read, or the lines of it that begin in a range of bytes."""

    path: str
    start: int = 0
    end: int = sys.maxsize


class Run(NamedTuple):
    """Neighbouring files of a library that are read together, or a piece of a large one; `made_of` changes when one
    of the files does."""

    made_of: str
    pieces: tuple[Piece, ...]
    size: int


class Topic(NamedTuple):
    """A text of the help: the word it is asked for by, its title, a sentence on what it tells, and the text, in Markdown."""

    name: str
    title: str
    summary: str
    text: str


def bundled_folder() -> Path:
    """The records that come with p2p: inside the installed package, or at the top of a checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "data"
    return installed if installed.is_dir() else here.parents[1] / "data"


def guide() -> str:
    """Where the rules for writing a record are explained."""
    return f"How a record is written: {bundled_folder() / 'README.md'}"


def read_topics() -> list[Topic]:
    """The topics of the help, in their order."""
    topics = []
    for path in sorted((bundled_folder() / "help").glob("*.md")):
        title, summary, text = path.read_text(encoding="utf-8").split("\n\n", 2)
        topics.append(Topic(path.stem.partition("-")[2], title.removeprefix("# "), summary, text))
    return topics


def read_bundled() -> list[Parsed]:
    """The records that come with p2p. Raises BadRecords or CannotRead: a release must be without fault."""
    folder = bundled_folder()
    faults: list[Fault] = []
    files = [folder / kind.file for kind in KINDS if (folder / kind.file).exists()]
    records = [record for file in files for record in read(Piece(str(file)), BUNDLED, faults)]
    if faults:
        raise BadRecords(faults, hint=guide())
    if not records:
        raise CannotRead(f"p2p's own records are missing; they belong in {folder}", hint="Install p2p again.")
    return records


def read_synonyms() -> list[list[str]]:
    """Groups of words and phrases that mean the same here. Raises BadRecords for a group that is none."""
    path = bundled_folder() / "synonyms.toml"
    if not path.exists():
        return []
    groups = _read_toml(path).get("group", [])
    faults = [
        Fault(file=path.name, record=f"group number {number}", wanted="words, a list of at least two different phrases")
        for number, group in enumerate(groups, 1)
        if not _is_group(group)
    ]
    if faults:
        raise BadRecords(faults)
    return [group["words"] for group in groups]


def runs_of(folder: Path) -> list[Run]:
    """The files of a user's library, by name, in runs. Raises CannotRead where the folder cannot be listed.

    A run of small files ends after a name whose checksum says so: then a new file changes one run only.
    """
    runs: list[Run] = []
    small: list[tuple[str, int, int]] = []

    def end_run() -> None:
        if small:
            pieces = tuple(Piece(str(folder / name)) for name, _, _ in small)
            runs.append(Run(json.dumps(small), pieces, sum(size for _, size, _ in small)))
            small.clear()

    for path in library_files(folder):
        stamp = path.name, *_size_and_age(path)
        if stamp[1] >= _ALONE:
            end_run()
            runs += _runs_of_one(path, stamp)
        else:
            small.append(stamp)
            if not crc32(path.name.encode()) % _FILES_IN_A_RUN:
                end_run()
    end_run()
    return runs


def _runs_of_one(path: Path, stamp: tuple[str, int, int]) -> Iterator[Run]:
    size = stamp[1]
    step = _PIECE if path.suffix == ".jsonl" else size
    for start in range(0, size, step):
        yield Run(json.dumps([stamp, start]), (Piece(str(path), start, start + step),), min(step, size - start))


def read_rules(bundled: Iterable[Parsed]) -> dict[str, Any]:
    """What the bundled library knows besides its records, as plain data by name: the `route finder`, which is the questions and
    rules of the guided choice among these routes, and the `cookie clues`. Raises BadRecords where one of them is wrong."""
    # Imported here: only building an index needs it.
    from p2p_toolkit.kinds import clues, finder

    ids = {kind: [one.table["id"] for one in bundled if one.kind.name == kind] for kind in ("route", "category")}
    return {
        "route finder": _rules("route_finder.toml", ids["route"], finder.finder_faults, finder.build_finder),
        "cookie clues": _rules("cookie_clues.toml", ids["category"], clues.clue_faults, clues.build_clues),
    }


def _rules(
    name: str,
    ids: Sequence[str],
    faults_in: Callable[[Mapping[str, Any], Collection[str], str], list[Fault]],
    build: Callable[[Mapping[str, Any]], dict[str, Any]],
) -> dict[str, Any]:
    table = _read_toml(bundled_folder() / name)
    faults = faults_in(table, ids, name)
    if faults:
        raise BadRecords(faults, hint=guide())
    return build(table)


def library_files(folder: Path) -> list[Path]:
    """The files of a user's library, by name. Raises CannotRead where the folder cannot be listed."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix in READERS and not path.name.startswith("."))
    except FileNotFoundError:
        raise CannotRead(
            f"there is no library folder {folder}",
            hint="Create the folder, or name another with --library or P2P_LIBRARY.",
        ) from None
    except OSError as error:
        raise CannotRead(f"the library folder {folder} cannot be read: {error.strerror}") from None


def read(piece: Piece, library: str, faults: list[Fault], *, format: str = "") -> Iterator[Parsed]:
    """The right records of one file, as a stream; its mistakes are added to `faults`, and hide no other record.

    A file with another ending than those of READERS is read as TOML, unless `format` is one of those endings.
    """
    kinds = {kind.name: kind for kind in KINDS}
    path = Path(piece.path)
    before = cache(lambda: _lines_before(piece))
    try:
        for place, name, table in READERS.get(format or path.suffix, _tables_of_toml)(piece):
            kind = kinds.get(name) if isinstance(name, str) else None
            if kind and isinstance(table, Mapping):
                mistakes = check(kind, table, file=path.name)
                if not mistakes:
                    mistakes = base_faults(kind, table, file=path.name, library=library)
                if not mistakes:
                    yield Parsed(library, path.name, kind, _with_base(kind, tidy(kind, table)))
            else:
                mistakes = [_no_record(path, name, table)]
            if mistakes:
                line = "" if isinstance(place, str) else f"line {place + before()}"
                faults += [fault._replace(record=", ".join(filter(None, (fault.record, line))) or str(place)) for fault in mistakes]
    except CannotRead as error:
        faults.append(Fault(file=path.name, wanted=error.message))


def as_toml(kind: str, table: Mapping[str, Any]) -> str:
    """A record as a person would write it, its fields in their usual order."""
    # Imported here: only writing needs it.
    import tomli_w

    ordered = _in_order(fields_of(kind_of(kind).record), table)
    text = tomli_w.dumps({kind: [ordered]})
    # A very short record would be written in one line, as no person writes it.
    return text if text.startswith("[[") else f"[[{kind}]]\n{tomli_w.dumps(ordered)}"


def _in_order(fields: Fields, table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        field.name: [_in_order(field.item, one) for one in table[field.name]] if field.item else table[field.name]
        for field in fields
        if field.name in table
    }


def _with_base(kind: Kind, table: dict[str, Any]) -> dict[str, Any]:
    """The record together with the bundled one that it extends, if it does."""
    if EXTENDS not in table:
        return table
    return extended(kind, _bundled(kind)[table[EXTENDS]], table)


def base_faults(kind: Kind, table: Mapping[str, Any], *, file: str = "", library: str = "") -> list[Fault]:
    """What is wrong with a right table that extends a bundled record: there is no such record, or it is to be known by another id."""
    wanted = table.get(EXTENDS)
    if wanted is None:
        return []
    record = f"{kind.name}:{wanted}"
    if table.get("id", wanted) != wanted:
        told = "the id of the record that it extends, or none"
        return [Fault(file=file, record=record, field="id", value=repr(table["id"]), wanted=told)]
    known = _bundled(kind) if library != BUNDLED else {}
    if wanted in known:
        return []
    close = next(iter(nearest(wanted, known)), "")
    return [Fault(file=file, record=record, field=EXTENDS, value=repr(wanted), wanted=f"the id of a bundled {kind.name}", nearest=close)]


@cache
def _bundled(kind: Kind) -> Mapping[str, Mapping[str, Any]]:
    """The bundled records of a kind by id; only who extends one waits for them."""
    path = bundled_folder() / kind.file
    return {one.table["id"]: one.table for one in read(Piece(str(path)), BUNDLED, [])}


def _no_record(path: Path, name: object, table: object) -> Fault:
    """What is wrong where no record stands: with the name of its kind, or with what stands under it."""
    kinds = [kind.name for kind in KINDS]
    if name is None:
        return Fault(file=path.name, wanted=str(table))
    if name in kinds:
        return Fault(file=path.name, wanted=f"a table of fields, under [[{name}]]")
    close = nearest(str(name), kinds, 1)
    written = "records under " + ", ".join(f"[[{kind}]]" for kind in kinds)
    wanted = written if path.suffix == ".toml" else f"a kind, one of {', '.join(kinds)}"
    return Fault(file=path.name, wanted=wanted, nearest=close[0] if close else "")


def _size_and_age(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def _is_group(group: object) -> bool:
    phrases = group.get("words") if isinstance(group, Mapping) else None
    return (
        isinstance(phrases, list)
        and all(isinstance(phrase, str) for phrase in phrases)
        and len({slug(phrase) for phrase in phrases} - {""}) > 1
    )


def _opened(path: Path) -> BinaryIO:
    # Looked at before it is opened: opening a pipe would wait for ever.
    if not stat.S_ISREG(path.stat().st_mode):
        raise CannotRead("a file; this is a folder, a pipe or a device")
    return path.open("rb")


def _read_toml(path: Path) -> Mapping[str, Any]:
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


# What a reader yields of each record: its place, as words or as the number of its line from the piece's first one; the
# name of its kind; its fields. The last two as they were found, or None and what was wanted.
Read = Iterator[tuple[str | int, object, Any]]


def _tables_of_toml(piece: Piece) -> Read:
    for name, value in _read_toml(Path(piece.path)).items():
        if any(kind.name == name for kind in KINDS):
            for number, table in enumerate(value if isinstance(value, list) else [value], 1):
                yield f"{name} number {number}", name, table
        else:
            yield name, name, value


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
    except (ValueError, RecursionError) as error:
        raise CannotRead(f"valid JSON: {error}") from None
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
        found = json.loads(content.removeprefix(b"\xef\xbb\xbf"))
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
            names = [name.strip() for name in next(rows, [])]
            if "kind" not in names:
                raise CannotRead("a first line of field names, one of them kind")
            for cells in rows:
                row = dict(zip(names, cells, strict=False))
                kind = row.pop("kind", "").strip()
                if len(cells) > len(names):
                    yield rows.line_num, None, f"at most {len(names)} cells, as in the first line"
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


def _skip_line(file: BinaryIO) -> None:
    while (chunk := file.readline(LONGEST_LINE)) and not chunk.endswith(b"\n"):
        pass


def _lines_before(piece: Piece) -> int:
    """How many lines of the file begin before the piece's own."""
    if not piece.start:
        return 0
    with Path(piece.path).open("rb") as file:
        before = 0
        while (left := piece.start - 1 - file.tell()) > 0:
            before += file.read(min(left, LONGEST_LINE)).count(b"\n")
    return before + 1


READERS: Mapping[str, Callable[[Piece], Read]] = {
    ".toml": _tables_of_toml,
    ".jsonl": _objects_of_json_lines,
    ".json": _objects_of_json,
    ".csv": _rows_of_csv,
}
