"""What was wrong with a command line, and what to type instead. Loaded only where something was."""

from __future__ import annotations

import re
from collections.abc import Sequence

from p2p_toolkit.errors import BadUsage, Exit, P2PError, quoted, shell_word

# Typer's own guesses, which stand at the end of its sentences.
_GUESSES = re.compile(r" ?(?:Did you mean (.*)\?|\(Possible options: (.*)\))$")
# A next step that has one of these can be typed as it stands; any other is followed by one that can.
_TYPED = re.compile(r"\b(?:p2p [a-z]|mkdir |pandoc |pip |df )|>&-")
# With these codes it is the command line, or what it names, that has to be put right.
_MENDABLE = (Exit.USAGE, Exit.NOT_FOUND, Exit.BAD_DATA, Exit.NOT_WRITTEN)


def noticed_by_typer(error: Exception, given: Sequence[str]) -> BadUsage | None:
    """A mistake on the command line that Typer noticed; its exceptions are not public, so by what they offer."""
    if not hasattr(error, "format_message"):
        return None
    message = str(error.format_message())
    found = _GUESSES.search(message)
    guesses = re.findall(r"[\w-]+", next(filter(None, found.groups()))) if found else []
    message = message[: found.start()] if found else message
    if given and given[0].startswith("-") and message.startswith("No such option"):
        return BadUsage(message, hint="Options stand after the command, as in: p2p list --json")
    hint = ""
    if message.startswith("No such command") and not guesses and len(given) == 1:
        hint = f"To look for it: p2p search {shell_word(given[0])}"
    return BadUsage(message, hint=hint, suggestions=guesses)


def with_next_step(error: P2PError, given: Sequence[str], command: str) -> P2PError:
    """The failure, its last line something to type: the command line put right where that is plain, else its help.

    `command` is the command that was asked for, such as `p2p library add`.
    """
    lines = error.hint.splitlines()
    if error.exit in _MENDABLE and not (lines and _TYPED.search(lines[-1])):
        error.hint = "\n".join([*lines, f"Try: {_put_right(error, given) or f'{command} --help'}"])
    return error


def _put_right(error: P2PError, given: Sequence[str]) -> str:
    """The command line with the nearest value in the place of the wrong one; empty where it is not plain which that is."""
    if not error.suggestions:
        return ""
    wrong = [place for place, word in enumerate(given) if quoted(word) in error.message or error.message.endswith(f": {word}")]
    if len(wrong) != 1:
        return ""
    return " ".join(["p2p", *(shell_word(error.suggestions[0] if place in wrong else word) for place, word in enumerate(given))])
