"""The commands that help: texts about p2p, and scripts that let a shell complete what is typed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from p2p_toolkit import render, store
from p2p_toolkit.cli import application
from p2p_toolkit.cli.contents import COMMANDS, GROUPS
from p2p_toolkit.cli.options import Request, command
from p2p_toolkit.errors import BadUsage, nearest, quoted
from p2p_toolkit.render import topic as answers

# By shell, what its users put into which file, so that it is there whenever they open a terminal.
SHELLS = {
    "bash": 'add to ~/.bashrc: eval "$(p2p completion bash)"',
    "zsh": 'add to ~/.zshrc, after compinit: eval "$(p2p completion zsh)"',
    "fish": "type once: p2p completion fish > ~/.config/fish/completions/p2p.fish",
    "powershell": "add to the file that $PROFILE names: p2p completion powershell | Out-String | Invoke-Expression",
}
_SHELL = typer.Argument(help="bash, zsh, fish or powershell.", metavar="[SHELL]", autocompletion=lambda: list(SHELLS), show_default=False)


def _complete_subject(incomplete: str) -> list[str]:
    return [subject for subject in (*_topics(), *_paths()) if subject.startswith(incomplete.lower())]


@command()
def help_command(
    request: Request,
    subject: Annotated[
        list[str] | None, typer.Argument(help="A topic or a command.", metavar="[TOPIC|COMMAND]", autocompletion=_complete_subject)
    ] = None,
) -> None:
    """Explain p2p, a topic, or a command.

    Without a name it lists all commands and topics. search, routes, library and consent are topics as well as commands; their
    topic is shown, and the options are under --help.

    \b
    Example:
      p2p help getting-started
    """
    topics = _topics()
    asked = " ".join(subject or ()).lower()
    if asked in topics:
        render.emit(answers.topic(topics[asked]), request.view)
    elif asked in _paths():
        application(asked.split())([*asked.split(), "--help"], prog_name="p2p", standalone_mode=False)
    elif not asked:
        render.emit(answers.topics(list(topics.values()), _contents()), request.view)
    else:
        close = nearest(asked, [*topics, *_paths()])
        raise BadUsage(f"there is no help on {quoted(asked)}", hint="To see what there is: p2p help", suggestions=close)


@command()
def completion_command(
    request: Request,
    shell: Annotated[str, _SHELL] = "",
) -> None:
    """Print a script that lets your shell complete commands, names and values.

    Nothing is written to any file. In bash, add this line to ~/.bashrc: eval "$(p2p completion bash)". Without a name it
    prints the script of your own shell ($SHELL).

    \b
    Example:
      p2p completion bash
    """
    named = (shell or Path(os.environ.get("SHELL", "")).name).lower()
    named = {"pwsh": "powershell"}.get(named, named)
    if named not in SHELLS:
        known = f"Choose one of: {', '.join(SHELLS)}"
        raise BadUsage(
            f"p2p knows no shell {quoted(named)}" if named else "which shell is it for?", hint=known, suggestions=nearest(named, SHELLS)
        )
    # Typer writes the script for a process that is started so; there is no other public way to have it.
    asked = {**os.environ, "_P2P_COMPLETE": f"source_{named}", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-m", "p2p_toolkit"], env=asked, capture_output=True, check=True)
    render.emit(answers.script(named, done.stdout.decode(), SHELLS[named]), request.view)


def _topics() -> dict[str, store.Topic]:
    return {topic.name: topic for topic in store.read_topics()}


def _paths() -> list[str]:
    """What is typed after p2p for each command and each group."""
    return [*(f"{group} {name}".strip() for group, name, _ in COMMANDS), *GROUPS]


def _contents() -> str:
    found = typer.main.get_command(application())
    return f"{found.get_help(found.make_context('p2p', []))}\n"
