"""All records as one collection, the same whether the index lies in memory or in a file."""

from __future__ import annotations

import json
import os
import random
import sqlite3
from array import array
from pathlib import Path
from typing import Any

import pytest
from builders import a_case, a_route, parsed, toml
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit import library, search, store
from p2p_toolkit.errors import BadUsage, CannotRead
from p2p_toolkit.library import PART, Library, Link, opening, places_in, seals, workers
from p2p_toolkit.library.bits import pack, unpack


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
    assert raised.value.suggestions == ("croydon",)


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
    # In the first part the second and third record hold it: one in a longer name, the other in one of two words.
    assert small.standing(["croydon", "nowhere"]) == {"croydon": {0: (0b110, 0, 0, 0)}}
    assert small.frequencies(["croydon", "nowhere"]) == {"croydon": 2}
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
    seals.seal(path)
    assert library.read_index(path) is None


@given(st.integers(0, 100_000), st.binary(min_size=1, max_size=64))
def test_no_index_is_read_of_which_a_byte_has_changed(tmp_path_factory: pytest.TempPathFactory, place: int, noise: bytes) -> None:
    path = tmp_path_factory.mktemp("index") / "index.sqlite"
    library.write_index(path, [parsed("case", a_case())])
    content = path.read_bytes()
    place %= len(content)
    changed = content[:place] + noise + content[place + len(noise) :]
    path.write_bytes(changed)
    opened = library.read_index(path)
    assert (opened is not None) == (changed == content)
    if opened:
        opened.close()


def test_a_large_index_that_breaks_off_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "LARGEST", 0)
    path = tmp_path / "index.sqlite"
    library.write_index(path, [parsed("case", a_case())])
    opened = library.read_index(path)
    assert opened is not None
    opened.close()
    path.write_bytes(path.read_bytes()[:-4096])
    assert library.read_index(path) is None


def test_a_large_cache_that_proves_damaged_is_thrown_away(shipped: Path, fence: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "LARGEST", 0)
    put(shipped, "mine.jsonl", *[a_case(id=f"mine-{number}", name=f"Our quixotic scheme {number}") for number in range(200)])
    library.open_library(shipped)
    [cache] = cached(fence)
    content = cache.read_bytes()
    # The first pages, which hold the tables' names, are whole.
    cache.write_bytes(content[: len(content) // 3].ljust(len(content), b"x"))
    with pytest.raises(CannotRead, match="damaged"):
        found(shipped, "quixotic")
    assert cached(fence) == []
    assert len(found(shipped, "quixotic")) == 10


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
    (tmp_path / "twice.toml").write_text(toml("case", a_case(id="mine", name="The second of its id")))
    opened = library.open_library(tmp_path)
    mine = opened.get("case", "mine")
    assert mine is not None
    assert mine.name == "Somewhere"
    assert [str(fault) for fault in opened.faults] == [
        "broken.toml; wanted: valid TOML: Expected ']]' at the end of an array declaration (at line 1, column 7).",
        "twice.toml: case:mine: id is 'mine'; wanted: an id that no other record has.",
        "lost.toml: case:mine: routes is 'grants'; wanted: the id of a route. Did you mean 'grant'?",
    ]


def test_a_library_in_the_usual_folder_is_found_by_itself(fence: Path) -> None:
    assert library.own_folder() is None
    # platformdirs decides where that is; only the last part is ours.
    folder = fence / "p2p" / "library"
    if os.name == "posix" and "XDG_DATA_HOME" in os.environ:
        folder.mkdir(parents=True)
        assert library.own_folder() == folder


@pytest.mark.parametrize("count", [0, 1, 3, 256, 257, PART])
def test_a_set_survives_the_index(count: int) -> None:
    places = array("H", sorted(random.Random(count).sample(range(PART), count)))
    bits = unpack(pack(places))
    assert list(places_in(bits)) == list(places)
    assert len(pack(places)) <= PART // 8


@pytest.fixture
def shipped(tmp_path: Path, fence: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bundled index as an installed p2p has it, and a library of the user's beside it, whose folder this gives."""
    index = tmp_path / "shipped.sqlite"
    library.write_index(index, [parsed("case", a_case(id="oldham", name="Oldham"))], [["cash", "grant"]])
    monkeypatch.setattr(opening, "SHIPPED", index)
    folder = tmp_path / "mine"
    folder.mkdir()
    return folder


def put(folder: Path, name: str, *records: dict[str, Any]) -> None:
    lines = (json.dumps({"kind": "case", **record}) for record in records)
    (folder / name).write_text("".join(line + "\n" for line in lines))


def cached(fence: Path) -> list[Path]:
    return [path for path in fence.rglob("*") if path.is_file() and "sqlite" in path.name]


def found(folder: Path, query: str) -> list[tuple[str, str]]:
    return [(hit.entry.id, hit.entry.name) for hit in search.find(library.open_library(folder), query).hits]


def test_a_users_library_is_indexed_once(shipped: Path, fence: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(shipped, "mine.jsonl", a_case(id="mine", name="Our quixotic scheme"))
    assert found(shipped, "quixotic") == [("mine", "Our quixotic scheme")]
    assert len(cached(fence)) == 1
    before = cached(fence)[0].stat()
    assert found(shipped, "quixotic") == [("mine", "Our quixotic scheme")]
    assert cached(fence)[0].stat() == before


def test_a_changed_library_answers_as_if_it_were_new(shipped: Path, fence: Path) -> None:
    for name in "abc":
        put(shipped, f"{name}.jsonl", a_case(id=name, name=f"Scheme {name}", routes=[{"id": "grants", "certainty": "stated"}]))
    library.open_library(shipped)
    (shipped / "a.jsonl").unlink()
    put(shipped, "b.jsonl", a_case(id="b", name="Scheme changed"), a_case(id="oldham", name="Our own Oldham"), {"id": "wrong"})
    put(shipped, "d.jsonl", a_case(id="d", name="Scheme new"))
    updated = library.open_library(shipped)
    cached(fence)[0].unlink()
    fresh = library.open_library(shipped)
    for query in ("scheme", "oldham", "changed", "scheme a"):
        one, two = (search.find(opened, query) for opened in (updated, fresh))
        assert [(hit.entry.id, hit.score) for hit in one.hits] == [(hit.entry.id, hit.score) for hit in two.hits], query
    assert (updated.size, updated.faults) == (fresh.size, fresh.faults)
    assert updated.size == 4
    assert found(shipped, "oldham") == [("oldham", "Our own Oldham")]


def test_a_bundled_record_is_back_when_the_users_is_gone(shipped: Path) -> None:
    put(shipped, "b.jsonl", a_case(id="oldham", name="Our own Oldham"))
    assert found(shipped, "oldham") == [("oldham", "Our own Oldham")]
    (shipped / "b.jsonl").unlink()
    assert found(shipped, "oldham") == [("oldham", "Oldham")]


@pytest.mark.parametrize("damage", [b"", b"noise" * 2000], ids=["empty", "noise"])
def test_a_damaged_cache_is_made_again(shipped: Path, fence: Path, damage: bytes) -> None:
    put(shipped, "mine.jsonl", a_case(id="mine", name="Our quixotic scheme"))
    library.open_library(shipped)
    cached(fence)[0].write_bytes(damage)
    assert found(shipped, "quixotic") == [("mine", "Our quixotic scheme")]


def test_where_no_cache_can_be_written_the_index_lies_in_memory(shipped: Path, fence: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(shipped, "mine.jsonl", a_case(id="mine", name="Our quixotic scheme"))
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/nowhere")
    assert found(shipped, "quixotic") == [("mine", "Our quixotic scheme")]
    assert cached(fence) == []


def test_a_new_release_makes_the_index_anew(shipped: Path, fence: Path) -> None:
    put(shipped, "mine.jsonl", a_case(id="mine", name="Our quixotic scheme"))
    library.open_library(shipped)
    opening.SHIPPED.unlink()
    library.write_index(opening.SHIPPED, [parsed("case", a_case(id="new", name="A quixotic release"))])
    assert sorted(found(shipped, "quixotic")) == [("mine", "Our quixotic scheme"), ("new", "A quixotic release")]


def test_much_is_indexed_by_several_processes_and_answers_the_same(shipped: Path, fence: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        put(
            shipped, f"{name}.jsonl", *[a_case(id=f"{name}-{number}", name=f"Scheme {name} {number}") for number in range(20)], {"id": name}
        )
    alone = library.open_library(shipped)
    cached(fence)[0].unlink()
    monkeypatch.setattr(workers, "WORTH_IT", 0)
    together = library.open_library(shipped)
    assert len(cached(fence)) == 1
    for query in ("scheme b", "scheme 7", "oldham"):
        one, two = (search.find(opened, query, limit=100) for opened in (alone, together))
        assert [(hit.entry.id, hit.score) for hit in one.hits] == [(hit.entry.id, hit.score) for hit in two.hits], query
    assert together.faults == alone.faults
    assert {fault.record for fault in alone.faults} == {"case:a, line 21", "case:b, line 21", "case:c, line 21"}


def test_files_are_checked_with_the_bundled_records_in_sight(shipped: Path, tmp_path: Path) -> None:
    put(shipped, "mine.jsonl", a_case(id="mine"), a_case(id="mine"))
    checked = library.with_files([shipped / "mine.jsonl"])
    assert checked.own_size == 2
    assert [fault.wanted for fault in checked.faults] == ["an id that no other record has"]


def test_whose_a_record_is_has_one_word() -> None:
    assert library.BUNDLED == store.BUNDLED


@pytest.mark.parametrize("named", [True, False], ids=["XDG_DATA_HOME", "HOME"])
def test_the_usual_folder_is_found_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: bool) -> None:
    if named:
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    else:
        monkeypatch.delenv("XDG_DATA_HOME", raising=False)
        monkeypatch.setenv("HOME", str(tmp_path))
    assert library.own_folder() is None
    library.usual_folder().mkdir(parents=True)
    assert library.own_folder() == library.usual_folder()


def test_a_library_that_is_closed_is_not_called_damaged(tmp_path: Path) -> None:
    library.write_index(tmp_path / "x.sqlite", [parsed("case", a_case(id="here"))])
    held = library.read_index(tmp_path / "x.sqlite")
    assert held
    held.disposable = tmp_path / "x.sqlite"
    held.close()
    with pytest.raises(sqlite3.ProgrammingError):
        held.get("case", "here")
    assert (tmp_path / "x.sqlite").exists()


def test_a_file_with_a_name_that_is_no_text_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "here.toml").write_text(toml("case", a_case(id="here")))
    (tmp_path / os.fsdecode(b"caf\xe9.toml")).write_text(toml("case", a_case(id="there")))
    held = library.open_library(tmp_path)
    assert (held.own_size, held.get("case", "there")) == (1, None)


def test_words_of_replaced_records_never_weigh_less_than_nothing(tmp_path: Path) -> None:
    bundled = library.open_library()
    lines = (json.dumps({"kind": kind, **table}) for kind, table in bundled.written(bundled.everything))
    (tmp_path / "all.jsonl").write_text("\n".join(lines))
    hits = search.find(library.open_library(tmp_path), "the council").hits
    assert hits
    assert all(match.share >= 0 for hit in hits for match in hit.matches)
