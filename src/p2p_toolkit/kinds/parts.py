"""Tables that are no records but are described by fields as records are, and so checked and made plain by the same rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from p2p_toolkit.errors import Fault, nearest
from p2p_toolkit.fields import complete, fields_of
from p2p_toolkit.kinds.checks import check, tidy
from p2p_toolkit.kinds.records import Kind


def faults_of(name: str, part: Any, table: Mapping[str, Any], file: str, number: int = 0) -> list[Fault]:
    """Every mistake in one such table, the `number`-th of its name where there are several."""
    place = f"{name} number {number}" if number else name
    return [fault if fault.record else fault._replace(record=place) for fault in check(_kind(part), table, file=file)]


def plain(part: Any, table: Mapping[str, Any]) -> dict[str, Any]:
    """A right table with every field, as plain data."""
    return complete(fields_of(part).shape, tidy(_kind(part), table))


def unknown(names: Iterable[Any], known: Collection[str], wanted: str, file: str, record: str, field: str = "") -> Iterator[Fault]:
    """A mistake for each name that is none of those known."""
    for name in names:
        if name not in known:
            close = nearest(str(name), known, 1)
            yield Fault(file=file, record=record, field=field, value=repr(name), wanted=wanted, nearest=close[0] if close else "")


def used_once(ids: Collection[str], file: str, name: str) -> Iterator[Fault]:
    """A mistake for each id that stands there more than once."""
    listed = list(ids)
    yield from (Fault(file=file, record=f"{name}:{id}", wanted="an id used once") for id in sorted(set(listed)) if listed.count(id) > 1)


def _kind(part: Any) -> Kind:
    return Kind(name=part.__name__.lower(), plural="", record=part, file="", help="")
