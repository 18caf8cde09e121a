"""What was wrong with a command line, and what to type instead. Loaded only where something was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from p2p_toolkit.errors import BadUsage, Exit, P2PError, nearest, quoted, shell_word

# Typer's own guesses, which stand at the end of its sentences.
_GUESSES = re.compile(r" ?(?:Did you mean (.*)\?|\(Possible options: (.*)\))$")
# A next step that has one of these can be typed as it stands; any other is followed by one that can.
_TYPED = re.compile(r"\b(?:p2p (?:[a-z]|--version)|mkdir |pandoc |pip |df )|>&-")
# With these codes it is the command line, or what it names, that has to be put right.
_MENDABLE = (Exit.USAGE, Exit.NOT_FOUND, Exit.BAD_DATA, Exit.NOT_WRITTEN)


def noticed_by_typer(error: Exception, given: Sequence[str]) -> BadUsage | None:
    """A mistake on the command line that Typer noticed; its exceptions are not public, so by what they offer."""
    if not hasattr(error, "format_message"):
        return None
    message = str(error.format_message())
    found = _GUESSES.search(message)
    message = message[: found.start()] if found else message
    guesses = _closest(message, re.findall(r"[\w-]+", next(filter(None, found.groups())))) if found else []
    if message.startswith("No such option") and given[0].startswith("-") and not guesses:
        return BadUsage(message, hint="Options stand after the command, as in: p2p list --json")
    if message.startswith("No such command") and len(given) == 1:
        return BadUsage(message, **_instead_of_command(given[0], guesses))
    return BadUsage(message, suggestions=guesses)


def _closest(message: str, guesses: Sequence[str]) -> list[str]:
    """Those of Typer's guesses that look like what was typed, best first: it also takes what shares a few letters."""
    typed = re.search(r"No such (?:option|command):? '?(.+?)'?\.?$", message)
    if typed is None:
        return list(guesses)
    by_letters = {guess.lstrip("-"): guess for guess in guesses}
    return [by_letters[letters] for letters in nearest(typed[1].lstrip("-"), by_letters)]


def _instead_of_command(word: str, guesses: Sequence[str]) -> dict[str, Any]:
    """What to type instead of a word that is no command: the kind of records that it names, the nearest command, or a search."""
    from p2p_toolkit.kinds import KINDS

    kind = next((kind for kind in KINDS if word.lower() in (kind.name, kind.plural)), None)
    if kind:
        return {"hint": f"To see them: p2p list {kind.name}"}
    if word == "version":
        return {"hint": "Try: p2p --version"}
    return {"suggestions": guesses} if guesses else {"hint": f"To look for it: p2p search {shell_word(word)}"}


def with_next_step(error: P2PError, given: Sequence[str], command: str) -> P2PError:
    """The failure, its last line something to type: the command line put right where that is plain, else its help.

    `command` is the command that was asked for, such as `p2p library add`.
    """
    lines = error.hint.splitlines()
    if error.exit in _MENDABLE and not (lines and _TYPED.search(lines[-1])):
        example = _example(given) if error.message.startswith("Missing argument") else ""
        error.hint = "\n".join([*lines, f"Try: {_put_right(error, given) or example or f'{command} --help'}"])
    return error


def _example(given: Sequence[str]) -> str:
    """The first example in the help of the command that was asked for."""
    from p2p_toolkit.cli import application
    from p2p_toolkit.cli.tree import commands

    asked = (one for one in commands(application(given)) if list(one.path) == list(given[: len(one.path)]))
    return next((example for one in asked for example in one.examples), "")


def _put_right(error: P2PError, given: Sequence[str]) -> str:
    """The command line with the nearest value in the place of the wrong one; empty where it is not plain which that is."""
    if not error.suggestions:
        return ""
    wrong = [place for place, word in enumerate(given) if quoted(word) in error.message or error.message.endswith(f": {word}")]
    if len(wrong) != 1:
        return ""
    return " ".join(["p2p", *(shell_word(error.suggestions[0] if place in wrong else word) for place, word in enumerate(given))])
