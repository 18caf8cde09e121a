"""The commands that make something to hand on: an evidence pack, and references."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from p2p_toolkit import __version__, api, render
from p2p_toolkit.cli.options import Request, command, complete_answer, complete_name
from p2p_toolkit.cli.output import FORCE, OUTPUT, check_output, hand_on
from p2p_toolkit.errors import BadUsage, quoted
from p2p_toolkit.library import Library

_NAMES = typer.Argument(
    help="Id, name, alias or place, also misspelt; kind:id settles a tie.", metavar="NAME...", autocompletion=complete_name
)
PACK_FORMATS = ("markdown", "html", "json", "jsonl")


@command(formats=("html",))
def brief_command(
    request: Request,
    names: Annotated[list[str], _NAMES],
    audience: Annotated[str, typer.Option("--for", help="Whom it is put before, and when.", metavar="WHOM")] = "",
    title: Annotated[str, typer.Option("--title", help="Its title.", metavar="TITLE")] = "",
    question: Annotated[str, typer.Option("--question", help="The question that the board has to answer.", metavar="QUESTION")] = "",
    known: Annotated[
        list[str] | None,
        typer.Option(
            "--known",
            help="An answer to a question of p2p routes; once for each.",
            metavar="QUESTION=ANSWER",
            autocompletion=complete_answer,
        ),
    ] = None,
    short: Annotated[
        bool, typer.Option("--short", help="Make it a few pages, for those who decide. Data for machines stays whole.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Tell at length also what belongs to the named records only by the way.")] = False,
    output: OUTPUT = "",
    force: FORCE = False,
) -> None:
    """Make an evidence pack to put before a board.

    Name cases, routes, objections and principles. The pack has the options with their conditions, the precedents
    compared, the objections to expect with their answers, risks, what is not known, and numbered references.
    It is Markdown, which pandoc makes a Word file of, or one HTML page to print or to send. With --known it says which options
    are open to you, and why.

    \b
    Examples:
      p2p brief oldham light-touch tender-everything
      p2p brief grant light-touch --known nation=england --known health=no --short
    """
    if request.view.format == "csv":
        raise BadUsage("a pack is no table", hint="Choose one of: markdown, html, json. For its sources alone: p2p cite NAME --format csv")
    if short and full:
        raise BadUsage("--short and --full ask for two lengths", hint="Leave out one of them.")
    check_output(request, output, PACK_FORMATS)
    library = request.open()
    found = api.resolved(library, names)
    entries = list({one.entry.n: one.entry for _, one in found}.values())
    # Imported here, as below: no other command should wait for it.
    import datetime

    from p2p_toolkit.evidence import pack as packs
    from p2p_toolkit.render import brief

    odd = [f"{entry.kind}:{entry.id}" for entry in entries if entry.kind not in packs.KINDS]
    if odd:
        raise BadUsage(f"a pack cannot be made of {odd[0]}", hint="Name cases, routes, objections and principles.")
    cover = brief.Cover(
        title=title or brief.title_of([entry.name for entry in entries]),
        question=question or brief.QUESTION,
        audience=audience,
        made=datetime.datetime.now().astimezone().date().isoformat(),
        version=__version__,
    )
    pack = packs.assemble(library, entries, _answers(library, known or []), full=full)
    asked = {"names": names, "for": audience or None, "title": title or None, "question": question or None}
    query = {**asked, "known": dict(pack.answers), "short": short, "full": full}
    answer = brief.answer(library, pack, cover, query, api.taken_for(found), short=short)
    hand_on(request, answer, output, PACK_FORMATS, force=force)


def _answers(library: Library, typed: Sequence[str]) -> dict[str, str]:
    """What is known, from the way it is typed. Raises BadUsage."""
    from p2p_toolkit.evidence import choice

    given = {}
    for text in typed:
        name, sign, answer = text.partition("=")
        if not sign:
            raise BadUsage(f"{quoted(text)} is not question=answer", hint="Try: --known nation=england")
        given[name.strip()] = answer.strip()
    return {question: answer for question, answer in choice.settled(library, given).items() if answer != choice.UNKNOWN}


@command()
def cite_command(
    request: Request,
    names: Annotated[list[str], _NAMES],
    style: Annotated[
        str,
        typer.Option(
            "--style", help="text, bibtex, or csl-json for Zotero.", metavar="STYLE", autocompletion=lambda: ["text", "bibtex", "csl-json"]
        ),
    ] = "text",
) -> None:
    """List the sources of records, each once, for people and for reference managers.

    \b
    Example:
      p2p cite oldham croydon --style bibtex
    """
    library = request.open()
    if style != "text" and request.view.format != render.TABLE:
        raise BadUsage(f"--style {style} and --format {request.view.format} ask for two formats", hint="Leave out one of them.")
    render.emit(api.cite(library, *names, style=style), request.view)
