"""Pieces of JSON Schema, and the shapes that several answers have in common.

A shape is a piece of JSON Schema as plain data. Each says in words what the value is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from p2p_toolkit import kinds
from p2p_toolkit.fields import fields_of
from p2p_toolkit.kinds import KINDS, Kind, Source

Shape = dict[str, Any]
Members = Mapping[str, Shape]


def text(help: str) -> Shape:
    return {"description": help, "type": "string"}


def count(help: str) -> Shape:
    return {"description": help, "type": "integer", "minimum": 0}


def share(help: str) -> Shape:
    return {"description": help, "type": "number", "minimum": 0, "maximum": 1}


def points(help: str) -> Shape:
    return {"description": help, "type": "integer", "minimum": 0, "maximum": 100}


def flag(help: str) -> Shape:
    return {"description": help, "type": "boolean"}


def word(help: str, words: Sequence[str]) -> Shape:
    return {"description": help, "enum": list(words)}


def anything(help: str) -> Shape:
    return {"description": help}


def listed(help: str, of: Shape) -> Shape:
    return {"description": help, "type": "array", "items": of}


def named(help: str, of: Shape) -> Shape:
    """An object whose members have names of their own, all of one shape."""
    return {"description": help, "type": "object", "additionalProperties": of}


def maybe(shape: Shape) -> Shape:
    """That shape, or null where nothing is known or was asked."""
    if "enum" in shape:
        return {**shape, "enum": [*shape["enum"], None]}
    return {**shape, "type": [shape["type"], "null"]}


def table(members: Members, sometimes: Members | None = None) -> Shape:
    """An object with these members, always, and with others that may be left out."""
    return {"type": "object", "properties": {**members, **(sometimes or {})}, "required": list(members)}


def either(*shapes: Shape) -> Shape:
    return {"anyOf": list(shapes)}


def both(*shapes: Shape) -> Shape:
    return {"allOf": list(shapes)}


# How a record may stand in an answer: as it is shown; as an export writes one that adds to a bundled one; and in a pack, whose
# references take the place of its sources. Each is a definition of its own in the schemas that refer to it.
WHOLE, ADDITION, IN_A_PACK = "", "addition", "in-a-pack"
VARIANTS: Mapping[str, Callable[[Kind], Shape]] = {
    WHOLE: kinds.schema,
    ADDITION: kinds.addition,
    IN_A_PACK: lambda kind: kinds.schema(kind, "sources"),
}


def record(*names: str, variant: str = WHOLE, whose: bool = True) -> Shape:
    """A record of one of these kinds, or of any; an export leaves out `whose` it is."""
    refs = [{"$ref": f"#/$defs/{name}-{variant}" if variant else f"#/$defs/{name}"} for name in names or KIND_NAMES]
    return {**(refs[0] if len(refs) == 1 else either(*refs)), **({"required": ["library"]} if whose else {})}


KIND_NAMES = [kind.name for kind in KINDS]

KIND = word("a kind of record", KIND_NAMES)
WORDS = text("the words asked for")
NAMES = listed("the names as they were typed", text("a name"))
FILES = listed("the files read; - is standard input", text("a file"))
SITE = maybe(text("the site that was visited, as it was typed"))
ADVICE = text("that this is information, and not legal advice")

FILTERS = {
    "description": "the values that records were filtered by, under the name of the option; only the filters that were used",
    **table({}, {field.filter: listed(field.help, text("a value")) for kind in KINDS for field in fields_of(kind.record) if field.filter}),
}

# Why a record is here, and what it has to do with another.

_MATCH = {
    "word": text("a word of the query"),
    "found": text("the word that was met, as the data spells it"),
    "how": text("how the two are alike, such as exact or prefix"),
    "share": points("how many points of the score it brought; the shares of a hit add up to its score"),
}
MATCHED = listed("which word of the query was met, and how", table(_MATCH))
EXPLAINED = listed(
    "which word of the query was met, and how", table({**_MATCH, "field": maybe(text("where it was met; null without --explain"))})
)
SCORE = points("how well it answers the words, from 0 to 100; the same for every query")

_LINK = {
    "kind": KIND,
    "id": text("the id of the record"),
    "name": text("the name of the record"),
    "field": text("the field of that record which points here; empty for a neighbour"),
    "why": text("what ties the two, in words"),
}
LINK = table(_LINK)
_SHARED = named(
    "what a neighbour has in common with it, under the name of a filter",
    listed("the values they share", text("a value, in words")),
)
RELATED = {
    "related": listed(
        "what to read next: the cases most like a case, and whatever points to the record", table({**_LINK, "shared": _SHARED})
    )
}
PRECEDENT = table(
    {"id": text("the id of the case"), "name": text("the name of the case"), "certainty": text("how sure it is that it used the route")}
)

# Sources and provisions.

_REFERENCE = {
    "number": count("the number that [n] in the texts points to"),
    **kinds.members(Source, "title", "publisher", "date", "url"),
    "notes": listed("what a reader should know of the source", text("a note")),
    "records": listed("the records that give it as a source, as kind:id", text("a record")),
}
REFERENCE = table(_REFERENCE)
SOURCE = table(
    {
        "kind": {"description": "what it is", "const": "source"},
        "id": text("the key it is cited by; the same whatever it is cited with"),
        "name": _REFERENCE["title"],
        **{name: shape for name, shape in _REFERENCE.items() if name != "title"},
    }
)

# What was written, and what is wrong.

DONE = table(
    {
        "kind": KIND,
        "id": text("the id of the record"),
        "done": word("what became of it", ["added", "changed", "removed", "unchanged"]),
        "file": text("the file that it stands or stood in"),
    }
)
FAULT = table(
    {
        "file": text("the file"),
        "wanted": text("what would have been right"),
        "record": text("the record, as kind:id or by its number; empty where the whole file is meant"),
        "field": text("the field; empty where the whole record is meant"),
        "value": text("what was found, shortened; may be empty"),
        "nearest": text("a value like it that is right; may be empty"),
    }
)
