"""Sets of records: a library is made of parts, and a whole number has one bit for each record of a part.

Adding, intersecting and counting such numbers is what Python does fastest; a search over a million records is
some hundreds of these operations. In the index a short set is a list of two-byte numbers and a long one a bitmap,
as in Roaring bitmaps (Chambi, Lemire, Kaser and Godin, "Better bitmap performance with Roaring bitmaps", 2016).
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping

# As many records as two bytes can number.
PART = 65_536
# A list of more is longer to read than a bitmap.
_LONGEST_LIST = 256

_BITMAP = PART // 8
_BIT = tuple(1 << bit for bit in range(8))
_NOT_EMPTY = re.compile(rb"[^\0]")
_BITS_OF_BYTE = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))


def pack(places: array[int]) -> bytes:
    """A set as it is kept in the index; `places` are numbers below PART, ascending, as array("H")."""
    if len(places) <= _LONGEST_LIST:
        if sys.byteorder == "big":
            places = array("H", places)
            places.byteswap()
        return places.tobytes()
    return _bitmap(places)


def unpack(kept: bytes) -> int:
    """The set that `pack` made, as a number with those bits."""
    if len(kept) == _BITMAP:
        return int.from_bytes(kept, "little")
    places = array("H")
    places.frombytes(kept)
    if sys.byteorder == "big":
        places.byteswap()
    if len(places) == 1:
        return 1 << places[0]
    return int.from_bytes(_bitmap(places), "little") if places else 0


def places_in(bits: int) -> Iterator[int]:
    """The places of the bits that are set, ascending."""
    for match in _NOT_EMPTY.finditer(bits.to_bytes((bits.bit_length() + 7) // 8, "little")):
        first = match.start() * 8
        for bit in _BITS_OF_BYTE[match[0][0]]:
            yield first + bit


def _bitmap(places: array[int]) -> bytes:
    bits = bytearray(_BITMAP if len(places) > _LONGEST_LIST else (places[-1] >> 3) + 1)
    for place in places:
        bits[place >> 3] |= _BIT[place & 7]
    return bytes(bits)


class Records:
    """A set of records of a library. `bits` has a number for each part that holds some of them, in the order of the data."""

    def __init__(self, bits: Mapping[int, int]) -> None:
        self.bits = bits

    @classmethod
    def of(cls, numbers: Iterable[int]) -> Records:
        """The records with these numbers."""
        bits: dict[int, int] = {}
        for n in sorted(numbers):
            bits[n // PART] = bits.get(n // PART, 0) | 1 << n % PART
        return cls(bits)

    def __contains__(self, n: object) -> bool:
        return isinstance(n, int) and bool(self.bits.get(n // PART, 0) >> n % PART & 1)

    def __len__(self) -> int:
        return sum(bits.bit_count() for bits in self.bits.values())

    def __iter__(self) -> Iterator[int]:
        for part, bits in self.bits.items():
            for place in places_in(bits):
                yield part * PART + place

    def __and__(self, other: Records) -> Records:
        return Records({part: both for part, bits in self.bits.items() if (both := bits & other.bits.get(part, 0))})
