"""The shipped facts, guarded like code: valid, sourced, linked, in our own words, one spelling for each name."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from copied import copied

from p2p_toolkit import kinds, search, store, words
from p2p_toolkit.fields import complete, fields_of
from p2p_toolkit.kinds import KINDS, Kind
from p2p_toolkit.library import Library, open_library
from p2p_toolkit.store import Parsed

RECORDS = store.read_bundled()


def whole(one: Parsed) -> dict[str, Any]:
    return complete(fields_of(one.kind.record).shape, one.table)


def of(kind: str) -> list[Parsed]:
    return [one for one in RECORDS if one.kind.name == kind]


@pytest.fixture(scope="module")
def library() -> Library:
    return open_library()


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


@pytest.mark.parametrize(
    ("kind", "count"), [("case", 50), ("route", 43), ("objection", 34), ("principle", 32), ("category", 6), ("cookie", 241)]
)
def test_all_of_the_knowledge_is_there(kind: str, count: int) -> None:
    assert len(of(kind)) >= count


def test_the_index_and_the_files_hold_the_same(library: Library) -> None:
    assert Counter(one.kind.name for one in RECORDS) == {name: kind.size for name, kind in library.kinds.items()}
    for one in RECORDS:
        entry = library.get(one.kind.name, one.table["id"])
        assert entry is not None
        assert entry.fields == whole(one)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.name != "cookie"], ids=lambda kind: kind.name)
def test_every_source_is_pointed_to(kind: Kind) -> None:
    assert {
        one.table["id"]: kinds.unused_sources(one.kind, one.table) for one in of(kind.name) if kinds.unused_sources(one.kind, one.table)
    } == {}


@pytest.mark.parametrize("kind", ["case", "route", "objection"])
def test_there_are_at_least_four_other_ways_to_ask_for_a_record(kind: str) -> None:
    assert [one.table["id"] for one in of(kind) if len(one.table.get("aliases", ())) < 4] == []


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_names_are_unique_within_a_kind(kind: str) -> None:
    names = Counter(words.slug(one.table["name"]) if kind != "cookie" else one.table["name"] for one in of(kind))
    assert [name for name, count in names.items() if count > 1] == []


def test_a_summary_stands_alone_and_is_short() -> None:
    long = {f"{one.kind.name}:{one.table['id']}": len(one.table["summary"]) for one in RECORDS if len(one.table["summary"]) > 330}
    assert long == {}


def test_the_croydon_records_say_that_they_are_not_confirmed() -> None:
    for one in of("case"):
        if one.table["id"].startswith("croydon"):
            table = whole(one)
            assert table["toolkit"] == "unconfirmed"
            assert "not confirmed" in table["caveat"]


def test_cases_say_what_their_value_is_a_value_of() -> None:
    tables = [whole(one) for one in of("case")]
    assert [table["id"] for table in tables if (table["value_gbp"] is None) != (table["value_kind"] is None)] == []
    assert [table["id"] for table in tables if table["value_gbp"] is not None and not table["value_note"]] == []


def test_a_status_says_when_it_was_seen_or_why_that_is_not_known() -> None:
    tables = [whole(one) for one in of("case")]
    assert [table["id"] for table in tables if table["status"] and not (table["status_seen"] or table["status_note"])] == []


def test_law_carries_its_date_and_how_it_was_checked() -> None:
    for one in (*of("route"), *of("objection"), *of("category")):
        assert whole(one)["as_of"] <= "2026-11-22"


def test_the_routes_of_the_toolkit_have_precedents() -> None:
    used = {route["id"] for one in of("case") for route in whole(one)["routes"]}
    assert {"innovation-partnership", "alliance-contract", "light-touch", "grant", "asset-transfer", "psr-direct-award-c"} <= used


# Spellings that are easy to get wrong, and the one that is used.
ONE_SPELLING = {
    "Barnardos": "Barnardo's",
    "St Mungos": "St Mungo's",
    "Co-operative Councils Innovation Network": "Co-operative Councils' Innovation Network",
    "Cooperative Councils": "Co-operative Councils",
    "Find A Tender": "Find a Tender",
    "Contracts finder": "Contracts Finder",
    "GoLab": "GO Lab",
    "Co-production Network": "co-production network",
    "Procurement Act of 2023": "Procurement Act 2023",
    "Social Value Act of 2012": "Social Value Act 2012",
    "organization": "organisation",
    "commissionning": "commissioning",
    "color": "colour",
    "behavior": "behaviour",
    "center ": "centre ",
}


def test_names_and_words_have_one_spelling() -> None:
    found = [
        (one.kind.name, one.table["id"], wrong)
        for one in RECORDS
        for text in (*texts({**whole(one), "sources": []}),)
        for wrong in ONE_SPELLING
        if wrong in text
    ]
    assert found == []


def test_an_organisation_has_one_spelling() -> None:
    """Names that fold to the same words must be written the same way everywhere."""
    spellings: dict[str, set[str]] = {}
    for one in RECORDS:
        table = whole(one)
        named = [*table.get("partners", ()), *table.get("commissioners", ()), *(source["publisher"] or "" for source in table["sources"])]
        for name in named:
            spellings.setdefault(words.slug(name), set()).add(name)
    assert {slug: sorted(names) for slug, names in spellings.items() if len(names) > 1} == {}


@pytest.mark.skipif("P2P_NOTES" not in os.environ, reason="P2P_NOTES names no folder with the notes that the records were written from")
def test_no_sentence_was_copied() -> None:
    assert list(copied(Path(os.environ["P2P_NOTES"]))) == []


JARGON = re.compile(r"\b(CCG|ICB|VCSE|VCFSE|A&E|GP|GPs|MEAT|reg \d|s\.\d|regs \d)\b")


def test_prose_writes_abbreviations_out() -> None:
    found = {
        f"{one.kind.name}:{one.table['id']}": JARGON.findall(text)
        for one in RECORDS
        for text in kinds.prose_of(fields_of(one.kind.record), one.table)
        if JARGON.search(text)
    }
    assert found == {}


def test_synonyms_are_groups_of_different_phrases_and_many() -> None:
    groups = store.read_synonyms()
    assert len(groups) >= 250
    for group in groups:
        assert len({words.slug(phrase) for phrase in group}) == len(group), group
    held = Counter(words.slug(phrase) for group in groups for phrase in group)
    assert [phrase for phrase, count in held.items() if count > 2] == []


def test_a_group_of_synonyms_leads_to_words_of_the_data(library: Library) -> None:
    outside = [
        group
        for group in store.read_synonyms()
        if not any(all(library.frequencies([word]) for word in words.split(phrase)) for phrase in group)
    ]
    assert outside == []


@pytest.mark.parametrize("one", [one for one in RECORDS if one.kind.name != "cookie"], ids=lambda one: f"{one.kind.name}:{one.table['id']}")
def test_a_record_is_found_by_its_own_name(library: Library, one: Parsed) -> None:
    hits = search.find(library, one.table["name"], limit=3).hits
    assert one.table["id"] in [hit.entry.id for hit in hits if hit.entry.name == hits[0].entry.name]


@pytest.mark.parametrize("one", [one for one in RECORDS if one.kind.name != "cookie"], ids=lambda one: f"{one.kind.name}:{one.table['id']}")
def test_a_record_is_shown_by_its_kind_and_id(library: Library, one: Parsed) -> None:
    assert search.resolve(library, f"{one.kind.name}:{one.table['id']}")[0].id == one.table["id"]


def test_the_data_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in store.bundled_folder().glob("*.toml")) < 3_000_000


def test_the_guide_for_writers_names_every_field() -> None:
    guide = Path(store.bundled_folder() / "README.md").read_text(encoding="utf-8")
    missing = [f"{kind.name}.{field.name}" for kind in KINDS for field in fields_of(kind.record) if f"`{field.name}`" not in guide]
    assert missing == []
