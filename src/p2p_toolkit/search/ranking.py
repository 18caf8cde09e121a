"""Records ranked by how well they answer the words of a query.

A record scores by how much of the query it holds, and how much of one of its names that is, from 0 to 100: near
100 is every word found as typed, in a name that has no other words. 90 and more is a match, 70 to 89 likely (often a
corrected spelling), 40 to 69 partly, less only loosely related. A word more that a record holds never lowers its score.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import exp, log
from typing import NamedTuple

from p2p_toolkit import words
from p2p_toolkit.library import PART, Entry, Library, Names, Records, places_in, searched
from p2p_toolkit.search.spellings import (
    FROM_NEIGHBOURS,
    STOP_WORDS,
    SURE,
    Spelling,
    Spellings,
    add_synonyms,
    spellings_of,
    suggestions,
    words_typed,
)
from p2p_toolkit.search.sums import Planes, Summed, add, at_least, best, planes_of

# The sum of a record that holds every word as typed in a short name; a record is found from so much of it on if a word
# of the query stands in the data as typed. If every word had to be guessed, only clear misspellings are worth showing.
WHOLE, FOUND, FOUND_GUESSED = 1_000, 80, 500
# How much a sum counts a word by where it stands, in the order of the tiers of the index.
TIER_WEIGHTS = (1.0, 0.97, 0.9, 0.75)
# So many records with the largest sums are looked at for their score.
MOST_LOOKED_AT = 100
# The share of a score that depends on names: half of it on how much of one name was typed, where a partner's or
# place's name counts less, and half on how much the words that stand in names say, by tier.
NAME_SHARE, OTHER_NAME, NAME_STOP_WEIGHT = 0.5, 0.9, 0.25
NAMING = (1.5, 1.5, 0.9, 0.0)
STOP_WEIGHT = 0.4
UNKNOWN_WEIGHT = 0.5

_NOWHERE = (0, 0, 0, 0)
_NO_PARTS: Mapping[int, tuple[int, ...]] = {}
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
    """The answer to a query: the best hits, all records that were found, and what was made of misspelt words.

    `corrected` gives for a word that stands nowhere the word that was taken for it. `missing` are words that stand nowhere and for which
    none was taken. `suggestions` are other queries to try, where nothing was found.
    """

    hits: list[Hit]
    records: Records
    corrected: dict[str, str]
    missing: list[str]
    suggestions: list[str]

    @property
    def total(self) -> int:
        """How many records were found in all."""
        return len(self.records)


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
    allowed = library.numbers(kinds or library.usual_kinds, filters or {})
    typed, finished = words_typed(query)
    spellings = [spellings_of(library, typed, i, finished) for i in range(len(typed))]
    add_synonyms(library, typed, spellings)
    ranking = Ranking(library, typed, spellings)
    found = ranking.found(allowed)
    hits = ranking.hits(found, limit)
    return Found(
        hits=hits,
        records=Records({part: summed.among for part, summed in found.items()}),
        corrected=_corrected(hits),
        missing=[word for word, known in zip(typed, spellings, strict=True) if not known and word not in STOP_WORDS],
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


class Ranking:
    """What the spellings of a query lead to.

    Two steps: all records get a sum at once, which says which are found and which are worth a closer look; those
    get their score, and the words it is due to.
    """

    def __init__(self, library: Library, typed: Sequence[str], spellings: Sequence[Spellings]) -> None:
        self.library = library
        self.typed = typed
        # The likeliest first.
        self.spellings = [sorted(known.items(), key=lambda one: (-one[1].similarity, one[0])) for known in spellings]
        self.standing = library.standing({word for known in spellings for found in known for word in found.split()})
        # How much each word says, from 0 to 1, and its share of what the query says.
        self.says = [_weight(library, word, known) for word, known in zip(typed, spellings, strict=True)]
        self.weights = [says / sum(self.says) for says in self.says]
        self.content = [word not in STOP_WORDS for word in typed]
        sure = any(spelling.how in SURE for i, known in enumerate(self.spellings) if self.content[i] for _, spelling in known)
        self.floor = FOUND if sure else FOUND_GUESSED

    def found(self, allowed: Records) -> dict[int, Summed]:
        """The records that are found, by part."""
        found = {}
        for part, among in allowed.bits.items():
            summed = self._sums(part, among)
            reach = at_least(summed, self.floor)
            if reach:
                found[part] = Summed(summed.planes, reach)
        return found

    def hits(self, found: Mapping[int, Summed], limit: int) -> list[Hit]:
        """The best of what was found, best first."""
        order = {part: place for place, part in enumerate(found)}
        likely = [(part, place) for part, bits in best(found, max(MOST_LOOKED_AT, limit)).items() for place in places_in(bits)]
        names = self.library.names([part * PART + place for part, place in likely])
        scored = []
        for part, place in likely:
            n = part * PART + place
            matches = self._met(part, place)
            scored.append((-round(self._score(matches, names[n])), order[part], n, matches))
        scored = sorted(scored, key=lambda one: one[:3])[:limit]
        entries = self.library.entries([n for _, _, n, _ in scored])
        return [Hit(entry, -score, self._matches(matches, -score)) for entry, (score, _, _, matches) in zip(entries, scored, strict=True)]

    def _sums(self, part: int, among: int) -> Summed:
        sums: Planes = []
        held = 0
        for counts in (True, False):
            for i, known in enumerate(self.spellings):
                if self.content[i] != counts:
                    continue
                planes, seen = planes_of(self._values(i, known, part))
                if counts:
                    held |= seen
                else:
                    # A word that is in every sentence finds nothing by itself.
                    planes = [plane & held for plane in planes]
                add(sums, planes)
        return Summed(sums, among & held)

    def _values(self, i: int, known: Sequence[tuple[str, Spelling]], part: int) -> list[tuple[int, int]]:
        """What each spelling of one word brings to the records of a part, the most first."""
        values: dict[int, int] = {}
        for found, spelling in known:
            for weight, bits in zip(TIER_WEIGHTS, self._tiers(found, part), strict=True):
                if bits:
                    value = max(1, round(WHOLE * self.weights[i] * spelling.similarity * weight))
                    values[value] = values.get(value, 0) | bits
        return sorted(values.items(), reverse=True)

    def _tiers(self, found: str, part: int) -> tuple[int, ...]:
        """The records of a part that hold a word, or all words of a phrase, by the best tier they stand in."""
        if " " not in found:
            return self.standing.get(found, _NO_PARTS).get(part, _NOWHERE)
        first, *others = (self.standing.get(word, _NO_PARTS).get(part, _NOWHERE) for word in found.split())
        for other in others:
            tiers, up_to, seen = [], (0, 0), 0
            for one, two in zip(first, other, strict=True):
                up_to = up_to[0] | one, up_to[1] | two
                both = up_to[0] & up_to[1]
                tiers.append(both ^ seen)
                seen = both
            first = tuple(tiers)
        return first

    def _met(self, part: int, place: int) -> list[_Met]:
        """How each word of the query was met in a record."""
        met = []
        record = 1 << place
        for i, known in enumerate(self.spellings):
            for found, spelling in known:
                tier = next((tier for tier, held in enumerate(self._tiers(found, part)) if held & record), None)
                if tier is not None:
                    met.append(_Met(i, found, spelling, NAMING[tier]))
                    break
        return met

    def _score(self, matches: Sequence[_Met], names: Names) -> float:
        held = sum(self.weights[met.i] * met.spelling.similarity for met in matches)
        found = {word for met in matches for word in met.found.split()}
        own = max(covered(name, found) for name in names.own)
        fit = max([own, *(OTHER_NAME * covered(name, found) for name in names.other)]) if own < OTHER_NAME else own
        naming = sum(self.says[met.i] * met.spelling.similarity * met.naming for met in matches)
        named = (fit + 1 - exp(-naming)) / 2
        return 100 * held * (1 - NAME_SHARE + NAME_SHARE * named)

    def _matches(self, matches: Sequence[_Met], score: int) -> tuple[Match, ...]:
        shares = _rounded([self.weights[met.i] * met.spelling.similarity for met in matches], score)
        return tuple(Match(self.typed[met.i], met.found, met.spelling.how, share) for met, share in zip(matches, shares, strict=True))


class _Met(NamedTuple):
    """How a word of the query was met in a record: its place in the query, as found, by which rule, how far in a name."""

    i: int
    found: str
    spelling: Spelling
    naming: float


def _weight(library: Library, word: str, spellings: Spellings) -> float:
    """How much a word says, from 0 to 1: the rarer the more."""
    own = {found: spelling for found, spelling in spellings.items() if spelling.how not in FROM_NEIGHBOURS}
    if not own:
        weight = UNKNOWN_WEIGHT
    else:
        # A rare misspelling must not weigh more than the frequent word it stands for.
        best = max(spelling.similarity for spelling in own.values())
        near = [found.split() for found, spelling in own.items() if spelling.similarity >= best - 0.08]
        frequency = library.frequencies({part for parts in near for part in parts})
        # All words of a phrase are in at most as many records as the rarest of them.
        most = max(min(frequency.get(part, 0) for part in parts) for parts in near)
        weight = _rarity(library.size, most) / _rarity(library.size, 1)
    return weight * (STOP_WEIGHT if word in STOP_WORDS else 1.0)


def _rarity(records: int, holding: int) -> float:
    """Inverse document frequency as BM25 has it (Robertson and Zaragoza, "The probabilistic relevance framework", 2009)."""
    # Records that others have replaced are counted with their words, and not among the records.
    holding = min(holding, records)
    return log(1 + (records - holding + 0.5) / (holding + 0.5))


def _rounded(parts: Sequence[float], whole: int) -> list[int]:
    """The parts as whole numbers in the same proportion that add up to `whole`, the largest remainders rounded up."""
    exact = [part * whole / sum(parts) for part in parts]
    floors = [int(part) for part in exact]
    most_left = sorted(range(len(parts)), key=lambda i: (floors[i] - exact[i], i))
    for i in most_left[: whole - sum(floors)]:
        floors[i] += 1
    return floors


def covered(name: str, found: set[str]) -> float:
    """The share of a folded name's words that were found; the words that are in every sentence count little."""
    parts = name.split()
    if found.isdisjoint(parts):
        return 0.0
    held = whole = 0.0
    for part in parts:
        weight = NAME_STOP_WEIGHT if part in STOP_WORDS else 1.0
        whole += weight
        if part in found:
            held += weight
    return held / whole


def _corrected(hits: Sequence[Hit]) -> dict[str, str]:
    if not hits:
        return {}
    return {match.word: match.found for match in hits[0].matches if match.how in ("typo", "split")}
