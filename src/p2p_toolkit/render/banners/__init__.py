"""A site's cookies as the configuration of the banner that it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from p2p_toolkit.consent.cookies import Row
from p2p_toolkit.library import Entry
from p2p_toolkit.render import TABLE
from p2p_toolkit.render.answer import Answer
from p2p_toolkit.render.banners import c15t, django_cookie_consent, klaro, vanilla_cookieconsent
from p2p_toolkit.render.banners.sorting import Banner

__all__ = ["BANNERS", "Banner", "answer"]

# By target, functions from the rows, the categories in their order, and the date of today as YYYY-MM-DD.
BANNERS: Mapping[str, Callable[[Sequence[Row], Sequence[Entry], str], Banner]] = {
    "vanilla-cookieconsent": vanilla_cookieconsent.banner,
    "klaro": klaro.banner,
    "c15t": c15t.banner,
    "django-cookie-consent": django_cookie_consent.banner,
}


def answer(target: str, rows: Sequence[Row], categories: Sequence[Entry], today: str, query: Mapping[str, Any]) -> Answer:
    """A banner's configuration as text, and the lines it was made from for machines. `target` is one of BANNERS."""
    made = BANNERS[target](rows, categories, today)
    return Answer(
        command="consent export",
        query=query,
        results=[{"kind": "cookie", **row._asdict()} for row in rows],
        total=len(rows),
        documents={TABLE: lambda _: made.pieces},
        notes=made.notes,
        more={"configuration": "".join(made.pieces), "notes": list(made.notes)},
    )
