"""Cookies as HTTP writes them: `Set-Cookie` and `Cookie` headers, and the text of document.cookie.

Python's `http.cookies` is not used: it drops cookies, without an error, for an attribute that it does not know, a JSON value, a space or
a bracket.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from p2p_toolkit.consent.cookies import Seen
from p2p_toolkit.consent.readers.dates import cookie_date, max_age
from p2p_toolkit.consent.readers.gathered import Gathered, host, path, same_site
from p2p_toolkit.consent.sites import covers

# Before 2001: no cookie was ever meant to end then, so its server takes it back.
LONG_AGO = 978_307_200

_ATTRIBUTES = {"domain", "expires", "httponly", "max-age", "partitioned", "path", "priority", "samesite", "secure"}
# As in a log of curl, with or without -v.
_HEADER = re.compile(r"[<>]?[ \t]*([A-Za-z0-9-]+)[ \t]*:(.*)", re.DOTALL)
_STATUS = re.compile(r"[<>]?[ \t]*(?:HTTP/[0-9]|$)")
# What RFC 6265bis, a draft, section 5.6, step 1 refuses in a whole Set-Cookie header.
_REFUSED = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
# RFC 6265bis, section 5.6: an attribute with a longer value is ignored.
_LONGEST_ATTRIBUTE = 1024


class Answer(NamedTuple):
    """Where and when a server set a cookie. `known`: the moment is that of its answer, not that of the file."""

    at: float
    known: bool
    host: str = ""
    path: str = ""
    site: str = ""
    number: int = 0


def set_cookie(where: str, text: str, answer: Answer, found: Gathered) -> None:
    """The cookie of one Set-Cookie header (RFC 6265bis, a draft, sections 5.6 and 5.7), or why there is none."""
    if _REFUSED.search(text):
        found.skip(where, "control characters in a Set-Cookie header, which browsers refuse")
        return
    pair, *rest = text.split(";")
    name, equals, value = pair.partition("=")
    name = name.strip(" \t")
    if not equals or not name:
        found.skip(where, "a cookie without a name")
        return
    attributes = dict(_attributes(rest))
    domain = host(attributes.get("domain", ""))
    if domain and answer.host and not covers(domain, answer.host):
        found.skip(where, "a cookie for another host than its own, which browsers refuse")
        return
    lifetime, gone = _lifetime(attributes, value.strip(" \t"), answer)
    if gone:
        found.delete(name, domain or answer.host)
        return
    seen = Seen(
        name,
        domain or answer.host,
        path(attributes.get("path")) or answer.path,
        lifetime,
        left=bool(lifetime) and not answer.known and max_age(attributes.get("max-age", "")) is None,
        host_only=not domain,
        http_only="httponly" in attributes,
        secure="secure" in attributes,
        same_site=same_site(attributes.get("samesite")),
        site=answer.site,
        set_by=answer.host,
        first=answer.number,
        last=answer.number,
    )
    found.set(where, seen, value.strip(" \t"))


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """The names and values of a Cookie header or of document.cookie; the name is "" where a part has none."""
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            yield name.strip(" \t"), value.strip(" \t")
        elif part.strip():
            yield "", ""


def read_headers(lines: Iterable[tuple[int, str | None]], found: Gathered) -> None:
    """A log of HTTP headers, or lines like `a=1; Path=/`. `Cookie` headers among them are read, too."""
    answer = Answer(found.saved, known=False)
    # In a log the bodies stand among the headers, and their lines are no cookies, whatever they look like.
    is_log = False
    for number, line in lines:
        where = f"line {number}"
        if line is None:
            found.skip(where, "a line of more than 1 MB")
            continue
        header = _HEADER.match(line)
        name = header[1].lower() if header else ""
        if _STATUS.match(line):
            answer = Answer(found.saved, known=False)
        elif header and name == "set-cookie":
            set_cookie(where, header[2], answer, found)
        elif header and name == "cookie":
            _read_pairs(where, header[2], found)
        elif header and name == "date" and (at := cookie_date(header[2])):
            answer = Answer(at, known=True)
        elif not is_log and is_bare(line):
            set_cookie(where, line, answer, found)
        elif not is_log and "=" in line and not header and not line.lstrip().startswith(("#", "*")):
            found.skip(where, "no header, and no cookie with its attributes")
        is_log = is_log or name in ("set-cookie", "cookie") or bool(line.strip() and _STATUS.match(line))


def read_document_cookie(lines: Iterable[tuple[int, str | None]], found: Gathered) -> None:
    """The text of document.cookie, on one line or on several."""
    for number, line in lines:
        if line is None:
            found.skip(f"line {number}", "a line of more than 1 MB")
        elif not line.lstrip().startswith("#"):
            _read_pairs(f"line {number}", line.strip().strip("'\""), found)


def is_header(line: str, name: str) -> bool:
    header = _HEADER.match(line)
    return header is not None and header[1].lower() == name


def is_bare(line: str) -> bool:
    """Whether this is a cookie with attributes, as a Set-Cookie header has it, but without the header's name."""
    first, *rest = line.split(";")
    names = {part.partition("=")[0].strip().lower() for part in rest} - {""}
    # A comment, or a word of curl's.
    aside = first.lstrip().startswith(("# ", "* "))
    return "=" in first and bool(names) and names <= _ATTRIBUTES and not aside


def _read_pairs(where: str, text: str, found: Gathered) -> None:
    for name, value in pairs(text):
        if name:
            found.sent(where, name, "", value=value)
        else:
            found.skip(where, "a cookie without a name")


def _attributes(parts: Iterable[str]) -> Iterator[tuple[str, str]]:
    for part in parts:
        name, _, value = part.partition("=")
        if len(value) <= _LONGEST_ATTRIBUTE:
            yield name.strip(" \t").lower(), value.strip(" \t")


def _lifetime(attributes: dict[str, str], value: str, answer: Answer) -> tuple[int | None, bool]:
    """The seconds that the server asked for, and whether it takes the cookie back instead."""
    seconds = max_age(attributes.get("max-age", ""))
    if seconds is not None:
        return seconds, seconds <= 0
    if "expires" not in attributes or (expires := cookie_date(attributes["expires"])) is None:
        return 0, False
    if expires > answer.at:
        return round(expires - answer.at), False
    # Without the moment of the answer, a date in the past may just mean an old file.
    return None, answer.known or expires < LONG_AGO or value in ("", '""', "deleted")


def looks_like(sample: list[str]) -> str:
    """Which of these formats the lines are in, or ""."""
    if any(is_header(line, "set-cookie") for line in sample):
        return "set-cookie"
    if any(is_header(line, "cookie") for line in sample):
        return "cookie-header"
    if any(is_bare(line) for line in sample):
        return "set-cookie"
    return "document-cookie" if any("=" in line and not line.lstrip().startswith("#") for line in sample) else ""
