"""Answers to text on a stream: the one place that prints."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple

from p2p_toolkit.errors import Fault, P2PError
from p2p_toolkit.render import terminal
from p2p_toolkit.render.answer import Answer
from p2p_toolkit.render.formats import FORMATS
from p2p_toolkit.render.records import cards, facets, hits, listing, welcome
from p2p_toolkit.render.terminal import NO_ROOM

__all__ = [
    "NO_ROOM",
    "TABLE",
    "Answer",
    "View",
    "cards",
    "emit",
    "facets",
    "fail",
    "format_names",
    "hits",
    "listing",
    "pieces",
    "prompt",
    "say",
    "tell",
    "warn",
    "warning",
    "welcome",
    "width",
]

TABLE = "table"


class View(NamedTuple):
    """How the user asked to see the answer, and whether anything may be asked on the way."""

    format: str = TABLE
    color: str = "auto"
    plain: bool = False
    pager: bool = True
    quiet: bool = False
    ask: bool = True


def format_names() -> list[str]:
    """The formats an answer can be had in; the first one is for people."""
    return [TABLE, *FORMATS]


def emit(answer: Answer, view: View) -> None:
    """Write an answer to standard output and its notes to standard error. Raises CannotWrite."""
    if view.format != TABLE:
        # What programs read is UTF-8 on every machine (RFC 8259 asks it of JSON).
        terminal.write(pieces(answer, view.format), encoding="utf-8")
        return
    if view.quiet:
        # A cookie goes by its name, since not each has a record; what is counted has a value in the place of an id.
        named = answer.ids or (result.get("cookie") or result.get("id", result.get("value")) for result in answer.results)
        lines = [f"{name}\n" for name in named if name]
        # A page or a configuration has none: it is all that was asked for.
        if lines or TABLE not in answer.documents:
            terminal.write(lines)
            return
    look = terminal.look(terminal.output(), os.environ, color=view.color, plain=view.plain, pager=view.pager)
    # Imported here: rich is for screens, and scripts should not wait for it.
    if TABLE in answer.documents:
        document = "".join(answer.documents[TABLE](look.width if look.screen else 0))
        terminal.page(document, os.environ, look.height if look.screen else 0)
    elif look.screen:
        from p2p_toolkit.render import screen

        terminal.page(screen.text(answer, look), os.environ, look.height)
    else:
        terminal.write(pieces(answer, TABLE))
    terminal.tell(answer.notes, whole=view.plain)


def pieces(answer: Answer, format: str) -> Iterable[str]:
    """An answer as text in a format for files and programs; the one for people as plain lines."""
    document = answer.documents.get(format)
    if document:
        return document(0)
    if format == TABLE:
        # Imported here: programs ask for the other formats.
        from p2p_toolkit.render import plain

        return plain.lines(answer)
    return FORMATS[format](answer)


def say(text: str) -> None:
    """Write a plain text, such as the version, to standard output. Raises CannotWrite."""
    terminal.write([text + "\n"])


def tell(notes: Iterable[str]) -> None:
    """Write notes to standard error."""
    terminal.tell(notes)


def prompt(text: str) -> None:
    """Write a question to standard error, without an end of line."""
    terminal.prompt(text)


def width() -> int:
    """How many columns plain text may have on standard output. Raises CannotWrite where that is closed."""
    return min(terminal.look(terminal.output(), os.environ).width, 100)


def warn(faults: tuple[Fault, ...], folder: object, view: View) -> None:
    """Name the mistakes in the user's own files, briefly."""
    if faults and not view.quiet:
        terminal.tell(warning(faults, folder), before=True)


def warning(faults: tuple[Fault, ...], folder: object) -> list[str]:
    """What to say of the mistakes in the user's own files; nothing where there are none."""
    if not faults:
        return []
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return [f"warning: {faults[0]}{more}", f"See all of them: p2p library validate --library {folder}"]


def fail(error: P2PError, as_json: bool) -> None:
    """Tell of a failure on standard error: as one JSON object for scripts, else in two to four lines."""
    if as_json:
        import json

        terminal.tell([json.dumps(error.told())], whole=True)
        return
    lines = [f"p2p: {error.message}"]
    if error.suggestions:
        lines.append("Nearest: " + ", ".join(error.suggestions))
    terminal.tell([*lines, error.hint] if error.hint else lines)
