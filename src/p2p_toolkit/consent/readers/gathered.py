"""What has been read of a file so far: each cookie once, the answers to banners, and what was left out."""

from __future__ import annotations

import re

from p2p_toolkit.consent.choices import recorded
from p2p_toolkit.consent.cookies import Choice, Reading, Seen, Skipped
from p2p_toolkit.consent.readers.dates import SESSION, moment
from p2p_toolkit.errors import CannotRead
from p2p_toolkit.words import UNSAFE

# No recording of a website has so many; more would be a hostile file, and a list that nobody reads.
MOST_COOKIES = 100_000
MOST_SKIPPED = 1_000
MOST_CHOICES = 1_000
# Browsers refuse a cookie whose name and value are longer together, and ignore longer attributes
# (RFC 6265bis, a draft, sections 5.6 and 5.7).
LONGEST_NAME = 4096
LONGEST_PATH = 1024

_HOST = re.compile(r"\[[0-9a-f:.]{2,45}\]|[\w-][\w.-]{0,252}")

# (name, domain, path, storage). A cookie of which only a Cookie header is known has no path: None.
_Key = tuple[str, str, str | None, str]


class Gathered:
    """Cookies as they are met, merged. `saved`: when the file was last changed, in Unix seconds."""

    def __init__(self, saved: float) -> None:
        self.saved = saved
        self._cookies: dict[_Key, Seen] = {}
        self._answers: dict[str, Choice] = {}
        self._choices: list[Choice] = []
        self._skipped: list[Skipped] = []
        self._more_skipped = 0
        self._deleted: set[tuple[str, str]] = set()
        self._expired = 0

    def __bool__(self) -> bool:
        """Whether there is anything to show."""
        return bool(self._cookies or self._deleted)

    def set(self, where: str, seen: Seen, value: str = "") -> None:
        """A cookie or key that was set, or that a browser holds. Its value is looked at for a banner's answer only.

        Raises CannotRead where there are more cookies than a website can have.
        """
        self._take(where, (seen.name, seen.domain, seen.path, seen.storage), seen, value)

    def sent(self, where: str, name: str, host: str, *, at: int = 0, site: str = "", value: str = "") -> None:
        """A cookie of which a request shows only that it was sent to this host. Raises CannotRead as `set` does."""
        key = (name, host, None, "")
        known = self._cookies.get(key)
        if known is None:
            self._take(where, key, Seen(name, host, site=site, set_by=host, first=at, last=at), "")
        elif known.last != at:
            self._cookies[key] = known._replace(last=at)
        self._hear(name, value, at)

    def delete(self, name: str, domain: str) -> None:
        """A cookie that a server took back."""
        if len(self._deleted) < MOST_COOKIES:
            self._deleted.add((name, domain))

    def skip(self, where: str, why: str) -> None:
        """A piece that was not read. Neither text may hold anything of the file's own."""
        if len(self._skipped) < MOST_SKIPPED:
            self._skipped.append(Skipped(where, why))
        else:
            self._more_skipped += 1

    def left(self, expiry: object) -> int | None:
        """The seconds that a cookie with this expiry had left when the file was saved; None where that is not known."""
        expires = moment(expiry)
        if expires is None or expires == SESSION:
            return None if expires is None else 0
        if expires <= self.saved:
            self._expired += 1
            return None
        return round(expires - self.saved)

    def reading(self, format: str, *notes: str, site: str = "") -> Reading:
        """All of it. Cookies that were only sent are merged into the ones that were set for their host."""
        skipped = list(self._skipped)
        if self._more_skipped:
            skipped.append(Skipped("further on", f"{self._more_skipped:,} more pieces"))
        if self._deleted:
            count = len(self._deleted)
            notes += ("1 cookie was deleted." if count == 1 else f"{count:,} cookies were deleted.",)
        if self._expired:
            notes += ("Some cookies were to expire before the file was last changed, so how long they last is not known.",)
        return Reading(format, self._merged(), tuple(self._choices), tuple(skipped), notes, site)

    def _take(self, where: str, key: _Key, seen: Seen, value: str) -> None:
        known = self._cookies.get(key)
        if known is not None:
            self._cookies[key] = _joined(known, seen)
        elif why := _fault(seen.name):
            self.skip(where, why)
            return
        elif len(self._cookies) >= MOST_COOKIES:
            raise CannotRead(f"has more than {MOST_COOKIES:,} different cookies, which no website sets")
        else:
            self._cookies[key] = seen
        if value:
            self._hear(seen.name, value, seen.first)

    def _hear(self, name: str, value: str, at: int) -> None:
        choice = recorded(name, value, at)
        if choice is None:
            return
        before = self._answers.get(name)
        if (before is None or before._replace(at=at) != choice) and len(self._choices) < MOST_CHOICES:
            self._choices.append(choice)
        self._answers[name] = choice

    def _merged(self) -> tuple[Seen, ...]:
        covering: dict[tuple[str, str], _Key] = {}
        for key in self._cookies:
            if key[2] is not None:
                covering.setdefault((key[0], key[1]), key)
        kept = dict(self._cookies)
        for key, seen in self._cookies.items():
            if key[2] is None and (home := self._home(seen, covering)):
                kept[home] = _joined(kept[home], seen)
                del kept[key]
        return tuple(kept.values())

    def _home(self, sent: Seen, covering: dict[tuple[str, str], _Key]) -> _Key | None:
        """The key of a cookie that was set for this host, or for one above it."""
        labels = sent.domain.split(".")
        for start in range(len(labels)):
            domain = ".".join(labels[start:])
            key = covering.get((sent.name, domain))
            if key and (domain == sent.domain or not self._cookies[key].host_only):
                return key
        return None


def host(text: object) -> str:
    """A domain in lower case and without a leading dot, or "" where the text is none. A port is left out."""
    found = text.strip().lower().removeprefix(".") if isinstance(text, str) and len(text) < 300 else ""
    match = _HOST.match(found)
    return match[0] if match and found[match.end() :].lstrip(":0123456789") == "" else ""


def host_of(url: object) -> str:
    """The host of an address of the web, or "" where the text is no such address."""
    if not isinstance(url, str):
        return ""
    found = re.match(r"(?:https?|wss?)://(?:[^/?#@]*@)?([^/?#\\]*)", url, re.IGNORECASE)
    return host(found[1]) if found else ""


def path(text: object) -> str:
    """A cookie's path, or "" where the text is none."""
    fits = isinstance(text, str) and text.startswith("/") and len(text) <= LONGEST_PATH and not UNSAFE.search(text)
    return str(text) if fits else ""


def same_site(text: object) -> str:
    """`strict`, `lax` or `none`, whatever a file calls it; "" where it says nothing."""
    word = text.strip().lower() if isinstance(text, str) else ""
    return {"strict": "strict", "lax": "lax", "none": "none", "no_restriction": "none"}.get(word, "")


def truth(found: object) -> bool | None:
    return found if isinstance(found, bool) else None


def _fault(name: str) -> str:
    """Why this cannot be the name of a cookie or key, or ""."""
    if not name:
        return "no name"
    if len(name) > LONGEST_NAME:
        return "a name longer than browsers take"
    if "\ufffd" in name:
        return "a name with letters that are not UTF-8"
    if UNSAFE.search(name) or "\t" in name or "\n" in name:
        return "a name with control characters"
    return ""


def _joined(known: Seen, again: Seen) -> Seen:
    """The same cookie, seen twice. What was asked for when it was set counts more than what was left, and longer more than shorter."""
    longest = max(known, again, key=lambda seen: (seen.lifetime is not None, not seen.left, seen.lifetime or 0))
    return Seen(
        known.name,
        known.domain,
        known.path,
        longest.lifetime,
        longest.left,
        known.host_only if known.host_only is not None else again.host_only,
        known.http_only if known.http_only is not None else again.http_only,
        known.secure if known.secure is not None else again.secure,
        known.same_site or again.same_site,
        known.storage,
        known.site or again.site,
        known.set_by or again.set_by,
        min(known.first, again.first),
        max(known.last, again.last),
    )
