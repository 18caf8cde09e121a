"""The file of clues for cookies: what is made of a right one, and what is said of a wrong one."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from p2p_toolkit import store
from p2p_toolkit.kinds import clues
from p2p_toolkit.library import open_library

RIGHT: dict[str, Any] = {
    "clue": [{"id": "csrf", "inside": ["csrf"], "words": ["xsrf"], "category": "necessary", "why": "The name says so."}],
    "maker": [{"category": "necessary", "names": ["A firewall"], "why": "It makes firewalls."}],
}
CATEGORIES = ["necessary", "functional"]


def faults(**changes: Any) -> list[str]:
    table = copy.deepcopy(RIGHT)
    table["clue"][0].update(changes)
    return [str(fault) for fault in clues.clue_faults(table, CATEGORIES, "clues.toml")]


def test_a_right_file_has_no_faults_and_every_sign() -> None:
    assert faults() == []
    [clue] = clues.build_clues(RIGHT)["clues"]
    assert clue == {
        "id": "csrf", "names": [], "begins": [], "words": ["xsrf"], "inside": ["csrf"], "domains": [], "unless": [], "platform": None,
        "category": "necessary", "why": "The name says so.",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"category": "necesary"}, "clue number 1: category is 'necesary'; wanted: the id of a category. Did you mean 'necessary'?"),
        ({"inside": ["ad"]}, "clue:csrf: inside is 'ad'; wanted: at least 4 small letters and figures."),
        ({"inside": ["Csrf"]}, "clue:csrf: inside is 'Csrf'; wanted: at least 4 small letters and figures."),
        ({"words": ["dark-mode"]}, "clue:csrf: words is 'dark-mode'; wanted: one word of small letters and figures."),
        ({"why": None}, "clue:csrf: why; wanted: the reason, in a sentence or two."),
        ({"wordz": ["a"]}, "clue:csrf: wordz; wanted: a field that exists. Did you mean 'words'?"),
    ],
    ids=str,
)
def test_a_mistake_is_told(change: dict[str, Any], complaint: str) -> None:
    assert faults(**change) == [f"clues.toml: {complaint}"]


@pytest.mark.parametrize(
    ("part", "value", "complaint"),
    [
        ("clew", [], "the file is 'clew'; wanted: clues under [[clue]], makers under [[maker]]. Did you mean 'clue'?"),
        ("clue", RIGHT["clue"] * 2, "clue:csrf; wanted: an id used once."),
        (
            "clue",
            [{"id": "x", "category": "necessary", "why": "Because."}],
            "clue:x; wanted: at least one of names, begins, words, inside, domains.",
        ),
        ("clue", ["csrf"], "clue number 1; wanted: a table of fields."),
        ("clue", "csrf", "clue number 1; wanted: a table of fields."),
        ("maker", [RIGHT["maker"][0], 5], "maker number 2; wanted: a table of fields."),
        (
            "maker",
            [RIGHT["maker"][0], {**RIGHT["maker"][0], "category": "x"}],
            "maker number 2: category is 'x'; wanted: the id of a category.",
        ),
    ],
)
def test_a_mistake_in_the_file_is_told(part: str, value: object, complaint: str) -> None:
    told = [str(fault) for fault in clues.clue_faults({**RIGHT, part: value}, CATEGORIES, "clues.toml")]
    assert told == [f"clues.toml: {complaint}"]


def test_a_file_may_lack_every_part() -> None:
    assert clues.clue_faults({}, CATEGORIES, "clues.toml") == []
    assert clues.build_clues({}) == {"clues": [], "makers": []}


def test_the_index_holds_the_clues_of_the_file() -> None:
    assert open_library().cookie_clues == store.read_rules(store.read_bundled())["cookie clues"]


def test_no_sign_stands_in_two_clues_that_say_different_things() -> None:
    """The first clue would hide the second, and nobody would see it."""
    said: dict[tuple[str, str], set[str]] = {}
    for clue in open_library().cookie_clues["clues"]:
        for sign in ("names", "begins", "words", "inside", "domains"):
            for text in clue[sign]:
                said.setdefault((sign, text), set()).add(clue["id"])
    assert {text: clues for (_, text), clues in said.items() if len(clues) > 1} == {}
