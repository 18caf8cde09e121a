"""Sums of small numbers for all records of a part at once.

The numbers lie crosswise: plane 3 of a sum has bit 3 of every record's number, so that one addition of a few large
numbers adds for 65,536 records (bit-slicing; O'Neil and Quass, "Improved query performance with variant indexes", 1997).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import NamedTuple

from p2p_toolkit.library import places_in

Planes = list[int]


class Summed(NamedTuple):
    """The sums of one part, and the records that they are about."""

    planes: Planes
    among: int


def planes_of(values: Iterable[tuple[int, int]]) -> tuple[Planes, int]:
    """Planes from (value, records) pairs, and all the records in them. A record has the first value it is given."""
    planes: Planes = []
    seen = 0
    for value, records in values:
        new = records ^ (records & seen)
        seen |= records
        planes += [0] * (value.bit_length() - len(planes))
        for place in range(value.bit_length()):
            if value >> place & 1:
                planes[place] |= new
    return planes, seen


def add(sums: Planes, planes: Planes) -> None:
    """Add to each record's sum."""
    carry = 0
    sums += [0] * (len(planes) - len(sums))
    for place, one in enumerate(sums):
        other = planes[place] if place < len(planes) else 0
        if not other and not carry:
            if place >= len(planes):
                return
            continue
        sums[place] = one ^ other ^ carry
        carry = (one & other) | (carry & (one ^ other))
    if carry:
        sums.append(carry)


def at_least(summed: Summed, floor: int) -> int:
    """Those of the records whose sum reaches the floor."""
    more, same = 0, summed.among
    for place in reversed(range(max(len(summed.planes), floor.bit_length()))):
        plane = summed.planes[place] if place < len(summed.planes) else 0
        if floor >> place & 1:
            same &= plane
        else:
            more |= same & plane
            same ^= same & plane
    return more | same


def best(parts: Mapping[int, Summed], most: int) -> dict[int, int]:
    """The records with the largest sums, so many at most; of equal ones the first in the order of the parts."""
    taken = dict.fromkeys(parts, 0)
    left = {part: summed.among for part, summed in parts.items()}
    for place in reversed(range(max((len(summed.planes) for summed in parts.values()), default=0))):
        high = {part: left[part] & summed.planes[place] if place < len(summed.planes) else 0 for part, summed in parts.items()}
        count = sum(bits.bit_count() for bits in high.values())
        if count >= most:
            left = high
        else:
            most -= count
            for part, bits in high.items():
                taken[part] |= bits
                left[part] ^= bits
    for part, bits in left.items():
        for place in islice(places_in(bits), most):
            taken[part] |= 1 << place
            most -= 1
    return {part: bits for part, bits in taken.items() if bits}
