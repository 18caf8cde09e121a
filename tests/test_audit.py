"""What the cookies in files come to: categories, whose they are, refusals, and what changed since an earlier file."""

from __future__ import annotations

from typing import Any

import pytest

from p2p_toolkit.consent.audit import Audit, Audited, audit, lasts, rows
from p2p_toolkit.consent.cookies import Choice, Reading, Row, Seen, Skipped
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


@pytest.mark.parametrize(
    ("domain", "category"),
    [("", "necessary"), (SITE, "necessary"), ("static.example.gov.uk", "necessary"), ("widget.example", "unclassified")],
)
def test_what_another_site_needs_is_not_called_necessary(library: Library, domain: str, category: str) -> None:
    assert only(found(library, reading(Seen("PHPSESSID", domain)))).verdict.category == category


@pytest.mark.parametrize(("site", "category"), [("", "advertisement"), ("ad.doubleclick.net", "unclassified"), (SITE, "advertisement")])
def test_a_domain_says_something_unless_it_is_the_sites_own(library: Library, site: str, category: str) -> None:
    assert only(found(library, reading(Seen("qwx7", "ad.doubleclick.net"), site=site))).verdict.category == category


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


def test_nobody_can_refuse_what_is_necessary(library: Library) -> None:
    choice = Choice("cc", "", {"necessary": False, "analytical": False}, at=2)
    audited = found(library, reading(Seen("PHPSESSID", last=5), Seen("qwx7", last=5), Seen("_ga", last=5), choices=(choice,)))
    assert [(one.seen.name, one.refused, one.early) for one in audited.cookies] == [
        ("PHPSESSID", "", False),
        ("_ga", "cc", True),
        ("qwx7", "", False),
    ]


def test_a_banner_without_a_scheme_may_say_our_words_or_anybodys(library: Library) -> None:
    for term in ("analytical", "Analytical", "statistics", "C0002", "Website usage"):
        choice = Choice("cc", "", {term: False})
        assert bool(only(found(library, reading("_ga", choices=(choice,)))).refused) == (term != "Website usage"), term


def test_the_words_of_another_tool_are_not_a_banners_own(library: Library) -> None:
    choice = Choice("CookieConsent", "cookiebot", {"analytical": False, "C0002": False})
    assert only(found(library, reading("_ga", choices=(choice,)))).refused == ""


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


def test_two_files_add_up(library: Library) -> None:
    skipped = Skipped("line 7", "it has no name")
    first = reading(Seen("_ga", SITE), Seen("_fbp", "x.example"), notes=("No lifetimes.",), skipped=(skipped,), choices=(REFUSED["govuk"],))
    second = reading("_gid", Seen("_ga", SITE, lifetime=DAY), format="names", site="", notes=("No domains.", "No lifetimes."))
    audited = found(library, first, second)
    assert (audited.site, audited.formats, audited.answered) == (SITE, ("har", "names"), True)
    assert (audited.skipped, audited.notes) == ((skipped,), ("No lifetimes.", "No domains."))
    assert [(one.seen.name, one.seen.lifetime, one.party) for one in audited.cookies] == [
        ("_ga", DAY, "first"),
        ("_gid", None, ""),
        ("_fbp", None, "third"),
    ]
    assert found(library, reading("_ga", site="")).site == ""


@pytest.mark.parametrize("turned", [False, True])
def test_what_either_file_knows_of_a_cookie_is_kept(library: Library, turned: bool) -> None:
    # Refused, early and of the site in one file; how long it lasts in the other, which does not say whose site it is.
    choice = REFUSED["govuk"]._replace(at=1)
    pair = [
        reading(Seen("_ga", SITE, first=0, last=3), choices=(choice,)),
        reading(Seen("_ga", SITE, lifetime=DAY), site="", format="netscape"),
    ]
    one = only(found(library, *(reversed(pair) if turned else pair)))
    assert (one.party, one.refused, one.early, one.seen.lifetime) == ("first", "cookies_policy", True, DAY)


def test_the_lifetime_that_was_seen_first_counts(library: Library) -> None:
    assert only(found(library, reading(Seen("_ga", lifetime=DAY)), reading(Seen("_ga", lifetime=YEAR)))).seen.lifetime == DAY


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


@pytest.mark.parametrize(
    ("before", "now", "how"),
    [
        (Seen("_ga", lifetime=100), Seen("_ga", lifetime=111), ()),
        (Seen("_ga", lifetime=100 * DAY), Seen("_ga", lifetime=112 * DAY), ("lasts 112 days, was 100 days",)),
        (Seen("_ga", lifetime=100 * DAY), Seen("_ga", lifetime=50 * DAY, left=True), ()),
        (Seen("_ga", lifetime=100 * DAY, left=True), Seen("_ga", lifetime=50 * DAY), ()),
        (Seen("_ga", lifetime=0), Seen("_ga", lifetime=DAY), ("lasts 1 day, was session",)),
        (Seen("_ga", http_only=True), Seen("_ga", http_only=False), ("HttpOnly: no, was yes",)),
        (Seen("_ga", same_site="lax"), Seen("_ga", same_site="none"), ("SameSite: none, was lax",)),
        (Seen("_ga", same_site="lax"), Seen("_ga"), ()),
    ],
)
def test_how_a_cookie_changed(library: Library, before: Seen, now: Seen, how: tuple[str, ...]) -> None:
    assert changes(library, reading(before), reading(now)) == ([("changed", "_ga", how)] if how else [])


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        ("x.example", "y.example", False),
        ("x.example", "", True),
        ("static.example.gov.uk", SITE, True),
        (SITE, "x.example", False),
    ],
)
def test_a_cookie_of_another_site_is_the_same_on_its_own_domain_alone(library: Library, before: str, now: str, same: bool) -> None:
    compared = found(library, reading(Seen("_fbp", now)), earlier=reading(Seen("_fbp", before)))
    assert [(change.what, change.cookie, change.domain, change.category) for change in compared.changes or ()] == (
        [] if same else [("added", "_fbp", now, "advertisement"), ("gone", "_fbp", before, "advertisement")]
    )


def test_the_site_that_is_named_is_that_of_the_earlier_file_too(library: Library) -> None:
    before, now = reading(Seen("_ga", "a.example.org")), reading(Seen("_ga", "b.example.org"))
    assert found(library, now, earlier=before, site="example.org").changes == ()


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


def test_a_line_of_a_page_in_full(library: Library) -> None:
    seen = [Seen("_ga", SITE, path="/", lifetime=0), Seen("IDE", "doubleclick.net", "/x"), Seen("qwx7", storage="local-storage")]
    assert rows(found(library, reading(*seen))) == [
        Row("_ga", False, "analytical", "", "/", "Google Analytics", "Counts visitors by a unique number", "session", "first"),
        Row("IDE", False, "advertisement", "doubleclick.net", "/x", "Google DoubleClick", "Recognises a browser for adverts", "", "third"),
        Row("qwx7", False, "unclassified", storage="local-storage"),
    ]


def test_a_line_says_what_the_record_says_without_its_markers(library: Library) -> None:
    [row] = rows(found(library, reading(Seen("IDE", "doubleclick.net"))))
    assert (row.category, row.party, row.domain) == ("advertisement", "third", "doubleclick.net")
    assert "[" not in row.purpose
    assert row.purpose
