"""The words for categories: ours, and those of other tools."""

from __future__ import annotations

import pytest
from builders import same_as_golden

from p2p_toolkit.consent.terms import OURS, explain, label, schemes, translate
from p2p_toolkit.errors import BadUsage, NotFound
from p2p_toolkit.library import Library, open_library


@pytest.fixture(scope="module")
def library() -> Library:
    return open_library()


@pytest.mark.parametrize(
    ("name", "scheme", "meant"),
    [
        ("analytical", "", ["analytical"]),
        ("statistics", "", ["analytical"]),
        ("analitycal", "", ["analytical"]),
        ("C0002", "", ["analytical", "performance"]),
        ("ad_user_data", "", ["advertisement"]),
        ("C0004", "onetrust", ["advertisement"]),
        ("c0002", "onetrust", ["analytical", "performance"]),
        ("Functional", "complianz", ["necessary"]),
        ("Functional", "open-cookie-database", ["necessary", "functional", "performance"]),
        ("functional", "p2p", ["functional"]),
    ],
)
def test_what_a_name_means(library: Library, name: str, scheme: str, meant: list[str]) -> None:
    assert [one.entry.id for one in explain(library, name, scheme).found] == meant


@pytest.mark.parametrize(
    ("name", "scheme", "note"),
    [
        ("functional", "", "In Complianz and Jetpack 'functional' means necessary here."),
        ("performance", "", "means analytical and performance here."),
        ("statistics", "", "In Cookiebot 'statistics' means analytical and performance here."),
        ("C0002", "", "'C0002' is a word of OneTrust. It covers analytical and performance here."),
        ("Performance", "onetrust", "It is not the same as p2p's own category performance."),
        ("C0004", "onetrust", "'C0004' is a word of OneTrust: advertisement here."),
    ],
)
def test_a_word_that_means_different_things_says_so(library: Library, name: str, scheme: str, note: str) -> None:
    assert note in " ".join(explain(library, name, scheme).notes)


@pytest.mark.parametrize("name", ["necessary", "audience measurement", "advertisement"])
def test_a_word_that_means_one_thing_needs_no_remark(library: Library, name: str) -> None:
    assert explain(library, name).notes == []


@pytest.mark.parametrize(
    ("term", "source", "target", "mapped"),
    [
        ("C0002", "onetrust", "cookiebot", [("analytical", ("statistics",)), ("performance", ("statistics",))]),
        ("functional", "complianz", OURS, [("necessary", ("necessary",))]),
        ("analytical", OURS, "google-consent-mode", [("analytical", ("analytics_storage",))]),
        ("marketing", "cookiebot", "onetrust", [("advertisement", ("C0004", "Targeting", "C0005", "Social Media"))]),
        ("necessary", OURS, "consent-o-matic", [("necessary", ())]),
    ],
)
def test_one_tools_term_in_anothers_words(
    library: Library, term: str, source: str, target: str, mapped: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert [(one.category.id, one.after) for one in translate(library, term, source, target)] == mapped


def test_every_term_of_every_tool_can_be_said_in_our_words(library: Library) -> None:
    for entry in library.all("category"):
        for named in entry.fields["schemes"]:
            for term in named["names"]:
                assert entry.id in [one.category.id for one in translate(library, term, named["scheme"], OURS)]


def test_what_nobody_calls_so(library: Library) -> None:
    told = []
    asked = [
        ("C0009", "onetrust"),
        ("c002", "onetrust"),
        ("x", "onetrst"),
        ("zzzqqq", ""),
        ("counting people", ""),
        ("_ga", ""),
        ("_gac_x", ""),
    ]
    for name, scheme in asked:
        with pytest.raises((BadUsage, NotFound)) as raised:
            explain(library, name, scheme)
        error = raised.value
        told.append(f"{name!r}, {scheme!r}: {error.message}\n  {error.hint}\n  {', '.join(error.suggestions)}")
    assert same_as_golden("no-such-term.txt", "\n".join(told) + "\n")


def test_what_a_word_covers_is_said_whole(library: Library) -> None:
    words = [
        ("functional", ""), ("performance", ""), ("statistics", ""), ("C0002", ""), ("Performance", "onetrust"), ("C0004", "onetrust"),
        ("Functional", "open-cookie-database"), ("marketing", ""), ("analytical", ""),
    ]  # fmt: skip
    told = []
    for name, scheme in words:
        meant = explain(library, name, scheme)
        found = ", ".join(f"{one.entry.id}{'' if one.right else ', perhaps'}" for one in meant.found)
        told += [f"{name!r}, {scheme!r}: {found}", *(f"  {note}" for note in meant.notes)]
    assert same_as_golden("terms.txt", "\n".join(told) + "\n")


def test_every_tool_has_a_name_for_people(library: Library) -> None:
    assert [scheme for scheme in schemes(library) if label(library, scheme) == scheme] == ["c15t"]
