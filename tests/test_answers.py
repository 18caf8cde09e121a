"""Objections to answers, and records side by side."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from builders import A_SOURCE, a_case, a_route, an_objection, parsed, same_as_golden
from conftest import Ran

from p2p_toolkit import library, render
from p2p_toolkit.errors import BadUsage
from p2p_toolkit.evidence.answers import answers
from p2p_toolkit.evidence.comparison import compare
from p2p_toolkit.library import Library, open_library
from p2p_toolkit.render import answered, plain, screen
from p2p_toolkit.render.terminal import Look

Run = Callable[..., Ran]
ANOTHER = {**A_SOURCE, "title": "Another page", "url": "https://example.org/other"}


@pytest.fixture
def known() -> Library:
    tender = an_objection(
        id="tender",
        name="We must tender everything",
        summary="No law says so [1].",
        answer="It is not so. A grant is no contract [1].",
        when_right="For a paid service above the threshold [2].",
        law=[{"ref": "An Act, section 1", "url": "https://example.org/act", "checked": "read"}],
        routes=["grant"],
        cases=["oldham", "croydon"],
        sources=[A_SOURCE, ANOTHER],
    )
    outcomes = [
        {"text": "They say that it works [1].", "evidence": "commissioner-or-provider"},
        {"text": "Visits fell by 5% [2].", "evidence": "independent"},
    ]
    return library.index_of(
        [
            parsed("case", a_case(id="oldham", name="Oldham", outcomes=outcomes, sources=[A_SOURCE, ANOTHER | {"url": "https://example.org/3"}])),
            parsed("case", a_case(id="croydon", name="Croydon", places=["Croydon"], partners=["Age UK"], sources=[ANOTHER])),
            parsed("route", a_route(id="grant", name="Grant", summary="Money that buys nothing [1].")),
            parsed("objection", tender),
            parsed("objection", an_objection(id="talk", name="We cannot talk to providers", verdict="often-right")),
        ]
    )  # fmt: skip


def test_an_answer_has_the_law_the_routes_and_the_best_known_result_of_each_precedent(known: Library) -> None:
    [answer] = answers(known, "must we really tender everything?").answers
    assert [(one.ref, one.number) for one in answer.law] == [("An Act, section 1", 3)]
    assert [(one.id, one.text) for one in answer.routes] == [("grant", "Money that buys nothing [1].")]
    assert [(one.id, one.text, one.sure) for one in answer.precedents] == [
        ("oldham", "Visits fell by 5% [4].", "measured by an outside body"),
        ("croydon", "A council and a charity work together [2].", ""),
    ]
    assert [reference.url for reference in answer.references] == [
        "https://example.org/page", "https://example.org/other", "https://example.org/act", "https://example.org/3",
    ]  # fmt: skip


@pytest.mark.parametrize("words", ["wizard teapot rhubarb", "", "the of and", "\x1b[31m", "*" * 60_000])
def test_what_is_no_objection_has_no_answer(known: Library, words: str) -> None:
    assert answers(known, words).answers == ()


@pytest.mark.parametrize("format", ["json", "markdown", "csv"])
def test_an_answer_in_each_format(known: Library, format: str) -> None:
    answer = answered.answers(known, answers(known, "we must tender"), "we must tender")
    assert same_as_golden(f"answer.{format}", "".join(render.pieces(answer, format)))


@pytest.mark.parametrize("columns", [40, 80])
def test_an_answer_on_a_screen(known: Library, columns: int) -> None:
    answer = answered.answers(known, answers(known, "we must tender"), "we must tender")
    shown = screen.text(answer, Look(True, columns, False, True))
    assert same_as_golden(f"answer-{columns}.txt", shown)
    assert max(map(len, shown.splitlines())) <= columns


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_a_comparison_on_a_screen(known: Library, columns: int) -> None:
    shown = screen.text(comparison(known), Look(True, columns, False, True))
    assert same_as_golden(f"compare-{columns}.txt", shown)
    assert max(map(len, shown.splitlines())) <= columns


@pytest.mark.parametrize("format", ["json", "markdown", "csv"])
def test_a_comparison_in_each_format(known: Library, format: str) -> None:
    assert same_as_golden(f"compare.{format}", "".join(render.pieces(comparison(known), format)))


def test_a_comparison_in_a_pipe_marks_what_differs(known: Library) -> None:
    lines = list(plain.lines(comparison(known)))
    assert "* Places\tSomewhere\tCroydon\n" in lines
    assert "Nation\tEngland\tEngland\n" in lines
    assert not any(line.startswith("* Ended") for line in lines)
    assert sum(line.startswith("Sources: [") for line in lines) == 3


def comparison(known: Library) -> render.Answer:
    records = [entry for id in ("oldham", "croydon") if (entry := known.get("case", id))]
    return answered.comparison(known, compare(known, records), ["oldham", "croydon"])


def test_records_of_different_kinds_are_not_compared(known: Library) -> None:
    records = [*known.with_id("oldham"), *known.with_id("grant")]
    with pytest.raises(BadUsage) as raised:
        compare(known, records)
    assert raised.value.message == "records of different kinds cannot be compared: oldham is a case, grant is a route"
    with pytest.raises(BadUsage):
        compare(known, known.with_id("oldham") * 2)


def test_every_objection_is_answered_by_its_own_name() -> None:
    bundled = open_library()
    for entry in bundled.all("objection"):
        first = answers(bundled, entry.name).answers[0]
        assert first.hit.entry.id == entry.id
        used = {int(number) for text in texts(first.fields) for number in re.findall(r"\[(\d+)\]", text)}
        assert used <= {reference.number for reference in first.references}


def texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in texts(one)]


def test_without_words_the_objections_are_listed_by_verdict(run: Run) -> None:
    verdicts = [line.split("\t")[1] for line in run("answer").out.splitlines()]
    assert len(verdicts) == 34
    assert list(dict.fromkeys(verdicts)) == ["not so", "partly so", "often right"]


def test_where_there_is_no_answer_it_says_what_to_do(run: Run) -> None:
    ran = run("answer", "wizard", "teapot", "-e")
    assert (ran.code, ran.out) == (3, "")
    assert "I have no answer to 'wizard teapot'." in ran.err
    assert json.loads(run("answer", "wizard teapot", "--json").out)["results"] == []


def test_one_record_named_twice_is_said(run: Run) -> None:
    ran = run("compare", "oldham", "croydon", "case:oldham")
    assert ran.code == 0
    assert "3 names, 2 records" in ran.err
    assert json.loads(run("compare", "oldham", "croydon", "--json").out)["count"] == 2


def test_the_verdict_and_the_id_are_never_cut(known: Library) -> None:
    answer = answered.answers(known, answers(known, "we must tender"), "we must tender")
    for columns in (20, 26, 40):
        shown = " ".join(screen.text(answer, Look(True, columns, False, True)).replace("│", " ").split())
        assert "We must tender everything: not so" in shown
        assert "objection:tender" in shown


def test_an_answer_leads_on_and_says_where_its_law_does_not_hold(run: Callable[..., Ran]) -> None:
    scotland = "The Procurement Act 2023 does not bind devolved Scottish authorities. See p2p list route --nation scotland\n"
    told = run("answer", "we must tender everything").err
    assert told.startswith(scotland + "See which routes are open to you: p2p routes\n")
    assert scotland not in run("answer", "VAT makes it dearer").err
