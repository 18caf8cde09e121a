"""The command that describes the JSON that p2p prints."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from p2p_toolkit import render
from p2p_toolkit.cli import application
from p2p_toolkit.cli.options import Request, command
from p2p_toolkit.cli.tree import Command, commands
from p2p_toolkit.errors import BadUsage


def _complete(incomplete: str) -> list[str]:
    # Imported here: only who presses Tab needs it.
    from p2p_toolkit.render import schemas

    return [word for word in (*map(schemas.word_of, schemas.names()), schemas.COMMANDS) if word.startswith(incomplete.lower())]


@command()
def schema_command(
    request: Request,
    name: Annotated[
        list[str] | None,
        typer.Argument(help="A kind, a command, error, or commands.", metavar="[KIND|COMMAND]", autocompletion=_complete),
    ] = None,
) -> None:
    """Print the JSON Schema of a kind of record, or of what a command prints as JSON.

    A program can check by it what it was given. Without a name it lists all schemas. A kind is named in the singular: route is
    the kind, routes the command. p2p schema commands describes every command, with its arguments and options.

    \b
    Example:
      p2p schema search
    """
    from p2p_toolkit.render import schemas

    if not name:
        render.emit(schemas.overview(), request.view)
        return
    if request.view.format in ("csv", "markdown"):
        raise BadUsage("a schema is JSON", hint="Leave out --format, or choose json.")
    meant = schemas.meant(" ".join(name))
    if meant == schemas.COMMANDS:
        render.emit(schemas.commands([_plain(one) for one in commands(application(whole=True))]), request.view)
    else:
        # A schema has no id to print instead of it.
        render.emit(schemas.printed(meant), request.view._replace(quiet=False))


def _plain(one: Command) -> dict[str, Any]:
    """A command for machines."""
    parameters = {
        "arguments": [argument._asdict() for argument in one.arguments],
        "options": [option._asdict() for option in one.options],
    }
    return {"kind": "command", "id": "-".join(one.path), "name": " ".join(one.path), **one._asdict(), **parameters}
