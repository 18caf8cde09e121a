"""Writing files: a whole one, or the old one as it was."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from p2p_toolkit.errors import CannotWrite, shell_word

# How the name of a file ends that is still being written.
PART = ".part"


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
            replace_whole(place, [text.encode()])
    except OSError as error:
        raise CannotWrite(f"{path} could not be written: {error.strerror}", hint="Free some space, or try another place.") from None


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, where there are none. Raises CannotWrite."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(f"the folder {folder} could not be made: {error.strerror}", hint="Name another with --library.") from None


def replace_whole(place: Path, pieces: Iterable[bytes]) -> None:
    """Write a file beside its place, and move it there when it is whole and on the disk. A link there is replaced, not followed.

    Raises OSError, and whatever reading the pieces raises; then the old file is as it was.
    """
    beside = place.with_name(f".{place.name[:200]}.{os.getpid()}{PART}")
    try:
        # Made anew, so that nothing is followed or overwritten on the way, and with the rights that new files of this user have.
        with beside.open("xb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        if place.exists():
            shutil.copymode(place, beside)
        beside.replace(place)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    settle(place.parent)


def settle(folder: Path) -> None:
    """Have it on the disk which files a folder holds, so that a power cut does not bring back an old one."""
    # Windows cannot open a folder and some network drives refuse to settle one; there the system decides when it is done.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
