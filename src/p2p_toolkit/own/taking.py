"""Taking many records into the user's library at once."""

from __future__ import annotations

from collections import defaultdict
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
from p2p_toolkit.own.records import change, changed, mistakes
from p2p_toolkit.own.texts import Reference, in_order, line_of, other_lines
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
            return _many(folder, library, chain(few if not whole else right, rest), name, write=write)
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
            wrong = [_used_twice(key)]
        if wrong:
            faults += wrong
        else:
            right[key] = kind, record
    return list(right.values()), faults


def _few(folder: Path, library: Library, incoming: list[Written], faults: list[Fault], *, write: bool) -> Taking:
    """A file for each that is new."""
    records = []
    for kind, record in incoming:
        reference = kind.name, id_of(record)
        file = library.file_of(*reference)
        done = _done(library, file, reference, record)
        records.append(Taken(*reference, done, file or f"{'-'.join(reference)}.toml"))
        path = inside(folder, records[-1].file)
        if write and done == ADDED:
            files.replace_whole(path, [store.as_toml(kind.name, record).encode()])
        elif done == CHANGED:
            # Without writing, too, it is tried: what cannot be changed is to be told before anything is written.
            (change if write else changed)(path, {reference: record})
    return Taking(records, {what: sum(one.done == what for one in records) for what in (ADDED, CHANGED, UNCHANGED)}, faults)


def _many(folder: Path, library: Library, incoming: Iterable[Written], name: str, *, write: bool) -> Taking:
    """All that are new into one file, named after where they come from. What that file had before stays in it."""
    target = f"{slug(Path(name).stem) or 'import'}.jsonl"
    counts = {ADDED: 0, CHANGED: 0, UNCHANGED: 0}
    faults: list[Fault] = []
    seen: set[Reference] = set()
    elsewhere: dict[str, dict[Reference, Mapping[str, Any]]] = defaultdict(dict)

    def lines() -> Iterator[bytes]:
        for kind, table in incoming:
            record = in_order(kind, table)
            reference = kind.name, id_of(record)
            if reference in seen:
                faults.append(_used_twice(reference))
                continue
            seen.add(reference)
            file = library.file_of(*reference)
            done = _done(library, file, reference, record)
            counts[done] += 1
            if file in (None, target):
                yield line_of(kind.name, record)
            elif done == CHANGED:
                elsewhere[file][reference] = record
        yield from other_lines(folder / target, seen)

    if write:
        files.replace_whole(folder / target, lines())
        for file, changes in elsewhere.items():
            change(inside(folder, file), changes)
    else:
        for _ in lines():
            pass
        for file, changes in elsewhere.items():
            changed(inside(folder, file), changes)
    return Taking([], counts, faults)


def _done(library: Library, file: str | None, reference: Reference, record: Mapping[str, Any]) -> str:
    """What becomes of a record that the library holds in this file, or nowhere."""
    return ADDED if file is None else UNCHANGED if _held(library, *reference) == record else CHANGED


def _used_twice(reference: Reference) -> Fault:
    return Fault(file="", record=":".join(reference), field="id", value=repr(reference[1]), wanted="an id used once")


def _held(library: Library, kind: str, id: str) -> dict[str, Any] | None:
    """What the library has under an id, as it was written."""
    entry = library.get(kind, id)
    if entry is None:
        return None
    [(_, table)] = library.written(Records.of([entry.n]))
    return table
