"""The commands about the user's own records."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from p2p_toolkit import api, library, render
from p2p_toolkit.cli.options import Request, command, complete_kind
from p2p_toolkit.cli.output import FORCE, OUTPUT, check_output, hand_on
from p2p_toolkit.cli.talk import STANDARD_STREAM, standard_input
from p2p_toolkit.errors import BadRecords, CannotRead, Exit

EXPORT_FORMATS = ("toml", "jsonl", "json", "csv", "markdown")


@command()
def where_command(request: Request) -> None:
    """Say which folders the records come from, and how many each has.

    \b
    Example:
      p2p library where
    """
    from p2p_toolkit import store
    from p2p_toolkit.kinds import KINDS
    from p2p_toolkit.render.own import Place, places

    bundled = store.bundled_folder()
    shipped = sum((bundled / kind.file).exists() for kind in KINDS)
    found = [Place("bundled", str(bundled), True, shipped, library.open_library().size)]
    folder = request.folder or library.usual_folder()
    if folder.is_dir():
        found.append(Place("own", str(folder), True, len(store.library_files(folder)), request._replace(folder=folder).open().own_size))
    else:
        found.append(Place("own", str(folder), False, 0, 0))
    render.emit(places(found), request.view)


@command()
def validate_command(
    request: Request,
    files: Annotated[
        list[str] | None,
        typer.Argument(help="Files of records, folders of them, or - for standard input; without any, your library.", metavar="[FILE...]"),
    ] = None,
) -> None:
    """Check records.

    Every mistake is told at once, with file, record, field and what was wanted.

    \b
    Example:
      p2p library validate my-case.toml
    """
    from p2p_toolkit import store
    from p2p_toolkit.render.own import checked

    with ExitStack() as kept:
        named = [found for file in files or () for found in _files_of(file, kept)]
        # Named twice, a file is read once.
        named = list({path.resolve(): path for path in named}.values())
        paths = named if files else store.library_files(request.folder) if request.folder else []
        if files and not paths:
            raise CannotRead(
                f"there are no files of records in {', '.join(files)}", hint="Records stand in .toml, .jsonl, .json and .csv files."
            )
        read = library.with_files(paths) if paths else None
    if read and read.faults:
        raise BadRecords(read.faults, hint=store.guide())
    records = read.own_size if read else len(store.read_bundled())
    render.emit(checked(records, len(paths)), request.view)


def _files_of(named: str, kept: ExitStack) -> list[Path]:
    """The files that an argument means. What stands on standard input is copied to a file that `kept` deletes."""
    if named != STANDARD_STREAM:
        path = Path(named)
        # Imported here: only who checks files needs it.
        from p2p_toolkit import store

        return store.library_files(path) if path.is_dir() else [path]
    import shutil
    import tempfile

    from p2p_toolkit import imports

    stream = standard_input("p2p library validate - < my-case.toml")
    start = stream.read(4096)
    ending = imports.format_of(Path("standard input"), start.decode("utf-8-sig", errors="replace"))
    path = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="p2p-"))) / f"standard input{ending}"
    with path.open("wb") as file:
        file.write(start)
        shutil.copyfileobj(stream, file)
    return [path]


@command()
def import_command(
    request: Request,
    files: Annotated[list[str], typer.Argument(help="Files of records, folders of them, or - for standard input.", metavar="FILE...")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it, and write nothing.")] = False,
    all_or_nothing: Annotated[bool, typer.Option("--all-or-nothing", help="Write nothing if anything is wrong.")] = False,
) -> None:
    """Take records from elsewhere into your library.

    It reads what p2p library export writes (TOML, JSON Lines, JSON, CSV), JSON answers of p2p, contract notices in the Open
    Contracting Data Standard 1.1, which become draft cases, and the CSV file of the Open Cookie Database. What a file is it
    tells by its content. A record that you have already is changed where it stands. What is wrong is listed, the rest goes
    in, and the exit code is 4. The same file again changes nothing.

    \b
    Example:
      p2p library import open-cookie-database.csv
    """
    # Imported here: no other command should wait for it.
    from p2p_toolkit import imports, own
    from p2p_toolkit.render.own import imported
    from p2p_toolkit.render.progress import watched

    folder = request.folder or library.usual_folder()
    with ExitStack() as kept:
        paths = [found for file in files for found in _files_of(file, kept)]
        incoming = imports.Incoming(paths)
        records: Iterable[own.Written] = watched(incoming, "records", request.view)
        if all_or_nothing:
            records = list(records)
            if incoming.faults:
                raise BadRecords(incoming.faults, hint=own.NOTHING_WRITTEN)
        taken = own.take_in(folder, records, paths[0].name if paths else "", write=not dry_run, whole=all_or_nothing)
    faults = [*incoming.faults, *taken.faults]
    if faults and not sum(taken.counts.values()) and not incoming.known:
        raise BadRecords(faults)
    query = {"files": files, "dry_run": dry_run}
    told = [*faults, *incoming.left_out]
    render.emit(imported(taken, told, incoming.known, str(folder), query, written=not dry_run), request.view)
    if faults:
        raise typer.Exit(Exit.BAD_DATA)


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

    check_output(request, output, EXPORT_FORMATS)
    held = request.open()
    kinds = [api.kind_named(held, one).name for one in kind or ()]
    records = held.numbers(kinds or held.kind_names, request.filters)
    if words:
        records &= search.find(held, api.some("words to search for", " ".join(words)), kinds=kinds or held.kind_names, limit=1).records
    if own:
        records &= held.own
    query = {"words": " ".join(words) if words else None, "kinds": kinds, "filters": request.filters, "own": own}
    hand_on(request, handed_on.answer(held, records, query), output, EXPORT_FORMATS, force=force)
