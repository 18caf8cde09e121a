"""Options that mean the same in every command, what the shell offers for them, and how a function becomes a command."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from p2p_toolkit import render, search
from p2p_toolkit.errors import BadUsage, nearest, quoted
from p2p_toolkit.library import KindInfo, Library, open_library, own_folder
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


# What several commands do with their arguments.


def kind_named(library: Library, name: str) -> KindInfo:
    for info in library.kinds.values():
        if name.lower() in (info.name, info.plural):
            return info
    close = nearest(name, library.kind_names)
    raise BadUsage(f"there is no kind {quoted(name)}", hint=f"Kinds: {', '.join(library.kind_names)}", suggestions=close)


def some(what: str, words: Sequence[str]) -> str:
    text = " ".join(words)
    if not text.strip():
        raise BadUsage(f"{what} {'are' if 'words' in what else 'is'} missing")
    return text


def meaningless(info: KindInfo, filters: Mapping[str, Sequence[str]]) -> list[str]:
    """Those of the filters that say nothing about records of that kind."""
    known = [field.filter for field in info.fields if field.filter]
    return [option for option in filters if option not in known]


def check_filters(info: KindInfo, filters: Mapping[str, Sequence[str]]) -> None:
    for option in meaningless(info, filters):
        known = [f"--{field.filter}" for field in info.fields if field.filter]
        has = f"{info.plural} can be filtered by {', '.join(known)}" if known else f"{info.plural} have no filters"
        raise BadUsage(f"--{option} means nothing for {info.plural}", hint=has[0].upper() + has[1:])


def taken_for(found: Sequence[tuple[str, search.Resolved]]) -> list[str]:
    notes = []
    for name, resolved in found:
        if not resolved.right:
            others = f" Others: {', '.join(resolved.others)}." if resolved.others else ""
            notes.append(f"Nothing is called {quoted(name)}; showing {resolved.entry.kind}:{resolved.entry.id}.{others}")
    return notes


def _count(given: str | int) -> int:
    """How many records. Typer also hands over the default."""
    typed = str(given)
    if not (typed.isascii() and typed.isdigit() and int(typed[:9])):
        raise BadUsage(f"{quoted(typed)} is no number of records", hint="It is a whole number from 1 on.")
    return int(typed[:9])


LIMIT = typer.Option("--limit", "-n", parser=_count, help="How many at most.", metavar="NUMBER")


# What the shell offers when somebody presses Tab: (value, description) pairs, from the same index.


def complete_name(incomplete: str) -> list[tuple[str, str]]:
    library = _library_of_environment()
    return search.completions(library, incomplete.lower(), library.usual_kinds)


def complete_category(incomplete: str) -> list[tuple[str, str]]:
    return search.completions(_library_of_environment(), incomplete.lower(), ["category"])


def complete_kind(incomplete: str) -> list[tuple[str, str]]:
    return [(name, kind.help) for name, kind in _library_of_environment().kinds.items() if name.startswith(incomplete.lower())]


def complete_scheme(incomplete: str) -> list[str]:
    # Imported here: only who presses Tab needs it.
    from p2p_toolkit import consent

    return [scheme for scheme in consent.schemes(_library_of_environment()) if scheme.startswith(incomplete.lower())]


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


_VIEW_OPTIONS: dict[str, Any] = {
    "format": _format_option(()),
    "json": (Annotated[bool, typer.Option("--json", help="Short for --format json.")], False),
    "plain": (
        Annotated[bool, typer.Option("--plain", help="Plain lines, as in a pipe; also with ACCESSIBLE=1. Good for screen readers.")],
        False,
    ),
    "quiet": (Annotated[bool, typer.Option("--quiet", "-q", help="Print ids only, one on each line.")], False),
    "color": (Annotated[str, typer.Option("--color", help="auto, always or never.", metavar="WHEN")], "auto"),
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
_FILTER_HELP = {
    "place": "Town, borough or county.",
    "region": "English region, such as north-west.",
    "nation": "england, scotland, wales or northern-ireland.",
    "sector": "Kind of service, such as housing.",
    "route": "Id of a route.",
    "principle": "Id of a principle.",
    "verdict": "myth, partly or often-right.",
    "since": "Begun in or after this year, or YYYY-MM.",
}
_FILTER_OPTIONS: dict[str, Any] = {
    name: (
        Annotated[
            list[str] | None, typer.Option(f"--{name}", help=_FILTER_HELP[name], metavar="VALUE", autocompletion=_complete_value(name))
        ],
        None,
    )
    for name in _FILTER_HELP
}


class Command(NamedTuple):
    """A command before Typer has been told of it: whether it has the filters, and what formats it has besides those of every command."""

    filters: bool
    formats: tuple[str, ...]
    function: Callable[..., None]


def command(*, filters: bool = False, formats: tuple[str, ...] = ()) -> Callable[[Callable[..., None]], Command]:
    """Make a function a command: it is given a Request, made of the options every command has."""
    return lambda function: Command(filters, formats, function)


def with_shared_options(one: Command) -> Callable[..., None]:
    """The function as Typer reads it: its own parameters, then the options that every command has."""
    shared = {**(_FILTER_OPTIONS if one.filters else {}), **_VIEW_OPTIONS, "format": _format_option(one.formats)}
    own = list(inspect.signature(one.function, eval_str=True).parameters.values())[1:]

    def run(**given: Any) -> None:
        options = {option: given.pop(option) for option in shared}
        one.function(_request(options, one.formats), **given)

    by_name = inspect.Parameter.KEYWORD_ONLY
    parameters = [parameter.replace(kind=by_name) for parameter in own]
    parameters += [inspect.Parameter(option, by_name, annotation=kind, default=default) for option, (kind, default) in shared.items()]
    run.__doc__ = one.function.__doc__
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by inspect (PEP 362)
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _request(options: dict[str, Any], formats: Sequence[str]) -> Request:
    format = _one_of("format", options["format"], [*render.format_names(), *formats])
    if options["json"]:
        if format not in (render.TABLE, "json"):
            raise BadUsage(f"--json and --format {format} ask for two formats", hint="Leave out one of them.")
        format = "json"
    color = _one_of("color", options["color"], ["auto", "always", "never"])
    view = View(format, color, options["plain"], not options["no_pager"], options["quiet"], not options["no_input"])
    return Request(view, {option: options[option] for option in _FILTER_HELP if options.get(option)}, options["library"] or own_folder())


def _one_of(option: str, value: str, choices: Sequence[str]) -> str:
    if value not in choices:
        close = nearest(value, choices)
        raise BadUsage(f"--{option} cannot be {quoted(value)}", hint=f"Choose one of: {', '.join(choices)}", suggestions=close)
    return value


def group_alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        render.say(context.get_help())
