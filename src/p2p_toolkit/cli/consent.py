"""The commands about consent (cookie) categories and their names."""

from __future__ import annotations

from typing import Annotated

import typer

from p2p_toolkit import api, consent, render
from p2p_toolkit.cli.options import Request, command, complete_category, complete_scheme

_TOOL = {"metavar": "SCHEME", "autocompletion": complete_scheme}


@command()
def list_command(request: Request) -> None:
    """List the consent categories.

    \b
    Example:
      p2p consent list
    """
    library = request.open()
    entries = consent.categories(library)
    render.emit(
        render.listing(library, library.kinds["category"], entries, total=len(entries), query={}, command="consent list"), request.view
    )


@command()
def explain_command(
    request: Request,
    name: Annotated[
        list[str],
        typer.Argument(
            help="A category, a synonym such as statistics, or a misspelling.", metavar="NAME", autocompletion=complete_category
        ),
    ],
    scheme: Annotated[str, typer.Option("--scheme", help="Read NAME as this tool's word, such as onetrust.", **_TOOL)] = "",
) -> None:
    """Explain a consent category.

    Its purposes, the switch on a banner, what UK and EU law ask, and what other tools call it.

    \b
    Example:
      p2p consent explain analytical
    """
    render.emit(api.explain(request.open(), " ".join(name), scheme=scheme), request.view)


@command()
def map_command(
    request: Request,
    term: Annotated[list[str], typer.Argument(help="A tool's word for a category.", metavar="TERM")],
    source: Annotated[str, typer.Option("--from", help="The tool whose word it is; p2p for our own.", **_TOOL)],
    target: Annotated[str, typer.Option("--to", help="The tool in whose words you want it.", **_TOOL)],
) -> None:
    """Say one tool's word for a category in another tool's words.

    Tools are, among others, onetrust, cookiebot, cookieyes and iab-tcf, and p2p itself; a name that p2p does not know is
    answered with all that it knows.

    \b
    Example:
      p2p consent map C0002 --from onetrust --to cookiebot
    """
    asked = api.some("a term", " ".join(term))
    library = request.open()
    found = consent.translate(library, asked, source, target)
    # Imported here: no other command should wait for it.
    from p2p_toolkit.render import cookies

    names = consent.label(library, source), consent.label(library, target)
    render.emit(cookies.mapped(found, names, {"term": asked, "from": source, "to": target}), request.view)
