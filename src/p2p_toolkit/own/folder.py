"""The folder of the user's library while somebody writes: one at a time, and never a file outside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL, ENOLCK, ENOSYS, EOPNOTSUPP
from pathlib import Path

from p2p_toolkit.errors import CannotWrite
from p2p_toolkit.files import PART

LOCK = ".p2p.lock"
# So many seconds a writer waits for another one.
PATIENCE = 30.0
_ELSEWHERE = "Keep the library in another folder, and name that with --library or P2P_LIBRARY."


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the only writer in a library's folder; what a writer that died has left half-written is cleared away first.

    Raises CannotWrite: also where another writer does not finish in time, where the drive cannot lock files, and for every OSError
    of what is done meanwhile.
    """
    # Imported here: who only reads takes no lock.
    from filelock import FileLock, Timeout

    path = folder / LOCK
    try:
        # Whoever may write to the folder may take the lock, too, whoever made it. Without the fallback: a lock that is a mere file
        # outlives a writer that dies, and then nobody could write.
        lock = FileLock(path, timeout=PATIENCE, mode=folder.stat().st_mode & 0o666 | 0o600, fallback_to_soft=False)
        lock.acquire()
    except Timeout:
        raise CannotWrite(
            f"somebody else has been writing to {folder} for {PATIENCE:.0f} seconds, and holds {path}",
            hint="Try again when they are done.",
        ) from None
    # NotImplementedError: filelock's word for a platform without locks.
    except (OSError, NotImplementedError) as error:
        raise _not_locked(folder, path, error) from None
    try:
        _clear(folder)
        yield
    except OSError as error:
        raise CannotWrite(
            f"{folder} could not be written to: {error.strerror or error}", hint="Free some space, or check your rights."
        ) from None
    finally:
        lock.release()


def inside(folder: Path, name: str) -> Path:
    """The file that a name in a library's folder means. Raises CannotWrite where it is a link that leads out of the folder."""
    path = Path(os.path.realpath(folder / name))
    if path.parent != Path(os.path.realpath(folder)):
        raise CannotWrite(
            f"{folder / name} is a link that leads out of the library",
            hint="Change what it points to where that is, or put a copy in the place of the link.",
        )
    return path


def _not_locked(folder: Path, path: Path, error: OSError | NotImplementedError) -> CannotWrite:
    number = getattr(error, "errno", None) or ENOSYS
    if number in (EINVAL, ENOLCK, ENOSYS, EOPNOTSUPP):
        return CannotWrite(f"the drive of {folder} cannot lock files ({path}), so that two writers could undo each other", hint=_ELSEWHERE)
    return CannotWrite(f"{path} could not be written: {os.strerror(number)}", hint=_ELSEWHERE)


def _clear(folder: Path) -> None:
    for path in folder.glob(f".*{PART}"):
        # Whoever wrote it is dead, since we hold the lock. One that cannot be cleared away harms nobody.
        with suppress(OSError):
            path.unlink()
