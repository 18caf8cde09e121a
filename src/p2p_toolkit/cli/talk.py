"""Talking with somebody on a terminal: plain lines that a screen reader can follow."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from p2p_toolkit import render
from p2p_toolkit.errors import BadUsage
from p2p_toolkit.render import View

# In the place of a file: standard input where one is read, standard output where one is written.
STANDARD_STREAM = "-"
# The terminal itself, whatever the standard streams are.
_TERMINAL = "CONIN$" if sys.platform == "win32" else "/dev/tty"


def can_ask(view: View) -> bool:
    """Whether somebody is there to be asked and wants to be: both standard streams are a terminal, and the answer is for reading."""
    return view.ask and view.format == render.TABLE and not view.quiet and on_terminal()


def on_terminal() -> bool:
    """Whether both standard streams are a terminal."""
    return all(is_terminal(stream) for stream in (sys.stdin, sys.stdout))


def is_terminal(stream: Any) -> bool:
    return stream is not None and not stream.closed and bool(stream.isatty())


def standard_input(example: str) -> BinaryIO:
    """Standard input, where something other than a person feeds it. Raises BadUsage, which shows the example."""
    # Python has None in its place if it was closed from the start.
    if sys.stdin is None or is_terminal(sys.stdin):
        raise BadUsage("nothing is on standard input", hint=f"Try: {example}")
    return sys.stdin.buffer


def read_line(prompt: str) -> str | None:
    """A line typed on the terminal, or None where the typing was ended with Ctrl-D."""
    try:
        return input(prompt)
    except EOFError:
        return None
    except UnicodeDecodeError:
        return "\N{REPLACEMENT CHARACTER}"
    except KeyboardInterrupt:
        # What follows should not stand in the line of the prompt.
        render.say("")
        raise


@contextmanager
def keyboard(view: View, instead: str) -> Iterator[Callable[[str], str | None]]:
    """A function that asks for a line at the terminal, also where standard input or output goes elsewhere; None for Ctrl-D.

    The prompt goes to standard error. Raises BadUsage where nobody is there to read or to type; `instead` is what to do then.
    """
    nobody = BadUsage(f"nobody can be asked{': there is no terminal' if view.ask else ''}", hint=f"Try: {instead}")
    if not view.ask or not is_terminal(sys.stderr):
        raise nobody
    with ExitStack() as kept:
        stream: TextIO = sys.stdin
        # Python has None in its place if it was closed from the start.
        if not is_terminal(stream):
            try:
                stream = kept.enter_context(Path(_TERMINAL).open(encoding="utf-8", errors="replace"))
            except OSError:
                raise nobody from None
        yield partial(_line_of, stream)


def _line_of(stream: TextIO, prompt: str) -> str | None:
    render.prompt(prompt)
    try:
        line = stream.readline()
    except UnicodeDecodeError:
        return "\N{REPLACEMENT CHARACTER}"
    if line.endswith("\n"):
        return line
    # What follows should not stand in the line of the prompt.
    render.tell([""])
    return line or None


def piped(command: Sequence[str], text: str) -> str:
    """What a program of the user's says to a text, while it has the terminal; empty where it was left without an answer."""
    # Imported here: few commands start another program.
    import subprocess

    return subprocess.run(command, input=text, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False).stdout


def say(text: str) -> None:
    """Write a paragraph."""
    render.say(textwrap.fill(text, render.width()))


def agrees(question: str, *, otherwise: bool = False) -> bool:
    """Whether the answer to a question is yes; Enter alone means `otherwise`, and Ctrl-D no."""
    while True:
        line = read_line(f"{question} ({'Y/n' if otherwise else 'y/N'}): ")
        if line is None:
            render.say("")
            return False
        typed = line.strip().casefold()
        if typed in ("", "y", "yes", "n", "no"):
            return typed.startswith("y") or (otherwise and not typed)
        say("Please type y or n.")
