"""What a file shows of cookies, whatever its format: names and attributes, never values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

COOKIE = "cookie"
LOCAL_STORAGE = "local-storage"


class Seen(NamedTuple):
    """A cookie, or a key of local storage, as a file shows it. What a file cannot show is "" or None.

    - `domain`: the host it belongs to, in lower case and without a leading dot. `host_only`: not for hosts below it.
    - `lifetime`: whole seconds from when it was set, 0 where it ends with the browser's session. `left`: the seconds
      are those from when the file was saved, because it does not say when the cookie was set.
    - `same_site`: `strict`, `lax` or `none`. `storage`: COOKIE or LOCAL_STORAGE.
    - `site`: the host of the page that was visited. `set_by`: the host whose answer set it, or that it was sent to.
    - `first`, `last`: the numbers of the file's first and last message in which it was set or sent: of the n-th exchange, counted from 0,
      the request is message 2n and the response is message 2n + 1.
    """

    name: str
    domain: str = ""
    path: str = ""
    lifetime: int | None = None
    left: bool = False
    host_only: bool | None = None
    http_only: bool | None = None
    secure: bool | None = None
    same_site: str = ""
    storage: str = COOKIE
    site: str = ""
    set_by: str = ""
    first: int = 0
    last: int = 0


class Choice(NamedTuple):
    """What a visitor answered on a banner, as its cookie says.

    - `cookie`: the name of that cookie. `scheme`: whose words the terms are, as in `kinds.records.SCHEMES`, or "" where
      a site names its categories itself.
    - `terms`: each category's name, and whether it was allowed. `rest`: what holds for categories that are not named:
      False where the cookie lists all that were allowed, None where nothing is known of them.
    - `at`: the number of the message in which it was first seen so.
    """

    cookie: str
    scheme: str
    terms: Mapping[str, bool]
    rest: bool | None = None
    at: int = 0


class Skipped(NamedTuple):
    """A piece of a file that was not read: where, such as `line 7`, and why. It holds nothing of the file's own text."""

    where: str
    why: str


class Reading(NamedTuple):
    """What one file shows.

    - `format`: a word of FORMATS. `site`: the host of the page that was visited, or "".
    - `cookies`: each once by name, domain, path and storage, in the order in which they were met.
    - `choices`: the answers that consent cookies hold, in the order in which they were met.
    - `notes`: what this format cannot show, in sentences.
    """

    format: str
    cookies: tuple[Seen, ...]
    choices: tuple[Choice, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    site: str = ""


FORMATS = {
    "har": "HAR 1.2, what a browser's Network tab saves",
    "netscape": "Netscape cookies.txt",
    "set-cookie": "Set-Cookie headers",
    "cookie-header": "a Cookie header",
    "document-cookie": "document.cookie",
    "devtools": "a table copied from the browser's developer tools",
    "storage-state": "Playwright's storage_state.json",
    "extension": "JSON of a cookie extension",
    "evidence-collector": "the Website Evidence Collector's inspection.json",
    "blacklight": "Blacklight's browser-cookies.json",
    "audit": "an earlier audit of p2p, as JSON",
    "names": "a list of names",
}


class Row(NamedTuple):
    """A line of a site's cookie page, or of a banner's list: one cookie, or all whose names follow a pattern.

    `name` may hold `*` for any run of characters where `pattern` is true; otherwise it is to be taken literally. `category` is the id of a
    category, `unclassified` among them. `retention` and `purpose` are words for visitors, "" where nothing is known. `party` is `first`,
    `third` or "".
    """

    name: str
    pattern: bool
    category: str
    domain: str = ""
    path: str = ""
    provider: str = ""
    purpose: str = ""
    retention: str = ""
    party: str = ""
    storage: str = COOKIE
