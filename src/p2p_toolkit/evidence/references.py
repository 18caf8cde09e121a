"""The sources of several records as one numbered list, and the records' `[n]` markers pointing into it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from p2p_toolkit.fields import Field
from p2p_toolkit.library import Entry

MARKERS = re.compile(r"(?:\[\d{1,3}\])+")
_NUMBER = re.compile(r"\d+")


class Reference(NamedTuple):
    """One address, under the number by which a text cites it. `records` are those that give it as a source, as `kind:id`.

    Records may describe the same address differently: the first title stands, the first publisher and the first date that any of
    them knows, and every note.
    """

    number: int
    title: str
    publisher: str | None
    date: str | None
    url: str
    notes: tuple[str, ...] = ()
    records: tuple[str, ...] = ()


class References:
    """Numbers addresses in the order in which they come, each once."""

    def __init__(self) -> None:
        self._by_url: dict[str, Reference] = {}

    def __iter__(self) -> Iterator[Reference]:
        return iter(self._by_url.values())

    def of(self, entry: Entry) -> tuple[int, ...]:
        """The numbers of a record's sources, in the order of its own: the number that stands here for its `[n]` is the n-th."""
        return tuple(self._number(source, f"{entry.kind}:{entry.id}") for source in entry.fields["sources"])

    def quoted(self, entry: Entry, text: str) -> str:
        """A piece of a record's prose, with its markers pointing here. Of the record's sources only those it points to are numbered."""
        cited = {int(number) for run in MARKERS.findall(text) for number in _NUMBER.findall(run)}
        numbers = [
            self._number(source, f"{entry.kind}:{entry.id}") if number in cited else 0
            for number, source in enumerate(entry.fields["sources"], 1)
        ]
        return renumbered(text, numbers)

    def provision(self, title: str, url: str) -> int:
        """The number of a provision of law, which is an address of its own where no record has it as a source."""
        known = self._by_url.get(url)
        return known.number if known else self._number({"title": title, "publisher": None, "date": None, "url": url, "note": None}, "")

    def _number(self, source: Mapping[str, Any], record: str) -> int:
        url = source["url"]
        known = self._by_url.get(url) or Reference(len(self._by_url) + 1, source["title"], None, None, url)
        self._by_url[url] = known._replace(
            # A provision is cited by one of its parts; a record's source names the whole.
            title=known.title if known.records else source["title"],
            publisher=known.publisher or source["publisher"],
            date=known.date or source["date"],
            notes=_with(known.notes, source["note"]),
            records=_with(known.records, record),
        )
        return known.number


def references(entries: Iterable[Entry]) -> tuple[Reference, ...]:
    """The sources of these records, each address once, in the order of the records."""
    numbered = References()
    for entry in entries:
        numbered.of(entry)
    return tuple(numbered)


def renumbered(text: str, numbers: Sequence[int]) -> str:
    """Prose whose markers point to a record's own sources, with markers that point to these numbers instead.

    Of markers that stand together, two that come to mean the same address become one. A marker beyond the record's sources would
    point to another record's: it becomes `[?]`.
    """

    def change(run: re.Match[str]) -> str:
        own = [int(number) for number in _NUMBER.findall(run[0])]
        return "".join(dict.fromkeys(f"[{numbers[n - 1]}]" if 1 <= n <= len(numbers) else "[?]" for n in own))

    return MARKERS.sub(change, text)


def renumbered_fields(fields: Iterable[Field], table: Mapping[str, Any], numbers: Sequence[int]) -> dict[str, Any]:
    """A record's fields, or those of a small record inside it, with the markers of all their prose renumbered."""
    changed = dict(table)
    for field in fields:
        value = table[field.name]
        if value is None or not (field.form == "prose" or field.item):
            continue
        values = [
            renumbered_fields(field.item, one, numbers) if field.item else renumbered(one, numbers)
            for one in (value if field.many else [value])
        ]
        changed[field.name] = values if field.many else values[0]
    return changed


def _with(values: tuple[str, ...], value: str | None) -> tuple[str, ...]:
    return (*values, value) if value and value not in values else values
