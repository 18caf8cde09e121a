"""What the cookies in files come to: categories, whose they are, refusals, and what changed since an earlier file."""

from __future__ import annotations

from typing import Any

import pytest

from p2p_toolkit.consent.audit import Audit, Audited, audit, lasts, rows
from p2p_toolkit.consent.cookies import Choice, Reading, Seen
from p2p_toolkit.consent.lifetimes import DAY, YEAR
from p2p_toolkit.library import Library, open_library

SITE = "www.example.gov.uk"


@pytest.fixture(scope="module")
def library() -> Library:
    return open_library()


def reading(*cookies: Seen | str, format: str = "har", site: str = SITE, **rest: Any) -> Reading:
    return Reading(format, tuple(Seen(one) if isinstance(one, str) else one for one in cookies), site=site, **rest)


def found(library: Library, *readings: Reading, earlier: Reading | None = None, site: str = "") -> Audit:
    return audit(library, readings, site, earlier)


def only(audited: Audit) -> Audited:
    [one] = audited.cookies
    return one


def test_cookies_stand_in_the_order_of_the_categories_and_unclassified_ones_last(library: Library) -> None:
    audited = found(library, reading("qwx7", "_fbp", "_ga", "PHPSESSID"))
    assert [one.seen.name for one in audited.cookies] == ["PHPSESSID", "_ga", "_fbp", "qwx7"]


@pytest.mark.parametrize(
    ("domain", "site", "party"),
    [("static.example.gov.uk", "", "first"), ("example.org", "", "third"), ("", "", ""), ("example.org", "example.org", "first")],
)
def test_party_goes_by_the_site_that_was_visited_or_named(library: Library, domain: str, site: str, party: str) -> None:
    assert only(found(library, reading(Seen("_ga", domain)), site=site)).party == party


@pytest.mark.parametrize(("lifetime", "longer"), [(2 * YEAR, False), (5 * YEAR, True), (None, None)])
def test_a_lifetime_is_held_against_what_is_usual(library: Library, lifetime: int | None, longer: bool | None) -> None:
    assert only(found(library, reading(Seen("_ga", lifetime=lifetime)))).longer is longer


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (Seen("a"), ""),
        (Seen("a", lifetime=0), "session"),
        (Seen("a", lifetime=DAY), "1 day"),
        (Seen("a", lifetime=DAY, left=True), "1 day more"),
    ],
)
def test_how_long_a_cookie_was_seen_to_last(library: Library, seen: Seen, words: str) -> None:
    assert lasts(only(found(library, reading(seen)))) == words


# What a visitor had answered.

REFUSED = {
    "cookieyes": Choice("cookieyes-consent", "cookieyes", {"necessary": True, "analytics": False, "advertisement": True}),
    "cookiebot": Choice("CookieConsent", "cookiebot", {"necessary": True, "statistics": False, "marketing": True}),
    "onetrust": Choice("OptanonConsent", "onetrust", {"C0001": True, "C0002": False, "C0004": True}),
    "govuk": Choice("cookies_policy", "govuk-publishing", {"essential": True, "usage": False, "campaigns": True}),
    "vanilla": Choice("cc_cookie", "", {"necessary": True, "marketing": True}, rest=False),
}


@pytest.mark.parametrize("tool", REFUSED)
def test_a_cookie_that_was_refused_is_set_against_the_refusal(library: Library, tool: str) -> None:
    audited = found(library, reading("_ga", "_fbp", "PHPSESSID", choices=(REFUSED[tool],)))
    assert {one.seen.name: one.refused for one in audited.cookies} == {"PHPSESSID": "", "_ga": REFUSED[tool].cookie, "_fbp": ""}
    assert audited.fails


def test_what_holds_for_names_that_are_not_told_may_be_unknown(library: Library) -> None:
    choice = Choice("cc_cookie", "", {"necessary": True}, rest=None)
    assert not any(one.refused for one in found(library, reading("_ga", choices=(choice,))).cookies)


def test_what_one_banner_refuses_and_another_allows_is_not_held_against_the_site(library: Library) -> None:
    allowed = Choice("CookieConsent", "cookiebot", {"statistics": True})
    assert only(found(library, reading("_ga", choices=(REFUSED["govuk"], allowed)))).refused == ""


@pytest.mark.parametrize(("last", "refused"), [(2, ""), (3, "cookies_policy"), (9, "cookies_policy")])
def test_only_what_is_seen_after_the_refusal_counts(library: Library, last: int, refused: str) -> None:
    choice = REFUSED["govuk"]._replace(at=3)
    assert only(found(library, reading(Seen("_ga", last=last), choices=(choice,)))).refused == refused


def test_a_later_answer_takes_the_place_of_an_earlier_one(library: Library) -> None:
    later = Choice("cookies_policy", "govuk-publishing", {"usage": True}, at=5)
    assert only(found(library, reading(Seen("_ga", last=7), choices=(REFUSED["govuk"], later)))).refused == ""


@pytest.mark.parametrize(("first", "early"), [(0, True), (3, False)])
def test_what_is_set_before_the_answer_is_early(library: Library, first: int, early: bool) -> None:
    choice = REFUSED["govuk"]._replace(at=3)
    audited = found(library, reading(Seen("_ga", first=first, last=first), Seen("PHPSESSID", first=0), choices=(choice,)))
    assert {one.seen.name: one.early for one in audited.cookies} == {"PHPSESSID": False, "_ga": early}


def test_without_an_answer_nothing_is_refused_or_early(library: Library) -> None:
    audited = found(library, reading("_ga"))
    assert (audited.answered, only(audited).refused, only(audited).early, audited.fails) == (False, "", False, False)


def test_an_unclassified_cookie_fails_the_strict_audit(library: Library) -> None:
    assert found(library, reading("qwx7")).fails


# Several files, and an earlier one.


def test_several_files_are_one_list_and_what_one_does_not_know_another_tells(library: Library) -> None:
    audited = found(library, reading(Seen("_ga", SITE)), reading(Seen("_ga", SITE, lifetime=DAY), "PHPSESSID"))
    assert [(one.seen.name, one.seen.lifetime) for one in audited.cookies] == [("PHPSESSID", None), ("_ga", DAY)]


def test_a_refusal_of_one_file_outlives_the_merging(library: Library) -> None:
    audited = found(library, reading("_ga", choices=(REFUSED["govuk"],)), reading(Seen("_ga", lifetime=DAY)))
    assert only(audited).refused == "cookies_policy"


def changes(library: Library, before: Reading, now: Reading) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(change.what, change.cookie, change.how) for change in found(library, now, earlier=before).changes or ()]


def test_what_is_new_gone_and_changed_since_an_earlier_file(library: Library) -> None:
    before = reading(Seen("_ga", SITE, lifetime=2 * YEAR, secure=False), Seen("_gid", SITE), Seen("PHPSESSID", SITE))
    now = reading(Seen("_ga", SITE, lifetime=YEAR, secure=True), Seen("_fbp", SITE), Seen("PHPSESSID", SITE))
    assert changes(library, before, now) == [
        ("added", "_fbp", ()),
        ("gone", "_gid", ()),
        ("changed", "_ga", ("lasts 1 year, was 2 years", "Secure: yes, was no")),
    ]


def test_what_one_file_does_not_know_is_no_change(library: Library) -> None:
    assert changes(library, reading("_ga", format="names", site=""), reading(Seen("_ga", SITE, lifetime=YEAR, http_only=True))) == []


def test_cookies_of_one_pattern_are_the_same_cookie(library: Library) -> None:
    assert changes(library, reading(Seen("_ga_AAA", SITE)), reading(Seen("_ga_BBB", SITE))) == []


def test_without_an_earlier_file_there_are_no_changes_to_tell(library: Library) -> None:
    assert found(library, reading("_ga")).changes is None


# The lines of a cookie page.


def test_a_page_has_one_line_for_a_pattern_and_none_for_what_staff_alone_get(library: Library) -> None:
    audited = found(library, reading(Seen("_ga_AAA", SITE), Seen("_ga_BBB", SITE), "UMB_PREVIEW", Seen("_ga", SITE, lifetime=YEAR)))
    assert [(row.name, row.pattern, row.retention, row.party, row.domain) for row in rows(audited)] == [
        ("_ga_*", True, "2 years, renewed at each visit", "first", ""),
        ("_ga", False, "1 year", "first", ""),
    ]


def test_a_name_that_a_banner_could_not_match_is_given_as_it_was_seen(library: Library) -> None:
    name = "SESS" + "0123456789abcdef" * 2
    assert [(row.name, row.pattern) for row in rows(found(library, reading(name)))] == [(name, False)]


def test_a_line_says_what_the_record_says_without_its_markers(library: Library) -> None:
    [row] = rows(found(library, reading(Seen("IDE", "doubleclick.net"))))
    assert (row.category, row.party, row.domain) == ("advertisement", "third", "doubleclick.net")
    assert "[" not in row.purpose
    assert row.purpose
