"""p2p: precedents, lawful routes and honest answers for public service partnerships.

From Python: `from p2p_toolkit import find, open_library`; `p2p_toolkit.api` tells what there is.
"""

# Type checkers take it for true; typing itself need not be loaded.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from p2p_toolkit.api import *  # noqa: F403

__version__ = "0.1.0"

__all__ = [  # noqa: F405
    "Answer",
    "BadUsage",
    "Library",
    "NotFound",
    "P2PError",
    "answer",
    "as_text",
    "audit",
    "brief",
    "cite",
    "classify",
    "compare",
    "explain",
    "find",
    "list_records",
    "open_library",
    "routes",
    "show",
]


def __getattr__(name: str) -> object:
    # Loaded when one of these names is asked for (PEP 562): whoever imports one module of p2p should not wait for the others.
    if name in __all__:
        from importlib import import_module

        return getattr(import_module("p2p_toolkit.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
