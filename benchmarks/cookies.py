"""How many cookies that no record knows are sorted rightly, wrongly or not at all.

    python benchmarks/cookies.py [--misses] [FILE]

cookies.tsv holds names from public lists, each with the category that its stated purpose belongs to, written down without
sight of the clues, and the categories that an honest reader would also accept: they count as right, but not as "the
first". The misses of one half were looked at when the clues were written; those of the other half were not. "clues alone"
asks the same of the bundled records themselves, with the records taken away.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from p2p_toolkit.consent.rules import NECESSARY, UNCLASSIFIED, Rules
from p2p_toolkit.library import Library, open_library


class Labelled(NamedTuple):
    name: str
    domain: str
    first: str
    right: frozenset[str]
    seen: bool = True


class WithoutRecords:
    """A library of the same clues and of no cookies."""

    def __init__(self, library: Library) -> None:
        self.cookie_clues = library.cookie_clues

    def all(self, _: str) -> Iterable[object]:
        return ()


def labelled(path: Path) -> list[Labelled]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Labelled(
            row["name"],
            row["domain"],
            row["category"],
            frozenset({row["category"], *filter(None, row["also"].split(","))}),
            row["half"] == "seen",
        )
        for row in rows
    ]


def own(library: Library) -> list[Labelled]:
    return [
        Labelled(
            entry.fields["pattern"].replace("*", "x1"),
            next(iter(entry.fields["domains"]), ""),
            entry.fields["category"],
            frozenset({entry.fields["category"]}),
        )
        for entry in library.all("cookie")
    ]


def count(rules: Rules, cookies: Iterable[Labelled], *, domains: bool, misses: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    for one in cookies:
        verdict = rules.classify(one.name, one.domain if domains else "")
        known = verdict.category != UNCLASSIFIED
        counts["asked"] += 1
        counts["right" if verdict.category in one.right else "wrong" if known else "unclassified"] += 1
        counts["the first"] += verdict.category == one.first
        counts["wrongly necessary"] += verdict.category == NECESSARY and NECESSARY not in one.right
        if misses and known and verdict.category not in one.right:
            print(f"{one.name}\t{one.domain}\t{verdict.category}, not {'/'.join(sorted(one.right))}\t{verdict.why}", file=sys.stderr)
    return counts


def main() -> None:
    given = [argument for argument in sys.argv[1:] if argument != "--misses"]
    misses = "--misses" in sys.argv
    library = open_library()
    cookies = labelled(Path(given[0]) if given else Path(__file__).parent / "cookies.tsv")
    clues = Rules(WithoutRecords(library))  # type: ignore[arg-type]  # only these two are asked of it
    print("| cookies | asked | right | the first | wrong | wrongly necessary | unclassified |\n| --- | --- | --- | --- | --- | --- | --- |")
    for label, rules, some, domains in (
        ("not in the records, half not looked at", Rules(library), [one for one in cookies if not one.seen], True),
        ("the same, by their names alone", Rules(library), [one for one in cookies if not one.seen], False),
        ("not in the records, half looked at", Rules(library), [one for one in cookies if one.seen], True),
        ("the bundled records, clues alone", clues, own(library), False),
    ):
        counts = count(rules, some, domains=domains, misses=misses)
        shares = [
            f"{100 * counts[what] / counts['asked']:.1f}" for what in ("right", "the first", "wrong", "wrongly necessary", "unclassified")
        ]
        print(f"| {label} | {counts['asked']} | {' | '.join(shares)} |")


if __name__ == "__main__":
    main()
