"""Records of one kind side by side, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from p2p_toolkit.errors import BadUsage
from p2p_toolkit.evidence.references import Reference, References, renumbered_fields
from p2p_toolkit.fields import Field
from p2p_toolkit.library import Entry, KindInfo, Library

# A record is named at the head of its column, and its sources are listed once for all.
_NOT_COMPARED = ("id", "name", "aliases", "keywords", "sources", "extends", "changed")


class Row(NamedTuple):
    """A field of every record: its description, whether all records say the same, and the values in the order of the
    records, as plain data with markers that point to the comparison's references."""

    field: Field
    same: bool
    values: tuple[Any, ...]


class Comparison(NamedTuple):
    """Records of one kind, a row for each of their fields, and the sources of all."""

    kind: KindInfo
    records: tuple[Entry, ...]
    rows: tuple[Row, ...]
    references: tuple[Reference, ...]


def compare(library: Library, records: Sequence[Entry]) -> Comparison:
    """The records side by side. Raises BadUsage for fewer than two different ones, and for records of different kinds."""
    once = list({entry.n: entry for entry in records}.values())
    kinds = list(dict.fromkeys(entry.kind for entry in once))
    if len(kinds) > 1:
        first = [f"{entry.kind}:{entry.id}" for entry in once if entry.kind == kinds[0]]
        raise BadUsage(
            f"records of different kinds cannot be compared: {', '.join(f'{entry.id} is a {entry.kind}' for entry in once)}",
            hint=f"Compare {library.kinds[kinds[0]].plural} with {library.kinds[kinds[0]].plural}, or read one: p2p show {first[0]}",
        )
    if len(once) < 2:
        raise BadUsage("a comparison needs two different records", hint="Try: p2p compare oldham croydon")
    kind = library.kinds[kinds[0]]
    numbered = References()
    told = [renumbered_fields(kind.fields, entry.fields, numbered.of(entry)) for entry in once]
    rows = [_row(field, entries=once, told=told) for field in kind.fields if field.name not in _NOT_COMPARED]
    return Comparison(kind, tuple(once), tuple(rows), tuple(numbered))


def _row(field: Field, *, entries: Sequence[Entry], told: Sequence[Mapping[str, Any]]) -> Row:
    first = entries[0].fields[field.name]
    return Row(field, all(entry.fields[field.name] == first for entry in entries), tuple(fields[field.name] for fields in told))
