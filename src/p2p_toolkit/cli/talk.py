"""Talking with somebody on a terminal: plain lines that a screen reader can follow."""

from __future__ import annotations

import sys
import textwrap
from typing import Any, BinaryIO

from p2p_toolkit import render
from p2p_toolkit.errors import BadUsage
from p2p_toolkit.render import View


def can_ask(view: View) -> bool:
    """Whether somebody may be asked: both standard streams are a terminal, the answer is for reading, and --no-input was not given."""
    return view.format == render.TABLE and not view.quiet and view.asks and on_terminal()


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
