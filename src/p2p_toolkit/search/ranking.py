"""Records ranked by how well they answer the words of a query.

A record scores by how much of the query it covers, and how well, from 0 to 100: 100 is every word found
as typed, in a name, and nothing else in that name. 90 and more is a match, 70 to 89 likely (often a
corrected spelling), 40 to 69 partly, less only loosely related.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import NamedTuple

from p2p_toolkit import words
from p2p_toolkit.library import NAMED_MARK, TITLE_MARK, Entry, Library, searched
from p2p_toolkit.search.spellings import STOP_WORDS, SURE, Spellings, add_synonyms, doubted, spellings_of, suggestions, words_typed

# A record is shown down to this score if a word of the query stands in the data as typed; if every
# word had to be guessed, only clear misspellings are worth showing.
CUT_OFF = 8
CUT_OFF_GUESSED = 65
# Known words are doubted only where the best answer is weak, and only for a clear gain.
DOUBT_BELOW, DOUBT_GAIN = 75, 5
# The share of a score that goes to records whose name holds little beside the query.
NAME_SHARE, NAME_STOP_WEIGHT = 0.08, 0.25
MOST_NAMES = 200
STOP_WEIGHT = 0.4
UNKNOWN_WEIGHT = 0.5

_WEIGHTS = [0.0] * 8
for _mark in range(1, 8):
    _WEIGHTS[_mark] = 1.0 if _mark & TITLE_MARK else 0.9 if _mark & NAMED_MARK else 0.75
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


class Match(NamedTuple):
    """How one word of the query was met: as typed, as the data spells it, by which rule, and how much of the
    hit's score it brought. The shares of a hit add up to its score."""

    word: str
    found: str
    how: str
    share: int


class Hit(NamedTuple):
    """A record and the reason it was found. `score` runs from 0 to 100."""

    entry: Entry
    score: int
    matches: tuple[Match, ...]

    @property
    def words(self) -> set[str]:
        """The words of the record that matched, but for those that are in every sentence."""
        return {part for match in self.matches if match.word not in STOP_WORDS for part in match.found.split()}


class Found(NamedTuple):
    """The answer to a query: the best hits, the numbers of all, and what was made of misspelt words.

    `corrected` gives for a word that stands nowhere the word that was taken for it. `suggestions` are
    other queries to try, where nothing was found.
    """

    hits: list[Hit]
    numbers: list[int]
    corrected: dict[str, str]
    suggestions: list[str]

    @property
    def total(self) -> int:
        """How many records were found in all."""
        return len(self.numbers)


class _Best(NamedTuple):
    quality: float
    found: str
    how: str


def find(
    library: Library,
    query: str,
    *,
    kinds: Sequence[str] = (),
    filters: Mapping[str, Sequence[str]] | None = None,
    limit: int = 10,
) -> Found:
    """The records that fit a query best, whatever the query is: no text of any kind raises.

    Searched are all kinds but cookies, or those given. Raises BadUsage for a filter value that no record has.
    """
    kinds = kinds or library.usual_kinds
    allowed = library.numbers(kinds, filters or {})
    typed, finished = words_typed(query)
    spellings = [spellings_of(library, typed, i, finished) for i in range(len(typed))]
    add_synonyms(library, typed, spellings)
    ranking = _Ranking(library, typed, spellings, allowed)
    if typed and ranking.best < DOUBT_BELOW:
        doubts = [doubted(library, word, known) for word, known in zip(typed, spellings, strict=True)]
        if doubts != spellings:
            second = _Ranking(library, typed, doubts, allowed)
            if second.best >= ranking.best + DOUBT_GAIN:
                ranking = second
    hits = [ranking.hit(n, score) for n, score in ranking.order[:limit]]
    return Found(
        hits=hits,
        numbers=[n for n, _ in ranking.order],
        corrected=_corrected(hits),
        suggestions=[] if hits else suggestions(library, typed),
    )


def snippet(library: Library, hit: Hit) -> str:
    """The sentence of the record that holds most of the matched words, a name before prose."""
    best = ""
    most = (0, 0.0)
    for text in searched(library.kinds[hit.entry.kind].fields, hit.entry.fields):
        for sentence in _SENTENCE_END.split(text.text):
            here = (len(hit.words.intersection(words.split_for_index(sentence))), text.weight)
            if here > most:
                best, most = sentence, here
    return best


def field_of(library: Library, hit: Hit, match: Match) -> str:
    """The label of the field in which a match counted most."""
    wanted = set(match.found.split())
    held = [
        text
        for text in searched(library.kinds[hit.entry.kind].fields, hit.entry.fields)
        if wanted.intersection(words.split_for_index(text.text))
    ]
    return max(held, key=lambda text: text.weight).label if held else ""


class _Ranking:
    """The records that the spellings of a query lead to, best first."""

    def __init__(self, library: Library, typed: Sequence[str], spellings: Sequence[Spellings], allowed: set[int]) -> None:
        self.library = library
        self.typed = typed
        self.best = 0.0
        self.order: list[tuple[int, float]] = []
        self.matched: list[dict[int, _Best]] = [self._records(spelling, allowed) for spelling in spellings]
        self.weights = weights = [self._weight(word, spelling) for word, spelling in zip(typed, spellings, strict=True)]
        content = [word not in STOP_WORDS for word in typed]
        if not any(found for found, counts in zip(self.matched, content, strict=True) if counts):
            return
        total = sum(weights)
        sums: dict[int, float] = {}
        for found, weight, counts in zip(self.matched, weights, content, strict=True):
            for n, best in found.items():
                if counts or self._met_elsewhere(n, content):
                    sums[n] = sums.get(n, 0.0) + weight * best.quality
        sure = any(spelling.how in SURE for known, counts in zip(spellings, content, strict=True) if counts for spelling in known.values())
        floor = CUT_OFF if sure else CUT_OFF_GUESSED
        scored = sorted(((n, 100 * share / total) for n, share in sums.items()), key=lambda one: (-one[1], one[0]))
        names = library.names([n for n, _ in scored[:MOST_NAMES]])
        scored = [(n, score * (1 - NAME_SHARE + NAME_SHARE * self._name_share(n, names.get(n, ())))) for n, score in scored]
        scored = [(n, score) for n, score in scored if round(score) >= floor]
        scored.sort(key=lambda one: (-round(one[1]), one[0]))
        self.order = scored
        self.best = scored[0][1] if scored else 0.0

    def hit(self, n: int, score: float) -> Hit:
        met = [(word, found[n], weight) for word, found, weight in zip(self.typed, self.matched, self.weights, strict=True) if n in found]
        shares = _rounded([best.quality * weight for _, best, weight in met], round(score))
        [entry] = self.library.entries([n])
        matches = [Match(word, best.found, best.how, share) for (word, best, _), share in zip(met, shares, strict=True)]
        return Hit(entry, round(score), tuple(matches))

    def _met_elsewhere(self, n: int, content: Sequence[bool]) -> bool:
        return any(n in found for found, counts in zip(self.matched, content, strict=True) if counts)

    def _records(self, spellings: Spellings, allowed: set[int]) -> dict[int, _Best]:
        best: dict[int, _Best] = {}
        for found, spelling in spellings.items():
            for n, weight in self._standing(found):
                quality = weight * spelling.similarity
                if n in allowed and (n not in best or quality > best[n].quality):
                    best[n] = _Best(quality, found, spelling.how)
        return best

    def _standing(self, found: str) -> Iterable[tuple[int, float]]:
        """The records that hold a word, or both words of a split one, each with the weight of the field."""
        records: dict[int, float] = {}
        for place, word in enumerate(found.split()):
            postings = self.library.postings(word)
            if postings is None:
                return ()
            here = {n: _WEIGHTS[mark] for n, mark in zip(postings.numbers, postings.marks, strict=True)}
            records = {n: min(records[n], weight) for n, weight in here.items() if n in records} if place else here
        return records.items()

    def _weight(self, word: str, spellings: Spellings) -> float:
        rarest = log(1 + (self.library.size - 0.5) / 1.5)
        if not spellings:
            weight = UNKNOWN_WEIGHT * rarest
        else:
            # A rare misspelling must not weigh more than the frequent word it stands for.
            best = max(spelling.similarity for spelling in spellings.values())
            near = [found.split() for found, spelling in spellings.items() if spelling.similarity >= best - 0.08]
            frequency = self.library.frequencies([part for parts in near for part in parts])
            # All words of a phrase are in at most as many records as the rarest of them.
            most = max(min(frequency.get(part, 0) for part in parts) for parts in near)
            weight = log(1 + (self.library.size - most + 0.5) / (most + 0.5))
        return weight * (STOP_WEIGHT if word in STOP_WORDS else 1.0)

    def _name_share(self, n: int, names: Sequence[str]) -> float:
        """How much of one of the record's names the query covers, from 0 to 1."""
        found = {part for matched in self.matched if n in matched for part in matched[n].found.split()}
        return max((covered(name, found) for name in names), default=0.0)


def _rounded(parts: Sequence[float], whole: int) -> list[int]:
    """The parts as whole numbers in the same proportion that add up to `whole`, the largest remainders rounded up."""
    exact = [part * whole / sum(parts) for part in parts]
    floors = [int(part) for part in exact]
    most_left = sorted(range(len(parts)), key=lambda i: (floors[i] - exact[i], i))
    for i in most_left[: whole - sum(floors)]:
        floors[i] += 1
    return floors


def covered(name: str, found: set[str]) -> float:
    """The share of a name's words that were found; the words that are in every sentence count little."""
    weights = [(part, NAME_STOP_WEIGHT if part in STOP_WORDS else 1.0) for part in words.split(name)]
    whole = sum(weight for _, weight in weights)
    return sum(weight for part, weight in weights if part in found) / whole if whole else 0.0


def _corrected(hits: Sequence[Hit]) -> dict[str, str]:
    if not hits:
        return {}
    return {match.word: match.found for match in hits[0].matches if match.how in ("typo", "split")}
