"""What a library of up to a million records costs: to index, to keep, to search.

Run with the Python of an installed p2p, as `python benchmarks/scale.py [SIZE ...]`. The records are made of the words
of the bundled ones, half of a name and half of another, with invented proper names among them; the seed is fixed, and they are written
as a stream of JSON Lines files.
"""

from __future__ import annotations

import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from p2p_toolkit import search, words
from p2p_toolkit.library import Library, open_library, read_index
from p2p_toolkit.library.opening import SHIPPED
from p2p_toolkit.library.workers import AT_ONCE

SEED = 20261123
SIZES = (1_000, 10_000, 100_000, 1_000_000)
RECORDS_IN_A_FILE = 50_000
QUERIES = 50
SOURCE = {"title": "Contract notice", "publisher": "A council", "url": "https://example.org/notice"}
SYLLABLES = "ba bel bre cal car dun el fen gar hal hol ing ker lan lor mar mel nor or pen ral sal sto tan tor ul ver wen wick yar".split()
PROCESSES = 15


class Words:
    """The material: beginnings and ends of names and of sentences, and places."""

    def __init__(self, library: Library) -> None:
        entries = [entry for kind in library.usual_kinds for entry in library.all(kind)]
        names = [entry.name.split() for entry in entries if len(entry.name.split()) >= 3]
        self.starts = [" ".join(name[: len(name) // 2]) for name in names]
        self.ends = [" ".join(name[len(name) // 2 :]) for name in names]
        texts = " ".join(json.dumps(list(_texts(entry.fields)), ensure_ascii=False) for entry in entries)
        sentences = [part.split() for part in texts.replace('"', " ").split(".")]
        whole = [one for one in sentences if len(one) >= 12 and not any(c.isdigit() or c in "[]\\" for c in " ".join(one))]
        self.halves = [" ".join(one[:9]) for one in whole] + [" ".join(one[-9:]) for one in whole]
        self.places = sorted({place for entry in entries for place in entry.fields.get("places", [])})


def _texts(fields: dict[str, Any]) -> Iterator[str]:
    for value in fields.values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from _texts({name: text for name, text in one.items() if name not in ("url", "title", "publisher")})
            elif isinstance(one, str) and " " in one:
                yield one


def made_up(material: Words, size: int) -> Iterator[dict[str, Any]]:
    """So many records, the same each time."""
    chance = random.Random(SEED)
    for number in range(size):
        proper = "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize()
        name = f"{chance.choice(material.starts)} {chance.choice(material.ends)}"
        place = chance.choice(material.places)
        yield {
            "kind": "case",
            "id": f"notice-{number}",
            "name": f"{proper} {name}" if number % 2 else name,
            "summary": f"{chance.choice(material.halves)} and {chance.choice(material.halves)} [1].",
            "places": [place],
            "commissioners": [f"{place} Council"],
            "partners": [f"{proper} Trust"],
            "nation": "england",
            "sectors": ["health"],
            "sources": [SOURCE],
        }


def write_library(material: Words, size: int, folder: Path) -> list[dict[str, Any]]:
    """Write the records into files, and give back some of them by chance."""
    chance = random.Random(SEED + 1)
    sample: list[dict[str, Any]] = []
    file = None
    for number, record in enumerate(made_up(material, size)):
        if number % RECORDS_IN_A_FILE == 0:
            if file:
                file.close()
            file = (folder / f"notices-{number // RECORDS_IN_A_FILE:03}.jsonl").open("w", encoding="utf-8")
        file.write(json.dumps(record, ensure_ascii=False) + "\n")
        if number < 3 * QUERIES:
            sample.append(record)
        elif (place := chance.randrange(number + 1)) < 3 * QUERIES:
            sample[place] = record
    file.close()
    return sample


def queries_of(library: Library, sample: list[dict[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    """For each type of query some texts, each with the name of the record that is meant, if there is one."""
    chance = random.Random(SEED + 2)
    names, typos, sentences = sample[:QUERIES], sample[QUERIES : 2 * QUERIES], sample[2 * QUERIES :]
    frequent = [word for word in library.beginning_with("", 200) if word not in search.STOP_WORDS and len(word) > 3][:30]
    # What is loaded once in a process does not count for the first query.
    search.find(library, "warming up")
    return {
        "exact": [(record["name"], record["name"]) for record in names],
        "one typo": [(_slip(record["name"], chance), record["name"]) for record in typos],
        "sentence": [(" ".join(words.split(f"{record['name']} {record['summary']}")[:15]), record["name"]) for record in sentences],
        "common words": [(" ".join(chance.sample(frequent, chance.randint(1, 3))), "") for _ in range(QUERIES)],
    }


def _slip(name: str, chance: random.Random) -> str:
    parts = name.split()
    place = chance.choice([place for place, part in enumerate(parts) if len(part) >= 5] or [0])
    cut = chance.randrange(1, len(parts[place]) - 1)
    part = parts[place]
    parts[place] = part[:cut] + part[cut + 1 :] if chance.random() < 0.5 else part[: cut - 1] + part[cut] + part[cut - 1] + part[cut + 1 :]
    return " ".join(parts)


def build(folder: Path) -> None:
    """Index the folder and print what it took: done in a process of its own, so that its memory is its own."""
    start = time.perf_counter()
    opened = open_library(folder)
    taken = time.perf_counter() - start
    assert not opened.faults, opened.faults[:3]
    # All that work at the same time: this process, and its helpers at the size of the largest of them.
    own, largest = (resource.getrusage(whose).ru_maxrss / 1024 for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({"seconds": taken, "size": opened.size, "memory": own + AT_ONCE * largest}))


def measure(material: Words, size: int, work: Path) -> dict[str, Any]:
    folder, cache = work / str(size), work / f"cache-{size}"
    folder.mkdir()
    sample = write_library(material, size, folder)
    os.environ["XDG_CACHE_HOME"] = str(cache)
    built = json.loads(subprocess.run([sys.executable, __file__, "--build", str(folder)], capture_output=True, check=True).stdout)
    [index] = cache.rglob("*.sqlite")
    start = time.perf_counter()
    with (folder / "notices-000.jsonl").open("a") as file:
        file.write(json.dumps({**next(made_up(material, 1)), "id": "one-more"}) + "\n")
    library = open_library(folder)
    row: dict[str, Any] = {**built, "bytes": index.stat().st_size, "update": time.perf_counter() - start}
    times, right = [], 0
    for kind, queries in queries_of(library, sample).items():
        took = []
        for text, name in queries:
            start = time.perf_counter()
            found = search.find(library, text)
            took.append(1000 * (time.perf_counter() - start))
            right += bool(name) and bool(found.hits) and found.hits[0].entry.name == name
        row[kind] = (median(took), max(took))
        times += took
    row.update(middle=median(times), p95=quantiles(times, n=20)[-1], right=right / (3 * QUERIES))
    row["process"] = _processes(folder)
    return row


def _processes(folder: Path) -> float:
    """How long `p2p search` takes in the folder's library, as a multiple of the same in the bundled one."""
    ratios = []
    for _ in range(PROCESSES):
        taken = []
        for library in ([], ["--library", str(folder)]):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-m", "p2p_toolkit", "search", "oldham", "--json", *library], capture_output=True, check=True)
            taken.append(time.perf_counter() - start)
        ratios.append(taken[1] / taken[0])
    return median(ratios)


def main() -> None:
    if sys.argv[1:2] == ["--build"]:
        build(Path(sys.argv[2]))
        return
    if not read_index(SHIPPED):
        sys.exit("run this with the Python of an installed p2p: a checkout keeps its index in memory")
    material = Words(open_library())
    rows = {}
    heads = ("records", "built, s", "a second", "memory, MiB", "bytes a record", "one file changed, s", "middle, ms", "p95, ms")
    heads += ("exact", "one typo", "sentence", "common words", "first hit right", "process")
    print(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
    with tempfile.TemporaryDirectory() as work:
        for size in [int(size) for size in sys.argv[1:]] or SIZES:
            row = rows[size] = measure(material, size, Path(work))
            timed = (f"{row[kind][0]:.1f} / {row[kind][1]:.0f}" for kind in ("exact", "one typo", "sentence", "common words"))
            cells = (
                f"{size:,}", f"{row['seconds']:.1f}", f"{size / row['seconds']:,.0f}", f"{row['memory']:.0f}", f"{row['bytes'] / size:.0f}",
                f"{row['update']:.1f}", f"{row['middle']:.1f}", f"{row['p95']:.0f}", *timed, f"{row['right']:.0%}", f"{row['process']:.2f}",
            )  # fmt: skip
            print(f"| {' | '.join(cells)} |", flush=True)
    sizes = list(rows)
    for one, two in pairwise(sizes):
        slope = math.log(rows[two]["middle"] / rows[one]["middle"]) / math.log(two / one)
        print(f"slope of the middle time from {one:,} to {two:,}: {slope:.2f}")


if __name__ == "__main__":
    main()
