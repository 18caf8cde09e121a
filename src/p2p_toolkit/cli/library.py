"""The commands about the user's own records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from p2p_toolkit import library, render
from p2p_toolkit.cli.options import Request, command, complete_kind, kind_named, some
from p2p_toolkit.cli.output import FORCE, OUTPUT, format_of, hand_on, to_file
from p2p_toolkit.errors import BadRecords, CannotRead

EXPORT_FORMATS = ("toml", "jsonl", "json", "csv", "markdown")


@command()
def where_command(request: Request) -> None:
    """Say which folders the records come from.

    \b
    Example:
      p2p library where
    """
    from p2p_toolkit import store

    render.emit(render.places(store.bundled_folder(), request.folder), request.view)


@command()
def validate_command(
    request: Request,
    files: Annotated[
        list[Path] | None, typer.Argument(help="TOML or JSON Lines files; without any, your library.", metavar="[FILE...]")
    ] = None,
) -> None:
    """Check records.

    Every mistake is told at once, with file, record, field and what was wanted.

    \b
    Example:
      p2p library validate my-case.toml
    """
    from p2p_toolkit import store

    paths = files or (store.library_files(request.folder) if request.folder else [])
    read = library.with_files(paths) if paths else None
    if read and read.faults:
        raise BadRecords(read.faults, hint=store.guide())
    checked = read.own_size if read else len(store.read_bundled())
    render.emit(render.checked(checked, len(paths)), request.view)


@command()
def import_command(
    request: Request,
    files: Annotated[list[Path], typer.Argument(help="An Open Cookie Database CSV.", metavar="FILE...")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be imported, and write nothing.")] = False,
) -> None:
    """Take records from elsewhere into your library.

    For now that is the Open Cookie Database: its names, makers and lifetimes, under our categories and without its
    descriptions. Cookies that p2p knows already are left out. The same file again changes nothing.

    \b
    Example:
      p2p library import open-cookie-database.csv
    """
    from p2p_toolkit import files as writing
    from p2p_toolkit.consent import open_cookie_database as database

    texts = []
    for path in files:
        text = database.read(path)
        if not database.is_one(text):
            raise CannotRead(f"{path} is not the Open Cookie Database", hint="p2p imports its open-cookie-database.csv.")
        texts.append((path.name, text))
    found = database.convert(library.open_library(), texts)
    target = (request.folder or library.usual_folder()) / "open-cookie-database.jsonl"
    if not dry_run:
        writing.make_folder(target.parent)
        writing.write(target, database.as_lines(found.records), replace=True)
    render.emit(render.imported(len(found.records), found.known, found.faults, str(target), written=not dry_run), request.view)


@command(filters=True, formats=("toml",))
def export_command(
    request: Request,
    words: Annotated[list[str] | None, typer.Argument(help="Only what a search for these words finds.", metavar="[WORDS...]")] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", "-k", help="Only this kind; can be repeated.", metavar="KIND", autocompletion=complete_kind),
    ] = None,
    own: Annotated[bool, typer.Option("--own", help="Only your own records.")] = False,
    output: OUTPUT = "",
    force: FORCE = False,
) -> None:
    """Hand on records, as TOML, JSON Lines, JSON, CSV or Markdown.

    All but Markdown can be read back: importing an export gives the same records.

    \b
    Example:
      p2p library export social prescribing --kind case --format jsonl
    """
    # Imported here, as below: no other command should wait for it.
    from p2p_toolkit import search
    from p2p_toolkit.render import handed_on

    held = request.open()
    kinds = [kind_named(held, one).name for one in kind or ()]
    records = held.numbers(kinds or held.kind_names, request.filters)
    if words:
        records &= search.find(held, some("words to search for", words), kinds=kinds or held.kind_names, limit=1).records
    if own:
        records &= held.own
    query = {"words": " ".join(words) if words else None, "kinds": kinds, "filters": request.filters, "own": own}
    format = format_of(output, request.view.format, EXPORT_FORMATS) if to_file(output) else request.view.format
    hand_on(request, handed_on.answer(held, records, query), output, format=format, force=force)
