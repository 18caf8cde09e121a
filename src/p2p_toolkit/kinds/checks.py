"""The rules of a record: what is wrong with a table of fields, and a record made of a right one."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from p2p_toolkit.errors import Fault, nearest
from p2p_toolkit.fields import Field, Fields, fields_of
from p2p_toolkit.kinds.records import KINDS, Kind
from p2p_toolkit.words import UNSAFE

LONGEST_TEXT = 400
LONGEST_PROSE = 6_000
LONGEST_LIST = 400

_EVEN_OF_A_DRAFT = ("id", "name", "summary", "sources")

MARKER = re.compile(r"\[(\d{1,3})\]")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_URL = re.compile(r"https?://[^\s<>\"\\^`{|}]+", re.IGNORECASE)
# A figure stands on its own; the 3 of a name such as "E3M" is none.
_FIGURE = re.compile(r"(?<![A-Za-z\d])\d")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def kind_of(name: str) -> Kind:
    """The kind with that name. Raises KeyError where there is none."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise KeyError(name)


def check(kind: Kind, table: Mapping[str, Any], *, file: str = "") -> list[Fault]:
    """Every mistake in one table of fields; empty where it is right.

    Their `record` is empty where the id is missing. A draft may lack what `needed` does not name, and a record that extends
    another need not repeat what that one says.
    """
    given = table.get("id", table.get("extends"))
    known = isinstance(given, str) and _SLUG.fullmatch(given)
    name = f"{kind.name}:{given}" if known else ""
    sources = table.get("sources")
    checker = _Checker(file, name, len(sources) if isinstance(sources, list | tuple) else 0)
    required = () if table.get("extends") is not None else needed(kind, draft=bool(table.get("draft")))
    checker.fields(fields_of(kind.record), table, "", required=required)
    if table.get("changed"):
        checker.report("changed", "", "nothing: p2p works out what a record changes")
    return checker.faults


def needed(kind: Kind, *, draft: bool) -> tuple[str, ...]:
    """The names of the fields that no record of this kind may lack, or no draft of one."""
    required = fields_of(kind.record).required
    return tuple(name for name in required if name in _EVEN_OF_A_DRAFT) if draft and kind.drafts else required


def tidy(kind: Kind, table: Mapping[str, Any]) -> dict[str, Any]:
    """What a right table of fields says, as plain data: only what is known, dates as text.

    `check` first: this trusts its table.
    """
    return _tidy(fields_of(kind.record), table)


class Declared(NamedTuple):
    """A link that a record declares: the field, the kind and id it points to, and what it means for that record."""

    field: str
    kind: str
    id: str
    why: str


def links_of(kind: Kind, table: Mapping[str, Any]) -> Iterator[Declared]:
    """Each link that a record declares, in the order of its fields.

    `why` is how sure the link is, or the way back that the field names; empty where neither is said.
    """
    for field, inner in _linking(kind):
        value = table.get(field.name)
        for one in (value if field.many else [value]) if value else ():
            if inner is None:
                yield Declared(field.name, field.to, one, field.back)
            elif inner.name in one:
                sure = [choice.words.get(one.get(choice.name), "") for choice in field.item if choice.form == "choice"]
                yield Declared(field.name, inner.to, one[inner.name], ", ".join(sure))


def unused_sources(kind: Kind, table: Mapping[str, Any]) -> list[int]:
    """Numbers of the sources that no sentence of the record points to."""
    used = {int(number) for text in prose_of(fields_of(kind.record), table) for number in MARKER.findall(text)}
    return [number for number in range(1, len(table["sources"]) + 1) if number not in used]


def prose_of(fields: Fields, table: Mapping[str, Any]) -> Iterator[str]:
    """Every piece of prose in a record, in the order of its fields."""
    for field in fields:
        value = table.get(field.name)
        if value is None:
            continue
        if field.item:
            for item in value:
                yield from prose_of(field.item, item)
        elif field.form == "prose":
            yield from value if field.many else (value,)


@cache
def _linking(kind: Kind) -> tuple[tuple[Field, Field | None], ...]:
    """The fields of a kind that link, each with the part of its items that does."""
    found: list[tuple[Field, Field | None]] = []
    for field in fields_of(kind.record):
        if field.form == "link":
            found.append((field, None))
        found += [(field, inner) for inner in field.item if inner.form == "link"]
    return tuple(found)


def _tidy(fields: Fields, table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _tidy_value(fields.by_name[name], value) for name, value in table.items() if value is not None and value != []}


def _tidy_value(field: Field, value: Any) -> Any:
    if field.item:
        return [_tidy(field.item, item) for item in value]
    if field.many:
        return list(value)
    if field.form == "date":
        return str(value)
    if field.form == "prose":
        return " ".join(value.split())
    return value


class _Checker:
    """Collects the mistakes of one record."""

    def __init__(self, file: str, record: str, sources: int) -> None:
        self.file = file
        self.record = record
        self.sources = sources
        self.faults: list[Fault] = []

    def fields(self, fields: Fields, table: Mapping[str, Any], path: str, *, required: Iterable[str]) -> None:
        for name in required:
            if table.get(name) is None:
                needed = fields.by_name[name]
                choices = f": {', '.join(needed.words)}" if needed.words else ""
                self.report(path + name, "", needed.help + choices)
        for name, value in table.items():
            field = fields.by_name.get(name)
            if field is None:
                close = nearest(str(name), fields.by_name, 1)
                self.report(path + str(name), "", "a field that exists", close[0] if close else "")
            elif value == "" or value == []:
                advice = "" if field.required else "; leave the field out where it is not known"
                self.report(path + name, "empty", field.help + advice)
            elif value is not None:
                self.given(field, value, path + name)

    def given(self, field: Field, value: Any, path: str) -> None:
        if not field.many:
            self.value(field, value, path)
        elif not isinstance(value, list | tuple):
            self.report(path, _shown(value), "a list")
        elif len(value) > LONGEST_LIST:
            self.report(path, f"a list of {len(value)}", f"at most {LONGEST_LIST} entries")
        else:
            for number, one in enumerate(value, 1):
                self.value(field, one, f"{path}[{number}]")
            if len(value) > 1:
                self.repeats(value, path)

    def value(self, field: Field, value: Any, path: str) -> None:
        if field.item:
            if isinstance(value, Mapping):
                self.fields(field.item, value, f"{path}.", required=field.item.required)
            else:
                self.report(path, _shown(value), "a table of fields")
            return
        if field.form == "number":
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**15:
                self.report(path, _shown(value), "a whole number, without commas")
            return
        if field.form == "flag":
            if not isinstance(value, bool):
                self.report(path, _shown(value), "true or false")
            return
        # A moment is a date, too, to isinstance.
        if field.form == "date" and type(value) is datetime.date:
            return
        if not isinstance(value, str):
            self.report(path, _shown(value), "text")
            return
        # What is printable is safe, and told many times as fast.
        if not value.isprintable() and UNSAFE.search(value):
            self.report(path, _shown(value), "text without control characters")
            return
        if not value.strip():
            self.report(path, "blank", field.help)
            return
        _RULES[field.form](self, field, value, path)

    def repeats(self, values: Iterable[Any], path: str) -> None:
        seen: list[Any] = []
        for value in values:
            if value in seen:
                self.report(path, _shown(value), "each entry once")
            seen.append(value)

    def id(self, _: Field, value: str, path: str) -> None:
        if not _SLUG.fullmatch(value) or len(value) > 80:
            self.report(path, _shown(value), "lower-case letters and figures joined by hyphens, at most 80")

    def text(self, _: Field, value: str, path: str) -> None:
        if len(value) > LONGEST_TEXT or "\n" in value:
            self.report(path, _shown(value), f"one line of at most {LONGEST_TEXT} characters")

    def prose(self, _: Field, value: str, path: str) -> None:
        if len(value) > LONGEST_PROSE:
            self.report(path, _shown(value), f"at most {LONGEST_PROSE} characters")
        for marker in MARKER.findall(value):
            if not 1 <= int(marker) <= self.sources:
                self.report(path, f"[{marker}]", f"the number of a source, 1 to {self.sources}")
        if not _FIGURE.search(MARKER.sub("", value)):
            return
        for sentence in _SENTENCE_END.split(value):
            bare = MARKER.sub("", sentence)
            if bare == sentence and _FIGURE.search(bare):
                self.report(path, _shown(sentence.strip()), "a source marker such as [1] in each sentence that holds a figure")

    def date(self, _: Field, value: str, path: str) -> None:
        whole = value + "-01-01"[len(value) - 4 :] if _DATE.fullmatch(value) else ""
        try:
            datetime.date.fromisoformat(whole)
        except ValueError:
            self.report(path, _shown(value), "a date as YYYY, YYYY-MM or YYYY-MM-DD")

    def url(self, _: Field, value: str, path: str) -> None:
        if not _URL.fullmatch(value) or len(value) > 2_000:
            self.report(path, _shown(value), "an address that begins with https:// or http://")

    def choice(self, field: Field, value: str, path: str) -> None:
        if value not in field.words:
            close = nearest(value, field.words, 1)
            self.report(path, _shown(value), "one of " + ", ".join(field.words), close[0] if close else "")

    def report(self, path: str, value: str, wanted: str, close: str = "") -> None:
        self.faults.append(Fault(file=self.file, record=self.record, field=path, value=value, wanted=wanted, nearest=close))


_RULES = {
    "id": _Checker.id,
    "text": _Checker.text,
    "prose": _Checker.prose,
    "date": _Checker.date,
    "url": _Checker.url,
    "choice": _Checker.choice,
    "link": _Checker.id,
}


def _shown(value: Any) -> str:
    if isinstance(value, datetime.date):
        return f"the date {value.isoformat()}"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
