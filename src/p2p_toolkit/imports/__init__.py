"""Records from elsewhere: files that p2p wrote, tables and lists of others, each told by what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from p2p_toolkit import store
from p2p_toolkit.errors import CannotRead, Fault
from p2p_toolkit.imports import ocds
from p2p_toolkit.imports import open_cookie_database as database
from p2p_toolkit.kinds import WRITTEN, Kind, kind_of
from p2p_toolkit.library import open_library

__all__ = ["Incoming"]


class Incoming:
    """The records of some files, as a stream; what is wrong with others, and how many p2p has already, is known when it has ended."""

    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths
        self.faults: list[Fault] = []
        # What a list of others holds that cannot be a record here, which is no fault of whoever gives it.
        self.left_out: list[Fault] = []
        self.known = 0

    def __iter__(self) -> Iterator[tuple[Kind, dict[str, Any]]]:
        """Right records, each with its kind, as they were written. Raises CannotRead for a file that cannot be opened."""
        for path in self._paths:
            start = _start_of(path)
            if database.is_one(start):
                yield from self._cookies(path)
            elif start.lstrip().startswith(("{", "[")) and ocds.is_one(start):
                yield from self._notices(path)
            else:
                yield from self._records(path, format_of(path, start))

    def _records(self, path: Path, format: str) -> Iterator[tuple[Kind, dict[str, Any]]]:
        for record in store.read(store.Piece(str(path)), "", self.faults, format=format):
            table: Mapping[str, Any] = record.table.get(WRITTEN, record.table)
            yield record.kind, dict(table)

    def _notices(self, path: Path) -> Iterator[tuple[Kind, dict[str, Any]]]:
        with path.open("rb") as file:
            for found in ocds.drafts(file, path.name):
                if isinstance(found, Fault):
                    self.faults.append(found)
                else:
                    yield kind_of("case"), found.record

    def _cookies(self, path: Path) -> Iterator[tuple[Kind, dict[str, Any]]]:
        found = database.convert(open_library(), [(path.name, database.read(path))])
        self.left_out += found.faults
        self.known += found.known
        yield from ((kind_of("cookie"), record) for record in found.records)


def _start_of(path: Path) -> str:
    if path.exists() and not path.is_file():
        # Opening a pipe would wait for ever.
        raise CannotRead(f"{path} is a pipe or a device", hint="To read a pipe: p2p library import - < FILE")
    try:
        with path.open("rb") as file:
            return file.read(ocds.SAMPLE).decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise CannotRead(f"{path} cannot be read: {error.strerror}") from None


def format_of(path: Path, start: str) -> str:
    """The ending that files of this format have, by the name of the file or else by how its text begins."""
    if path.suffix.lower() in store.READERS:
        return path.suffix.lower()
    first, _, second = start.lstrip().partition("\n")
    if first.startswith("[["):
        return ".toml"
    if first.startswith(("{", "[")):
        return ".jsonl" if second.lstrip().startswith("{") and first.rstrip().endswith("}") else ".json"
    return ".csv" if "kind" in first.split(",") else ".toml"
