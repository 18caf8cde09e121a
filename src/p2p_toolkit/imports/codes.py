"""Codes and names that notices use, and what they surely mean here: regions and nations, and kinds of service."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from p2p_toolkit.kinds.records import NATIONS, REGIONS
from p2p_toolkit.words import slug

# The first letter of a region after UK (Eurostat's NUTS) or TL (the ITL of the Office for National Statistics).
_REGION_LETTERS = {
    "C": "north-east",
    "D": "north-west",
    "E": "yorkshire-and-the-humber",
    "F": "east-midlands",
    "G": "west-midlands",
    "H": "east-of-england",
    "I": "london",
    "J": "south-east",
    "K": "south-west",
    "L": "wales",
    "M": "scotland",
    "N": "northern-ireland",
}
_REGION_CODE = re.compile(r"(?:UK|TL)([C-N])[0-9A-Z]{0,2}\b")

# How codes of the Common Procurement Vocabulary (Regulation (EC) 2195/2002) begin that mean one kind of service only; the longest
# beginning decides. Division 85, health and social work, is left out as a whole: it is several kinds of service.
_SECTORS = {
    "70333": "housing",
    "752312": "justice",
    "80": "education",
    "851": "health",
    "853111": "older-people",
    "853112": "disability",
    "853113": "children-and-families",
    "905": "environment",
    "907": "environment",
    "9231": "leisure-and-culture",
    "9232": "leisure-and-culture",
    "925": "leisure-and-culture",
    "92511": "libraries",
    "926": "leisure-and-culture",
}


class Area(NamedTuple):
    """A nation and, in England, a region, by the words of the records; empty where that is not known, or not one alone."""

    nation: str
    region: str


def area(addresses: Iterable[dict[str, str]]) -> Area:
    """Where these addresses lie, by their region and country. A postcode says nothing."""
    found = {place for one in addresses for name in ("region", "countryName") if (place := _place(str(one.get(name, ""))))}
    nations = {place if place in NATIONS else "england" for place in found}
    regions = found - NATIONS.keys()
    nation = nations.pop() if len(nations) == 1 else ""
    return Area(nation, regions.pop() if nation and len(regions) == 1 else "")


def sectors(codes: Iterable[str]) -> list[str]:
    """The kinds of service that codes of the Common Procurement Vocabulary surely mean, each once."""
    found = (max((start for start in _SECTORS if code.startswith(start)), key=len, default="") for code in codes)
    return list(dict.fromkeys(_SECTORS[start] for start in found if start))


def _place(text: str) -> str:
    """The region or nation that a code or a name means, or nothing."""
    code = _REGION_CODE.match(text)
    if code:
        return _REGION_LETTERS[code[1]]
    named = slug(text)
    return named if named in NATIONS or named in REGIONS else ""
