"""Writing files: a whole one, or the old one as it was."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from p2p_toolkit.errors import CannotWrite, shell_word


def write(path: Path, pieces: Iterable[str], *, replace: bool = False) -> None:
    """Write a text to a file. Raises CannotWrite, also where there is such a file and it is not to be replaced.

    It is written beside its place and moved there when it is whole, so that whatever happens leaves the old file or the new one.
    A device or a pipe is written to as it is.
    """
    text = "".join(pieces)
    # A link is followed: what it points to is the file that the user means.
    place = Path(os.path.realpath(path))
    if place.is_dir():
        raise CannotWrite(f"{path} is a folder", hint="Name a file in it.")
    if not place.parent.is_dir():
        raise CannotWrite(f"there is no folder {path.parent}", hint=f"Make it first: mkdir -p {shell_word(str(path.parent))}")
    if place.is_file() and not replace:
        raise CannotWrite(f"{path} is there already, and may have been edited", hint="Try another name, or --force to replace it.")
    try:
        if place.exists() and not place.is_file():
            place.write_text(text, encoding="utf-8", newline="\n")
        else:
            _replace(place, text.encode())
    except OSError as error:
        raise CannotWrite(f"{path} could not be written: {error.strerror}", hint="Free some space, or try another place.") from None


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, where there are none. Raises CannotWrite."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(f"the folder {folder} could not be made: {error.strerror}", hint="Name another with --library.") from None


def _replace(place: Path, content: bytes) -> None:
    beside = place.with_name(f".{place.name[:200]}.{os.getpid()}.part")
    try:
        # Made anew, so that nothing is followed or overwritten on the way, and with the rights that new files of this user have.
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if place.exists():
            shutil.copymode(place, beside)
        beside.replace(place)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
