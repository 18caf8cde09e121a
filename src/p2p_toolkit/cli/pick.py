"""The command that lets somebody pick a record from a list, by its number."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from p2p_toolkit import api, render, search
from p2p_toolkit.cli.options import LIMIT, Request, command, complete_kind
from p2p_toolkit.cli.talk import keyboard, piped, standard_input
from p2p_toolkit.errors import BadUsage, Exit, NotFound, quoted, shell_word
from p2p_toolkit.library import Entry, Library
from p2p_toolkit.render.records import numbered

# More than that nobody reads through.
MOST = 1_000
_END = ("", "q", "quit")


@command(filters=True)
def pick_command(
    request: Request,
    words: Annotated[
        list[str] | None, typer.Argument(help="Words to search for; without any, ids on standard input.", metavar="[WORDS...]")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", "-k", help="Only this kind; can be repeated.", metavar="KIND", autocompletion=complete_kind),
    ] = None,
    limit: Annotated[int, LIMIT] = 10,
    fzf: Annotated[bool, typer.Option("--fzf", help="Pick with the program fzf, where you have it.")] = False,
) -> None:
    """Pick a record from what a search finds.

    Type its number. On a terminal the record is shown; with -q, or where the answer goes elsewhere, its id is printed. Enter
    alone or q picks nothing, and p2p ends with 130.

    \b
    Examples:
      p2p pick social prescribing
      p2p show $(p2p pick wellbeing)
    """
    library = request.open()
    offered = _hits(library, request, words, kind or (), limit) if words else _listed(library)
    picked = _by_fzf(offered) if fzf else _by_number(offered, request.view, f"p2p search {shell_word(' '.join(words or ['housing']))} -q")
    if picked is None:
        raise typer.Exit(Exit.INTERRUPTED)
    if request.view.format == render.TABLE and (request.view.quiet or not sys.stdout.isatty()):
        render.say(f"{picked.kind}:{picked.id}")
    else:
        render.emit(render.cards(library, [picked], {"words": " ".join(words) if words else None}, "pick"), request.view)


def _hits(library: Library, request: Request, words: Sequence[str], kinds: Sequence[str], limit: int) -> list[Entry]:
    named = [api.kind_named(library, one) for one in kinds]
    for info in named:
        api.check_filters(info, request.filters)
    said = api.some("words to search for", " ".join(words))
    found = search.find(library, said, kinds=[info.name for info in named], filters=request.filters, limit=limit)
    if not found.hits:
        raise NotFound(f"nothing is found for {quoted(said)}", hint=f"Try: p2p search {shell_word(said)}", suggestions=found.suggestions)
    return [hit.entry for hit in found.hits]


def _listed(library: Library) -> list[Entry]:
    """The records whose ids stand on standard input, one on each line."""
    lines = standard_input("p2p search housing -q | p2p pick").read().decode("utf-8", "replace").split()
    if not lines:
        raise NotFound("no ids stand on standard input", hint="Try: p2p search housing -q | p2p pick")
    found = [search.resolve(library, line).entry for line in lines[:MOST]]
    return list({entry.n: entry for entry in found}.values())


def _by_number(offered: Sequence[Entry], view: render.View, instead: str) -> Entry | None:
    with keyboard(view, instead) as typed:
        render.tell(numbered(offered, render.width()))
        while True:
            line = typed(f"Which one (1 to {len(offered)}, q for none)? " if len(offered) > 1 else "Is it this one (1, q for none)? ")
            said = "q" if line is None else line.strip().casefold()
            if said in _END:
                return None
            if said.isdecimal() and 1 <= int(said) <= len(offered):
                return offered[int(said) - 1]
            named = [entry for entry in offered if said in (entry.id, f"{entry.kind}:{entry.id}")]
            if len(named) == 1:
                return named[0]
            render.tell([f"Please type a number from 1 to {len(offered)}, or q."])


def _by_fzf(offered: Sequence[Entry]) -> Entry | None:
    program = shutil.which("fzf")
    if program is None:
        raise BadUsage("there is no program fzf here", hint="Without --fzf, p2p asks for a number.")
    lines = [f"{entry.kind}:{entry.id}\t{' '.join(entry.name.split())}" for entry in offered]
    # fzf puts the reference into quotes for its shell, and an id has nothing in it that a shell acts on.
    shown = f"{shell_word(sys.executable)} -m p2p_toolkit show {{1}} --plain"
    chosen = piped([program, "--delimiter=\t", f"--preview={shown}", "--preview-window=wrap"], "".join(f"{line}\n" for line in lines))
    return next((entry for entry, line in zip(offered, lines, strict=True) if line == chosen.rstrip("\n")), None)
