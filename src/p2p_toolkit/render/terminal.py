"""The two streams: what is known about them, and the only place that writes to them."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TextIO

from p2p_toolkit.errors import BadUsage, CannotWrite, quoted
from p2p_toolkit.words import UNSAFE

NO_ROOM = "Free some space, or write to another place. What is left: df -h"
NARROW = 60
# What P2P_THEME can be; the first one is usual.
THEMES = ("auto", "dark", "light", "contrast")
LEAST_WIDTH = 20
_NO_SCREEN = os.terminal_size((80, 0))
# R: colours pass through. F: leave at once if it fits after all. X: the text stays on the screen. Ps: the prompt.
LESS = "-FRX -Psq leaves, space goes on$"


class Look(NamedTuple):
    """How an answer is to look: decided once, here, and trusted everywhere else.

    `screen` is rich tables and panels, else plain lines. `width` is in columns. `colour` allows escape
    codes at all. `unicode` allows characters beyond ASCII. `height` is 0 where nothing is paged. `theme` is one of THEMES.
    """

    screen: bool
    width: int
    colour: bool
    unicode: bool
    height: int = 0
    theme: str = THEMES[0]


def look(stream: TextIO, environment: Mapping[str, str], *, color: str = "auto", plain: bool = False, pager: bool = True) -> Look:
    """Decide how an answer on this stream is to look.

    An option beats a variable. Of the variables, NO_COLOR beats FORCE_COLOR and CLICOLOR_FORCE, as
    no-color.org asks; an empty one counts as not set. Forced colour gives the look of a terminal.
    A theme that does not exist is BadUsage.
    """
    theme = environment.get("P2P_THEME") or THEMES[0]
    if theme not in THEMES:
        raise BadUsage(f"P2P_THEME cannot be {quoted(theme)}", hint=f"Choose one of: {', '.join(THEMES)}")
    terminal = _is_terminal(stream)
    forced = color == "always" or (color == "auto" and not _set(environment, "NO_COLOR") and _forced(environment))
    colour = forced or (
        color == "auto"
        and terminal
        and not _set(environment, "NO_COLOR")
        and environment.get("TERM") != "dumb"
        and environment.get("CLICOLOR") != "0"
    )
    size = _size(stream) if terminal else _NO_SCREEN
    return Look(
        screen=(terminal or forced) and not plain and not _accessible(environment),
        width=_width(environment, size),
        colour=colour,
        unicode="utf" in (getattr(stream, "encoding", None) or "").lower(),
        height=size.lines if terminal and pager and environment.get("TERM") != "dumb" else 0,
        theme=theme,
    )


def _size(stream: TextIO) -> os.terminal_size:
    """The size of a terminal. shutil's would take any number for a width that COLUMNS holds."""
    try:
        size = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return _NO_SCREEN
    return size if size.columns else _NO_SCREEN


def safe(text: str) -> str:
    """Text that cannot steer a terminal: control characters are shown as U+FFFD."""
    return UNSAFE.sub("\ufffd", text)


def write(pieces: Iterable[str], *, encoding: str | None = None) -> None:
    """Write an answer to standard output, in its own encoding or in this one. Raises CannotWrite where the disk is full or the place
    forbidden.

    A reader that has seen enough (`| head`) is no failure: writing just stops.
    """
    out = output()
    if encoding:
        _prepare(out, encoding)
    try:
        for piece in pieces:
            out.write(piece)
        out.flush()
    except BrokenPipeError:
        _abandon(out)
    except OSError as error:
        _abandon(out)
        raise CannotWrite(f"the answer could not be written: {error.strerror}", hint=NO_ROOM) from None


def output() -> TextIO:
    """Standard output, ready for any character. Raises CannotWrite where it is closed."""
    # Python has None in its place if it was closed from the start.
    if sys.stdout is None or sys.stdout.closed:
        raise CannotWrite("standard output is closed", hint="Try it again without >&- at its end.")
    _prepare(sys.stdout)
    return sys.stdout


def page(text: str, environment: Mapping[str, str], height: int) -> None:
    """Write an answer that is longer than the screen through the user's pager, if there is one."""
    command = environment.get("PAGER", "less" if shutil.which("less") else "").strip()
    if not height or text.count("\n") < height or not command or command == "cat":
        write([text])
        return
    import shlex
    import subprocess

    try:
        process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, env={"LESS": LESS, **environment})
    except (OSError, ValueError):
        write([text])
        return
    try:
        process.communicate(text.encode("utf-8", "replace"))
        if process.returncode > 0:
            write([text])
    except KeyboardInterrupt:
        # The pager owns the terminal and leaves it in order.
        process.wait()


def prompt(text: str) -> None:
    """Write a question to standard error, to be answered in the same line."""
    if sys.stderr is not None:
        _prepare(sys.stderr)
        sys.stderr.write(safe(text))
        sys.stderr.flush()


def tell(lines: Iterable[str], *, whole: bool = False, before: bool = False) -> None:
    """Write counts, hints and warnings to standard error; where nobody can read them, they are lost.

    On a terminal they are wrapped at words, with the lines of one hanging under its first; `whole` leaves them as they are.
    What is told `before` an answer has an empty line after it there.
    """
    if sys.stderr is None:
        return
    _prepare(sys.stderr)
    try:
        wrapped = _is_terminal(sys.stderr) and not whole and not _accessible(os.environ)
        width = _width(os.environ, _size(sys.stderr)) if wrapped else 0
        for line in (line for told in lines for line in told.split("\n")):
            sys.stderr.write(_wrapped(safe(line), width) + "\n")
        if before and width:
            sys.stderr.write("\n")
        sys.stderr.flush()
    except OSError:
        _abandon(sys.stderr)


def _wrapped(line: str, width: int) -> str:
    if not width or len(line) <= width:
        return line
    # Imported here: only a long line on a terminal needs it.
    import textwrap

    indent = " " * (len(line) - len(line.lstrip()) + 2)
    # A path or a command to try is copied more often than read: it stays in one piece.
    line, command, rest = line.rpartition(": p2p ") if ": p2p " in line else (line, "", "")
    filled = textwrap.fill(line + command[:1], width, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)
    return f"{filled}\n{indent}{command[2:]}{rest}" if command else filled


def _prepare(stream: TextIO, encoding: str | None = None) -> None:
    """A character that the stream's encoding lacks must not end the program."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding=encoding, errors="replace")


def _abandon(stream: TextIO) -> None:
    """Point a broken stream at nothing, so that Python does not complain when it closes it at the end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:
        return False


def _width(environment: Mapping[str, str], size: os.terminal_size) -> int:
    columns = environment.get("COLUMNS", "")
    return max(int(columns) if columns.isdecimal() and 0 < int(columns) < 10_000 else size.columns, LEAST_WIDTH)


def _accessible(environment: Mapping[str, str]) -> bool:
    return _set(environment, "ACCESSIBLE") and environment.get("ACCESSIBLE") != "0"


def _set(environment: Mapping[str, str], name: str) -> bool:
    return bool(environment.get(name))


def _forced(environment: Mapping[str, str]) -> bool:
    return any(environment.get(name) not in (None, "", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE"))
