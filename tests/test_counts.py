"""Counting: by what, how often, how sure, and for how many records nothing is known."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from builders import a_case, a_cookie, a_route, parsed

from p2p_toolkit import kinds, library, store
from p2p_toolkit.evidence import counts
from p2p_toolkit.evidence.counts import Counted
from p2p_toolkit.library import Entry


def counted(kind: str, *tables: dict[str, Any]) -> Counted:
    known = library.index_of([parsed(kind, {**table, "id": f"r{number}"}) for number, table in enumerate(tables)])
    return counts.count(known.kinds[kind], known.all(kind))


def rows(found: Counted, by: str) -> list[tuple[str | None, int]]:
    return [(count.value, count.records) for group, of_group in found.groups for count in of_group if group.by == by]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("case", "region nation started status sector toolkit route evidence principle"),
        ("route", "type regimes nation checked"),
        ("objection", "verdict route checked"),
        ("principle", "family"),
        ("category", "type default locked consent_uk consent_eu checked"),
        ("cookie", "generic category party storage staff_only confidence checked"),
    ],
)
def test_what_a_kind_is_counted_by(kind: str, expected: str) -> None:
    info = library.index_of([]).kinds[kind]
    assert " ".join(group.by for group in counts.groups(info)) == expected


def test_what_is_told_of_a_field_is_told_of_one_that_exists() -> None:
    known = {field.name for kind in kinds.KINDS for field in library.index_of([]).kinds[kind.name].fields}
    assert set(counts._TOLD) <= known


def test_the_largest_stands_first_and_ties_keep_the_order_of_the_data() -> None:
    found = counted(
        "case",
        a_case(sectors=["housing", "health"]),
        a_case(sectors=["justice", "health"]),
        a_case(sectors=["education"]),
    )
    assert rows(found, "sector") == [("health", 2), ("housing", 1), ("justice", 1), ("education", 1)]


def test_nothing_known_is_a_row_and_the_last_one() -> None:
    found = counted("case", a_case(), a_case(), a_case(status="ended"))
    assert rows(found, "status") == [("ended", 1), (None, 2)]
    assert rows(found, "nation") == [("england", 3)]


def test_a_record_counts_once_for_a_value_it_has_twice() -> None:
    outcomes = [{"text": text, "evidence": "claimed"} for text in ("It went well.", "It lasted.")]
    routes = [{"id": "grant", "certainty": "inferred"}, {"id": "grant", "certainty": "stated"}]
    found = counted("case", a_case(outcomes=outcomes, routes=routes), a_case(routes=[{"id": "grant", "certainty": "inferred"}]))
    assert rows(found, "evidence") == [("independent", 0), ("commissioner-or-provider", 0), ("claimed", 1), ("expected", 0), (None, 1)]
    [grant] = [count for group, of_group in found.groups for count in of_group if group.by == "route"]
    assert (grant.value, grant.records, grant.split) == ("grant", 2, (("stated", 1), ("inferred", 1)))


def test_a_scale_keeps_its_own_order() -> None:
    found = counted("cookie", a_cookie(checked="unchecked"), a_cookie(checked="unchecked"), a_cookie(checked="code"))
    assert rows(found, "checked") == [("code", 1), ("public-page", 0), ("database", 0), ("unchecked", 2)]
    assert rows(found, "staff_only") == [("no", 3)]


def test_years_between_two_starts_are_on_the_scale() -> None:
    found = counted("case", a_case(started="2019-04-01"), a_case(started="2016"), a_case(started="2016-02"), a_case(started=None))
    assert rows(found, "started") == [("2016", 2), ("2017", 0), ("2018", 0), ("2019", 1), (None, 1)]


def test_starts_over_many_years_are_counted_by_decade() -> None:
    found = counted("case", a_case(started="1998"), a_case(started="2010-01"), a_case(started="2019"), a_case(started="2026"))
    assert rows(found, "started") == [("1990s", 1), ("2000s", 0), ("2010s", 2), ("2020s", 1)]


def test_no_records_give_no_rows() -> None:
    assert counted("case") == Counted(0, ())


def test_records_pass_by_one_at_a_time() -> None:
    info = library.index_of([parsed("route", a_route())]).kinds["route"]
    alive = 0

    class Watched(dict[str, Any]):
        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def entries() -> Iterator[Entry]:
        nonlocal alive
        for n in range(500):
            alive += 1
            assert alive <= 3
            fields = Watched({field.name: None for field in info.fields})
            yield Entry(n, "route", f"r{n}", "R", "bundled", fields)

    assert counts.count(info, entries()).records == 500


def test_the_counts_of_the_bundled_cases_are_those_of_their_file() -> None:
    with (store.bundled_folder() / "case_studies.toml").open("rb") as file:
        cases = tomllib.load(file)["case"]
    known = library.open_library()
    found = counts.count(known.kinds["case"], known.all("case"))
    assert found.records == len(cases)
    for by in ("nation", "status", "region"):
        assert dict(rows(found, by)) == Counter(case.get(by) for case in cases)
    assert dict(rows(found, "sector")) == Counter(sector for case in cases for sector in case["sectors"])
    of_routes = Counter((use["id"], use["certainty"]) for case in cases for use in case.get("routes", ()))
    [routes] = [of_group for group, of_group in found.groups if group.by == "route"]
    assert {(count.value, word): number for count in routes for word, number in count.split} == of_routes
