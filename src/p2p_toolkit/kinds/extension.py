"""A record of the user's that adds to a bundled one: what comes of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from p2p_toolkit.fields import Field, fields_of
from p2p_toolkit.kinds.checks import MARKER
from p2p_toolkit.kinds.records import Kind

EXTENDS = "extends"
# Under this name a record keeps its own words as they were written, so that they can be handed on.
WRITTEN = "written"


def id_of(table: Mapping[str, Any]) -> Any:
    """The id of a record as it was written: one that adds to another has the id of that one."""
    return table.get("id", table.get(EXTENDS))


def extended(kind: Kind, base: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """What a bundled record says together with what is added to it, both right and plain.

    Of lists the new entries follow the old ones; any other value takes the place of the old one. A marker in the added prose points to the
    added sources, and gets the number that its source has among all. `changed` names the fields that differ; WRITTEN keeps the
    addition itself.
    """
    fields = fields_of(kind.record)
    own = table.get("sources", [])
    sources = _joined(base["sources"], own)
    numbers = [sources.index(source) + 1 for source in own]
    whole = dict(base)
    for name, value in table.items():
        if name not in ("id", EXTENDS):
            field = fields.by_name[name]
            new = _renumbered(field, value, numbers)
            whole[name] = _joined(base.get(name, ()), new) if field.many else new
    changed = [field.name for field in fields if whole.get(field.name) != base.get(field.name)]
    return {**whole, EXTENDS: table[EXTENDS], "changed": changed, WRITTEN: dict(table)}


def _joined(old: Sequence[Any], new: Sequence[Any]) -> list[Any]:
    return [*old, *(one for one in new if one not in old)]


def _renumbered(field: Field, value: Any, numbers: Sequence[int]) -> Any:
    """A value whose n-th marker means the n-th of these numbers."""
    if field.many:
        return [_renumbered_one(field, one, numbers) for one in value]
    return _renumbered_one(field, value, numbers)


def _renumbered_one(field: Field, value: Any, numbers: Sequence[int]) -> Any:
    if field.item:
        return {name: _renumbered(field.item.by_name[name], one, numbers) for name, one in value.items()}
    if field.form == "prose":
        return MARKER.sub(lambda marker: f"[{numbers[int(marker[1]) - 1]}]", value)
    return value
