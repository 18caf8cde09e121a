"""How a field of a record is described: one line says what it holds, and everything else derives from it.

Kept apart from the records themselves because the index carries these descriptions with it: to show a
record p2p needs to know its fields, but not the rules that it was checked by.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, NamedTuple

TITLE = 1.0
NAMED = 0.9
BODY = 0.75


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
    item: tuple[Field, ...] = ()
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


def identity(help: str) -> Any:
    return _declare("id", help, required=True, weight=TITLE)


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
    return _declare("item", help, many=True, item=fields_of(item), made_of=item, **options)


def fields_of(cls: type) -> tuple[Field, ...]:
    """The declared fields of a record class or of one of its items, in the order they are shown."""
    if cls in _described:
        return _described[cls]
    described = []
    for field in dataclasses.fields(cls):
        options = {"label": field.name.replace("_", " ").capitalize(), **field.metadata}
        options.pop("made_of", None)
        described.append(Field(name=field.name, **options))
    return _described.setdefault(cls, tuple(described))


_described: dict[type, tuple[Field, ...]] = {}


def item_class(cls: type, name: str) -> type:
    """The class of the small records that the field `name` of a record class holds."""
    [made_of] = [field.metadata["made_of"] for field in dataclasses.fields(cls) if field.name == name]
    return made_of  # type: ignore[no-any-return]  # metadata is untyped


def pack(fields: tuple[Field, ...]) -> list[dict[str, Any]]:
    """The descriptions as plain data, for the index."""
    return [{**field._asdict(), "item": pack(field.item)} for field in fields]


def unpack(data: list[dict[str, Any]]) -> tuple[Field, ...]:
    """The descriptions that `pack` made plain."""
    return tuple(Field(**field)._replace(item=unpack(field["item"])) for field in data)
