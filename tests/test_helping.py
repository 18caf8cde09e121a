"""Help: texts that a person can read at any width, and scripts for the shell."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran, in_terminal

from p2p_toolkit import store
from p2p_toolkit.cli import COMMANDS
from p2p_toolkit.cli.contents import GROUPS, SECTIONS
from p2p_toolkit.errors import Exit

Run = Callable[..., Ran]

TOPICS = store.read_topics()
PATHS = [*(tuple(filter(None, (group, name))) for group, name, _ in COMMANDS), *((group,) for group in GROUPS)]


def test_all_commands_and_topics_are_listed_whole_and_under_what_they_are_for(run: Run) -> None:
    shown = run("--help").out
    assert run("help").out == run("-h").out == shown
    assert [line[:-1] for line in shown.splitlines() if line[:-1] in SECTIONS] == list(SECTIONS)
    for word in (*(path[0] for path in PATHS), *(topic.name for topic in TOPICS)):
        assert f"\n  {word} " in shown
    assert "..." not in shown.split("Find out:")[1]
    for topic in TOPICS:
        assert topic.summary in " ".join(shown.split())


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_on_a_command_is_its_help(run: Run, path: tuple[str, ...]) -> None:
    asked = run(*path, "--help")
    assert (asked.code, asked.err) == (0, "")
    assert run(*path, "-h") == asked
    if path[-1] not in [topic.name for topic in TOPICS] or len(path) > 1:
        assert run("help", *path) == asked


@pytest.mark.parametrize("columns", [40, 100])
@pytest.mark.parametrize("path", [(), ("library",), ("search",)], ids=" ".join)
def test_help_fits_the_width_but_for_lines_to_type(run: Run, monkeypatch: pytest.MonkeyPatch, path: tuple[str, ...], columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = run(*path, "--help").out.splitlines()
    too_long = [line for line in lines if len(line) > columns and not line.lstrip().startswith("p2p ") and " " in line.strip()]
    assert too_long == []


@pytest.mark.parametrize("columns", [20, 40, 200])
@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_fits_the_width_and_loses_no_word(topic: store.Topic, columns: int) -> None:
    shown = in_terminal("help", topic.name, columns=columns, env={"NO_COLOR": "1"}).out
    lines = shown.splitlines()
    assert not [line for line in lines if len(line) > min(columns, 100) and not line.startswith("    ") and " " in line.strip(" -")]
    for word in topic.text.replace("{{exit codes}}", "").replace("## ", "").split():
        assert word in shown


def test_a_topic_in_a_pipe_is_not_wrapped_and_comes_as_data_too(run: Run) -> None:
    piped = run("help", "search").out
    assert any(len(line) > 120 for line in piped.splitlines())
    [result] = json.loads(run("help", "search", "--json").out)["results"]
    assert (result["id"], result["name"]) == ("search", "Searching")
    assert run("help", "search", "--format", "markdown").out.startswith("# Searching\n\n")
    assert run("help", "-q").out.split() == [topic.name for topic in TOPICS]


def test_the_exit_codes_are_those_that_p2p_has(run: Run) -> None:
    shown = run("help", "exit-codes").out
    for code in Exit:
        assert f"{code.value:>3}  {code.meaning.replace('`', '')}" in shown
    assert "{{" not in "".join(run("help", topic.name).out for topic in TOPICS)


def test_no_topic_is_longer_than_two_screens(run: Run) -> None:
    for topic in TOPICS:
        assert in_terminal("help", topic.name, env={"NO_COLOR": "1"}).out.count("\n") <= 70, topic.name


@pytest.mark.parametrize(
    ("said", "nearest"), [(("serch",), "search"), (("consent", "adit"), "consent audit"), (("\x1b[31m",), "")], ids=str
)
def test_help_on_nothing_offers_the_nearest(run: Run, said: tuple[str, ...], nearest: str) -> None:
    ran = run("help", *said, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert nearest in ["", *json.loads(ran.err)["error"]["suggestions"]]


# Completion.


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_script_for_a_shell_is_printed_and_touches_no_file(run: Run, fence: Path, shell: str) -> None:
    ran = run("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert "_P2P_COMPLETE" in ran.out
    assert f"p2p completion {shell}" in ran.out.splitlines()[-1]
    assert not [path for path in fence.rglob("*") if path.is_file()]


def test_the_shell_is_guessed_or_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/zsh")
    assert run("completion").out.startswith("#compdef p2p")
    monkeypatch.delenv("SHELL")
    assert run("completion").err == "p2p: which shell is it for?\nChoose one of: bash, zsh, fish, powershell\nTry: p2p completion --help\n"
    assert "Nearest: bash" in run("completion", "bsh").err


def test_bash_completes_by_the_script(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not here")
    shim = tmp_path / "p2p"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m p2p_toolkit "$@"\n')
    shim.chmod(0o755)
    script = (
        'eval "$(p2p completion bash)"; COMP_WORDS=(p2p show oldh); COMP_CWORD=2; _p2p_completion p2p; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run([bash, "-c", script], capture_output=True, text=True, check=False, env={**os.environ, "PATH": path})
    assert done.stdout.splitlines()[:1] == ["oldham"], done.stderr
    assert re.search(r"\S", done.stderr) is None
