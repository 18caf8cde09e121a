"""django-cookie-consent 1.0: a fixture for `manage.py loaddata`, with natural keys (cookie_consent/models.py)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from p2p_toolkit.consent.cookies import COOKIE, Row
from p2p_toolkit.consent.rules import NECESSARY
from p2p_toolkit.library import Entry
from p2p_toolkit.render.banners.script import as_json
from p2p_toolkit.render.banners.sorting import Banner, lasting, named, own, sort
from p2p_toolkit.render.terminal import safe
from p2p_toolkit.render.visitors import Group

OWN = own("cookie_consent", "django-cookie-consent", "1 year")

# The lengths of the fields of its models.
LONGEST_VARNAME = 32
LONGEST_TITLE = 100
LONGEST_NAME = 250


def banner(rows: Sequence[Row], categories: Sequence[Entry], today: str) -> Banner:
    """Groups and their cookies. Names are exact there, so patterns are left out.

    `today` becomes the time of their making: the package asks visitors again about a group that has a newer cookie than their answer.
    """
    sorted = sort(rows, categories, OWN)
    made = f"{today}T00:00:00Z"
    every = [row for group in sorted.groups for row in group.rows]
    left = {
        "Patterns, and left out, because names are exact there": [row for row in every if row.pattern],
        "In local storage, and left out": [row for row in every if row.storage != COOKIE],
        "With a name that its tables cannot hold, and left out": [row for row in every if row.storage == COOKIE and not _fits(row)],
    }
    again = "Loading a fixture of a later day asks every visitor again, because its cookies then count as new."
    notes = [*sorted.notes, *(named(why, found) for why, found in left.items() if found), again]
    fixture = [record for place, group in enumerate(sorted.groups) for record in _records(group, place, made)]
    return Banner((as_json(fixture, indent=2), "\n"), tuple(notes))


def _fits(row: Row) -> bool:
    return 0 < len(row.name) <= LONGEST_NAME and len(row.domain) <= LONGEST_NAME and safe(row.name + row.domain) == row.name + row.domain


def _records(group: Group, place: int, made: str) -> Iterable[dict[str, Any]]:
    varname = group.id[:LONGEST_VARNAME]
    yield {
        "model": "cookie_consent.cookiegroup",
        "fields": {
            "varname": varname,
            "name": safe(group.words.title)[:LONGEST_TITLE],
            "description": safe(group.words.text),
            "is_required": group.id == NECESSARY,
            "is_deletable": group.id != NECESSARY,
            "ordering": place,
            "created": made,
        },
    }
    # One for each natural key.
    held = {(row.name, row.domain): row for row in group.rows if row.storage == COOKIE and not row.pattern and _fits(row)}
    for row in held.values():
        yield {
            "model": "cookie_consent.cookie",
            "fields": {
                "cookiegroup": [varname],
                "name": row.name,
                "domain": row.domain,
                "path": safe(row.path) or "/",
                "description": safe(lasting(row)),
                "created": made,
            },
        }
