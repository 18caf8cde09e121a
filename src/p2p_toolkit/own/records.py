"""Adding a record to the user's library, changing one, taking one out: checked, then written so that nothing is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from os import path as paths
from pathlib import Path
from typing import Any

from p2p_toolkit import files, store
from p2p_toolkit.errors import BadRecords, CannotRead, CannotWrite, Fault, nearest, shell_word
from p2p_toolkit.kinds import KINDS, Kind, check, id_of, links_of
from p2p_toolkit.library import Library, open_library
from p2p_toolkit.own import texts
from p2p_toolkit.own.folder import inside, writing


def add(folder: Path, kind: Kind, table: Mapping[str, Any]) -> Path:
    """Write a record to a file of its own, named after its kind and id, and return that. The folder is made where there is none.

    Raises BadRecords for what is wrong with the record, CannotWrite where the library has that id already.
    """
    with closing(open_library(folder if folder.is_dir() else None)) as library:
        _demand_right(library, kind, table)
    files.make_folder(folder)
    record = texts.in_order(kind, table)
    reference = f"{kind.name}:{id_of(record)}"
    name = f"{kind.name}-{id_of(record)}.toml"
    with writing(folder):
        held = _file_of(folder, kind, id_of(record))
        if held:
            raise CannotWrite(
                f"your library has {reference} already, in {folder / held}", hint=f"To change it: p2p library edit {reference}"
            )
        path = folder / name
        if paths.lexists(path):
            raise CannotWrite(f"{path} is there already, and does not hold {reference}", hint=f"See what it is: p2p library edit {name}")
        files.replace_whole(path, [store.as_toml(kind.name, record).encode()])
    return path


def replace(folder: Path, kind: Kind, table: Mapping[str, Any], *, was: Mapping[str, Any] | None = None) -> Path:
    """Put a record in the place of the one in the library that has its id, and return its file.

    `was` is what the record said when somebody began to change it. Raises BadRecords, NotFound where there is no such record, and
    CannotWrite where it has changed since.
    """
    with closing(open_library(folder)) as library:
        _demand_right(library, kind, table)
    record = texts.in_order(kind, table)
    with writing(folder):
        path = _held(folder, kind, id_of(record))
        if was is not None and was != _entry(folder, kind, id_of(record)):
            raise _changed_meanwhile(path)
        change(path, {(kind.name, id_of(record)): record})
    return path


def remove(folder: Path, kind: Kind, id: str) -> Path:
    """Take a record out of the library, and its file where nothing else stands in it. Returns the file.

    Raises NotFound where there is no such record, CannotWrite, and CannotRead where its file cannot be read any more.
    """
    with writing(folder):
        path = _held(folder, kind, id)
        change(path, {(kind.name, id): None})
    return path


def save(folder: Path, name: str, old: bytes, new: bytes) -> Path:
    """Put a text in the place of a file of the library, and return that. Raises CannotWrite where the file no longer says `old`.

    The text is not checked here; see `mistakes_in_file`.
    """
    with writing(folder):
        path = inside(folder, name)
        if not path.is_file() or path.read_bytes() != old:
            raise _changed_meanwhile(path)
        files.replace_whole(path, [new])
    return path


def from_text(kind: Kind, content: bytes, source: str) -> dict[str, Any]:
    """The fields of the one record in a text: TOML, with or without a heading, or a JSON object as p2p prints it.

    They are not checked yet. Raises BadRecords where the text is neither, or holds records of another kind or more than one.
    """
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        found = store.json_object(content)
        if found is None:
            raise _wanted(source, "one JSON object")
        name = found.get("kind", kind.name)
        if name != kind.name:
            raise _wanted(source, f"a record of the kind {kind.name}", repr(name))
        return store.fields_in(found)
    try:
        read = store.parse_toml(content)
    except CannotRead as error:
        raise _wanted(source, error.message) from None
    if kind.name not in read:
        headings = [one.name for one in KINDS if isinstance(read.get(one.name), list | Mapping)]
        if headings:
            raise _wanted(source, f"a record under [[{kind.name}]]", f"[[{headings[0]}]]")
        return dict(read)
    records = read[kind.name] if isinstance(read[kind.name], list) else [read[kind.name]]
    if len(records) != 1 or len(read) != 1 or not isinstance(records[0], Mapping):
        raise _wanted(source, f"one record under [[{kind.name}]], and nothing else")
    return dict(records[0])


def mistakes(library: Library, kind: Kind, table: Mapping[str, Any], known: Collection[tuple[str, str]] = ()) -> list[Fault]:
    """Everything that is wrong with a table of fields: by the rules of its kind, and links to records that there are not.

    `known` are the kind and the id of records that will be there besides those of the library.
    """
    faults = [fault if fault.record else fault._replace(record=f"the new {kind.name}") for fault in check(kind, table)]
    wrong = {re.split(r"[.\[]", fault.field)[0] for fault in faults}
    right = {name: value for name, value in table.items() if name not in wrong}
    known = {*known, (kind.name, str(id_of(table)))}
    if not faults:
        faults += store.base_faults(kind, table)
    return [*faults, *_lost_links(library, kind, right, known, "", f"{kind.name}:{id_of(table)}")]


def mistakes_in_file(library: Library, path: Path, name: str) -> list[Fault]:
    """Everything that is wrong with a file that is to take the place of the one of that name in the user's library."""
    faults: list[Fault] = []
    records = list(store.read(store.Piece(str(path)), "", faults))
    ids = Counter((record.kind.name, record.table["id"]) for record in records)
    for record in records:
        faults += _lost_links(library, record.kind, record.table, ids, name, f"{record.kind.name}:{record.table['id']}")
    for (kind, id), count in ids.items():
        if count > 1 or library.file_of(kind, id) not in (None, name):
            faults.append(Fault(file=name, record=f"{kind}:{id}", field="id", value=repr(id), wanted="an id that no other record has"))
    if not records and not faults:
        faults.append(Fault(file=name, wanted="at least one record; to take one out, use p2p library remove"))
    return [fault._replace(file=name) for fault in faults]


def _changed_meanwhile(path: Path) -> CannotWrite:
    return CannotWrite(f"{path} has been changed by somebody else meanwhile, and stays as they left it", hint="Try again.")


def _demand_right(library: Library, kind: Kind, table: Mapping[str, Any]) -> None:
    faults = mistakes(library, kind, table)
    if faults:
        raise BadRecords(faults, hint=store.guide())


def _lost_links(
    library: Library, kind: Kind, table: Mapping[str, Any], known: Collection[tuple[str, str]], file: str, record: str
) -> Iterator[Fault]:
    for link in links_of(kind, table):
        if (link.kind, link.id) not in known and library.name(link.kind, link.id) is None:
            close = nearest(link.id, [id for id, _ in library.ids_from("", [link.kind], 2_000)], 1)
            yield Fault(
                file=file, record=record, field=link.field, value=repr(link.id), wanted=f"the id of a {link.kind}", nearest="".join(close)
            )


def _file_of(folder: Path, kind: Kind, id: str) -> str | None:
    with closing(open_library(folder)) as library:
        return library.file_of(kind.name, id)


def _held(folder: Path, kind: Kind, id: str) -> Path:
    name = _file_of(folder, kind, id)
    if name is None:
        raise texts.gone(kind.name, id)
    return inside(folder, name)


def _entry(folder: Path, kind: Kind, id: str) -> dict[str, Any] | None:
    with closing(open_library(folder)) as library:
        entry = library.get(kind.name, id)
    return entry.fields if entry else None


def change(path: Path, changes: texts.Changes) -> None:
    """Other records in the place of some in a file, or none. The file goes where nothing else stands in it."""
    pieces = changed(path, changes)
    if pieces is None:
        path.unlink()
        files.settle(path.parent)
    else:
        files.replace_whole(path, pieces)


def changed(path: Path, changes: texts.Changes) -> Iterable[bytes] | None:
    """What a file says with these changes; None where nothing is left in it. Raises CannotWrite where p2p does not change such a file."""
    if path.suffix.lower() == ".jsonl":
        return texts.changed_lines(path, changes)
    if path.suffix.lower() != ".toml":
        named = ", ".join(f"{kind}:{id}" for kind, id in list(changes)[:3])
        raise CannotWrite(
            f"{named} stands in {path}, and p2p does not change such files", hint="Change the file in the program that made it."
        )
    content = path.read_bytes()
    try:
        for (kind, id), table in changes.items():
            content = texts.changed_toml(content, kind, id, table)
    except CannotRead as error:
        raise CannotRead(f"{path} should be {error.message}", hint=f"Try: p2p library validate {shell_word(str(path))}") from None
    return [content] if content else None


def _wanted(source: str, wanted: str, value: str = "") -> BadRecords:
    return BadRecords([Fault(file=source, wanted=wanted, value=value)], hint=store.guide())
