"""The Open Cookie Database as records of one's own: its mapping, and its traps."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Ran
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit.consent.rules import Rules
from p2p_toolkit.errors import CannotRead
from p2p_toolkit.imports import open_cookie_database as database
from p2p_toolkit.kinds import check, kind_of
from p2p_toolkit.library import Library, open_library

HEADINGS = (
    "ID", "Platform", "Category", "Cookie / Data Key name", "Domain", "Description", "Retention period", "Data Controller",
    "User Privacy & GDPR Rights Portals", "Wildcard match",
)  # fmt: skip
SECRET = "A sentence of theirs that stays theirs."


@pytest.fixture(scope="module")
def library() -> Library:
    return open_library()


def a_row(
    name: str, category: str = "Marketing", *, platform: str = "Somebody", domain: str = "", retention: str = "1 year", wildcard: str = "0"
) -> list[str]:
    return ["1", platform, category, name, domain, SECRET, retention, "Somebody", "https://example.org", wildcard]


def text(*rows: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([HEADINGS, *rows])
    return out.getvalue()


def converted(library: Library, *rows: list[str]) -> database.Imported:
    return database.convert(library, [("ocd.csv", text(*rows))])


def record(library: Library, *row: Any, **rest: Any) -> dict[str, Any]:
    [one] = converted(library, a_row(*row, **rest)).records
    return one


@pytest.mark.parametrize(
    ("name", "category", "platform", "ours"),
    [
        ("zzcookie", "Necessary", "Somebody", "necessary"),
        ("zzcookie", "Security", "Somebody", "necessary"),
        ("zzcookie", "Personalization", "Somebody", "functional"),
        ("zzcookie", "Marketing", "Somebody", "advertisement"),
        ("zzcookie", "Analytics", "Somebody", "analytical"),
        ("zzcookie", "Analytics", "New Relic", "performance"),
        ("zzcookie", "Functional", "Cloudflare", "necessary"),
        ("zzcookie", "Functional", "Vimeo", "functional"),
        ("zz-csrf", "Functional", "Somebody", "necessary"),
        ("zz-theme", "Functional", "Somebody", "functional"),
        ("zzcookie", "Functional", "Somebody", "functional"),
        ("zz-visitor", "Functional", "Somebody", "functional"),
    ],
)
def test_categories(library: Library, name: str, category: str, platform: str, ours: str) -> None:
    assert record(library, name, category, platform=platform)["category"] == ours


@pytest.mark.parametrize(
    ("name", "wildcard", "pattern"),
    [
        ("zzcookie", "0", "zzcookie"),
        ("zzcookie", "1", "zzcookie*"),
        (" zzcookie\t", "0", "zzcookie"),
        ("zzcookie [x4]", "0", "zzcookie"),
        ("zzc<BannerID>", "0", "zzc*"),
        ("zzc*", "1", "zzc*"),
    ],
)
def test_names(library: Library, name: str, wildcard: str, pattern: str) -> None:
    assert record(library, name, wildcard=wildcard)["pattern"] == pattern


@pytest.mark.parametrize(("name", "wildcard"), [("_s", "1"), ("SR<RotatorID>", "0"), ("", "0"), ("two words", "0")])
def test_names_that_would_swallow_others_or_are_none_stay_out(library: Library, name: str, wildcard: str) -> None:
    found = converted(library, a_row(name, wildcard=wildcard), a_row("zzcookie"))
    assert [one["pattern"] for one in found.records] == ["zzcookie"]
    assert [fault.record for fault in found.faults] == ["line 2"]


@pytest.mark.parametrize(
    ("name", "domain", "bound"),
    [
        ("zz", "adform.net (3rd party)", ["adform.net"]),
        ("zz", "adform.net (3rd party) or advertiser's website domain (1st party)", None),
        ("zzcookie", "adform.net (3rd party)", None),
        ("sessionid", "instagram.com (3rd party)", ["instagram.com"]),
    ],
)
def test_a_short_name_or_one_known_from_elsewhere_is_bound_to_its_domain(
    library: Library, name: str, domain: str, bound: list[str] | None
) -> None:
    assert record(library, name, domain=domain).get("domains") == bound


def test_a_short_name_without_a_domain_decides_nothing(library: Library) -> None:
    assert record(library, "zz")["generic"] is True


@pytest.mark.parametrize(
    ("retention", "kept"),
    [
        ("1 year", "1 year"),
        ("Sessions", "session"),
        ("End of session (browser)", "session"),
        ("179 days", "179 days"),
        ("forever", None),
        ("-", None),
        ("", None),
    ],
)
def test_retention(library: Library, retention: str, kept: str | None) -> None:
    assert record(library, "zzcookie", retention=retention).get("retention") == kept


def test_cookies_that_p2p_knows_are_left_out(library: Library) -> None:
    found = converted(
        library,
        a_row("_ga", "Analytics"),
        a_row("TS01", "Functional", platform="Wix", wildcard="1"),
        a_row("connect.sid", "Functional", platform="Zendesk"),
    )
    assert (found.records, found.known, found.faults) == ([], 3, [])


def test_names_with_two_meanings_keep_both(library: Library) -> None:
    found = converted(
        library, a_row("dc", domain="a.example"), a_row("dc", "Analytics", domain="b.example"), a_row("dc", domain="a.example")
    )
    assert [(one["id"], one["category"], one["domains"]) for one in found.records] == [
        ("ocd-dc", "advertisement", ["a.example"]),
        ("ocd-dc-2", "analytical", ["b.example"]),
    ]


def test_descriptions_stay_theirs_and_the_licence_is_named(library: Library) -> None:
    lines = json.dumps(converted(library, a_row("zzcookie")).records)
    assert SECRET not in lines
    assert "Apache License 2.0" in lines


def test_it_is_told_by_its_columns() -> None:
    assert database.is_one(text())
    assert not database.is_one("name,category\n_ga,Analytics\n")


def test_a_file_without_its_columns_is_refused(library: Library) -> None:
    with pytest.raises(CannotRead, match="is not the Open Cookie Database"):
        database.convert(library, [("x.csv", "a,b\n1,2\n")])


cells = st.text(max_size=30)


@given(st.lists(st.lists(cells, min_size=10, max_size=10), max_size=8))
def test_any_rows_make_right_records_or_are_named(rows: list[list[str]]) -> None:
    found = database.convert(SHIPPED, [("ocd.csv", text(*rows))])
    assert [check(kind_of("cookie"), one) for one in found.records if check(kind_of("cookie"), one)] == []
    assert len({one["id"] for one in found.records}) == len(found.records)


SHIPPED = open_library()


# The command.


@pytest.fixture
def given_csv(tmp_path: Path) -> Path:
    path = tmp_path / "any name.txt"
    rows = text(a_row("zzcookie"), a_row("_ga", "Analytics"), a_row("sessionid", domain="instagram.com (3rd party)"))
    path.write_text("\ufeff" + rows, encoding="utf-8")
    return path


def test_an_import_is_used_and_the_same_again_changes_nothing(run: Callable[..., Ran], given_csv: Path, tmp_path: Path) -> None:
    folder = tmp_path / "made" / "library"
    assert run("library", "import", str(given_csv), "--library", str(folder)).code == 0
    content = {file.name: file.read_bytes() for file in folder.glob("*.toml")}
    again = json.loads(run("library", "import", str(given_csv), "--library", str(folder), "--json").out)
    assert again["counts"] == {"added": 0, "changed": 0, "unchanged": 2}
    assert {file.name: file.read_bytes() for file in folder.glob("*.toml")} == content
    assert run("library", "validate", "--library", str(folder)).code == 0
    result = json.loads(run("consent", "classify", "zzcookie", "--library", str(folder), "--json").out)["results"][0]
    assert (result["category"], result["confidence"], result["rule"], result["library"]) == ("advertisement", "low", "exact", str(folder))


def test_an_imported_name_on_its_domain_does_not_touch_the_bundled_one(given_csv: Path, library: Library) -> None:
    found = database.convert(library, [("x", database.read(given_csv))])
    assert [one["pattern"] for one in found.records] == ["zzcookie", "sessionid"]
    assert Rules(library).classify("sessionid").category == "necessary"


def test_a_large_copy_becomes_one_file_of_lines(run: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "open-cookie-database.csv").write_text(text(*(a_row(f"zzcookie{number}") for number in range(1_200))), encoding="utf-8")
    command = ("library", "import", str(tmp_path / "open-cookie-database.csv"), "--library", str(tmp_path / "own"), "--json")
    assert json.loads(run(*command).out)["counts"] == {"added": 1_200, "changed": 0, "unchanged": 0}
    [file] = [file for file in (tmp_path / "own").iterdir() if not file.name.startswith(".")]
    content = file.read_bytes()
    assert (file.name, content.count(b"\n")) == ("open-cookie-database.jsonl", 1_200)
    assert json.loads(run(*command).out)["counts"] == {"added": 0, "changed": 0, "unchanged": 1_200}
    assert file.read_bytes() == content
