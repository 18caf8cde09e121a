"""Records into an index, part by part, so that what has changed can be replaced and the rest be left as it is."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from p2p_toolkit import words
from p2p_toolkit.errors import Fault, nearest
from p2p_toolkit.fields import Fields, fields_of, pack
from p2p_toolkit.kinds import KINDS, links_of
from p2p_toolkit.library.bits import PART
from p2p_toolkit.library.bits import pack as packed
from p2p_toolkit.library.tables import INDEX_VERSION, INDEXES, TABLES, TIERS
from p2p_toolkit.library.texts import indexed
from p2p_toolkit.store import BUNDLED, Parsed, Run, read

# So many mistakes of one part are kept; whoever has mended them sees the next.
MOST_FAULTS = 10_000
# A run of files may fill so many parts.
_MOST_SLICES = 1_000_000
_AT_ONCE = 2_000

# The tables that name a part or a record, with that column and the others.
_NUMBERED = (
    ("record", "n", "kind, id, name, names, library, file, body"),
    ("term", "part", ", ".join(("word", "records", *TIERS))),
    ("facet", "part", "field, value, label, records"),
    ("link", "n", "kind, id, field, why"),
    ("fault", "part", "body"),
)

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def create(connection: sqlite3.Connection, synonyms: Iterable[Sequence[str]], rules: Mapping[str, Any]) -> None:
    """Make the tables of a new index. `rules` are what it holds besides records, by name, as `store.read_rules` gives them."""
    kinds = [{"name": kind.name, "plural": kind.plural, "help": kind.help, "fields": pack(fields_of(kind.record))} for kind in KINDS]
    connection.executescript(TABLES)
    connection.executemany("insert or ignore into synonym values (?, ?)", _pairs(synonyms))
    connection.executemany(
        "insert into meta values (?, ?)",
        [
            ("version", INDEX_VERSION),
            ("kinds", json.dumps(kinds, ensure_ascii=False)),
            ("shapes", json.dumps({kind.name: fields_of(kind.record).shape for kind in KINDS})),
            ("kind names", " ".join(kind.name for kind in KINDS)),
            ("usual kinds", " ".join(kind.name for kind in KINDS if kind.usual)),
            *((name, json.dumps(plain, ensure_ascii=False)) for name, plain in rules.items()),
        ],
    )


def add_run(connection: sqlite3.Connection, run: Run, place: int, library: str) -> None:
    """Add the records of a run of files, and keep what is wrong with the others. `place` orders the runs."""
    faults: list[Fault] = []
    add(connection, run.made_of, place, (record for piece in run.pieces for record in read(piece, library, faults)), faults)


def add(connection: sqlite3.Connection, made_of: str, place: int, records: Iterable[Parsed], faults: list[Fault]) -> None:
    """Add the records of one run of files, in as many parts as they need.

    `place` orders the runs. `faults` are the mistakes met while `records` is read.
    """
    source = iter(records)
    for slice_ in range(_MOST_SLICES):
        (part,) = connection.execute("select coalesce(max(part) + 1, 0) from part").fetchone()
        size = _Part(connection, part).fill(islice(source, PART))
        if size or not slice_:
            connection.execute("insert into part values (?, ?, ?, ?)", (part, place * _MOST_SLICES + slice_, made_of, size))
            _count_words(connection, part)
        if size < PART:
            break
    connection.executemany("insert into fault values (?, ?)", [(part, json.dumps(fault)) for fault in faults[:MOST_FAULTS]])
    faults.clear()


def remove(connection: sqlite3.Connection, part: int) -> None:
    """Take one part out again."""
    _count_words(connection, part, -1)
    first = part * PART
    for table in ("part", "term", "facet", "fault"):
        connection.execute(f"delete from {table} where part = ?", (part,))
    for table in ("record", "link"):
        connection.execute(f"delete from {table} where n between ? and ?", (first, first + PART - 1))


def take_over(connection: sqlite3.Connection, path: Path, place: int) -> None:
    """Take over the parts of an index that was made apart."""
    connection.commit()
    connection.execute("attach ? as apart", (str(path),))
    for part, position, made_of, size in connection.execute("select * from apart.part").fetchall():
        (new,) = connection.execute("select max(part) + 1 from part").fetchone()
        connection.execute("insert into part values (?, ?, ?, ?)", (new, place * _MOST_SLICES + position, made_of, size))
        for table, first, rest in _NUMBERED:
            start = part * PART if first == "n" else part
            moved = (new - part) * PART if first == "n" else new - part
            end = start + PART - 1 if first == "n" else part
            connection.execute(
                f"insert into {table} ({first}, {rest}) select {first} + ?, {rest} from apart.{table} where {first} between ? and ?",
                (moved, start, end),
            )
        _count_words(connection, new)
    connection.commit()
    connection.execute("detach apart")


def move(connection: sqlite3.Connection, part: int, place: int) -> None:
    """Give a part that stays the place that its files have now."""
    connection.execute(f"update part set position = ? + position % {_MOST_SLICES} where part = ?", (place * _MOST_SLICES, part))


def drop_indexes(connection: sqlite3.Connection) -> None:
    """Do without the indexes while much is added: `settle` makes them anew, which is faster than keeping them in order."""
    for (name,) in connection.execute("select name from sqlite_master where type = 'index' and sql is not null").fetchall():
        connection.execute(f"drop index {name}")


def settle(connection: sqlite3.Connection) -> None:
    """What concerns all parts, once they are in: which records replace others, and links that lead nowhere."""
    connection.execute("delete from word where records = 0")
    connection.execute("delete from fault where part = -1")
    if not connection.execute("select 1 from sqlite_master where name = 'record_by_id'").fetchone():
        connection.executescript(INDEXES)
    faults = [*_hide_replaced(connection), *_lost_links(connection)]
    connection.executemany("insert into fault values (-1, ?)", [(json.dumps(fault),) for fault in faults[:MOST_FAULTS]])
    connection.execute(
        "insert or replace into meta values"
        " ('size', (select coalesce(sum(records), 0) from part) - (select count(*) from record where hidden))"
    )
    connection.commit()


def _count_words(connection: sqlite3.Connection, part: int, times: int = 1) -> None:
    connection.execute(
        "insert into word select word, records * ? from term where part = ?"
        " on conflict (word) do update set records = records + excluded.records",
        (times, part),
    )


class _Part:
    """One part while its records are read."""

    def __init__(self, connection: sqlite3.Connection, part: int) -> None:
        self.connection = connection
        self.part = part
        self.postings: list[defaultdict[str, array[int]]] = [defaultdict(_numbers) for _ in TIERS]
        self.facets: defaultdict[tuple[str, str], array[int]] = defaultdict(_numbers)
        self.labels: dict[tuple[str, str], str] = {}

    def fill(self, records: Iterable[Parsed]) -> int:
        fields = {kind.name: fields_of(kind.record) for kind in KINDS}
        rows: list[tuple[object, ...]] = []
        links: list[tuple[object, ...]] = []
        postings = self.postings
        place = -1
        for place, (library, file, kind, table) in enumerate(records):
            n = self.part * PART + place
            tiers, names = indexed(fields[kind.name], table)
            for word, tier in tiers.items():
                postings[tier][word].append(place)
            facets = {("kind", kind.name): kind.name, **dict(_facets(fields[kind.name], table))}
            for facet, label in facets.items():
                self.facets[facet].append(place)
                self.labels.setdefault(facet, label)
            links += [(link.kind, link.id, n, link.field, link.why) for link in links_of(kind, table)]
            rows.append((n, kind.name, table["id"], table["name"], names, library, file, _encode(table)))
            if len(rows) == _AT_ONCE:
                self._write(rows, links)
        self._write(rows, links)
        self._write_sets()
        return place + 1

    def _write(self, rows: list[tuple[object, ...]], links: list[tuple[object, ...]]) -> None:
        self.connection.executemany(
            "insert into record (n, kind, id, name, names, library, file, body) values (?, ?, ?, ?, ?, ?, ?, ?)", rows
        )
        self.connection.executemany("insert or ignore into link values (?, ?, ?, ?, ?)", links)
        rows.clear()
        links.clear()

    def _write_sets(self) -> None:
        none = _numbers()
        every = sorted(set().union(*self.postings))
        self.connection.executemany(
            "insert into term values (?, ?, ?, ?, ?, ?, ?)",
            (
                (self.part, word, sum(map(len, sets)), *map(packed, sets))
                for word in every
                for sets in [[tier.get(word, none) for tier in self.postings]]
            ),
        )
        self.connection.executemany(
            "insert into facet values (?, ?, ?, ?, ?)",
            ((self.part, *facet, self.labels[facet], packed(places)) for facet, places in self.facets.items()),
        )


def _numbers() -> array[int]:
    return array("H")


def _facets(fields: Fields, table: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    """The values that filters can ask for: option and value, then the words for it."""
    for field in fields.filtered:
        value = table.get(field.name)
        if value is None:
            continue
        for one in value if isinstance(value, list) else [value]:
            if field.item:
                yield from (((field.filter, one[inner.name]), one[inner.name]) for inner in field.item if inner.form == "link")
            elif field.form == "text":
                yield (field.filter, words.slug(one)), one
            else:
                yield (field.filter, one), field.words.get(one, one)


def _pairs(synonyms: Iterable[Sequence[str]]) -> Iterator[tuple[str, str]]:
    for group in synonyms:
        phrases = [" ".join(words.split(phrase)) for phrase in group]
        yield from ((phrase, other) for phrase in phrases for other in phrases if phrase != other)


def _hide_replaced(connection: sqlite3.Connection) -> Iterator[Fault]:
    """Of records of one id hide all but one: a user's record replaces a bundled one; a second one of the user's is a mistake."""
    positions = dict(connection.execute("select part, position from part"))
    connection.execute("update record set hidden = 0 where hidden")
    for (numbers,) in connection.execute("select group_concat(n) from record group by id, kind having count(*) > 1").fetchall():
        rows = connection.execute(f"select n, kind, id, library, file from record where n in ({numbers})").fetchall()
        rows.sort(key=lambda row: (row[3] == BUNDLED, positions[row[0] // PART], row[0]))
        for n, kind, id, library, file in rows[1:]:
            connection.execute("update record set hidden = 1 where n = ?", (n,))
            if library != BUNDLED:
                yield Fault(file=file, record=f"{kind}:{id}", field="id", value=repr(id), wanted="an id that no other record has")


def _lost_links(connection: sqlite3.Connection) -> Iterator[Fault]:
    targets = connection.execute(
        "select distinct kind, id from link where not exists (select 1 from record where record.id = link.id and record.kind = link.kind)"
    )
    for kind, id in targets.fetchmany(MOST_FAULTS):
        known = [one for (one,) in connection.execute("select id from record where kind = ? limit 2000", (kind,))]
        rows = connection.execute(
            "select file, record.kind, record.id, field from link join record using (n) where link.kind = ? and link.id = ?"
            " and not hidden order by n limit ?",
            (kind, id, MOST_FAULTS),
        )
        for file, from_kind, from_id, field in rows.fetchall():
            close = next(iter(nearest(id, known)), "")
            yield Fault(
                file=file, record=f"{from_kind}:{from_id}", field=field, value=repr(id), wanted=f"the id of a {kind}", nearest=close
            )
