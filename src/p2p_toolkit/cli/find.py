"""The commands that find records and show them."""

from __future__ import annotations

from typing import Annotated

import typer

from p2p_toolkit import __version__, api, render
from p2p_toolkit.cli.options import LIMIT, Request, command, complete_kind, complete_name
from p2p_toolkit.errors import Exit
from p2p_toolkit.library import open_library, own_folder


def welcome(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Precedents, lawful routes and honest answers for partnerships between public bodies and purpose-aligned partners.

    Offline. Every fact carries its source.

    \b
    Examples:
      p2p search oldham
      p2p show croydon
      p2p consent explain analytical
    """
    if version:
        render.say(f"p2p {__version__}")
    elif context.invoked_subcommand is None:
        render.say(render.welcome(open_library(own_folder()), render.width()))


@command(filters=True)
def search_command(
    request: Request,
    words: Annotated[list[str], typer.Argument(help="Any words, also misspelt, or a whole sentence.", metavar="WORDS...")],
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind", "-k", help="case, route, objection, principle, category or cookie.", metavar="KIND", autocompletion=complete_kind
        ),
    ] = None,
    limit: Annotated[int, LIMIT] = 10,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of each hit which word was found where, and for how many points.")
    ] = False,
    facets: Annotated[bool, typer.Option("--facets", help="Count what was found by route, nation, sector and principle.")] = False,
    exit_status: Annotated[bool, typer.Option("--exit-status", "-e", help="Exit with 3 when nothing is found.")] = False,
) -> None:
    """Find records of every kind, best first.

    Misspellings are forgiven. Cookies are searched only with --kind cookie.

    \b
    Example:
      p2p search homelessness alliance --nation england
    """
    library = request.open()
    answer = api.find(library, " ".join(words), kinds=kind or (), limit=limit, filters=request.filters, explain=explain, facets=facets)
    render.emit(answer, request.view)
    if exit_status and not answer.more["records"]:
        raise typer.Exit(Exit.NOT_FOUND)


@command(filters=True)
def list_command(
    request: Request,
    kind: Annotated[
        str, typer.Argument(help="case, route, objection, principle, category or cookie.", metavar="[KIND]", autocompletion=complete_kind)
    ] = "case",
    sort: Annotated[str, typer.Option("--sort", help="Field to sort by; -FIELD for the other way round.", metavar="FIELD")] = "",
    limit: Annotated[int | None, LIMIT] = None,
) -> None:
    """List the records of one kind.

    Cases are listed, unless you name another kind.

    \b
    Example:
      p2p list case --sector housing --sort -started
    """
    render.emit(api.list_records(request.open(), kind, sort=sort, limit=limit, filters=request.filters), request.view)


@command()
def show_command(
    request: Request,
    names: Annotated[
        list[str],
        typer.Argument(
            help="Id, name, alias or place, also misspelt; kind:id settles a tie.", metavar="NAME...", autocompletion=complete_name
        ),
    ],
) -> None:
    """Show whole records.

    What was done, with what result, under which route, and by which sources.

    \b
    Example:
      p2p show croydon
    """
    render.emit(api.show(request.open(), *names), request.view)


@command()
def answer_command(
    request: Request,
    words: Annotated[list[str] | None, typer.Argument(help="What was said, in your own words.", metavar="[WORDS...]")] = None,
    exit_status: Annotated[bool, typer.Option("--exit-status", "-e", help="Exit with 3 when there is no answer.")] = False,
) -> None:
    """Answer an objection.

    Is it so, what does the law say, what opens, who has done it, and when is the objector right? Without words it
    lists the objections.

    \b
    Example:
      p2p answer "we can't talk to them before the tender"
    """
    answer = api.answer(request.open(), None if words is None else " ".join(words))
    render.emit(answer, request.view)
    if exit_status and not answer.results:
        raise typer.Exit(Exit.NOT_FOUND)


@command()
def compare_command(
    request: Request,
    names: Annotated[
        list[str],
        typer.Argument(
            help="Id, name, alias or place, also misspelt; kind:id settles a tie.", metavar="NAME NAME...", autocompletion=complete_name
        ),
    ],
) -> None:
    """Compare records of one kind.

    Field by field, side by side; what differs is marked.

    \b
    Example:
      p2p compare oldham croydon
    """
    render.emit(api.compare(request.open(), *names), request.view)
