"""How often the right record comes first: ours beside a naive engine and SQLite's own full-text search.

    python benchmarks/quality.py [--misses]

The queries are those of queries.toml, written by hand from the sources of the data without looking at its
aliases or at any ranking, and misspelt, shuffled, joined, split and unfinished names made with a fixed seed.
For nonsense the figure is the share that was rightly left unanswered.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
import tomllib
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from rapidfuzz import fuzz, process

from p2p_toolkit import search, words
from p2p_toolkit.library import Library, open_library, searched

SEED = 20261122
KEYS = "qwertyuiop asdfghjkl zxcvbnm"


class Query(NamedTuple):
    text: str
    type: str
    accept: frozenset[str]


class Record(NamedTuple):
    reference: str
    name: str
    text: str


def written() -> list[Query]:
    data = tomllib.loads((Path(__file__).parent / "queries.toml").read_text(encoding="utf-8"))
    return [Query(query["text"], query["type"], frozenset(query.get("accept", []))) for query in data["query"]]


def slip(word: str, chance: random.Random) -> str:
    """One slip of the finger: a letter lost, doubled by a neighbour, put in, or swapped with the next."""
    place = chance.randrange(1, len(word))
    kind = chance.choices(["lose", "near", "add", "swap"], [30, 25, 20, 25])[0]
    at = KEYS.find(word[place])
    near = KEYS[at + 1] if 0 <= at < len(KEYS) - 1 and KEYS[at + 1] != " " else KEYS[at - 1]
    if kind == "lose":
        return word[:place] + word[place + 1 :]
    if kind == "near":
        return word[:place] + near + word[place + 1 :]
    if kind == "add":
        return word[:place] + near + word[place:]
    return word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :]


def generated(records: list[Record]) -> list[Query]:
    """Queries made from names, of each type for every record whose name allows it."""
    chance = random.Random(SEED)
    queries = []
    for record in records:
        parts = words.split(record.name)
        accept = frozenset(one.reference for one in records if words.split(one.name) == parts)
        content = [place for place, part in enumerate(parts) if len(part) >= 4 and part not in search.STOP_WORDS]

        def add(kind: str, changed: list[str], accept: frozenset[str] = accept) -> None:
            queries.append(Query(" ".join(changed), kind, accept))

        add("exact", parts)
        for kind, slips in (("one typo", 1), ("two typos", 2)):
            if len(content) >= slips:
                changed = list(parts)
                for place in chance.sample(content, slips):
                    changed[place] = slip(changed[place], chance)
                add(kind, changed)
        if len(parts) >= 3:
            add("word order", chance.sample(parts, len(parts)))
        if len(content) >= 3:
            add("partial", [parts[place] for place in sorted(chance.sample(content, 2))])
        if len(parts) >= 2:
            place = chance.randrange(len(parts) - 1)
            add("joined", [*parts[:place], parts[place] + parts[place + 1], *parts[place + 2 :]])
        long = [place for place in content if len(parts[place]) >= 7]
        if long:
            place = chance.choice(long)
            cut = chance.randrange(3, len(parts[place]) - 2)
            add("split", [*parts[:place], parts[place][:cut], parts[place][cut:], *parts[place + 1 :]])
        if len(parts[-1]) >= 6:
            add("unfinished", [*parts[:-1], parts[-1][:-3]])
    return queries


def ours(library: Library) -> Callable[[str], list[str]]:
    return lambda query: [f"{hit.entry.kind}:{hit.entry.id}" for hit in search.find(library, query, limit=3).hits]


def naive(records: list[Record]) -> Callable[[str], list[str]]:
    """What a first version would do: rapidfuzz's WRatio over whole records, with its usual cut-off."""
    texts = {record.reference: words.fold(record.text) for record in records}
    return lambda query: [found[2] for found in process.extract(words.fold(query), texts, scorer=fuzz.WRatio, limit=3, score_cutoff=60)]


def full_text(records: list[Record]) -> Callable[[str], list[str]]:
    """SQLite's FTS5 as it comes: all words, else any word, ranked by bm25 with the name weighing more."""
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table doc using fts5(reference unindexed, name, body, tokenize = 'porter unicode61')")
    connection.executemany("insert into doc values (?, ?, ?)", records)

    def answer(query: str) -> list[str]:
        parts = [f'"{part}"' for part in words.split(query)]
        for by in (" ", " OR "):
            rows = (
                connection.execute(
                    "select reference from doc where doc match ? order by bm25(doc, 0, 5, 1) limit 3", (by.join(parts),)
                ).fetchall()
                if parts
                else []
            )
            if rows:
                return [reference for (reference,) in rows]
        return []

    return answer


def main() -> None:
    library = open_library()
    entries = [entry for kind in library.usual_kinds for entry in library.all(kind)]
    records = [
        Record(
            f"{entry.kind}:{entry.id}", entry.name, " ".join(text.text for text in searched(library.kinds[entry.kind].fields, entry.fields))
        )
        for entry in entries
    ]
    queries = generated(records) + written()
    by_type: dict[str, list[Query]] = defaultdict(list)
    for query in queries:
        by_type[query.type].append(query)
    engines = {"ours": ours(library), "WRatio over records": naive(records), "FTS5 alone": full_text(records)}
    print(f"{len(records)} records, {len(queries)} queries; first / in the first three, in per cent\n")
    print(f"| type | queries | {' | '.join(engines)} |\n| --- | --- | {' | '.join('---' for _ in engines)} |")
    times: dict[str, list[float]] = defaultdict(list)
    misses = []
    for kind, some in by_type.items():
        cells = []
        for name, engine in engines.items():
            first = three = 0
            for query in some:
                start = time.perf_counter()
                found = engine(query.text)
                times[name].append(time.perf_counter() - start)
                first += found[:1] == [] if not query.accept else bool(found) and found[0] in query.accept
                three += not found if not query.accept else bool(query.accept.intersection(found))
                if name == "ours" and (bool(found) if not query.accept else not query.accept.intersection(found)):
                    misses.append((kind, query.text, sorted(query.accept), found))
            cells.append(f"{100 * first / len(some):.0f} / {100 * three / len(some):.0f}")
        print(f"| {kind} | {len(some)} | {' | '.join(cells)} |")
    print(f"| middle time, ms | | {' | '.join(f'{1000 * median(times[name]):.1f}' for name in engines)} |")
    if "--misses" in sys.argv:
        print()
        for miss in misses:
            print(*miss, sep=" | ")


if __name__ == "__main__":
    main()
