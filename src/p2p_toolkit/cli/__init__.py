"""The command line: what was typed to a command, and failures to exit codes, in one place."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from p2p_toolkit import render
from p2p_toolkit.cli.find import welcome
from p2p_toolkit.cli.options import Command, group_alone, with_shared_options
from p2p_toolkit.errors import CannotWrite, Exit, P2PError

# Group, name and function of each command, in the order in which help lists them. A module is imported when one of its
# commands is asked for: a search should not wait for what makes packs and pictures.
COMMANDS = (
    ("", "search", "find.search_command"),
    ("", "list", "find.list_command"),
    ("", "show", "find.show_command"),
    ("", "answer", "find.answer_command"),
    ("", "compare", "find.compare_command"),
    ("", "routes", "choice.routes_command"),
    ("", "brief", "papers.brief_command"),
    ("", "cite", "papers.cite_command"),
    ("", "timeline", "charts.timeline_command"),
    ("", "stats", "charts.stats_command"),
    ("consent", "list", "consent.list_command"),
    ("consent", "explain", "consent.explain_command"),
    ("consent", "map", "consent.map_command"),
    ("consent", "classify", "cookies.classify_command"),
    ("consent", "audit", "cookies.audit_command"),
    ("consent", "table", "cookies.table_command"),
    ("consent", "export", "cookies.export_command"),
    ("library", "add", "own.add_command"),
    ("library", "edit", "own.edit_command"),
    ("library", "remove", "own.remove_command"),
    ("library", "where", "library.where_command"),
    ("library", "validate", "library.validate_command"),
    ("library", "import", "library.import_command"),
    ("library", "export", "library.export_command"),
)
GROUPS = {"consent": "Consent (cookie) categories, and the cookies of your site.", "library": "Your own records."}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code. Failures end here, and nowhere else."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _application(given)(given, prog_name="p2p", standalone_mode=False)
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
    text = " ".join(arguments)
    return "--json" in arguments or any(f"{option}{by}json" in text for option in ("--format", "-f") for by in (" ", "="))


def _application(arguments: Sequence[str]) -> typer.Typer:
    """The Typer app for a command line that begins so.

    If it begins with a command or a group, that alone is built, because building all of them takes Typer longer
    than a search takes.
    """
    first = arguments[0] if arguments else ""
    asked = [one for one in COMMANDS if first == (one[0] or one[1])]
    # Typer's options for completion would clutter every help; they are there only while a shell asks.
    completing = "_P2P_COMPLETE" in os.environ
    settings = {"help_option_names": ["-h", "--help"]}
    app = typer.Typer(name="p2p", rich_markup_mode=None, add_completion=completing, context_settings=settings)
    app.callback(invoke_without_command=True)(welcome)
    groups: dict[str, typer.Typer] = {"": app}
    for group, name, where in COMMANDS if completing else asked or COMMANDS:
        if group not in groups:
            groups[group] = typer.Typer(rich_markup_mode=None, help=GROUPS[group])
            groups[group].callback(invoke_without_command=True)(group_alone)
            app.add_typer(groups[group], name=group)
        groups[group].command(name)(with_shared_options(_command(where)))
    return app


def _command(where: str) -> Command:
    module, _, function = where.partition(".")
    found: Command = getattr(import_module(f"p2p_toolkit.cli.{module}"), function)
    return found
