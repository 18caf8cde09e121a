"""What can go wrong: each failure knows its sentence, its next step and its exit code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any, NamedTuple


class Exit(IntEnum):
    """The exit codes p2p promises to scripts."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    BAD_DATA = 4
    NOT_WRITTEN = 5
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Exit.DONE: "done, also when a search found nothing",
    Exit.FAILED: "an unexpected failure",
    Exit.USAGE: "wrong usage: an unknown command, option or value",
    Exit.NOT_FOUND: "no such record; or nothing found, with --exit-status",
    Exit.BAD_DATA: "data is invalid or cannot be read",
    Exit.NOT_WRITTEN: "the answer could not be written",
    Exit.INTERRUPTED: "interrupted",
}


MOST_FAULTS = 100
LONGEST_ECHO = 60


class P2PError(Exception):
    """A failure that is told to the user in two to four lines.

    `code` is a stable word for scripts, `hint` says what to do next, `suggestions` are values that
    would have worked, best first.
    """

    exit = Exit.FAILED
    code = "failed"

    def __init__(self, message: str, *, hint: str = "", suggestions: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.suggestions = tuple(suggestions)

    def told(self) -> dict[str, Any]:
        """The failure as plain data, for programs: an object `error` with all there is to say."""
        return {"error": {"code": self.code, "message": self.message, "hint": self.hint, "suggestions": list(self.suggestions)}}


class BadUsage(P2PError):
    """The command line asks for something that does not exist."""

    exit = Exit.USAGE
    code = "usage"


class NotFound(P2PError):
    """No record has the name asked for."""

    exit = Exit.NOT_FOUND
    code = "not_found"


class CannotRead(P2PError):
    """A file is missing, unreadable, too large or not in the format it should be in."""

    exit = Exit.BAD_DATA
    code = "cannot_read"


class CannotWrite(P2PError):
    """The answer could not be written: a full disk, a closed or forbidden place."""

    exit = Exit.NOT_WRITTEN
    code = "cannot_write"


class BadRecords(P2PError):
    """Records break the rules of their kind. `faults` holds every mistake, in file order."""

    exit = Exit.BAD_DATA
    code = "invalid_data"

    def __init__(self, faults: Sequence[Fault], *, hint: str = "") -> None:
        count = f"{len(faults)} mistakes" if len(faults) != 1 else "1 mistake"
        shown = [f"  {fault}" for fault in faults[:MOST_FAULTS]]
        if len(faults) > MOST_FAULTS:
            shown.append(f"  and {len(faults) - MOST_FAULTS} more")
        super().__init__("\n".join([f"{count} in the data:", *shown]), hint=hint)
        self.faults = tuple(faults)


class Fault(NamedTuple):
    """One mistake in one record or file.

    `wanted` says what would have been right. `record` is `kind:id`, or `kind number n` where the id is
    missing. `value` is what was found, shortened. Empty is what does not apply.
    """

    file: str
    wanted: str
    record: str = ""
    field: str = ""
    value: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        found = f" is {self.value}" if self.value else ""
        guess = f" Did you mean {self.nearest!r}?" if self.nearest else ""
        where = ": ".join(part for part in (self.file, self.record, self.field) if part)
        return f"{where}{found}; wanted: {self.wanted}.{guess}"


def quoted(text: str) -> str:
    """What the user typed, in quotes, for a message: shortened, and without anything that could steer a terminal."""
    return repr(text if len(text) <= LONGEST_ECHO else text[: LONGEST_ECHO - 3] + "...")


def shell_word(text: str) -> str:
    """The text as one word of a command to try."""
    # Imported here: only a failure needs it.
    import shlex

    return shlex.quote(text)


def was_interrupted(error: BaseException) -> bool:
    """Whether it comes of an interrupt: Python 3.11 wraps one in a RuntimeError while it makes a class."""
    return isinstance(error, KeyboardInterrupt) or isinstance(error.__cause__, KeyboardInterrupt)


def nearest(word: str, choices: Iterable[str], count: int = 3) -> list[str]:
    """Those of a closed list of choices that look most like `word`, best first; may be empty."""
    # Imported here: only a mistake needs it, and starting up should not pay for mistakes.
    from difflib import get_close_matches

    by_folded = {choice.casefold(): choice for choice in choices}
    close = get_close_matches(word.casefold(), by_folded, n=count, cutoff=0.6)
    return [by_folded[folded] for folded in close]
