"""Records written by one and read by another: an export gives the same library back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import A_SOURCE, a_case, a_cookie, parsed, toml
from conftest import Ran
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from p2p_toolkit import library, store
from p2p_toolkit.kinds import KINDS
from p2p_toolkit.library import Library, open_library
from p2p_toolkit.render import handed_on
from p2p_toolkit.words import UNSAFE

Run = Callable[..., Ran]
READABLE = ("toml", "jsonl", "json", "csv")


def written(of: Library, format: str) -> str:
    return "".join(handed_on.answer(of, of.everything, {}).documents[format](0))


def read_back(text: str, format: str, folder: Path) -> Library:
    """The library of a file with that text, its own records alone."""
    path = folder / f"x.{format}"
    path.write_text(text, encoding="utf-8", newline="")
    faults: list[Any] = []
    records = list(store.read(store.Piece(str(path)), store.BUNDLED, faults))
    assert faults == []
    return library.index_of(records)


@pytest.mark.parametrize("format", READABLE)
def test_the_bundled_library_comes_back_as_it_was(tmp_path: Path, format: str) -> None:
    bundled = open_library()
    again = read_back(written(bundled, format), format, tmp_path)
    assert list(again.written(again.everything)) == list(bundled.written(bundled.everything))
    assert written(again, "toml") == written(bundled, "toml")


lines = (
    st.text(min_size=1, max_size=40)
    .map(lambda text: UNSAFE.sub("", " ".join(text.split())))
    .filter(lambda text: text.strip() and "\n" not in text)
)
phrases = lines.filter(lambda text: text == text.strip())
prose = phrases.map(lambda text: "".join(sign for sign in text if not sign.isdigit()).strip() or "x").filter(lambda text: "[" not in text)


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """A case whose texts hold whatever a text may hold."""
    extra = {
        "aliases": draw(st.lists(phrases, min_size=1, max_size=3, unique=True)),
        "value_gbp": draw(st.integers(0, 10**12)),
        "problem": draw(prose),
    }
    chosen = draw(st.sets(st.sampled_from(sorted(extra))))
    source = {**A_SOURCE, "title": draw(phrases), "note": draw(phrases)}
    return a_case(
        name=draw(phrases),
        summary=draw(prose),
        places=draw(st.lists(phrases, min_size=1, max_size=3, unique=True)),
        sources=[source],
        **{name: extra[name] for name in chosen},
    )


@pytest.mark.parametrize("format", READABLE)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(table=cases())
def test_any_record_comes_back_as_it_was(tmp_path: Path, format: str, table: dict[str, Any]) -> None:
    of = library.index_of([parsed("case", table)])
    again = read_back(written(of, format), format, tmp_path)
    assert list(again.written(again.everything)) == list(of.written(of.everything))
    assert written(again, "toml") == written(of, "toml")


def test_what_adds_to_a_bundled_record_is_handed_on_as_it_was_written(run: Run, tmp_path: Path) -> None:
    text = '[[case]]\nextends = "oldham"\nstatus = "ended"\n'
    (tmp_path / "ours.toml").write_text(text)
    assert run("library", "export", "--own", "--library", str(tmp_path)).out == text
    assert run("library", "export", "--own", "-q", "--library", str(tmp_path)).out == "oldham\n"


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_a_kind_alone(run: Run, kind: str) -> None:
    answer = json.loads(run("library", "export", "--kind", kind, "--format", "json").out)
    assert {result["kind"] for result in answer["results"]} == {kind}
    assert answer["count"] == answer["total"] == len(answer["results"])


def test_what_a_search_finds_and_filters_let_through(run: Run) -> None:
    found = [json.loads(line)["id"] for line in run("library", "export", "oldham", "--kind", "case", "--format", "jsonl").out.splitlines()]
    assert "oldham" in found
    assert len(found) < 10
    scottish = run("library", "export", "--kind", "case", "--nation", "scotland", "--format", "csv").out
    assert 1 < scottish.count("\r\n") < 20


def test_ones_own_records_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(toml("cookie", a_cookie(id="ours", name="_ours", pattern="_ours")))
    assert json.loads(run("library", "export", "--own", "--format", "jsonl", "--library", str(tmp_path)).out)["id"] == "ours"
    assert run("library", "export", "--own").out == ""


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("x.toml", "[[case]]"),
        ("x.jsonl", '{"kind"'),
        ("x.json", '{"p2p"'),
        ("x.csv", "\ufeffkind,id"),
        ("x.md", "## Cases"),
        ("x", "[[case]]"),
    ],
)
def test_the_ending_of_a_file_decides_the_format(run: Run, tmp_path: Path, name: str, start: str) -> None:
    ran = run("library", "export", "--kind", "case", "-o", str(tmp_path / name))
    assert (ran.code, ran.out) == (0, "")
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    assert run("library", "export", "-o", str(tmp_path / name)).code == 5


def test_a_spreadsheet_runs_no_formula_of_a_record(tmp_path: Path) -> None:
    of = library.index_of([parsed("case", a_case(name="=cmd|calc", aliases=["'quoted", "+1 more"]))])
    text = written(of, "csv")
    assert "\r\n" in text
    assert "case,somewhere,'=cmd|calc," in text
    assert list(read_back(text, "csv", tmp_path).written(of.everything)) == list(of.written(of.everything))


# CSV as people write it.


def test_a_list_may_be_written_with_semicolons(tmp_path: Path) -> None:
    source = json.dumps([A_SOURCE]).replace('"', '""')
    text = "kind,id,name,summary,places,nation,sectors,value_gbp,sources\n"
    text += f'case,ours,Ours,Something.,Here; There,england,health;housing,1000,"{source}"\n'
    [(_, table)] = read_back(text, "csv", tmp_path).written(read_back(text, "csv", tmp_path).everything)
    assert (table["places"], table["sectors"], table["value_gbp"]) == (["Here", "There"], ["health", "housing"], 1000)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("id,name\nx,y\n", "a first line of field names, one of them kind"),
        ("kind,id\ncase,x,too,many\n", "line 2; wanted: at most 2 cells"),
        ("kind,id\ncsae,x\n", "line 2; wanted: a kind"),
        ('kind,id\ncase,"x\n', "case"),
        ("kind,id,value_gbp\ncase,x,many\n", "value_gbp is 'many'; wanted: a whole number"),
    ],
)
def test_what_is_wrong_with_a_csv_file_is_told_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "x.csv").write_text(text)
    faults: list[Any] = []
    assert list(store.read(store.Piece(str(tmp_path / "x.csv")), "mine", faults)) == []
    assert complaint in "\n".join(map(str, faults))


def test_a_spreadsheet_may_give_sources_in_parts_and_semicolons_between_cells(tmp_path: Path) -> None:
    text = "kind;id;name;summary;places;nation;sectors;sources\ncase;ours;Ours;Something [1].;Here;england;health;"
    read = read_back(f'{text}"A report | A council | https://example.org/report | 2024"\n', "csv", tmp_path)
    [(_, table)] = read.written(read.everything)
    assert table["sources"] == [{"title": "A report", "publisher": "A council", "url": "https://example.org/report", "date": "2024"}]
