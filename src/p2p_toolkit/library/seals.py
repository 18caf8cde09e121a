"""Whether an index file is still what was written: disks fail, copies break off."""

from __future__ import annotations

import os
from io import RawIOBase
from pathlib import Path
from zlib import crc32

# Bytes of an SQLite file that it leaves to its users, the "user version"; its page size; how many pages it has (SQLite, "Database File
# Format", section 1.3).
_SEAL, _PAGE_SIZE, _PAGES = slice(60, 64), slice(16, 18), slice(28, 32)
_HEADER = 100
_CHUNK = 65_536
# To add up the bytes of a larger file would take longer than a search; of such a one the length is compared.
LARGEST = 8_000_000


def seal(path: Path) -> None:
    """Put the check sum of a finished index into its header."""
    if path.stat().st_size <= LARGEST:
        with path.open("r+b", buffering=0) as file:
            total = _sum(file.read(_HEADER), file)
            file.seek(_SEAL.start)
            file.write(total)


def seal_of(path: Path) -> str:
    """The check sum in the header of a sealed index, as letters and figures. Raises OSError where it cannot be read."""
    with path.open("rb", buffering=0) as file:
        return file.read(_HEADER)[_SEAL].hex()


def is_whole(path: Path) -> bool:
    """Whether a sealed index is as it was. Raises OSError where it cannot be read."""
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        header = file.read(_HEADER)
        if size <= LARGEST:
            return header[_SEAL] == _sum(header, file)
    # 1 stands for pages of 65,536 bytes.
    page = int.from_bytes(header[_PAGE_SIZE], "big")
    return size == int.from_bytes(header[_PAGES], "big") * (65_536 if page == 1 else page)


def _sum(header: bytes, rest: RawIOBase) -> bytes:
    total = crc32(header[: _SEAL.start] + header[_SEAL.stop :])
    # One buffer for all: to have the system find room for the whole file takes longer than to add it up.
    buffer = bytearray(_CHUNK)
    while count := rest.readinto(buffer):
        total = crc32(memoryview(buffer)[:count], total)
    return total.to_bytes(4, "big")
