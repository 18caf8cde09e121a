"""The commands that write to the user's library: adding a record, editing one, removing some."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from p2p_toolkit import api, kinds, own, render, search, store
from p2p_toolkit.cli import editor, form
from p2p_toolkit.cli.options import Request, command, complete_kind, complete_name
from p2p_toolkit.cli.talk import STANDARD_STREAM, agrees, can_ask, on_terminal, standard_input
from p2p_toolkit.errors import BadRecords, BadUsage, CannotRead, Fault, NotFound, quoted, shell_word
from p2p_toolkit.fields import fields_of
from p2p_toolkit.library import Entry, Library, Records, open_library, usual_folder
from p2p_toolkit.render.own import Done, written

_NAME = typer.Argument(help="Id, name or kind:id of a record.", metavar="NAME", autocompletion=complete_name)


@command()
def add_command(
    request: Request,
    kind: Annotated[str, typer.Argument(help="What it is: case, route, objection, ...", metavar="KIND", autocompletion=complete_kind)],
    file: Annotated[
        str, typer.Argument(help="The record as TOML or as a JSON object; - for standard input.", metavar="[FILE]", show_default=False)
    ] = "",
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="A field; again for each value of a list.", metavar="FIELD=VALUE")
    ] = None,
    sources: Annotated[
        list[str] | None, typer.Option("--source", help="A source; again for each.", metavar="'TITLE | PUBLISHER | URL | DATE'")
    ] = None,
) -> None:
    """Add a record to your library.

    Without a file and options it asks for one field at a time. The parts of a small record, such as an outcome, stand
    between | in the order of its fields.

    \b
    Example:
      p2p library add case my-case.toml
    """
    folder = _folder(request)
    library = open_library(folder if folder.is_dir() else None)
    render.warn(library.faults, folder, request.view)
    described = kinds.kind_of(api.kind_named(library, kind).name)
    if file or settings or sources or not can_ask(request.view):
        table = {} if (settings or sources) and not file else _read(described, "" if file == STANDARD_STREAM else file)
        table.update(form.table_of(fields_of(described.record), settings or (), sources or ()))
    else:
        table = _asked(described, library)
    path = own.add(folder, described, table)
    notes = [f"Look at it: p2p show {described.name}:{kinds.id_of(table)}"]
    if _bundled(described.name, str(kinds.id_of(table))):
        does = "adds to" if kinds.EXTENDS in table else "takes the place of"
        notes.insert(0, f"It {does} the bundled {described.name}:{kinds.id_of(table)}.")
    query = {"kind": described.name, "id": kinds.id_of(table)}
    render.emit(written("library add", query, [Done(described.name, str(kinds.id_of(table)), "added", str(path))], notes), request.view)


@command()
def edit_command(
    request: Request,
    name: Annotated[str, _NAME],
    copy: Annotated[bool, typer.Option("--copy", help="Make your own copy of a bundled record, and edit that.")] = False,
) -> None:
    """Edit a record of your own in your editor ($VISUAL or $EDITOR).

    The editor works on a copy. Only when that is without a mistake does it take the place of the old file.

    \b
    Example:
      p2p library edit our-town
    """
    if not (on_terminal() and request.view.ask):
        raise BadUsage("an editor needs a terminal, and somebody at it", hint="A script can change the file itself. Try: p2p library where")
    folder = _folder(request)
    library = open_library(folder if folder.is_dir() else None)
    held = _to_edit(library, folder, name)
    notes = []
    if held.entry and not held.file:
        held = held._replace(file=_copied(request, folder, held.entry, name, copy=copy))
        notes.append(f"Your own copy: {folder / held.file}")
        library = open_library(folder)
    ask = can_ask(request.view)
    if held.entry and held.file.endswith(".jsonl"):
        done = _edit_record(library, folder, held.entry, ask=ask)
    else:
        done = _edit_file(library, folder, held.file, ask=ask)
    render.emit(written("library edit", {"name": name}, done, notes), request.view)


@command()
def remove_command(
    request: Request,
    names: Annotated[list[str], typer.Argument(help="Id, name or kind:id of a record of your own.", metavar="NAME...")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove records from your library.

    \b
    Example:
      p2p library remove our-town --yes
    """
    folder = _folder(request)
    library = request.open()
    entries = {(entry.kind, entry.id): entry for entry in (_meant(library, name) for name in names)}
    for entry in entries.values():
        if not library.file_of(entry.kind, entry.id):
            raise NotFound(
                f"{entry.kind}:{entry.id} is not in your library; it comes with p2p, and cannot be removed",
                hint=f"You can lay a record of your own over it: p2p library edit {entry.kind}:{entry.id} --copy",
            )
    if not yes:
        if not can_ask(request.view):
            raise BadUsage("removing has to be agreed to", hint=f"Try: p2p library remove {' '.join(map(shell_word, names))} --yes")
        render.say("\n".join(f"{entry.kind}:{entry.id}  {entry.name}" for entry in entries.values()))
        if not agrees(f"Remove {'it' if len(entries) == 1 else f'these {len(entries)} records'} from {folder}?"):
            render.tell(["Nothing was removed."])
            return
    done = []
    for entry in entries.values():
        path = own.remove(folder, kinds.kind_of(entry.kind), entry.id)
        done.append(Done(entry.kind, entry.id, "removed", str(path)))
    left = open_library(folder)
    notes = [note for entry in entries.values() for note in (_visible_again(left, entry), _pointing(left, entry)) if note]
    render.emit(written("library remove", {"names": names}, done, notes), request.view)


class _Held(NamedTuple):
    """What is to be edited: a file of the user's library, for one record of it where that could be read; no file for a bundled record."""

    file: str
    entry: Entry | None = None


def _folder(request: Request) -> Path:
    return request.folder or usual_folder()


def _read(kind: kinds.Kind, file: str) -> dict[str, Any]:
    return own.from_text(kind, _content(file, kind.name), file or "standard input")


def _content(file: str, kind: str) -> bytes:
    """What stands in a file, or on standard input where no file is named."""
    if file:
        try:
            with Path(file).open("rb") as stream:
                content = stream.read(store.LARGEST_FILE + 1)
        except OSError as error:
            raise CannotRead(
                f"{file} cannot be read: {error.strerror}", hint=f"To be asked for each field instead: p2p library add {kind}"
            ) from None
    else:
        content = standard_input(f"p2p library add {kind} my-{kind}.toml").read(store.LARGEST_FILE + 1)
    if len(content) > store.LARGEST_FILE:
        raise CannotRead(f"{file or 'standard input'} is too large for one record", hint="Lay a file of many records in the folder itself.")
    if not content.strip():
        raise BadUsage(f"nothing stands in {file or 'standard input'}", hint=f"Try: p2p library add {kind} my-{kind}.toml")
    return content


def _asked(kind: kinds.Kind, library: Library) -> dict[str, Any]:
    """A record made of answers, once the user has seen it. Raises BadRecords where something is missing, Exit if it is not wanted."""
    table = form.ask(kind, library)
    render.say(store.as_toml(kind.name, table))
    faults = own.mistakes(library, kind, table)
    if faults:
        raise BadRecords(faults, hint=f"To go on later, put the lines above into a file, and: p2p library add {kind.name} FILE")
    if not agrees("Write it?", otherwise=True):
        render.tell(["Nothing was written."])
        raise typer.Exit
    return table


def _meant(library: Library, name: str) -> Entry:
    """The record that a name means: nothing is changed on a guess."""
    found = search.resolve(library, name)
    reference = f"{found.entry.kind}:{found.entry.id}"
    if not found.right:
        raise NotFound(
            f"no record is called {quoted(name)}",
            hint=f"Write that instead, or look first: p2p show {reference}",
            suggestions=[reference, *found.others],
        )
    return found.entry


def _to_edit(library: Library, folder: Path, name: str) -> _Held:
    """A record by any of its names, a record with mistakes by its id, or a file of the library by its own name."""
    if folder.is_dir() and name in [path.name for path in store.library_files(folder)]:
        return _Held(name)
    broken = [fault.file for fault in library.faults if name in (fault.record, fault.record.partition(":")[2]) and name]
    try:
        entry = _meant(library, name)
    except NotFound:
        if broken:
            return _Held(broken[0])
        raise
    file = library.file_of(entry.kind, entry.id)
    return _Held(broken[0]) if broken and not file else _Held(file or "", entry)


def _copied(request: Request, folder: Path, entry: Entry, name: str, *, copy: bool) -> str:
    """The name of the file with a copy of a bundled record."""
    reference = f"{entry.kind}:{entry.id}"
    if not copy and not (can_ask(request.view) and agrees(f"{reference} comes with p2p. Make a copy of your own, and edit that?")):
        raise BadUsage(f"{reference} comes with p2p, and cannot be changed", hint=f"Try: p2p library edit {shell_word(name)} --copy")
    kind = kinds.kind_of(entry.kind)
    return own.add(folder, kind, own.in_order(kind, entry.fields)).name


def _edit_file(library: Library, folder: Path, file: str, *, ask: bool) -> list[Done]:
    path = own.inside(folder, file)
    old = path.read_bytes()
    before = _records(path)
    with editor.copy_of(old, file) as copy:
        new = editor.edited(copy, lambda made: own.mistakes_in_file(library, made, file), ask=ask)
        if new is None:
            return []
        own.save(folder, file, old, new)
    after = _records(path)
    done = {key: "changed" if key in before else "added" for key in after if before.get(key) != after[key]}
    done.update({key: "removed" for key in before if key not in after})
    return [Done(*key, what, str(path)) for key, what in done.items()]


def _edit_record(library: Library, folder: Path, entry: Entry, *, ask: bool) -> list[Done]:
    """Edit one of the many records of a JSON Lines file, as TOML."""
    kind = kinds.kind_of(entry.kind)

    def mistakes(copy: Path) -> list[Fault]:
        try:
            table = own.from_text(kind, copy.read_bytes(), copy.name)
        except BadRecords as error:
            return list(error.faults)
        faults = own.mistakes(library, kind, table)
        if kinds.id_of(table) not in (None, entry.id):
            faults.append(Fault(file=copy.name, field="id", value=quoted(str(kinds.id_of(table))), wanted=f"the id as it was, {entry.id}"))
        return faults

    # As it was written: a record that adds to a bundled one says only what it adds.
    [(_, written_so)] = library.written(Records.of([entry.n]))
    with editor.copy_of(store.as_toml(kind.name, written_so).encode(), f"{kind.name}-{entry.id}.toml") as copy:
        new = editor.edited(copy, mistakes, ask=ask)
        if new is None:
            return []
        path = own.replace(folder, kind, own.from_text(kind, new, copy.name), was=entry.fields)
    return [Done(kind.name, entry.id, "changed", str(path))]


def _records(path: Path) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {(one.kind.name, one.table["id"]): one.table for one in store.read(store.Piece(str(path)), "", [])}


def _bundled(kind: str, id: str) -> bool:
    return open_library().name(kind, id) is not None


def _pointing(library: Library, removed: Entry) -> str:
    """Which records point to one that is gone, in a sentence; empty where none does, or where another stands in its place."""
    if library.name(removed.kind, removed.id) is not None:
        return ""
    links = sorted({f"{link.kind}:{link.id}" for link in library.linking_to(removed.kind, removed.id)})
    return f"Still pointing to {removed.kind}:{removed.id}: {', '.join(links)}." if links else ""


def _visible_again(library: Library, removed: Entry) -> str:
    """What now stands where a record was, in a sentence; empty where nothing does."""
    file = library.file_of(removed.kind, removed.id)
    if file:
        return f"Another record of yours with the id {removed.kind}:{removed.id} takes its place; it stands in {file}."
    if library.name(removed.kind, removed.id) is not None:
        return f"The bundled {removed.kind}:{removed.id} is shown again."
    return ""
