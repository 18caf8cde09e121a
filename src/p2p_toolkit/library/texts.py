"""The texts of a record by which it can be found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from p2p_toolkit import words
from p2p_toolkit.fields import NAMED, TITLE, Fields

# A word of such a short name is nearly the whole of it.
SHORT_NAME = 2


class Searched(NamedTuple):
    """A text that a search looks at: the label of its field, how much a match in it counts, the text."""

    label: str
    weight: float
    text: str


def searched(fields: Fields, table: Mapping[str, Any], label: str = "") -> Iterator[Searched]:
    """Each text of a record that a search looks at. The texts of a small record inside it bear its field's label."""
    for field in fields.searched:
        value = table.get(field.name)
        if not value:
            continue
        for one in value if field.many else [value]:
            if field.item:
                yield from searched(field.item, one, field.label)
            elif field.weight and isinstance(one, str):
                worded = field.words.get(one, one)
                yield Searched(label or field.label, field.weight, worded)
                if worded != one and words.slug(worded) != words.slug(one):
                    yield Searched(label or field.label, field.weight, one)


class Indexed(NamedTuple):
    """What an index keeps of a record's texts: its words, each with the best tier it stands in, as a place in TIERS;
    what the record is called, in folded words, a line each, and after an empty line the other names in it."""

    tiers: dict[str, int]
    names: str


def indexed(fields: Fields, table: Mapping[str, Any]) -> Indexed:
    own: dict[str, list[str]] = {}
    other: dict[str, list[str]] = {}
    body: list[str] = []
    for _, weight, text in searched(fields, table):
        if weight < NAMED:
            body.append(text)
        else:
            found = words.split(text)
            kept = own if weight >= TITLE else other
            kept.setdefault(" ".join(found), found)
            compounds = words.compounds(text)
            if compounds:
                kept[" ".join(words.joined(text))] = compounds
    prose = "\n".join(body)
    tiers = dict.fromkeys(words.split(prose) + words.compounds(prose), 3)
    for found in other.values():
        tiers.update(dict.fromkeys(found, 2))
    for name, found in sorted(own.items(), key=lambda one: -len(one[0].split())):
        tiers.update(dict.fromkeys(found, int(name.count(" ") >= SHORT_NAME)))
    return Indexed(tiers, "\n".join([*own, "", *other]))
