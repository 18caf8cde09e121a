"""Which words of the data one word of a query may mean: itself, a longer word, another form, a slip, a synonym."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import NamedTuple

from p2p_toolkit import words
from p2p_toolkit.library import Library

LONGEST_QUERY = 2_000
MOST_WORDS = 48
MOST_SPELLINGS = 400
# Another word for the same thing counts less than the word itself.
SYNONYM, LONGEST_PHRASE = 0.75, 4
# What is no guess: the word or what it is part of stands in the data as typed.
SURE = ("exact", "prefix", "joined", "split", "synonym")
# What depends on the words beside it.
FROM_NEIGHBOURS = ("joined", "synonym")

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"

STOP_WORDS = frozenset(
    """a about after all also am an and any are as at be been being but by can cannot cant could did do does doing dont
    for from get go got had has have having he her here him his how i if in into is isnt it its just me more most my no nor not of off
    on or our out over own she should so some such than that the their them then there theres these they thing things this those to too
    up us very was we were what when where which who why will with would yes you your""".split()
)


class Spelling(NamedTuple):
    similarity: float
    how: str


Spellings = dict[str, Spelling]


def words_typed(query: str) -> tuple[list[str], bool]:
    """The words of a query, each once, and whether the last one is finished."""
    text = query[:LONGEST_QUERY]
    typed = list(dict.fromkeys(words.split(text)))[:MOST_WORDS]
    return typed, text[-1:].isspace()


def spellings_of(library: Library, typed: Sequence[str], place: int, finished: bool) -> Spellings:
    """The words of the data that one word of the query may mean."""
    word = typed[place]
    last = place == len(typed) - 1 and not finished
    found: Spellings = {}
    frequency = library.frequencies([word])
    known = bool(frequency)
    if known:
        found[word] = Spelling(1.0, "exact")
    if word in STOP_WORDS and known:
        return found
    if len(word) >= (2 if last else 5):
        _add(found, _prefixed(library, word))
    if len(word) >= 6:
        _add(found, _forms(library, word))
    _add(found, _joined(library, typed, place))
    if not known:
        _add(found, _typos(library, word))
        _add(found, _halves(library, word))
        if not found and last and len(word) >= 5:
            _add(found, _unfinished(library, word))
    return found


def _add(found: Spellings, more: Mapping[str, Spelling]) -> None:
    for word, spelling in more.items():
        if word not in found or spelling.similarity > found[word].similarity:
            found[word] = spelling


def _prefixed(library: Library, word: str) -> Spellings:
    return {
        longer: Spelling(0.80 + 0.15 * len(word) / len(longer), "prefix")
        for longer in library.beginning_with(word, MOST_SPELLINGS)
        if longer != word
    }


def _forms(library: Library, word: str) -> Spellings:
    """Other forms of a word: `lighting` and `light` share most of their letters from the front."""
    found = {}
    # So many letters every form must share.
    least = max(4, ceil(0.6 * len(word)))
    for other in library.beginning_with(word[:least], MOST_SPELLINGS):
        shared = least
        for one, two in zip(word[least:], other[least:], strict=False):
            if one != two:
                break
            shared += 1
        longer = max(len(word), len(other))
        if other != word and shared >= 0.6 * longer and max(len(word), len(other)) - shared <= 4:
            found[other] = Spelling(0.85 * shared / longer, "form")
    return found


def _typos(library: Library, word: str) -> Spellings:
    """Words one slip away, or two from eight letters on; swapped neighbours are one slip.

    Never for figures, and never for fewer than four letters.
    """
    most = 0 if len(word) < 4 or any(letter.isdigit() for letter in word) else 1 if len(word) < 8 else 2
    if not most:
        return {}
    # Imported here: a query without slips should not pay for it.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    near = library.spelt_like(word[0], len(word) - most, len(word) + most)
    found = {
        other: Spelling(1 - distance / max(len(word), len(other)), "typo")
        for other, distance, _ in process.extract(word, near, scorer=OSA.distance, score_cutoff=most, limit=None)
    }
    for other in library.frequencies(sorted(_first_letter_slips(word))):
        found.setdefault(other, Spelling(0.85 * (1 - 1 / max(len(word), len(other))), "typo"))
    return found


def _first_letter_slips(word: str) -> set[str]:
    rest = word[1:]
    return {rest, rest[0] + word[0] + rest[1:]} | {letter + word for letter in _ALPHABET} | {letter + rest for letter in _ALPHABET}


def _unfinished(library: Library, word: str) -> Spellings:
    """A slip in a word that is still being typed: compared with the beginnings of longer words."""
    from rapidfuzz.distance import OSA

    found = {}
    for other in library.spelt_like(word[0], len(word), len(word) + 12):
        distance = min(OSA.distance(word, other[:size], score_cutoff=1) for size in range(len(word) - 1, len(word) + 2))
        if distance <= 1:
            found[other] = Spelling(0.85 * (1 - distance / len(word)), "typo")
    return found


def _joined(library: Library, typed: Sequence[str], place: int) -> Spellings:
    """This word and a neighbour written as one: `leicester shire`."""
    pairs = []
    if place > 0:
        pairs.append(typed[place - 1] + typed[place])
    if place + 1 < len(typed):
        pairs.append(typed[place] + typed[place + 1])
    pairs = [pair for pair in pairs if len(pair) >= 5]
    return {pair: Spelling(0.97, "joined") for pair in library.frequencies(pairs)} if pairs else {}


def _halves(library: Library, word: str) -> Spellings:
    """Two words written as one: `socialenterprise`. Both halves are offered; a record must hold both."""
    if len(word) < 6:
        return {}
    cuts = [(word[:cut], word[cut:]) for cut in range(2, len(word) - 1)]
    frequency = library.frequencies(sorted({half for cut in cuts for half in cut}))
    right = [
        (min(frequency[left], frequency[rest]) * min(len(left), len(rest)), left, rest)
        for left, rest in cuts
        if left in frequency and rest in frequency
    ]
    if not right:
        return {}
    _, left, rest = max(right)
    return {f"{left} {rest}": Spelling(0.93, "split")}


def add_synonyms(library: Library, typed: Sequence[str], spellings: Sequence[Spellings]) -> None:
    """Other words for the same thing, for single words and for phrases; each word of a phrase may stand for all of them."""
    runs = [(start, end) for start in range(len(typed)) for end in range(start + 1, min(start + LONGEST_PHRASE, len(typed)) + 1)]
    phrases: dict[str, list[tuple[int, int]]] = {}
    for start, end in runs:
        phrase = " ".join(typed[start:end])
        for form in (phrase, phrase + "s", phrase.removesuffix("s")):
            phrases.setdefault(form, []).append((start, end))
    for place in range(0, len(phrases), 500):
        for phrase, other in library.synonyms(list(phrases)[place : place + 500]):
            meant = " ".join(word for word in other.split() if word not in STOP_WORDS)
            for start, end in phrases[phrase] if meant else ():
                for i in range(start, end):
                    if typed[i] not in STOP_WORDS:
                        _add(spellings[i], {meant: Spelling(SYNONYM, "synonym")})


def suggestions(library: Library, typed: Sequence[str]) -> list[str]:
    """The query with each word that stands nowhere replaced by the nearest word that stands somewhere."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    nearest = []
    for word in typed:
        known = len(word) < 4 or library.frequencies([word])
        near = set() if known else set(library.spelt_like(word[0], len(word) - 2, len(word) + 2)) - STOP_WORDS
        close = process.extractOne(word, sorted(near), scorer=OSA.distance, score_cutoff=2)
        nearest.append(close[0] if close else word)
    return [" ".join(nearest)] if nearest != list(typed) else []
