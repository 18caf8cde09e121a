"""The clues for cookies that no record knows: what is wrong with their file, and the plain structure made of a right one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from p2p_toolkit.errors import Fault
from p2p_toolkit.fields import identity, text, texts
from p2p_toolkit.kinds.parts import faults_of, plain, unknown, used_once

# Fewer letters stand in too many names by chance.
SHORTEST_INSIDE = 4


@dataclass(frozen=True, kw_only=True)
class Clue:
    id: str = identity("what answers call it")
    names: tuple[str, ...] = texts("whole names; capital letters count")
    begins: tuple[str, ...] = texts("how names begin; capital letters count")
    words: tuple[str, ...] = texts("words of a name, in lower case: `dark-mode` and `darkMode` have the words dark and mode")
    inside: tuple[str, ...] = texts("letters and figures that stand in a name, in lower case, whatever stands between them")
    domains: tuple[str, ...] = texts("domains that the cookie is stored under")
    unless: tuple[str, ...] = texts("words of a name with which the clue says nothing")
    platform: str | None = text("who sets such cookies, where the clue says it")
    category: str = text("the id of the category", required=True)
    why: str = text("the reason, in a sentence or two", required=True)


@dataclass(frozen=True, kw_only=True)
class Maker:
    category: str = text("the id of the category", required=True)
    names: tuple[str, ...] = texts("what the Open Cookie Database calls such makers", required=True)
    why: str = text("the reason, in a sentence", required=True)


_PARTS = {"clue": Clue, "maker": Maker}
_SIGNS = ("names", "begins", "words", "inside", "domains")


def clue_faults(table: Mapping[str, Any], categories: Collection[str], file: str) -> list[Fault]:
    """Every mistake in the table of the file. `categories` are the ids that a clue may name."""
    faults = list(unknown(table, _PARTS, "clues under [[clue]], makers under [[maker]]", file, "the file"))
    for name, part in _PARTS.items():
        tables = table.get(name, [])
        for number, one in enumerate(tables if isinstance(tables, list) else [tables], 1):
            if isinstance(one, Mapping):
                faults += faults_of(name, part, one, file, number)
            else:
                faults.append(Fault(file=file, record=f"{name} number {number}", wanted="a table of fields"))
    return faults or list(_misfits(table, categories, file))


def build_clues(table: Mapping[str, Any]) -> dict[str, Any]:
    """The clues and the makers as plain data."""
    return {f"{name}s": [plain(part, one) for one in table.get(name, [])] for name, part in _PARTS.items()}


def _misfits(table: Mapping[str, Any], categories: Collection[str], file: str) -> Iterator[Fault]:
    """Categories that there are not, ids used twice, clues that fit nothing or too much."""
    for part in _PARTS:
        for number, one in enumerate(table.get(part, []), 1):
            yield from unknown([one["category"]], categories, "the id of a category", file, f"{part} number {number}", "category")
    clues = table.get("clue", [])
    yield from used_once([one["id"] for one in clues], file, "clue")
    for one in clues:
        record = f"clue:{one['id']}"
        if not any(one.get(sign) for sign in _SIGNS):
            yield Fault(file=file, record=record, wanted=f"at least one of {', '.join(_SIGNS)}")
        for letters in one.get("inside", []):
            if len(letters) < SHORTEST_INSIDE or not letters.isalnum() or letters != letters.lower():
                wanted = f"at least {SHORTEST_INSIDE} small letters and figures"
                yield Fault(file=file, record=record, field="inside", value=repr(letters), wanted=wanted)
        for word in one.get("words", []):
            if not word.isalnum() or word != word.lower():
                yield Fault(file=file, record=record, field="words", value=repr(word), wanted="one word of small letters and figures")
