"""The man page: roff, made from the commands, the topics and the exit codes, so that it says what they say.

Written in the macros of man(7). There is a library for Click, which Typer's commands are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from p2p_toolkit import __version__, store
from p2p_toolkit.cli.contents import SECTIONS
from p2p_toolkit.cli.tree import Command, Parameter
from p2p_toolkit.errors import Exit

_SPECIAL = {"\\": r"\e", "-": r"\-", "'": r"\(aq", '"': r"\(dq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti"}
_FILES = (
    ("~/.local/share/p2p/library", "The usual folder of your own records on Linux; p2p library where names it on any system."),
    ("~/.cache/p2p", "The index of your own records. It can be deleted at any time."),
)


def page(commands: Sequence[Command], date: str) -> str:
    """The man page of p2p, for section 1. `date` is that of the release, as YYYY-MM-DD."""
    return "".join(f"{line}\n" for line in _page(commands, date))


def _page(commands: Sequence[Command], date: str) -> Iterator[str]:
    yield f'.TH P2P 1 "{date}" "p2p {_text(__version__)}" "User Commands"'
    yield from (".SH NAME", r"p2p \- precedents, lawful routes and honest answers for public service partnerships")
    yield from (".SH SYNOPSIS", ".B p2p", r".I command", r"[\fIoptions\fR] [\fIarguments\fR]")
    yield ".SH DESCRIPTION"
    yield _text(
        "p2p shows who has worked in partnership with a public body, under which lawful route, with what result, and by which sources."
    )
    yield _text("It also sorts the cookies of a site by consent category. It never uses the network.")
    shared = _shared(commands)
    yield ".SH COMMANDS"
    for heading, listed in SECTIONS.items():
        yield f".SS {_text(heading)}"
        paths = [tuple(filter(None, (group, name))) for group, name, _ in listed]
        for command in commands:
            if command.path in paths:
                yield from _command(command, shared)
    yield ".SH OPTIONS"
    yield "Every command that has an answer has these."
    for option in shared:
        yield from _parameter(option)
    yield ".SH EXIT STATUS"
    for code in Exit:
        yield from (".TP", f".B {code.value}", _text(_sentence(code.meaning.replace("`", ""))))
    yield ".SH ENVIRONMENT"
    for name, meaning in _variables():
        yield from (".TP", f".B {_text(name)}", _text(meaning))
    yield ".SH FILES"
    for name, meaning in _FILES:
        yield from (".TP", f".I {_text(name)}", _text(meaning))
    yield ".SH SEE ALSO"
    yield "More is told by these commands:"
    for topic in store.read_topics():
        yield from (".TP", rf".B p2p help {_text(topic.name)}", _text(topic.summary))


def _shared(commands: Sequence[Command]) -> list[Parameter]:
    """The options that every command with an answer has, in the words of the first one."""
    answering = [command for command in commands if any("--format" in option.names for option in command.options)]
    everywhere = set.intersection(*({option.names for option in command.options} for command in answering))
    return [option for option in commands[0].options if option.names in everywhere]


def _command(command: Command, shared: Sequence[Parameter]) -> Iterator[str]:
    words = " ".join(("p2p", *command.path))
    typed = " ".join(argument.metavar for argument in command.arguments)
    yield from (".TP", rf"\fB{_text(words)}\fR \fI{_text(typed)}\fR".replace(r" \fI\fR", ""), _text(command.help[0]))
    for paragraph in command.help[1:]:
        yield from (".IP", _text(paragraph))
    known = {option.names for option in shared}
    own = [one for one in (*command.arguments, *command.options) if one.names not in known]
    if own:
        yield ".RS"
        for one in own:
            yield from _parameter(one)
        yield ".RE"
    if command.examples:
        yield from (".IP", r"\fBExample:\fR", ".IP", ".nf", *(_text(line) for line in command.examples), ".fi")


def _parameter(one: Parameter) -> Iterator[str]:
    option = one.names[0].startswith("-")
    names = ", ".join(rf"\fB{_text(name)}\fR" for name in one.names) if option else rf"\fI{_text(one.metavar)}\fR"
    value = rf" \fI{_text(one.metavar)}\fR" if option and one.metavar else ""
    default = f" Without it: {one.default}." if option and one.default not in (None, False) else ""
    yield from (".TP", names + value, _text(f"{one.help}{default}"))


def _variables() -> Iterator[tuple[str, str]]:
    """The variables that the topic on output lists: `- NAME, NAME: what it does`."""
    [output] = [topic.text for topic in store.read_topics() if topic.name == "output"]
    for names, meaning in re.findall(r"^- ([A-Z0-9_=, ]+): (.+)$", output, re.MULTILINE):
        yield names, _sentence(meaning)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def _text(text: str) -> str:
    """A text of one line, of which no sign is a request to roff."""
    written = "".join(_SPECIAL.get(sign, sign) for sign in " ".join(text.split()))
    return rf"\&{written}" if written.startswith(".") else written
