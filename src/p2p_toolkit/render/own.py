"""The user's own library to answers: where it lies, whether its records are right, and what was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from p2p_toolkit.errors import Fault
from p2p_toolkit.own import Taking
from p2p_toolkit.render.answer import Answer, Column, Listing

# So many mistakes are told on a screen.
_MOST_TOLD = 10


class Place(NamedTuple):
    """A library: `bundled` or `own`, its folder, whether that exists, and how many files of records and right records it holds."""

    id: str
    folder: str
    exists: bool
    files: int
    records: int


class Done(NamedTuple):
    """A record that was `added`, `changed` or `removed`, or left `unchanged`, and the file that it stands or stood in."""

    kind: str
    id: str
    done: str
    file: str


def places(found: Sequence[Place]) -> Answer:
    """The answer to where the records lie."""
    own = found[-1]
    return Answer(
        command="library where",
        query={},
        results=[place._asdict() for place in found],
        total=len(found),
        fields=Place._fields,
        listing=lambda: Listing(
            (Column("library", "id"), Column("records", "number"), Column("files", "number"), Column("folder", "name")),
            tuple((place.id, str(place.records), str(place.files), place.folder) for place in found),
        ),
        notes=_nothing_yet(own),
    )


def _nothing_yet(own: Place) -> list[str]:
    if own.records:
        return []
    there = (
        f"{own.folder} holds no records yet."
        if own.exists
        else f"There is no folder {own.folder} yet; --library or P2P_LIBRARY name another."
    )
    return [there, "To make a first record: p2p library add case"]


def checked(records: int, files: int) -> Answer:
    """The answer to a check that found no mistake."""
    what = f"{files} file{'s' if files != 1 else ''}" if files else "the bundled records"
    return Answer(
        command="library validate",
        query={},
        results=[],
        total=records,
        notes=[f"No mistakes in {what}: {records} record{'s' if records != 1 else ''}."],
    )


def written(command: str, query: Mapping[str, Any], done: Sequence[Done], notes: Sequence[str] = ()) -> Answer:
    """The answer to a command that wrote to the user's library."""
    return Answer(
        command=command,
        query=query,
        results=[one._asdict() for one in done],
        total=len(done),
        fields=Done._fields,
        listing=lambda: Listing(
            (Column("id", "id"), Column("kind", "kind"), Column("done", "label"), Column("file", "name")),
            tuple((one.id, one.kind, one.done, one.file) for one in done),
        ),
        notes=notes,
    )


def imported(taken: Taking, faults: Sequence[Fault], known: int, folder: str, query: Mapping[str, Any], *, written: bool) -> Answer:
    """The answer to an import: what came of each record, and what was left out and why."""
    told = [str(fault) for fault in faults[:_MOST_TOLD]]
    if len(faults) > _MOST_TOLD:
        told.append(f"And {len(faults) - _MOST_TOLD:,} more; all of them stand in the JSON.")
    counts = ", ".join(f"{count:,} {what}" for what, count in taken.counts.items())
    left = [f"{known:,} that p2p knows already"] if known else []
    left += [f"{len(faults):,} with a mistake"] if faults else []
    total = sum(taken.counts.values())
    return Answer(
        command="library import",
        query=query,
        results=[one._asdict() for one in taken.records],
        total=total,
        fields=("kind", "id", "done", "file"),
        listing=lambda: Listing(
            (Column("id", "id"), Column("kind", "kind"), Column("done", "label"), Column("file", "name")),
            tuple((one.id, one.kind, one.done, one.file) for one in taken.records),
        ),
        notes=[
            *told,
            f"{total:,} record{'s' if total != 1 else ''}: {counts}.",
            *([f"Left out: {' and '.join(left)}."] if left else []),
            f"{_where(taken, written)} {folder}",
        ],
        more={
            "folder": folder,
            "written": written,
            "counts": taken.counts,
            "known": known,
            "faults": [fault._asdict() for fault in faults],
        },
    )


def _where(taken: Taking, written: bool) -> str:
    if not written:
        return "Nothing was written; it would go to"
    return "Written to" if taken.counts["added"] or taken.counts["changed"] else "Nothing is new in"
