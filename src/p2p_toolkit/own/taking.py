"""Taking many records into the user's library at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from p2p_toolkit import files, store
from p2p_toolkit.errors import BadRecords, Fault
from p2p_toolkit.kinds import Kind, id_of
from p2p_toolkit.library import Library, Records, open_library
from p2p_toolkit.own.folder import inside, writing
from p2p_toolkit.own.records import change, mistakes
from p2p_toolkit.own.texts import in_order
from p2p_toolkit.words import slug

ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"
# So many records make a file each; more of them stand together in a file of JSON Lines, which is read many times as fast.
MOST_FILES = 1_000
NOTHING_WRITTEN = "Nothing was written. Without --all-or-nothing the others go in."

Written = tuple[Kind, Mapping[str, Any]]


class Taken(NamedTuple):
    """A record that was taken in: its kind and id, ADDED, CHANGED or UNCHANGED, and the name of its file."""

    kind: str
    id: str
    done: str
    file: str


class Taking(NamedTuple):
    """What came of many records: `records` where they were few enough to be listed, how many of each were ADDED, CHANGED and UNCHANGED,
    and what was wrong with others."""

    records: list[Taken]
    counts: dict[str, int]
    faults: list[Fault]


def take_in(folder: Path, incoming: Iterable[Written], name: str, *, write: bool = True, whole: bool = False) -> Taking:
    """Write right records into the library: new ones, and those that differ from what it has under their id.

    A record that the library has already stays in the file where it stands. `name` is that of where they come from. Without `write`
    nothing is written, and the answer is the same. Where they are to go in `whole` or not at all, any mistake raises BadRecords before
    anything is written. Raises CannotWrite, and whatever `incoming` raises.
    """
    source = iter(incoming)
    few = list(source if whole else islice(source, MOST_FILES + 1))
    if whole or not write:
        # Tried first, so that a folder is made only where something will be in it.
        taking = _take(folder, few, source, name, write=False, whole=whole)
    if write:
        files.make_folder(folder)
        with writing(folder):
            taking = _take(folder, few, source, name, write=True, whole=whole)
    return taking


def _take(folder: Path, few: list[Written], rest: Iterator[Written], name: str, *, write: bool, whole: bool) -> Taking:
    with closing(open_library(folder if folder.is_dir() else None)) as library:
        many = len(few) > MOST_FILES
        right, faults = _judged(library, few) if whole or not many else ([], [])
        if whole and faults:
            raise BadRecords(faults, hint=NOTHING_WRITTEN)
        if many:
            return _many(folder, library, chain(few, rest), name, write=write)
        return _few(folder, library, right, faults, write=write)


def _judged(library: Library, incoming: list[Written]) -> tuple[list[Written], list[Fault]]:
    """Those that are right, tidy, each id once; and what is wrong with the others."""
    ids = {(kind.name, id_of(table)) for kind, table in incoming}
    right: dict[tuple[str, str], Written] = {}
    faults: list[Fault] = []
    for kind, table in incoming:
        record = in_order(kind, table)
        key = kind.name, id_of(record)
        wrong = mistakes(library, kind, record, ids)
        if key in right:
            wrong = [Fault(file="", record=":".join(key), field="id", value=repr(key[1]), wanted="an id used once")]
        if wrong:
            faults += wrong
        else:
            right[key] = kind, record
    return list(right.values()), faults


def _few(folder: Path, library: Library, incoming: list[Written], faults: list[Fault], *, write: bool) -> Taking:
    """A file for each that is new."""
    records = []
    for kind, record in incoming:
        id = id_of(record)
        file = library.file_of(kind.name, id)
        done = ADDED if file is None else UNCHANGED if _held(library, kind.name, id) == record else CHANGED
        records.append(Taken(kind.name, id, done, file or f"{kind.name}-{id}.toml"))
        path = inside(folder, records[-1].file)
        if write and done == ADDED:
            files.replace_whole(path, [store.as_toml(kind.name, record).encode()])
        elif write and done == CHANGED:
            change(path, kind, id, record)
    return Taking(records, {what: sum(one.done == what for one in records) for what in (ADDED, CHANGED, UNCHANGED)}, faults)


def _many(folder: Path, library: Library, incoming: Iterable[Written], name: str, *, write: bool) -> Taking:
    """All into one file, which takes the place of what the same source gave before."""
    target = f"{slug(Path(name).stem) or 'import'}.jsonl"
    counts = {ADDED: 0, CHANGED: 0, UNCHANGED: 0}

    def lines() -> Iterator[bytes]:
        for kind, table in incoming:
            record = in_order(kind, table)
            file = library.file_of(kind.name, id_of(record))
            if file in (None, target):
                yield json.dumps({"kind": kind.name, **record}, ensure_ascii=False).encode() + b"\n"
            held = None if file is None else _held(library, kind.name, id_of(record))
            counts[ADDED if file is None else UNCHANGED if held == record or file != target else CHANGED] += 1

    if write:
        files.replace_whole(folder / target, lines())
    else:
        for _ in lines():
            pass
    return Taking([], counts, [])


def _held(library: Library, kind: str, id: str) -> dict[str, Any] | None:
    """What the library has under an id, as it was written."""
    entry = library.get(kind, id)
    if entry is None:
        return None
    [(_, table)] = library.written(Records.of([entry.n]))
    return table
