"""Questions on a terminal, one at a time, in plain lines that a screen reader can follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from p2p_toolkit import render
from p2p_toolkit.cli.talk import read_line, say
from p2p_toolkit.evidence import choice
from p2p_toolkit.evidence.choice import UNKNOWN
from p2p_toolkit.library import Library
from p2p_toolkit.render.choice import explanation, question

BACK, END = "back", "end"
INTRODUCTION = (
    "A few questions about the partnership. Type a number and press Enter. Enter alone, or d, means that you do not know; that never rules"
    " a route out. ? explains a question, b goes back to the one before. Ctrl-D ends the questions and shows what is known so far."
)
AGAIN = "Please type one of the numbers, d, ? or b."
FIRST = "This is the first question."


def ask(library: Library, known: Mapping[str, str]) -> dict[str, str]:
    """Ask what is not known and could still change something, and return all answers, UNKNOWN among them.

    KeyboardInterrupt passes through.
    """
    answers = dict(known)
    passed: list[str] = []
    asked = _next(library, answers)
    if asked:
        say(INTRODUCTION)
    while asked:
        reply = _reply(library, asked, len(passed) + 1)
        if reply == END:
            break
        if reply == BACK:
            del answers[passed.pop()]
        else:
            passed.append(asked["id"])
            answers[asked["id"]] = reply
        asked = _next(library, answers)
    render.say("")
    return answers


def _next(library: Library, answers: Mapping[str, str]) -> Mapping[str, Any] | None:
    known = {question: answer for question, answer in answers.items() if answer != UNKNOWN}
    return choice.next_question(library, known, answers)


def _reply(library: Library, asked: Mapping[str, Any], number: int) -> str:
    """The answer to one question: one of its answers, UNKNOWN, BACK or END."""
    most = len(asked["choices"])
    render.say(question(asked, number, render.width()))
    while True:
        line = read_line(f"Answer ({'1 or 2' if most == 2 else f'1 to {most}'}, d, ?, b): ")
        if line is None:
            return END
        typed = line.strip().casefold()
        if typed == "?":
            render.say(explanation(library, asked, render.width()))
        elif typed in ("b", "back") and number == 1:
            say(FIRST)
        elif typed in ("b", "back"):
            return BACK
        elif typed in ("", "d", UNKNOWN):
            return UNKNOWN
        else:
            meant = [
                one["answer"] for place, one in enumerate(asked["choices"], 1) if typed == str(place) or one["answer"].startswith(typed)
            ]
            if len(meant) == 1:
                return str(meant[0])
            say(AGAIN)
