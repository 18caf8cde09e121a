"""When cases ran: what is known of their dates becomes stretches of years, and nothing more."""

from __future__ import annotations

import pytest
from builders import a_case, parsed
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit import library
from p2p_toolkit.evidence import timeline
from p2p_toolkit.evidence.timeline import Span
from p2p_toolkit.kinds.records import STATUSES

TODAY = "2026-11-23"


def a_span(started: str | None = None, ended: str | None = None, status: str | None = None, seen: str | None = None, id: str = "x") -> Span:
    return Span(id, id.title(), "bundled", started, ended, status, seen)


def drawn(*dates: str | None) -> list[tuple[str, float, float]]:
    return [(part.what, int(part.start * 100) / 100, int(part.end * 100) / 100) for part in timeline.stretches(a_span(*dates), TODAY)]


def test_a_span_holds_what_the_record_says() -> None:
    [entry] = library.index_of([parsed("case", a_case(started="2019-04", status="running", status_seen="2021"))]).all("case")
    assert timeline.span(entry) == ("somewhere", "Somewhere", "bundled", "2019-04", None, "running", "2021", [])


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [
        ("2019", 2019.0, 2019 + 364 / 366),
        ("2019-01", 2019.0, 2019 + 30 / 366),
        ("2020-02", 2020 + 31 / 366, 2020 + 59 / 366),
        ("2019-12", 2019 + 334 / 366, 2019 + 364 / 366),
        ("2019-04-01", 2019 + 90 / 366, 2019 + 90 / 366),
        ("9999-12", 9999 + 334 / 366, 9999 + 364 / 366),
    ],
)
def test_a_date_reaches_from_its_first_day_to_its_last(date: str, first: float, last: float) -> None:
    assert (timeline.first_day(date), timeline.last_day(date)) == (first, last)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("2014", "2016", "ended"), [("ran", 2014, 2016.99), ("ended", 2016.99, 2016.99)]),
        (("2014", "2014", "ended-early"), [("ran", 2014, 2014.99), ("ended-early", 2014.99, 2014.99)]),
        (("2014-03-01", "2014-03-01"), [("ran", 2014.16, 2014.16), ("ended", 2014.16, 2014.16)]),
        (("2014", "2016", "running", "2015"), [("ran", 2014, 2016.99), ("ended", 2016.99, 2016.99)]),
        (("2014", None, "running", "2020"), [("ran", 2014, 2020), ("maybe", 2020, 2026.89), ("running", 2026.89, 2026.89)]),
        (("2014", None, "running"), [("began", 2014, 2014), ("maybe", 2014, 2026.89), ("running", 2026.89, 2026.89)]),
        (("2014", None, "succeeded", "2020"), [("began", 2014, 2014), ("maybe", 2014, 2020), ("no-end", 2020, 2020)]),
        (("2014", None, "ended"), [("began", 2014, 2014), ("maybe", 2014, 2014), ("no-end", 2014, 2014)]),
        (("2014",), [("began", 2014, 2014)]),
        ((None, "2016", "returned-in-house"), [("returned-in-house", 2016.99, 2016.99)]),
        ((None, "2016"), [("ended", 2016.99, 2016.99)]),
        ((None, None, "running", "2021"), []),
        (("2026-12-01", None, "planned", "2026"), [("planned", 2026.91, 2026.91)]),
        (("2024", None, "planned"), [("planned", 2024, 2024)]),
        (("2027", "2030", "planned"), [("planned", 2027, 2027), ("ahead", 2027, 2030.99)]),
    ],
    ids=str,
)
def test_what_is_known_of_a_case(dates: tuple[str | None, ...], expected: list[tuple[str, float, float]]) -> None:
    assert drawn(*dates) == expected


def test_an_end_that_is_still_to_come_is_not_drawn_as_reached() -> None:
    parts = drawn("2020", "2030-03", "running", "2025")
    assert [part[0] for part in parts] == ["ran", "maybe", "running", "ahead"]
    assert max(end for what, _, end in parts if what in ("ran", "maybe")) == 2026.89


def test_what_ended_this_year_has_ended_by_today() -> None:
    assert drawn("2020", "2026", "ended") == [("ran", 2020, 2026.89), ("ended", 2026.89, 2026.89)]


def test_an_end_before_the_start_makes_no_bar_that_runs_backwards() -> None:
    assert drawn("2020", "2010", "ended") == [("ran", 2020, 2020), ("ended", 2010.99, 2010.99)]


dates = st.none() | st.dates().map(str) | st.dates().map(lambda day: str(day)[:7]) | st.dates().map(lambda day: str(day)[:4])


@given(dates, dates, st.none() | st.sampled_from(list(STATUSES)), dates, st.dates().map(str))
def test_nothing_is_known_to_have_run_after_today(started: str, ended: str, status: str, seen: str, today: str) -> None:
    parts = timeline.stretches(a_span(started, ended, status, seen), today)
    assert all(part.start <= part.end for part in parts)
    assert all(part.end <= max(timeline.first_day(today), part.start) for part in parts if part.what in ("ran", "maybe"))
    assert bool(parts) == bool(started or ended)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("started", "b a c d e"),
        ("-started", "c a b d e"),
        ("ended", "d b a c e"),
        ("status", "c b a d e"),
        ("name", "a b c d e"),
        ("-id", "d c b a e"),
    ],
)
def test_cases_without_the_date_stand_behind_and_without_any_last(sort: str, order: str) -> None:
    spans = [
        a_span(None, None, "running", None, "e"),
        a_span("2015-02", "2018", "ended", None, "a"),
        a_span("2015", "2017", "running", None, "b"),
        a_span("2016", None, "planned", None, "c"),
        a_span(None, "2014", None, None, "d"),
    ]
    assert " ".join(one.id for one in timeline.in_order(spans, sort, list(STATUSES))) == order


def test_every_status_is_one_that_the_records_use() -> None:
    assert {timeline.RUNNING, timeline.PLANNED, timeline.ENDED} <= set(STATUSES)
