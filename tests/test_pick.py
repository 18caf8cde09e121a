"""Picking a record by its number: on a terminal, within a command line, and by fzf."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import CTRL_C, CTRL_D, Ran, conversation, in_terminal

Run = Callable[..., Ran]


def test_the_record_with_that_number_is_shown() -> None:
    ran = conversation("pick", "alliance", "-n", "3", typed=["9", "nonsense", "2"])
    assert ran.code == 0
    assert "  1. alliance-contract · route\n     Alliance contract\n" in ran.out
    assert ran.out.count("Please type a number from 1 to 3, or q.") == 2
    assert "case:stockport" in ran.out


@pytest.mark.parametrize("typed", ["", "q", "Q", CTRL_D, CTRL_C])
def test_nothing_is_picked_by_who_wants_nothing(typed: str) -> None:
    ran = conversation("pick", "alliance", typed=[typed])
    assert ran.code == 130
    assert "Traceback" not in ran.out
    assert "╭" not in ran.out


def test_one_hit_alone_is_still_asked_about() -> None:
    ran = conversation("pick", "croydon-octavo", "-n", "1", typed=["1"])
    assert (ran.code, "Is it this one (1, q for none)?" in ran.out) == (0, True)


def test_within_a_command_line_the_list_is_seen_and_the_id_handed_on(tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as out:
        ran = conversation("pick", "alliance", "-n", "2", typed=["1"], output=out.fileno())
    assert (ran.code, (tmp_path / "out").read_text()) == (0, "route:alliance-contract\n")
    assert "Which one (1 to 2, q for none)?" in ran.out


def test_an_id_may_be_typed_and_printed() -> None:
    assert conversation("pick", "alliance", "-n", "3", "-q", typed=["croydon"]).out.splitlines()[-1] == "case:croydon"


def test_the_answer_may_be_had_as_data(tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as out:
        conversation("pick", "alliance", "-n", "1", "--json", typed=["1"], output=out.fileno())
    answer = json.loads((tmp_path / "out").read_text())
    assert (answer["command"], answer["results"][0]["id"]) == ("pick", "alliance-contract")


def test_lines_for_a_screen_reader_have_no_drawing() -> None:
    ran = conversation("pick", "alliance", "-n", "2", typed=["2"], env={"ACCESSIBLE": "1"})
    assert (ran.code, set("╭│─█") & set(ran.out)) == (0, set())
    assert "Name: Stockport Prevention Alliance\n" in ran.out


@pytest.mark.parametrize("columns", [20, 40])
def test_the_list_fits_the_width(columns: int) -> None:
    ran = conversation("pick", "alliance", typed=["q"], columns=columns)
    listed = ran.out[: ran.out.index("Which one")].splitlines()
    assert not [line for line in listed if len(line) > columns and " " in line.strip()]


def test_without_a_terminal_nobody_is_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = run("pick", "alliance")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "p2p: nobody can be asked: there is no terminal\nTry: p2p search alliance -q\n"


def test_where_nothing_is_found_nothing_is_asked(run: Run) -> None:
    ran = run("pick", "zzzqqq")
    assert (ran.code, ran.out, "nothing is found for 'zzzqqq'" in ran.err) == (3, "", True)


def test_ids_may_come_on_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def typed(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content), isatty=lambda: False, closed=False))

    typed(b"oldham\ncase:croydon\noldham\n")
    assert "nobody can be asked" in run("pick").err
    typed(b"")
    assert run("pick").code == 3


FZF = """#!/bin/sh
cat > "$SEEN"
printf '%s\\n' "$@" >> "$SEEN"
grep -m 1 croydon "$SEEN"
"""


def test_fzf_is_given_the_hits_and_what_it_gives_back_is_shown(tmp_path: Path) -> None:
    (tmp_path / "fzf").write_text(FZF)
    (tmp_path / "fzf").chmod(0o755)
    env = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "SEEN": str(tmp_path / "seen"), "NO_COLOR": "1"}
    ran = in_terminal("pick", "alliance", "--fzf", "-q", env=env)
    assert (ran.code, ran.out) == (0, "case:croydon\n")
    assert (tmp_path / "seen").read_text().startswith("route:alliance-contract\tAlliance contract\n")
    (tmp_path / "fzf").write_text("#!/bin/sh\nexit 130\n")
    assert in_terminal("pick", "alliance", "--fzf", env=env).code == 130


def test_without_fzf_it_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    ran = run("pick", "alliance", "--fzf")
    assert (ran.code, ran.err) == (2, "p2p: there is no program fzf here\nWithout --fzf, p2p asks for a number.\n")
