"""JSON Schemas (draft 2020-12) of the records, derived from their fields."""

from __future__ import annotations

from collections.abc import Sequence
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


def schema(kind: Kind) -> dict[str, Any]:
    """The JSON Schema of a record of this kind as p2p prints it: every field is always present."""
    fields = fields_of(kind.record)
    whole, draft = (needed(kind, draft=draft) for draft in (False, True))
    body = _object(fields, draft)
    # Of a record that is no draft the rest is known, too.
    known = {name: {"not": {"type": "null"}} for name in whole if name not in draft}
    if known:
        body |= {"if": {"properties": {"draft": {"maxItems": 0}}}, "then": {"properties": known}}
    body["properties"] = {"kind": {"const": kind.name}, **body["properties"]}
    body["required"] = ["kind", *body["required"]]
    return {"$schema": DRAFT, "title": kind.name, "description": kind.help, **body}


def _object(fields: Fields, known: Sequence[str]) -> dict[str, Any]:
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
