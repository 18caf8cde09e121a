"""The Open Cookie Database (Apache License 2.0) as records of one's own: names, makers and lifetimes, without its descriptions.

Its category "Functional" means both strictly necessary and extras, so the maker or the name has to decide; what neither decides is
functional, on weak evidence, and never necessary.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from p2p_toolkit.consent.lifetimes import usual
from p2p_toolkit.consent.rules import NECESSARY, Rules
from p2p_toolkit.errors import CannotRead, Fault
from p2p_toolkit.kinds import check, kind_of
from p2p_toolkit.library import Library
from p2p_toolkit.words import slug

COLUMNS = ("Platform", "Category", "Cookie / Data Key name", "Domain", "Retention period", "Wildcard match")
SOURCE = {
    "title": "Open Cookie Database",
    "publisher": "jkwakman/Open-Cookie-Database",
    "url": "https://github.com/jkwakman/Open-Cookie-Database",
    "note": "Apache License 2.0; read from a file",
}
LARGEST_FILE = 20_000_000

_PLAIN = {"Necessary": NECESSARY, "Security": NECESSARY, "Personalization": "functional", "Marketing": "advertisement"}
# Names that a reader cannot act on, such as "the site's own" (1st party), leave the name to decide alone.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_OWN_DOMAIN = re.compile(r"1st party|first party|advertiser|website|publisher|your ", re.IGNORECASE)
_COUNT = re.compile(r"\s*\[x\d+\]$")
_BLANK = re.compile(r"<[^>]*>|\{[^}]*\}|\[[^\]]*\]|[*#]+|#+")
_SESSION = re.compile(r"^(end of )?sessions?\b", re.IGNORECASE)
# A shorter beginning would swallow names of others; a name of so few letters is nobody's own.
_SHORTEST_BEGINNING = 3
_SHORT_NAME = 3
_LONGEST_RETENTION = 60


class Imported(NamedTuple):
    """What came of files: records of the kind cookie as plain data, how many rows p2p's own records cover already, and
    what was left out, with its line."""

    records: list[dict[str, Any]]
    known: int
    faults: list[Fault]


class _Row(NamedTuple):
    line: int
    platform: str
    category: str
    name: str
    domain: str
    retention: str
    wildcard: str


def is_one(start: str) -> bool:
    """Whether a file that begins so is this database."""
    return all(column in start.partition("\n")[0] for column in COLUMNS)


def read(path: Path) -> str:
    """The text of the file. Raises CannotRead where it is too large, no text, or cannot be opened."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CannotRead(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > LARGEST_FILE:
        raise CannotRead(f"{path} is larger than {LARGEST_FILE // 1_000_000} MB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CannotRead(f"{path} is no text in UTF-8: byte {error.start} is something else") from None


def convert(library: Library, texts: Iterable[tuple[str, str]]) -> Imported:
    """The rows of some files, each named and given as text, as records. `library` is the bundled one, whose records stay in force.

    Raises CannotRead where a text is no CSV with the database's columns.
    """
    rules = Rules(library)
    makers = [(one["category"], {slug(name) for name in one["names"]}) for one in library.cookie_clues["makers"]]
    records: dict[tuple[str, ...], dict[str, Any]] = {}
    faults: list[Fault] = []
    ids: Counter[str] = Counter()
    known = 0
    for file, row in ((name, row) for name, text in texts for row in _rows(text, name)):
        pattern, mistake = _pattern(row)
        hosts = _domains(row.domain)
        known_elsewhere = _is_known(rules, pattern, "")
        # A name that is nobody's own, or that p2p knows from elsewhere, means this only where the row says that it does.
        domains = hosts if known_elsewhere or len(pattern.rstrip("*")) <= _SHORT_NAME else ()
        category = _category(rules, makers, row)
        mistake = mistake or ("" if category else "one of the database's categories")
        key = pattern, category, *domains
        if mistake:
            faults.append(Fault(file=file, record=f"line {row.line}", wanted=mistake))
        elif any(_is_known(rules, pattern, host) for host in hosts) if hosts else known_elsewhere:
            known += 1
        elif key not in records:
            record = _record(row, pattern, category, domains, ids)
            mistakes = check(kind_of("cookie"), record, file=file)
            faults += [one._replace(record=f"line {row.line}") for one in mistakes]
            if not mistakes:
                records[key] = record
    return Imported(list(records.values()), known, faults)


def _rows(text: str, file: str) -> Iterator[_Row]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        if not set(COLUMNS) <= set(reader.fieldnames or ()):
            raise CannotRead(f"{file} is not the Open Cookie Database", hint=f"Its first line names the columns {', '.join(COLUMNS)}.")
        for row in reader:
            yield _Row(reader.line_num, *(" ".join((row[column] or "").split()) for column in COLUMNS))
    except csv.Error as error:
        raise CannotRead(f"{file} is no CSV: {error}") from None


def _pattern(row: _Row) -> tuple[str, str]:
    """The name as a pattern, and what would have been right where there is none.

    A wildcard row means every name that begins so. Placeholders such as `<BannerID>` stand for anything.
    """
    name = _BLANK.sub("*", _COUNT.sub("", row.name.strip()))
    name = re.sub(r"\*+", "*", name + ("*" if row.wildcard == "1" else ""))
    if not name or " " in name or not name.isprintable():
        return "", "the name of a cookie, without spaces"
    if "*" in name and len(name.partition("*")[0]) < _SHORTEST_BEGINNING:
        return "", f"a beginning of at least {_SHORTEST_BEGINNING} characters; a shorter one swallows other names"
    return name, ""


def _domains(cell: str) -> tuple[str, ...]:
    """The hosts that a row binds a name to; none where it also speaks of the visited site."""
    if _OWN_DOMAIN.search(cell):
        return ()
    return tuple(dict.fromkeys(_HOST.findall(cell.lower())))


def _category(rules: Rules, makers: Iterable[tuple[str, set[str]]], row: _Row) -> str:
    """Our category for one of the database's, "" for a word that is none of its categories."""
    maker = next((category for category, names in makers if slug(row.platform) in names), "")
    if row.category == "Analytics":
        return maker if maker == "performance" else "analytical"
    if row.category == "Functional":
        if maker:
            return maker
        suggested = rules.classify(row.name).category
        return suggested if suggested in (NECESSARY, "functional", "performance") else "functional"
    return _PLAIN.get(row.category, "")


def _is_known(rules: Rules, pattern: str, domain: str) -> bool:
    """Whether one of p2p's own records decides about this name, or has this very pattern."""
    return ("*" in pattern and pattern in rules.patterns) or rules.classify(pattern.replace("*", ""), domain).record is not None


def _record(row: _Row, pattern: str, category: str, domains: tuple[str, ...], ids: Counter[str]) -> dict[str, Any]:
    base = f"ocd-{slug(pattern) or 'cookie'}"
    ids[base] += 1
    retention = "session" if _SESSION.match(row.retention) else row.retention
    record: dict[str, Any] = {
        "id": base if ids[base] == 1 else f"{base}-{ids[base]}",
        "name": pattern,
        "summary": f"Set by {row.platform or 'a program that is not named'} [1]."
        f" The Open Cookie Database lists it under {row.category} [1].",
        "sources": [SOURCE],
        "pattern": pattern,
        "generic": not domains and len(pattern.rstrip("*")) <= _SHORT_NAME,
        "platform": row.platform or "not named",
        "category": category,
        "purpose": f"Listed under {row.category} in the Open Cookie Database",
        "retention": retention if len(retention) <= _LONGEST_RETENTION and usual(retention) else None,
        "domains": list(domains),
        "storage": "cookie",
        "staff_only": False,
        "confidence": "low",
        "checked": "database",
    }
    return {name: value for name, value in record.items() if value not in (None, [], False) or name == "staff_only"}
