"""Where files of records lie: the bundled ones, and those of a user's library, in runs that are read together."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from p2p_toolkit.errors import CannotRead
from p2p_toolkit.store.readers import READERS, Piece

BUNDLED = "bundled"
# A file of so many bytes makes a part of the index of its own, and each such piece of a JSON Lines file does.
_ALONE = 1_000_000
_PIECE = 20_000_000
# About so many smaller files make a part together.
_FILES_IN_A_RUN = 128


class Run(NamedTuple):
    """Neighbouring files of a library that are read together, or a piece of a large one; `made_of` changes when one
    of the files does."""

    made_of: str
    pieces: tuple[Piece, ...]
    size: int


def bundled_folder() -> Path:
    """The records that come with p2p: inside the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "data"
    return installed if installed.is_dir() else package.parents[1] / "data"


def guide() -> str:
    """Where the rules for writing a record are explained."""
    return f"How a record is written: {bundled_folder() / 'README.md'}"


def library_files(folder: Path) -> list[Path]:
    """The files of a user's library, by name. Raises CannotRead where the folder cannot be listed."""
    try:
        return sorted(path for path in folder.iterdir() if _is_of_records(path.name))
    except FileNotFoundError:
        raise CannotRead(
            f"there is no library folder {folder}",
            hint="Create the folder, or name another with --library or P2P_LIBRARY.",
        ) from None
    except OSError as error:
        raise CannotRead(f"the library folder {folder} cannot be read: {error.strerror}") from None


def _is_of_records(name: str) -> bool:
    """Whether a file of that name holds records. A name that is no text could not be shown, and SQLite would not take it."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return Path(name).suffix.lower() in READERS and not name.startswith(".")


def runs_of(folder: Path) -> list[Run]:
    """The files of a user's library, by name, in runs. Raises CannotRead where the folder cannot be listed.

    A run of small files ends after a name whose checksum says so: then a new file changes one run only.
    """
    runs: list[Run] = []
    small: list[tuple[str, int, int]] = []

    def end_run() -> None:
        if small:
            pieces = tuple(Piece(str(folder / name)) for name, _, _ in small)
            runs.append(Run(json.dumps(small), pieces, sum(size for _, size, _ in small)))
            small.clear()

    for path in library_files(folder):
        stamp = path.name, *_size_and_age(path)
        if stamp[1] >= _ALONE:
            end_run()
            runs += _runs_of_one(path, stamp)
        else:
            small.append(stamp)
            if not crc32(os.fsencode(path.name)) % _FILES_IN_A_RUN:
                end_run()
    end_run()
    return runs


def _runs_of_one(path: Path, stamp: tuple[str, int, int]) -> Iterator[Run]:
    size = stamp[1]
    step = _PIECE if path.suffix.lower() == ".jsonl" else size
    for start in range(0, size, step):
        yield Run(json.dumps([stamp, start]), (Piece(str(path), start, start + step),), min(step, size - start))


def _size_and_age(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns
