"""How long cookies last, in words and in seconds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit.consent.lifetimes import DAY, HOUR, MINUTE, MONTH, WEEK, YEAR, Usual, is_longer, spoken, usual
from p2p_toolkit.library import open_library


@pytest.mark.parametrize(
    ("retention", "meant"),
    [
        ("session", Usual(0, 0)),
        ("30 minutes", Usual(30 * MINUTE, 30 * MINUTE)),
        ("1,000 days", Usual(1000 * DAY, 1000 * DAY)),
        ("2 to 3 years", Usual(2 * YEAR, 3 * YEAR)),
        ("30 days to 5 years in old lists", Usual(30 * DAY, 5 * YEAR)),
        ("up to 30 years", Usual(0, 30 * YEAR)),
        ("session or 1 day, depending on the site", Usual(0, DAY)),
        ("session, up to 1 week", Usual(0, WEEK)),
        ("1 hour or longer", Usual(HOUR, None)),
        ("session; longer if the user asks to be remembered", Usual(0, None)),
        ("set by the site; 1 year at Vimeo", Usual(YEAR, None)),
        ("13 months", Usual(13 * MONTH, 13 * MONTH)),
        ("persistent", None),
        ("", None),
    ],
)
def test_what_the_words_of_a_record_mean(retention: str, meant: Usual | None) -> None:
    assert usual(retention) == meant


def test_every_shipped_retention_is_understood_or_sets_no_limit() -> None:
    unread = {entry.fields["retention"] for entry in open_library().all("cookie") if not usual(entry.fields["retention"] or "session")}
    assert unread == {"persistent"}


@pytest.mark.parametrize(
    ("lifetime", "words"),
    [
        (0, "session"), (1, "1 second"), (57, "57 seconds"), (60, "1 minute"), (90, "90 seconds"), (1800, "30 minutes"), (3600, "1 hour"),
        (5400, "90 minutes"), (DAY, "1 day"), (DAY - 1, "1 day"), (7 * DAY, "7 days"), (400 * DAY, "400 days"),
        (YEAR, "1 year"), (63_072_000, "2 years"),
    ],
)  # fmt: skip
def test_a_span_in_words(lifetime: int, words: str) -> None:
    assert spoken(lifetime) == words


@pytest.mark.parametrize(
    ("lifetime", "retention", "longer"),
    [
        (YEAR, "session", True),
        (0, "session", False),
        (400 * DAY, "2 years", False),
        (2 * YEAR, "2 years", False),
        (396 * DAY, "13 months", False),
        (2 * YEAR, "13 months", True),
        (YEAR, "1 hour or longer", None),
        (YEAR, "", None),
    ],
)
def test_longer_than_usual(lifetime: int, retention: str, longer: bool | None) -> None:
    assert is_longer(lifetime, retention) is longer


@given(st.integers(min_value=0, max_value=10**12))
def test_any_span_has_words_that_are_nearly_right(lifetime: int) -> None:
    number, _, unit = spoken(lifetime).replace(",", "").partition(" ")
    if lifetime:
        seconds = int(number) * {"second": 1, "minute": MINUTE, "hour": HOUR, "day": DAY, "year": YEAR}[unit.removesuffix("s")]
        assert abs(seconds - lifetime) <= lifetime * 0.02


@pytest.mark.parametrize(("retention", "seconds"), [("2 Years", 2 * YEAR), ("1.5 years", round(1.5 * YEAR)), ("Session", 0)])
def test_capitals_and_decimals_are_read(retention: str, seconds: int) -> None:
    assert usual(retention) == (seconds, seconds)
