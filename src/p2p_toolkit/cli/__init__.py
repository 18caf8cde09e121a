"""The command line: what was typed to a command, and failures to exit codes, in one place."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from p2p_toolkit import render
from p2p_toolkit.cli.contents import COMMANDS, GROUPS, Contents
from p2p_toolkit.cli.find import welcome
from p2p_toolkit.cli.options import Command, group_alone, with_shared_options
from p2p_toolkit.errors import CannotWrite, Exit, P2PError, was_interrupted

# Wider than this, help is hard to follow.
WIDEST_HELP = 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code. Failures end here, and nowhere else."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = application(given)(given, prog_name="p2p", standalone_mode=False)
        return int(code or 0)
    except P2PError as error:
        return _told(error, given)
    except (KeyboardInterrupt, typer.Abort):
        return Exit.INTERRUPTED
    except OSError as error:
        if os.environ.get("P2P_DEBUG") == "1":
            raise
        # Typer writes the help itself.
        return _told(CannotWrite(f"the answer could not be written: {error.strerror}", hint=render.NO_ROOM), given)
    except Exception as error:
        if was_interrupted(error):
            return Exit.INTERRUPTED
        if os.environ.get("P2P_DEBUG") == "1":
            raise
        # Imported here, as below: only a mistake needs it.
        from p2p_toolkit.cli.mistakes import noticed_by_typer

        unexpected = f"an unexpected failure: {type(error).__name__}: {error}"
        hint = "Please report it. With P2P_DEBUG=1 it shows where it happened."
        return _told(noticed_by_typer(error, given) or P2PError(unexpected, hint=hint), given)


def _told(error: P2PError, given: Sequence[str]) -> int:
    """The exit code of a failure, once it has been told with what to type next."""
    from p2p_toolkit.cli.mistakes import with_next_step

    typed = f"p2p {' '.join(given[:2])} "
    paths = [*(f"p2p {group} {name}".replace("  ", " ") for group, name, _ in COMMANDS), *(f"p2p {group}" for group in GROUPS), "p2p"]
    asked = next(path for path in paths if typed.startswith(f"{path} "))
    render.fail(with_next_step(error, given, asked), _wants_json(given))
    return error.exit


def _wants_json(arguments: Sequence[str]) -> bool:
    return "--json" in arguments or bool(re.search(r"(?:^| )(?:--format[ =]|-\w*f[ =]?)json\b", " ".join(arguments)))


def application(arguments: Sequence[str] = (), *, whole: bool = False) -> typer.Typer:
    """The Typer app for a command line that begins so, or the whole of it, with what the shell is offered.

    If it begins with a command or a group, that alone is built, because building all of them takes Typer longer than a search takes; if
    it does not, of a group only its name is needed.
    """
    whole = whole or "_P2P_COMPLETE" in os.environ
    first = next(iter(arguments), "")
    asked = [one for one in COMMANDS if first == (one[0] or one[1])]
    wanted = COMMANDS if whole else asked or [one for one in COMMANDS if not one[0]]
    # Typer's options for completion would clutter every help; they are there only while a shell asks.
    settings = {"help_option_names": ["-h", "--help"], "terminal_width": min(shutil.get_terminal_size().columns, WIDEST_HELP)}
    app = typer.Typer(name="p2p", cls=Contents, rich_markup_mode=None, add_completion=whole, context_settings=settings)
    app.callback(invoke_without_command=True)(welcome)
    groups = {"": app}
    for group in GROUPS if not asked else {group for group, _, _ in wanted if group}:
        groups[group] = typer.Typer(cls=Contents, rich_markup_mode=None, help=GROUPS[group])
        groups[group].callback(invoke_without_command=True)(group_alone)
        app.add_typer(groups[group], name=group)
    for group, name, where in wanted:
        groups[group].command(name)(with_shared_options(_command(where), completing=whole))
    return app


def _command(where: str) -> Command:
    module, _, function = where.partition(".")
    found: Command = getattr(import_module(f"p2p_toolkit.cli.{module}"), function)
    return found
