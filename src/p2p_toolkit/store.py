"""Files to records: which folders there are, what stands in their files, and what is wrong with it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from p2p_toolkit.errors import BadRecords, CannotRead, Fault, nearest
from p2p_toolkit.kinds import KINDS, Kind, Record, build, check, check_links
from p2p_toolkit.words import slug

BUNDLED = "bundled"
LARGEST_FILE = 20_000_000


class Parsed(NamedTuple):
    """A record that keeps the rules of its kind, the library it belongs to and the file it stands in."""

    library: str
    file: str
    kind: Kind
    record: Record


class Contents(NamedTuple):
    """What was read: the right records, in file order, and every mistake."""

    records: list[Parsed]
    faults: list[Fault]


def bundled_folder() -> Path:
    """The records that come with p2p: inside the installed package, or at the top of a checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "data"
    return installed if installed.is_dir() else here.parents[1] / "data"


def guide() -> str:
    """Where the rules for writing a record are explained."""
    return f"How a record is written: {bundled_folder() / 'README.md'}"


def read_bundled() -> list[Parsed]:
    """The records that come with p2p. Raises BadRecords or CannotRead: a release must be without fault."""
    folder = bundled_folder()
    contents = read_files(((folder / kind.file) for kind in KINDS if (folder / kind.file).exists()), BUNDLED)
    if not contents.records and not contents.faults:
        raise CannotRead(f"p2p's own records are missing; they belong in {folder}", hint="Install p2p again.")
    faults = contents.faults + link_faults(contents.records)
    if faults:
        raise BadRecords(faults, hint=guide())
    return contents.records


def read_synonyms() -> list[list[str]]:
    """Groups of words and phrases that mean the same here. Raises BadRecords for a group that is none."""
    path = bundled_folder() / "synonyms.toml"
    if not path.exists():
        return []
    groups = _read_toml(path).get("group", [])
    faults = [
        Fault(file=path.name, record=f"group number {number}", wanted="words, a list of at least two different phrases")
        for number, group in enumerate(groups, 1)
        if not _is_group(group)
    ]
    if faults:
        raise BadRecords(faults)
    return [group["words"] for group in groups]


def read_route_finder(bundled: Iterable[Parsed]) -> dict[str, Any]:
    """The questions and rules of the guided choice among these routes. Raises BadRecords where they are wrong."""
    # Imported here: only building an index needs it.
    from p2p_toolkit.kinds import finder

    path = bundled_folder() / "route_finder.toml"
    table = _read_toml(path)
    faults = finder.finder_faults(table, [one.record.id for one in bundled if one.kind.name == "route"], path.name)
    if faults:
        raise BadRecords(faults, hint=guide())
    return finder.build_finder(table)


def library_files(folder: Path) -> list[Path]:
    """The TOML files of a user's library, by name. Raises CannotRead where the folder cannot be listed."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml" and not path.name.startswith("."))
    except FileNotFoundError:
        raise CannotRead(
            f"there is no library folder {folder}",
            hint="Create the folder, or name another with --library or P2P_LIBRARY.",
        ) from None
    except OSError as error:
        raise CannotRead(f"the library folder {folder} cannot be read: {error.strerror}") from None


def read_files(paths: Iterable[Path], library: str) -> Contents:
    """The records of TOML files. One bad file or record never hides the others: its mistakes are listed."""
    records: list[Parsed] = []
    faults: list[Fault] = []
    seen: set[tuple[str, str]] = set()
    for path in paths:
        try:
            tables = _read_toml(path)
        except CannotRead as error:
            faults.append(Fault(file=path.name, wanted=error.message))
            continue
        for kind, number, table in _tables(path, tables, faults):
            mistakes = check(kind, table, file=path.name, number=number)
            if not mistakes and (kind.name, table["id"]) in seen:
                mistakes.append(
                    Fault(
                        file=path.name,
                        record=f"{kind.name}:{table['id']}",
                        field="id",
                        value=repr(table["id"]),
                        wanted="an id that no other record has",
                    )
                )
            faults += mistakes
            if not mistakes:
                seen.add((kind.name, table["id"]))
                records.append(Parsed(library, path.name, kind, build(kind, table)))
    return Contents(records, faults)


def link_faults(records: Iterable[Parsed], among: Iterable[Parsed] = ()) -> list[Fault]:
    """Links of the records to records that exist neither among them nor in `among`."""
    records = list(records)
    known: dict[str, set[str]] = {kind.name: set() for kind in KINDS}
    for parsed in (*records, *among):
        known[parsed.kind.name].add(parsed.record.id)
    return check_links(((one.file, one.kind, one.record) for one in records), known)


def _is_group(group: object) -> bool:
    phrases = group.get("words") if isinstance(group, Mapping) else None
    return (
        isinstance(phrases, list)
        and all(isinstance(phrase, str) for phrase in phrases)
        and len({slug(phrase) for phrase in phrases} - {""}) > 1
    )


def _read_toml(path: Path) -> Mapping[str, Any]:
    # Imported here: with a fresh index no TOML is read at all.
    import tomllib

    try:
        # Looked at before it is opened: opening a pipe would wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            raise CannotRead("a file; this is a folder, a pipe or a device")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > LARGEST_FILE:
                raise CannotRead(f"a file of at most {LARGEST_FILE // 1_000_000} MB; this one has {size // 1_000_000} MB")
            return tomllib.loads(file.read().decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise CannotRead(f"valid TOML: {error}") from None
    except UnicodeDecodeError as error:
        raise CannotRead(f"text in UTF-8: byte {error.start} is something else") from None
    except ValueError:
        # Python refuses to read whole numbers of thousands of figures.
        raise CannotRead("valid TOML: a number in it is too long") from None
    except RecursionError:
        raise CannotRead("valid TOML: this is nested too deeply") from None
    except OSError as error:
        raise CannotRead(f"a readable file: {error.strerror}") from None


def _tables(path: Path, data: Mapping[str, Any], faults: list[Fault]) -> Iterator[tuple[Kind, int, Mapping[str, Any]]]:
    kinds = {kind.name: kind for kind in KINDS}
    for name, value in data.items():
        if name not in kinds:
            close = nearest(name, kinds, 1)
            faults.append(
                Fault(
                    file=path.name,
                    record=name,
                    wanted="records under " + ", ".join(f"[[{kind}]]" for kind in kinds),
                    nearest=close[0] if close else "",
                )
            )
            continue
        for number, table in enumerate(value if isinstance(value, list) else [value], 1):
            if isinstance(table, Mapping):
                yield kinds[name], number, table
            else:
                faults.append(Fault(file=path.name, record=f"{name} number {number}", wanted=f"a table of fields, under [[{name}]]"))
