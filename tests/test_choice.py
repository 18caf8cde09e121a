"""The guided choice of routes: what answers make of each route, and how that is shown."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from builders import a_case, a_route, parsed, same_as_golden, toml
from hypothesis import given, settings
from hypothesis import strategies as st

from p2p_toolkit import library, render
from p2p_toolkit.evidence.choice import BESIDE, NO_RULE, OFFERED, POSSIBLE, RULED_OUT, STATES, choose, next_question, stand
from p2p_toolkit.kinds.records import ROUTE_TYPES
from p2p_toolkit.library import Library, open_library
from p2p_toolkit.render import formats, plain, screen, terminal
from p2p_toolkit.render.choice import explanation, routes
from p2p_toolkit.render.choice import question as question_text

PLAIN = terminal.Look(screen=True, width=80, colour=False, unicode=True)
BUNDLED = open_library()
FINDER = BUNDLED.route_finder
ROUTES = {entry.id: entry.fields["nations"] for entry in BUNDLED.all("route")}
ANSWERS = {question["id"]: [choice["answer"] for choice in question["choices"]] for question in FINDER["questions"]}

WELLBEING = {
    "nation": "england", "paid": "yes", "public-only": "no", "health": "no", "contract-running": "no", "placement": "no",
    "below-threshold": "no", "listed-service": "yes", "need-clear": "no",
}  # fmt: skip
COMMUNITY_HEALTH = {**WELLBEING, "health": "yes", "contract-running": "yes", "same-again": "yes"}
COMMUNITY_CENTRE = {"nation": "england", "paid": "no", "public-only": "no"}


def states(answers: Mapping[str, str]) -> dict[str, str]:
    return {option.route.id: option.standing.state for option in choose(BUNDLED, answers).options}


@pytest.mark.parametrize(
    ("answers", "offered", "possible", "ruled_out"),
    [
        pytest.param(
            WELLBEING,
            "market-engagement light-touch competitive-flexible dynamic-market open-framework pseudo-dps lots social-value-criteria"
            " alliance-contract social-outcomes-contract",
            "reserved-mutuals reserved-supported-employment direct-award research-and-development spin-out-mutual"
            " open-procedure community-right-to-challenge strategic-partner consortium-lead",
            "contract-modification grant public-cooperation in-house user-choice"
            " below-threshold-reserved psr-competitive"
            " psr-most-suitable-provider innovation-partnership voluntary-transparency-notice competitive-procedure-with-negotiation"
            " participation-request third-sector-only-tender",
            id="a council's wellbeing service",
        ),
        pytest.param(
            COMMUNITY_HEALTH,
            "psr-direct-award-c psr-most-suitable-provider psr-competitive social-value-criteria alliance-contract",
            "psr-direct-award-a psr-direct-award-b section-75 market-engagement contract-modification",
            "light-touch competitive-flexible open-procedure direct-award below-threshold-reserved reserved-mutuals lots user-choice grant",
            id="community health care in England",
        ),
        pytest.param(
            {**COMMUNITY_HEALTH, "same-again": "no"},
            "psr-most-suitable-provider psr-competitive",
            "psr-direct-award-a psr-direct-award-b contract-modification",
            "psr-direct-award-c",
            id="health care that is to change",
        ),
        pytest.param(
            {**COMMUNITY_HEALTH, "contract-running": "no"},
            "psr-most-suitable-provider psr-competitive",
            "psr-direct-award-b market-engagement",
            "psr-direct-award-a psr-direct-award-c contract-modification",
            id="health care that nobody has a contract for yet",
        ),
        pytest.param(
            COMMUNITY_CENTRE,
            "asset-transfer grant",
            "market-engagement spin-out-mutual practice-reform-no-contract alliance-contract",
            "light-touch competitive-flexible direct-award psr-competitive lots social-value-criteria social-outcomes-contract"
            " public-cooperation in-house participation-request",
            id="a community centre handed over",
        ),
        pytest.param(
            {**WELLBEING, "nation": "scotland"},
            "light-touch social-value-criteria alliance-contract",
            "innovation-partnership participation-request public-social-partnership reserved-supported-employment market-engagement"
            " social-outcomes-contract spin-out-mutual",
            "contract-modification"
            " competitive-flexible open-procedure direct-award dynamic-market reserved-mutuals psr-competitive lots"
            " research-and-development community-right-to-challenge",
            id="the same in Scotland",
        ),
        pytest.param(
            {**COMMUNITY_HEALTH, "nation": "wales"},
            "alliance-contract",
            "light-touch competitive-flexible direct-award lots social-value-criteria market-engagement",
            "psr-competitive psr-direct-award-c psr-most-suitable-provider section-75 community-right-to-challenge",
            id="health care in Wales",
        ),
        pytest.param(
            {**COMMUNITY_HEALTH, "nation": "northern-ireland"},
            "light-touch competitive-flexible lots",
            "",
            "psr-competitive below-threshold-reserved section-75",
            id="health care in Northern Ireland",
        ),
        pytest.param(
            {**WELLBEING, "below-threshold": "yes"},
            "below-threshold-reserved alliance-contract",
            "light-touch competitive-flexible lots direct-award market-engagement",
            "grant user-choice",
            id="a small contract",
        ),
        pytest.param({**WELLBEING, "placement": "yes"}, "user-choice light-touch", "", "", id="one person's place"),
        pytest.param(
            {"nation": "england", "paid": "yes", "public-only": "yes", "health": "no"},
            "public-cooperation in-house section-75",
            "competitive-flexible light-touch",
            "reserved-mutuals participation-request",
            id="public bodies among themselves",
        ),
        pytest.param(
            {**WELLBEING, "listed-service": "no", "need-clear": "yes"},
            "open-procedure competitive-flexible market-engagement",
            "",
            "light-touch pseudo-dps reserved-mutuals user-choice",
            id="a service that is not listed",
        ),
        pytest.param(
            {}, "", "grant light-touch psr-competitive", "voluntary-transparency-notice third-sector-only-tender", id="nothing known"
        ),
    ],
)
def test_a_story_has_its_routes(answers: dict[str, str], offered: str, possible: str, ruled_out: str) -> None:
    found = states(answers)
    for state, ids in ((OFFERED, offered), (POSSIBLE, possible), (RULED_OUT, ruled_out)):
        assert {id: found[id] for id in ids.split()} == dict.fromkeys(ids.split(), state)


SOME_ANSWERS = st.fixed_dictionaries({}, optional={id: st.sampled_from(answers) for id, answers in ANSWERS.items()})


@given(SOME_ANSWERS)
@settings(max_examples=30)
def test_every_route_has_one_state_and_a_reason(answers: dict[str, str]) -> None:
    choice = choose(BUNDLED, answers)
    assert sorted(option.route.id for option in choice.options) == sorted(ROUTES)
    for option in choice.options:
        assert option.standing.state in STATES
        assert len(option.standing.why) > 20
        assert option.standing.why != NO_RULE["why"]
        assert not (option.standing.waits_for and option.standing.state != POSSIBLE)
    assert not set(choice.open) & set(answers)


@given(SOME_ANSWERS, SOME_ANSWERS)
@settings(max_examples=30)
def test_an_answer_never_reopens_a_route_nor_takes_back_an_offer(answers: dict[str, str], more: dict[str, str]) -> None:
    before, after = states(answers), states({**more, **answers})
    for id, state in before.items():
        assert state == POSSIBLE or after[id] == state


@given(SOME_ANSWERS)
@settings(max_examples=30)
def test_what_is_open_is_what_would_change_something(answers: dict[str, str]) -> None:
    """A question that is not said to be open changes no state, whatever its answer."""
    choice = choose(BUNDLED, answers)
    for question in ANSWERS.keys() - answers.keys() - set(choice.open):
        for answer in ANSWERS[question]:
            assert states({**answers, question: answer}) == states(answers)


def test_with_every_question_answered_nothing_waits_and_something_is_offered() -> None:
    for answered in itertools.product(*ANSWERS.values()):
        answers = dict(zip(ANSWERS, answered, strict=True))
        found = [stand(FINDER, id, nations, answers) for id, nations in ROUTES.items()]
        assert {standing.waits_for for standing in found} == {()}
        assert all(standing.why for standing in found)
        assert OFFERED in {standing.state for standing in found}, answers


# The rules of a finder that means nothing: what holds for any rules holds for ours.
A_RULE = st.fixed_dictionaries(
    {
        "routes": st.just(["x"]),
        "when": st.fixed_dictionaries({}, optional={id: st.sampled_from(answers) for id, answers in list(ANSWERS.items())[:3]}),
        "state": st.sampled_from(STATES),
        "why": st.just("So it is."),
        "law": st.just([]),
    }
)


@given(st.lists(A_RULE, max_size=6), st.sets(st.sampled_from(ANSWERS["nation"])), SOME_ANSWERS, SOME_ANSWERS)
def test_any_rules_at_all_keep_these_promises(rules: list[Any], nations: set[str], answers: dict[str, str], more: dict[str, str]) -> None:
    finder = {**FINDER, "rules": rules}
    before, after = (stand(finder, "x", sorted(nations), known) for known in (answers, {**more, **answers}))
    assert before.state in STATES
    assert before.why
    assert before.state == POSSIBLE or after.state == before.state


def test_a_route_that_no_rule_speaks_of_is_possible() -> None:
    found = stand(FINDER, "our-own", ["england"], {"nation": "england"})
    assert (found.state, found.why) == (POSSIBLE, "The finder has no rule for it.")
    assert stand(FINDER, "our-own", ["england"], {}).waits_for == ("nation",)
    elsewhere = stand(FINDER, "our-own", ["england", "wales"], {"nation": "scotland"})
    assert (elsewhere.state, elsewhere.why) == (RULED_OUT, "By its record it applies in England, Wales, and not in Scotland.")


def test_a_users_own_route_appears(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(toml("route", a_route(id="our-compact", name="Our compact")))
    own = {option.route.id: option for option in choose(open_library(tmp_path), WELLBEING).options}["our-compact"]
    assert (own.standing.state, own.standing.why, own.route.library) == (POSSIBLE, NO_RULE["why"], str(tmp_path))


def test_what_is_not_enough_by_itself_comes_after_what_is() -> None:
    options = choose(BUNDLED, WELLBEING).options
    for state in STATES:
        beside = [option.beside for option in options if option.standing.state == state]
        assert beside == sorted(beside)
    enough = [option.route.id for option in options if option.standing.state == OFFERED and not option.beside]
    assert enough == ["light-touch", "competitive-flexible", "dynamic-market", "open-framework", "pseudo-dps"]
    assert set(BESIDE) < set(ROUTE_TYPES)


def test_only_questions_that_matter_are_asked() -> None:
    def asked(answers: Mapping[str, str]) -> list[str]:
        known: dict[str, str] = {}
        order = []
        while question := next_question(BUNDLED, known, order):
            order.append(question["id"])
            known |= {id: answer for id, answer in answers.items() if id == question["id"]}
        return order

    assert asked(WELLBEING) == [question for question in ANSWERS if question != "same-again"]
    assert asked(COMMUNITY_HEALTH) == ["nation", "paid", "public-only", "health", "contract-running", "same-again"]
    assert asked(COMMUNITY_CENTRE) == ["nation", "paid", "public-only"]
    assert asked({}) == list(ANSWERS)


def test_precedents_come_with_how_sure_they_are() -> None:
    used = {option.route.id: option.precedents for option in choose(BUNDLED, WELLBEING).options}
    assert ("plymouth", "a source names it") in [(link.id, link.why) for link in used["alliance-contract"]]
    assert used["dynamic-market"] == ()


# How it is shown.


@pytest.fixture(scope="module")
def known() -> Library:
    """Routes that can stand by themselves and such that cannot, two cases, and a finder of two questions."""
    law = {"ref": "An Act, section 1", "url": "https://example.org/1", "checked": "secondary"}
    innovation = a_route(
        id="innovation",
        name="Innovation partnership",
        legal_basis=[{"ref": "Some Regulations, regulation 31", "url": "https://example.org/31", "checked": "read"}],
        conditions=[{"text": "Nothing like it may be on the market [1].", "checked": "secondary"}],
        limits=[{"text": "It ends.", "checked": "unchecked"}],
        not_confirmed="Its end was not read [1].",
    )
    yes_no = [{"answer": "yes", "text": "Yes, it is"}, {"answer": "no", "text": "No, it is not"}]
    nations = [{"answer": "england", "text": "England"}, {"answer": "wales", "text": "Wales"}]
    asked = {"explain": ["Think of what is bought."], "law": [law]}
    finder = {
        "as_of": "2026-06-30",
        "everywhere": [],
        "questions": [
            {"id": "nation", "label": "Nation", "text": "In which nation is it?", "choices": nations, **asked},
            {"id": "paid", "label": "Payment", "text": "Is it paid?", "choices": yes_no, **asked},
        ],
        "rules": [
            {"routes": ["innovation"], "when": {}, "state": "offered", "why": "It fits. It is new.", "law": [law]},
            {"routes": ["grant"], "when": {"paid": "yes"}, "state": "ruled-out", "why": "It buys nothing.", "law": [law]},
            {"routes": ["alliance"], "when": {}, "state": "offered", "why": "They share the risk.", "law": []},
            {"routes": ["grant"], "when": {}, "state": "offered", "why": "It supports a purpose.", "law": []},
            {"routes": ["lead", "partner"], "when": {}, "state": "possible", "why": "A way of working.", "law": [law]},
        ],
        "notes": [{"text": "Look at what came before.", "when": {}, "law": [law]}],
    }
    records = [
        parsed("route", innovation),
        parsed("route", a_route(id="grant", name="Grant", type="not-a-contract")),
        parsed("route", a_route(id="scots", name="Scots", nations=["wales"])),
        parsed("route", a_route(id="alliance", name="Alliance", type="contract-form")),
        parsed("route", a_route(id="lead", name="Lead body", type="way-of-working")),
        parsed("route", a_route(id="partner", name="Strategic partner", type="way-of-working")),
        parsed("case", a_case(id="oldham", name="Oldham", routes=[{"id": "innovation", "certainty": "inferred"}])),
        parsed(
            "case", a_case(id="kent", name="Kent", routes=[{"id": "lead", "certainty": "stated"}, {"id": "partner", "certainty": "stated"}])
        ),
    ]
    return library.index_of(records, rules={"route finder": finder})


def shown(known: Library, *, full: bool = False, **answers: str) -> render.Answer:
    return routes(known, choose(known, answers), full=full)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_choice_on_a_screen(known: Library, width: int) -> None:
    text = screen.text(shown(known, nation="england"), PLAIN._replace(width=width))
    assert max(len(line) for line in text.splitlines()) <= width
    assert same_as_golden(f"routes-{width}.txt", text)


def test_a_choice_in_full(known: Library) -> None:
    assert same_as_golden("routes-full.txt", screen.text(shown(known, full=True, nation="england", paid="yes"), PLAIN))


def test_a_choice_in_a_pipe(known: Library) -> None:
    assert same_as_golden("routes.txt", "".join(plain.lines(shown(known, nation="england", paid="yes"))))


@pytest.mark.parametrize("name", formats.FORMATS)
def test_a_choice_in_each_format(known: Library, name: str) -> None:
    assert same_as_golden(f"routes.{name}", "".join(formats.FORMATS[name](shown(known, nation="england"))))


def test_a_question_on_a_narrow_terminal(known: Library) -> None:
    question = known.route_finder["questions"][1]
    assert question_text(question, 2, 40) == "\nQuestion 2: Is it paid?\n  1  Yes, it is\n  2  No, it is not\n  d  Do not know"
    explained = explanation(known, question, 40)
    assert explained.splitlines()[0] == "Think of what is bought."
    assert "An Act, section 1: read in an official\nor professional account of it.\nhttps://example.org/1\n" in explained
    assert explained.endswith("Information, not legal advice. Law as of\n30 June 2026.")


@pytest.mark.parametrize("full", [False, True])
@given(answers=SOME_ANSWERS)
@settings(max_examples=20)
def test_every_number_points_to_a_source_of_the_page(full: bool, answers: dict[str, str]) -> None:
    answer = routes(BUNDLED, choose(BUNDLED, answers), full=full)
    assert answer.cards
    [card] = answer.cards()
    *sections, sources = card.sections
    numbers = [block.number for block in sources.blocks]
    used = {int(number) for section in sections for block in section.blocks for number in re.findall(r"\[(\d+)\]", block.body)}
    assert numbers == list(range(1, len(numbers) + 1))
    assert used == set(numbers)
    assert not [block for section in sections for block in section.blocks if re.search(r"(\[\d+\])\1", block.body)]
    assert card.closing == "Information, not legal advice. Law as of 30 June 2026."


def test_json_has_every_field_whatever_is_known() -> None:
    keys = set()
    for answers in ({}, WELLBEING, COMMUNITY_CENTRE):
        envelope = routes(BUNDLED, choose(BUNDLED, answers)).envelope()
        assert json.loads(json.dumps(envelope)) == envelope
        assert envelope["answers"].keys() == ANSWERS.keys()
        keys |= {tuple(result) for result in envelope["results"]} | {tuple(envelope)}
    assert len(keys) == 2
