"""One right record of each kind, with whatever a test wants different."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from p2p_toolkit import kinds, library
from p2p_toolkit.consent.cookies import Row
from p2p_toolkit.library import Entry
from p2p_toolkit.store import Parsed

GOLDEN = Path(__file__).parent / "golden"
A_SOURCE = {"title": "A page", "publisher": "A council", "url": "https://example.org/page", "date": "2020-05"}


def a_record(**changes: Any) -> dict[str, Any]:
    return {
        "id": "somewhere",
        "name": "Somewhere",
        "summary": "A council and a charity work together [1].",
        "sources": [A_SOURCE],
        **changes,
    }


def a_case(**changes: Any) -> dict[str, Any]:
    return a_record(**{"places": ["Somewhere"], "nation": "england", "sectors": ["health"], "started": "2019-04", **changes})


def a_route(**changes: Any) -> dict[str, Any]:
    return a_record(**{"type": "procedure", "regimes": ["pa2023"], "nations": ["england"], "as_of": "2026-06-30", **changes})


def a_principle(**changes: Any) -> dict[str, Any]:
    return a_record(**{"family": "e3m", "meaning": "Both sides keep their word.", **changes})


def an_objection(**changes: Any) -> dict[str, Any]:
    return a_record(**{"verdict": "myth", "answer": "It is not so.", "when_right": "Sometimes it is.", "as_of": "2026-06-30", **changes})


def a_category(**changes: Any) -> dict[str, Any]:
    rest = {
        "type": "category",
        "purposes": ["Counting visits."],
        "default": "off",
        "locked": False,
        "consent_uk": "required",
        "consent_uk_note": ["Ask first."],
        "consent_eu": "required",
        "consent_eu_note": ["Ask first."],
        "if_refused": "Nothing changes for the visitor.",
        "as_of": "2026-11-22",
    }
    return a_record(**{**rest, **changes})


def a_cookie(**changes: Any) -> dict[str, Any]:
    rest = {
        "pattern": "_x",
        "platform": "Somebody",
        "category": "analytical",
        "purpose": "tells visitors apart",
        "storage": "cookie",
        "staff_only": False,
        "confidence": "high",
        "checked": "public-page",
    }
    return a_record(**{**rest, **changes})


A_RECORD_OF = {
    "case": a_case,
    "route": a_route,
    "objection": an_objection,
    "principle": a_principle,
    "category": a_category,
    "cookie": a_cookie,
}


def parsed(kind: str, table: dict[str, Any], library: str = "bundled") -> Parsed:
    described = kinds.kind_of(kind)
    assert kinds.check(described, table) == []
    return Parsed(library, f"{kind}.toml", described, kinds.tidy(described, table))


def toml(kind: str, table: dict[str, Any]) -> str:
    """A file with that record."""
    import tomli_w

    return tomli_w.dumps({kind: [table]})


def same_as_golden(name: str, text: str) -> bool:
    """Whether a whole answer is as it was. P2P_REWRITE=1 makes what it is now the answer to expect."""
    path = GOLDEN / name
    if os.environ.get("P2P_REWRITE") == "1":
        path.write_bytes(text.encode())
    return path.read_bytes().decode() == text


def entries(kind: str, *tables: dict[str, Any]) -> list[Entry]:
    """Those records as a library gives them."""
    return list(library.index_of(parsed(kind, table) for table in tables).all(kind))


def a_row(**changes: Any) -> Row:
    row = Row("_x", False, "analytical", provider="Somebody", purpose="tells visitors apart", retention="2 years", party="first")
    return row._replace(**changes)


# Those that come with p2p, in whose words visitors are told.
CATEGORIES = list(library.open_library().all("category"))

# A site's cookies: every category, and all that a page or a banner has to treat in a way of its own.
ROWS = (
    a_row(name="_ga", provider="Google Analytics"),
    a_row(name="_ga_*", pattern=True, provider="Google Analytics", purpose="keeps the state of a visit"),
    a_row(name="sessionid", category="necessary", provider="Django", purpose="keeps you signed in", retention="session"),
    a_row(name="cookies_policy", category="necessary", provider="", purpose="remembers your answer about cookies", retention="1 year"),
    a_row(name="lang", category="functional", provider="", purpose="remembers your language", retention="", path="/help"),
    a_row(name="yt-player", category="functional", provider="YouTube", purpose="", storage="local-storage", party="third"),
    a_row(
        name="^odd/[name]", category="functional", provider='A "maker" </script>', purpose="<b>bold</b> & on", domain="my.council.example"
    ),
    a_row(name="RT", category="performance", provider="Akamai mPulse", purpose="times the pages", retention="7 days"),
    a_row(name="IDE", category="advertisement", provider="Google", purpose="chooses adverts", domain="doubleclick.net", party="third"),
    a_row(name="xyz", category="unclassified", provider="", purpose="", retention="", party=""),
)
