"""What consent cookies record: each tool's own form is read, and nothing of a value but declared terms is passed on."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit.consent import choices
from p2p_toolkit.consent.choices import DECODERS, LONGEST_VALUE, recorded
from p2p_toolkit.consent.cookies import Choice
from p2p_toolkit.kinds.records import SCHEMES

ALLOWED = {"analytics": True, "marketing": False}

# As public samples show them, with other identifiers.
ANSWERS = [
    (
        "cookieyes-consent",
        "consentid:abc123,consent:yes,action:yes,necessary:yes,functional:no,analytics:yes,performance:no,advertisement:no,other:no",
        "cookieyes",
        {"necessary": True, "functional": False, "analytics": True, "performance": False, "advertisement": False},
        None,
    ),
    (
        "CookieConsent",
        "{stamp:'abc==',necessary:true,preferences:false,statistics:true,marketing:false,method:'explicit',ver:1,utc:1,region:'gb'}",
        "cookiebot",
        {"necessary": True, "preferences": False, "statistics": True, "marketing": False},
        None,
    ),
    ("cookieyes-consent", "consentid:abc,necessary:yes,analytics:no", "cookieyes", {"necessary": True, "analytics": False}, None),
    ("CookieConsent", "{necessary:true,statistics:false}", "cookiebot", {"necessary": True, "statistics": False}, None),
    (
        "OptanonConsent",
        "isGpcEnabled=0&datestamp=Sun+Nov+01&interactionCount=1&landingPath=NotLandingPage&groups=C0001%3A1%2CC0002%3A0%2CC0007%3A1%2CH42%3A1",
        "onetrust",
        {"C0001": True, "C0002": False},
        None,
    ),
    ("OptanonConsent", "groups=C0001:1,C0004:1,C0005:2", "onetrust", {"C0001": True, "C0004": True}, None),
    (
        "cookies_policy",
        '{"essential":true,"settings":false,"usage":true,"campaigns":false}',
        "govuk-publishing",
        {"essential": True, "settings": False, "usage": True, "campaigns": False},
        None,
    ),
    ("cookies_policy", '{"essential":true,"analytics":"no"}', "govuk-design-system", {"essential": True, "analytics": False}, None),
    (
        "cc_cookie",
        '{"categories":["necessary","analytics"],"revision":0,"data":null,"consentId":"abc","services":{"necessary":[]}}',
        "",
        {"necessary": True, "analytics": True},
        False,
    ),
    ("cc_cookie", '{"categories":["necessary","our own"],"revision":0}', "", {"necessary": True}, None),
    (
        "CookieControl",
        '{"necessaryCookies":["a"],"optionalCookies":{"analytics":"accepted","Marketing":"revoked","ours":"accepted"},"interactedWith":true}',
        "",
        ALLOWED,
        None,
    ),
    (
        "CookieScriptConsent",
        r'{"action":"accept","categories":"[\"performance\",\"unclassified\"]","key":"abc"}',
        "cookiescript",
        {"strict": True, "functionality": False, "performance": True, "targeting": False},
        None,
    ),
    (
        "CookieScriptConsent",
        '{"bannershown":1,"action":"reject"}',
        "cookiescript",
        {"strict": True, "functionality": False, "performance": False, "targeting": False},
        None,
    ),
    (
        "c15t",
        "c.necessary:1,c.measurement:1,i.t:1761991200000,i.sid:sub_abc",
        "c15t",
        {"necessary": True, "functionality": False, "experience": False, "measurement": True, "marketing": False},
        None,
    ),
    ("cmplz_marketing", "deny", "", {"marketing": False}, None),
    ("cmplz_statistics-anonymous", "allow", "", {"statistics-anonymous": True}, None),
]
WRAPPED = {
    "as it is": lambda value: value,
    "URL-encoded": quote,
    "URL-encoded twice": lambda value: quote(quote(value)),
    "in quotation marks": lambda value: f'"{value}"',
}


@pytest.mark.parametrize("wrapped", WRAPPED)
@pytest.mark.parametrize(("cookie", "value", "scheme", "terms", "rest"), ANSWERS)
def test_an_answer_is_read_as_each_tool_writes_it(
    cookie: str, value: str, scheme: str, terms: dict[str, bool], rest: bool | None, wrapped: str
) -> None:
    assert recorded(cookie, WRAPPED[wrapped](value), 7) == Choice(cookie, scheme, terms, rest, 7)


def test_an_answer_with_escaped_quotation_marks_is_read() -> None:
    assert recorded("cookies_policy", r"{\"essential\":true,\"usage\":false}", 0) == Choice(
        "cookies_policy", "govuk-publishing", {"essential": True, "usage": False}
    )


@pytest.mark.parametrize(
    ("cookie", "value"),
    [
        ("cookieyes-consent", "consentid:abc,consent:,action:,necessary:yes,functional:no"),
        ("CookieConsent", "{stamp:'-1',necessary:true,preferences:true,statistics:true,marketing:true,method:'implied'}"),
        ("CookieConsent", "0"),
        ("OptanonConsent", "interactionCount=0&groups=C0001:1,C0002:1"),
        ("CookieControl", '{"optionalCookies":{"analytics":"accepted"},"interactedWith":false}'),
        ("CookieControl", '{"optionalCookies":{},"interactedWith":true}'),
        ("CookieScriptConsent", '{"action":"accept"}'),
        ("c15t", "c15t"),
        ("cmplz_marketing", "perhaps"),
        ("_ga", "necessary:yes"),
    ],
)
def test_a_banner_that_was_not_answered_records_nothing(cookie: str, value: str) -> None:
    assert recorded(cookie, value, 0) is None


@pytest.mark.parametrize("cookie", DECODERS)
def test_a_value_that_is_too_long_is_not_looked_at(cookie: str) -> None:
    value = {found[0]: found[1] for found in ANSWERS}.get(cookie, "allow")
    assert recorded(cookie, value, 0)
    assert recorded(cookie, value + " " * LONGEST_VALUE, 0) is None


TERMS = {
    *choices.COOKIEYES, *choices.COOKIEBOT, *choices.ONETRUST, *choices.GOVUK_PUBLISHING, *choices.GOVUK_DESIGN_SYSTEM,
    *choices.COOKIESCRIPT, *choices.COMPLIANZ, *choices.C15T, *choices.USUAL,
}  # fmt: skip
PIECES = (
    '{"categories":[', '"necessary"', '{"optionalCookies":{', ":", ",", "&", "=", "[", "]", "{", "}", "true", '"accepted"', "yes",
    "groups=", "C0002:1", "%2C", "%7B", "'", "action", "statistics:true", "c.necessary:1", '\\"', "secret", "[" * 3000, "9" * 5000,
)  # fmt: skip


@given(st.sampled_from(sorted(DECODERS)), st.text(max_size=80) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_whatever_a_value_holds_only_declared_terms_come_out(cookie: str, value: str) -> None:
    found = recorded(cookie, value, 0)
    if found is not None:
        assert found.terms.keys() <= TERMS
        assert all(isinstance(answer, bool) for answer in found.terms.values())
        assert found.scheme in {"", *SCHEMES}


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_json_is_read_or_passed_over(document: object) -> None:
    for cookie in DECODERS:
        for found in (document, {"categories": document}, {"optionalCookies": document, "action": document}, {"essential": document}):
            recorded(cookie, json.dumps(found), 0)
