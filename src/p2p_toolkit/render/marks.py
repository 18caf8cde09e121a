"""How a record of the user's own, and a draft, are told from p2p's whole records."""

from __future__ import annotations

from collections.abc import Sequence

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
