"""Options that mean the same in every command, what the shell offers for them, and how a function becomes a command."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Sequence
from copy import copy
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from p2p_toolkit import api, render, search
from p2p_toolkit.errors import BadUsage, nearest, quoted
from p2p_toolkit.library import Library, open_library, own_folder
from p2p_toolkit.render import View


class Request(NamedTuple):
    """What every command is asked besides its own arguments."""

    view: View
    filters: dict[str, list[str]]
    folder: Path | None

    def open(self) -> Library:
        library = open_library(self.folder)
        render.warn(library.faults, self.folder, self.view)
        return library


def _count(given: str | int) -> int:
    """How many records. Typer also hands over the default."""
    typed = str(given)
    if not (typed.isascii() and typed.isdigit() and int(typed[:9])):
        raise BadUsage(f"--limit cannot be {quoted(typed)}", hint="It is a whole number from 1 on.")
    return int(typed[:9])


LIMIT = typer.Option("--limit", "-n", parser=_count, help="How many at most.", metavar="NUMBER")


# What the shell offers when somebody presses Tab: (value, description) pairs, from the same index.


def complete_name(incomplete: str) -> list[tuple[str, str]]:
    library = _library_of_environment()
    return search.completions(library, incomplete.lower(), library.usual_kinds)


def complete_category(incomplete: str) -> list[tuple[str, str]]:
    return search.completions(_library_of_environment(), incomplete.lower(), ["category"])


def complete_kind(incomplete: str) -> list[tuple[str, str]]:
    # Here and for schemes p2p's own records suffice: a user's add neither.
    return [(name, kind.help) for name, kind in open_library().kinds.items() if name.startswith(incomplete.lower())]


def complete_scheme(incomplete: str) -> list[str]:
    # Imported here: only who presses Tab needs it.
    from p2p_toolkit import consent

    return [scheme for scheme in consent.schemes(open_library()) if scheme.startswith(incomplete.lower())]


def complete_answer(incomplete: str) -> list[tuple[str, str]]:
    questions = open_library().route_finder["questions"]
    answers = ((f"{one['id']}={choice['answer']}", choice["text"]) for one in questions for choice in one["choices"])
    return [(answer, text) for answer, text in answers if answer.startswith(incomplete.lower())]


def _complete_value(filter: str) -> Callable[[str], list[tuple[str, str]]]:
    def complete(incomplete: str) -> list[tuple[str, str]]:
        values = _library_of_environment().values(filter)
        return [(value, f"{label}: {count}") for value, label, count in values if value.startswith(incomplete.lower())]

    return complete


def _library_of_environment() -> Library:
    # While a command line is still being typed, its --library is not known.
    named = os.environ.get("P2P_LIBRARY")
    return open_library(Path(named) if named else own_folder())


# Options that mean the same in every command, each said once. A command's own options come first.


def _format_option(formats: Sequence[str]) -> tuple[Any, str]:
    """The option for the format, for a command that has these formats besides those that every command has."""
    names = [*render.format_names(), *formats]
    words = f"{', '.join(names[:-1])} or {names[-1]}."
    return Annotated[str, typer.Option("--format", "-f", help=words, metavar="FORMAT", autocompletion=lambda: names)], render.TABLE


COLORS = ("auto", "always", "never")
_VIEW_OPTIONS: dict[str, Any] = {
    "format": _format_option(()),
    "json": (Annotated[bool, typer.Option("--json", help="Short for --format json.")], False),
    "plain": (
        Annotated[bool, typer.Option("--plain", help="Plain lines, as in a pipe; also with ACCESSIBLE=1. Good for screen readers.")],
        False,
    ),
    "quiet": (Annotated[bool, typer.Option("--quiet", "-q", help="Print ids only, one on each line.")], False),
    "color": (
        Annotated[str, typer.Option("--color", help="auto, always or never.", metavar="WHEN", autocompletion=lambda: list(COLORS))],
        COLORS[0],
    ),
    "no_pager": (Annotated[bool, typer.Option("--no-pager", help="Do not page long answers.")], False),
    "no_input": (Annotated[bool, typer.Option("--no-input", help="Never ask anything.")], False),
    "library": (
        Annotated[
            Path | None,
            typer.Option(
                "--library", envvar="P2P_LIBRARY", help="Folder of your own records, laid on top of the bundled ones.", metavar="FOLDER"
            ),
        ],
        None,
    ),
}
_FILTER_OPTIONS: dict[str, Any] = {
    name: (
        Annotated[
            list[str] | None, typer.Option(f"--{name}", help=api.FILTERS[name], metavar="VALUE", autocompletion=_complete_value(name))
        ],
        None,
    )
    for name in api.FILTERS
}


class Command(NamedTuple):
    """A command before Typer has been told of it: whether it has the filters, what formats it has besides those of every command, and
    whether it has an answer to be formatted at all."""

    function: Callable[..., None]
    filters: bool
    formats: tuple[str, ...]
    answers: bool


def command(*, filters: bool = False, formats: tuple[str, ...] = (), answers: bool = True) -> Callable[[Callable[..., None]], Command]:
    """Make a function a command: it is given a Request, made of the options every command has."""
    return lambda function: Command(function, filters, formats, answers)


def with_shared_options(one: Command, *, completing: bool) -> Callable[..., None]:
    """The function as Typer reads it: its own parameters, then the options that every command has.

    What the shell is offered is left out unless it is `completing`: to look at it takes Typer as long as a search takes.
    """
    shared = {**(_FILTER_OPTIONS if one.filters else {}), **_VIEW_OPTIONS, "format": _format_option(one.formats)}
    if not one.answers:
        shared = {"library": shared["library"]}
    own = list(inspect.signature(one.function, eval_str=True).parameters.values())[1:]

    def run(**given: Any) -> None:
        options = {option: default for option, (_, default) in _VIEW_OPTIONS.items()}
        options.update({option: given.pop(option) for option in shared})
        one.function(_request(options, one.formats), **given)

    by_name = inspect.Parameter.KEYWORD_ONLY
    parameters = [parameter.replace(kind=by_name) for parameter in own]
    parameters += [inspect.Parameter(option, by_name, annotation=kind, default=default) for option, (kind, default) in shared.items()]
    if not completing:
        parameters = [parameter.replace(annotation=_without_offers(parameter.annotation)) for parameter in parameters]
    run.__doc__ = one.function.__doc__
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by inspect (PEP 362)
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _without_offers(annotation: Any) -> Any:
    [about] = annotation.__metadata__
    if about.autocompletion is None:
        return annotation
    alone = copy(about)
    alone.autocompletion = None
    return Annotated[annotation.__origin__, alone]


def _request(options: dict[str, Any], formats: Sequence[str]) -> Request:
    format = _one_of("format", options["format"], [*render.format_names(), *formats])
    if options["json"]:
        if format not in (render.TABLE, "json"):
            raise BadUsage(f"--json and --format {format} ask for two formats", hint="Leave out one of them.")
        format = "json"
    color = _one_of("color", options["color"], COLORS)
    view = View(format, color, options["plain"], not options["no_pager"], options["quiet"], not options["no_input"])
    return Request(view, {option: options[option] for option in api.FILTERS if options.get(option)}, options["library"] or own_folder())


def _one_of(option: str, value: str, choices: Sequence[str]) -> str:
    if value not in choices:
        close = nearest(value, choices)
        raise BadUsage(f"--{option} cannot be {quoted(value)}", hint=f"Choose one of: {', '.join(choices)}", suggestions=close)
    return value


def group_alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        render.say(context.get_help())
