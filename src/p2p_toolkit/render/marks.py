"""Words that every answer has alike: what sets apart a record of the user's own and a draft, and what is said where there is nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from p2p_toolkit.errors import shell_word
from p2p_toolkit.library import BUNDLED


def titled(name: str, draft: Sequence[str], library: str = BUNDLED) -> str:
    """The name of a record for a listing, with what sets it apart. `draft` is what it says it still lacks; `library` is whose it is."""
    marks = [*(["yours"] if library != BUNDLED else []), *(["draft"] if draft else [])]
    return f"{name} ({', '.join(marks)})" if marks else name


def still_missing(draft: Sequence[str], library: str = BUNDLED) -> str:
    """That a record is the user's own, or a draft and what it lacks, as sentences; empty for a whole one of p2p's."""
    own = ["This record is your own, not p2p's."] if library != BUNDLED else []
    missing = [f"This is a draft. Still missing: {'; '.join(draft).rstrip('.')}."] if draft else []
    return " ".join([*own, *missing])


def nothing_fits(plural: str, filters: Mapping[str, Sequence[str]], command: str) -> list[str]:
    """What is said where no record is left: what was looked at, and a command to try."""
    if not filters:
        return [f"There are no {plural} in the library.", "What the library is: p2p library where"]
    return [f"No {plural} fit {options(filters)}.", f"Try fewer filters, or none: {command}"]


def options(filters: Mapping[str, Sequence[str]]) -> str:
    """Filters as they are typed."""
    return " ".join(f"--{name} {shell_word(value)}" for name, values in filters.items() for value in values)
