"""Which index is opened: the one that is shipped, the one in the cache brought up to date, or one in memory."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from p2p_toolkit.errors import BadRecords
from p2p_toolkit.library.reading import Library
from p2p_toolkit.library.seals import is_whole, seal, seal_of
from p2p_toolkit.library.tables import INDEX_VERSION, NO_RULES

if TYPE_CHECKING:
    from p2p_toolkit.store import Parsed, Run

SHIPPED = Path(__file__).parents[1] / "index.sqlite"
# So much memory SQLite may use while an index is written.
_CACHE_KIB = 32_000
# So many bytes of an index are read by mapping; SQLite allows a little less than 2 GiB.
_MAPPED = 2_000_000_000


def own_folder() -> Path | None:
    """The folder where a user's own records are looked for if none is named, if there is such a folder."""
    # Where it can lie on Linux (XDG Base Directory Specification): most have none, and loading platformdirs to hear that takes as long
    # as a search.
    home = os.path.expanduser("~")  # noqa: PTH111  # pathlib's raises where there is no home
    bases = (Path(os.environ.get("XDG_DATA_HOME", "").strip()), Path(home, ".local", "share"))
    if sys.platform == "linux" and not any((base / "p2p" / "library").is_dir() for base in bases):
        return None
    folder = usual_folder()
    return folder if folder.is_dir() else None


def usual_folder() -> Path:
    """Where a user's own records are kept if no other folder is named; there need not be one yet."""
    # Imported here: a folder that was named saves the time.
    import platformdirs

    return platformdirs.user_data_path("p2p", appauthor=False) / "library"


def open_library(folder: Path | None = None) -> Library:
    """The bundled records and, where a folder is given, the user's on top of them.

    Raises CannotRead where the folder or the bundled records cannot be read, BadRecords where the
    bundled records have mistakes. Mistakes in the user's files are kept in `faults`.
    """
    shipped = read_index(SHIPPED)
    if folder is None:
        # A checkout has no index file, and one that was damaged is passed over: the records are still there.
        return shipped or Library(_bundled_in_memory())
    # Imported here: the bundled records alone need no file but the index.
    from p2p_toolkit import store

    runs = store.runs_of(folder)
    if shipped:
        base = f"{SHIPPED.stat().st_size} {SHIPPED.stat().st_mtime_ns} {seal_of(SHIPPED)}"
        path = _cache_path(folder)
        cached = _read_cache(path)
        if cached and cached.base == base:
            if cached.made_of == {run.made_of for run in runs}:
                return cached
        else:
            cached = None
        # A cache that cannot be written is no reason to fail: what it would hold fits memory, too.
        with suppress(OSError, sqlite3.Error):
            if cached:
                # Not every system lets a file be replaced while it is open.
                cached.close()
            _write_cache(path, path if cached else SHIPPED, base, runs, str(folder))
            fresh = _read_cache(path)
            if fresh:
                return fresh
    connection = _in_memory(SHIPPED) if shipped else _bundled_in_memory()
    _bring_up_to_date(connection, runs, str(folder))
    return Library(connection)


def write_index(path: Path, records: Iterable[Parsed], synonyms: Iterable[Sequence[str]] = (), rules: Mapping[str, Any] = NO_RULES) -> None:
    """Write an index of these records to a new file: done for the bundled ones when the wheel is built.

    Raises BadRecords for links that lead nowhere.
    """
    with closing(sqlite3.connect(path)) as connection:
        _fill(connection, records, synonyms, rules)
        _demand_no_faults(connection)
        connection.execute("vacuum")
    seal(path)


def read_index(path: Path) -> Library | None:
    """The library in an index file, or None where the file is missing, damaged or of another version."""
    try:
        if not is_whole(path):
            return None
        # Immutable: no lock and no journal, so that it can be read where nothing can be written. An index is never
        # changed, only replaced by another file.
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        # Mapped into memory, pages are read without a copy; it halves the time of a search in a large index.
        connection.execute(f"pragma mmap_size = {_MAPPED}")
        (version,) = connection.execute("select value from meta where name = 'version'").fetchone()
    except (OSError, sqlite3.Error, TypeError):
        return None
    return Library(connection) if version == INDEX_VERSION else None


def index_of(records: Iterable[Parsed], synonyms: Iterable[Sequence[str]] = (), rules: Mapping[str, Any] = NO_RULES) -> Library:
    """The library of these records, with its index in memory."""
    connection = sqlite3.connect(":memory:")
    _fill(connection, records, synonyms, rules)
    return Library(connection)


def with_files(files: Iterable[Path]) -> Library:
    """The bundled records with those of some files on top of them, in memory: to see what is wrong with the files."""
    # Imported here: only who checks files needs it.
    from p2p_toolkit.store import Piece, Run

    shipped = read_index(SHIPPED)
    connection = _in_memory(SHIPPED) if shipped else _bundled_in_memory()
    _bring_up_to_date(connection, [Run(str(file), (Piece(str(file)),), 0) for file in files], "given")
    return Library(connection)


def _fill(connection: sqlite3.Connection, records: Iterable[Parsed], synonyms: Iterable[Sequence[str]], rules: Mapping[str, Any]) -> None:
    # Imported here: reading an index needs neither the rules of a record nor what makes an index.
    from p2p_toolkit import store
    from p2p_toolkit.library import indexing

    indexing.create(connection, synonyms, rules)
    indexing.add(connection, store.BUNDLED, 0, records, [])
    indexing.settle(connection)


def _bundled_in_memory() -> sqlite3.Connection:
    return _copy_of(_bundled())


@cache
def _bundled() -> sqlite3.Connection:
    """The bundled records of a checkout: read once, and copied for whoever opens a library."""
    from p2p_toolkit import store

    connection = sqlite3.connect(":memory:", check_same_thread=False)
    bundled = store.read_bundled()
    _fill(connection, bundled, store.read_synonyms(), store.read_rules(bundled))
    _demand_no_faults(connection)
    return connection


def _demand_no_faults(connection: sqlite3.Connection) -> None:
    """A release must be without fault."""
    from p2p_toolkit import store

    faults = Library(connection).faults
    if faults:
        raise BadRecords(faults, hint=store.guide())


def _in_memory(path: Path) -> sqlite3.Connection:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as shipped:
        return _copy_of(shipped)


def _copy_of(index: sqlite3.Connection) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    index.backup(connection)
    return connection


def _cache_path(folder: Path) -> Path:
    # Imported here: without a library of one's own there is no cache.
    import hashlib

    import platformdirs

    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    return platformdirs.user_cache_path("p2p", appauthor=False) / f"{name}.sqlite"


def _read_cache(path: Path) -> Library | None:
    cached = read_index(path)
    if cached:
        cached.disposable = path
    return cached


def _write_cache(path: Path, start: Path, base: str, runs: Sequence[Run], library: str) -> None:
    """Make an index of what there is now out of an older one, beside it, and put it in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _beside(path) as fresh:
        # Imported here: it is done once after each change.
        import shutil

        shutil.copyfile(start, fresh)
        with closing(sqlite3.connect(fresh)) as connection:
            # The file has no reader yet, and if writing it is cut short nobody will read it.
            connection.executescript(f"pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -{_CACHE_KIB}")
            connection.execute("insert or replace into meta values ('base', ?)", (base,))
            _bring_up_to_date(connection, runs, library, fresh)
        seal(fresh)
        with fresh.open("rb+") as file:
            os.fsync(file.fileno())


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield fresh
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _bring_up_to_date(connection: sqlite3.Connection, runs: Sequence[Run], library: str, beside: Path | None = None) -> None:
    """Replace the parts whose files have changed. The bundled records are the first part and stay.

    `beside` is a path that temporary files may be named after, if there may be any.
    """
    # Imported here: reading an index needs neither the rules of a record nor what makes an index.
    from p2p_toolkit import store
    from p2p_toolkit.library import indexing, workers

    places = {run.made_of: place for place, run in enumerate(runs, 1)}
    old = dict(connection.execute("select part, made_of from part where made_of != ?", (store.BUNDLED,)))
    for part, made_of in old.items():
        if made_of in places:
            indexing.move(connection, part, places[made_of])
        else:
            indexing.remove(connection, part)
    new = [run for run in runs if run.made_of not in old.values()]
    if beside and sum(run.size for run in new) >= workers.WORTH_IT:
        indexing.drop_indexes(connection)
        for run, made in workers.made_apart(new, library, beside):
            indexing.take_over(connection, made, places[run.made_of])
    else:
        for run in new:
            indexing.add_run(connection, run, places[run.made_of], library)
    indexing.settle(connection)
