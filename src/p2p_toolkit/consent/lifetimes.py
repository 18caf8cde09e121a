"""How long cookies last: what records say of it in words, and spans of seconds in words."""

from __future__ import annotations

import re
from typing import NamedTuple

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
MONTH = 30 * DAY
YEAR = 365 * DAY
# Browsers keep no cookie longer than 400 days, whatever a site asks for (RFC 6265bis, section 5.5).
LONGEST_KEPT = 400 * DAY

_UNITS = {"second": 1, "minute": MINUTE, "hour": HOUR, "day": DAY, "week": WEEK, "month": MONTH, "year": YEAR}
_SPAN = re.compile(r"(?<![\d.,])(\d[\d,]*(?:\.\d+)?)(?: to (\d[\d,]*(?:\.\d+)?))? (second|minute|hour|day|week|month|year)s?")
_NO_END = re.compile(r"persistent|or longer|longer if|set by the site")
# Months and years have no fixed length, and clocks differ: a tenth more is as usual.
_TOLERANCE = 1.1
_CLOSE = 0.02


class Usual(NamedTuple):
    """How long a cookie usually lasts, in seconds: 0 is until the browser is closed; None as the longest is without a limit."""

    shortest: int
    longest: int | None


def usual(retention: str) -> Usual | None:
    """What the words of a record mean, such as "session or 1 day" or "2 years, renewed at each visit"; None where they say no time."""
    retention = retention.lower()
    spans: list[int] = []
    for first, second, unit in _SPAN.findall(retention):
        spans += [round(float(number.replace(",", "")) * _UNITS[unit]) for number in (first, second) if number]
    if "session" in retention:
        spans.append(0)
    if not spans:
        return None
    shortest = 0 if "up to" in retention else min(spans)
    return Usual(shortest, None if _NO_END.search(retention) else max(spans))


def is_longer(lifetime: int, retention: str) -> bool | None:
    """Whether a cookie lasts longer than the words of a record say; None where they set no limit.

    Browsers shorten what a site asks for, so that a cookie of two years and one of 400 days may be the same cookie.
    """
    known = usual(retention)
    if known is None or known.longest is None:
        return None
    return lifetime > known.longest * _TOLERANCE


def spoken(lifetime: int) -> str:
    """A span of seconds in words, in the largest unit that tells it to within two in a hundred: "session", "30 minutes", "395 days"."""
    if lifetime <= 0:
        return "session"
    for unit in ("year", "day", "hour", "minute"):
        count = round(lifetime / _UNITS[unit])
        if count and abs(lifetime - count * _UNITS[unit]) <= _CLOSE * lifetime:
            return f"{count:,} {unit}{'s' if count != 1 else ''}"
    return f"{lifetime:,} second{'s' if lifetime != 1 else ''}"
