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
        ({"category": "necesary"}, "Did you mean 'necessary'?"),
        ({"inside": ["ad"]}, "at least 4 small letters"),
        ({"inside": ["Csrf"]}, "at least 4 small letters"),
        ({"words": ["dark-mode"]}, "one word of small letters"),
        ({"why": None}, "why"),
        ({"wordz": ["a"]}, "Did you mean 'words'?"),
    ],
    ids=str,
)
def test_a_mistake_is_told(change: dict[str, Any], complaint: str) -> None:
    assert complaint in "\n".join(faults(**change))


def test_a_clue_without_a_sign_is_none() -> None:
    table = {"clue": [{"id": "nothing", "category": "necessary", "why": "Because."}]}
    [fault] = clues.clue_faults(table, CATEGORIES, "clues.toml")
    assert "at least one of names, begins, words, inside, domains" in str(fault)


def test_an_id_stands_once_and_only_known_parts_do() -> None:
    twice = {**RIGHT, "clue": RIGHT["clue"] * 2, "clew": []}
    told = "\n".join(str(fault) for fault in clues.clue_faults(twice, CATEGORIES, "clues.toml"))
    assert "'clew'" in told
    told = "\n".join(str(fault) for fault in clues.clue_faults({**RIGHT, "clue": RIGHT["clue"] * 2}, CATEGORIES, "clues.toml"))
    assert "an id used once" in told


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
