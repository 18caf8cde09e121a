"""The commands that make something to hand on: an evidence pack, and references."""

from __future__ import annotations

from typing import Annotated

import typer

from p2p_toolkit import api, render
from p2p_toolkit.cli.options import Request, command, complete_answer, complete_name
from p2p_toolkit.cli.output import FORCE, OUTPUT, check_output, hand_on
from p2p_toolkit.errors import BadUsage, quoted

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
    check_output(request, output, PACK_FORMATS)
    answers = dict(_answer(text) for text in known or [])
    pack = api.brief(request.open(), *names, known=answers, audience=audience, title=title, question=question, short=short, full=full)
    hand_on(request, pack, output, PACK_FORMATS, force=force)


def _answer(text: str) -> tuple[str, str]:
    """A question and the answer to it, from the way they are typed. Raises BadUsage."""
    question, sign, answer = text.partition("=")
    if not sign:
        raise BadUsage(f"{quoted(text)} is not question=answer", hint="Write it like this: --known nation=england")
    return question.strip(), answer.strip()


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
