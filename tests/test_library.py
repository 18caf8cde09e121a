"""All records as one collection, the same whether the index lies in memory or in a file."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from builders import a_case, a_route, parsed, toml

from p2p_toolkit import library
from p2p_toolkit.errors import BadUsage
from p2p_toolkit.library import Library, Link


def ids(library: Library, **filters: str) -> list[str]:
    numbers = library.numbers(["case"], {name: [value] for name, value in filters.items()})
    return [entry.id for entry in library.all("case") if entry.n in numbers]


def test_a_record_is_found_by_its_id(small: Library) -> None:
    entry = small.get("case", "oldham")
    assert entry is not None
    assert (entry.name, entry.fields["places"], entry.fields["ended"]) == ("Oldham Social Prescribing", ["Oldham"], None)
    assert small.get("case", "nowhere") is None
    assert small.get("route", "oldham") is None


def test_kinds_know_how_many_records_they_have(small: Library) -> None:
    assert {name: kind.size for name, kind in small.kinds.items()} == {
        "case": 4, "route": 1, "objection": 0, "principle": 1, "category": 1, "cookie": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["oldham", "croydon", "croydon-homes", "leicestershire"]),
        ({"place": "croydon"}, ["croydon", "croydon-homes"]),
        ({"place": "CROYDON"}, ["croydon", "croydon-homes"]),
        ({"sector": "older people"}, ["croydon"]),
        ({"sector": "older-people"}, ["croydon"]),
        ({"route": "innovation"}, ["oldham"]),
        ({"since": "2019"}, ["oldham", "croydon", "leicestershire"]),
        ({"since": "2019-05"}, []),
        ({"place": "croydon", "since": "2015"}, ["croydon"]),
    ],
)
def test_filters_keep_the_records_that_fit(small: Library, filters: dict[str, str], expected: list[str]) -> None:
    assert ids(small, **filters) == expected


def test_a_filter_value_that_no_record_has_names_the_nearest(small: Library) -> None:
    with pytest.raises(BadUsage) as raised:
        ids(small, place="croydn")
    assert raised.value.message == "no record has the place 'croydn'"
    assert raised.value.hint == "Try: --place croydon"


def test_a_date_that_is_none_is_refused(small: Library) -> None:
    with pytest.raises(BadUsage):
        ids(small, since="last year")


def test_the_way_back_of_a_link_is_derived(small: Library) -> None:
    assert small.linking_to("route", "innovation") == [Link("case", "oldham", "Oldham Social Prescribing", "routes", "a source names it")]


def test_facets_count_as_the_filters_do(small: Library) -> None:
    everything = small.numbers(small.kind_names, {})
    counts = small.facets(everything, ["place", "nation", "route"])
    assert [(facet.filter, facet.value, facet.records) for facet in counts[:2]] == [("place", "croydon", 2), ("place", "leicestershire", 1)]
    for facet in counts:
        assert facet.records == len(small.numbers(small.kind_names, {facet.filter: [facet.value]}))


def test_words_know_where_they_stand(small: Library) -> None:
    postings = small.postings("croydon")
    assert postings is not None
    assert list(postings.numbers) == [2, 3]
    assert small.postings("nowhere") is None
    assert small.beginning_with("leices", 5) == ["leicestershire"]
    assert small.spelt_like("o", 6, 6) == ["oldham"]


@pytest.mark.parametrize("damage", [b"", b"noise" * 2000, None], ids=["empty", "noise", "missing"])
def test_an_index_that_cannot_be_read_is_passed_over(tmp_path: Path, damage: bytes | None) -> None:
    path = tmp_path / "index.sqlite"
    if damage is not None:
        path.write_bytes(damage)
    assert library.read_index(path) is None


def test_an_index_of_another_version_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    library.write_index(path, [parsed("case", a_case())])
    connection = sqlite3.connect(path)
    connection.execute("update meta set value = '0' where name = 'version'")
    connection.commit()
    connection.close()
    assert library.read_index(path) is None


def test_an_index_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        library.write_index(tmp_path / name, [parsed("case", a_case()), parsed("route", a_route())])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_users_record_replaces_the_bundled_one_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(toml("case", a_case(id="oldham", name="Our Oldham")))
    opened = library.open_library(tmp_path)
    entry = opened.get("case", "oldham")
    assert entry is not None
    assert (entry.name, entry.library) == ("Our Oldham", str(tmp_path))
    plymouth = opened.get("case", "plymouth")
    assert plymouth is not None
    assert plymouth.library == "bundled"


def test_a_users_mistake_is_kept_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("[[case]")
    (tmp_path / "lost.toml").write_text(toml("case", a_case(id="mine", routes=[{"id": "grants", "certainty": "stated"}])))
    opened = library.open_library(tmp_path)
    assert opened.get("case", "mine") is not None
    assert [(fault.file, fault.record) for fault in opened.faults] == [("broken.toml", ""), ("lost.toml", "case:mine")]


def test_a_library_in_the_usual_folder_is_found_by_itself(fence: Path) -> None:
    assert library.own_folder() is None
    # platformdirs decides where that is; only the last part is ours.
    folder = fence / "p2p" / "library"
    if os.name == "posix" and "XDG_DATA_HOME" in os.environ:
        folder.mkdir(parents=True)
        assert library.own_folder() == folder
