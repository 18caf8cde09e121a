"""How a field of a record is described: one line says what it holds, and everything else derives from it.

Kept apart from the records themselves because the index carries these descriptions with it: to show a
record p2p needs to know its fields, but not the rules that it was checked by.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

TITLE = 1.0
NAMED = 0.9
KEYWORD = 0.85
BODY = 0.75


# For each field None for a single value, [] for a list, or the shape of the small records in its list. Kept apart from the fields, because
# to read a record p2p needs to know no more.
Shape = Mapping[str, Any]


class Fields(tuple["Field", ...]):  # noqa: SLOT001  # what is worked out once is kept
    """The fields of a record, in the order they are shown."""

    @cached_property
    def shape(self) -> Shape:
        """What a record with these fields looks like where nothing is known. See `complete`."""
        return {field.name: field.item.shape if field.item else [] if field.many else None for field in self}

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The names of those that no record may lack."""
        return tuple(field.name for field in self if field.required)

    @cached_property
    def searched(self) -> tuple[Field, ...]:
        """Those that a search looks at."""
        return tuple(field for field in self if field.weight or field.item.searched)

    @cached_property
    def filtered(self) -> tuple[Field, ...]:
        """Those that a filter goes by."""
        return tuple(field for field in self if field.filter)


class Field(NamedTuple):
    """What one field of a record may hold and how it is used.

    - `form`: the shape of one value. `text` is a plain phrase; `prose` is sentences, with `[n]` markers
      that point to the record's n-th source; `date` is YYYY, YYYY-MM or YYYY-MM-DD; `number` is a whole
      number; `flag` is true or false; `choice` is one of `words`; `id` and `link` are ids, `link` of a
      record of the kind `to`; `item` is a small record of its own, with the fields `item`.
    - `many`: a list of such values, empty where nothing is known. Otherwise unknown is None.
    - `words`: for a choice, each allowed value and the words a reader sees for it.
    - `weight`: how much a match in this field counts in a search, from 0 (not searched) to 1.
    - `column`: shown in listings. `filter`: the option that filters by this field, or empty.
    - `label`: the heading a reader sees. `unit`: put before a number.
    - `back`: for a link, what the record pointed to sees in it, such as "objection it helps to answer"; for
      items that link, the heading under which the record pointed to lists them, such as "Cases that used it".
    - `head`: belongs to the essentials at the top of a record. `qualifies`: the field of the essentials
      whose line this one is added to.
    """

    name: str
    form: str
    help: str
    label: str = ""
    many: bool = False
    required: bool = False
    words: Mapping[str, str] = {}
    to: str = ""
    item: Fields = Fields()
    weight: float = 0.0
    column: bool = False
    filter: str = ""
    unit: str = ""
    back: str = ""
    head: bool = False
    qualifies: str = ""


def _declare(form: str, help: str, **options: Any) -> Any:
    if options.get("required"):
        return dataclasses.field(metadata={"form": form, "help": help, **options})
    default = () if options.get("many") else None
    return dataclasses.field(default=default, metadata={"form": form, "help": help, **options})


def text(help: str, **options: Any) -> Any:
    return _declare("text", help, **{"head": True, **options})


def texts(help: str, **options: Any) -> Any:
    return _declare("text", help, many=True, **{"head": True, **options})


def prose(help: str, **options: Any) -> Any:
    return _declare("prose", help, **{"weight": BODY, **options})


def proses(help: str, **options: Any) -> Any:
    return _declare("prose", help, many=True, **{"weight": BODY, **options})


def identity(help: str, **options: Any) -> Any:
    return _declare("id", help, **{"required": True, "weight": TITLE, **options})


def date(help: str, **options: Any) -> Any:
    return _declare("date", help, **{"head": True, **options})


def url(help: str, **options: Any) -> Any:
    return _declare("url", help, **options)


def number(help: str, **options: Any) -> Any:
    return _declare("number", help, **{"head": True, **options})


def flag(help: str, **options: Any) -> Any:
    return _declare("flag", help, **{"head": True, **options})


def choice(help: str, words: Mapping[str, str], **options: Any) -> Any:
    return _declare("choice", help, words=words, **{"head": True, **options})


def choices(help: str, words: Mapping[str, str], **options: Any) -> Any:
    return _declare("choice", help, words=words, many=True, **{"head": True, **options})


def link(help: str, to: str, **options: Any) -> Any:
    return _declare("link", help, to=to, **{"head": True, **options})


def links(help: str, to: str, **options: Any) -> Any:
    return _declare("link", help, to=to, many=True, **options)


def items(help: str, item: type, **options: Any) -> Any:
    return _declare("item", help, many=True, item=fields_of(item), **options)


def fields_of(cls: type) -> Fields:
    """The declared fields of a record class or of one of its items, in the order they are shown."""
    if cls in _described:
        return _described[cls]
    described = []
    for field in dataclasses.fields(cls):
        options = {"label": field.name.replace("_", " ").capitalize(), **field.metadata}
        described.append(Field(name=field.name, **options))
    return _described.setdefault(cls, Fields(described))


_described: dict[type, Fields] = {}


def pack(fields: Fields) -> list[dict[str, Any]]:
    """The descriptions as plain data, for the index."""
    return [{**field._asdict(), "item": pack(field.item)} for field in fields]


def unpack(data: list[dict[str, Any]]) -> Fields:
    """The descriptions that `pack` made plain."""
    return Fields(Field(**field)._replace(item=unpack(field["item"])) for field in data)


def complete(shape: Shape, table: Mapping[str, Any]) -> dict[str, Any]:
    """A record with every field of that shape, in their order: None or [] where nothing is known."""
    whole: dict[str, Any] = {}
    for name, empty in shape.items():
        value = table.get(name)
        if value is None:
            whole[name] = None if empty is None else []
        elif empty:
            whole[name] = [complete(empty, one) for one in value]
        else:
            whole[name] = value
    return whole
