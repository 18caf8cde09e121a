"""A record of one's own that adds to a bundled one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import A_SOURCE, a_case
from conftest import Ran
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit.fields import fields_of
from p2p_toolkit.kinds import MARKER, WRITTEN, check, extended, kind_of, prose_of

CASE = kind_of("case")
Run = Callable[..., Ran]


def extension(**added: Any) -> dict[str, Any]:
    return {"extends": "somewhere", **added}


def merged(base: dict[str, Any], **added: Any) -> dict[str, Any]:
    table = extension(**added)
    assert check(CASE, table) == []
    return extended(CASE, base, table)


def test_a_list_grows_and_a_single_value_is_replaced() -> None:
    whole = merged(a_case(places=["Somewhere"], status="running"), places=["Elsewhere", "Somewhere"], status="ended")
    assert (whole["places"], whole["status"]) == (["Somewhere", "Elsewhere"], "ended")
    assert whole["changed"] == ["places", "status"]


def test_what_is_not_mentioned_stays() -> None:
    base = a_case(lessons=["Ask early [1]."])
    whole = merged(base, aliases=["Our way"])
    assert {name: whole[name] for name in base} == base


def test_markers_of_the_addition_point_to_its_own_sources() -> None:
    base = a_case(lessons=["Ask early [1]."], sources=[A_SOURCE, {**A_SOURCE, "title": "Another page"}])
    new = {**A_SOURCE, "title": "Our minutes"}
    whole = merged(
        base, lessons=["It took 14 months [1]."], outcomes=[{"text": "3 more joined [1].", "evidence": "claimed"}], sources=[new]
    )
    assert whole["lessons"] == ["Ask early [1].", "It took 14 months [3]."]
    assert whole["outcomes"] == [{"text": "3 more joined [3].", "evidence": "claimed"}]
    assert whole["sources"][2] == new


def test_the_addition_is_kept_as_it_was_written() -> None:
    assert merged(a_case(), status="ended")[WRITTEN] == extension(status="ended")


def test_an_addition_need_not_repeat_what_a_record_must_have_but_is_checked() -> None:
    assert check(CASE, extension()) == []
    assert [str(fault) for fault in check(CASE, extension(status="gone", lessons=["It took 14 months [1]."]), file="a.toml")] == [
        "a.toml: case:somewhere: status is 'gone'; wanted: one of planned, running, succeeded, ended, ended-early, returned-in-house.",
        "a.toml: case:somewhere: lessons[1] is [1]; wanted: the number of a source, 1 to 0.",
    ]


sources = st.lists(st.sampled_from(["A", "B", "C"]), min_size=1, max_size=4, unique=True).map(
    lambda titles: [{**A_SOURCE, "title": title} for title in titles]
)


@given(sources, sources, st.data())
def test_every_marker_still_means_its_source(first: list[Any], second: list[Any], data: st.DataObject) -> None:
    def cited(of: list[Any]) -> str:
        return f"Something [{data.draw(st.integers(1, len(of)))}]."

    base, added = cited(first), cited(second)
    whole = extended(CASE, a_case(lessons=[base], sources=first), extension(problem=added, sources=second))

    def title(text: str, of: list[Any]) -> str:
        return str(of[int(MARKER.findall(text)[0]) - 1]["title"])

    assert title(whole["lessons"][0], whole["sources"]) == title(base, first)
    assert title(whole["problem"], whole["sources"]) == title(added, second)
    assert len(list(prose_of(fields_of(CASE.record), whole))) >= 3


# In a library.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ours.toml").write_text(
        '[[case]]\nextends = "oldham"\naliases = ["Our neighbour up the road"]\nlessons = ["We asked; it took 14 months [1]."]\n'
        '[[case.sources]]\ntitle = "Our call"\nurl = "https://example.org/call"\n'
    )
    return tmp_path


def test_it_is_found_by_old_and_new_words_and_says_whose_it_is(run: Run, folder: Path) -> None:
    for words in ("oldham", "neighbour up the road"):
        assert run("search", words, "--library", str(folder), "--limit", "1").out.startswith("oldham\tcase, p2p's with yours\t")
    assert "oldham\tp2p's with yours\t" in run("list", "--library", str(folder)).out


def test_show_says_what_was_changed(run: Run, folder: Path) -> None:
    shown = run("show", "oldham", "--library", str(folder))
    assert "Your changes: This is p2p's own record with what you added or changed: Aliases, Sources, Lessons." in shown.out
    [result] = json.loads(run("show", "oldham", "--library", str(folder), "--json").out)["results"]
    assert (result["extends"], result["changed"], result["library"]) == ("oldham", ["aliases", "sources", "lessons"], str(folder))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('extends = "oldam"', "case:oldam: extends is 'oldam'; wanted: the id of a bundled case. Did you mean 'oldham'?"),
        ('extends = "oldham"\nid = "ours"', "case:oldham: id is 'ours'; wanted: the id of the record that it extends, or none."),
        ('extends = "light-touch"', "case:light-touch: extends is 'light-touch'; wanted: the id of a bundled case."),
    ],
)
def test_an_addition_to_nothing_is_told_and_hides_nothing(run: Run, tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "ours.toml").write_text(f"[[case]]\n{text}\n")
    ran = run("show", "oldham", "--library", str(tmp_path), "-q")
    assert (ran.code, ran.out) == (0, "oldham\n")
    for arguments in (["--library", str(tmp_path)], [str(tmp_path / "ours.toml")]):
        assert f"  ours.toml: {complaint}\n" in run("library", "validate", *arguments).err
