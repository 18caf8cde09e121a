"""All records as one collection, behind one SQLite index that tells nobody where it lies."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from p2p_toolkit import words
from p2p_toolkit.errors import BadUsage, CannotRead, Fault, nearest, quoted
from p2p_toolkit.fields import Fields, Shape, complete, unpack
from p2p_toolkit.library.bits import PART, Records
from p2p_toolkit.library.bits import unpack as unpacked
from p2p_toolkit.library.tables import TIERS

_Value = TypeVar("_Value", str, int)


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
    fields: Fields
    size: int


class Facet(NamedTuple):
    """How many of some records have a value: the option that filters by it, the value, the words for it."""

    filter: str
    value: str
    label: str
    records: int


class Names(NamedTuple):
    """What a record is called, in folded words: its own names (id, name, aliases), and others in it, such as partners and places."""

    own: list[str]
    other: list[str]


class Library:
    """Reads one index. Anything asked of it raises CannotRead where the index proves damaged.

    `disposable` is the file of an index that can be made again: once damaged, it is thrown away.
    """

    disposable: Path | None = None

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._index = connection

    def close(self) -> None:
        """Let go of the index; nothing more can be asked."""
        self._index.close()

    @cached_property
    def kinds(self) -> dict[str, KindInfo]:
        """The kinds by name, in their usual order."""
        counts = {name: count for name, _, count in self.values("kind")}
        return {
            kind["name"]: KindInfo(kind["name"], kind["plural"], kind["help"], unpack(kind["fields"]), counts.get(kind["name"], 0))
            for kind in json.loads(self._meta("kinds"))
        }

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """The mistakes that were met in the files, if any; at most ten thousand of each part."""
        return tuple(Fault(*json.loads(body)) for (body,) in self._rows("select body from fault order by rowid"))

    @cached_property
    def size(self) -> int:
        """How many records there are."""
        return int(self._meta("size"))

    @cached_property
    def route_finder(self) -> dict[str, Any]:
        """The questions and rules of the guided choice of routes, as plain data. See `kinds/finder.py`."""
        return self._rules("route finder")

    @cached_property
    def cookie_clues(self) -> dict[str, Any]:
        """What the name or the domain of a cookie says where no record knows it, as plain data. See `kinds/clues.py`."""
        return self._rules("cookie clues")

    @property
    def own_size(self) -> int:
        """How many records the user's files have."""
        [(records,)] = self._rows("select coalesce(sum(records), 0) from part where part > 0")
        return int(records)

    @cached_property
    def base(self) -> str:
        """Which bundled index this one grew out of."""
        return self._meta("base")

    @cached_property
    def made_of(self) -> set[str]:
        """What the parts were made of, but for the bundled one."""
        return {made_of for (made_of,) in self._rows("select made_of from part where part > 0")}

    @cached_property
    def everything(self) -> Records:
        """All records."""
        parts = self._rows("select part, records from part order by position")
        bits = {part: (1 << records) - 1 for part, records in parts}
        for (n,) in self._rows("select n from record where hidden"):
            bits[n // PART] ^= 1 << n % PART
        return Records(bits)

    @cached_property
    def usual_kinds(self) -> list[str]:
        """The names of the kinds that a search looks at where none is named."""
        return self._meta("usual kinds").split()

    @cached_property
    def kind_names(self) -> list[str]:
        """The names of the kinds, in their usual order."""
        return self._meta("kind names").split()

    def get(self, kind: str, id: str) -> Entry | None:
        """The record of that kind with that id, or None."""
        return next(self._entries("id = ? and kind = ? and not hidden", (id, kind)), None)

    def with_id(self, id: str) -> list[Entry]:
        """The records of any kind with that id, in the usual order of the kinds."""
        return sorted(self._entries("id = ? and not hidden", (id,)), key=lambda entry: self.kind_names.index(entry.kind))

    def entries(self, numbers: Sequence[int]) -> list[Entry]:
        """The records with these numbers, in the order of the numbers given."""
        found = {entry.n: entry for some in _batches(numbers) for entry in self._entries(f"n in ({_marks(some)})", some)}
        return [found[n] for n in numbers]

    def names(self, numbers: Sequence[int]) -> dict[int, Names]:
        """What the records with these numbers are called."""
        statement = "select n, names from record where n in ({})"
        rows = (row for some in _batches(numbers) for row in self._rows(statement.format(_marks(some)), some))
        return {n: _names(names) for n, names in rows}

    def ids_from(self, start: str, kinds: Sequence[str], most: int) -> list[tuple[str, str]]:
        """Ids that begin so, each with the name of its record."""
        return self._rows(
            f"select id, name from record where id >= ? and id < ? and kind in ({_marks(kinds)}) and not hidden order by id limit ?",
            (start, start + "\U0010ffff", *kinds, most),
        )

    def all(self, kind: str) -> Iterator[Entry]:
        """The records of a kind, in the order of the data."""
        return self.each(self.numbers([kind], {}))

    @cached_property
    def own(self) -> Records:
        """The records of the user's files; the bundled ones are the first part."""
        return Records({part: bits for part, bits in self.everything.bits.items() if part})

    def written(self, records: Records) -> Iterator[tuple[str, dict[str, Any]]]:
        """These records as they were written, each with its kind, in the order of the data, as a stream: what is not known
        is absent, and a record that adds to a bundled one says only what it adds."""
        numbers = iter(records)
        while some := list(islice(numbers, 500)):
            rows = self._rows(f"select n, kind, body from record where n in ({_marks(some)})", some)
            bodies = {n: (kind, json.loads(body)) for n, kind, body in rows}
            yield from ((kind, table.get("written", table)) for kind, table in map(bodies.__getitem__, some))

    def each(self, records: Records) -> Iterator[Entry]:
        """These records, in the order of the data, as a stream."""
        numbers = iter(records)
        while some := list(islice(numbers, 500)):
            yield from self.entries(some)

    def numbers(self, kinds: Sequence[str], filters: Mapping[str, Sequence[str]]) -> Records:
        """The records of these kinds that every filter lets through.

        A filter is an option's name and the values it may have, any of which will do. Raises BadUsage for
        a value that no record has.
        """
        kept = self.everything & self._having("kind", kinds)
        for name, values in filters.items():
            if values:
                kept &= self._having(name, [found for value in values for found in self._values_meant(name, value)])
        return kept

    def values(self, name: str) -> list[tuple[str, str, int]]:
        """The values a filter may have: the value, the words for it, how many records have it."""
        return [(facet.value, facet.label, facet.records) for facet in self._counted(self.everything, name)]

    def facets(self, records: Records, names: Iterable[str]) -> list[Facet]:
        """The values that these records have, for each of these filters, the most frequent first."""
        return [facet for name in names for facet in sorted(self._counted(records, name), key=lambda facet: (-facet.records, facet.value))]

    def file_of(self, kind: str, id: str) -> str | None:
        """The name of the file of the user's library that their record of that kind with that id stands in, or None."""
        rows = self._rows("select file from record where id = ? and kind = ? and n >= ? and not hidden", (id, kind, PART))
        return next((str(file) for (file,) in rows), None)

    def linking_to(self, kind: str, id: str) -> list[Link]:
        """The records that link to this one, in the order of the data."""
        rows = self._rows(
            "select record.kind, record.id, name, min(field), why from link join record using (n) where link.kind = ? and link.id = ?"
            " and not hidden group by n order by n",
            (kind, id),
        )
        return [Link(*row) for row in rows]

    def name(self, kind: str, id: str) -> str | None:
        """The name of the record of that kind with that id, or None."""
        rows = self._rows("select name from record where id = ? and kind = ? and not hidden", (id, kind))
        return next((str(name) for (name,) in rows), None)

    def standing(self, spellings: Iterable[str]) -> dict[str, dict[int, tuple[int, ...]]]:
        """Where words stand: for each word and each part, the records that hold it as numbers of bits, one for each tier."""
        found: dict[str, dict[int, tuple[int, ...]]] = defaultdict(dict)
        tiers = ", ".join(TIERS)
        every = _marks(self.everything.bits)
        for some in _batches(spellings):
            rows = self._rows(
                f"select word, part, {tiers} from term where part in ({every}) and word in ({_marks(some)})", (*self.everything.bits, *some)
            )
            for word, part, *sets in rows:
                found[word][part] = tuple(unpacked(kept) if kept else 0 for kept in sets)
        return found

    def holding(self, spellings: Iterable[str]) -> Records:
        """The records that hold any of these words."""
        bits: dict[int, int] = dict.fromkeys(self.everything.bits, 0)
        for standing in self.standing(spellings).values():
            for part, tiers in standing.items():
                for one in tiers:
                    bits[part] |= one
        return Records(bits)

    def frequencies(self, spellings: Iterable[str]) -> dict[str, int]:
        """In how many records each of these words stands; words that stand nowhere are left out."""
        found: dict[str, int] = {}
        for some in _batches(spellings):
            found.update(self._rows(f"select word, records from word where word in ({_marks(some)})", some))
        return found

    def beginning_with(self, start: str, most: int) -> list[str]:
        """Words that begin so, the most frequent first."""
        rows = self._rows(
            "select word from word where word >= ? and word < ? order by records desc, word limit ?",
            (start, start + "\U0010ffff", most),
        )
        return [word for (word,) in rows]

    def spelt_like(self, first: str, shortest: int, longest: int) -> list[str]:
        """Words with that first letter and between so many letters."""
        # Joined by SQLite, because a row for each word takes several times as long.
        [(line,)] = self._rows(
            "select group_concat(word, ' ') from word where substr(word, 1, 1) = ? and length(word) between ? and ?",
            (first, shortest, longest),
        )
        return str(line or "").split()

    def synonyms(self, phrases: Sequence[str]) -> list[tuple[str, str]]:
        """For each of these phrases of folded words, the phrases that mean the same, as pairs."""
        return self._rows(f"select phrase, other from synonym where phrase in ({_marks(phrases)})", phrases)

    @cached_property
    def _shapes(self) -> dict[str, Shape]:
        return dict(json.loads(self._meta("shapes")))

    def _rows(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            return self._index.execute(statement, values).fetchall()
        except UnicodeEncodeError:
            # Bytes that are no text, typed as an argument: no record has what stands for them.
            known = [value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for value in values]
            return self._index.execute(statement, known).fetchall()
        except sqlite3.ProgrammingError:
            # Closed, or asked from another thread: that says nothing of the index.
            raise
        except sqlite3.DatabaseError:
            if self.disposable:
                with suppress(OSError):
                    self.disposable.unlink()
            raise CannotRead("the index of the records is damaged", hint="Try again: an index in the cache is made anew.") from None

    def _rules(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._meta(name))
        return found

    def _meta(self, name: str) -> str:
        return next((str(value) for (value,) in self._rows("select value from meta where name = ?", (name,))), "")

    def _entries(self, where: str, values: Sequence[object]) -> Iterator[Entry]:
        rows = self._rows(f"select n, kind, id, name, library, body from record where {where}", values)
        for n, kind, id, name, library, body in rows:
            yield Entry(n, kind, id, name, library, complete(self._shapes[kind], json.loads(body)))

    def _having(self, name: str, values: Iterable[str]) -> Records:
        """The records that have one of these values."""
        bits: dict[int, int] = dict.fromkeys(self.everything.bits, 0)
        for some in _batches(values):
            rows = self._rows(
                f"select part, records from facet where part in ({_marks(bits)}) and field = ? and value in ({_marks(some)})",
                (*bits, name, *some),
            )
            for part, kept in rows:
                bits[part] |= unpacked(kept)
        return Records(bits)

    def _counted(self, records: Records, name: str) -> list[Facet]:
        """The values of one filter that some of these records have, by value."""
        counts: dict[str, int] = defaultdict(int)
        labels: dict[str, str] = {}
        rows = self._rows(
            f"select part, value, label, records from facet where part in ({_marks(records.bits)}) and field = ? order by part, value",
            (*records.bits, name),
        )
        for part, value, label, kept in rows:
            here = (unpacked(kept) & records.bits[part]).bit_count()
            if here:
                counts[value] += here
                labels.setdefault(value, label)
        return [Facet(name, value, labels[value], counts[value]) for value in sorted(counts)]

    def _values_meant(self, name: str, value: str) -> list[str]:
        """The values that are asked for with one: itself, the one it is the label of, or all dates from it on."""
        known = self.values(name)
        if name == "since":
            return [date for date, _, _ in known if date >= _date(value)]
        wanted = words.slug(value)
        for meant, label, _ in known:
            if wanted in (meant, words.slug(label)):
                return [meant]
        close = nearest(wanted, [known_value for known_value, _, _ in known])
        raise BadUsage(
            f"no record has the {name} {quoted(value)}",
            hint="" if close else f"Known values: {', '.join(value for value, _, _ in known[:20])}",
            suggestions=close,
        )


def _date(value: str) -> str:
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", value, re.ASCII):
        raise BadUsage(f"{quoted(value)} is not a date", hint="Try: --since 2019, or --since 2019-04")
    return value


def _names(lines: str) -> Names:
    own, _, other = lines.partition("\n\n")
    return Names(own.split("\n"), other.split("\n") if other else [])


def _marks(values: Collection[object]) -> str:
    """A placeholder for each value of a statement."""
    return ",".join("?" * len(values))


def _batches(values: Iterable[_Value]) -> Iterator[list[_Value]]:
    """As many values at a time as one statement takes."""
    source = iter(values)
    while some := list(islice(source, 500)):
        yield some
