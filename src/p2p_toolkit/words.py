"""What a word is: how text is folded so that the same word typed two ways is found as one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Control characters, and the marks that turn the direction of text round: none has a place in a record, and
# on a terminal they could hide or rewrite what is shown (Unicode Technical Report 36). New line and tab are kept.
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")

_APOSTROPHES = dict.fromkeys(map(ord, "'\u2018\u2019\u02bc`\u00b4"))
_WORD = re.compile(r"[^\W_]+")
_COMPOUND = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)+")
# Most text is ASCII, and bytes are translated many times as fast: letters in lower case, all else but figures a space.
_ASCII = bytes(ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128)) + bytes(128)
_ASCII_DROPPED = b"'`"


def fold(text: str) -> str:
    """Text without case, accents and apostrophes, with `&` written out: what a search compares."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return text.translate(_APOSTROPHES).replace("&", " and ").casefold()


def split(text: str) -> list[str]:
    """The folded words of a text, in order: "Co-operative's" gives "co" and "operatives"."""
    if text.isascii():
        return text.replace("&", " and ").encode().translate(_ASCII, _ASCII_DROPPED).decode().split()
    return _WORD.findall(fold(text))


def split_for_index(text: str) -> list[str]:
    """The folded words of a text, and each compound also as one word: "cooperative"."""
    return split(text) + compounds(text)


def compounds(text: str) -> list[str]:
    """The folded words that a text joins by hyphens, as one word each."""
    if text.isascii() and "-" not in text:
        return []
    return [_one_word(compound) for compound in _COMPOUND.finditer(fold(text))]


def joined(text: str) -> list[str]:
    """The folded words of a text, in order, with those that it joins by hyphens as one word."""
    return split(_COMPOUND.sub(_one_word, fold(text)))


def _one_word(compound: re.Match[str]) -> str:
    return "".join(_WORD.findall(compound[0]))


def slug(text: str) -> str:
    """Folded words joined by hyphens: how a filter compares its values."""
    return "-".join(split(text))


def spans(text: str, wanted: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where the words of a text that fold to one of `wanted` begin and end."""
    for match in re.finditer(r"[^\W_]+(?:['\u2019\u02bc][^\W_]+)*", text):
        if "".join(split(match[0])) in wanted:
            yield match.span()
