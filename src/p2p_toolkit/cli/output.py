"""Answers into files: which format a file is to have, by its ending or as asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from p2p_toolkit import render
from p2p_toolkit.cli.options import Request
from p2p_toolkit.errors import BadUsage, shell_word

STANDARD_OUTPUT = "-"
OUTPUT = Annotated[str, typer.Option("--output", "-o", help="File to write; its ending decides the format.", metavar="FILE")]
FORCE = Annotated[bool, typer.Option("--force", help="Replace FILE if it is there already.")]

_ENDINGS = {
    "markdown": (".md", ".markdown"),
    "html": (".html", ".htm"),
    "json": (".json",),
    "jsonl": (".jsonl",),
    "csv": (".csv",),
    "toml": (".toml",),
}
_WORD_FILES = (".docx", ".odt", ".rtf")


def to_file(output: str) -> bool:
    """Whether an answer goes into a file and not to standard output."""
    return output not in ("", STANDARD_OUTPUT)


def format_of(output: str, asked: str, formats: Sequence[str]) -> str:
    """The format of a file: the one that its ending means among `formats`, or the one asked for, or the first of them.

    Raises BadUsage for an ending that means none of them, or another one than was asked for.
    """
    ending = Path(output).suffix.lower()
    meant = next((format for format in formats if ending in _ENDINGS[format]), "")
    if asked == render.TABLE and ending and not meant:
        raise BadUsage(f"p2p writes no {ending} files", hint=_hint(output, ending, formats))
    if meant and asked not in (render.TABLE, meant):
        raise BadUsage(f"--format {asked} and a file ending in {ending} ask for two formats", hint="Leave out --format.")
    return meant or (formats[0] if asked == render.TABLE else asked)


def hand_on(request: Request, answer: render.Answer, output: str, *, format: str = render.TABLE, force: bool) -> None:
    """Write an answer to a file in this format, or to standard output as the user asked to see it. Raises CannotWrite."""
    if not to_file(output):
        render.emit(answer, request.view)
        return
    # Imported here: most commands write no file.
    from p2p_toolkit import files

    # Excel takes a file without this mark for the machine's old code page, and spoils the pound sign; other programs skip it.
    mark = ["\N{BYTE ORDER MARK}"] if format == "csv" else []
    files.write(Path(output), [*mark, *render.pieces(answer, format)], replace=force)
    if not request.view.quiet:
        render.tell([*answer.notes, f"Written: {output}"])


def _hint(output: str, ending: str, formats: Sequence[str]) -> str:
    if ending in _WORD_FILES and "markdown" in formats:
        return f"Write .md, and then: pandoc {shell_word(str(Path(output).with_suffix('.md')))} -o {shell_word(output)}"
    endings = [_ENDINGS[format][0] for format in formats]
    return f"Choose a name that ends in {', '.join(endings[:-1])} or {endings[-1]}."
