"""The command that serves agents."""

from __future__ import annotations

import os
import signal

from p2p_toolkit import render
from p2p_toolkit.cli.options import Request, command
from p2p_toolkit.cli.talk import on_terminal
from p2p_toolkit.errors import BadUsage, Exit


@command(answers=False)
def mcp_command(request: Request) -> None:
    """Answer the questions of an agent (Model Context Protocol).

    A program that works with agents starts it, and talks to it through standard input and output. It reads only. It has the tools
    search, show, answer, list, consent_classify and consent_explain. To install it: pip install 'p2p-toolkit[mcp]'. In the settings of
    the program: "p2p": {"command": "p2p", "args": ["mcp"]}; see p2p help programs.

    \b
    Example:
      p2p mcp < requests.jsonl
    """
    try:
        # Imported here: it needs a library that not everybody installs, and takes a second.
        from p2p_toolkit import agents
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("p2p_toolkit"):
            raise
        raise BadUsage("p2p mcp needs a part that is not installed", hint="Install it: pip install 'p2p-toolkit[mcp]'") from None
    # A folder that cannot be read is told at once, to whoever starts it.
    request.open().close()
    if on_terminal():
        render.tell(["Waiting for an agent's program on standard input. Ctrl-C ends it; p2p mcp --help says how to name it to a program."])
    # Python alone would wait for the next line of input before it ends. Nothing is open that would have to be closed.
    signal.signal(signal.SIGINT, lambda *_: os._exit(Exit.INTERRUPTED))
    agents.serve(request.folder)
