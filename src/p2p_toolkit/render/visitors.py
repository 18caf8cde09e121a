"""What visitors are told of the categories: the same words on the cookie page and on every banner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from p2p_toolkit.consent.cookies import Row
from p2p_toolkit.consent.rules import NECESSARY, UNCLASSIFIED
from p2p_toolkit.library import Entry
from p2p_toolkit.render.phrases import without_markers


class Words(NamedTuple):
    """A category for visitors: a heading, a sentence on what its cookies do, and whether they can be refused."""

    title: str
    what: str
    refusing: str


# The summaries of the category records are for the owners of sites. These are for their visitors.
WORDS: Mapping[str, Words] = {
    NECESSARY: Words(
        "Necessary cookies",
        "These do what you ask this site for: they keep you signed in, keep a form going, keep the site safe, or remember your answer "
        "about cookies.",
        "You cannot turn them off here. If you block them in your browser, parts of the site may stop working.",
    ),
    "functional": Words(
        "Functional cookies",
        "These remember choices, such as a language, or bring in extras, such as videos, maps and chat.",
        "You can refuse them. The site still works, but it forgets such choices, and some extras do not show.",
    ),
    "analytical": Words(
        "Analytical cookies",
        "These count visits and show us how the site is used.",
        "You can refuse them. The site works the same.",
    ),
    "performance": Words(
        "Performance cookies",
        "These measure how fast the site is, and where it goes wrong.",
        "You can refuse them. The site works the same.",
    ),
    "advertisement": Words(
        "Advertising cookies",
        "These choose or measure adverts, and may follow what you do on other sites.",
        "You can refuse them. The site works the same, and adverts that you see are not chosen by what you did before.",
    ),
    UNCLASSIFIED: Words(
        "Not yet classified",
        "Nobody has said yet what these are for.",
        "Somebody has to decide that before this page is published.",
    ),
}


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
    told = {id: WORDS.get(id) or _own(entry) for id, entry in entries.items()} | {UNCLASSIFIED: WORDS[UNCLASSIFIED]}
    return [Group(id, told[id], tuple(found)) for id, found in by_category.items() if found]


def lasts(row: Row) -> str:
    """How long a cookie lasts, in a visitor's words, or ""."""
    return "until you close your browser" if row.retention.casefold() == "session" else row.retention


def _own(category: Entry) -> Words:
    """A category of the user's own has the words of its record."""
    return Words(category.name, without_markers(category.fields["summary"]), "You can refuse them.")
