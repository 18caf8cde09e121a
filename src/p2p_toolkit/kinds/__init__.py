"""What a record is: the kinds, their fields and their rules, each said once."""

from p2p_toolkit.kinds.checks import (
    MARKER,
    as_table,
    build,
    check,
    check_links,
    kind_of,
    links_of,
    prose_of,
    unused_sources,
)
from p2p_toolkit.kinds.records import KINDS, Kind, Record, Source
from p2p_toolkit.kinds.schema import schema

__all__ = [
    "KINDS",
    "MARKER",
    "Kind",
    "Record",
    "Source",
    "as_table",
    "build",
    "check",
    "check_links",
    "kind_of",
    "links_of",
    "prose_of",
    "schema",
    "unused_sources",
]
