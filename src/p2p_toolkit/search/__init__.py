"""Words to ranked hits: what was typed, which words of the data it may mean, and which records they fit."""

from p2p_toolkit.search.names import Resolved, completions, resolve
from p2p_toolkit.search.ranking import Found, Hit, Match, field_of, find, snippet
from p2p_toolkit.search.spellings import STOP_WORDS

__all__ = ["STOP_WORDS", "Found", "Hit", "Match", "Resolved", "completions", "field_of", "find", "resolve", "snippet"]
