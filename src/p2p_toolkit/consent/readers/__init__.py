"""Files that show a site's cookies: told apart by what they hold, and read without their values."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from p2p_toolkit.consent.cookies import FORMATS, Reading
from p2p_toolkit.consent.readers import headers, tables
from p2p_toolkit.consent.readers.documents import read_json
from p2p_toolkit.consent.readers.gathered import Gathered
from p2p_toolkit.consent.readers.text import chunks, lines
from p2p_toolkit.errors import CannotRead

__all__ = ["read", "read_file"]

# So many lines are looked at to tell the format. A log of headers has its first cookie well before.
_SAMPLE = 1_000

_TRY = "Try: echo _ga | p2p consent classify -"

_NOTES = {
    "document-cookie": (
        "document.cookie does not show HttpOnly cookies, and no cookie's domain, path or lifetime.",
        "Cookies of other hosts are not in it.",
    ),
    "cookie-header": ("A Cookie header shows names only: no cookie's domain, path or lifetime.",),
}


def read_file(path: Path, *, now: int) -> Reading:
    """What a file shows. `now`: the time, in Unix seconds. Raises CannotRead, also for a folder, a pipe or a device."""
    try:
        status = path.stat()
        # Looked at before it is opened: opening a pipe would wait for ever.
        if not stat.S_ISREG(status.st_mode):
            raise CannotRead(f"{path} is a folder, a pipe or a device, not a file", hint=_TRY)
        with path.open("rb") as file:
            return read(file, now=now, saved=min(int(status.st_mtime), now), name=str(path))
    except FileNotFoundError:
        raise CannotRead(f"there is no file {path}", hint=_TRY) from None
    except (OSError, ValueError) as error:
        raise CannotRead(f"{path} cannot be read: {getattr(error, 'strerror', '') or 'its name is no file name'}", hint=_TRY) from None


def read(source: BinaryIO, *, now: int, saved: int | None = None, name: str = "the input") -> Reading:
    """What an open file or a pipe shows of cookies: names and attributes. No value is kept.

    `now` and `saved`, when the file was last changed, are Unix seconds. `name` is what an error calls the input. What
    cannot be read is in the reading's `skipped`; CannotRead is raised where nothing can, or where a limit is passed.
    """
    found = Gathered(now if saved is None else saved)
    try:
        text = chunks(source)
        first = next((piece for piece in text if piece.strip()), "")
        rest = chain([first], text)
        if first.lstrip()[:1] in ("{", "["):
            return read_json(rest, found)
        return _read_lines(rest, found)
    except CannotRead as error:
        known = "; ".join(FORMATS.values())
        raise CannotRead(f"{name} {error.message}", hint=error.hint or f"What can be read: {known}.\n{_TRY}") from None


def _read_lines(text: Iterator[str], found: Gathered) -> Reading:
    numbered = lines(text)
    head = list(islice(numbered, _SAMPLE))
    sample = [line for _, line in head if line is not None]
    start = next((line.strip() for line in sample if line.strip()), "")
    if start.startswith("<") and not start.startswith("< "):
        raise CannotRead("looks like a web page or XML")
    rest = chain(head, numbered)
    refused = 0
    if any(map(tables.is_netscape, sample)):
        format = "netscape"
        tables.read_netscape(rest, found)
    elif any(map(tables.is_devtools, sample)):
        format = "devtools"
        tables.read_devtools(rest, found)
    elif format := headers.looks_like(sample):
        read_lines = headers.read_document_cookie if format == "document-cookie" else headers.read_headers
        read_lines(rest, found)
    else:
        format = "names"
        refused = tables.read_names(rest, found)
    reading = found.reading(format, *_NOTES.get(format, ()))
    if not found or refused > len(reading.cookies):
        looks = "text, but not like a list of cookies" if format == "names" else f"{FORMATS[format]}, but no cookie in it can be read"
        raise CannotRead(f"looks like {looks}")
    return reading
