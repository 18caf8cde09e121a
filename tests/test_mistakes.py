"""Mistakes on the command line: what is wrong, and as the last line something to type."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import pytest
from conftest import Ran

from p2p_toolkit import cli

# Each is said to be wrong in two to four lines, and the last of them can be typed.
MISTAKES = (
    ("search x --kind rout", 2, "Try: p2p search x --kind route"),
    ("search x --limit three", 2, "Try: p2p search --help"),
    ("search x --limit", 2, "Try: p2p search --help"),
    ("search x --limt 3", 2, "Try: p2p search x --limit 3"),
    ("list --nation englnd", 2, "Try: p2p list --nation england"),
    ("list --verdict myth", 2, "Try: p2p list --help"),
    ("list --sort nmae", 2, "Try: p2p list --sort name"),
    ("list --since soon", 2, "Try: p2p list --help"),
    ("list --format jsno", 2, "Try: p2p list --format json"),
    ("list one more", 2, "Try: p2p list --help"),
    ("show", 2, "Try: p2p show croydon"),
    ("show zzzqqq", 3, "Try: p2p list"),
    ("show ''", 2, "Try: p2p show --help"),
    ("pick zzzqqq", 3, "Try: p2p search zzzqqq"),
    ("pick oldham", 2, "Try: p2p search oldham -q"),
    ("cookies", 2, "To see them: p2p list cookie"),
    ("case", 2, "To see them: p2p list case"),
    ("version", 2, "Try: p2p --version"),
    ("--verson", 2, "Try: p2p --version"),
    ("search oldham --fromat json", 2, "Try: p2p search oldham --format json"),
    ("stats case --by route", 2, "Try: p2p stats --help"),
    ("routes --paid maybe", 2, "Try: p2p routes --help"),
    ("cite", 2, "Try: p2p cite oldham croydon --style bibtex"),
    ("help serch", 2, "To see what there is: p2p help"),
    ("completion tcsh", 2, "Try: p2p completion --help"),
    ("schema cases-of", 2, "To see all there are: p2p schema"),
    ("mcp --library /nowhere", 4, "Try: p2p mcp --help"),
    ("answer ''", 2, "Try: p2p answer --help"),
    ("compare oldham", 2, "Try: p2p compare oldham croydon"),
    ("compare oldham light-touch", 2, "Compare cases with cases, or read one: p2p show case:oldham"),
    ("routes --nation france", 2, "Try: p2p routes --help"),
    ("routes --paid yess", 2, "Try: p2p routes --paid yes"),
    ("brief oldham -o x.docx", 2, "Write .md, and then: pandoc x.md -o x.docx"),
    ("brief oldham -o /nowhere/x.md", 5, "Make it first: mkdir -p /nowhere"),
    ("brief cookie:ga", 2, "Try: p2p brief --help"),
    ("cite oldham --style bibtx", 2, "Try: p2p cite oldham --style bibtex"),
    ("timeline --sort stated", 2, "Try: p2p timeline --sort started"),
    ("stats cookeis", 2, "Try: p2p stats cookie"),
    ("consent lst", 2, "Try: p2p consent list"),
    ("consent explain zzzqqq", 3, "Try: p2p consent list"),
    ("consent map C0009 --from onetrust --to cookiebot", 3, "Try: p2p consent map C0005 --from onetrust --to cookiebot"),
    ("consent classify ''", 2, "Try: p2p consent classify --help"),
    ("consent audit /nowhere.har", 4, "Try: echo _ga | p2p consent classify -"),
    ("consent audit x --site 'two words'", 2, "Try: p2p consent audit --help"),
    ("consent table /etc", 4, "Try: echo _ga | p2p consent classify -"),
    ("consent export x --to klara", 2, "Try: p2p consent export x --to klaro"),
    ("library add kase", 2, "Try: p2p library add case"),
    ("library add case nofile.toml", 4, "To be asked for each field instead: p2p library add case"),
    ("library add case --set nmae=x", 2, "Try: p2p library add --help"),
    ("library edit oldham", 2, "A script can change the file itself. Try: p2p library where"),
    ("library remove zzzqqq", 3, "Try: p2p list"),
    ("library validate /nowhere.toml", 4, "Try: p2p library validate --help"),
    ("library import /nowhere", 4, "Try: p2p library import --help"),
    ("library export --kind kase", 2, "Try: p2p library export --kind case"),
    ("library where extra", 2, "Try: p2p library where --help"),
)


@pytest.mark.parametrize(("line", "code", "last"), MISTAKES, ids=[line for line, _, _ in MISTAKES])
def test_every_mistake_ends_with_a_command_to_try(run: Callable[..., Ran], line: str, code: int, last: str) -> None:
    ran = run(*shlex.split(line))
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("p2p: ")
    assert 2 <= ran.err.count("\n") <= 4
    assert ran.err.splitlines()[-1] == last


def test_every_command_has_a_mistake() -> None:
    for group, name, _ in cli.COMMANDS:
        assert any(f"{line} ".startswith(f"{group} {name} ".lstrip()) for line, _, _ in MISTAKES) or (group, name) == ("consent", "list")
