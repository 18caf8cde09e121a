"""How a draft is told from a whole record."""

from __future__ import annotations

from collections.abc import Sequence


def titled(name: str, draft: Sequence[str]) -> str:
    """The name of a record for a listing; a draft is marked. `draft` is what the record says it still lacks."""
    return f"{name} (draft)" if draft else name


def still_missing(draft: Sequence[str]) -> str:
    """That a record is a draft and what it lacks, as sentences; empty for a whole one."""
    return f"This is a draft. Still missing: {'; '.join(draft).rstrip('.')}." if draft else ""
