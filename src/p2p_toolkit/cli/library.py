"""The commands about the user's own records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from p2p_toolkit import library, render
from p2p_toolkit.cli.options import Request, command
from p2p_toolkit.errors import BadRecords


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
