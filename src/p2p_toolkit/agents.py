"""p2p for agents: a server of the Model Context Protocol that reads and never writes.

It answers as the command line does: the same objects as `--json`, the same errors. Needs the extra `p2p-toolkit[mcp]`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any, Literal

from mcp.server import MCPServer
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from p2p_toolkit import __version__, api
from p2p_toolkit.errors import P2PError
from p2p_toolkit.library import Library
from p2p_toolkit.render import Answer

INSTRUCTIONS = (
    "p2p holds precedents of partnerships between public bodies and charities, social enterprises and mutuals in the UK, the lawful routes"
    " to them, what people say to stop them and what answers that, and consent (cookie) categories. It works offline and never writes."
    " Begin with search, or with answer if somebody objects; then show a record by its id. Every record lists its sources, and [n] in a"
    " text points to the n-th of them: pass them on. Fields such as certainty, evidence and checked say how sure a fact is: pass that on,"
    " too. null or an empty list means that it is not known. The law is described as of the record's as_of; it is information, not legal"
    " advice."
)

_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Words = Annotated[str, Field(min_length=1, max_length=2_000, description="Any words, also misspelt, or a whole sentence.")]
Name = Annotated[str, Field(min_length=1, max_length=400, description="An id, a name, a place, or kind:id, such as route:light-touch.")]
Kind = Literal["case", "route", "objection", "principle", "category", "cookie"]
Limit = Annotated[int, Field(ge=1, le=100, description="How many at most.")]
Values = Annotated[list[str], Field(max_length=20)]
FilterName = Literal["place", "region", "nation", "sector", "route", "principle", "verdict", "since"]
Filters = Annotated[
    dict[FilterName, Values] | None, Field(description='Such as {"nation": ["wales"]}; of several values any will do. since is a year.')
]
Cookie = Annotated[str, Field(min_length=1, max_length=400)]


def server(folder: Path | None) -> MCPServer:
    """The server, over the bundled records and those of a user's folder. `run()` serves on standard input and output until that ends."""

    def asked(question: Callable[[Library], Answer]) -> CallToolResult:
        # Opened for each request, which takes a few milliseconds: so what changes in the user's folder is seen.
        try:
            with closing(api.open_library(folder)) as library:
                answer = question(library)
                return _result({**answer.envelope(), "notes": list(answer.notes)})
        except P2PError as error:
            return _result({"error": error.told()}, is_error=True)

    def search(words: Words, kinds: list[Kind] | None = None, filters: Filters = None, limit: Limit = 10) -> CallToolResult:
        """Find records by words, best first, with a score from 0 to 100 and what matched.

        Cases are precedents, routes are lawful ways to partner, objections are what people say to stop it. Cookies are searched only
        where kinds names them. An empty result is an honest answer: see suggestions, or try other words.
        """
        return asked(lambda library: api.find(library, words, kinds=kinds or (), filters=_plain(filters), limit=limit))

    def show(names: Annotated[list[Name], Field(min_length=1, max_length=10)]) -> CallToolResult:
        """Read whole records: what was done, with what result, under which route, by which law, and by which sources.

        A name that is not quite right is taken for the nearest; notes say so.
        """
        return asked(lambda library: api.show(library, *names))

    def answer(words: Words) -> CallToolResult:
        """Answer an objection, such as "we have to tender this": is it so, what the law says, which routes open, and who has done it.

        Also says when the objector is right (when_right): pass that on.
        """
        return asked(lambda library: api.answer(library, words))

    def list_records(kind: Kind = "case", filters: Filters = None, sort: str = "", limit: Limit = 50) -> CallToolResult:
        """List the records of one kind. total says how many there are; sort is a field such as name or -started."""
        return asked(lambda library: api.list_records(library, kind, sort=sort, limit=limit, filters=_plain(filters)))

    def consent_classify(
        cookies: Annotated[list[Cookie], Field(min_length=1, max_length=200, description="Names of cookies, never their values.")],
        domain: Annotated[str, Field(max_length=253, description="The domain they are stored under, where that is known.")] = "",
    ) -> CallToolResult:
        """Say which consent category each cookie belongs to, what decided, and how sure that is.

        unclassified is an honest answer: do not call such a cookie necessary.
        """
        return asked(lambda library: api.classify(library, *cookies, domain=domain))

    def consent_explain(
        name: Name, scheme: Annotated[str, Field(max_length=100, description="The tool whose word it is, such as onetrust.")] = ""
    ) -> CallToolResult:
        """Explain a consent category: its purposes, the switch on a banner, what UK and EU law ask, other tools' words for it."""
        return asked(lambda library: api.explain(library, name, scheme))

    made = MCPServer("p2p", title="From procurement to partnership", version=__version__, instructions=INSTRUCTIONS, log_level="ERROR")
    tools: tuple[Callable[..., Any], ...] = (search, show, answer, list_records, consent_classify, consent_explain)
    for tool in tools:
        made.tool(tool.__name__.removesuffix("_records"), annotations=_READS)(tool)
    return made


def _result(told: dict[str, Any], *, is_error: bool = False) -> CallToolResult:
    # The text is for clients that do not read what is structured.
    text = json.dumps(told, ensure_ascii=False)
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=told, is_error=is_error)


def _plain(filters: Mapping[FilterName, Sequence[str]] | None) -> dict[str, Sequence[str]]:
    return {str(name): values for name, values in (filters or {}).items()}
