"""Cookies in rows: Netscape's cookies.txt, a table copied from a browser's developer tools, and a plain list of names.

Python's `MozillaCookieJar` is not used: it refuses a whole file for one bad line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from p2p_toolkit.consent.cookies import Seen
from p2p_toolkit.consent.readers.gathered import Gathered, host, path, same_site

Lines = Iterable[tuple[int, str | None]]

_HTTP_ONLY = "#HttpOnly_"
_NETSCAPE_FIELDS = 7
_HEADING = re.compile(r"# (Netscape )?HTTP Cookie File", re.IGNORECASE)

# The order in which Chrome copies its table. The columns after these say nothing that is kept.
_CHROME = ("name", "value", "domain", "path", "expires", "size", "httponly", "secure", "samesite")
_FEWEST_COLUMNS = 5
_TICKS = {"✓", "✔", "true", "yes"}


def is_netscape(line: str) -> bool:
    fields = line.removeprefix(_HTTP_ONLY).split("\t")
    return bool(_HEADING.match(line)) or (len(fields) >= _NETSCAPE_FIELDS and _flag(fields[1]) is not None and _flag(fields[3]) is not None)


def read_netscape(lines: Lines, found: Gathered) -> None:
    """Seven fields between tabs: domain, for hosts below it, path, secure, expiry, name, value; see curl's http-cookies page.

    A line that begins with `#` is a comment, except after `#HttpOnly_`.
    """
    for number, line in lines:
        where = f"line {number}"
        if line is None:
            found.skip(where, "a line of more than 1 MB")
            continue
        http_only = line.startswith(_HTTP_ONLY)
        if line.strip() and (http_only or not line.startswith("#")):
            _read_row(where, line.removeprefix(_HTTP_ONLY), http_only, found)


def _read_row(where: str, line: str, http_only: bool, found: Gathered) -> None:
    # A tab further on belongs to the value.
    fields = line.split("\t", _NETSCAPE_FIELDS - 1)
    if len(fields) < _NETSCAPE_FIELDS:
        found.skip(where, f"{len(fields)} {'field' if len(fields) == 1 else 'fields'} instead of {_NETSCAPE_FIELDS}")
        return
    domain, below, place, secure, expiry, name, value = fields
    if not host(domain):
        found.skip(where, "no domain in its first field")
        return
    below_too = _flag(below)
    lifetime = found.left(expiry)
    seen = Seen(
        name.strip(" "),
        host(domain),
        path(place),
        lifetime,
        left=bool(lifetime),
        host_only=None if below_too is None else not below_too,
        http_only=http_only,
        secure=_flag(secure),
    )
    found.set(where, seen, value.strip(" "))


def _flag(text: str) -> bool | None:
    return {"TRUE": True, "FALSE": False}.get(text.strip().upper())


def is_devtools(line: str) -> bool:
    cells = line.split("\t")
    return len(cells) >= _FEWEST_COLUMNS and bool(_columns(line) or (host(cells[2]) and path(cells[3])))


def read_devtools(lines: Lines, found: Gathered) -> None:
    """Rows in Chrome's order, or in the order that a heading line names, as Firefox's and Safari's tables have it."""
    columns: Sequence[str] = _CHROME
    for number, line in lines:
        where = f"line {number}"
        if line is None:
            found.skip(where, "a line of more than 1 MB")
        elif headings := _columns(line):
            columns = headings
        elif line.strip():
            _read_cells(where, dict(zip(columns, line.split("\t"), strict=False)), found)


def _read_cells(where: str, cells: dict[str, str], found: Gathered) -> None:
    # A value with a line break makes rows that are none; nothing of them may pass for a name.
    if "domain" in cells and not host(cells["domain"]):
        found.skip(where, "no domain in its column")
        return
    if "domain" not in cells or "name" not in cells:
        found.skip(where, "too few columns")
        return
    lifetime = found.left(cells["expires"]) if "expires" in cells else None
    seen = Seen(
        cells["name"].strip(" "),
        host(cells["domain"]),
        path(cells.get("path")),
        lifetime,
        left=bool(lifetime),
        host_only=not cells["domain"].strip().startswith("."),
        http_only=_ticked(cells, "httponly"),
        secure=_ticked(cells, "secure"),
        same_site=same_site(cells.get("samesite")),
    )
    found.set(where, seen, cells.get("value", ""))


def _ticked(cells: dict[str, str], column: str) -> bool | None:
    return cells[column].strip().lower() in _TICKS if column in cells else None


def _columns(line: str) -> list[str]:
    """The columns that a heading line names, in one spelling for all browsers; none where the line is a row."""
    cells = [re.sub(r"[^a-z]", "", cell.lower()) for cell in line.split("\t")]
    cells = ["expires" if cell.startswith("expires") else cell for cell in cells]
    return cells if "name" in cells and "domain" in cells else []


def read_names(lines: Lines, found: Gathered) -> int:
    """One name on each line, or several between commas; `#` begins a comment. The count of what was no name."""
    refused = 0
    for number, line in lines:
        if line is None:
            found.skip(f"line {number}", "a line of more than 1 MB")
            refused += 1
            continue
        listed = "" if line.lstrip().startswith("#") else line.partition(" #")[0]
        for name in filter(None, (part.strip().strip("'\"") for part in listed.split(","))):
            if re.search(r"[\s<>{}();\\]", name):
                found.skip(f"line {number}", "spaces, brackets or other signs that no cookie's name has")
                refused += 1
            else:
                found.set(f"line {number}", Seen(name))
    return refused
