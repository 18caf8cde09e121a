"""How wide the columns of a table are to be: which of them have room, and how that is shared out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from statistics import quantiles
from typing import NamedTuple

from p2p_toolkit.render.answer import Column, Listing

GAP = 3
# A longer word is broken where there is no room for it.
LONGEST_WORD = 24
EASE = 28
# Prose in a wider column is hard to follow from line to line.
WIDEST = 60
# Cells of these roles stay on one line.
UNBROKEN = ("id", "number", "date")


class _Need(NamedTuple):
    """What a column needs: so much at least, so much to be read with ease, and so much to have each cell on one line."""

    least: int
    ease: int
    most: int
    total: int


def widths(listing: Listing, room: int) -> dict[int, int]:
    """The columns that have room, by their place, and how wide each is to be. The last ones give way first.

    Where `listing.whole`, all of them are there if they have room at all.
    """
    needs = [_need(column, [row[place] for row in listing.rows]) for place, column in enumerate(listing.columns)]
    kept = list(range(len(needs))) if listing.whole else _with_room([need.ease for need in needs], room)
    if len(kept) < 2:
        kept = _with_room([need.least for need in needs], room)
    found = {place: needs[place].least for place in kept}
    spare = room - sum(found.values()) - GAP * (len(kept) - 1)
    # Letter by letter to the column that has most text for its width: so the rows come out as low as they can. What is compared
    # stands in columns alike.
    text = {place: 1 if listing.whole else needs[place].total for place in kept}
    while spare > 0 and (wanting := [place for place in kept if found[place] < needs[place].most]):
        found[max(wanting, key=lambda place: text[place] / found[place] ** 2)] += 1
        spare -= 1
    return found


def fits(listing: Listing, room: int) -> bool:
    """Whether the table can be drawn at all: two columns at least, or all of them where none may be left out."""
    least = [_need(column, [row[place] for row in listing.rows]).least for place, column in enumerate(listing.columns)]
    needed = len(least) if listing.whole else min(2, len(least))
    return list(accumulate(least, lambda before, one: before + GAP + one))[needed - 1] <= room


def _need(column: Column, cells: Sequence[str]) -> _Need:
    lengths = [max(map(len, cell.split("\n"))) for cell in cells]
    longest = max(lengths)
    words = max((len(word) for cell in cells for word in cell.split()), default=0)
    word = words if column.role == "ids" else min(words, LONGEST_WORD)
    least = max(longest if column.role in UNBROKEN else word, min(column.narrowest, longest), len(column.label))
    # With ease: nearly all names on two lines. Names are what a reader looks for, so other columns give way to them.
    nearly_all = quantiles(lengths, n=10)[-1] if len(lengths) > 1 else longest
    ease = max(least, min(round(nearly_all * 0.6), EASE)) if column.role == "name" else least
    return _Need(least, ease, max(least, min(longest, WIDEST)), sum(map(len, cells)) + 1)


def _with_room(needs: Sequence[int], room: int) -> list[int]:
    kept = [0]
    room -= needs[0]
    for place in range(1, len(needs)):
        if needs[place] + GAP <= room:
            kept.append(place)
            room -= needs[place] + GAP
    return kept
