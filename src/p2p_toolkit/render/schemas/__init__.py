"""JSON Schemas (draft 2020-12) of all that p2p prints as JSON: the records of each kind, the answers of each command, errors.

Those of the records are derived from their fields; `answers` says what else a command prints. The schemas are kept as files beside the
records, so that a change of the output is seen, and for programs that would rather read a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from p2p_toolkit import kinds
from p2p_toolkit.errors import BadUsage, P2PError, nearest, quoted
from p2p_toolkit.kinds import DRAFT, KINDS
from p2p_toolkit.render import TABLE
from p2p_toolkit.render.answer import FORMAT_VERSION, Answer, Column, Listing
from p2p_toolkit.render.schemas.answers import ANSWERS, Told
from p2p_toolkit.render.schemas.shapes import VARIANTS, Shape, count, listed, table, text, word

ERROR = "error"
# No schema, but what the commands take; asked for by the same command.
COMMANDS = "commands"

_KINDS = {kind.name: kind for kind in KINDS}
_MAJOR = FORMAT_VERSION.partition(".")[0]


def names() -> list[str]:
    """What there is a schema of, as it is typed: the kinds, the commands, and `error`. No kind has the name of a command."""
    return [*_KINDS, *ANSWERS, ERROR]


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one of `names`, whole in itself."""
    if name == ERROR:
        body = _error()
    elif name in _KINDS:
        body = kinds.schema(_KINDS[name])
    else:
        body = _answer(name, ANSWERS[name])
    return {"$schema": DRAFT, "$id": urn(name), **{key: value for key, value in body.items() if key != "$schema"}}


def urn(name: str) -> str:
    """The identity of a schema: a name, and no address to fetch. It changes with the version of the output."""
    return f"urn:p2p-toolkit:schema:{FORMAT_VERSION}:{word_of(name)}"


def word_of(name: str) -> str:
    """The name of a schema as one word, which is also the name of its file: `consent-audit`."""
    return name.replace(" ", "-")


def meant(said: str) -> str:
    """The one of `names` that was meant, or COMMANDS: as it stands, as one word, or a kind in the plural. Raises BadUsage for others.

    A name that is right as it stands goes first: `routes` is the command, `route` the kind.
    """
    known = [*names(), COMMANDS]
    by_word = {word_of(name): name for name in known}
    asked = "-".join(said.lower().split())
    asked = {kind.plural: kind.name for kind in KINDS if kind.plural not in by_word}.get(asked, asked)
    if asked in by_word:
        return by_word[asked]
    of_group = [name for name in known if name.startswith(f"{asked} ")]
    close = of_group or nearest(said, known)
    raise BadUsage(f"there is no schema {quoted(said)}", hint="To see all there are: p2p schema", suggestions=close)


def document(schema: Mapping[str, Any]) -> str:
    """A schema as text, indented for people."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def printed(name: str) -> Answer:
    """One schema as an answer; as JSON it is the schema alone, for a validator."""
    found = schema(name)
    documents = dict.fromkeys((TABLE, "json"), lambda _: [document(found)])
    return Answer("schema", {"name": name}, [found], 1, documents=documents)


def overview() -> Answer:
    """The answer to what schemas there are."""
    found = [_listed(name) for name in names()]
    return Answer(
        command="schema",
        query={"name": None},
        results=found,
        total=len(found),
        fields=tuple(found[0]),
        listing=lambda: Listing(
            columns=(Column("id", "id"), Column("of"), Column("describes", "name", 24)),
            rows=tuple((one["id"], one["of"], one["description"]) for one in found),
        ),
        notes=["Print one: p2p schema search. All commands with their options: p2p schema commands"],
    )


def commands(found: Sequence[Mapping[str, Any]]) -> Answer:
    """The answer to what the commands take, each as plain data; for people, too, it is indented JSON."""
    answer = Answer("schema", {"name": COMMANDS}, found, len(found))
    return answer._replace(documents={TABLE: lambda _: [document(answer.envelope())]})


def _listed(name: str) -> dict[str, Any]:
    of = "error" if name == ERROR else "kind" if name in _KINDS else "command"
    return {
        "kind": "schema",
        "id": word_of(name),
        "name": name,
        "of": of,
        "urn": urn(name),
        "description": schema(name)["description"],
    }


def _answer(name: str, told: Told) -> Shape:
    """The object that every command prints as JSON, with what is its own."""
    members = {
        "p2p": {
            "description": "the version of this output: within the first number fields are added, never removed or renamed",
            "type": "string",
            "pattern": rf"^{_MAJOR}\.\d+$",
        },
        "command": {"description": "the command that answers", "const": name},
        "query": {"description": "what was asked", **table(told.query)},
        "count": count("how many results there are"),
        "total": count("how many there would be without a limit"),
        **told.more,
        "results": listed("the results", told.result),
    }
    body = {"title": f"p2p {name}", "description": told.help, **table(members)}
    definitions = {name: _definition(name) for name in sorted(set(_referred(body)))}
    return {**body, "$defs": definitions} if definitions else body


def _definition(name: str) -> Shape:
    kind, _, variant = name.partition("-")
    body = VARIANTS[variant](_KINDS[kind])
    return {key: value for key, value in body.items() if key != "$schema"}


def _referred(shape: Any) -> Iterator[str]:
    """The names of the definitions that a shape refers to."""
    if isinstance(shape, Mapping):
        if "$ref" in shape:
            yield shape["$ref"].rpartition("/")[2]
        shape = list(shape.values())
    if isinstance(shape, list):
        for part in shape:
            yield from _referred(part)


def _error() -> Shape:
    failures: list[type[P2PError]] = [P2PError, *P2PError.__subclasses__()]
    codes = ", ".join(f"{failure.code} ({failure.exit.value})" for failure in failures)
    told = {
        "code": word(f"the sort of failure, each with its exit code: {codes}", [failure.code for failure in failures]),
        "message": text("what failed, and why"),
        "hint": text("what to do next; may be empty"),
        "suggestions": listed("values that would have worked, best first", text("a value")),
    }
    return {
        "title": "p2p, where it fails",
        "description": "what stands on standard error where a command fails and JSON was asked for",
        **table({"error": {"description": "the failure", **table(told)}}),
    }
