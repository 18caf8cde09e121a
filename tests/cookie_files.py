"""The same cookies as each kind of file writes them, with a secret for every value."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

SECRET = "s3cr3tEyJhbGciOi"
NAMES = ("_ga", "PHPSESSID", "__Secure-x")
SITE = "www.x.gov.uk"
# 1 November 2026, 10:00 UTC, when they were set; and a year later.
SET_AT = 1_793_527_200
YEAR = 365 * 24 * 60 * 60
STARTED = "2026-11-01T10:00:00.000Z"


def header(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}


def an_entry(url: str = f"https://{SITE}/", **parts: Any) -> dict[str, Any]:
    """One exchange of a HAR: `sent` and `set` are the texts of its Cookie and Set-Cookie headers."""
    sent = [header("Cookie", text) for text in parts.pop("sent", ())]
    set_ = [header("set-cookie", text) for text in parts.pop("set", ())]
    return {
        "startedDateTime": parts.pop("started", STARTED),
        "request": {"method": "GET", "url": url, "headers": sent, "cookies": parts.pop("request_cookies", [])},
        "response": {
            "status": 200,
            "headers": [*parts.pop("headers", []), *set_],
            "cookies": parts.pop("response_cookies", []),
            "content": {"size": 2, "text": parts.pop("body", 'é\\"{}')},
        },
        **parts,
    }


def a_har(*entries: dict[str, Any], pages: tuple[str, ...] = ()) -> bytes:
    listed = [{"title": title, "id": f"page_{number}"} for number, title in enumerate(pages)]
    return json.dumps(
        {"log": {"version": "1.2", "creator": {"name": "x"}, "pages": listed, "entries": entries}}, ensure_ascii=False
    ).encode()


def _har() -> bytes:
    return a_har(*(an_entry(set=[f"{name}={SECRET}; Path=/; Max-Age={YEAR}; Secure"]) for name in NAMES))


def _netscape() -> bytes:
    rows = [f"#HttpOnly_.x.gov.uk\tTRUE\t/\tTRUE\t{SET_AT + YEAR}\t{name}\t{SECRET}" for name in NAMES]
    return "\n".join(["# Netscape HTTP Cookie File", "# A comment", "", *rows, ""]).encode()


def _set_cookie() -> bytes:
    log = ["HTTP/1.1 200 OK", "server: nginx", "date: Sun, 01 Nov 2026 10:00:00 GMT"]
    return "\n".join(
        [*log, *(f"Set-Cookie: {name}={SECRET}; Path=/; Secure; Partitioned" for name in NAMES), "", "<p>a=b</p>", ""]
    ).encode()


def _cookie_header() -> bytes:
    return ("Cookie: " + "; ".join(f"{name}={SECRET}" for name in NAMES) + "\n").encode()


def _document_cookie() -> bytes:
    return ("; ".join(f"{name}={SECRET}" for name in NAMES) + "\n").encode()


def _devtools() -> bytes:
    return "".join(f"{name}\t{SECRET}\t.x.gov.uk\t/\t2027-11-01T10:00:00.000Z\t40\t✓\t✓\tLax\t\t\tMedium\t\n" for name in NAMES).encode()


def _storage_state() -> bytes:
    rest = {"domain": ".x.gov.uk", "path": "/", "expires": SET_AT + YEAR + 0.25, "httpOnly": True, "secure": True, "sameSite": "Lax"}
    cookies = [{"name": name, "value": SECRET, **rest} for name in NAMES]
    return json.dumps({"cookies": cookies, "origins": []}).encode()


def _extension() -> bytes:
    rest = {"domain": ".x.gov.uk", "hostOnly": False, "path": "/", "expirationDate": SET_AT + YEAR, "session": False, "storeId": "0"}
    return json.dumps([{"name": name, "value": SECRET, "sameSite": "no_restriction", **rest} for name in NAMES], indent=4).encode()


def _evidence() -> bytes:
    log = {"type": "Cookie.HTTP", "timestamp": STARTED, "stack": [{"fileName": f"https://{SITE}/a"}]}
    rest = {"domain": "x.gov.uk", "path": "/", "expires": SET_AT + YEAR, "session": False, "log": log, "firstPartyStorage": True}
    cookies = [{"name": name, "value": SECRET, **rest} for name in NAMES]
    return json.dumps({"title": "x", "uri_ins": f"https://{SITE}/", "localStorage": {}, "cookies": cookies}).encode()


def _blacklight() -> bytes:
    rest = {"domain": "x.gov.uk", "path": "/", "expires": "2027-11-01T10:00:00.000Z"}
    return json.dumps({"browser_cookies": [{"name": name, "value": SECRET, **rest} for name in NAMES]}).encode()


def _audit() -> bytes:
    results = [{"cookie": name, "domain": "x.gov.uk", "path": "/", "lifetime": YEAR, "secure": True, "site": SITE} for name in NAMES]
    return json.dumps({"p2p": "1.0", "command": "consent audit", "query": {}, "count": 3, "results": results}).encode()


def _names() -> bytes:
    return ("# ours\n\n" + "\n".join(NAMES) + "\n").encode()


FILES: dict[str, Callable[[], bytes]] = {
    "har": _har,
    "netscape": _netscape,
    "set-cookie": _set_cookie,
    "cookie-header": _cookie_header,
    "document-cookie": _document_cookie,
    "devtools": _devtools,
    "storage-state": _storage_state,
    "extension": _extension,
    "evidence-collector": _evidence,
    "blacklight": _blacklight,
    "audit": _audit,
    "names": _names,
}
JSON = ("har", "storage-state", "extension", "evidence-collector", "blacklight", "audit")
