"""Words to ranked hits: what was typed, which words of the data it may mean, and which records they fit.

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
from p2p_toolkit.errors import LONGEST_ECHO, NotFound, quoted, shell_word
from p2p_toolkit.fields import NAMED, TITLE
from p2p_toolkit.library import BODY_MARK, NAMED_MARK, TITLE_MARK, Entry, Library, searched

LONGEST_QUERY = 2_000
MOST_WORDS = 48
MOST_SPELLINGS = 400

# A record is shown down to this score if a word of the query stands in the data as typed; if every
# word had to be guessed, only clear misspellings are worth showing.
CUT_OFF = 8
CUT_OFF_GUESSED = 65
# Known words are doubted only where the best answer is weak, and only for a clear gain.
DOUBT_BELOW, DOUBT_GAIN, DOUBT = 75, 5, 0.7
# The share of a score that goes to records whose name holds little beside the query.
NAME_SHARE, NAME_STOP_WEIGHT = 0.08, 0.25
MOST_NAMES = 200
# A name is taken for a record if this much of one of the record's names was typed; it is offered for half.
A_NAME, HALF_A_NAME = 0.72, 0.5
# Another word for the same thing counts less than the word itself.
SYNONYM, LONGEST_PHRASE = 0.75, 4
STOP_WEIGHT = 0.4
UNKNOWN_WEIGHT = 0.5

_WEIGHTS = [0.0] * 8
for _mark in range(1, 8):
    _WEIGHTS[_mark] = 1.0 if _mark & TITLE_MARK else 0.9 if _mark & NAMED_MARK else 0.75
_MARKS = TITLE_MARK | NAMED_MARK | BODY_MARK
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"

STOP_WORDS = frozenset(
    """a about after all also am an and any are as at be been being but by can cannot cant could did do does doing dont
    for from get go got had has have having he her here him his how i if in into is isnt it its just me more most my no nor not of off
    on or our out over own she should so some such than that the their them then there theres these they thing things this those to too
    up us very was we were what when where which who why will with would yes you your""".split()
)


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


class _Spelling(NamedTuple):
    similarity: float
    how: str


_Spellings = dict[str, _Spelling]


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
    typed, finished = _typed(query)
    spellings = [_spellings_of(library, typed, i, finished) for i in range(len(typed))]
    _add_synonyms(library, typed, spellings)
    ranking = _Ranking(library, typed, spellings, allowed)
    if typed and ranking.best < DOUBT_BELOW:
        doubted = [_doubted(library, word, known) for word, known in zip(typed, spellings, strict=True)]
        if doubted != spellings:
            second = _Ranking(library, typed, doubted, allowed)
            if second.best >= ranking.best + DOUBT_GAIN:
                ranking = second
    hits = [ranking.hit(n, score) for n, score in ranking.order[:limit]]
    return Found(
        hits=hits,
        numbers=[n for n, _ in ranking.order],
        corrected=_corrected(hits),
        suggestions=[] if hits else _suggestions(library, typed),
    )


class Resolved(NamedTuple):
    """The record that a name was taken for. `right` says whether it is one of the record's own names as typed;
    `others` are records that it could have meant instead, as `kind:id`."""

    entry: Entry
    right: bool
    others: tuple[str, ...] = ()


def resolve(library: Library, name: str, *, kinds: Sequence[str] = ()) -> Resolved:
    """The record that a name means.

    A name is an id, a `kind:id`, a name, an alias, a place, or a misspelling of one. Raises NotFound with
    the nearest names where there is none, or more than one that fits as well.
    """
    asked = kinds
    kinds = kinds or library.usual_kinds
    kind, colon, id = name.partition(":")
    if colon and kind in library.kind_names:
        entry = library.get(kind, id.strip())
        if entry:
            return Resolved(entry, True)
        name, kinds = id, [kind]
    called = library.with_id(words.slug(name))
    same = [entry for entry in called if entry.kind in kinds] or ([] if asked or colon else called)
    if len(same) == 1:
        return Resolved(same[0], True)
    if same:
        raise _ambiguous(name, same)
    found = find(library, name, kinds=kinds, limit=30)
    fits = sorted(((_name_fit(library, hit), -place, hit) for place, hit in enumerate(found.hits)), reverse=True)
    close = [(fit, hit.entry) for fit, _, hit in fits if fit >= HALF_A_NAME]
    if close and close[0][0] >= A_NAME:
        rivals = [entry for fit, entry in close if fit == close[0][0]]
        if len(rivals) > 1:
            raise _ambiguous(name, rivals)
        right = _is_name(rivals[0], name)
        others = () if right else tuple(f"{entry.kind}:{entry.id}" for _, entry in close[1:4])
        return Resolved(rivals[0], right, others)
    nearest = [entry for _, entry in close] or [hit.entry for hit in found.hits]
    raise NotFound(
        f"no record is called {quoted(name)}",
        hint=f"Try: p2p search {shell_word(name)}" if nearest and len(name) <= LONGEST_ECHO else "Try: p2p list",
        suggestions=[entry.id for entry in nearest[:5]],
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


def _typed(query: str) -> tuple[list[str], bool]:
    """The words of a query, each once, and whether the last one is finished."""
    text = query[:LONGEST_QUERY]
    typed = list(dict.fromkeys(words.split(text)))[:MOST_WORDS]
    return typed, text[-1:].isspace()


def _spellings_of(library: Library, typed: Sequence[str], place: int, finished: bool) -> _Spellings:
    """The words of the data that one word of the query may mean."""
    word = typed[place]
    last = place == len(typed) - 1 and not finished
    found: _Spellings = {}
    frequency = library.frequencies([word])
    known = bool(frequency)
    if known:
        found[word] = _Spelling(1.0, "exact")
    if word in STOP_WORDS and known:
        return found
    if last and len(word) >= 2:
        _add(found, _prefixed(library, word, 0.80, 0.15))
    elif len(word) >= 5:
        _add(found, _prefixed(library, word, 0.62, 0.33))
    if len(word) >= 6:
        _add(found, _forms(library, word))
    _add(found, _joined(library, typed, place))
    if not known:
        _add(found, _typos(library, word))
        _add(found, _halves(library, word))
        if not found and last and len(word) >= 5:
            _add(found, _unfinished(library, word))
    return found


def _add(found: _Spellings, more: Mapping[str, _Spelling]) -> None:
    for word, spelling in more.items():
        if word not in found or spelling.similarity > found[word].similarity:
            found[word] = spelling


def _prefixed(library: Library, word: str, floor: float, gain: float) -> _Spellings:
    return {
        longer: _Spelling(floor + gain * len(word) / len(longer), "prefix")
        for longer in library.beginning_with(word, MOST_SPELLINGS)
        if longer != word
    }


def _forms(library: Library, word: str) -> _Spellings:
    """Other forms of a word: `lighting` and `light` share most of their letters from the front."""
    found = {}
    for other in library.beginning_with(word[:4], MOST_SPELLINGS):
        shared = 4
        for one, two in zip(word[4:], other[4:], strict=False):
            if one != two:
                break
            shared += 1
        longer = max(len(word), len(other))
        if other != word and shared >= 0.6 * longer and max(len(word), len(other)) - shared <= 4:
            found[other] = _Spelling(0.85 * shared / longer, "form")
    return found


def _typos(library: Library, word: str) -> _Spellings:
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
        other: _Spelling(1 - distance / max(len(word), len(other)), "typo")
        for other, distance, _ in process.extract(word, near, scorer=OSA.distance, score_cutoff=most, limit=None)
    }
    for other in library.frequencies(sorted(_first_letter_slips(word))):
        found.setdefault(other, _Spelling(0.85 * (1 - 1 / max(len(word), len(other))), "typo"))
    return found


def _first_letter_slips(word: str) -> set[str]:
    rest = word[1:]
    return {rest, rest[0] + word[0] + rest[1:]} | {letter + word for letter in _ALPHABET} | {letter + rest for letter in _ALPHABET}


def _unfinished(library: Library, word: str) -> _Spellings:
    """A slip in a word that is still being typed: compared with the beginnings of longer words."""
    from rapidfuzz.distance import OSA

    found = {}
    for other in library.spelt_like(word[0], len(word), len(word) + 12):
        distance = min(OSA.distance(word, other[:size], score_cutoff=1) for size in range(len(word) - 1, len(word) + 2))
        if distance <= 1:
            found[other] = _Spelling(0.85 * (1 - distance / len(word)), "typo")
    return found


def _joined(library: Library, typed: Sequence[str], place: int) -> _Spellings:
    """This word and a neighbour written as one: `leicester shire`."""
    pairs = []
    if place > 0:
        pairs.append(typed[place - 1] + typed[place])
    if place + 1 < len(typed):
        pairs.append(typed[place] + typed[place + 1])
    pairs = [pair for pair in pairs if len(pair) >= 5]
    return {pair: _Spelling(0.97, "joined") for pair in library.frequencies(pairs)} if pairs else {}


def _halves(library: Library, word: str) -> _Spellings:
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
    return {f"{left} {rest}": _Spelling(0.93, "split")}


def _add_synonyms(library: Library, typed: Sequence[str], spellings: Sequence[_Spellings]) -> None:
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
                        _add(spellings[i], {meant: _Spelling(SYNONYM, "synonym")})


def _doubted(library: Library, word: str, known: _Spellings) -> _Spellings:
    """A word that stands in the data may still be a slip for another one."""
    if word in STOP_WORDS or known.get(word, _Spelling(0, "")).how != "exact":
        return known
    more = {other: _Spelling(DOUBT * spelling.similarity, "typo") for other, spelling in _typos(library, word).items() if other != word}
    return {**more, **known}


class _Ranking:
    """The records that the spellings of a query lead to, best first."""

    def __init__(self, library: Library, typed: Sequence[str], spellings: Sequence[_Spellings], allowed: set[int]) -> None:
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
        sure = any(
            spelling.how in ("exact", "prefix", "joined", "split", "synonym")
            for known, counts in zip(spellings, content, strict=True)
            if counts
            for spelling in known.values()
        )
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

    def _records(self, spellings: _Spellings, allowed: set[int]) -> dict[int, _Best]:
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
            here = {n: _WEIGHTS[mark & _MARKS] for n, mark in zip(postings.numbers, postings.marks, strict=True)}
            records = {n: min(records[n], weight) for n, weight in here.items() if n in records} if place else here
        return records.items()

    def _weight(self, word: str, spellings: _Spellings) -> float:
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
        return max((_covered(name, found) for name in names), default=0.0)


def _rounded(parts: Sequence[float], whole: int) -> list[int]:
    """The parts as whole numbers in the same proportion that add up to `whole`, the largest remainders rounded up."""
    exact = [part * whole / sum(parts) for part in parts]
    floors = [int(part) for part in exact]
    most_left = sorted(range(len(parts)), key=lambda i: (floors[i] - exact[i], i))
    for i in most_left[: whole - sum(floors)]:
        floors[i] += 1
    return floors


def _covered(name: str, found: set[str]) -> float:
    """The share of a name's words that were found; the words that are in every sentence count little."""
    weights = [(part, NAME_STOP_WEIGHT if part in STOP_WORDS else 1.0) for part in words.split(name)]
    whole = sum(weight for _, weight in weights)
    return sum(weight for part, weight in weights if part in found) / whole if whole else 0.0


def _names(library: Library, entry: Entry) -> list[tuple[float, str]]:
    """What a record is called, and how far that names it: its own names first, then places and partners."""
    names = [(0.98, alias) for alias in entry.fields["aliases"]]
    for field in library.kinds[entry.kind].fields:
        if field.form in ("id", "text") and field.weight >= NAMED and field.name != "aliases":
            value = entry.fields[field.name]
            names += [(1.0 if field.weight >= TITLE else 0.9, one) for one in (value if field.many else [value]) if one]
    return names


def _name_fit(library: Library, hit: Hit) -> float:
    """How well a hit's names answer to what was typed, from 0 to 1."""
    found = {part for match in hit.matches for part in match.found.split()}
    return max(weight * _covered(name, found) for weight, name in _names(library, hit.entry)) * min(1.0, hit.score / 60)


def _is_name(entry: Entry, name: str) -> bool:
    return words.slug(name) in {words.slug(known) for known in (entry.id, entry.name, *entry.fields["aliases"])}


def _ambiguous(name: str, rivals: Sequence[Entry]) -> NotFound:
    suggestions = [f"{entry.kind}:{entry.id}" for entry in rivals[:6]]
    return NotFound(
        f"{quoted(name)} fits more than one record",
        hint=f"Try: p2p show {suggestions[0]}",
        suggestions=suggestions,
    )


def _corrected(hits: Sequence[Hit]) -> dict[str, str]:
    if not hits:
        return {}
    return {match.word: match.found for match in hits[0].matches if match.how in ("typo", "split")}


def _suggestions(library: Library, typed: Sequence[str]) -> list[str]:
    """The query with each word that stands nowhere replaced by the nearest word that stands somewhere."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    nearest = []
    for word in typed:
        known = len(word) < 4 or library.frequencies([word])
        near = [] if known else sorted(library.spelt_like(word[0], len(word) - 2, len(word) + 2))
        close = process.extractOne(word, near, scorer=OSA.distance, score_cutoff=2)
        nearest.append(close[0] if close else word)
    return [" ".join(nearest)] if nearest != list(typed) else []
