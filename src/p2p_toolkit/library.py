"""All records as one collection, behind one SQLite index that tells nobody where it lies."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from p2p_toolkit import words
from p2p_toolkit.errors import BadUsage, Fault, nearest, quoted
from p2p_toolkit.fields import NAMED, TITLE, Field, pack, unpack

if TYPE_CHECKING:
    from p2p_toolkit.store import Parsed

# Raised whenever the tables change: an index with another number is never read.
INDEX_VERSION = "6"

_TABLES = """
create table meta (name text primary key, value text not null) without rowid;
create table record (
    n integer primary key, kind text not null, id text not null, name text not null,
    names text not null, library text not null, body text not null);
create unique index record_by_id on record (id, kind);
create table handle (handle text, n integer, primary key (handle, n)) without rowid;
create table term (word text primary key, records integer not null, numbers blob not null, marks blob not null) without rowid;
create table spelling (first text, length integer, words text not null, primary key (first, length)) without rowid;
create table synonym (phrase text, other text, primary key (phrase, other)) without rowid;
create table facet (field text, value text, label text not null, n integer, primary key (field, value, n)) without rowid;
create table link (kind text, id text, n integer, field text, why text not null, primary key (kind, id, n, field)) without rowid;
"""

# The guided choice of routes where the index has none.
NO_FINDER: Mapping[str, Any] = {"as_of": None, "everywhere": [], "questions": [], "rules": [], "notes": []}

# What a mark says of a word in a record: the sorts of field it stands in.
TITLE_MARK, NAMED_MARK, BODY_MARK = 1, 2, 4


class Entry(NamedTuple):
    """A record as the library holds it.

    `fields` has every field of the kind as plain data, None or [] where nothing is known. `library` is
    "bundled", or the folder of the user's library that it comes from.
    """

    n: int
    kind: str
    id: str
    name: str
    library: str
    fields: dict[str, Any]


class Link(NamedTuple):
    """A record that links to another one: which field of it does, and what that means for the other."""

    kind: str
    id: str
    name: str
    field: str
    why: str


class KindInfo(NamedTuple):
    """A kind as the index knows it: its names, its line of help, its fields, how many records it has."""

    name: str
    plural: str
    help: str
    fields: tuple[Field, ...]
    size: int


class Searched(NamedTuple):
    """A text that a search looks at: the label of its field, how much a match in it counts, the text."""

    label: str
    weight: float
    text: str


class Facet(NamedTuple):
    """How many of some records have a value: the option that filters by it, the value, the words for it."""

    filter: str
    value: str
    label: str
    records: int


class Postings(NamedTuple):
    """Where a word stands: record numbers, ascending, and a mark for each."""

    numbers: array[int]
    marks: bytes


class Library:
    """Reads one index. `faults` are the mistakes that were met in the user's files, if any."""

    def __init__(self, connection: sqlite3.Connection, faults: Sequence[Fault] = ()) -> None:
        self._db = connection
        self.faults = tuple(faults)

    @cached_property
    def kinds(self) -> dict[str, KindInfo]:
        """The kinds by name, in their usual order."""
        counts = dict(self._db.execute("select kind, count(*) from record group by kind"))
        return {
            kind["name"]: KindInfo(kind["name"], kind["plural"], kind["help"], unpack(kind["fields"]), counts.get(kind["name"], 0))
            for kind in json.loads(self._meta("kinds"))
        }

    @cached_property
    def size(self) -> int:
        """How many records there are."""
        return int(self._meta("size"))

    @cached_property
    def usual_kinds(self) -> list[str]:
        """The names of the kinds that a search looks at where none is named."""
        return self._meta("usual kinds").split()

    @cached_property
    def kind_names(self) -> list[str]:
        """The names of the kinds, in their usual order."""
        return self._meta("kind names").split()

    @cached_property
    def route_finder(self) -> dict[str, Any]:
        """The questions and rules of the guided choice of routes, as plain data. See `kinds/finder.py`."""
        found: dict[str, Any] = json.loads(self._meta("route finder"))
        return found

    def get(self, kind: str, id: str) -> Entry | None:
        """The record of that kind with that id, or None."""
        return next(self._entries("where id = ? and kind = ?", (id, kind)), None)

    def with_id(self, id: str) -> list[Entry]:
        """The records of any kind with that id, in the usual order of the kinds."""
        return sorted(self._entries("where id = ?", (id,)), key=lambda entry: self.kind_names.index(entry.kind))

    def entries(self, numbers: Iterable[int]) -> list[Entry]:
        """The records with these numbers, in the order of the numbers given."""
        wanted = list(numbers)
        marks = ",".join("?" * len(wanted))
        found = {entry.n: entry for entry in self._entries(f"where n in ({marks})", wanted)}
        return [found[n] for n in wanted]

    def names(self, numbers: Sequence[int]) -> dict[int, list[str]]:
        """What the records with these numbers are called: id, name and aliases."""
        marks = ",".join("?" * len(numbers))
        rows = self._db.execute(f"select n, names from record where n in ({marks})", numbers)
        return {n: names.split("\n") for n, names in rows}

    def handles(self, start: str, kinds: Sequence[str], most: int = 60) -> list[tuple[str, str]]:
        """One-word names of records that begin so, each with the name in full: ids, and names and aliases with hyphens."""
        marks = ",".join("?" * len(kinds))
        rows = self._db.execute(
            f"select handle, name from handle join record using (n) where handle >= ? and handle < ? and kind in ({marks})"
            " order by handle != id, handle limit ?",
            (start, start + "\U0010ffff", *kinds, most),
        )
        return list(dict(rows).items())

    def all(self, kind: str) -> Iterator[Entry]:
        """The records of a kind, in the order of the data."""
        return self._entries("where kind = ? order by n", (kind,))

    def numbers(self, kinds: Sequence[str], filters: Mapping[str, Sequence[str]]) -> set[int]:
        """The numbers of the records of these kinds that every filter lets through.

        A filter is an option's name and the values it may have, any of which will do. Raises BadUsage for
        a value that no record has.
        """
        marks = ",".join("?" * len(kinds))
        kept = {n for (n,) in self._db.execute(f"select n from record where kind in ({marks})", kinds)}
        for name, values in filters.items():
            if values:
                kept &= {n for value in values for n in self._filtered(name, value)}
        return kept

    def values(self, name: str) -> list[tuple[str, str, int]]:
        """The values a filter may have: the value, the words for it, how many records have it."""
        return list(
            self._db.execute("select value, min(label), count(*) from facet where field = ? group by value order by value", (name,))
        )

    def facets(self, numbers: Iterable[int], names: Sequence[str]) -> list[Facet]:
        """The values that the records with these numbers have, for each of these filters, the most frequent first."""
        wanted = set(numbers)
        counts: dict[tuple[str, str, str], int] = defaultdict(int)
        marks = ",".join("?" * len(names))
        for name, value, label, n in self._db.execute(f"select field, value, label, n from facet where field in ({marks})", names):
            if n in wanted:
                counts[name, value, label] += 1
        found = [Facet(*key, count) for key, count in counts.items()]
        return sorted(found, key=lambda facet: (names.index(facet.filter), -facet.records, facet.value))

    def linking_to(self, kind: str, id: str) -> list[Link]:
        """The records that link to this one, in the order of the data."""
        rows = self._db.execute(
            "select record.kind, record.id, name, min(field), why from link join record using (n) where link.kind = ? and link.id = ?"
            " group by n order by n",
            (kind, id),
        )
        return [Link(*row) for row in rows]

    def name(self, kind: str, id: str) -> str | None:
        """The name of the record of that kind with that id, or None."""
        row = self._db.execute("select name from record where id = ? and kind = ?", (id, kind)).fetchone()
        return str(row[0]) if row else None

    def postings(self, word: str) -> Postings | None:
        """Where a word stands, or None where it stands nowhere."""
        row = self._db.execute("select numbers, marks from term where word = ?", (word,)).fetchone()
        if row is None:
            return None
        numbers = array("I")
        numbers.frombytes(row[0])
        return Postings(numbers, row[1])

    def frequencies(self, spellings: Sequence[str]) -> dict[str, int]:
        """In how many records each of these words stands; words that stand nowhere are left out."""
        found: dict[str, int] = {}
        for start in range(0, len(spellings), 500):
            some = spellings[start : start + 500]
            marks = ",".join("?" * len(some))
            found.update(self._db.execute(f"select word, records from term where word in ({marks})", some))
        return found

    def beginning_with(self, start: str, most: int) -> list[str]:
        """Words that begin so, the most frequent first."""
        rows = self._db.execute(
            "select word from term where word >= ? and word < ? order by records desc, word limit ?",
            (start, start + "\U0010ffff", most),
        )
        return [word for (word,) in rows]

    def spelt_like(self, first: str, shortest: int, longest: int) -> list[str]:
        """Words with that first letter and between so many letters."""
        rows = self._db.execute("select words from spelling where first = ? and length between ? and ?", (first, shortest, longest))
        return [word for (line,) in rows for word in line.split()]

    def synonyms(self, phrases: Sequence[str]) -> list[tuple[str, str]]:
        """For each of these phrases of folded words, the phrases that mean the same, as pairs."""
        marks = ",".join("?" * len(phrases))
        return list(self._db.execute(f"select phrase, other from synonym where phrase in ({marks})", phrases))

    def _meta(self, name: str) -> str:
        (value,) = self._db.execute("select value from meta where name = ?", (name,)).fetchone()
        return str(value)

    def _entries(self, where: str, values: Sequence[object]) -> Iterator[Entry]:
        for n, kind, id, name, library, body in self._db.execute(f"select n, kind, id, name, library, body from record {where}", values):
            yield Entry(n, kind, id, name, library, json.loads(body))

    def _filtered(self, name: str, value: str) -> set[int]:
        wanted = words.slug(value)
        if name == "since":
            return self._since(value)
        rows = {n for (n,) in self._db.execute("select n from facet where field = ? and value = ?", (name, wanted))}
        if rows:
            return rows
        known = self.values(name)
        for known_value, label, _ in known:
            if words.slug(label) == wanted:
                return {n for (n,) in self._db.execute("select n from facet where field = ? and value = ?", (name, known_value))}
        close = nearest(wanted, [known_value for known_value, _, _ in known])
        raise BadUsage(
            f"no record has the {name} {quoted(value)}",
            hint=f"Try: --{name} {close[0]}" if close else f"Known values: {', '.join(value for value, _, _ in known[:20])}",
            suggestions=close,
        )

    def _since(self, value: str) -> set[int]:
        if not (value.isascii() and value.replace("-", "").isdigit() and len(value) in (4, 7, 10)):
            raise BadUsage(f"{quoted(value)} is not a date", hint="Try: --since 2019, or --since 2019-04")
        return {n for (n,) in self._db.execute("select n from facet where field = 'since' and value >= ?", (value,))}


def own_folder() -> Path | None:
    """The folder where a user's own records are looked for if none is named, if there is such a folder."""
    # Imported here: a folder that was named saves the time.
    import platformdirs

    folder = platformdirs.user_data_path("p2p", appauthor=False) / "library"
    return folder if folder.is_dir() else None


def open_library(folder: Path | None = None) -> Library:
    """The bundled records and, where a folder is given, the user's on top of them.

    Raises CannotRead where the folder or the bundled records cannot be read, BadRecords where the
    bundled records have mistakes. Mistakes in the user's files are kept in `faults`.
    """
    if folder is None:
        # A checkout has no index file, and one that was damaged is passed over: the records are still there.
        shipped = read_index(Path(__file__).with_name("index.sqlite"))
        if shipped:
            return shipped
    # Imported here: with a fresh index there is nothing to parse.
    from p2p_toolkit import store

    bundled = store.read_bundled()
    synonyms, finder = store.read_synonyms(), store.read_route_finder(bundled)
    if folder is None:
        return index_of(bundled, synonyms, finder=finder)
    own = store.read_files(store.library_files(folder), str(folder))
    own_ids = {(one.kind.name, one.record.id) for one in own.records}
    kept = [one for one in bundled if (one.kind.name, one.record.id) not in own_ids]
    faults = own.faults + store.link_faults(own.records, kept)
    return index_of([*kept, *own.records], synonyms, faults, finder)


def write_index(
    path: Path, records: Iterable[Parsed], synonyms: Iterable[Sequence[str]] = (), finder: Mapping[str, Any] = NO_FINDER
) -> None:
    """Write an index of these records to a new file: done for the bundled ones when the wheel is built."""
    connection = sqlite3.connect(path)
    _fill(connection, records, synonyms, finder)
    connection.execute("vacuum")
    connection.close()


def read_index(path: Path) -> Library | None:
    """The library in an index file, or None where the file is missing, damaged or of another version."""
    try:
        # Immutable: no lock and no journal, so that it can be read where nothing can be written.
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        (version,) = connection.execute("select value from meta where name = 'version'").fetchone()
    except (sqlite3.Error, TypeError):
        return None
    return Library(connection) if version == INDEX_VERSION else None


def index_of(
    records: Iterable[Parsed],
    synonyms: Iterable[Sequence[str]] = (),
    faults: Sequence[Fault] = (),
    finder: Mapping[str, Any] = NO_FINDER,
) -> Library:
    """The library of these records, with its index in memory."""
    connection = sqlite3.connect(":memory:")
    _fill(connection, records, synonyms, finder)
    return Library(connection, faults)


def _fill(connection: sqlite3.Connection, records: Iterable[Parsed], synonyms: Iterable[Sequence[str]], finder: Mapping[str, Any]) -> None:
    from p2p_toolkit.fields import fields_of
    from p2p_toolkit.kinds import KINDS, as_table, links_of

    kinds = [{"name": kind.name, "plural": kind.plural, "help": kind.help, "fields": pack(fields_of(kind.record))} for kind in KINDS]
    numbers: dict[str, array[int]] = defaultdict(lambda: array("I"))
    marks: dict[str, bytearray] = defaultdict(bytearray)
    connection.executescript(_TABLES)
    n = 0
    for n, parsed in enumerate(records, 1):
        kind, record = parsed.kind, parsed.record
        body = json.dumps(as_table(record), ensure_ascii=False, separators=(",", ":"))
        names = "\n".join((record.id, record.name, *record.aliases))
        connection.execute(
            "insert into record values (?, ?, ?, ?, ?, ?, ?)", (n, kind.name, record.id, record.name, names, parsed.library, body)
        )
        connection.executemany(
            "insert or ignore into handle values (?, ?)",
            [(words.slug(name), n) for name in (record.id, record.name, *record.aliases) if words.slug(name)],
        )
        fields = fields_of(kind.record)
        for word, mark in marked_words(fields, json.loads(body)).items():
            numbers[word].append(n)
            marks[word].append(mark)
        connection.executemany(
            "insert or ignore into facet values (?, ?, ?, ?)",
            [(field.filter, value, label, n) for field in fields if field.filter for value, label in _facets(field, record)],
        )
        connection.executemany(
            "insert or ignore into link values (?, ?, ?, ?, ?)",
            [(link.kind, link.id, n, link.field, link.why) for link in links_of(record)],
        )
    connection.executemany(
        "insert into term values (?, ?, ?, ?)",
        ((word, len(numbers[word]), numbers[word].tobytes(), bytes(marks[word])) for word in sorted(numbers)),
    )
    spellings: dict[tuple[str, int], list[str]] = defaultdict(list)
    for word in sorted(numbers):
        spellings[word[0], len(word)].append(word)
    connection.executemany("insert into spelling values (?, ?, ?)", [(*key, " ".join(same)) for key, same in spellings.items()])
    connection.executemany("insert or ignore into synonym values (?, ?)", _pairs(synonyms))
    connection.executemany(
        "insert into meta values (?, ?)",
        [
            ("version", INDEX_VERSION),
            ("kinds", json.dumps(kinds, ensure_ascii=False)),
            ("kind names", " ".join(kind.name for kind in KINDS)),
            ("usual kinds", " ".join(kind.name for kind in KINDS if kind.usual)),
            ("size", str(n)),
            ("route finder", json.dumps(finder, ensure_ascii=False)),
        ],
    )
    connection.commit()


def marked_words(fields: Iterable[Field], table: Mapping[str, Any]) -> dict[str, int]:
    """The words of a record by which it can be found, each with the marks of the fields it stands in."""
    found: dict[str, int] = defaultdict(int)
    for text in searched(fields, table):
        mark = TITLE_MARK if text.weight >= TITLE else NAMED_MARK if text.weight >= NAMED else BODY_MARK
        for word in words.split_for_index(text.text):
            found[word] |= mark
    return found


def searched(fields: Iterable[Field], table: Mapping[str, Any], label: str = "") -> Iterator[Searched]:
    """Each text of a record that a search looks at. The texts of a small record inside it bear its field's label."""
    for field in fields:
        value = table.get(field.name)
        if value is None:
            continue
        for one in value if field.many else [value]:
            if field.item:
                yield from searched(field.item, one, field.label)
            elif field.weight and isinstance(one, str):
                worded = field.words.get(one, one)
                yield Searched(label or field.label, field.weight, worded)
                if words.slug(worded) != words.slug(one):
                    yield Searched(label or field.label, field.weight, one)


def _pairs(synonyms: Iterable[Sequence[str]]) -> Iterator[tuple[str, str]]:
    for group in synonyms:
        phrases = [" ".join(words.split(phrase)) for phrase in group]
        yield from ((phrase, other) for phrase in phrases for other in phrases if phrase != other)


def _facets(field: Field, record: object) -> Iterator[tuple[str, str]]:
    value = getattr(record, field.name)
    for one in value if field.many else () if value is None else (value,):
        if field.item:
            for inner in field.item:
                if inner.form == "link":
                    target = getattr(one, inner.name)
                    yield target, target
        elif field.form == "text":
            yield words.slug(one), one
        else:
            yield one, field.words.get(one, one)
