"""The shapes of answers about the cookies of a site."""

from __future__ import annotations

from p2p_toolkit import kinds
from p2p_toolkit.consent.audit import ADDED, CHANGED, GONE
from p2p_toolkit.consent.cookies import FORMATS
from p2p_toolkit.consent.rules import CONFIDENCE, RULES
from p2p_toolkit.kinds.records import Category, Cookie
from p2p_toolkit.render.schemas.shapes import Shape, count, flag, listed, maybe, table, text, word

# What the record of a cookie says; null where no record decided.
_OF_RECORD = kinds.members(Cookie, "pattern", "purpose", "retention", "party", "storage", "staff_only", "note", "checked", known=())
_PARTY, _STORAGE = _OF_RECORD["party"], _OF_RECORD["storage"]

FORMAT = word("a kind of file", list(FORMATS))
COOKIE: dict[str, Shape] = {
    "kind": {"description": "what it is", "const": "cookie"},
    "id": maybe(text("the id of the record that decided; null where none did")),
    "name": text("the name of the cookie"),
    "library": maybe(text("whose record decided: bundled, or the folder of your own library")),
    "cookie": text("the name of the cookie"),
    "domain": maybe(text("the domain it is stored under")),
    "category": text("the id of its category; unclassified where nothing decides"),
    "confidence": word("how sure that is", list(CONFIDENCE)),
    "rule": word("what decided", list(RULES)),
    "why": text("the reason, in words"),
    "platform": maybe(text("the program or service that sets it")),
    "could_be": listed("what else it could be", table({"category": text("the id of a category"), "why": text("the reason")})),
    "sources": kinds.members(Cookie, "sources")["sources"],
    **{name: shape for name, shape in _OF_RECORD.items() if name not in ("party", "storage")},
    **kinds.members(Category, "consent_uk", "consent_eu"),
}
CLASSIFIED = {**COOKIE, "party": _PARTY, "storage": _STORAGE}
AUDITED = {
    **COOKIE,
    "usual_party": _PARTY,
    "usual_storage": _STORAGE,
    "path": maybe(text("the path it is for")),
    "storage": word("where the browser keeps it", ["cookie", "local-storage"]),
    "lifetime": maybe(count("how long it lasts, in seconds; 0 until the browser is closed")),
    "left": flag("whether these seconds are counted from when the file was saved"),
    "lasts": maybe(text("how long it lasts, in words")),
    "longer": maybe(flag("whether it lasts longer than usual")),
    "party": maybe(word("whose it is: the site's own or another one's", ["first", "third"])),
    "host_only": maybe(flag("whether it is not for hosts below its domain")),
    "http_only": maybe(flag("whether scripts cannot read it")),
    "secure": maybe(flag("whether it is sent over encrypted connections only")),
    "same_site": maybe(word("whether it is sent along from other sites", ["strict", "lax", "none"])),
    "site": maybe(text("the host of the page that was visited")),
    "set_by": maybe(text("the host whose answer set it, or that it was sent to")),
    "refused": maybe(text("the name of the cookie that says that the visitor had refused its category")),
    "early": flag("whether it was there before the visitor had answered the banner"),
}
CHANGE = table(
    {
        "what": word("what became of the cookie", [ADDED, GONE, CHANGED]),
        "cookie": text("its name"),
        "domain": text("its domain; may be empty"),
        "category": text("the id of its category"),
        "how": listed("how it changed", text("a change, in words")),
    }
)
SKIPPED = table({"where": text("the place in the file"), "why": text("why it was left out")})
ROW: dict[str, Shape] = {
    "kind": {"description": "what it is", "const": "cookie"},
    "name": text("the name of the cookie, or a pattern of names"),
    "pattern": flag("whether * in the name stands for any run of characters"),
    "category": text("the id of its category; unclassified where nobody has decided"),
    "domain": text("the domain it is stored under, where that is not the site's own; may be empty"),
    "path": text("the path it is for; may be empty"),
    "provider": text("the program or service that sets it; may be empty"),
    "purpose": text("what it is for, in words for visitors; may be empty"),
    "retention": text("how long it lasts, in words for visitors; may be empty"),
    "party": word("whose it is: the site's own or another one's; may be empty", ["first", "third", ""]),
    "storage": word("where the browser keeps it", ["cookie", "local-storage"]),
}
