"""The commands as data: what is read off the live app is what a person reads in the help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest
from conftest import Ran

from p2p_toolkit.cli import COMMANDS, application
from p2p_toolkit.cli.tree import Command, Parameter, commands

Run = Callable[..., Ran]
ALL = commands(application(whole=True))


def of(*path: str) -> Command:
    return next(command for command in ALL if command.path == path)


def option(command: Command, name: str) -> Parameter:
    return next(one for one in command.options if name in one.names)


def test_every_command_is_there_in_its_order() -> None:
    in_groups = {(group, name) if group else (name,) for group, name, _ in COMMANDS}
    assert {command.path for command in ALL} == in_groups
    assert len(ALL) == len(COMMANDS)
    assert ALL[0].path == ("search",)


@pytest.mark.parametrize("command", ALL, ids=lambda command: " ".join(command.path))
def test_what_is_said_of_a_command_stands_in_its_help(run: Run, command: Command) -> None:
    shown = " ".join(run(*command.path, "--help").out.split())
    for text in (*command.help, *command.examples):
        assert " ".join(text.split()) in shown
    for one in (*command.arguments, *command.options):
        assert one.help
        assert one.metavar in shown
        assert one.names[0] in shown or one in command.arguments


def test_a_parameter_is_described() -> None:
    assert of("search").arguments == (
        Parameter(("words",), "text", "WORDS...", "Any words, also misspelt, or a whole sentence.", None, True, True, (), ""),
    )
    limit = option(of("search"), "-n")
    assert (limit.names, limit.type, limit.default, limit.required, limit.repeatable) == (("--limit", "-n"), "integer", 10, False, False)
    library = option(of("list"), "--library")
    assert (library.type, library.default, library.environment) == ("path", None, "P2P_LIBRARY")
    assert (option(of("search"), "--facets").type, option(of("search"), "--facets").default) == ("boolean", False)
    assert option(of("consent", "export"), "--to").required


def test_the_values_that_may_be_given_are_listed_where_they_do_not_depend_on_records() -> None:
    assert option(of("brief"), "--format").choices == ("table", "json", "jsonl", "csv", "markdown", "html")
    assert option(of("list"), "--color").choices == ("auto", "always", "never")
    assert "klaro" in option(of("consent", "export"), "--to").choices
    assert "case" in of("list").arguments[0].choices
    assert option(of("list"), "--place").choices == of("show").arguments[0].choices == ()


def test_the_commands_are_the_same_wherever_a_library_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("P2P_LIBRARY", "/nowhere/at/all")
    assert commands(application(whole=True)) == ALL


def test_an_option_has_one_type_wherever_it_stands() -> None:
    types = defaultdict(set)
    for command in ALL:
        for one in command.options:
            types[one.names[0]].add((one.type, one.names))
    assert {name: found for name, found in types.items() if len(found) > 1} == {}
