"""The server for agents, as a real client meets it: the answers of the command line, its errors, and nothing else on the wire."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from builders import a_case, a_principle, toml
from conftest import Ran
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult

from p2p_toolkit.render import schemas

Run = Callable[..., Ran]


def in_session(folder: Path, ask: Callable[[Client], Awaitable[Any]]) -> Any:
    """What comes of one session with a server that was started for it."""

    async def session() -> Any:
        command = StdioServerParameters(command=sys.executable, args=["-m", "p2p_toolkit", "mcp", "--library", str(folder)])
        async with Client(command, read_timeout_seconds=60) as client:
            return await ask(client)

    return asyncio.run(session())


CALLS: dict[str, tuple[str, dict[str, Any], str]] = {
    "search": ("search", {"words": "oldahm", "limit": 3}, "search oldahm --limit 3"),
    "search, filtered": (
        "search",
        {"words": "alliance", "kinds": ["case"], "filters": {"nation": ["england"]}},
        "search alliance -k case --nation england",
    ),
    "search, nothing": ("search", {"words": "zzzqqq"}, "search zzzqqq"),
    "show": ("show", {"names": ["croydon", "route:light-touch"]}, "show croydon route:light-touch"),
    "show, one's own": ("show", {"names": ["mine"]}, "show mine"),
    "answer": ("answer", {"words": "we must tender"}, "answer we must tender"),
    "list": ("list", {"kind": "route", "sort": "-name", "limit": 5}, "list route --sort -name --limit 5"),
    "classify": ("consent_classify", {"cookies": ["_ga", "m"], "domain": "stripe.com"}, "consent classify _ga m --domain stripe.com"),
    "explain": ("consent_explain", {"name": "C0004", "scheme": "onetrust"}, "consent explain C0004 --scheme onetrust"),
}
# Tool and arguments, and what the error says.
REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "no such record": ("show", {"names": ["zzzqqq"]}, '"code": "not_found"'),
    "no such value": ("search", {"words": "x", "filters": {"nation": ["narnia"]}}, '"code": "usage"'),
    "no such kind": ("list", {"kind": "narnia"}, "kind"),
    "no words": ("search", {"words": ""}, "words"),
    "blank words": ("search", {"words": "   "}, '"code": "usage"'),
    "too many": ("search", {"words": "x", "limit": 1_000}, "limit"),
    "too long": ("search", {"words": "x" * 3_000}, "words"),
    "no list": ("show", {"names": "oldham"}, ""),
    "no tool": ("remove", {}, "remove"),
    "control characters": ("show", {"names": ["\u001b[31m\u0000"]}, '"code": "not_found"'),
}


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """All that one session gives: a server takes a second to start."""
    folder = tmp_path_factory.mktemp("mine")
    (folder / "mine.toml").write_text(toml("case", a_case(id="mine", name="Ours")))

    async def ask(client: Client) -> Any:
        tools = await client.list_tools()
        answers = {name: await client.call_tool(tool, given) for name, (tool, given, _) in {**CALLS, **REFUSED}.items()}
        (folder / "later.toml").write_text(toml("principle", a_principle(id="later", name="Ours, later")))
        answers["later"] = await client.call_tool("show", {"names": ["later"]})
        return folder, tools.tools, answers

    return in_session(folder, ask)


def test_every_tool_says_what_it_is_and_that_it_only_reads(met: Any) -> None:
    _, tools, _ = met
    assert [tool.name for tool in tools] == ["search", "show", "answer", "list", "consent_classify", "consent_explain"]
    for tool in tools:
        assert tool.description
        assert (tool.annotations.read_only_hint, tool.annotations.open_world_hint) == (True, False)
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
    limit = tools[0].input_schema["properties"]["limit"]
    assert (limit["minimum"], limit["maximum"]) == (1, 100)


@pytest.mark.parametrize("name", CALLS)
def test_an_answer_is_that_of_the_command_line(met: Any, run: Run, name: str) -> None:
    folder, _, answers = met
    answer: CallToolResult = answers[name]
    assert not answer.is_error
    assert answer.structured_content is not None
    printed = json.loads(run(*CALLS[name][2].split(), "--library", str(folder), "--json").out)
    given = dict(answer.structured_content)
    assert isinstance(given.pop("notes"), list)
    assert {**given, "query": None} == {**printed, "query": None}
    assert json.loads(answer.content[0].text)["results"] == printed["results"]
    jsonschema.validate(given, schemas.schema(printed["command"]))


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_answered_is_an_error_with_what_to_do(met: Any, name: str) -> None:
    answer: CallToolResult = met[2][name]
    assert answer.is_error
    text = answer.content[0].text
    assert REFUSED[name][2] in text
    assert "Traceback" not in text
    if '"code"' in REFUSED[name][2]:
        jsonschema.validate(json.loads(text), schemas.schema("error"))


def test_what_changes_while_it_serves_is_seen(met: Any) -> None:
    assert met[2]["later"].structured_content["results"][0]["name"] == "Ours, later"


def test_it_ends_when_the_input_does_and_writes_nothing_but_the_protocol() -> None:
    done = subprocess.run([sys.executable, "-m", "p2p_toolkit", "mcp"], input=b"", capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, b"")


def test_rubbish_on_the_wire_is_no_crash() -> None:
    rubbish = b'rubbish\n{"jsonrpc": "2.0"}\n\xff\xfe\n[]\n'
    done = subprocess.run([sys.executable, "-m", "p2p_toolkit", "mcp"], input=rubbish, capture_output=True, check=False, timeout=60)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    for line in done.stdout.splitlines():
        assert json.loads(line)["jsonrpc"] == "2.0"


def test_without_the_package_it_says_how_to_get_it() -> None:
    code = "import sys; sys.modules['mcp'] = None; from p2p_toolkit import cli; raise SystemExit(cli.main(['mcp']))"
    done = subprocess.run([sys.executable, "-c", code], input=b"", capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == "p2p: serving agents needs packages that are not here\nTry: pip install 'p2p-toolkit[mcp]'\n"
