"""The command line: what was typed to a command, and failures to exit codes, in one place."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from p2p_toolkit import render
from p2p_toolkit.cli import charts, choice, consent, find, library, papers
from p2p_toolkit.cli.options import group_alone, with_shared_options
from p2p_toolkit.errors import BadUsage, CannotWrite, Exit, P2PError, shell_word

# In the order in which help lists them.
COMMANDS = (
    find.search_command,
    find.list_command,
    find.show_command,
    find.answer_command,
    find.compare_command,
    choice.routes_command,
    papers.brief_command,
    papers.cite_command,
    charts.timeline_command,
    charts.stats_command,
    consent.list_command,
    consent.explain_command,
    library.where_command,
    library.validate_command,
)
GROUPS = {"consent": "Consent (cookie) categories.", "library": "Your own records."}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code. Failures end here, and nowhere else."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _application(given)(given, prog_name="p2p", standalone_mode=False)
        return int(code or 0)
    except P2PError as error:
        render.fail(error, _wants_json(given))
        return error.exit
    except (KeyboardInterrupt, typer.Abort):
        return Exit.INTERRUPTED
    except OSError as error:
        if os.environ.get("P2P_DEBUG") == "1":
            raise
        # Typer writes the help itself.
        render.fail(CannotWrite(f"the answer could not be written: {error.strerror}"), _wants_json(given))
        return Exit.NOT_WRITTEN
    except Exception as error:
        if os.environ.get("P2P_DEBUG") == "1":
            raise
        failure = _usage(error, given) or P2PError(
            f"an unexpected failure: {type(error).__name__}: {error}",
            hint="Please report it. With P2P_DEBUG=1 it shows where it happened.",
        )
        render.fail(failure, _wants_json(given))
        return failure.exit


def _usage(error: Exception, arguments: Sequence[str]) -> BadUsage | None:
    """A mistake on the command line that Typer noticed; its exceptions are not public, so by what they offer."""
    if not hasattr(error, "format_message"):
        return None
    message = str(error.format_message())
    path = getattr(getattr(error, "ctx", None), "command_path", "p2p")
    hint = f"Try: {path} --help"
    if path == "p2p" and message.startswith("No such option"):
        hint = "Options stand after the command, as in: p2p list --json"
    elif path == "p2p" and message.startswith("No such command") and "Did you mean" not in message and len(arguments) == 1:
        hint = f"To look for it: p2p search {shell_word(arguments[0])}"
    return BadUsage(message, hint=hint)


def _wants_json(arguments: Sequence[str]) -> bool:
    text = " ".join(arguments)
    return "--json" in arguments or any(f"{option}{by}json" in text for option in ("--format", "-f") for by in (" ", "="))


def _application(arguments: Sequence[str]) -> typer.Typer:
    """The Typer app for a command line that begins so.

    If it begins with a command or a group, that alone is built, because building all of them takes Typer longer
    than a search takes.
    """
    first = arguments[0] if arguments else ""
    asked = [one for one in COMMANDS if first == (one.group or one.name)]
    # Typer's options for completion would clutter every help; they are there only while a shell asks.
    completing = "_P2P_COMPLETE" in os.environ
    settings = {"help_option_names": ["-h", "--help"]}
    app = typer.Typer(name="p2p", rich_markup_mode=None, add_completion=completing, context_settings=settings)
    app.callback(invoke_without_command=True)(find.welcome)
    groups: dict[str, typer.Typer] = {"": app}
    for one in COMMANDS if completing else asked or COMMANDS:
        if one.group not in groups:
            groups[one.group] = typer.Typer(rich_markup_mode=None, help=GROUPS[one.group])
            groups[one.group].callback(invoke_without_command=True)(group_alone)
            app.add_typer(groups[one.group], name=one.group)
        groups[one.group].command(one.name)(with_shared_options(one))
    return app
