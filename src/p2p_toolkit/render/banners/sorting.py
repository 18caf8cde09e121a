"""What every banner is made from: the rows that it may hold, by category, and what it cannot hold, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from p2p_toolkit.consent.cookies import COOKIE, Row
from p2p_toolkit.consent.rules import NECESSARY, UNCLASSIFIED
from p2p_toolkit.errors import quoted
from p2p_toolkit.library import Entry
from p2p_toolkit.render.answer import joined
from p2p_toolkit.render.visitors import Group, groups, lasts, words_of

_MOST_NAMED = 20


class Banner(NamedTuple):
    """A banner's configuration.

    - `pieces`: its text, in pieces. `notes`: what it cannot hold, and what it adds of its own, in sentences for standard error.
    """

    pieces: tuple[str, ...]
    notes: tuple[str, ...]


class Sorted(NamedTuple):
    """The rows of a banner: `groups` in the order of the categories, necessary always among them and unclassified never."""

    groups: tuple[Group, ...]
    notes: tuple[str, ...]

    @property
    def optional(self) -> tuple[Group, ...]:
        """The groups that visitors are asked about."""
        return tuple(group for group in self.groups if group.id != NECESSARY)


def own(name: str, banner: str, retention: str) -> Row:
    """The cookie in which a banner keeps a visitor's answer."""
    return Row(name, False, NECESSARY, provider=banner, purpose="remembers your answer about cookies", retention=retention, party="first")


def number(kept: Row) -> str:
    return f"{kept.name} also holds a number that stands for the visitor."


def sort(rows: Sequence[Row], categories: Sequence[Entry], kept: Row) -> Sorted:
    """The rows for a banner that keeps the visitor's answer in the cookie `kept`, which it lists too."""
    every = {group.id: group for group in groups(rows, categories)}
    unclassified = every.pop(UNCLASSIFIED, None)
    [nothing] = [Group(entry.id, words_of(entry), ()) for entry in categories if entry.id == NECESSARY]
    necessary = every.pop(NECESSARY, nothing)
    notes = [f"The banner sets a cookie of its own, {kept.name}, for {kept.retention}: put it on your cookie page."]
    if kept.name in {row.name for row in rows}:
        notes = []
    else:
        necessary = necessary._replace(rows=(*necessary.rows, kept))
    if unclassified:
        told = named("Not classified, and left out", unclassified.rows)
        notes = [f"{told} Decide what they are for, then make the banner again.", *notes]
    if not every:
        notes.append("No category needs a question: with a cookie page you may need no banner.")
    return Sorted((necessary, *every.values()), tuple(notes))


def named(what: str, rows: Iterable[Row]) -> str:
    """A sentence that says something of some rows, and counts and names them."""
    names = list(dict.fromkeys(row.name for row in rows))
    more = f", and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"{what} ({len(names)}): {', '.join(map(quoted, names[:_MOST_NAMED]))}{more}."


def clearable(row: Row) -> bool:
    """Whether a script of the site can delete it: cookies only, and not those of another company's host (RFC 6265, section 5.3)."""
    return row.storage == COOKIE and row.party != "third"


def not_cleared(groups: Iterable[Group]) -> list[str]:
    """What stays when a visitor withdraws consent, in sentences."""
    rows = [row for group in groups for row in group.rows]
    others = [row for row in rows if row.storage == COOKIE and not clearable(row)]
    kept = [row for row in rows if row.storage != COOKIE]
    return [
        *([named("Set by other companies, whose cookies no banner can clear", others)] if others else []),
        *([named("In local storage, which the banner cannot clear", kept)] if kept else []),
    ]


def lasting(row: Row) -> str:
    """What a cookie is for, and in brackets how long it lasts; "" where neither is known."""
    return joined((row.purpose.rstrip("."), f"({lasts(row)})" if row.retention else ""), " ")
