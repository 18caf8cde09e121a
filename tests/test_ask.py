"""Questions on a terminal, as a person meets them; and that nobody is asked where there is none."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable

import pytest
from conftest import CTRL_C, CTRL_D, Ran, conversation

from p2p_toolkit.library import open_library

Run = Callable[..., Ran]


def test_a_conversation_is_explained_taken_back_and_cut_short() -> None:
    ran = conversation("routes", typed=["b", "?", "nonsense", "\x1b[31m", "scot", "no", "b", "", "1", CTRL_D])
    assert ran.code == 0
    assert "This is the first question." in ran.out
    assert "https://www.legislation.gov.uk/uksi/2023/1348/regulation/3\n" in ran.out
    assert ran.out.count("Please type one of the numbers, d, ? or b.") == 2
    asked = [line.split(":")[0] for line in ran.out.splitlines() if line.startswith("Question ")]
    assert asked == ["Question 1", "Question 2", "Question 3", "Question 2", "Question 3", "Question 4"]
    answer = ran.out[ran.out.index("Routes for this partnership") :]
    [nation] = [line for line in answer.splitlines() if "Nation " in line]
    assert nation.split() == ["│", "Nation", "Scotland", "│"]
    assert "--paid yes|no" in answer
    assert "--public-only" not in answer


def test_what_options_say_is_not_asked_again_and_lines_fit() -> None:
    ran = conversation(
        "routes", "--nation", "England", "--paid", "yes", "--health", "unknown", typed=["2", "2", "2", "2", "1", "d"], columns=40
    )
    assert ran.code == 0
    asked = [line for line in ran.out.splitlines() if line.startswith("Question ")]
    assert [line.split(":")[0] for line in asked] == [f"Question {number}" for number in range(1, 7)]
    assert not any("nation" in line or "health" in line for line in asked)
    lines = ran.out.splitlines()
    assert max(len(line) for line in lines[: lines.index("Ruled out")] if "http" not in line) <= 40
    assert lines[lines.index("Offered, to go with another route:") + 1] == "social-value-criteria"
    assert "Health care: not known" in ran.out


def test_an_interruption_ends_it_with_130() -> None:
    ran = conversation("routes", typed=["1", CTRL_C])
    assert ran.code == 130
    assert "Traceback" not in ran.out
    assert "Routes for this partnership" not in ran.out


def test_a_terminal_to_type_on_is_not_enough_to_ask() -> None:
    keyboard, stream = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "p2p_toolkit", "routes"], stdin=stream, capture_output=True, text=True, check=False, timeout=60
    )
    os.close(keyboard)
    os.close(stream)
    assert (done.returncode, "Question 1" in done.stdout + done.stderr) == (0, False)


def test_every_question_has_an_option(run: Run) -> None:
    told = run("routes", "--help").out
    questions = open_library().route_finder["questions"]
    assert [question["id"] for question in questions if f"--{question['id']} " not in told] == []


def test_without_a_terminal_the_answer_says_what_would_narrow_it(run: Run) -> None:
    ran = run("routes", "--paid", "no")
    assert ran.code == 0
    assert (
        "Questions that would narrow it: --nation england|wales|scotland|northern-ireland. In which nation is the public body?\n" in ran.out
    )
    assert "To narrow it, answer --nation, --public-only." in ran.err
    answer = json.loads(run("routes", "--paid", "no", "--json").out)
    assert (answer["open"], answer["answers"]["paid"], answer["answers"]["nation"]) == (["nation", "public-only"], "no", None)
    assert (answer["command"], answer["count"], answer["as_of"], answer["advice"]) == (
        "routes", answer["total"], "2026-06-30", "Information, not legal advice.",
    )  # fmt: skip
    assert [question["option"] for question in answer["questions"]][:2] == ["--nation", "--paid"]


def test_quiet_prints_what_is_offered_and_json_has_all(run: Run) -> None:
    story = ("routes", "--nation", "england", "--paid", "no", "--public-only", "no")
    assert run(*story, "-q") == Ran(0, "grant\nasset-transfer\n", "")
    assert json.loads(run(*story, "-q", "--json").out)["count"] == 43


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--paid", "maybe", "the answer to paid cannot be 'maybe'"),
        ("--nation", "englnd", "Nearest: england"),
    ],
)
def test_an_answer_that_is_none_is_told(run: Run, option: str, value: str, told: str) -> None:
    ran = run("routes", option, value)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_every_question_has_its_option(run: Run) -> None:
    text = run("routes", "--help").out
    for question in open_library().route_finder["questions"]:
        assert f"--{question['id']} " in text


def test_a_closed_standard_input_is_not_asked() -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m p2p_toolkit routes --paid no -q <&-"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
