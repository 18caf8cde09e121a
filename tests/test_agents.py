"""The server for agents: what its tools answer is what the commands print, whatever is sent to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path
from typing import IO, Any

import anyio.from_thread
import pytest
from builders import a_case
from conftest import Ran
from jsonschema import Draft202012Validator
from mcp import ClientSession, MCPError, StdioServerParameters, stdio_client
from mcp.types import CallToolResult, ListToolsResult

from p2p_toolkit.errors import Exit

Run = Callable[..., Ran]
TOOLS = ["search", "show", "answer", "list", "consent_classify", "consent_explain"]
SERVER = [sys.executable, "-m", "p2p_toolkit", "mcp"]
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


class Agent:
    """An agent's program that has started a server, and asks it one thing after the other."""

    def __init__(self, portal: anyio.from_thread.BlockingPortal, session: ClientSession, library: Path) -> None:
        self.library = library
        self._portal = portal
        self._session = session

    def tools(self) -> ListToolsResult:
        return self._portal.call(self._session.list_tools)

    def call(self, tool: str, /, **arguments: Any) -> CallToolResult:
        return self._portal.call(self._session.call_tool, tool, arguments)


def records(folder: Path, **case: Any) -> None:
    (folder / "cases.jsonl").write_text(json.dumps({"kind": "case", **a_case(**case)}) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """One server for all tests here: to start one takes as long as many tests."""
    home = tmp_path_factory.mktemp("home")
    library = tmp_path_factory.mktemp("library")
    records(library, id="our-town", name="Our Town Alliance")
    folders = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    env = {**{name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}, **folders}
    parameters = StdioServerParameters(command=SERVER[0], args=[*SERVER[1:], "--library", str(library)], env=env)

    @asynccontextmanager
    async def session() -> Any:
        async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            yield session

    with anyio.from_thread.start_blocking_portal() as portal:
        opened: AbstractContextManager[ClientSession] = portal.wrap_async_context_manager(session())
        with opened as started:
            yield Agent(portal, started, library)


# A tool with its arguments, and the command that means the same.
SAME: dict[str, tuple[str, dict[str, Any], str]] = {
    "search": ("search", {"words": "oldahm"}, "search oldahm --limit 5"),
    "own records": ("search", {"words": "our town", "limit": 1}, "search our town --limit 1"),
    "filters": (
        "search",
        {"words": "alliance", "kinds": ["case"], "filters": {"nation": ["england"]}, "limit": 2.0},
        "search alliance --kind case --nation england --limit 2",
    ),
    "nothing": ("search", {"words": "zzzqqq"}, "search zzzqqq --limit 5"),
    "show": ("show", {"names": ["croydn", "route:light-touch"]}, "show croydn route:light-touch"),
    "answer": ("answer", {"words": "we must tender everything"}, "answer we must tender everything"),
    "no answer": ("answer", {"words": "bicycle"}, "answer bicycle"),
    "list": ("list", {}, "list --limit 10"),
    "sorted": ("list", {"kind": "route", "sort": "-name", "limit": 1}, "list route --sort -name --limit 1"),
    "classify": ("consent_classify", {"cookies": ["_ga", "qwx7"]}, "consent classify _ga qwx7"),
    "with a domain": ("consent_classify", {"cookies": ["sid"], "domain": "example.org"}, "consent classify sid --domain example.org"),
    "explain": ("consent_explain", {"name": "C0002", "scheme": "onetrust"}, "consent explain C0002 --scheme onetrust"),
}


@pytest.mark.parametrize("case", SAME)
def test_a_tool_answers_what_the_command_prints(agent: Agent, run: Run, case: str) -> None:
    tool, arguments, line = SAME[case]
    printed = run(*line.split(), "--json", "--library", str(agent.library))
    result = agent.call(tool, **arguments)
    assert not result.is_error
    assert result.content[0].text + "\n" == printed.out  # type: ignore[union-attr]
    assert result.structured_content == json.loads(printed.out)


def test_every_tool_is_compared_with_a_command() -> None:
    assert {tool for tool, _, _ in SAME.values()} == set(TOOLS)


def test_an_agent_is_told_what_a_misspelt_name_was_taken_for(agent: Agent) -> None:
    notes = agent.call("show", names=["croydn"]).content[1].text  # type: ignore[union-attr]
    assert notes.startswith("Nothing is called 'croydn'; showing case:croydon.")


def test_the_tools_say_that_they_only_read_and_what_they_take(agent: Agent) -> None:
    tools = agent.tools().tools
    assert [tool.name for tool in tools] == TOOLS
    for tool in tools:
        Draft202012Validator.check_schema(tool.input_schema)
        assert tool.annotations is not None
        hints = tool.annotations
        assert (hints.read_only_hint, hints.destructive_hint, hints.idempotent_hint, hints.open_world_hint) == (True, False, True, False)
        assert tool.description
        assert len(tool.description) > 150
        for argument in tool.input_schema["properties"].values():
            assert argument["description"].endswith(".")
            if "default" in argument:
                Draft202012Validator(argument).validate(argument["default"])


# A call that cannot be answered, the code of its error, something that the error says, and what it suggests first.
REFUSED: dict[str, tuple[str, dict[str, Any], str, str, str]] = {
    "no words": ("search", {}, "usage", "the argument words is missing", ""),
    "empty words": ("search", {"words": ""}, "usage", "words cannot be ''", ""),
    "blank words": ("answer", {"words": " \t"}, "usage", "the words of the objection are missing", ""),
    "words without end": ("search", {"words": "a" * 2001}, "usage", "words cannot be 'aaa", ""),
    "words that are none": ("search", {"words": {"a": [None]}}, "usage", "words cannot be", ""),
    "an unknown argument": ("search", {"words": "x", "kind": "case"}, "usage", "there is no argument 'kind'", "kinds"),
    "an unknown kind": ("search", {"words": "x", "kinds": ["cases"]}, "usage", "kinds cannot be 'cases'", "case"),
    "too few": ("list", {"limit": 0}, "usage", "limit cannot be '0'", ""),
    "too many": ("list", {"limit": 101}, "usage", "limit cannot be '101'", ""),
    "half a record": ("list", {"limit": 1.5}, "usage", "limit cannot be '1.5'", ""),
    "an unknown value": ("list", {"filters": {"nation": ["walse"]}}, "usage", "no record has the nation 'walse'", "wales"),
    "an unknown filter": ("list", {"filters": {"natoin": ["wales"]}}, "usage", "filters cannot be", ""),
    "a filter that is no list": ("list", {"filters": {"nation": "wales"}}, "usage", "filters.nation cannot be 'wales'", ""),
    "an unknown field": ("list", {"sort": "nmae"}, "usage", "cannot be sorted by 'nmae'", "name"),
    "no names": ("show", {"names": []}, "usage", "names cannot be '[]'", ""),
    "an unknown name": ("show", {"names": ["zzzqqq"]}, "not_found", "no record is called 'zzzqqq'", ""),
    "an unknown scheme": ("consent_explain", {"name": "C1", "scheme": "onetrst"}, "usage", "no scheme 'onetrst'", "onetrust"),
    "an empty cookie": ("consent_classify", {"cookies": [""]}, "usage", "cookies cannot be ''", ""),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_answered_is_an_error_that_says_what_to_do(agent: Agent, case: str) -> None:
    tool, arguments, code, says, first = REFUSED[case]
    result = agent.call(tool, **arguments)
    assert result.is_error
    error = result.structured_content["error"]
    assert (error["code"], [*error["suggestions"], ""][0]) == (code, first)
    assert says in error["message"]
    assert len(error["message"]) < 200
    assert error["hint"] or error["suggestions"] or "missing" in error["message"]
    assert error["message"] in result.content[0].text  # type: ignore[union-attr]


@pytest.mark.parametrize("words", ["\x1b[31m\x00\x9b", "[/bold] [red]", '" OR 1=1; --', "NEAR(a b", "*" * 2000, "\u202e\ufeff\U0001f36a"])
def test_hostile_words_are_only_words(agent: Agent, words: str) -> None:
    for tool in ("search", "answer"):
        result = agent.call(tool, words=words)
        assert not result.is_error
        assert result.structured_content["query"]["words"] == words
    assert agent.call("show", names=[words[:300]]).structured_content["error"]["code"] == "not_found"


def test_an_unknown_tool_is_named_in_an_error_of_the_protocol(agent: Agent) -> None:
    with pytest.raises(MCPError, match="there is no tool 'serach'; there are search, show"):
        agent.call("serach", words="oldham")


def test_a_record_that_changes_while_the_server_runs_is_seen(agent: Agent) -> None:
    records(agent.library, id="our-town", name="Zuckerdorf")
    assert agent.call("show", names=["our-town"]).structured_content["results"][0]["name"] == "Zuckerdorf"
    (agent.library / "broken.toml").write_text("[[case", encoding="utf-8")
    told = agent.call("show", names=["our-town"])
    (agent.library / "broken.toml").unlink()
    assert "warning: broken.toml" in told.content[1].text  # type: ignore[union-attr]
    records(agent.library, id="our-town", name="Our Town Alliance")


def send(stream: IO[bytes], *messages: dict[str, Any] | bytes) -> None:
    for message in messages:
        stream.write((message if isinstance(message, bytes) else json.dumps(message).encode()) + b"\n")
    stream.flush()


@pytest.mark.parametrize("how", ["its input ends", "it is interrupted"])
def test_the_server_says_nothing_but_the_protocol_and_ends_quietly(how: str) -> None:
    with subprocess.Popen(SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        assert server.stdin
        assert server.stdout
        assert server.stderr
        call = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "search", "arguments": {"words": "oldham"}}}
        # What is no message is passed over.
        send(server.stdin, HELLO, {"jsonrpc": "2.0", "method": "notifications/initialized"}, b"no message", b"\xff\xfe", b'"\\ud800"', call)
        assert [json.loads(server.stdout.readline())["id"] for _ in range(2)] == [1, 2]
        if how == "it is interrupted":
            server.send_signal(signal.SIGINT)
        else:
            server.stdin.close()
        assert server.wait(timeout=20) == (Exit.INTERRUPTED if how == "it is interrupted" else Exit.DONE)
        assert (server.stdout.read(), server.stderr.read()) == (b"", b"")


def test_an_agent_that_is_gone_is_no_failure() -> None:
    with subprocess.Popen(SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        assert server.stdin
        assert server.stdout
        assert server.stderr
        server.stdout.close()
        send(server.stdin, HELLO)
        server.stdin.close()
        assert (server.wait(timeout=20), server.stderr.read()) == (Exit.DONE, b"")


def test_without_the_extra_it_says_how_to_install_it() -> None:
    code = "import sys; sys.modules['mcp'] = None; from p2p_toolkit import cli; sys.exit(cli.main(['mcp']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    told = "p2p: p2p mcp needs a part that is not installed\nInstall it: pip install 'p2p-toolkit[mcp]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (Exit.USAGE, "", told)


def test_a_library_that_is_not_there_is_told_before_it_serves(run: Run, tmp_path: Path) -> None:
    ran = run("mcp", "--library", str(tmp_path / "nowhere"))
    assert (ran.code, ran.out) == (Exit.BAD_DATA, "")
    assert "there is no library folder" in ran.err
