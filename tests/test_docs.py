"""Documentation that cannot rot: what README and the help show is what p2p does."""

from __future__ import annotations

import html
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import a_case, toml
from conftest import CTRL_D, Ran, conversation, in_terminal
from rich.console import Console
from rich.text import Text

from p2p_toolkit import store
from p2p_toolkit.cli import application
from p2p_toolkit.cli.tree import commands
from p2p_toolkit.errors import Exit
from p2p_toolkit.library import open_library
from p2p_toolkit.render import welcome

Run = Callable[..., Ran]

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
# The pictures in docs and the commands they show.
PICTURES = {"search.svg": "p2p search aliance homelesness --limit 2", "stats.svg": "p2p stats case"}
REWRITE = os.environ.get("P2P_REWRITE") == "1"

BLOCK = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)
SHOWN_LINES = 17

PIPE = re.compile(r"[|<]|[$][(]")
# What is typed where an example asks; the others ask nothing.
TYPED = {
    "p2p routes": [CTRL_D],
    "p2p pick social prescribing": ["1"],
    "p2p pick alliance": ["q"],
    "p2p show $(p2p pick wellbeing)": ["1"],
    "p2p library add case": [CTRL_D],
}
# What an example ends with that is not 0: nothing was picked, or the questions were ended before the record was whole.
ENDS = {"p2p pick alliance": 130, "p2p library add case": 4}


def examples() -> list[str]:
    """Every line that p2p tells a person to type: in the help of its commands, in its topics, on its first screen."""
    told = [line for command in commands(application(whole=True)) for line in command.examples]
    told += [line.strip() for topic in store.read_topics() for line in topic.text.splitlines() if line.startswith("    ")]
    told += [line.strip().split("  ")[0] for line in welcome(open_library(), 200).splitlines() if line.startswith("  ")]
    return [line for line in dict.fromkeys(told) if line.startswith("p2p ")]


def output_of(command: str) -> str:
    """What a person sees who types that command into a terminal of 80 columns without colour."""
    name, *arguments = shlex.split(command)
    assert name == "p2p"
    if "|" in arguments:
        shell = command.replace("p2p ", f"{sys.executable} -m p2p_toolkit ", 1)
        return subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True).stdout
    return in_terminal(*arguments, columns=80, env={"NO_COLOR": "1"}).out


def excerpt(text: str) -> str:
    """The first lines of a long answer, with three dots for the rest."""
    lines = text.strip("\n").splitlines()
    if len(lines) <= SHOWN_LINES:
        return "\n".join(lines) + "\n"
    return "\n".join(lines[:SHOWN_LINES]) + "\n...\n"


def test_every_command_in_readme_prints_what_readme_shows() -> None:
    text = README.read_text(encoding="utf-8")
    renewed = BLOCK.sub(lambda block: f"```console\n$ {block['command']}\n{excerpt(output_of(block['command']))}```", text)
    if REWRITE:
        README.write_text(renewed, encoding="utf-8")
        text = renewed
    assert text.count("```console") >= 5
    assert text == renewed


@pytest.mark.parametrize("name", PICTURES)
def test_each_picture_in_readme_shows_a_real_run(name: str) -> None:
    command, path = PICTURES[name], ROOT / "docs" / name
    seen = in_terminal(*shlex.split(command)[1:], columns=80, env={"P2P_THEME": "dark"}).out
    lines = Text.from_ansi(excerpt(re.sub(r"\x1b\]8;[^\x1b]*\x1b\\", "", seen)))
    if REWRITE:
        path.write_text(picture_of(command, lines), encoding="utf-8")
    drawn = path.read_text(encoding="utf-8")
    squeezed = re.sub(r"\s", "", html.unescape("".join(re.findall(r"<text [^>]*>([^<]*)</text>", drawn))))
    for line in lines.plain.splitlines():
        assert re.sub(r"\s", "", line) in squeezed
    assert "http" not in re.sub(r'xmlns="[^"]*"|Generated with[^>]*', "", drawn)
    assert f"](docs/{name})" in README.read_text(encoding="utf-8")


def picture_of(command: str, lines: Text) -> str:
    """A terminal of 80 columns in which that command was typed."""
    console = Console(record=True, width=80, file=io.StringIO(), legacy_windows=False)
    console.print(Text.assemble(("$ ", "bold"), command, "\n"))
    console.print(lines)
    svg = console.export_svg(title="p2p", unique_id="p2p")
    # No fonts from elsewhere: the picture must not make a reader's browser ask for anything.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


@pytest.fixture
def desk(tmp_path: Path, fence: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that examples name, a library with the records that they change, and `p2p` on the path."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "tests" / "data", tmp_path, dirs_exist_ok=True)
    shutil.copy(tmp_path / "site.har", tmp_path / "last-year.har")
    (tmp_path / "my-case.toml").write_text(toml("case", a_case(id="new-town")))
    (tmp_path / "requests.jsonl").write_text('{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
    (tmp_path / "notices.json").write_text(json.dumps({"kind": "case", **a_case(id="noticed")}))
    shim = tmp_path / "bin" / "p2p"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m p2p_toolkit "$@"\n')
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{shim.parent}{os.pathsep}{os.environ['PATH']}")
    own = fence / "p2p" / "library"
    own.mkdir(parents=True)
    (own / "case-town.toml").write_text(toml("case", a_case(id="our-town", name="Our town")))
    return tmp_path


@pytest.mark.parametrize("line", examples())
def test_every_example_works(run: Run, desk: Path, line: str) -> None:
    arguments = shlex.split(line)[1:]
    if PIPE.search(line):
        ran = conversation("-c", line, program="bash", typed=TYPED.get(line, []))
    elif arguments[:2] == ["library", "edit"]:
        # An editor needs a terminal; this one changes nothing.
        ran = in_terminal(*arguments, env={"EDITOR": "true"})
    elif line in TYPED:
        ran = conversation(*arguments, typed=TYPED[line])
    else:
        ran = run(*arguments)
    assert ran.code == ENDS.get(line, 0), ran.out + ran.err


def test_every_command_and_topic_has_an_example() -> None:
    for command in commands(application(whole=True)):
        assert command.examples, command.path
        assert all(line.startswith("p2p ") for line in command.examples)
    assert all("\n    " in topic.text for topic in store.read_topics())


def test_readme_lists_the_exit_codes() -> None:
    text = README.read_text(encoding="utf-8").replace("`", "")
    for code in Exit:
        assert f"| {code.value} | {code.meaning} |" in text


@pytest.mark.parametrize("name", ["SECURITY.md", "docs/reliability.md"])
def test_every_test_that_a_promise_names_exists(name: str) -> None:
    tests = {
        test for path in Path(__file__).parent.glob("test_*.py") for test in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    named = set(re.findall(r"`(test_\w+)`", (ROOT / name).read_text(encoding="utf-8")))
    assert named
    assert named <= tests


def test_readme_speaks_only_of_files_that_exist() -> None:
    for target in re.findall(r"\]\(((?!http)[^)#]+)\)", README.read_text(encoding="utf-8")):
        # The wheel is tested beside README, but without the rest of the checkout.
        assert (ROOT / target).exists() or not (ROOT / "pyproject.toml").exists()
