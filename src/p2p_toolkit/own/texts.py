"""One record within the text of a file: put there, changed or taken out, with every other byte as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from p2p_toolkit.errors import CannotWrite, NotFound
from p2p_toolkit.fields import complete, fields_of
from p2p_toolkit.kinds import Kind, id_of, tidy
from p2p_toolkit.store import LONGEST_LINE, as_toml, object_of, parse_toml

# What decides where a statement of TOML ends: strings and comments, which may hold any sign; brackets; the ends of lines (TOML 1.0).
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}\n]',
    re.DOTALL,
)
_HEADER = re.compile(r"""\[\[?[ \t]*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[\w-]+))[ \t]*(?P<more>\.?)""")
_BLANK_LINES = re.compile(r"(?:[ \t]*\r?\n)*")

# The kind and the id of a record; and what is to stand in the place of records, None where nothing is.
Reference = tuple[str, str]
Changes = Mapping[Reference, Mapping[str, Any] | None]


def in_order(kind: Kind, table: Mapping[str, Any]) -> dict[str, Any]:
    """What a right table of fields says, tidy and in the order in which the fields of its kind are shown."""
    return tidy(kind, complete(fields_of(kind.record).shape, table))


def changed_toml(content: bytes, kind: str, id: str, table: Mapping[str, Any] | None) -> bytes:
    """The text of a file with another record in the place of the one with that id, or without it. Empty where nothing else was in it.

    The comments above the record stay; those inside it go. Raises NotFound where it is not there, CannotRead where the file is no TOML,
    CannotWrite where the record is not written in one piece under a heading of its own.
    """
    # tomlkit, which edits TOML, counts a comment above a record to the record before, and takes it away with that; so the piece is
    # found here, and the result is read back before anybody trusts it.
    before = parse_toml(content)
    listed = before.get(kind, [])
    records = listed if isinstance(listed, list) else [listed]
    numbers = [number for number, one in enumerate(records) if isinstance(one, Mapping) and id_of(one) == id]
    if not numbers:
        raise gone(kind, id)
    [number] = numbers[:1]
    rest = [*records[:number], *([table] if table else []), *records[number + 1 :]]
    wanted = {**before, kind: rest}
    if not rest:
        del wanted[kind]
    if not wanted:
        return b""
    text = content.decode()
    piece = _piece(text, kind, number)
    if piece:
        start, end = piece
        put = f"{as_toml(kind, table)}\n" if table else ""
        after = f"{text[:start]}{put}{text[end:]}".encode()
        if parse_toml(after) == wanted:
            return after
    raise CannotWrite(
        f"{kind}:{id} does not stand in one piece under [[{kind}]], so that it cannot be changed without the rest",
        hint="Change the file by hand.",
    )


def changed_lines(path: Path, changes: Changes) -> Iterator[bytes]:
    """The lines of a JSON Lines file with these changes, as a stream. Raises NotFound at the end if one of the records was not there."""
    left = dict(changes)
    # Looked for as it is first: reading the JSON of every line of a long file takes many times as long.
    only = next(iter(left))[1].encode() if len(left) == 1 else b""
    for chunk, begins in _chunks(path):
        reference = _reference(chunk) if begins and left and only in chunk else None
        if reference in left:
            table = left.pop(reference)
            if table:
                yield line_of(reference[0], table)
        else:
            yield chunk
    for kind, id in left:
        raise gone(kind, id)


def other_lines(path: Path, known: Collection[Reference]) -> Iterator[bytes]:
    """The lines of a JSON Lines file but for these records, as a stream; none where there is no such file."""
    kept = True
    for chunk, begins in _chunks(path) if path.exists() else ():
        kept = _reference(chunk) not in known if begins else kept
        if kept:
            yield chunk


def line_of(kind: str, table: Mapping[str, Any]) -> bytes:
    """A record as a line of JSON."""
    return json.dumps({"kind": kind, **table}, ensure_ascii=False).encode() + b"\n"


def _chunks(path: Path) -> Iterator[tuple[bytes, bool]]:
    """The lines of a file, and whether each begins one: of a very long line only the first piece does."""
    with path.open("rb") as file:
        begins = True
        while chunk := file.readline(LONGEST_LINE):
            yield chunk, begins
            begins = chunk.endswith(b"\n")


def _reference(line: bytes) -> Reference | None:
    """The kind and the id of the record in a line, or None where none is in it."""
    kind, table = object_of(line)
    return (kind, str(id_of(table))) if isinstance(kind, str) else None


def gone(kind: str, id: str) -> NotFound:
    return NotFound(f"{kind}:{id} is not in your library", hint=f"Try: p2p list {kind}")


def _piece(text: str, kind: str, number: int) -> tuple[int, int] | None:
    """Where the record with that number begins and ends, the blank lines after it included; None where it has no heading."""
    start = end = seen = -1
    here = False
    for begins, ends in _statements(text):
        line = text[begins:ends].strip("\ufeff \t\r\n")
        heading = _HEADER.match(line)
        if heading:
            ours = kind in (heading["double"], heading["single"], heading["bare"])
            seen += ours and not heading["more"]
            here = ours and seen == number
            if here and start < 0:
                start = begins + text[begins:ends].index("[")
        if here and line and not line.startswith("#"):
            end = ends
    blank = _BLANK_LINES.match(text, end)
    return (start, blank.end() if blank else end) if start >= 0 else None


def _statements(text: str) -> Iterator[tuple[int, int]]:
    """Where each statement of a TOML text, blank line or line of comment begins and ends."""
    begins = depth = 0
    for token in _TOKEN.finditer(text):
        sign = token[0]
        depth += (sign in "[{") - (sign in "]}")
        if sign == "\n" and not depth:
            yield begins, token.end()
            begins = token.end()
    yield begins, len(text)
