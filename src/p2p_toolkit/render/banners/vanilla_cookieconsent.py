"""vanilla-cookieconsent 3.1: a JavaScript module with its configuration (types/index.d.ts of the package)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from p2p_toolkit.consent.cookies import LOCAL_STORAGE, Row
from p2p_toolkit.consent.rules import NECESSARY
from p2p_toolkit.library import Entry
from p2p_toolkit.render.banners.script import Expression, comment, expression, literal
from p2p_toolkit.render.banners.sorting import Banner, clearable, not_cleared, number, own, sort
from p2p_toolkit.render.banners.wording import ABOVE, ACCEPT, ASK, CHOOSE, CLOSE, REJECT, SAVE, TITLE
from p2p_toolkit.render.formats import hypertext
from p2p_toolkit.render.visitors import Group, lasts

OWN = own("cc_cookie", "vanilla-cookieconsent", "182 days")

_HEADERS = {"name": "Name", "provider": "Provider", "purpose": "What it is for", "retention": "How long it lasts"}


def banner(rows: Sequence[Row], categories: Sequence[Entry], today: str) -> Banner:
    """The configuration for `CookieConsent.run`: visitors opt in, and what they withdraw from is cleared."""
    sorted = sort(rows, categories, OWN)
    config = {
        "mode": "opt-in",
        # Raised by hand when visitors have to be asked again.
        "revision": 0,
        "guiOptions": {"consentModal": {"equalWeightButtons": True}, "preferencesModal": {"equalWeightButtons": True}},
        "categories": {group.id: _category(group) for group in sorted.groups},
        "language": {"default": "en", "translations": {"en": _texts(sorted.groups)}},
    }
    top = comment(
        (
            f"Configuration for vanilla-cookieconsent 3.1, made by p2p on {today}. Read it before you publish it.",
            'Each script that sets optional cookies needs type="text/plain" data-category="analytical", or whichever category it is.',
            ABOVE,
            "Raise the revision when a category or a cookie is added: visitors are then asked again.",
        )
    )
    notes = (*sorted.notes, number(OWN), *not_cleared(sorted.optional))
    return Banner((top, f"export default {literal(config)};\n"), notes)


def _category(group: Group) -> dict[str, Any]:
    if group.id == NECESSARY:
        return {"enabled": True, "readOnly": True}
    # The page is loaded again because a script that has started goes on, and would set its cookies anew.
    return {"enabled": False, "autoClear": {"cookies": list(_cleared(group.rows)), "reloadPage": True}}


def _cleared(rows: Iterable[Row]) -> Iterable[dict[str, Any]]:
    """Without a domain the package tries the host itself and, for `www.`, the one above; with a domain only that."""
    for row in filter(clearable, rows):
        item = {"name": Expression(expression(row.name)) if row.pattern else row.name}
        if row.path not in ("", "/"):
            item["path"] = row.path
        yield item
        if row.domain:
            yield {**item, "domain": row.domain}


def _texts(groups: Sequence[Group]) -> dict[str, Any]:
    buttons = {"acceptAllBtn": ACCEPT, "acceptNecessaryBtn": REJECT}
    return {
        "consentModal": {"title": TITLE, "description": ASK, **buttons, "showPreferencesBtn": CHOOSE},
        "preferencesModal": {
            "title": TITLE,
            **buttons,
            "savePreferencesBtn": SAVE,
            "closeIconLabel": CLOSE,
            "sections": [_section(group) for group in groups],
        },
    }


def _section(group: Group) -> dict[str, Any]:
    """The package puts titles, texts and cells into the page as HTML, so they are escaped here."""
    return {
        "title": hypertext(group.words.title),
        "description": hypertext(group.words.text),
        "linkedCategory": group.id,
        "cookieTable": {"headers": _HEADERS, "body": [_cells(row) for row in group.rows]},
    }


def _cells(row: Row) -> dict[str, str]:
    name = f"{row.name} (local storage)" if row.storage == LOCAL_STORAGE else row.name
    cells = {"name": name, "provider": row.provider, "purpose": row.purpose, "retention": lasts(row)}
    return {key: hypertext(cell) or "not known" for key, cell in cells.items()}
