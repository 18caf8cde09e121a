"""JSON Schemas (draft 2020-12) of the records and their fields, derived from what declares them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from p2p_toolkit.fields import Field, Fields, fields_of
from p2p_toolkit.kinds.checks import needed
from p2p_toolkit.kinds.records import Kind

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_FORMS: dict[str, dict[str, Any]] = {
    "id": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
    "link": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
    "text": {"type": "string", "minLength": 1},
    "prose": {"type": "string", "minLength": 1},
    "date": {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
    "url": {"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"},
    "number": {"type": "integer", "minimum": 0},
    "flag": {"type": "boolean"},
}


def schema(kind: Kind, *left_out: str) -> dict[str, Any]:
    """The JSON Schema of a record of this kind as p2p prints it: every field is always present, but for those left out."""
    fields = fields_of(kind.record)
    whole, draft = (needed(kind, draft=draft) for draft in (False, True))
    body = _record(kind, draft, left_out)
    # Of a record that is no draft the rest is known, too.
    known = {name: {"not": {"type": "null"}} for name in whole if name not in draft and not fields.by_name[name].many}
    if known:
        body |= {"if": {"properties": {"draft": {"maxItems": 0}}}, "then": {"properties": known}}
    return {"$schema": DRAFT, "title": kind.name, "description": kind.help, **body}


def addition(kind: Kind) -> dict[str, Any]:
    """The JSON Schema of a record that adds to a bundled one, as an export prints it: what it leaves to that one is null or empty."""
    body = _record(kind, ("extends",))
    return {"title": f"{kind.name}, an addition", "description": f"what a record of the user's adds to a bundled {kind.name}", **body}


def members(cls: type, *names: str, known: Collection[str] | None = None) -> dict[str, Any]:
    """The JSON Schemas of the fields that a class declares, by name: of these names, or of all. Those not `known` may be null;
    without `known`, those that are not required."""
    fields = fields_of(cls)
    sure = fields.required if known is None else known
    return {field.name: _property(field, null=field.name not in sure) for field in fields if not names or field.name in names}


def _record(kind: Kind, known: Collection[str], left_out: Collection[str] = ()) -> dict[str, Any]:
    body = _object(Fields(field for field in fields_of(kind.record) if field.name not in left_out), known)
    whose = {"description": "whose record it is: bundled, or the folder of your own library; an export leaves it out", "type": "string"}
    body["properties"] = {"kind": {"description": "what it is", "const": kind.name}, **body["properties"], "library": whose}
    body["required"] = ["kind", *body["required"]]
    return body


def _object(fields: Fields, known: Collection[str]) -> dict[str, Any]:
    """The schema of an object with these fields; those not `known` may be null."""
    return {
        "type": "object",
        "properties": {field.name: _property(field, null=field.name not in known) for field in fields},
        "required": [field.name for field in fields],
    }


def _property(field: Field, *, null: bool) -> dict[str, Any]:
    if field.item:
        one = _object(field.item, field.item.required)
    elif field.form == "choice":
        one = {"enum": list(field.words)}
    else:
        one = dict(_FORMS[field.form])
    if field.many:
        return {"description": field.help, "type": "array", "items": one}
    if null:
        one = {"anyOf": [one, {"type": "null"}]}
    return {"description": field.help, **one}
