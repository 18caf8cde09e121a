"""Answers into files, in the format that the file's ending means or that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from p2p_toolkit import render
from p2p_toolkit.cli.options import Request
from p2p_toolkit.cli.talk import STANDARD_STREAM
from p2p_toolkit.errors import BadUsage, shell_word

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


def check_output(request: Request, output: str, formats: Sequence[str]) -> None:
    """Raises BadUsage where a file cannot be had in the format that its ending means or the user asked for."""
    if _to_file(output):
        _format_of(output, request.view.format, formats)


def hand_on(request: Request, answer: render.Answer, output: str, formats: Sequence[str], *, force: bool) -> None:
    """Write an answer to a file, or to standard output as the user asked to see it.

    The file's ending, or else the user, decides among `formats`; where there are none, the answer has one form only. Raises BadUsage,
    CannotWrite.
    """
    if not _to_file(output):
        render.emit(answer, request.view)
        return
    # Imported here: most commands write no file.
    from p2p_toolkit import files

    format = _format_of(output, request.view.format, formats) if formats else render.TABLE
    # Excel takes a file without this mark for the machine's old code page, and spoils the pound sign; other programs skip it.
    mark = ["\N{BYTE ORDER MARK}"] if format == "csv" else []
    files.write(Path(output), [*mark, *render.pieces(answer, format)], replace=force)
    if not request.view.quiet:
        render.tell([*answer.notes, f"Written: {output}"])


def _to_file(output: str) -> bool:
    return output not in ("", STANDARD_STREAM)


def _format_of(output: str, asked: str, formats: Sequence[str]) -> str:
    ending = Path(output).suffix.lower()
    meant = next((format for format in formats if ending in _ENDINGS[format]), "")
    if asked == render.TABLE and ending and not meant:
        raise BadUsage(f"p2p writes no {ending} files", hint=_hint(output, ending, formats))
    if meant and asked not in (render.TABLE, meant):
        raise BadUsage(f"--format {asked} and a file ending in {ending} ask for two formats", hint="Leave out --format.")
    return meant or (formats[0] if asked == render.TABLE else asked)


def _hint(output: str, ending: str, formats: Sequence[str]) -> str:
    if ending in _WORD_FILES and "markdown" in formats:
        return f"Write .md, and then: pandoc {shell_word(str(Path(output).with_suffix('.md')))} -o {shell_word(output)}"
    if ending == ".pdf" and "html" in formats:
        return f"Write {shell_word(str(Path(output).with_suffix('.html')))}, open it in a browser, and print it as a PDF."
    endings = [_ENDINGS[format][0] for format in formats]
    return f"Choose a name that ends in {', '.join(endings[:-1])} or {endings[-1]}."
