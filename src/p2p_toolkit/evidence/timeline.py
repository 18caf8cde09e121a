"""When the cases ran: what is known of their years, and what is not."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from p2p_toolkit.library import Entry

# What a stretch or a moment of a case can be, besides one of the words for its status, which marks its end.
RAN, MAYBE, AHEAD, BEGAN, NO_END = "ran", "maybe", "ahead", "began", "no-end"
RUNNING, PLANNED, ENDED = "running", "planned", "ended"

SORTS = ("started", "ended", "status", "id", "name")


class Span(NamedTuple):
    """A case and its dates, as its record has them; None is what is not known. `draft` is what a draft still lacks."""

    id: str
    name: str
    library: str
    started: str | None
    ended: str | None
    status: str | None
    status_seen: str | None
    draft: Sequence[str] = ()

    @property
    def dated(self) -> bool:
        return bool(self.started or self.ended)


class Stretch(NamedTuple):
    """From when to when something holds of a case, in years such as 2019.25; a moment where both are the same."""

    what: str
    start: float
    end: float


def span(entry: Entry) -> Span:
    """The dates of a record of the kind case."""
    dates = (entry.fields[name] for name in ("started", "ended", "status", "status_seen", "draft"))
    return Span(entry.id, entry.name, entry.library, *dates)


def in_order(spans: Iterable[Span], sort: str, statuses: Sequence[str]) -> list[Span]:
    """The spans by one of SORTS, with "-" before it the other way round; those without any date stand last.

    `statuses` are the words for a status in the order in which they are to stand.
    """
    name = sort.removeprefix("-")

    def key(one: Span) -> tuple[float, str]:
        value = getattr(one, name)
        if name == "status":
            return (statuses.index(value), "")
        return (first_day(value), "") if name in ("started", "ended") else (0, value.casefold())

    found = list(spans)
    known = sorted((one for one in found if getattr(one, name) is not None), key=key, reverse=sort.startswith("-"))
    # Cases that lack the field stand behind the others, whichever way round.
    ordered = known + [one for one in found if getattr(one, name) is None]
    return [one for one in ordered if one.dated] + [one for one in ordered if not one.dated]


def stretches(one: Span, today: str) -> list[Stretch]:
    """What is known of a case along the years, up to today.

    A date that gives only the year or month begins on its first day and ends on its last. That a case is running
    is known up to the date of the source that shows it, and no further.
    """
    now = first_day(today)
    start = first_day(one.started) if one.started else None
    end = last_day(one.ended) if one.ended else None
    if start is None:
        return [] if end is None else [Stretch(_closing(one), end, end)]
    if one.status == PLANNED or start > now:
        return [Stretch(PLANNED, start, start), *_ahead(start, end)]
    if end is not None and (end <= now or one.status not in (None, RUNNING)):
        # What ended this year, on a day that is not known, has ended by today.
        end = min(end, now)
        return [Stretch(RAN, start, max(start, end)), Stretch(_closing(one), end, end)]
    seen = first_day(one.status_seen) if one.status_seen else None
    if one.status == RUNNING:
        sure = [Stretch(BEGAN, start, start)] if seen is None else [Stretch(RAN, start, _between(start, seen, now))]
        return [*sure, Stretch(MAYBE, sure[-1].end, now), Stretch(RUNNING, now, now), *_ahead(now, end)]
    if one.status is None:
        return [Stretch(BEGAN, start, start), *_ahead(now, end)]
    # It is over, and the latest source only shows that it was over by then.
    until = start if seen is None else _between(start, seen, now)
    return [Stretch(BEGAN, start, start), Stretch(MAYBE, start, until), Stretch(NO_END, until, until)]


def first_day(date: str) -> float:
    """The first day of a date YYYY, YYYY-MM or YYYY-MM-DD, in years."""
    return _in_years(datetime.date.fromisoformat(date + "-01-01"[len(date) - 4 :]))


def last_day(date: str) -> float:
    """The last day of a date YYYY, YYYY-MM or YYYY-MM-DD, in years."""
    year, month, day = ([int(part) for part in date.split("-")] + [0, 0])[:3]
    if day:
        return first_day(date)
    if month in (0, 12):
        return _in_years(datetime.date(year, 12, 31))
    return _in_years(datetime.date(year, month + 1, 1) - datetime.timedelta(days=1))


def _in_years(day: datetime.date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 366


def _between(start: float, moment: float, now: float) -> float:
    return min(max(start, moment), now)


def _closing(one: Span) -> str:
    """The sign of an end with a date. A record may give the end, and a status from before it."""
    return ENDED if one.status in (None, RUNNING, PLANNED) else one.status


def _ahead(start: float, end: float | None) -> list[Stretch]:
    """What is still to come, where an end is set for it."""
    return [] if end is None else [Stretch(AHEAD, start, max(start, end))]
