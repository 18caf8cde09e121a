"""The user's own library as a place to write: records are added, changed and taken out, and whatever happens nothing else is lost."""

from p2p_toolkit.own.folder import LOCK, inside, writing
from p2p_toolkit.own.records import add, from_text, mistakes, mistakes_in_file, remove, replace, save
from p2p_toolkit.own.taking import NOTHING_WRITTEN, Taking, Written, take_in
from p2p_toolkit.own.texts import in_order

__all__ = [
    "LOCK",
    "NOTHING_WRITTEN",
    "Taking",
    "Written",
    "add",
    "from_text",
    "in_order",
    "inside",
    "mistakes",
    "mistakes_in_file",
    "remove",
    "replace",
    "save",
    "take_in",
    "writing",
]
