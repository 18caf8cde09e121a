"""What visitors are told of the categories: the same words on the cookie page and on every banner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from p2p_toolkit.consent.cookies import Row
from p2p_toolkit.consent.rules import UNCLASSIFIED
from p2p_toolkit.library import Entry
from p2p_toolkit.render.phrases import without_markers


class Words(NamedTuple):
    """A category for visitors: a heading, and what its cookies do and whether they can be refused."""

    title: str
    text: str


# For the owner of the site, who should not publish it like that.
NOT_CLASSIFIED = Words(
    "Not yet classified", "Nobody has said yet what these are for. Somebody has to decide that before this page is published."
)


class Group(NamedTuple):
    """The rows of one category, in their order, and what visitors are told of it."""

    id: str
    words: Words
    rows: tuple[Row, ...]


def groups(rows: Sequence[Row], categories: Sequence[Entry]) -> list[Group]:
    """The rows by category, in the order of the categories, without those that have no row.

    What is unclassified comes last, and with it the rows of a category that is not among `categories`.
    """
    entries = {entry.id: entry for entry in categories if entry.id != UNCLASSIFIED}
    by_category: dict[str, list[Row]] = {id: [] for id in [*entries, UNCLASSIFIED]}
    for row in rows:
        by_category[row.category if row.category in entries else UNCLASSIFIED].append(row)
    told = {id: words_of(entry) for id, entry in entries.items()} | {UNCLASSIFIED: NOT_CLASSIFIED}
    return [Group(id, told[id], tuple(found)) for id, found in by_category.items() if found]


def lasts(row: Row) -> str:
    """How long a cookie lasts, in a visitor's words, or ""."""
    return "until you close your browser" if row.retention.casefold() == "session" else row.retention


def words_of(category: Entry) -> Words:
    """What visitors are told of a category; where its record has no words for them, its summary."""
    for words in category.fields["wording"]:
        return Words(words["heading"], words["text"])
    refusing = "You cannot turn them off here." if category.fields["locked"] else "You can refuse them."
    return Words(category.name, f"{without_markers(category.fields['summary'])} {refusing}")
