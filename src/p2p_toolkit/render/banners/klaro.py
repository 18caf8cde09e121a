"""Klaro 0.7: a script that sets `klaroConfig`, which Klaro looks for when it is loaded (dist/config.js of the package)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from p2p_toolkit import words
from p2p_toolkit.consent.cookies import Row
from p2p_toolkit.consent.rules import NECESSARY
from p2p_toolkit.library import Entry
from p2p_toolkit.render.banners.script import Code, comment, expression, literal
from p2p_toolkit.render.banners.sorting import Banner, clearable, lasting, not_cleared, own, sort
from p2p_toolkit.render.banners.wording import ABOVE, ACCEPT, ASK, CHOOSE, CLOSE, REJECT, SAVE, TITLE
from p2p_toolkit.render.terminal import safe
from p2p_toolkit.render.visitors import Group

OWN = own("klaro", "Klaro", "120 days")

_LONGEST_SLUG = 60
# Klaro itself looks for cookies on the site's own host only.
_HOST = Code("klaroHost")
_FIND_HOST = """// Statistics tools store their cookies on the host without www.
var klaroHost = location.hostname.replace(/^www\\./, "");
"""


def banner(rows: Sequence[Row], categories: Sequence[Entry], today: str) -> Banner:
    """A service for each provider in each category; the category is its purpose."""
    sorted = sort(rows, categories, OWN)
    services = [service for group in sorted.groups for service in _services(group)]
    config = {
        "version": 1,
        "lang": "en",
        # What stands in services is text from files, never HTML.
        "htmlTexts": False,
        "groupByPurpose": True,
        "purposeOrder": [group.id for group in sorted.groups],
        "default": False,
        "optOut": False,
        "mustConsent": False,
        "acceptAll": True,
        "hideDeclineAll": False,
        "translations": {"en": _texts(sorted.groups)},
        "services": services,
    }
    top = comment(
        (
            f"Configuration for Klaro 0.7, made by p2p on {today}. Read it before you publish it, and load it before Klaro.",
            'Each script that sets optional cookies needs type="text/plain" data-type="application/javascript" data-name="...", with the',
            "name of its service below.",
            ABOVE,
            "Set privacyPolicyUrl in translations.en to the address of your cookie page.",
        )
    )
    return Banner((top, _FIND_HOST, f"var klaroConfig = {literal(config)};\n"), (*sorted.notes, *not_cleared(sorted.optional)))


def _services(group: Group) -> Iterable[dict[str, Any]]:
    by_title: dict[str, list[Row]] = {}
    for row in group.rows:
        by_title.setdefault(_title(row), []).append(row)
    names: set[str] = set()
    for title, rows in by_title.items():
        # The name is looked for in the page's attributes, and kept in the visitor's answer.
        first = f"{group.id}-{words.slug(title)[:_LONGEST_SLUG] or 'other'}"
        name = first if first not in names else f"{first}-{len(names) + 1}"
        names.add(name)
        yield {
            "name": name,
            "title": title,
            "description": " ".join(_described(row) for row in rows),
            "purposes": [group.id],
            "required": group.id == NECESSARY,
            "default": False,
            "optOut": False,
            "cookies": [_cookie(row) for row in rows if clearable(row)],
        }


def _title(row: Row) -> str:
    provider = " ".join(safe(row.provider).split())
    return provider or ("This site" if row.party == "first" else "Provider not known")


def _described(row: Row) -> str:
    return " ".join(safe(f"{row.name}{':' if row.purpose else ''} {lasting(row)}".strip() + ".").split())


def _cookie(row: Row) -> dict[str, str | Code]:
    """Klaro takes a string for a regular expression if it begins with `^`, else for a whole name (src/consent-manager.js).

    With a domain it tries the host itself, too (src/utils/cookies.js).
    """
    pattern = expression(row.name) if row.pattern or row.name.startswith("^") else row.name
    return {"pattern": pattern, "path": row.path or "/", "domain": row.domain or _HOST}


def _texts(groups: Sequence[Group]) -> dict[str, Any]:
    return {
        "consentNotice": {"title": TITLE, "description": ASK, "learnMore": CHOOSE},
        "consentModal": {"title": TITLE, "description": ASK},
        "ok": ACCEPT,
        "acceptAll": ACCEPT,
        "decline": REJECT,
        "acceptSelected": SAVE,
        "save": SAVE,
        "close": CLOSE,
        "purposes": {group.id: {"title": safe(group.words.title), "description": safe(group.words.text)} for group in groups},
    }
