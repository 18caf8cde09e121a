"""Which category a cookie belongs to: what decides, what only suggests, and when nothing is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from builders import a_category, a_cookie, parsed, same_as_golden
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit import library
from p2p_toolkit.consent.rules import CONFIDENCE, RULES, Rules, Verdict
from p2p_toolkit.consent.sites import covers
from p2p_toolkit.library import open_library

SHIPPED = Rules(open_library())
CATEGORIES = ("necessary", "functional", "analytical", "performance", "advertisement", "unclassified")
NO_CLUES = {"route finder": {}, "cookie clues": {"clues": [], "makers": []}}


def of(*cookies: dict[str, Any], own: tuple[dict[str, Any], ...] = (), clues: tuple[dict[str, Any], ...] = ()) -> Rules:
    """The rules of a library with these cookies, the user's own among them, and these clues."""
    records = [parsed("category", a_category(id=id, name=id)) for id in CATEGORIES]
    records += [parsed("cookie", a_cookie(**{"id": f"c{place}", **cookie})) for place, cookie in enumerate(cookies)]
    records += [parsed("cookie", a_cookie(**{"id": f"own{place}", **cookie}), "mine") for place, cookie in enumerate(own)]
    signs = ("names", "begins", "words", "inside", "domains", "unless")
    plain = [
        {"id": f"clue{place}", **{sign: [] for sign in signs}, "platform": None, "why": "Because.", **clue}
        for place, clue in enumerate(clues)
    ]
    return Rules(library.index_of(records, rules={**NO_CLUES, "cookie clues": {"clues": plain, "makers": []}}))


def told(verdict: Verdict) -> tuple[str, str]:
    return verdict.category, verdict.rule


@pytest.mark.parametrize(
    ("cookie", "domain", "category", "rule"),
    [
        ("_ga", "", "analytical", "exact"),
        ("_ga_ABC123", "", "analytical", "pattern"),
        ("_gac_UA-1", "", "advertisement", "pattern"),
        ("_GA", "", "unclassified", "none"),
        ("x_ga", "", "unclassified", "none"),
        ("PHPSESSID", "", "necessary", "exact"),
        ("SESS0123456789abcdef0123456789abcdef", "", "necessary", "pattern"),
        ("SESSabc", "", "unclassified", "none"),
        ("TS01a1b2c3", "", "necessary", "pattern"),
        ("TS01-other", "", "necessary", "name-clue"),
        ("__cf_bm", "cdn.example.com", "necessary", "exact"),
        ("m", "", "unclassified", "none"),
        ("m", "m.stripe.com", "necessary", "exact-domain"),
        ("m", "example.gov.uk", "unclassified", "none"),
        ("fr", "www.facebook.com", "advertisement", "exact-domain"),
        ("sid", "", "unclassified", "none"),
        ("messages", "www.example.gov.uk", "unclassified", "none"),
        ("lang", "www.linkedin.com", "functional", "exact-domain"),
        ("lang", "", "functional", "name-clue"),
        ("sessionid", "www.instagram.com", "unclassified", "none"),
        ("JSESSIONID", "bam.nr-data.net", "performance", "domain-clue"),
        ("_ga", "www.google.com", "analytical", "exact"),
        ("whatever", "ad.doubleclick.net", "advertisement", "domain-clue"),
        ("my_csrf_token", "", "necessary", "name-clue"),
        ("ad_session", "", "advertisement", "name-clue"),
        ("zq81", "", "unclassified", "none"),
        ("", "", "unclassified", "none"),
    ],
)
def test_shipped_records_and_clues(cookie: str, domain: str, category: str, rule: str) -> None:
    assert told(SHIPPED.classify(cookie, domain)) == (category, rule)


def whole(rules: Rules, cookie: str, domain: str, foreign: bool | None) -> str:
    verdict = rules.classify(cookie, domain, foreign=foreign)
    place = {None: "", True: ", another site's", False: ", the site's own"}[foreign]
    record = f" (record {verdict.record.id})" if verdict.record else ""
    lines = [
        f"{verdict.cookie!r} on {verdict.domain!r}{place}: {verdict.category}, {verdict.confidence}, by {verdict.rule}{record}",
        f"  {verdict.platform or 'nobody'}: {verdict.why}",
        *(f"  or {one.category}: {one.why}" for one in verdict.could_be),
    ]
    return "\n".join(lines)


def test_what_is_told_of_a_cookie() -> None:
    rules = of(
        {"pattern": "_ga", "platform": "Counter"},
        {"pattern": "_ga*", "category": "advertisement", "platform": "Seller"},
        {"pattern": "_g*", "category": "advertisement", "platform": "Seller"},
        {"pattern": "token", "generic": True, "category": "necessary", "platform": "Some program"},
        {"pattern": "lang", "category": "functional", "domains": ["a.example", "b.example"], "platform": "Two sites"},
        {"pattern": "PHPSESSID", "category": "necessary", "party": "first", "platform": "PHP"},
        {"pattern": "chat*", "category": "necessary", "platform": "Chat", "generic": True},
        clues=(
            {"words": ["basket"], "category": "necessary", "why": "It keeps a basket."},
            {"words": ["stats"], "category": "analytical", "why": "It counts.", "platform": "Counter"},
            {"words": ["session", "chat"], "category": "necessary", "why": "It keeps a visit together."},
            {"words": ["thing"], "category": "unclassified", "why": "A thing can be anything."},
            {"domains": ["ads.example"], "category": "advertisement", "why": "It sells adverts.", "platform": "Ads"},
            {"domains": ["needs.example"], "category": "necessary", "why": "It lets people in.", "platform": "Gate"},
        ),
    )
    asked = [
        ("_ga", ""), ("_ga1", ""), ("token", ""), ("Token", ""), ("lang", ""), ("lang", ".A.example."), ("PHPSESSID", ""), ("stats", ""),
        ("session", ""), ("session-stats", ""),
        ("basket-stats", ""), ("thing", ""), ("chatter", ""), ("chat-1", ""), ("stats", "ads.example"),
        ("session", "x.needs.example"), ("nothing", ""), ("", ""), ("_g" + "x" * 5_000, ""), ("_g\n", ""),
    ]  # fmt: skip
    away = [
        ("PHPSESSID", "x.example"),
        ("session", "x.example"),
        ("stats", "x.example"),
        ("session", "needs.example"),
        ("_ga", "ads.example"),
    ]
    here = [("stats", "ads.example"), ("PHPSESSID", "x.example"), ("token", "ads.example")]
    told = [
        whole(rules, cookie, domain, foreign) for some, foreign in ((asked, None), (away, True), (here, False)) for cookie, domain in some
    ]
    assert same_as_golden("verdicts.txt", "\n".join(told).replace("x" * 5_000, "xxx") + "\n")


def test_an_exact_name_comes_before_a_pattern_and_the_longer_pattern_before_the_shorter() -> None:
    rules = of(
        {"pattern": "_a*", "category": "functional"},
        {"pattern": "_ab*", "category": "performance"},
        {"pattern": "_abc", "category": "analytical"},
    )
    assert [rules.classify(name).category for name in ("_abc", "_abx", "_axx")] == ["analytical", "performance", "functional"]


def test_a_name_on_its_domain_comes_before_the_name_alone() -> None:
    rules = of({"pattern": "abcd", "category": "necessary"}, {"pattern": "abcd", "category": "advertisement", "domains": ["ads.example"]})
    assert told(rules.classify("abcd")) == ("necessary", "exact")
    assert told(rules.classify("abcd", "x.ads.example")) == ("advertisement", "exact-domain")
    assert [one.category for one in rules.classify("abcd").could_be] == ["advertisement"]


def test_a_pattern_on_its_domain_says_so() -> None:
    assert told(of({"pattern": "ab*", "domains": ["a.example"]}).classify("abc", "a.example")) == ("analytical", "pattern-domain")


def test_a_record_of_ones_own_comes_before_a_bundled_one_that_is_as_exact() -> None:
    rules = of(
        {"pattern": "_abc", "category": "analytical"},
        own=({"pattern": "_abc", "category": "necessary"}, {"pattern": "_a*", "category": "functional"}),
    )
    assert rules.classify("_abc").category == "necessary"
    assert rules.classify("_abd").category == "functional"


def test_a_less_exact_record_of_ones_own_leaves_the_bundled_one_in_force() -> None:
    rules = of({"pattern": "_abc", "category": "analytical"}, own=({"pattern": "_a*", "category": "functional"},))
    assert rules.classify("_abc").category == "analytical"


def test_an_ordinary_name_decides_nothing_but_says_what_it_could_be() -> None:
    verdict = of({"pattern": "token", "generic": True, "category": "necessary", "platform": "Some program"}).classify("token")
    assert told(verdict) == ("unclassified", "none")
    assert [tuple(one) for one in verdict.could_be] == [("necessary", "Known from Some program, as token.")]


def test_a_name_that_differs_in_capital_letters_is_a_hint_and_no_more() -> None:
    verdict = of({"pattern": "AbCd"}).classify("abcd")
    assert verdict.category == "unclassified"
    assert "Only capital letters tell it from AbCd" in verdict.why


def test_what_another_site_needs_is_not_called_necessary_here() -> None:
    rules = of(
        {"pattern": "PHPSESSID", "category": "necessary", "party": "first"}, clues=({"words": ["session"], "category": "necessary"},)
    )
    for cookie in ("PHPSESSID", "my-session"):
        verdict = rules.classify(cookie, "widget.example", foreign=True)
        assert verdict.category == "unclassified"
        assert [one.category for one in verdict.could_be] == ["necessary"]
    assert rules.classify("PHPSESSID", "www.example.gov.uk", foreign=False).category == "necessary"


def test_a_clue_by_domain_says_nothing_about_the_visited_site_itself() -> None:
    rules = of(clues=({"domains": ["ads.example"], "category": "advertisement"},))
    assert rules.classify("x", "ads.example").category == "advertisement"
    assert rules.classify("x", "ads.example", foreign=False).category == "unclassified"


@pytest.mark.parametrize(
    ("clue", "fits", "fits_not"),
    [
        ({"words": ["dark"]}, ["dark-mode", "darkMode", "DARK_mode", "x.dark"], ["darker", "adark", "darkmode"]),
        ({"begins": ["mp_"]}, ["mp_abc", "mp_"], ["MP_abc", "x_mp_"]),
        ({"inside": ["csrf"]}, ["csrfToken", "my-cs-rf", "XCSRF"], ["csr"]),
        ({"names": ["_cb"]}, ["_cb", "__Host-_cb"], ["_cbx", "_CB"]),
        ({"words": ["consent"], "unless": ["uid"]}, ["consent"], ["consent_uid"]),
    ],
    ids=str,
)
def test_how_a_clue_fits(clue: dict[str, Any], fits: list[str], fits_not: list[str]) -> None:
    rules = of(clues=({"category": "functional", **clue},))
    assert [name for name in fits if rules.classify(name).category != "functional"] == []
    assert [name for name in fits_not if rules.classify(name).category == "functional"] == []


@pytest.mark.parametrize(
    "cookie",
    [
        "hubspot_session",
        "ga_session",
        "session_count",
        "sessionReplay",
        "ad_session_id",
        "last_login",
        "abandoned_cart",
        "csrf_analytics",
        "consent_ads",
        "lb_tracking",
    ],
)
def test_a_name_that_also_speaks_of_tools_and_counting_is_never_called_necessary(cookie: str) -> None:
    assert SHIPPED.classify(cookie).category != "necessary"


def test_a_clue_for_necessary_and_one_against_it_leave_a_cookie_unclassified() -> None:
    rules = of(clues=({"words": ["csrf"], "category": "necessary"}, {"words": ["stats"], "category": "analytical"}))
    verdict = rules.classify("csrf_stats")
    assert (verdict.category, [one.category for one in verdict.could_be]) == ("unclassified", ["necessary", "analytical"])


def test_the_first_clue_that_fits_decides() -> None:
    rules = of(clues=({"words": ["ad"], "category": "advertisement"}, {"words": ["session"], "category": "necessary"}))
    assert rules.classify("ad_session").category == "advertisement"


@pytest.mark.parametrize(
    ("domain", "host", "covered"), [("a.uk", "a.uk", True), ("a.uk", "x.a.uk", True), ("a.uk", "ba.uk", False), ("x.a.uk", "a.uk", False)]
)
def test_a_domain_covers_itself_and_what_is_below(domain: str, host: str, covered: bool) -> None:
    assert covers(domain, host) is covered


@pytest.mark.parametrize("entry", list(open_library().all("cookie")), ids=lambda entry: entry.id)
def test_every_shipped_record_is_found_by_its_own_name(entry: Any) -> None:
    """On its domain, where it has one; an ordinary name without a domain decides nothing."""
    fields = entry.fields
    filling = {"hex-32": "0123456789abcdef" * 2, "hex": "0a1b"}.get(fields["star"], "x1")
    name = fields["pattern"].replace("*", filling)
    verdict = SHIPPED.classify(name, fields["domains"][0] if fields["domains"] else "")
    if fields["generic"]:
        assert verdict.record is None
    else:
        assert verdict.record is not None
        assert (verdict.category, verdict.confidence) == (fields["category"], fields["confidence"])


def test_very_short_names_are_bound_to_a_domain() -> None:
    """Three letters stand for too many things; a leading underscore or dot makes a name somebody's own."""
    loose = [
        entry.id
        for entry in open_library().all("cookie")
        if len(entry.fields["pattern"]) <= 3
        and entry.fields["pattern"][0].isalpha()
        and not (entry.fields["domains"] or entry.fields["generic"])
    ]
    assert loose == []


anything = st.text(max_size=60)
RULES_OF_EACH: Callable[[str, str], Verdict] = SHIPPED.classify


@given(anything, anything)
def test_any_text_gets_one_of_the_answers(cookie: str, domain: str) -> None:
    verdict = RULES_OF_EACH(cookie, domain)
    assert verdict.category in CATEGORIES
    assert verdict.rule in RULES
    assert verdict.confidence in CONFIDENCE
    assert (verdict.category == "unclassified") == (verdict.rule == "none")


@given(st.text(alphabet="*aA._-", min_size=1, max_size=12), st.text(alphabet="aA._-", max_size=12))
def test_a_pattern_fits_as_a_shell_would_have_it(pattern: str, name: str) -> None:
    from fnmatch import fnmatchcase

    fits = of({"pattern": pattern, "platform": "x"}).classify(name).rule != "none"
    assert fits is fnmatchcase(name, pattern)
