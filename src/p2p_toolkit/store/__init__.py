"""Files to records: which folders there are, what stands in their files, and what is wrong with it."""

from p2p_toolkit.store.bundled import Topic, read_bundled, read_rules, read_synonyms, read_topics
from p2p_toolkit.store.folders import BUNDLED, Run, bundled_folder, guide, library_files, runs_of
from p2p_toolkit.store.readers import (
    BETWEEN,
    LARGEST_FILE,
    LONGEST_LINE,
    READERS,
    Piece,
    fields_in,
    in_parts,
    json_object,
    names_of_parts,
    object_of,
    parse_toml,
)
from p2p_toolkit.store.records import Parsed, as_toml, base_faults, read

__all__ = [
    "BETWEEN",
    "BUNDLED",
    "LARGEST_FILE",
    "LONGEST_LINE",
    "READERS",
    "Parsed",
    "Piece",
    "Run",
    "Topic",
    "as_toml",
    "base_faults",
    "bundled_folder",
    "fields_in",
    "guide",
    "in_parts",
    "json_object",
    "library_files",
    "names_of_parts",
    "object_of",
    "parse_toml",
    "read",
    "read_bundled",
    "read_rules",
    "read_synonyms",
    "read_topics",
    "runs_of",
]
