"""The commands about consent (cookie) categories."""

from __future__ import annotations

from typing import Annotated

import typer

from p2p_toolkit import consent, render
from p2p_toolkit.cli.options import Request, command, complete_category, complete_scheme, some, taken_for


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
    scheme: Annotated[
        str,
        typer.Option("--scheme", help="Read NAME as this tool's word, such as onetrust.", metavar="SCHEME", autocompletion=complete_scheme),
    ] = "",
) -> None:
    """Explain a consent category.

    Its purposes, the switch on a banner, what UK and EU law ask, and what other tools call it.

    \b
    Example:
      p2p consent explain analytical
    """
    asked = some("a name", name)
    library = request.open()
    found = [(asked, resolved) for resolved in consent.explain(library, asked, scheme)]
    entries = [resolved.entry for _, resolved in found]
    query = {"name": asked, "scheme": scheme or None}
    render.emit(render.cards(library, entries, query, "consent explain", taken_for(found)), request.view)
