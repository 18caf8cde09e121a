"""Dates, sums and standing remarks in words, the same wherever they are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from p2p_toolkit.render.answer import joined

ADVICE = "Information, not legal advice."
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")

_MARKERS = re.compile(r"\s?\[\d{1,3}\]")


def law_as_of(fields: Mapping[str, Any], label: str = "Law as of") -> str:
    """The day that the law in a record is described as of, as a sentence; empty where a draft does not say it."""
    return f"{label} {human_date(fields['as_of'])}." if fields.get("as_of") else ""


def human_date(date: str) -> str:
    """2019-04-01 as "1 April 2019", 2019-04 as "April 2019"."""
    parts = date.split("-")
    month = MONTHS[int(parts[1]) - 1] if len(parts) > 1 else ""
    day = str(int(parts[2])) if len(parts) > 2 else ""
    return joined((day, month, parts[0]), " ")


def human_sum(value: int, unit: str) -> str:
    """1250000 pounds as "£1.25m"; a figure that would have to be rounded is given in full."""
    for size, letter in ((1_000_000_000, "bn"), (1_000_000, "m")):
        if value >= size and value * 1000 % size == 0:
            return f"{unit}{f'{value / size:.3f}'.rstrip('0').rstrip('.')}{letter}"
    return f"{unit}{value:,}"


def without_markers(text: str) -> str:
    """Prose without its source markers, for places where the sources are not shown."""
    return _MARKERS.sub("", text)
