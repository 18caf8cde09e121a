"""Files to records and back: checked by the rules of their kind, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from p2p_toolkit.errors import CannotRead, Fault, nearest
from p2p_toolkit.fields import Fields, fields_of
from p2p_toolkit.kinds import EXTENDS, KINDS, Kind, check, extended, kind_of, tidy
from p2p_toolkit.store.folders import BUNDLED, bundled_folder
from p2p_toolkit.store.readers import READERS, Piece, lines_before, tables_of_toml


class Parsed(NamedTuple):
    """A record as plain data that keeps the rules of its kind, with the library and the file it belongs to."""

    library: str
    file: str
    kind: Kind
    table: Mapping[str, Any]


def read(piece: Piece, library: str, faults: list[Fault], *, format: str = "") -> Iterator[Parsed]:
    """The right records of one file, as a stream; its mistakes are added to `faults`, and hide no other record.

    A file with another ending than those of READERS is read as TOML, unless `format` is one of those endings.
    """
    kinds = {kind.name: kind for kind in KINDS}
    path = Path(piece.path)
    before = cache(lambda: lines_before(piece))
    try:
        for place, name, table in READERS.get(format or path.suffix.lower(), tables_of_toml)(piece):
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
    wanted = written if path.suffix.lower() == ".toml" else f"a kind, one of {', '.join(kinds)}"
    return Fault(file=path.name, wanted=wanted, nearest=close[0] if close else "")
