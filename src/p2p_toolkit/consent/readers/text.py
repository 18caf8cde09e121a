"""The text of a file, in pieces of even size: decoded, with limits, and by lines."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from p2p_toolkit.errors import CannotRead

# An hour of browsing with response bodies is some hundred MB. Beyond that someone took the wrong file.
LARGEST_FILE = 1_000_000_000
# A list, a table or a log of headers has some thousand lines. Text of this size is something else.
LARGEST_TEXT = 100_000_000
LONGEST_LINE = 1_000_000
CHUNK = 65_536

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# What files begin with that people take for a list of cookies.
_OTHERS = (
    (b"SQLite format 3\0", "a browser's own database of cookies"),
    (b"\x1f\x8b", "a compressed file (gzip); unpack it first"),
    (b"PK\x03\x04", "a compressed file or an office document"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
)


def chunks(source: BinaryIO) -> Iterator[str]:
    """The text in pieces of about CHUNK letters; some may be empty.

    A byte-order mark is obeyed: what Windows PowerShell writes with `>` is UTF-16. Else it is UTF-8, and what is none
    becomes U+FFFD, since one bad letter in a page must not hide the cookies behind it. Raises CannotRead for what is
    empty, binary or too large.
    """
    head = source.read(CHUNK)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise CannotRead("is empty" if not head.strip() else "holds nothing that can be read")
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8-sig")
    for start, looks in _OTHERS:
        if head.startswith(start):
            raise CannotRead(f"looks like {looks}")
    if encoding == "utf-8-sig" and b"\0" in head:
        raise CannotRead("looks like a binary file, not text")
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    size = 0
    while head:
        size += len(head)
        if size > LARGEST_FILE:
            raise CannotRead(f"is larger than {LARGEST_FILE // 1_000_000:,} MB")
        yield decoder.decode(head)
        head = source.read(CHUNK)
    yield decoder.decode(b"", final=True)


def lines(pieces: Iterator[str]) -> Iterator[tuple[int, str | None]]:
    """The lines with their numbers, counted from 1, whether they end as on Windows, Unix or an old Mac.

    None stands for a line that is too long. Raises CannotRead where the text is too large.
    """
    newlines = io.IncrementalNewlineDecoder(None, translate=True)
    number, size, rest, too_long = 0, 0, "", False
    for piece in pieces:
        size += len(piece)
        if size > LARGEST_TEXT:
            raise CannotRead(f"is text of more than {LARGEST_TEXT // 1_000_000} MB")
        *whole, rest = (rest + newlines.decode(piece)).split("\n")
        for line in whole:
            number += 1
            yield number, None if too_long or len(line) > LONGEST_LINE else line
            too_long = False
        if len(rest) > LONGEST_LINE:
            rest, too_long = "", True
    rest += newlines.decode("", final=True)
    if rest or too_long:
        yield number + 1, None if too_long else rest.removesuffix("\n")
