"""What a visitor answered on a consent banner, read from the cookie in which the banner keeps the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from p2p_toolkit.consent.cookies import Choice

# Browsers refuse a cookie of more than 4,096 bytes (RFC 6265bis, a draft, section 5.6); twice that leaves room for escapes.
LONGEST_VALUE = 8192

# Of each tool the terms that are read. Whatever else a value holds is never passed on: sites and visitors write it.
COOKIEYES = ("necessary", "functional", "analytics", "performance", "advertisement")
COOKIEBOT = ("necessary", "preferences", "statistics", "marketing")
ONETRUST = ("C0001", "C0002", "C0003", "C0004", "C0005")
GOVUK_PUBLISHING = ("essential", "settings", "usage", "campaigns")
GOVUK_DESIGN_SYSTEM = ("essential", "functional", "analytics")
COOKIESCRIPT = ("strict", "functionality", "performance", "targeting")
COMPLIANZ = ("functional", "preferences", "statistics", "statistics-anonymous", "marketing")
C15T = ("necessary", "functionality", "experience", "measurement", "marketing")
# Where a site names its categories itself, these names are usual.
USUAL = (
    "necessary", "essential", "functional", "functionality", "preferences", "settings", "analytics", "analytical", "statistics",
    "performance", "measurement", "marketing", "advertising", "advertisement", "ads", "targeting", "social", "social media",
)  # fmt: skip

_YES = {"yes", "true", "1", "on", "allow", "accepted", "accept"}
_NO = {"no", "false", "0", "off", "deny", "revoked", "reject"}


def recorded(name: str, value: str, at: int) -> Choice | None:
    """The answer that a cookie holds, or None where it is no consent cookie or holds none that can be read.

    `value` is looked at and let go: the answer holds only terms that are declared in this module. `at` is the number
    of the message. A banner's own setting before the visitor has answered is no answer.
    """
    decoder = DECODERS.get(name)
    if decoder is None or len(value) > LONGEST_VALUE:
        return None
    found = decoder(_unquoted(value))
    if found is None or not found[1]:
        return None
    scheme, terms, rest = found
    return Choice(name, scheme, terms, rest, at)


# The scheme, the terms, and what holds for the rest.
_Found = tuple[str, Mapping[str, bool], bool | None] | None


def _cookieyes(value: str) -> _Found:
    fields = _fields(value, ",", ":")
    # Until the visitor answers, the banner keeps its own setting there.
    if fields.get("action", "yes") != "yes":
        return None
    return "cookieyes", _answers(fields, COOKIEYES), None


def _cookiebot(value: str) -> _Found:
    # Not JSON: the names stand without quotation marks. An implied answer was given by nobody.
    fields = dict(re.findall(r"([a-z]+)\s*:\s*'?([a-z]+)", value))
    if fields.get("method", "explicit") != "explicit":
        return None
    return "cookiebot", _answers(fields, COOKIEBOT), None


def _onetrust(value: str) -> _Found:
    fields = _fields(value, "&", "=")
    if fields.get("interactionCount") == "0":
        return None
    return "onetrust", _answers(_fields(unquote(fields.get("groups", "")), ",", ":"), ONETRUST), None


def _govuk(value: str) -> _Found:
    fields = _object(value)
    if set(fields) & (set(GOVUK_PUBLISHING) - set(GOVUK_DESIGN_SYSTEM)):
        return "govuk-publishing", _answers(fields, GOVUK_PUBLISHING), None
    return "govuk-design-system", _answers(fields, GOVUK_DESIGN_SYSTEM), None


def _vanilla(value: str) -> _Found:
    allowed = _object(value).get("categories")
    if not isinstance(allowed, list):
        return None
    terms = {name: True for name in USUAL if name in allowed}
    return "", terms, False if len(terms) == len(allowed) else None


def _civic(value: str) -> _Found:
    fields = _object(value)
    answers = fields.get("optionalCookies")
    if not isinstance(answers, dict) or fields.get("interactedWith") is False:
        return None
    return "", _answers({name.casefold(): answer for name, answer in answers.items()}, USUAL), None


def _cookiescript(value: str) -> _Found:
    fields = _object(value)
    allowed = fields.get("categories")
    if isinstance(allowed, str):
        # A list that was written as JSON twice.
        allowed = _json(allowed)
    if not isinstance(allowed, list):
        if fields.get("action") != "reject":
            return None
        allowed = []
    return "cookiescript", {"strict": True} | {name: name in allowed for name in COOKIESCRIPT[1:]}, None


def _c15t(value: str) -> _Found:
    # It writes down what was allowed, and leaves out what was not.
    fields = _fields(value, ",", ":")
    if "c.necessary" not in fields:
        return None
    return "c15t", {name: fields.get(f"c.{name}") == "1" for name in C15T}, None


def _complianz(term: str) -> Callable[[str], _Found]:
    # Of its words only this one has a meaning of its own; the others mean what they usually do.
    scheme = "complianz" if term == "functional" else ""
    return lambda value: (scheme, _answers({term: value}, COMPLIANZ), None)


# By the name of the cookie. A new banner is one line here.
DECODERS: Mapping[str, Callable[[str], _Found]] = {
    "cookieyes-consent": _cookieyes,
    "CookieConsent": _cookiebot,
    "OptanonConsent": _onetrust,
    "cookies_policy": _govuk,
    "cc_cookie": _vanilla,
    "CookieControl": _civic,
    "CookieScriptConsent": _cookiescript,
    "c15t": _c15t,
    **{f"cmplz_{term}": _complianz(term) for term in COMPLIANZ},
}


def _unquoted(value: str) -> str:
    """The value without the escapes and quotation marks in which it may be wrapped, some of them twice."""
    for _ in range(2):
        value = unquote(value).strip().removeprefix('"').removesuffix('"')
    return value


def _answers(fields: Mapping[str, Any], terms: Iterable[str]) -> dict[str, bool]:
    said = {term: str(fields[term]).strip().casefold() for term in terms if isinstance(fields.get(term), str | bool | int)}
    return {term: word in _YES for term, word in said.items() if word in _YES or word in _NO}


def _fields(value: str, between: str, after_name: str) -> dict[str, str]:
    pairs = (part.partition(after_name) for part in value.split(between))
    return {name.strip(): answer.strip() for name, _, answer in pairs}


def _object(value: str) -> dict[str, Any]:
    found = _json(value)
    return found if isinstance(found, dict) else {}


def _json(text: str) -> Any:
    try:
        # WordPress and others put a backslash before each quotation mark.
        return json.loads(text.replace('\\"', '"') if text.startswith('{\\"') else text)
    except (ValueError, RecursionError):
        return None
