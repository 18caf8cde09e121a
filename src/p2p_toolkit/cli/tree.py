"""The commands as plain data: each with its help, its arguments and its options, read off the live app."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, get_args

import typer

# Metavars of what is completed by records. What is offered for others is always the same.
_RECORDS = ("NAME", "VALUE")
_NO_WRAP = "\b"
_TYPES = {str: "text", int: "integer", float: "number", bool: "boolean", Path: "path"}


class Parameter(NamedTuple):
    """An argument or an option of a command.

    - `names`: as they are typed, such as `--kind` and `-k`; of an argument its one name.
    - `type`: `text`, `integer`, `number`, `boolean` or `path`. A boolean option is typed without a value.
    - `metavar`: what stands for the value in the help; empty where there is none.
    - `default`: text, number or boolean; None where there is none.
    - `choices`: the values that may be given, where they do not depend on records.
    - `environment`: the variable that may give the value, or empty.
    """

    names: tuple[str, ...]
    type: str
    metavar: str
    help: str
    default: str | int | float | None
    required: bool
    repeatable: bool
    choices: tuple[str, ...]
    environment: str


class Command(NamedTuple):
    """A command. `path` are the words after `p2p`; `help` are paragraphs, the first of which says what it does; `examples` are lines."""

    path: tuple[str, ...]
    help: tuple[str, ...]
    examples: tuple[str, ...]
    arguments: tuple[Parameter, ...]
    options: tuple[Parameter, ...]


def commands(app: typer.Typer) -> list[Command]:
    """Every command of an app, in the order of its help. Groups stand for nothing but their commands."""
    return list(_walked(typer.main.get_command(app), ()))


def _walked(found: Any, path: tuple[str, ...]) -> Iterator[Command]:
    # By what they offer, since the classes are not public.
    if hasattr(found, "commands"):
        for name, inner in found.commands.items():
            yield from _walked(inner, (*path, name))
        return
    context = typer.Context(found, info_name=" ".join(("p2p", *path)))
    paragraphs, examples = _told(found.help or "")
    # The types are those of our own functions: what Typer makes of them differs between its versions.
    declared = inspect.signature(found.callback, eval_str=True).parameters
    parameters = [(one.param_type_name, _parameter(one, _type(declared[one.name].annotation), context)) for one in found.params]
    arguments, options = (tuple(one for sort, one in parameters if sort == wanted) for wanted in ("argument", "option"))
    yield Command(path, paragraphs, examples, arguments, options)


def _told(help: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The paragraphs of a help text, and the lines of its examples."""
    pieces = [piece.strip() for piece in help.split("\n\n")]
    paragraphs = tuple(" ".join(piece.split()) for piece in pieces if not piece.startswith(_NO_WRAP))
    # The first line of what is not wrapped is its heading.
    examples = [line.strip() for piece in pieces if piece.startswith(_NO_WRAP) for line in piece.splitlines()[2:]]
    return paragraphs, tuple(examples)


def _type(annotation: Any) -> str:
    """The word for one value of that type: `text` for `list[str] | None`."""
    return _TYPES.get(annotation) or next(filter(None, map(_type, get_args(annotation))), "")


def _parameter(one: Any, type: str, context: typer.Context) -> Parameter:
    metavar = one.metavar or ""
    by_records = any(word in metavar for word in _RECORDS)
    default = one.default if isinstance(one.default, str | int | float) and one.default != "" else None
    return Parameter(
        names=tuple(one.opts),
        type=type,
        metavar=metavar,
        help=getattr(one, "help", None) or "",
        default=default,
        required=bool(one.required),
        repeatable=bool(getattr(one, "multiple", False) or one.nargs == -1),
        choices=() if by_records else tuple(offered.value for offered in one.shell_complete(context, "") if offered.type == "plain"),
        environment=one.envvar or "",
    )
