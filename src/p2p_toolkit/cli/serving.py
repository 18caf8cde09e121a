"""The command that serves agents."""

from __future__ import annotations

from p2p_toolkit.cli.options import Request, command
from p2p_toolkit.cli.talk import standard_input
from p2p_toolkit.errors import BadUsage


@command(answers=False)
def mcp_command(request: Request) -> None:
    """Serve agents, by the Model Context Protocol on standard input and output.

    The tools are search, show, answer, list, consent_classify and consent_explain. They read and never write. A program
    starts this command, not a person; what to put into its settings is under p2p help programs. Needs the extra
    p2p-toolkit[mcp].

    \b
    Example:
      p2p mcp < requests.jsonl
    """
    try:
        from p2p_toolkit import agents
    except ModuleNotFoundError:
        raise BadUsage("serving agents needs packages that are not here", hint="Try: pip install 'p2p-toolkit[mcp]'") from None
    standard_input("p2p help programs")
    agents.server(request.folder).run()
