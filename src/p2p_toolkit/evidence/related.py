"""What to read after a record: the records that link to it, and for a case the cases that are most like it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from p2p_toolkit import words
from p2p_toolkit.fields import Field
from p2p_toolkit.library import PART, Entry, Library, places_in
from p2p_toolkit.search.sums import Planes, Summed, add, at_least, best, planes_of

MOST_NEIGHBOURS = 6
# How much it counts that two cases share one of these: a precedent is looked for by its route, and few share a place. One sector
# alone, which many have, makes no neighbour.
SHARED = {"route": 3, "principle": 2, "place": 2, "sector": 1}
LEAST_SHARED = 2


class Related(NamedTuple):
    """A record to read next, and why. `field` is the field in which it links to the record at hand, or empty for a neighbour;
    `shared` is what a neighbour has in common with it, by filter: the values in the words that a reader sees."""

    kind: str
    id: str
    name: str
    field: str
    why: str
    shared: Mapping[str, Sequence[str]] = {}


class Listed(NamedTuple):
    """Records that link here under a heading of their own, such as the cases that used a route; perhaps none."""

    label: str
    kind: str
    links: tuple[Related, ...]


def related(library: Library, entry: Entry) -> list[Related]:
    """The neighbours of a case, the nearest first, then whatever links to the record."""
    links = [Related(*link) for link in library.linking_to(entry.kind, entry.id) if link.kind in library.usual_kinds]
    return [*(neighbours(library, entry) if entry.kind == "case" else ()), *links]


def neighbours(library: Library, entry: Entry, most: int = MOST_NEIGHBOURS) -> list[Related]:
    """The records of the same kind that share most with this one, the nearest first, with what they share."""
    fields = [field for field in library.kinds[entry.kind].fields if field.filter in SHARED]
    sums: defaultdict[int, Planes] = defaultdict(list)
    for field in fields:
        for value in _values(field, entry):
            for part, bits in library.numbers([entry.kind], {field.filter: [value]}).bits.items():
                add(sums[part], planes_of([(SHARED[field.filter], bits)])[0])
    others = {part: bits ^ (1 << entry.n % PART if part == entry.n // PART else 0) for part, bits in library.everything.bits.items()}
    near = {part: Summed(planes, at_least(Summed(planes, others[part]), LEAST_SHARED)) for part, planes in sums.items()}
    found = library.entries([part * PART + place for part, bits in best(near, most).items() for place in places_in(bits)])
    return sorted((_neighbour(fields, entry, other) for other in found), key=lambda one: -_weight(one))


def _weight(one: Related) -> int:
    return sum(SHARED[name] * len(values) for name, values in one.shared.items())


def listed(library: Library, entry: Entry, links: Sequence[Related]) -> list[Listed]:
    """Those of the links that have a heading of their own, by heading; also headings that nothing stands under."""
    return [
        Listed(field.back, kind.name, tuple(link for link in links if (link.kind, link.field) == (kind.name, field.name)))
        for kind in library.kinds.values()
        for field in kind.fields
        if field.back and any(inner.to == entry.kind for inner in field.item)
    ]


def _neighbour(fields: Sequence[Field], entry: Entry, other: Entry) -> Related:
    shared = {}
    for field in fields:
        own = _values(field, entry)
        same = [label for value, label in _values(field, other).items() if value in own]
        if same:
            shared[field.filter] = same
    by_weight = sorted(shared, key=lambda name: -SHARED[name])
    why = "; ".join(f"same {name}: {', '.join(shared[name])}" for name in by_weight)
    return Related(other.kind, other.id, other.name, "", why, shared)


def _values(field: Field, entry: Entry) -> dict[str, str]:
    """What a record can be filtered by in that field: each value, and the words for it."""
    return dict(_worded_values(field, entry))


def _worded_values(field: Field, entry: Entry) -> Iterator[tuple[str, str]]:
    value = entry.fields[field.name]
    for one in value if field.many else [value]:
        if field.item:
            yield from ((one[inner.name], one[inner.name]) for inner in field.item if inner.form == "link")
        elif one is not None:
            yield (words.slug(one), one) if field.form == "text" else (one, field.words.get(one, one))
