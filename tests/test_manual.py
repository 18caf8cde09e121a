"""The man page says what the commands say, and roff takes it as it is meant."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from p2p_toolkit.cli import application
from p2p_toolkit.cli.manual import page
from p2p_toolkit.cli.tree import Command, Parameter, commands

KEPT = Path(__file__).parents[1] / "docs" / "p2p.1"
CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"
ALL = commands(application(whole=True))
HOSTILE = Command(
    path=("search",),
    help=(".so /etc/passwd", "'de \\n(.R \\*[x] it's \"so\" `x` ^ ~ --x"),
    examples=(".p2p", "'p2p"),
    arguments=(Parameter(("A",), "text", "[A]", ".SH X", None, True, False, (), ""),),
    options=(Parameter(("--x", "-x"), "text", "\\fB", "'\\\"", None, False, False, (), ""),),
)


def mandoc(*options: str, text: str) -> str:
    if not shutil.which("mandoc"):
        pytest.skip("mandoc is not here")
    done = subprocess.run(["mandoc", *options], input=text, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def date() -> str:
    [found] = re.findall(r"^\.TH P2P 1 \"([^\"]+)\"", KEPT.read_text(encoding="utf-8"), re.MULTILINE)
    return str(found)


def test_the_kept_page_is_what_the_commands_say() -> None:
    made = page(ALL, date())
    if os.environ.get("P2P_REWRITE") == "1":
        KEPT.write_text(made, encoding="utf-8")
    assert KEPT.read_text(encoding="utf-8") == made
    for command in ALL:
        assert " ".join(command.path).replace("-", "\\-") in made
        for option in command.options:
            assert option.names[0].replace("-", "\\-") in made


def test_mandoc_finds_nothing_wrong() -> None:
    assert mandoc("-T", "lint", "-W", "warning", text=KEPT.read_text(encoding="utf-8")) == ""


def test_no_text_is_a_request_to_roff() -> None:
    made = page([HOSTILE, *ALL[1:]], "2026-01-01").splitlines()
    assert not [line for line in made if line.startswith((".so", "'"))]
    assert not re.search(r"\\(?![-e(f&])", "\n".join(made))


def test_what_is_read_is_what_was_written() -> None:
    shown = mandoc("-T", "ascii", "-O", "width=78", text=page([HOSTILE, *ALL[1:]], "2026-01-01"))
    plain = " ".join(re.sub(r".\x08", "", shown).split())
    for text in (".so /etc/passwd", "'de \\n(.R \\*[x] it's \"so\" `x` ^ ~ --x", "'\\\""):
        assert text in plain
