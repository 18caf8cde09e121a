"""Words to ranked hits."""

from __future__ import annotations

import sqlite3

import pytest
from builders import a_case, a_route, parsed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from p2p_toolkit import library, search, words
from p2p_toolkit.errors import NotFound
from p2p_toolkit.library import Library, indexing, places_in, searched
from p2p_toolkit.search.sums import Planes, Summed, add, at_least, best, planes_of

WORDS = "oldham croydon social prescribing homes alliance barnardos children innovation trust statistics the of zebra quixotic".split()


def ids(library: Library, query: str, **options: object) -> list[str]:
    return [hit.entry.id for hit in search.find(library, query, **options).hits]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("oldham", "oldham"),
        ("OLDHAM", "oldham"),
        ("oldahm", "oldham"),
        ("odlham", "oldham"),
        ("oldhm", "oldham"),
        ("aldham", "oldham"),
        ("old", "oldham"),
        ("prescribing oldham", "oldham"),
        ("socialprescribing", "oldham"),
        ("leicester shire", "leicestershire"),
        ("leicestrshire childen", "leicestershire"),
        ("Barnardos", "leicestershire"),
        ("barnardo\u2019s", "leicestershire"),
        ("who in croydon helps old people?", "croydon"),
        ("innovations partnership", "innovation"),
        ("leicestersh", "leicestershire"),
    ],
)
def test_what_people_type_finds_the_record_first(small: Library, query: str, first: str) -> None:
    assert ids(small, query)[0] == first


@pytest.mark.parametrize("query", ["", " ", "the of and", "zzzqqq", "xq", "!!!", "*", '"', "AND OR NOT", "-x", "\U0001f600", "qwrtp sdfgh"])
def test_nonsense_finds_nothing(small: Library, query: str) -> None:
    found = search.find(small, query)
    assert (found.hits, found.total) == ([], 0)


def test_the_reason_travels_with_the_hit(small: Library) -> None:
    [hit] = search.find(small, "oldahm").hits
    assert hit.matches == (search.Match("oldahm", "oldham", "typo", hit.score),)
    assert 65 <= hit.score < 90


@given(query=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_shares_of_a_hit_add_up_to_its_score(small: Library, query: str) -> None:
    for hit in search.find(small, query).hits:
        assert sum(match.share for match in hit.matches) == hit.score


def test_the_field_of_a_match_is_the_one_that_counts_most(small: Library) -> None:
    [hit] = search.find(small, "leicestershire barnardos").hits
    assert [search.field_of(small, hit, match) for match in hit.matches] == ["Id", "Partners"]


def test_a_name_typed_in_full_scores_the_most_there_is(small: Library) -> None:
    assert search.find(small, "One Croydon Alliance").hits[0].score == 100


def test_a_correction_is_told(small: Library) -> None:
    assert search.find(small, "oldahm").corrected == {"oldahm": "oldham"}
    assert search.find(small, "oldham").corrected == {}


def test_near_words_are_suggested_where_nothing_is_found(small: Library) -> None:
    assert search.find(small, "oldxay").suggestions == ["oldham"]
    assert search.find(small, "zzzqqq").suggestions == []


def test_cookies_are_found_only_when_asked_for(small: Library) -> None:
    assert "ga" not in ids(small, "ga")
    assert ids(small, "ga", kinds=["cookie"]) == ["ga"]


def test_filters_go_with_the_query(small: Library) -> None:
    assert ids(small, "croydon", filters={"since": ["2019"]}) == ["croydon"]


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    records = [parsed("case", a_case(id=f"common-{n}", name=f"Common place {n}")) for n in range(8)]
    records.append(parsed("case", a_case(id="rare", name="Rare place")))
    assert ids(library.index_of(records), "common rare")[0] == "rare"


def test_more_words_matched_beat_one_matched_in_a_better_place() -> None:
    records = [
        parsed("case", a_case(id="name-only", name="Housing")),
        parsed("case", a_case(id="both", name="Something", summary="About housing and debt [1].")),
        parsed("route", a_route()),
    ]
    assert ids(library.index_of(records), "housing debt")[0] == "both"


@pytest.mark.parametrize(
    ("name", "id", "right"),
    [
        ("oldham", "oldham", True),
        ("Oldham", "oldham", True),
        ("oldahm", "oldham", False),
        ("case:oldham", "oldham", True),
        ("One Croydon Alliance", "croydon", True),
        ("croydn", "croydon", False),
        ("croydon homes", "croydon-homes", True),
        ("barnardo's", "leicestershire", False),
        ("_ga", "ga", True),
    ],
)
def test_a_name_means_one_record(small: Library, name: str, id: str, right: bool) -> None:
    resolved = search.resolve(small, name)
    assert (resolved.entry.id, resolved.right) == (id, right)


def test_other_records_that_a_place_could_mean_are_named(small: Library) -> None:
    assert search.resolve(small, "croydn").others == ("case:croydon-homes",)
    assert search.resolve(small, "oldham").others == ()


def test_a_name_that_means_nothing_is_refused_with_the_nearest(small: Library) -> None:
    with pytest.raises(NotFound) as raised:
        search.resolve(small, "children's homes")
    assert raised.value.suggestions == ("croydon-homes", "leicestershire")
    assert raised.value.hint == """Try: p2p search 'children'"'"'s homes'"""
    with pytest.raises(NotFound) as raised:
        search.resolve(small, "zzzqqq")
    assert raised.value.suggestions == ()


def test_a_name_that_means_two_records_is_refused_with_both() -> None:
    twice = library.index_of([parsed("case", a_case(id="trust")), parsed("route", a_route(id="trust"))])
    with pytest.raises(NotFound) as raised:
        search.resolve(twice, "trust")
    assert raised.value.suggestions == ("case:trust", "route:trust")


def test_other_words_for_the_same_thing_are_found_and_count_less() -> None:
    records = [
        parsed("case", a_case(id="homeless", name="Ending homelessness")),
        parsed("case", a_case(id="street", name="Rough sleeping team")),
    ]
    small = library.index_of(records, [["rough sleeping", "homelessness", "nowhere to live"]])
    assert [(hit.entry.id, hit.matches[0].how) for hit in search.find(small, "homelessness").hits] == [
        ("homeless", "exact"),
        ("street", "synonym"),
    ]
    assert sorted(ids(small, "people with nowhere to live")) == ["homeless", "street"]


@given(query=st.text() | st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_whatever_makes_a_search_fail(small: Library, query: str) -> None:
    found, again = search.find(small, query), search.find(small, query)
    assert found._replace(records=list(found.records)) == again._replace(records=list(again.records))
    assert len({hit.entry.n for hit in found.hits}) == len(found.hits) <= found.total
    assert all(0 < hit.score <= 100 for hit in found.hits)
    assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)


def test_a_query_of_sixty_thousand_letters_is_answered(small: Library) -> None:
    search.find(small, "oldham " * 9_000)
    search.find(small, "o" * 60_000)


@given(query=st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_filter_never_adds_a_hit(small: Library, query: str) -> None:
    everything = set(ids(small, query, limit=100))
    assert set(ids(small, query, limit=100, filters={"place": ["croydon"]})) <= everything


@given(query=st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join), data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_word_more_that_a_record_holds_never_lowers_its_score(small: Library, query: str, data: st.DataObject) -> None:
    """The last word is finished, so that it is not also taken for the beginning of a longer one."""
    hits = search.find(small, query + " ").hits
    if not hits:
        return
    hit = data.draw(st.sampled_from(hits))
    texts = [text.text for text in searched(small.kinds[hit.entry.kind].fields, hit.entry.fields)]
    word = data.draw(st.sampled_from(sorted({word for text in texts for word in words.split(text)})))
    again = {other.entry.n: other.score for other in search.find(small, f"{query} {word} ", limit=100).hits}
    assert again[hit.entry.n] >= hit.score


@given(query=st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_index_made_of_parts_answers_as_a_whole_one(small: Library, query: str) -> None:
    everything = [entry for kind in small.kind_names for entry in small.all(kind)]
    connection = sqlite3.connect(":memory:")
    indexing.create(connection, (), {})
    for place, entry in enumerate(everything):
        table = {name: value for name, value in entry.fields.items() if value not in (None, [])}
        indexing.add(connection, entry.id, place, [parsed(entry.kind, table)], [])
    indexing.settle(connection)
    split = Library(connection)
    assert [(hit.entry.id, hit.score, hit.matches) for hit in search.find(split, query).hits] == [
        (hit.entry.id, hit.score, hit.matches) for hit in search.find(small, query).hits
    ]


numbers = st.lists(st.integers(0, 500), min_size=1, max_size=40)


@given(columns=st.lists(numbers, min_size=1, max_size=6), floor=st.integers(0, 1_500))
def test_sums_of_all_records_at_once_are_the_sums_of_each(columns: list[list[int]], floor: int) -> None:
    sums: Planes = []
    for column in columns:
        planes, seen = planes_of([(value, 1 << place) for place, value in enumerate(column)])
        assert seen == (1 << len(column)) - 1
        add(sums, planes)
    size = max(map(len, columns))
    expected = [sum(column[place] for column in columns if place < len(column)) for place in range(size)]
    assert [sum((plane >> place & 1) << bit for bit, plane in enumerate(sums)) for place in range(size)] == expected
    summed = Summed(sums, (1 << size) - 1)
    assert list(places_in(at_least(summed, floor))) == [place for place, value in enumerate(expected) if value >= floor]
    half = Summed(sums, (1 << size // 2) - 1)
    ranked = sorted(((-value, part, place) for part, most in ((0, size // 2), (1, size)) for place, value in enumerate(expected[:most])))
    found = best({0: half, 1: summed}, 5)
    assert sorted((part, place) for part, bits in found.items() for place in places_in(bits)) == sorted(one[1:] for one in ranked[:5])


def test_as_many_hits_as_there_are_can_be_asked_for() -> None:
    records = [parsed("case", a_case(id=f"case-{number}", name=f"Quixotic scheme {number}")) for number in range(700)]
    assert len(search.find(library.index_of(records), "quixotic", limit=100_000).hits) == 700
