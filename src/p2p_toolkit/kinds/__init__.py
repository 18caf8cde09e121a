"""What a record is: the kinds, their fields and their rules, each said once."""

from p2p_toolkit.kinds.checks import MARKER, check, kind_of, links_of, prose_of, tidy, unused_sources
from p2p_toolkit.kinds.extension import EXTENDS, WRITTEN, extended, id_of
from p2p_toolkit.kinds.records import KINDS, Kind, Record, Source
from p2p_toolkit.kinds.schema import DRAFT, addition, members, schema

__all__ = [
    "DRAFT",
    "EXTENDS",
    "KINDS",
    "MARKER",
    "WRITTEN",
    "Kind",
    "Record",
    "Source",
    "addition",
    "check",
    "extended",
    "id_of",
    "kind_of",
    "links_of",
    "members",
    "prose_of",
    "schema",
    "tidy",
    "unused_sources",
]
