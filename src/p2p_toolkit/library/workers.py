"""Parts of an index made in processes of their own, where there is much to read."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from p2p_toolkit.library import indexing
from p2p_toolkit.library.tables import NO_RULES
from p2p_toolkit.store import Piece, Run

# Less is read faster by oneself than by others who must be started first.
WORTH_IT = 10_000_000
# Each takes some 80 MiB.
AT_ONCE = min(2, os.cpu_count() or 1)


def made_apart(runs: Sequence[Run], library: str, beside: Path) -> Iterator[tuple[Run, Path]]:
    """The index of each run, in a file that is gone when the next is asked for. Raises OSError where one cannot be made."""
    waiting = list(enumerate(runs))
    working: list[tuple[Run, Path, subprocess.Popen[bytes]]] = []
    try:
        while waiting or working:
            while waiting and len(working) < AT_ONCE:
                number, run = waiting.pop(0)
                path = beside.with_name(f"{beside.name}.{number}")
                # -P: the folder one stands in is not searched for modules.
                command = [sys.executable, "-P", "-m", __name__, json.dumps(run), library, str(path)]
                working.append((run, path, subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)))
            run, path, process = working[0]
            if process.wait():
                raise OSError(f"{path} could not be made")
            yield run, path
            path.unlink()
            del working[0]
    finally:
        for _, path, process in working:
            process.kill()
            process.wait()
            path.unlink(missing_ok=True)


def _make(run: Run, library: str, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("pragma journal_mode = off; pragma synchronous = off")
        indexing.create(connection, (), NO_RULES)
        indexing.add_run(connection, run, 0, library)
        connection.commit()


if __name__ == "__main__":
    made_of, pieces, size = json.loads(sys.argv[1])
    _make(Run(made_of, tuple(Piece(*piece) for piece in pieces), size), sys.argv[2], Path(sys.argv[3]))
