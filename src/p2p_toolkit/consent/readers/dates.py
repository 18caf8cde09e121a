"""When a cookie expires, in all the ways in which files write it."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import SupportsFloat

SESSION = 0.0

# Seconds from 1 January 1601, where Chromium's clock begins, to 1970.
_CHROMIUM_CLOCK = 11_644_473_600
# No expiry lies after the year 9999, so a larger number is not in seconds: 11 to 13 figures are milliseconds, 14 to 16 are microseconds,
# and 17 are microseconds of Chromium's clock.
_MILLISECONDS, _MICROSECONDS, _CHROMIUM = 1e11, 1e14, 1e16
# A longer number than this is no longer a time.
_MOST_FIGURES = 18

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DELIMITERS = re.compile(r"[\t\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?![0-9])")
_DAY = re.compile(r"([0-9]{1,2})(?![0-9])")
_YEAR = re.compile(r"([0-9]{2,4})(?![0-9])")
_LONGEST_DATE = 100


def cookie_date(text: str) -> float | None:
    """The moment that an `Expires` attribute names, in Unix seconds, or None where browsers would ignore it.

    Read as browsers do (RFC 6265, section 5.1.1, the same in the draft RFC 6265bis). `email.utils` would lose dates
    that browsers take, such as those with hyphens and two figures for the year.
    """
    time = day = month = year = None
    for token in _DELIMITERS.split(text[:_LONGEST_DATE]):
        if time is None and (found := _TIME.match(token)):
            time = int(found[1]), int(found[2]), int(found[3])
        elif day is None and (found := _DAY.match(token)):
            day = int(found[1])
        elif month is None and token[:3].lower() in _MONTHS:
            month = _MONTHS.index(token[:3].lower()) + 1
        elif year is None and (found := _YEAR.match(token)):
            year = int(found[1])
    if time is None or day is None or month is None or year is None:
        return None
    if year < 100:
        year += 1900 if year >= 70 else 2000
    try:
        return datetime(year, month, day, time[0], time[1], time[2], tzinfo=UTC).timestamp() if year >= 1601 else None
    except ValueError:
        return None


def max_age(text: str) -> int | None:
    """The seconds of a `Max-Age` attribute, or None where browsers would ignore it (RFC 6265, section 5.2.2)."""
    return int(text[:_MOST_FIGURES]) if re.fullmatch(r"-?[0-9]+", text, re.ASCII) and text != "-" else None


def moment(found: object) -> float | None:
    """An expiry as a file writes it, in Unix seconds; SESSION where it ends with the session, None where it cannot be read.

    Numbers may be seconds, milliseconds or microseconds since 1970, or microseconds since 1601. Text may be any of
    these, an ISO date, or a cookie date.
    """
    if found is None:
        return SESSION
    if isinstance(found, bool):
        return None
    if isinstance(found, str):
        text = found.strip()
        if text.casefold() in ("", "session"):
            return SESSION
        if not re.fullmatch(r"-?[0-9.]{1,40}", text, re.ASCII):
            date = iso(text)
            date = cookie_date(text) if date is None else date
            # 1 January 1970, which deletes a cookie, must not pass for the end of the session.
            return None if date is None else max(date, SESSION + 1)
        found = text
    if not isinstance(found, str | SupportsFloat):
        return None
    try:
        number = float(found)
    except (ValueError, OverflowError):
        return None
    return _in_seconds(number) if math.isfinite(number) else None


def iso(text: object) -> float | None:
    """An ISO 8601 moment in Unix seconds; without a zone it is taken as UTC. None where it is no such moment."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text.strip()[:_LONGEST_DATE])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _in_seconds(number: float) -> float:
    if number <= 0:
        return SESSION
    if number >= _CHROMIUM:
        return max(number / 1e6 - _CHROMIUM_CLOCK, SESSION)
    if number >= _MICROSECONDS:
        return number / 1e6
    return number / 1e3 if number >= _MILLISECONDS else number
