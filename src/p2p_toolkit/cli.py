"""The command line: options and commands, each a few lines; failures to exit codes, in one place."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from p2p_toolkit import __version__, consent, render, search
from p2p_toolkit.errors import BadRecords, BadUsage, CannotWrite, Exit, P2PError, nearest, quoted, shell_word
from p2p_toolkit.library import Entry, KindInfo, Library, open_library, own_folder
from p2p_toolkit.render import View

FACETS = ("route", "nation", "sector", "principle")


class Request(NamedTuple):
    """What every command is asked besides its own arguments."""

    view: View
    filters: dict[str, list[str]]
    folder: Path | None

    def open(self) -> Library:
        library = open_library(self.folder)
        render.warn(library.faults, self.folder, self.view)
        return library


# What the shell offers when somebody presses Tab: (value, description) pairs, from the same index.


def _complete_name(incomplete: str) -> list[tuple[str, str]]:
    library = _library_of_environment()
    return library.handles(incomplete.lower(), library.usual_kinds)


def _complete_category(incomplete: str) -> list[tuple[str, str]]:
    return _library_of_environment().handles(incomplete.lower(), ["category"])


def _complete_kind(incomplete: str) -> list[tuple[str, str]]:
    return [(name, kind.help) for name, kind in _library_of_environment().kinds.items() if name.startswith(incomplete.lower())]


def _complete_scheme(incomplete: str) -> list[str]:
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

_VIEW_OPTIONS: dict[str, Any] = {
    "format": (
        Annotated[
            str,
            typer.Option(
                "--format", "-f", help="table, json, jsonl, csv or markdown.", metavar="FORMAT", autocompletion=render.format_names
            ),
        ],
        render.TABLE,
    ),
    "json": (Annotated[bool, typer.Option("--json", help="Short for --format json.")], False),
    "plain": (
        Annotated[bool, typer.Option("--plain", help="Plain lines, as in a pipe; also with ACCESSIBLE=1. Good for screen readers.")],
        False,
    ),
    "quiet": (Annotated[bool, typer.Option("--quiet", "-q", help="Print ids only, one on each line.")], False),
    "color": (Annotated[str, typer.Option("--color", help="auto, always or never.", metavar="WHEN")], "auto"),
    "no_pager": (Annotated[bool, typer.Option("--no-pager", help="Do not page long answers.")], False),
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

_GROUPS = {"consent": "Consent (cookie) categories.", "library": "Your own records."}


class _Command(NamedTuple):
    """A command before Typer has been told of it. `group` is empty for those directly under p2p."""

    name: str
    group: str
    filters: bool
    function: Callable[..., None]


_COMMANDS: list[_Command] = []


def command(name: str, *, group: str = "", filters: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a function a command: it is given a Request, made of the options every command has."""

    def keep(function: Callable[..., None]) -> Callable[..., None]:
        _COMMANDS.append(_Command(name, group, filters, function))
        return function

    return keep


def _application(arguments: Sequence[str]) -> typer.Typer:
    """The Typer app for a command line that begins so.

    If it begins with a command or a group, that alone is built, because building all of them takes Typer longer
    than a search takes.
    """
    first = arguments[0] if arguments else ""
    asked = [one for one in _COMMANDS if first == (one.group or one.name)]
    # Typer's options for completion would clutter every help; they are there only while a shell asks.
    completing = "_P2P_COMPLETE" in os.environ
    settings = {"help_option_names": ["-h", "--help"]}
    app = typer.Typer(name="p2p", rich_markup_mode=None, add_completion=completing, context_settings=settings)
    app.callback(invoke_without_command=True)(welcome)
    groups: dict[str, typer.Typer] = {"": app}
    for one in _COMMANDS if completing else asked or _COMMANDS:
        if one.group not in groups:
            groups[one.group] = typer.Typer(rich_markup_mode=None, help=_GROUPS[one.group])
            groups[one.group].callback(invoke_without_command=True)(group_alone)
            app.add_typer(groups[one.group], name=one.group)
        groups[one.group].command(one.name)(_with_shared_options(one))
    return app


def _with_shared_options(one: _Command) -> Callable[..., None]:
    """The function as Typer reads it: its own parameters, then the options that every command has."""
    shared = {**(_FILTER_OPTIONS if one.filters else {}), **_VIEW_OPTIONS}
    own = list(inspect.signature(one.function, eval_str=True).parameters.values())[1:]

    def run(**given: Any) -> None:
        options = {option: given.pop(option) for option in shared}
        one.function(_request(options), **given)

    by_name = inspect.Parameter.KEYWORD_ONLY
    parameters = [parameter.replace(kind=by_name) for parameter in own]
    parameters += [inspect.Parameter(option, by_name, annotation=kind, default=default) for option, (kind, default) in shared.items()]
    run.__doc__ = one.function.__doc__
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _request(options: dict[str, Any]) -> Request:
    format = _one_of("format", options["format"], render.format_names())
    if options["json"]:
        if format not in (render.TABLE, "json"):
            raise BadUsage(f"--json and --format {format} ask for two formats", hint="Leave out one of them.")
        format = "json"
    color = _one_of("color", options["color"], ["auto", "always", "never"])
    view = View(format, color, options["plain"], not options["no_pager"], options["quiet"])
    return Request(view, {option: options[option] for option in _FILTER_HELP if options.get(option)}, options["library"] or own_folder())


def _one_of(option: str, value: str, choices: Sequence[str]) -> str:
    if value not in choices:
        close = nearest(value, choices)
        raise BadUsage(f"--{option} cannot be {quoted(value)}", hint=f"Choose one of: {', '.join(choices)}", suggestions=close)
    return value


def welcome(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Precedents, lawful routes and honest answers for partnerships between public bodies and purpose-aligned partners.

    Offline. Every fact carries its source.

    \b
    Examples:
      p2p search oldham
      p2p show croydon
      p2p consent explain analytical
    """
    if version:
        render.say(f"p2p {__version__}")
    elif context.invoked_subcommand is None:
        render.say(render.welcome(open_library(own_folder()), render.width()))


def group_alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        render.say(context.get_help())


@command("search", filters=True)
def search_command(
    request: Request,
    words: Annotated[list[str], typer.Argument(help="Any words, also misspelt, or a whole sentence.", metavar="WORDS...")],
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind", "-k", help="case, route, objection, principle, category or cookie.", metavar="KIND", autocompletion=_complete_kind
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many hits at most.", metavar="NUMBER")] = 10,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of each hit which word was found where, and for how many points.")
    ] = False,
    facets: Annotated[bool, typer.Option("--facets", help="Count what was found by route, nation, sector and principle.")] = False,
    exit_status: Annotated[bool, typer.Option("--exit-status", "-e", help="Exit with 3 when nothing is found.")] = False,
) -> None:
    """Find records of every kind, best first.

    Misspellings are forgiven. Cookies are searched only with --kind cookie.

    \b
    Example:
      p2p search homelessness alliance --nation england
    """
    query = _some("words to search for", words)
    library = request.open()
    kinds = [_kind(library, one).name for one in kind or ()]
    found = search.find(library, query, kinds=kinds, filters=request.filters, limit=limit)
    asked = {"words": query, "kinds": kinds, "filters": request.filters, "limit": limit}
    answer = render.facets(library, found, asked, FACETS) if facets else render.hits(library, found, asked, explain=explain)
    render.emit(answer, request.view)
    if exit_status and not found.hits:
        raise typer.Exit(Exit.NOT_FOUND)


@command("list", filters=True)
def list_command(
    request: Request,
    kind: Annotated[
        str, typer.Argument(help="case, route, objection, principle, category or cookie.", metavar="[KIND]", autocompletion=_complete_kind)
    ] = "case",
    sort: Annotated[str, typer.Option("--sort", help="Field to sort by; -FIELD for the other way round.", metavar="FIELD")] = "",
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=1, help="How many at most.", metavar="NUMBER")] = None,
) -> None:
    """List the records of one kind.

    Cases are listed, unless you name another kind.

    \b
    Example:
      p2p list case --sector housing --sort -started
    """
    library = request.open()
    info = _kind(library, kind)
    _check_filters(info, request.filters)
    wanted = library.numbers([info.name], request.filters)
    entries = _sorted([entry for entry in library.all(info.name) if entry.n in wanted], info, sort)
    query = {"kind": info.name, "filters": request.filters, "sort": sort or None, "limit": limit}
    render.emit(render.listing(library, info, entries[:limit], total=len(entries), query=query), request.view)


@command("show")
def show(
    request: Request,
    names: Annotated[
        list[str],
        typer.Argument(
            help="Id, name, alias or place, also misspelt; kind:id settles a tie.", metavar="NAME...", autocompletion=_complete_name
        ),
    ],
) -> None:
    """Show whole records.

    What was done, with what result, under which route, and by which sources.

    \b
    Example:
      p2p show croydon
    """
    for name in names:
        _some("a name", [name])
    library = request.open()
    found = [(name, search.resolve(library, name)) for name in names]
    once = {resolved.entry.n: resolved.entry for _, resolved in found}
    render.emit(render.cards(library, list(once.values()), {"names": names}, notes=_taken(found)), request.view)


@command("list", group="consent")
def consent_list(request: Request) -> None:
    """List the consent categories.

    \b
    Example:
      p2p consent list
    """
    library = request.open()
    entries = consent.categories(library)
    render.emit(
        render.listing(library, library.kinds["category"], entries, total=len(entries), query={}, command="consent list"), request.view
    )


@command("explain", group="consent")
def explain(
    request: Request,
    name: Annotated[
        list[str],
        typer.Argument(
            help="A category, a synonym such as statistics, or a misspelling.", metavar="NAME", autocompletion=_complete_category
        ),
    ],
    scheme: Annotated[
        str,
        typer.Option(
            "--scheme", help="Read NAME as this tool's word, such as onetrust.", metavar="SCHEME", autocompletion=_complete_scheme
        ),
    ] = "",
) -> None:
    """Explain a consent category.

    Its purposes, the switch on a banner, what UK and EU law ask, and what other tools call it.

    \b
    Example:
      p2p consent explain analytical
    """
    asked = _some("a name", name)
    library = request.open()
    found = [(asked, resolved) for resolved in consent.explain(library, asked, scheme)]
    entries = [resolved.entry for _, resolved in found]
    query = {"name": asked, "scheme": scheme or None}
    render.emit(render.cards(library, entries, query, "consent explain", _taken(found)), request.view)


@command("where", group="library")
def where(request: Request) -> None:
    """Say which folders the records come from.

    \b
    Example:
      p2p library where
    """
    from p2p_toolkit import store

    render.emit(render.places(store.bundled_folder(), request.folder), request.view)


@command("validate", group="library")
def validate(
    request: Request,
    files: Annotated[
        list[Path] | None, typer.Argument(help="TOML files; your library and the bundled records where none is named.", metavar="[FILE...]")
    ] = None,
) -> None:
    """Check records.

    Every mistake is told at once, with file, record, field and what was wanted.

    \b
    Example:
      p2p library validate my-case.toml
    """
    from p2p_toolkit import store

    bundled = store.read_bundled()
    paths = files or (store.library_files(request.folder) if request.folder else [])
    contents = store.read_files(paths, "given")
    faults = contents.faults + store.link_faults(contents.records, bundled)
    if faults:
        raise BadRecords(faults, hint=store.guide())
    checked = len(contents.records) if paths else len(bundled)
    render.emit(render.checked(checked, len(paths)), request.view)


def _kind(library: Library, name: str) -> KindInfo:
    for info in library.kinds.values():
        if name.lower() in (info.name, info.plural):
            return info
    close = nearest(name, library.kind_names)
    raise BadUsage(f"there is no kind {quoted(name)}", hint=f"Kinds: {', '.join(library.kind_names)}", suggestions=close)


def _check_filters(info: KindInfo, filters: dict[str, list[str]]) -> None:
    known = [field.filter for field in info.fields if field.filter]
    for option in filters:
        if option not in known:
            has = (
                f"{info.plural} can be filtered by {', '.join('--' + name for name in known)}"
                if known
                else f"{info.plural} have no filters"
            )
            raise BadUsage(f"--{option} means nothing for {info.plural}", hint=has[0].upper() + has[1:])


def _sorted(entries: list[Entry], info: KindInfo, sort: str) -> list[Entry]:
    if not sort:
        return entries
    name = sort.removeprefix("-")
    plain = [field.name for field in info.fields if not field.item and not field.many]
    if name not in plain:
        raise BadUsage(
            f"{info.plural} cannot be sorted by {quoted(name)}", hint=f"Fields: {', '.join(plain)}", suggestions=nearest(name, plain)
        )
    known = [entry for entry in entries if entry.fields[name] is not None]
    # Records that lack the field stand last, whichever way round.
    unknown = [entry for entry in entries if entry.fields[name] is None]
    known.sort(key=lambda entry: _sort_key(entry.fields[name]), reverse=sort.startswith("-"))
    return known + unknown


def _sort_key(value: Any) -> tuple[int, str]:
    return (value, "") if isinstance(value, int) else (0, str(value).casefold())


def _some(what: str, words: Sequence[str]) -> str:
    text = " ".join(words)
    if not text.strip():
        raise BadUsage(f"{what} {'are' if what.startswith('words') else 'is'} missing", hint="Try: p2p search oldham")
    return text


def _taken(found: Sequence[tuple[str, search.Resolved]]) -> list[str]:
    notes = []
    for name, resolved in found:
        if not resolved.right:
            others = f" Others: {', '.join(resolved.others)}." if resolved.others else ""
            notes.append(f"Nothing is called {quoted(name)}; showing {resolved.entry.kind}:{resolved.entry.id}.{others}")
    return notes


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code. Failures end here, and nowhere else."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _application(given)(given, prog_name="p2p", standalone_mode=False)
        return int(code or 0)
    except P2PError as error:
        render.fail(error, _wants_json(given))
        return error.exit
    except (KeyboardInterrupt, typer.Abort):
        return Exit.INTERRUPTED
    except OSError as error:
        # Typer writes the help itself.
        render.fail(CannotWrite(f"the answer could not be written: {error.strerror}"), _wants_json(given))
        return Exit.NOT_WRITTEN
    except Exception as error:
        if os.environ.get("P2P_DEBUG") == "1":
            raise
        failure = _usage(error, given) or P2PError(
            f"an unexpected failure: {type(error).__name__}: {error}",
            hint="Please report it. With P2P_DEBUG=1 it shows where it happened.",
        )
        render.fail(failure, _wants_json(given))
        return failure.exit


def _usage(error: Exception, arguments: Sequence[str]) -> BadUsage | None:
    """A mistake on the command line that Typer noticed; its exceptions are not public, so by what they offer."""
    if not hasattr(error, "format_message"):
        return None
    message = str(error.format_message())
    path = getattr(getattr(error, "ctx", None), "command_path", "p2p")
    hint = f"Try: {path} --help"
    if path == "p2p" and message.startswith("No such option"):
        hint = "Options stand after the command, as in: p2p list --json"
    elif path == "p2p" and message.startswith("No such command") and "Did you mean" not in message and len(arguments) == 1:
        hint = f"To look for it: p2p search {shell_word(arguments[0])}"
    return BadUsage(message, hint=hint)


def _wants_json(arguments: Sequence[str]) -> bool:
    text = " ".join(arguments)
    return "--json" in arguments or any(f"{option}{by}json" in text for option in ("--format", "-f") for by in (" ", "="))
