"""Finds sentences of the data that were copied: eight words in a row that also stand in some other text.

    python tests/copied.py FOLDER

FOLDER holds the notes or pages that the records were written from, as text or Markdown. Prints each run of
equal words with the record it stands in, and exits with 1 if there is any.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from p2p_toolkit import kinds, store
from p2p_toolkit.fields import fields_of

RUN = 8
_WORD = re.compile(r"[a-z0-9£%]+(?:[.,]\d+[a-z]*)*")


def words_of(text: str) -> list[str]:
    """The words of a text without source markers and signs, so that only the wording is compared."""
    return _WORD.findall(re.sub(r"\[\d+\w?\]", " ", text.lower()))


def copied(folder: Path) -> Iterator[str]:
    """One line for each piece of prose that shares a run of words with a text in the folder."""
    known: set[tuple[str, ...]] = set()
    for path in sorted((*folder.rglob("*.md"), *folder.rglob("*.txt"))):
        words = words_of(path.read_text(encoding="utf-8"))
        known.update(tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))
    for one in store.read_bundled():
        for text in kinds.prose_of(fields_of(one.kind.record), one.table):
            words = words_of(text)
            runs = [i for i in range(len(words) - RUN + 1) if tuple(words[i : i + RUN]) in known]
            if runs:
                yield f"{one.kind.name}:{one.table['id']}: {' '.join(words[runs[0] : runs[-1] + RUN])}"


if __name__ == "__main__":
    found = list(copied(Path(sys.argv[1])))
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.exit(bool(found))
