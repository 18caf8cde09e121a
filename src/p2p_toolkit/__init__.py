"""p2p: precedents, lawful routes and honest answers for public service partnerships.

What is meant for other programs is in `p2p_toolkit.api`, and can be had from here as well: `from p2p_toolkit import find, open_library`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from p2p_toolkit.api import *  # noqa: F403  # the names that __getattr__ gives

__version__ = "0.1.0"

__all__ = [  # noqa: F405
    "Answer",
    "BadUsage",
    "Library",
    "NotFound",
    "P2PError",
    "answer",
    "audit",
    "cite",
    "classify",
    "compare",
    "explain",
    "find",
    "list_records",
    "open_library",
    "show",
]


def __getattr__(name: str) -> Any:
    # Loaded when something of it is asked for (PEP 562): to import one module of p2p should not load all of them.
    if name in __all__:
        return getattr(import_module("p2p_toolkit.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
