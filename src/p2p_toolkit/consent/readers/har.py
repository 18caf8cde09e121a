"""HAR 1.2: what a browser's Network tab saves of each exchange with a server.

haralyzer is not used: it shows only the first of several Set-Cookie headers, and wants the whole file in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from p2p_toolkit.consent.cookies import Seen
from p2p_toolkit.consent.readers.dates import SESSION, cookie_date, iso, moment
from p2p_toolkit.consent.readers.gathered import Gathered, host, host_of, path, same_site, truth
from p2p_toolkit.consent.readers.headers import Answer, pairs, set_cookie
from p2p_toolkit.consent.sites import covers

_COOKIE = {"name": None, "value": None, "path": None, "domain": None, "expires": None, "httpOnly": None, "secure": None, "sameSite": None}
_HEADER = {"name": None, "value": None}
_READ = {"cookie", "set-cookie", "date"}
_MESSAGE = {"headers": [_HEADER], "cookies": [_COOKIE]}
# What is kept of one entry while it is read. Bodies are not among it.
ENTRY = {"startedDateTime": None, "request": {"url": None, **_MESSAGE}, "response": _MESSAGE}

NO_COOKIES = (
    "This recording holds no cookies. Chrome and Edge leave them out of a HAR, unless it is saved with sensitive data: in the developer "
    "tools' settings, under Preferences, Network, allow to generate HAR with sensitive data; then hold down the export button."
)
SCRIPTS = "A HAR shows a cookie that a script set only where it is sent, mostly without its attributes."


class Recording:
    """The exchanges of a HAR, read one after another. `site`: the host of the first page."""

    def __init__(self, found: Gathered) -> None:
        self._found = found
        self._number = 0
        self._first = ""
        self._page = ""

    @property
    def site(self) -> str:
        return self._page or self._first

    def page(self, value: Any) -> None:
        # Chrome gives the address as a page's title.
        if isinstance(value, dict) and not self._page:
            self._page = host_of(value.get("title"))

    def entry(self, value: Any) -> None:
        """One exchange: what was sent, then what was set. Raises CannotRead where there are too many cookies."""
        where = f"exchange {self._number + 1:,}"
        request, response = (_part(value, name) for name in ("request", "response"))
        server = host_of(request.get("url"))
        if server:
            self._first = self._first or server
            started = iso(_part(value).get("startedDateTime"))
            if started is None:
                started = cookie_date(_headers(response).get("date", [""])[0])
            at = self._found.saved if started is None else started
            answer = Answer(at, started is not None, server, _default_path(request["url"]), self.site)
            # What a request sends was there before what its response sets.
            self._read_sent(where, request, answer._replace(number=2 * self._number))
            self._read_set(where, response, answer._replace(number=2 * self._number + 1))
        else:
            self._found.skip(where, "no address of the web")
        self._number += 1

    def _read_sent(self, where: str, request: dict[str, Any], answer: Answer) -> None:
        told = {name: cookie for cookie in _cookies(request) if (name := _name(cookie))}
        for text in _headers(request).get("cookie", ()):
            for name, value in pairs(text):
                self._found.sent(where, name, answer.host, at=answer.number, site=answer.site, value=value)
                if name in told and not _covering(told[name], answer.host):
                    del told[name]
        for name, cookie in told.items():
            if _covering(cookie, answer.host):
                # How long it had left then: when it was set is not known.
                seen = _seen(name, cookie, answer)
                self._found.set(where, seen._replace(left=bool(seen.lifetime)), str(cookie.get("value")))
            else:
                self._found.sent(where, name, answer.host, at=answer.number, site=answer.site, value=str(cookie.get("value")))

    def _read_set(self, where: str, response: dict[str, Any], answer: Answer) -> None:
        in_headers = set()
        for header in _headers(response).get("set-cookie", ()):
            # Some recorders join several headers by a line break; a comma would stand in a date, too.
            for text in filter(None, header.split("\n")):
                in_headers.add(text.partition("=")[0].strip(" \t"))
                set_cookie(where, text.strip("\r"), answer, self._found)
        for cookie in _cookies(response):
            name = _name(cookie)
            if name in in_headers:
                continue
            if host(cookie.get("domain")) and not _covering(cookie, answer.host):
                self._found.skip(where, "a cookie for another host than its own, which browsers refuse")
                continue
            expires = moment(cookie.get("expires"))
            if expires is not None and SESSION < expires <= answer.at:
                self._found.delete(name, host(cookie.get("domain")) or answer.host)
            else:
                self._found.set(where, _seen(name, cookie, answer), str(cookie.get("value")))


def _seen(name: str, cookie: dict[str, Any], answer: Answer) -> Seen:
    expires = moment(cookie["expires"]) if "expires" in cookie else None
    lifetime = None if expires is None or SESSION < expires <= answer.at else max(round(expires - answer.at), 0) if expires else 0
    domain = cookie.get("domain")
    return Seen(
        name,
        host(domain) or answer.host,
        path(cookie.get("path")) or answer.path,
        lifetime,
        left=bool(lifetime) and not answer.known,
        # Without a dot it may be the attribute as it was written, which does not count as one (RFC 6265, section 5.2.3).
        host_only=False if isinstance(domain, str) and (domain.startswith(".") or host(domain) not in ("", answer.host)) else None,
        http_only=truth(cookie.get("httpOnly")),
        secure=truth(cookie.get("secure")),
        same_site=same_site(cookie.get("sameSite")),
        site=answer.site,
        set_by=answer.host,
        first=answer.number,
        last=answer.number,
    )


def _covering(cookie: dict[str, Any], server: str) -> bool:
    domain = host(cookie.get("domain"))
    return bool(domain) and covers(domain, server)


def _default_path(url: str) -> str:
    """Where a cookie without a Path holds (RFC 6265, section 5.1.4)."""
    place = re.split("[?#]", url, maxsplit=1)[0].split("/", 3)
    return path("/" + place[3].rpartition("/")[0]) if len(place) > 3 else "/"


def _part(value: Any, name: str = "") -> dict[str, Any]:
    found = value.get(name) if name and isinstance(value, dict) else value
    return found if isinstance(found, dict) else {}


def _headers(message: dict[str, Any]) -> dict[str, list[str]]:
    """The values of the headers that are read, by name in lower case."""
    found: dict[str, list[str]] = {}
    for header in message.get("headers") or ():
        name, value = (header.get("name"), header.get("value")) if isinstance(header, dict) else (None, None)
        if isinstance(name, str) and isinstance(value, str) and (name := name.lower()) in _READ:
            found.setdefault(name, []).append(value)
    return found


def _cookies(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (cookie for cookie in message.get("cookies") or () if isinstance(cookie, dict) and isinstance(cookie.get("name"), str))


def _name(cookie: dict[str, Any]) -> str:
    return str(cookie["name"]).strip(" \t")
