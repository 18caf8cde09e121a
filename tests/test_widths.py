"""Columns: every one that has room, as wide as its text needs, and nothing cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit.render import Answer, screen
from p2p_toolkit.render.answer import Column, Listing
from p2p_toolkit.render.terminal import NARROW, Look
from p2p_toolkit.render.widths import GAP, WIDEST, fits, widths

COLUMNS = (Column("id", "id"), Column("name", "name", 24), Column("places", "place", 14), Column("records", "number"))
ROWS = (
    ("ffestiniog", "Cwmni Bro Ffestiniog", "Blaenau Ffestiniog, Trawsfynydd, Penrhyndeudraeth, Gwynedd", "1"),
    ("newport", "Newport and Barnardo's Strategic Partnership", "Newport", "12"),
)
PLACES = Listing(COLUMNS, ROWS)


def drawn(listing: Listing, width: int) -> str:
    answer = Answer(command="x", query={}, results=[], total=len(listing.rows), listing=lambda: listing)
    return screen.text(answer, Look(screen=True, width=width, colour=False, unicode=True))


@pytest.mark.parametrize("room", [60, 80, 120, 200])
def test_columns_never_take_more_than_the_room(room: int) -> None:
    found = widths(PLACES, room)
    assert sum(found.values()) + GAP * (len(found) - 1) <= room
    assert found[0] == len("ffestiniog")


def test_spare_room_goes_where_the_text_is() -> None:
    found, wide = widths(PLACES, 70), widths(PLACES, 90)
    assert wide[0] == found[0]
    assert wide[1] > found[1]
    assert wide[2] > found[2]


def test_a_wide_screen_does_not_pull_columns_apart() -> None:
    assert widths(PLACES, 400) == widths(PLACES, 200)
    assert max(widths(Listing((Column("id", "id"), Column("meaning")), (("a", "word " * 60),)), 200).values()) == WIDEST


def test_what_is_compared_stands_in_columns_alike() -> None:
    compared = Listing((Column("field", "label"), Column("one"), Column("two")), (("Summary", "word " * 40, "word " * 12),), whole=True)
    found = widths(compared, 80)
    assert abs(found[1] - found[2]) <= 1


def test_the_last_columns_give_way_and_are_named() -> None:
    shown = drawn(
        PLACES._replace(columns=(*COLUMNS[:3], Column("status", "text", 30)), rows=tuple((*row[:3], "x" * 30) for row in ROWS)), 70
    )
    assert "Not shown, for want of room: status." in shown


def test_numbers_stand_right_and_ids_in_one_piece() -> None:
    lines = drawn(PLACES, 80).splitlines()
    assert lines[2].startswith("ffestiniog ")
    ends = {line.rindex(row[3]) + len(row[3]) for row in ROWS for line in lines if line.startswith(row[0])}
    assert len(ends) == 1


def test_an_id_among_others_is_not_broken() -> None:
    long = "competitive-procedure-with-negotiation"
    listing = Listing((Column("id", "id"), Column("routes", "ids")), (("x", f"light-touch, {long}, lots"),))
    assert long in drawn(listing, NARROW)


def test_a_column_that_repeats_the_name_is_left_out() -> None:
    shown = drawn(
        Listing((Column("id", "id"), Column("name", "name"), Column("pattern")), (("ga", "_ga", "_ga"), ("gid", "_gid", "_gid"))), 80
    )
    assert "pattern" not in shown
    assert "Not shown" not in shown


def test_numbers_that_happen_to_be_alike_are_all_there() -> None:
    shown = drawn(Listing((Column("library", "id"), Column("records", "number"), Column("files", "number")), (("own", "1", "1"),)), 80)
    assert "files" in shown


def test_dates_stand_in_words_in_one_piece() -> None:
    shown = drawn(Listing((Column("id", "id"), Column("started", "date")), (("a", "2019-04-01"), ("b", ""))), 80)
    assert "1 April 2019" in shown


def letters(alphabet: str, most: int = 90) -> st.SearchStrategy[str]:
    """Text of these capitals, so that it is known of each on the screen from which column it came."""
    return st.text(alphabet=f"{alphabet} -", max_size=most).map(lambda text: alphabet[0] + text)


@given(
    rows=st.lists(
        st.tuples(st.text("ABC", min_size=1, max_size=30), letters("DEF"), letters("GHI"), letters("JKL")), min_size=1, max_size=5
    ),
    room=st.integers(20, 220),
)
def test_nothing_is_ever_cut_or_too_wide(rows: list[tuple[str, ...]], room: int) -> None:
    listing = Listing((Column("id", "id"), Column("name", "name", 24), Column("places", "place", 14), Column("notes")), tuple(rows))
    shown = drawn(listing, room)
    assert max(len(line) for line in shown.splitlines()) <= room
    kept = widths(listing, room) if room >= NARROW and fits(listing, room) else range(len(listing.columns))
    for letter in "ABCDEFGHIJKL":
        inside = sum(row[place].count(letter) for row in rows for place in kept)
        assert shown.count(letter) == inside
