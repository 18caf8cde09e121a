"""Names to records: which one record somebody means who names it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from p2p_toolkit import words
from p2p_toolkit.errors import LONGEST_ECHO, NotFound, quoted, shell_word
from p2p_toolkit.fields import NAMED, TITLE
from p2p_toolkit.library import Entry, Library, Records
from p2p_toolkit.search.ranking import Hit, covered, find

# A name is taken for a record if this much of one of the record's names was typed; it is offered for half.
A_NAME, HALF_A_NAME = 0.72, 0.5
# So many words that begin as typed, and records that hold them, are looked at to complete a name.
MOST_BEGINNINGS = 400


class Resolved(NamedTuple):
    """The record that a name was taken for. `right` says whether it is one of the record's own names as typed;
    `others` are records that it could have meant instead, as `kind:id`."""

    entry: Entry
    right: bool
    others: tuple[str, ...] = ()


def resolve(library: Library, name: str, *, kinds: Sequence[str] = ()) -> Resolved:
    """The record that a name means.

    A name is an id, a `kind:id`, a name, an alias, a place, or a misspelling of one. Raises NotFound with
    the nearest names where there is none, or more than one that fits as well.
    """
    asked = kinds
    kinds = kinds or library.usual_kinds
    kind, colon, id = name.partition(":")
    if colon and kind in library.kind_names:
        name, kinds = id, [kind]
    called = library.with_id(words.slug(name))
    same = [entry for entry in called if entry.kind in kinds] or ([] if asked or colon else called)
    if len(same) == 1:
        return Resolved(same[0], True)
    if same:
        raise _ambiguous(name, same)
    found = find(library, name, kinds=kinds, limit=30)
    fits = sorted(((_name_fit(library, hit), -place, hit) for place, hit in enumerate(found.hits)), reverse=True)
    close = [(fit, hit.entry) for fit, _, hit in fits if fit >= HALF_A_NAME]
    if close and close[0][0] >= A_NAME:
        rivals = [entry for fit, entry in close if fit == close[0][0]]
        if len(rivals) > 1:
            raise _ambiguous(name, rivals)
        right = _is_name(rivals[0], name)
        others = () if right else tuple(f"{entry.kind}:{entry.id}" for _, entry in close[1:4])
        return Resolved(rivals[0], right, others)
    nearest = [entry for _, entry in close] or [hit.entry for hit in found.hits]
    raise NotFound(
        f"no record is called {quoted(name)}",
        hint=f"Try: p2p search {shell_word(name)}" if nearest and len(name) <= LONGEST_ECHO else "Try: p2p list",
        suggestions=[entry.id for entry in nearest[:5]],
    )


def completions(library: Library, start: str, kinds: Sequence[str], most: int = 60) -> list[tuple[str, str]]:
    """One-word names of records that begin so, each with the record's name: ids, then names and aliases with hyphens."""
    found = dict(library.ids_from(start, kinds, most))
    begun = words.split(start)
    holding = library.numbers(kinds, {}) if begun else Records({})
    for place, word in enumerate(begun):
        forms = library.beginning_with(word, MOST_BEGINNINGS) if place + 1 == len(begun) else [word]
        holding &= library.holding(forms)
    for entry in library.entries(list(islice(holding, MOST_BEGINNINGS))):
        for name in (entry.name, *entry.fields["aliases"]):
            if words.slug(name).startswith(start):
                found.setdefault(words.slug(name), entry.name)
    return list(found.items())[:most]


def _names(library: Library, entry: Entry) -> list[tuple[float, str]]:
    """What a record is called, and how far that names it: its own names first, then places and partners."""
    names = [(0.98, alias) for alias in entry.fields["aliases"]]
    for field in library.kinds[entry.kind].fields:
        if field.form in ("id", "text") and field.weight >= NAMED and field.name != "aliases":
            value = entry.fields[field.name]
            names += [(1.0 if field.weight >= TITLE else 0.9, one) for one in (value if field.many else [value]) if one]
    return names


def _name_fit(library: Library, hit: Hit) -> float:
    """How well a hit's names answer to what was typed, from 0 to 1."""
    found = {part for match in hit.matches for part in match.found.split()}
    return max(weight * covered(" ".join(words.split(name)), found) for weight, name in _names(library, hit.entry)) * min(
        1.0, hit.score / 60
    )


def _is_name(entry: Entry, name: str) -> bool:
    return words.slug(name) in {words.slug(known) for known in (entry.id, entry.name, *entry.fields["aliases"])}


def _ambiguous(name: str, rivals: Sequence[Entry]) -> NotFound:
    suggestions = [f"{entry.kind}:{entry.id}" for entry in rivals[:6]]
    return NotFound(
        f"{quoted(name)} fits more than one record",
        hint=f"Try: p2p show {suggestions[0]}",
        suggestions=suggestions,
    )
