"""Documentation that cannot rot: what README and the help show is what p2p does."""

from __future__ import annotations

import html
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran, in_terminal
from rich.console import Console
from rich.text import Text

from p2p_toolkit.errors import Exit

Run = Callable[..., Ran]

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
# The pictures in docs and the commands they show.
PICTURES = {"search.svg": "p2p search aliance homelesness --limit 2", "stats.svg": "p2p stats case"}
REWRITE = os.environ.get("P2P_REWRITE") == "1"

BLOCK = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)
SHOWN_LINES = 22

COMMANDS = [
    ("search",), ("list",), ("show",), ("answer",), ("compare",), ("routes",), ("brief",), ("cite",), ("timeline",), ("stats",),
    ("consent", "list"), ("consent", "explain"), ("consent", "map"), ("consent", "classify"), ("consent", "audit"), ("consent", "table"),
    ("consent", "export"), ("library", "add"), ("library", "edit"), ("library", "remove"), ("library", "where"), ("library", "validate"),
    ("library", "import"), ("library", "export"),
]  # fmt: skip


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


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_an_example_that_works(run: Run, command: tuple[str, ...]) -> None:
    lines = run(*command, "--help").out.splitlines()
    start = lines.index("  Example:") + 1
    example = lines[start].strip()
    assert example.startswith("p2p ")
    # A file of the reader's own stands for any file.
    ours = {path.name: str(path) for path in (ROOT / "tests" / "data").iterdir()}
    arguments = [ours.get(word, word) for word in shlex.split(example)[1:]]
    if "our-town" in arguments:
        assert run("library", "add", "case", ours["my-case.toml"]).code == 0
    # An editor needs a terminal; this one changes nothing.
    ran = in_terminal(*arguments, env={"EDITOR": "true"}) if command == ("library", "edit") else run(*arguments)
    assert ran.code == 0


def test_every_command_is_known_to_these_tests(run: Run) -> None:
    def commands(*path: str) -> list[tuple[str, ...]]:
        text = run(*path, "--help").out
        if "\nCommands:\n" not in text:
            return [path]
        names = re.findall(r"^  (\S+) ", text.split("\nCommands:\n")[1], re.MULTILINE)
        return [found for name in names for found in commands(*path, name)]

    assert sorted(commands()) == sorted(COMMANDS)


def test_the_examples_of_the_first_screen_work(run: Run) -> None:
    lines = [line for line in run().out.splitlines() if line.startswith("  p2p ")]
    assert len(lines) == 5
    for line in lines:
        assert run(*shlex.split(line.strip().split("  ")[0])[1:]).code == 0


def test_readme_lists_the_exit_codes() -> None:
    text = README.read_text(encoding="utf-8").replace("`", "")
    for code in Exit:
        assert f"| {code.value} | {code.meaning} |" in text


def test_readme_speaks_only_of_files_that_exist() -> None:
    for target in re.findall(r"\]\(((?!http)[^)#]+)\)", README.read_text(encoding="utf-8")):
        # The wheel is tested beside README, but without the rest of the checkout.
        assert (ROOT / target).exists() or not (ROOT / "pyproject.toml").exists()
