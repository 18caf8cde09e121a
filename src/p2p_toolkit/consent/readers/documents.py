"""Cookies in JSON: a HAR, Playwright's state, a cookie extension, an inspection, an audit of our own, or a list of names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from p2p_toolkit.consent.cookies import COOKIE, LOCAL_STORAGE, Reading, Seen
from p2p_toolkit.consent.readers import har
from p2p_toolkit.consent.readers.dates import SESSION, iso, moment
from p2p_toolkit.consent.readers.gathered import Gathered, host, host_of, path, same_site, truth
from p2p_toolkit.consent.readers.stream import ANY, EACH, Broken, Whole, pieces
from p2p_toolkit.errors import CannotRead

_COOKIE = {
    "name": None, "value": None, "domain": None, "path": None, "httpOnly": None, "secure": None, "sameSite": None, "hostOnly": None,
    "session": None, "expires": None, "expirationDate": None, "expiry": None, "storeId": None,
    "log": {"timestamp": None, "type": None, "stack": [{"fileName": None}]},
}  # fmt: skip
_RESULT = {
    "cookie": None, "domain": None, "path": None, "lifetime": None, "left": None, "storage": None, "http_only": None, "secure": None,
    "same_site": None, "host_only": None, "site": None, "set_by": None,
}  # fmt: skip

# Where in a document something stands that is read, whatever the document is.
_PLACES = {
    "log": {"version": Whole(), "pages": {EACH: Whole({"title": None})}, "entries": {EACH: Whole(har.ENTRY)}},
    "cookies": {EACH: Whole(_COOKIE)},
    "browser_cookies": {EACH: Whole(_COOKIE)},
    "origins": {EACH: Whole({"origin": None, "localStorage": [{"name": None}]})},
    "localStorage": {ANY: {ANY: Whole()}},
    "results": {EACH: Whole(_RESULT)},
    "p2p": Whole(),
    "uri_ins": Whole(),
    "uri_dest": Whole(),
    "url": Whole(),
    EACH: Whole(_COOKIE),
}

STORAGE = "Local storage is no cookie, but the law on cookies covers it, too."
# No browser or banner asks for so long; a number of thousands of figures would be slow to print.
_LONGEST_LIFETIME = 10**12


def read_json(text: Iterator[str], found: Gathered) -> Reading:
    """What a JSON document shows, also where it breaks off. Raises CannotRead where that is nothing."""
    document = _Document(found)
    broken = False
    try:
        for place, value in pieces(text, _PLACES):
            document.take(place, value)
    except Broken:
        broken = True
        found.skip("the rest of the file", "the JSON breaks off, or has a mistake there")
    if not document.format or (broken and not found):
        raise CannotRead(
            "looks like JSON that breaks off or has a mistake" if broken else "is JSON, but no cookies are where they would be"
        )
    return document.reading()


class _Document:
    def __init__(self, found: Gathered) -> None:
        self._found = found
        self._recording = har.Recording(found)
        self._keys: set[str] = set()
        self._site = ""
        self._number = 0
        self._storage = False

    def take(self, place: tuple[str, ...], value: Any) -> None:
        self._keys.add(place[0])
        match place:
            case ("log", "pages", _):
                self._recording.page(value)
            case ("log", "entries", _):
                self._recording.entry(value)
            case ("uri_ins" | "uri_dest" | "url",):
                self._site = host_of(value) or self._site
            case ("results", _):
                self._audited(value)
            case ("origins", _):
                self._stored(value)
            case ("localStorage", origin, key):
                self._keep(origin, key)
            case (("cookies" | "browser_cookies" | "[]"), *_):
                self._cookie(value)

    @property
    def format(self) -> str:
        """A word of FORMATS, told by the keys that were met; "" where nothing known was."""
        keys = self._keys
        marks = {
            "har": "log", "audit": "results", "blacklight": "browser_cookies", "evidence-collector": "uri_ins", "storage-state": "origins",
            "extension": "extension", "names": "names",
        }  # fmt: skip
        found = next((format for format, key in marks.items() if key in keys), "")
        return found or ("evidence-collector" if "localStorage" in keys else "storage-state" if "cookies" in keys else "")

    def reading(self) -> Reading:
        notes = []
        if self.format == "har":
            notes.append(har.SCRIPTS if self._found else har.NO_COOKIES)
        if self._storage:
            notes.append(STORAGE)
        return self._found.reading(self.format, *notes, site=self._recording.site or self._site)

    def _cookie(self, value: Any) -> None:
        self._number += 1
        where = f"cookie {self._number:,}"
        if isinstance(value, str):
            self._keys.add("names")
            self._found.set(where, Seen(value.strip()))
            return
        if not isinstance(value, dict) or not isinstance(value.get("name"), str):
            self._found.skip(where, "no cookie with a name")
            return
        if EACH in self._keys or value.keys() & {"expirationDate", "hostOnly", "storeId"}:
            self._keys.add("extension")
        self._found.set(where, self._seen(value), str(value.get("value")))

    def _seen(self, cookie: dict[str, Any]) -> Seen:
        domain = cookie.get("domain")
        below = domain.startswith(".") if isinstance(domain, str) and domain else None
        # The Website Evidence Collector and Blacklight cut the dot off, so its absence says nothing.
        cut = self._keys & {"uri_ins", "localStorage", "browser_cookies"}
        lifetime, left = self._lifetime(cookie)
        log = cookie.get("log") or {}
        stack = log.get("stack") if isinstance(log, dict) and log.get("type") == "Cookie.HTTP" else None
        asked = truth(cookie.get("hostOnly"))
        return Seen(
            cookie["name"].strip(" \t"),
            host(domain),
            path(cookie.get("path")),
            lifetime,
            left=left,
            host_only=asked if asked is not None or below is None or cut else not below,
            http_only=truth(cookie.get("httpOnly")),
            secure=truth(cookie.get("secure")),
            same_site=same_site(cookie.get("sameSite")),
            site=self._site,
            set_by=host_of(stack[0].get("fileName")) if stack and isinstance(stack[0], dict) else "",
        )

    def _lifetime(self, cookie: dict[str, Any]) -> tuple[int | None, bool]:
        if cookie.get("session") is True:
            return 0, False
        # False is no expiry at all; None is that of a session.
        expiry = next((cookie[name] for name in ("expires", "expirationDate", "expiry") if name in cookie), False)
        log = cookie.get("log")
        set_at = iso(log.get("timestamp")) if isinstance(log, dict) else None
        expires = moment(expiry)
        if set_at is not None and expires is not None and expires > max(SESSION, set_at):
            return round(expires - set_at), False
        lifetime = self._found.left(expiry)
        return lifetime, bool(lifetime)

    def _stored(self, value: Any) -> None:
        match value:
            case {"origin": origin, "localStorage": list(items)}:
                for item in items:
                    if isinstance(item, dict) and isinstance(item.get("name"), str):
                        self._keep(origin, item["name"])

    def _keep(self, origin: object, key: str) -> None:
        self._storage = True
        self._number += 1
        self._found.set(f"key {self._number:,}", Seen(key, host_of(origin), storage=LOCAL_STORAGE, site=self._site))

    def _audited(self, value: Any) -> None:
        self._number += 1
        where = f"result {self._number:,}"
        if not isinstance(value, dict) or not isinstance(value.get("cookie"), str):
            self._found.skip(where, "no cookie with a name")
            return
        lifetime = value.get("lifetime")
        known = isinstance(lifetime, int) and not isinstance(lifetime, bool) and 0 <= lifetime <= _LONGEST_LIFETIME
        self._site = self._site or host(value.get("site"))
        seen = Seen(
            value["cookie"],
            host(value.get("domain")),
            path(value.get("path")),
            lifetime if known else None,
            left=value.get("left") is True,
            host_only=truth(value.get("host_only")),
            http_only=truth(value.get("http_only")),
            secure=truth(value.get("secure")),
            same_site=same_site(value.get("same_site")),
            storage=LOCAL_STORAGE if value.get("storage") == LOCAL_STORAGE else COOKIE,
            site=host(value.get("site")),
            set_by=host(value.get("set_by")),
        )
        self._found.set(where, seen)
