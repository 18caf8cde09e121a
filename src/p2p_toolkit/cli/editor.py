"""The user's own editor, at work on a copy: what was typed is never lost, and nothing wrong takes the place of anything."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from p2p_toolkit import render
from p2p_toolkit.cli.talk import agrees
from p2p_toolkit.errors import BadRecords, BadUsage, CannotRead, Fault, P2PError, quoted

# Tried in this order where the user has named none.
USUAL = ("nano", "vi", "notepad")
_WAITS = "If your editor has a window of its own, have it wait, as in: EDITOR='code --wait' p2p library edit NAME"


@contextmanager
def copy_of(content: bytes, name: str) -> Iterator[Path]:
    """A copy of a file, in a temporary folder that only this user may open; kept, and named, where what is done meanwhile fails."""
    folder = Path(tempfile.mkdtemp(prefix="p2p-"))
    copy = folder / name
    copy.write_bytes(content)
    try:
        yield copy
    except BaseException as error:
        if not copy.is_file() or copy.read_bytes() == content:
            shutil.rmtree(folder, ignore_errors=True)
        elif isinstance(error, P2PError):
            error.hint = f"What you typed is kept in {copy}" + (f"\n{error.hint}" if error.hint else "")
        else:
            render.tell([f"What you typed is kept in {copy}"])
        raise
    shutil.rmtree(folder, ignore_errors=True)


def edited(copy: Path, mistakes_in: Callable[[Path], Sequence[Fault]], *, ask: bool) -> bytes | None:
    """What the user has made of a copy, or None where that is what it was.

    Raises BadRecords for mistakes that are left; with `ask`, the user is asked before whether to go on editing.
    """
    before = copy.read_bytes()
    while True:
        _run(copy)
        if not copy.is_file():
            raise CannotRead(f"{copy} is gone", hint="Nothing was changed. Try again.")
        after = copy.read_bytes()
        if after == before:
            render.tell([f"Nothing was changed. {_WAITS}"])
            return None
        faults = mistakes_in(copy)
        if not faults:
            return after
        failure = BadRecords(faults)
        if not ask:
            raise failure
        render.tell([failure.message])
        if not agrees("Edit it again?", otherwise=True):
            raise CannotRead(f"{copy.name} is not right yet, so that the old one stays")


def _run(copy: Path) -> None:
    command = [*_command(), str(copy)]
    try:
        # Without a shell: no name and no variable can start anything but the editor.
        code = subprocess.run(command, check=False).returncode
    except OSError as error:
        raise BadUsage(f"the editor {quoted(command[0])} could not be started: {error.strerror}", hint=_HINT) from None
    if code:
        raise P2PError(f"the editor {quoted(command[0])} ended with code {code}, so that nothing was changed", hint=_HINT)


def _command() -> list[str]:
    for variable in ("VISUAL", "EDITOR"):
        named = os.environ.get(variable, "").strip()
        if named:
            try:
                return shlex.split(named)
            except ValueError:
                raise BadUsage(f"{variable} is {quoted(named)}, which is no command", hint=_HINT) from None
    for usual in USUAL:
        if shutil.which(usual):
            return [usual]
    raise BadUsage("no editor is known", hint=_HINT)


_HINT = "Name your editor, as in: EDITOR=nano p2p library edit NAME"
