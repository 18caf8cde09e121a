"""All records as one collection, behind one SQLite index that tells nobody where it lies."""

from p2p_toolkit.library.bits import PART, Records, places_in
from p2p_toolkit.library.opening import index_of, open_library, own_folder, read_index, usual_folder, with_files, write_index
from p2p_toolkit.library.reading import Entry, Facet, KindInfo, Library, Link, Names
from p2p_toolkit.library.tables import BUNDLED
from p2p_toolkit.library.texts import Searched, searched

__all__ = [
    "BUNDLED",
    "PART",
    "Entry",
    "Facet",
    "KindInfo",
    "Library",
    "Link",
    "Names",
    "Records",
    "Searched",
    "index_of",
    "open_library",
    "own_folder",
    "places_in",
    "read_index",
    "searched",
    "usual_folder",
    "with_files",
    "write_index",
]
