"""The commands that find records and show them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from p2p_toolkit import __version__, render, search
from p2p_toolkit.cli.options import LIMIT, Request, check_filters, command, complete_kind, complete_name, kind_named, some, taken_for
from p2p_toolkit.errors import BadUsage, Exit, nearest, quoted
from p2p_toolkit.library import Entry, KindInfo, open_library, own_folder

FACETS = ("route", "nation", "sector", "principle")


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
    query = some("words to search for", words)
    library = request.open()
    kinds = [kind_named(library, one).name for one in kind or ()]
    found = search.find(library, query, kinds=kinds, filters=request.filters, limit=limit)
    asked = {"words": query, "kinds": kinds, "filters": request.filters, "limit": limit}
    answer = render.facets(library, found, asked, FACETS) if facets else render.hits(library, found, asked, explain=explain)
    render.emit(answer, request.view)
    if exit_status and not found.hits:
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
    library = request.open()
    info = kind_named(library, kind)
    check_filters(info, request.filters)
    entries = _sorted(list(library.each(library.numbers([info.name], request.filters))), info, sort)
    query = {"kind": info.name, "filters": request.filters, "sort": sort or None, "limit": limit}
    render.emit(render.listing(library, info, entries[:limit], total=len(entries), query=query), request.view)


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
    for name in names:
        some("a name", [name])
    library = request.open()
    found = [(name, search.resolve(library, name)) for name in names]
    once = {resolved.entry.n: resolved.entry for _, resolved in found}
    render.emit(render.cards(library, list(once.values()), {"names": names}, notes=taken_for(found)), request.view)


def _sorted(entries: list[Entry], info: KindInfo, sort: str) -> list[Entry]:
    if not sort:
        return entries
    name = sort.removeprefix("-")
    plain = [field.name for field in info.fields if not field.item and not field.many]
    if name not in plain:
        raise BadUsage(
            f"{info.plural} cannot be sorted by {quoted(name)}", hint=f"Fields: {', '.join(plain)}", suggestions=nearest(name, plain)
        )
    known = [entry for entry in entries if entry.fields[name] is not None]
    # Records that lack the field stand last, whichever way round.
    unknown = [entry for entry in entries if entry.fields[name] is None]
    known.sort(key=lambda entry: _sort_key(entry.fields[name]), reverse=sort.startswith("-"))
    return known + unknown


def _sort_key(value: Any) -> tuple[int, str]:
    return (value, "") if isinstance(value, int) else (0, str(value).casefold())


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
    # Imported here, as below: no other command should wait for it.
    from p2p_toolkit.evidence import answers
    from p2p_toolkit.render import answered

    library = request.open()
    if words is None:
        render.emit(answered.objections(library, library.all("objection")), request.view)
        return
    said = some("the words of the objection", words)
    found = answers.answers(library, said)
    guide = ""
    if not found.answers:
        from p2p_toolkit import store

        guide = store.guide()
    render.emit(answered.answers(library, found, said, guide), request.view)
    if exit_status and not found.answers:
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
    from p2p_toolkit.evidence import comparison
    from p2p_toolkit.render import answered

    for name in names:
        some("a name", [name])
    library = request.open()
    found = [(name, search.resolve(library, name)) for name in names]
    compared = comparison.compare(library, [resolved.entry for _, resolved in found])
    notes = taken_for(found)
    if len(compared.records) < len(found):
        notes.append(f"{len(found)} names, {len(compared.records)} records: some name the same one.")
    render.emit(answered.comparison(library, compared, names, notes), request.view)
