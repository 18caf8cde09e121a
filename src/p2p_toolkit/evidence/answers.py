"""An objection in anybody's words to the answers the records have: what the law says, what opens, who has done it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from p2p_toolkit.evidence.references import Reference, References, renumbered_fields
from p2p_toolkit.library import Entry, Library
from p2p_toolkit.search import Hit, find

OBJECTION, ROUTE, CASE = "objection", "route", "case"
# Below this score the words have too little to do with any objection: nonsense and three in four questions about
# something else stay below, and of objections in other words than the record's nine in ten reach more.
CUT_OFF = 32
# A further answer must come so near to the first one, or it distracts from it.
NEAR = 0.75
MOST_ANSWERS = 3
MOST_NEAREST = 5


class Told(NamedTuple):
    """A record that an answer points to, and one thing it tells: `sure` is how well that is known, empty where it is the record's own
    summary. The markers of `text` point to the answer's references. `library` is whose it is, `draft` what a draft still lacks."""

    kind: str
    id: str
    name: str
    text: str
    sure: str
    library: str
    draft: Sequence[str]


class Provided(NamedTuple):
    """A provision of law: its reference, its address, how it was checked, and its number among the references."""

    ref: str
    url: str
    checked: str
    number: int


class Answered(NamedTuple):
    """An answer to an objection. `fields` are the record's own; their markers, and all others, point to `references`."""

    hit: Hit
    fields: Mapping[str, Any]
    law: tuple[Provided, ...]
    routes: tuple[Told, ...]
    precedents: tuple[Told, ...]
    references: tuple[Reference, ...]


class Answers(NamedTuple):
    """What the records answer, best first; where that is nothing, the objections that come nearest."""

    answers: tuple[Answered, ...]
    nearest: tuple[Entry, ...]


def answers(library: Library, words: str) -> Answers:
    """The answers to an objection in anybody's words, up to three."""
    hits = find(library, words, kinds=[OBJECTION], limit=MOST_NEAREST).hits
    right = [hit for hit in hits if hit.score >= CUT_OFF and hit.score >= NEAR * hits[0].score]
    if not right:
        return Answers((), tuple(hit.entry for hit in hits))
    return Answers(tuple(_answered(library, hit) for hit in right[:MOST_ANSWERS]), ())


def _answered(library: Library, hit: Hit) -> Answered:
    entry, numbered = hit.entry, References()
    fields = renumbered_fields(library.kinds[OBJECTION].fields, entry.fields, numbered.of(entry))
    law = tuple(Provided(**one, number=numbered.provision(one["ref"], one["url"])) for one in entry.fields["law"])
    routes = [route for id in entry.fields["routes"] if (route := library.get(ROUTE, id))]
    cases = [case for id in entry.fields["cases"] if (case := library.get(CASE, id))]
    return Answered(
        hit,
        fields,
        law,
        tuple(_told(route, route.fields["summary"], "", numbered) for route in routes),
        tuple(_precedent(library, case, numbered) for case in cases),
        tuple(numbered),
    )


def _precedent(library: Library, case: Entry, numbered: References) -> Told:
    """A case with its best-known result; where none is known, with its summary."""
    [outcomes] = [field for field in library.kinds[CASE].fields if field.name == "outcomes"]
    worded = outcomes.item.by_name["evidence"].words
    # The words for evidence begin with the surest.
    results = sorted(case.fields["outcomes"], key=lambda one: list(worded).index(one["evidence"]))
    text = results[0]["text"] if results else case.fields["summary"]
    return _told(case, text, worded[results[0]["evidence"]] if results else "", numbered)


def _told(entry: Entry, text: str, sure: str, numbered: References) -> Told:
    return Told(entry.kind, entry.id, entry.name, numbered.quoted(entry, text), sure, entry.library, entry.fields["draft"])
