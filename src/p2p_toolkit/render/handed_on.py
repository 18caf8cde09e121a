"""Records as files that p2p and other programs read back: what is written in one is what is read from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from p2p_toolkit import store
from p2p_toolkit.fields import complete
from p2p_toolkit.kinds import id_of
from p2p_toolkit.library import KindInfo, Library, Records
from p2p_toolkit.render import TABLE
from p2p_toolkit.render.answer import FORMAT_VERSION, Answer
from p2p_toolkit.render.formats import csv_line
from p2p_toolkit.render.records import listing

Written = Iterable[tuple[str, dict[str, Any]]]


def answer(library: Library, records: Records, query: Mapping[str, Any]) -> Answer:
    """Some records of a library in each of the formats, all of them written as a stream."""

    def as_(write: Callable[[Mapping[str, KindInfo], Written], Iterator[str]]) -> Callable[[int], Iterator[str]]:
        return lambda _: write(library.kinds, library.written(records))

    documents = {"toml": as_(_toml), "jsonl": as_(_json_lines), "csv": as_(_csv)}
    documents[TABLE] = documents["toml"]
    documents["json"] = lambda _: _json(library, records, query)
    documents["markdown"] = lambda _: _markdown(library, records)
    count = len(records)
    notes = [f"{count:,} record{'s' if count != 1 else ''}."] if count else _nothing(query)
    ids = (id_of(table) for _, table in library.written(records))
    return Answer("library export", query, [], count, documents=documents, notes=notes, ids=ids)


def _nothing(query: Mapping[str, Any]) -> list[str]:
    whose = "of your own " if query.get("own") else ""
    if any(query.get(name) for name in ("words", "kinds", "filters")):
        return [f"No records {whose}fit.", "Try fewer words or filters, or none: p2p library export"]
    return [f"There are no records {whose}in the library.", "To make one: p2p library add case"]


def _toml(_: Mapping[str, KindInfo], written: Written) -> Iterator[str]:
    for place, (kind, table) in enumerate(written):
        yield ("\n" if place else "") + store.as_toml(kind, table)


def _json_lines(kinds: Mapping[str, KindInfo], written: Written) -> Iterator[str]:
    for kind, table in written:
        yield json.dumps(_whole(kinds, kind, table), ensure_ascii=False) + "\n"


def _json(library: Library, records: Records, query: Mapping[str, Any]) -> Iterator[str]:
    """The JSON object of every command, its results written one by one."""
    count = len(records)
    head = {"p2p": FORMAT_VERSION, "command": "library export", "query": dict(query), "count": count, "total": count, "results": []}
    start, _, end = json.dumps(head, ensure_ascii=False).rpartition("]")
    yield start
    for place, (kind, table) in enumerate(library.written(records)):
        yield (", " if place else "") + json.dumps(_whole(library.kinds, kind, table), ensure_ascii=False)
    yield f"]{end}\n"


def _csv(kinds: Mapping[str, KindInfo], written: Written) -> Iterator[str]:
    """A line for each record under the names of all fields. A list or a small record is JSON in its cell.

    A cell that a spreadsheet would take for a formula begins with an apostrophe; one that begins with an apostrophe gets another.
    """
    names = list(dict.fromkeys(field.name for kind in kinds.values() for field in kind.fields))
    yield csv_line(["kind", *names])
    for kind, table in written:
        yield csv_line([kind, *(_in_a_cell(table.get(name)) for name in names)])


def _in_a_cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith("'") else text


def _markdown(library: Library, records: Records) -> Iterator[str]:
    """A table for each kind; Markdown is to be read, and p2p does not read it back."""
    from p2p_toolkit.render.formats import as_markdown

    for name, kind in library.kinds.items():
        entries = list(library.each(records & library.numbers([name], {})))
        if entries:
            yield f"## {kind.plural.capitalize()}\n\n"
            yield from as_markdown(listing(library, kind, entries, total=len(entries), query={}))
            yield "\n"


def _whole(kinds: Mapping[str, KindInfo], kind: str, table: Mapping[str, Any]) -> dict[str, Any]:
    """A record for machines, with every field of its kind."""
    return {"kind": kind, **complete(kinds[kind].fields.shape, table)}
