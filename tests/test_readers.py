"""Files that show cookies: each kind is told by what it holds, read with all its oddities, and no value is kept."""

from __future__ import annotations

import io
import json
import os
import tracemalloc
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any

import ijson
import pytest
from builders import same_as_golden
from cookie_files import FILES, JSON, NAMES, SECRET, SET_AT, SITE, STARTED, YEAR, a_har, an_entry, header
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit.consent.cookies import FORMATS, LOCAL_STORAGE, Reading, Seen
from p2p_toolkit.consent.readers import dates, gathered, read, read_file, stream, text
from p2p_toolkit.errors import CannotRead

NOW = SET_AT + 60


def reading(found: bytes | str, **options: Any) -> Reading:
    return read(io.BytesIO(found.encode() if isinstance(found, str) else found), **{"now": NOW, "saved": SET_AT, **options})


def names(found: Reading) -> list[str]:
    return [seen.name for seen in found.cookies]


def only(found: bytes | str, **options: Any) -> Seen:
    (seen,) = reading(found, **options).cookies
    return seen


def refusal(found: bytes | str) -> CannotRead:
    with pytest.raises(CannotRead) as caught:
        reading(found)
    return caught.value


def told(found: bytes) -> str:
    """What is said of a file besides its cookies."""
    try:
        shown = reading(found)
    except CannotRead as error:
        return error.message + error.hint
    return repr((shown.format, shown.skipped, shown.notes, shown.choices))


# Every format.


def test_there_is_a_sample_of_every_format() -> None:
    assert set(FILES) == set(FORMATS)


@pytest.mark.parametrize("format", FILES)
def test_the_same_cookies_are_read_from_every_format(format: str) -> None:
    found = reading(FILES[format]())
    assert (found.format, tuple(names(found)), found.skipped) == (format, NAMES, ())


ODDITIES = {
    "a byte-order mark": lambda whole: b"\xef\xbb\xbf" + whole,
    "UTF-16, as PowerShell writes it": lambda whole: whole.decode().encode("utf-16"),
    "UTF-16 of the other order": lambda whole: b"\xfe\xff" + whole.decode().encode("utf-16-be"),
    "Windows line ends": lambda whole: whole.replace(b"\n", b"\r\n"),
    "old Mac line ends": lambda whole: whole.replace(b"\n", b"\r"),
    "no line end at the end": lambda whole: whole.rstrip(b"\n"),
    "blank lines first": lambda whole: b"\n\n" + whole,
    "blank lines last": lambda whole: whole + b"\n \n\n",
}


@pytest.mark.parametrize("oddity", ODDITIES)
@pytest.mark.parametrize("format", FILES)
def test_an_odd_file_reads_the_same(format: str, oddity: str) -> None:
    assert reading(ODDITIES[oddity](FILES[format]())) == reading(FILES[format]())


@pytest.mark.parametrize("format", FILES)
def test_what_stood_before_a_truncated_end_is_kept(format: str) -> None:
    whole = FILES[format]()
    for end in range(1, len(whole), 97):
        assert SECRET not in told(whole[:end])
        if format in JSON and len(whole) > end > len(whole) // 2:
            found = reading(whole[:end])
            assert SECRET not in repr(found)
            assert names(found) == list(NAMES[: len(found.cookies)])
            assert found.skipped[-1].where == "the rest of the file"


@pytest.mark.parametrize("format", FILES)
def test_a_value_is_nowhere_in_what_is_read(format: str) -> None:
    assert SECRET not in repr(reading(FILES[format]()))


@pytest.mark.parametrize("format", FILES)
def test_letters_that_are_not_utf_8_hide_no_other_cookie(format: str) -> None:
    whole = FILES[format]().replace(b"PHPSESSID", b"PHP\xe9SESSID")
    found = reading(whole)
    assert names(found) == ["_ga", "__Secure-x"]
    assert found.skipped[0].why == "a name with letters that are not UTF-8"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (b"", "the input is empty"),
        (b" \n\t\n", "the input is empty"),
        (b"\xef\xbb\xbf", "the input holds nothing that can be read"),
        (b"\xff\xfe", "the input holds nothing that can be read"),
        (b"SQLite format 3\0" + b"x" * 99, "the input looks like a browser's own database of cookies"),
        (b"\x1f\x8b\x08\x00" + b"x" * 99, "the input looks like a compressed file (gzip); unpack it first"),
        (b"PK\x03\x04" + b"x" * 99, "the input looks like a compressed file or an office document"),
        (b"%PDF-1.7\n", "the input looks like a PDF"),
        (b"ab\0cd", "the input looks like a binary file, not text"),
        (b"<!doctype html>\n<p>a=1; b=2", "the input looks like a web page or XML"),
        (b"{}", "the input is JSON, but no cookies are where they would be"),
        (b'{"a": [1, 2]}', "the input is JSON, but no cookies are where they would be"),
        (b"[", "the input looks like JSON that breaks off or has a mistake"),
        (b'{"cookies": [{"name": "a', "the input looks like JSON that breaks off or has a mistake"),
        (b"A letter to the council.\nIt has no cookies.\n", "the input looks like text, but not like a list of cookies"),
        (b"# Netscape HTTP Cookie File\n", "the input looks like Netscape cookies.txt, but no cookie in it can be read"),
    ],
)
def test_what_holds_no_cookies_is_told_by_what_it_looks_like(found: bytes, said: str) -> None:
    error = refusal(found)
    assert error.message == said
    assert error.hint.splitlines()[-1].startswith("Try: ")
    assert all(words in error.hint for words in FORMATS.values())


# Netscape's cookies.txt.


def test_a_netscape_row_gives_every_attribute() -> None:
    assert only(f"#HttpOnly_.X.gov.uk\tTRUE\t/a\tFALSE\t{SET_AT + 60}\tid\t{SECRET}\n") == Seen(
        "id", "x.gov.uk", "/a", 60, left=True, host_only=False, http_only=True, secure=False
    )


@pytest.mark.parametrize(
    ("expiry", "lifetime"),
    [
        ("0", 0),
        ("-1", 0),
        (str(SET_AT + YEAR), YEAR),
        (f"{SET_AT + YEAR}.75", YEAR + 1),
        (str((SET_AT + YEAR) * 1000), YEAR),
        (str((SET_AT + YEAR) * 1_000_000), YEAR),
        (str((SET_AT + YEAR + 11_644_473_600) * 1_000_000), YEAR),
        (str(SET_AT - YEAR), None),
        ("9" * 40, None),
        ("soon", None),
    ],
)
def test_an_expiry_is_read_in_every_unit(expiry: str, lifetime: int | None) -> None:
    found = only(f"x.gov.uk\tFALSE\t/\tFALSE\t{expiry}\tid\tv\n").lifetime
    assert found == lifetime or (expiry.startswith("9") and found is not None)


def test_one_bad_line_hides_no_other() -> None:
    rows = ["x.gov.uk\ttrue\t/\tfalse\t0\ta\t1", "x.gov.uk\tTRUE\t/\tFALSE\t0\tb", "c 1 2 3", "x.gov.uk\tTRUE\t/\tFALSE\t0\td\twith\ttab"]
    found = reading("# HTTP Cookie File\n" + "\n".join(rows))
    assert names(found) == ["a", "d"]
    assert [tuple(piece) for piece in found.skipped] == [("line 3", "6 fields instead of 7"), ("line 4", "1 field instead of 7")]


# Headers.


def test_a_set_cookie_header_gives_every_attribute() -> None:
    line = (
        f"sEt-CoOkIe:\t id = {SECRET} ;domain=.X.gov.uk; PATH=/a;max-age=90; HTTPONLY; Secure; SameSite=STRICT; Partitioned; Priority=High"
    )
    assert only(line) == Seen("id", "x.gov.uk", "/a", 90, host_only=False, http_only=True, secure=True, same_site="strict")


@pytest.mark.parametrize(
    ("cookie", "seen"),
    [
        ("__cf_bm=x; path=/; Partitioned; Secure", "__cf_bm"),
        ('cookies_policy={"essential":true,"usage":false}; Path=/', "cookies_policy"),
        ("a[b]=1; Path=/", "a[b]"),
        ("a=hello world; Path=/", "a"),
        ("a=naïve; Path=/", "a"),
        ("me@x=1; Path=/", "me@x"),
        ("path=1; Path=/", "path"),
        ("version=1; Path=/", "version"),
        ("a=1; Priority=High; Path=/", "a"),
    ],
)
def test_cookies_that_the_standard_library_loses_are_read(cookie: str, seen: str) -> None:
    assert only("Set-Cookie: " + cookie).name == seen
    lost = SimpleCookie()
    with suppress(CookieError):
        lost.load("Set-Cookie: " + cookie)
    assert list(lost) != [seen]


@pytest.mark.parametrize(
    ("attributes", "lifetime", "left"),
    [
        ("", 0, False),
        ("; Max-Age=60", 60, False),
        ("; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", 60, False),
        ("; Max-Age=soon", 0, False),
        ("; Max-Age=" + "9" * 5000, 0, False),
        ("; Max-Age=99999999999", 99_999_999_999, False),
        ("; Expires=Sun, 01 Nov 2026 10:01:00 GMT", 60, True),
        ("; Expires=Sunday, 01-Nov-26 10:01:00 GMT", 60, True),
        ("; Expires=nonsense", 0, False),
        ("; Expires=Sun, 01 Nov 2020 10:01:00 GMT", None, False),
    ],
)
def test_a_lifetime_is_what_the_server_asked_for(attributes: str, lifetime: int | None, left: bool) -> None:
    seen = only(f"Set-Cookie: a=1{attributes}")
    assert (seen.lifetime, seen.left) == (lifetime, left)


def test_the_date_of_an_answer_is_when_its_cookie_was_set() -> None:
    log = "HTTP/2 200\ndate: Sun, 01 Nov 2026 09:00:00 GMT\nset-cookie: a=1; expires=Sun, 01 Nov 2026 10:00:00 GMT\n\nHTTP/2 200\n"
    log += "set-cookie: b=1; expires=Sun, 01 Nov 2026 10:00:30 GMT\n"
    first, second = reading(log).cookies
    assert (first.lifetime, first.left, second.lifetime, second.left) == (3600, False, 30, True)


@pytest.mark.parametrize(
    "deleting",
    ["a=; Max-Age=0", "a=x; Max-Age=-5", "a=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "a=deleted; Expires=Sat, 31 Oct 2026 00:00:00 GMT"],
)
def test_a_cookie_that_is_taken_back_is_not_one_that_is_set(deleting: str) -> None:
    found = reading(f"Set-Cookie: {deleting}; Path=/\n")
    assert (found.cookies, found.notes) == ((), ("1 cookie was deleted.",))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (f"Set-Cookie: {SECRET}; Path=/", "a cookie without a name"),
        (f"Set-Cookie: ={SECRET}; Path=/", "a cookie without a name"),
        (f"Set-Cookie: a\x1bb={SECRET}", "control characters in a Set-Cookie header, which browsers refuse"),
        (f"Set-Cookie: a\u202eb={SECRET}", "a name with control characters"),
        (f"Set-Cookie: {'a' * 5000}={SECRET}", "a name longer than browsers take"),
        (f"Cookie: {SECRET}", "a cookie without a name"),
    ],
)
def test_what_is_no_cookie_is_left_out_with_its_reason(line: str, why: str) -> None:
    found = reading(f"Set-Cookie: good=1\n{line}\n")
    assert (names(found), [tuple(piece) for piece in found.skipped]) == (["good"], [("line 2", why)])
    assert SECRET not in repr(found)


def test_a_log_of_curl_is_read_with_all_around_its_headers() -> None:
    log = """* Connected to x.gov.uk
> GET / HTTP/2
> Cookie: sent=1; also=2
>
< HTTP/2 200
< set-cookie: a=1; Path=/
< content-type: text/html
<
<html><p class="x">b=2; c=3</p>
"""
    found = reading(log)
    assert (found.format, names(found), found.skipped) == ("set-cookie", ["sent", "also", "a"], ())


def test_a_script_in_the_body_of_an_answer_sets_no_cookie_here() -> None:
    assert names(reading('HTTP/1.1 200 OK\nset-cookie: a=1\n\ndocument.cookie = "b=1; path=/; secure";\n')) == ["a"]


def test_a_cookie_that_is_set_and_sent_in_a_log_is_one() -> None:
    assert len(reading("Set-Cookie: a=1\n\nCookie: a=1\n").cookies) == 1


def test_bare_lines_with_attributes_are_set_cookie_headers() -> None:
    found = reading("a=1; Path=/; Secure\nb=2; HttpOnly\n")
    assert (found.format, [(seen.name, seen.secure) for seen in found.cookies]) == ("set-cookie", [("a", True), ("b", False)])


def test_document_cookie_may_hold_a_cookie_named_like_an_attribute() -> None:
    found = reading("a=1; path=/; b=2")
    assert (found.format, names(found)) == ("document-cookie", ["a", "path", "b"])
    assert "document.cookie does not show HttpOnly cookies, and no cookie's domain, path or lifetime." in found.notes


# The developer tools' table.


def test_a_copied_row_gives_every_attribute() -> None:
    row = f"id\t{SECRET}\twww.x.gov.uk\t/a\t2026-11-01T10:01:00.000Z\t40\t✓\t\tLax\t\t\tMedium\t"
    assert only(row) == Seen("id", SITE, "/a", 60, left=True, host_only=True, http_only=True, secure=False, same_site="lax")


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        (
            "Name\tValue\tDomain\tPath\tExpires / Max-Age\tSize\tHttpOnly\tSecure\tSameSite",
            "id\tv\t.x.uk\t/\tSession\t3\ttrue\tfalse\tNone",
        ),
        ("Name\tValue\tDomain\tPath\tExpires\tSize\tSecure\tHttpOnly\tSameSite", "id\tv\t.x.uk\t/\tSession\t3 B\t\t✓\tNone"),
        ("Domain\tName\tExpires\tHttpOnly\tPath\tSecure\tSameSite", ".x.uk\tid\tSession\t✓\t/\t\tNone"),
    ],
)
def test_a_heading_decides_the_order_of_the_columns(heading: str, row: str) -> None:
    assert only(f"{heading}\n{row}\n") == Seen("id", "x.uk", "/", 0, host_only=False, http_only=True, secure=False, same_site="none")


def test_a_value_with_a_line_break_does_not_pass_for_a_name() -> None:
    row = f"a\tfirst\n{SECRET}\tx.gov.uk\t/\tSession\t3\t\t\t\nb\t1\tx.gov.uk\t/\tSession\t3\t\t\t\n"
    found = reading(row)
    assert names(found) == ["b"]
    assert SECRET not in repr(found)


# A plain list.


@pytest.mark.parametrize("text", ["_ga\n_gid\n", "_ga, _gid", "# ours\n_ga # Google\n\n'_gid',", '["_ga", "_gid"]', "_ga\r_gid"])
def test_a_list_of_names_may_be_written_in_many_ways(text: str) -> None:
    found = reading(text)
    assert (found.format, names(found)) == ("names", ["_ga", "_gid"])


def test_a_name_with_its_value_is_document_cookie() -> None:
    assert reading(f"_ga={SECRET}").format == "document-cookie"


# JSON.


def test_the_state_of_playwright_holds_local_storage_too() -> None:
    state = {
        "cookies": [{"name": "a", "value": SECRET, "domain": "x.gov.uk", "path": "/", "expires": -1, "sameSite": "Strict"}],
        "origins": [{"origin": "https://x.gov.uk:8443", "localStorage": [{"name": "theme", "value": SECRET}]}],
    }
    found = reading(json.dumps(state))
    assert found.format == "storage-state"
    assert found.cookies == (
        Seen("a", "x.gov.uk", "/", 0, host_only=True, same_site="strict"),
        Seen("theme", "x.gov.uk", storage=LOCAL_STORAGE),
    )
    assert found.notes == ("Local storage is no cookie, but the law on cookies covers it, too.",)


def test_an_inspection_says_when_and_by_whom_a_cookie_was_set() -> None:
    log = {"type": "Cookie.HTTP", "timestamp": STARTED, "stack": [{"fileName": "https://cdn.example/x.js"}]}
    cookie = {"name": "a", "value": SECRET, "domain": "example", "path": "/", "expires": SET_AT + 90, "session": False, "log": log}
    document = {"uri_ins": "https://x.gov.uk", "localStorage": {"https://x.gov.uk": {"k": {"value": SECRET}}}, "cookies": [cookie]}
    found = reading(json.dumps(document))
    assert (found.format, found.site) == ("evidence-collector", "x.gov.uk")
    assert found.cookies[0] == Seen("k", "x.gov.uk", storage=LOCAL_STORAGE, site="x.gov.uk")
    assert found.cookies[1] == Seen("a", "example", "/", 90, site="x.gov.uk", set_by="cdn.example")


def test_an_audit_of_ours_reads_as_it_was_written() -> None:
    seen = Seen("a", "x.gov.uk", "/", 90, True, False, True, False, "lax", LOCAL_STORAGE, SITE, "y.gov.uk")
    row = {"cookie": "a", **{name: value for name, value in seen._asdict().items() if name not in ("name", "first", "last")}}
    found = reading(json.dumps({"p2p": "1.0", "command": "consent audit", "results": [row, {"name": "no cookie"}]}))
    assert (found.format, found.site, found.cookies) == ("audit", SITE, (seen,))
    assert [tuple(piece) for piece in found.skipped] == [("result 2", "no cookie with a name")]


@pytest.mark.parametrize(
    ("cookie", "lifetime"),
    [
        ({}, None),
        ({"session": True}, 0),
        ({"expires": -1}, 0),
        ({"expires": None}, 0),
        ({"expiry": SET_AT + 9}, 9),
        ({"expires": "soon"}, None),
    ],
)
def test_a_lifetime_that_is_not_told_is_not_guessed(cookie: dict[str, Any], lifetime: int | None) -> None:
    assert only(json.dumps([{"name": "a", "domain": "x.uk", **cookie}])).lifetime == lifetime


HOSTILE = [None, True, -1, 10**400, 1e308, "", "\x1b[31m", "a\ud800", [], {}, [[]], {"a": {}}]


@pytest.mark.parametrize("backend", ["yajl2_c", "python"])
@pytest.mark.parametrize("hostile", HOSTILE, ids=repr)
def test_anything_may_stand_where_a_text_should(backend: str, hostile: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ijson, "basic_parse_coro", ijson.get_backend(backend).basic_parse_coro)
    good = {"name": "good", "value": "x", "domain": "x.uk"}
    for field in ("name", "value", "domain", "path", "expires", "httpOnly", "sameSite", "log", "session", "expirationDate"):
        assert "good" in names(reading(json.dumps([{**good, "name": "bad", field: hostile}, good, hostile])))
    for field in ("startedDateTime", "request", "response"):
        assert names(reading(json.dumps({"log": {"entries": [{**an_entry(), field: hostile}, an_entry(set=["good=1"]), hostile]}}))) == [
            "good"
        ]
    for field in ("headers", "cookies"):
        for side in ("request", "response"):
            entry = an_entry()
            for found in (hostile, [hostile, {"name": hostile, "value": hostile}]):
                entry[side][field] = found
                assert "good" in names(reading(json.dumps({"log": {"entries": [entry, an_entry(set=["good=1"])]}})))


@pytest.mark.parametrize("backend", ["yajl2_c", "python"])
@pytest.mark.parametrize(
    "rest",
    [
        "",
        "]]",
        ',{"name": "b',
        ',{"name": "b", "x": NaN}]',
        ",{'name': 1}]",
        ',{"x": 01}]',
        ',{"name": "b\x01"}]',
        f',{{"x": {"1" * 5000}, "name": "b"}}]',
        f',{{"x": {"1" * 500_000}, "name": "b"}}]',
        f",{'[' * 50_000}",
        "] trailing",
    ],
)
def test_broken_json_keeps_what_stood_before_in_every_backend(backend: str, rest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ijson, "basic_parse_coro", ijson.get_backend(backend).basic_parse_coro)
    found = reading('[{"name": "a", "value": "1"}' + rest)
    assert names(found)[:1] == ["a"]
    assert found.skipped or names(found) == ["a", "b"]


@pytest.mark.parametrize("backend", ["yajl2_c", "python"])
def test_half_a_surrogate_pair_makes_no_name(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ijson, "basic_parse_coro", ijson.get_backend(backend).basic_parse_coro)
    found = reading(r'[{"name": "a\ud83d"}, {"name": "a\ud83d\ude00"}, {"name": "\\ud83d"}]')
    assert names(found) == ["a😀", r"\ufffd"]
    assert found.skipped[0].why == "a name with letters that are not UTF-8"


# HAR.


def test_a_recording_gives_attributes_moments_and_hosts() -> None:
    har = a_har(
        an_entry(f"https://{SITE}/a/b?c=/d", set=[f"id={SECRET}; Domain=x.gov.uk; Expires=Sun, 01 Nov 2026 10:01:00 GMT; SameSite=Lax"]),
        an_entry("https://ads.example:8443/p", set=[f"ad={SECRET}; Secure; HttpOnly; Max-Age=90"]),
        an_entry(f"https://forms.x.gov.uk/z?token={SECRET}", sent=[f"id={SECRET}; other={SECRET}"], set=["id=; Max-Age=0"]),
        pages=("Home", f"https://{SITE}/"),
    )
    found = reading(har)
    assert found.site == SITE
    assert found.cookies == (
        Seen("id", "x.gov.uk", "/a", 60, False, False, False, False, "lax", site=SITE, set_by=SITE, first=1, last=4),
        Seen("ad", "ads.example", "/", 90, False, True, True, True, site=SITE, set_by="ads.example", first=3, last=3),
        Seen("other", "forms.x.gov.uk", site=SITE, set_by="forms.x.gov.uk", first=4, last=4),
    )
    assert "1 cookie was deleted." in found.notes


def test_a_cookie_sent_before_it_is_set_is_still_one() -> None:
    har = a_har(an_entry(sent=["id=1"]), an_entry(set=["id=2; Domain=gov.uk; Path=/; Max-Age=5"]), an_entry(sent=["id=2"]))
    (seen,) = reading(har).cookies
    assert (seen.domain, seen.lifetime, seen.first, seen.last) == ("gov.uk", 5, 0, 4)


@pytest.mark.parametrize(
    ("set_at", "set_", "sent_to", "count"),
    [
        ("https://www.x.uk/", "id=1; Domain=x.uk", "https://x.uk/", 1),
        ("https://www.x.uk/", "id=1; Domain=x.uk", "https://a.b.x.uk/", 1),
        ("https://www.x.uk/", "id=1; Domain=x.uk", "https://ax.uk/", 2),
        ("https://www.x.uk/", "id=1", "https://www.x.uk/", 1),
        ("https://x.uk/", "id=1", "https://www.x.uk/", 2),
    ],
)
def test_a_sent_cookie_is_the_one_whose_domain_covers_its_host(set_at: str, set_: str, sent_to: str, count: int) -> None:
    assert len(reading(a_har(an_entry(set_at, set=[set_]), an_entry(sent_to, sent=["id=1"]))).cookies) == count


def test_headers_and_lists_of_cookies_are_one() -> None:
    listed = {"name": "a", "value": SECRET, "path": "/", "expires": "2026-11-01T10:05:00.000Z", "httpOnly": True}
    har = a_har(
        an_entry(
            set=[f"a={SECRET}; Path=/; Max-Age=60\nb={SECRET}; Path=/; Expires=Sun, 01 Nov 2026 10:01:00 GMT"], response_cookies=[listed]
        ),
        an_entry(response_cookies=[{**listed, "name": "c"}, {**listed, "name": "gone", "expires": "1970-01-01T00:00:00Z"}]),
        an_entry(request_cookies=[{"name": "d", "value": SECRET}], sent=["d=1"]),
        an_entry(request_cookies=[{**listed, "name": "e", "domain": ".x.gov.uk", "secure": True}], sent=["e=1"]),
    )
    found = reading(har)
    assert [(seen.name, seen.lifetime, seen.left, seen.http_only) for seen in found.cookies] == [
        ("a", 60, False, False),
        ("b", 60, False, False),
        ("c", 300, False, True),
        ("d", None, False, None),
        ("e", 300, True, True),
    ]


def test_the_date_header_stands_in_for_a_missing_start() -> None:
    entry = an_entry(
        started=None, headers=[header("Date", "Sun, 01 Nov 2026 09:59:00 GMT")], set=["a=1; Expires=Sun, 01 Nov 2026 10:00:00 GMT"]
    )
    assert only(a_har(entry)).lifetime == 60


def test_a_cookie_for_a_foreign_host_is_refused_as_browsers_do() -> None:
    found = reading(a_har(an_entry(set=["a=1; Domain=other.example", "b=1"])))
    assert names(found) == ["b"]
    assert found.skipped[0] == ("exchange 1", "a cookie for another host than its own, which browsers refuse")


def test_a_recording_without_cookies_says_what_to_do() -> None:
    found = reading(a_har(an_entry()))
    assert found.cookies == ()
    assert "with sensitive data" in found.notes[0]


def test_an_answer_that_changes_is_a_new_choice() -> None:
    no, yes = ("essential:true", "usage:false"), ("essential:true", "usage:true")
    values = [json.dumps({k: v == "true" for k, v in (pair.split(":") for pair in pairs)}) for pairs in (no, no, yes)]
    har = a_har(an_entry(), *(an_entry(sent=[f"cookies_policy={value}; _ga=1"]) for value in values))
    assert [(choice.terms["usage"], choice.at) for choice in reading(har).choices] == [(False, 2), (True, 6)]


def test_a_long_body_is_passed_over_whatever_it_holds() -> None:
    for unit in ('\\" \\\\', "é漢", "plain text ", "\\u00e9\\ud83d\\ude00", "\\\\", "1234567890", '\\"name\\": '):
        for shift in range(3):
            body = "x" * shift + unit * (5 * text.CHUNK // len(unit))
            har = a_har(an_entry(set=["a=1"], body="BODY"), an_entry(set=["b=1"])).replace(b"BODY", body.encode())
            found = reading(har)
            assert (names(found), found.skipped) == (["a", "b"], ()), (unit, shift)


def test_a_large_recording_takes_little_memory() -> None:
    har = a_har(an_entry(body="x" * 20_000_000, set=["a=1"]), *[an_entry(body="y" * 20_000)] * 200)
    source = io.BytesIO(har)
    tracemalloc.start()
    try:
        read(source, now=NOW)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_cookie_that_is_sent_to_many_hosts_thousands_of_times_is_one() -> None:
    entries = [an_entry(f"https://h{number % 50}.x.gov.uk/", sent=["a=1; b=2"]) for number in range(2_000)]
    found = reading(a_har(an_entry(set=["a=1; Domain=x.gov.uk"]), *entries))
    assert [seen.name for seen in found.cookies].count("a") == 1
    assert found.cookies[0].last == 4_000


# Limits.


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "LARGEST_FILE", 1_000_000)
    assert refusal(a_har(an_entry(body="x" * 2_000_000))).message == "the input is larger than 1 MB"


def test_text_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "LARGEST_TEXT", 1_000_000)
    assert refusal("_ga\n" + "#" * 1_100_000).message == "the input is text of more than 1 MB"


def test_a_line_that_is_too_long_is_left_out() -> None:
    found = reading("a=1\n" + "x" * 2_000_000 + "=1\nb=2\n" + "y" * 1_500_000)
    assert names(found) == ["a", "b"]
    assert [piece.where for piece in found.skipped] == ["line 2", "line 4"]


def test_more_cookies_than_a_website_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathered, "MOST_COOKIES", 10)
    assert (
        refusal("\n".join(f"c{number}" for number in range(11))).message
        == "the input has more than 10 different cookies, which no website sets"
    )


def test_pieces_left_out_are_kept_up_to_a_limit_and_then_counted() -> None:
    found = reading("Set-Cookie: a=1\n" + "Set-Cookie: =x\n" * 1_500)
    assert len(found.skipped) == 1_001
    assert found.skipped[-1] == ("further on", "500 more pieces")


# Files.


def test_a_file_is_read_with_the_moment_it_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "cookies.txt"
    path.write_bytes(FILES["netscape"]())
    os.utime(path, (SET_AT, SET_AT))
    assert read_file(path, now=NOW).cookies[0].lifetime == YEAR


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "none", tmp_path, tmp_path / "pipe", Path("a\0b")):
        with pytest.raises(CannotRead) as caught:
            read_file(path, now=NOW)
        assert caught.value.hint.startswith("Try: ")


# Dates.


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Sun, 01 Nov 2026 10:00:00 GMT", SET_AT),
        ("Sunday, 01-Nov-26 10:00:00 GMT", SET_AT),
        ("Sun Nov  1 10:00:00 2026", SET_AT),
        ("1 nov 2026 10:0:0", SET_AT),
        ("Sun, 01/Nov/26 10:00:00x", SET_AT),
        ("10:00:00 1November2026", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
        ("Fri, 01 Jan 1600 00:00:00 GMT", None),
        ("Sun, 31 Feb 2027 10:00:00 GMT", None),
        ("Sun, 01 Nov 2026 24:00:00 GMT", None),
        ("Sun, 01 Nov 2026", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_a_date_is_read_as_browsers_do(written: str, moment: float | None) -> None:
    assert dates.cookie_date(written) == moment


# Whatever comes.


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(found: bytes) -> None:
    assert told(found)


@given(st.data())
def test_any_change_of_a_file_is_read_or_refused_without_its_values(data: st.DataObject) -> None:
    whole = FILES[data.draw(st.sampled_from(sorted(FILES)))]().replace(SECRET.encode(), b"(" + SECRET.encode() + b")")
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(whole)))
        end = data.draw(st.integers(start, min(len(whole), start + 40)))
        whole = whole[:start] + data.draw(st.binary(max_size=10) | st.sampled_from([b"\t", b"\n", b'"', b"\\", b";", b"="])) + whole[end:]
    assert SECRET not in told(whole)


@given(st.lists(st.text(st.sampled_from('"\\ad1é漢😀\n'), max_size=40), max_size=4), st.booleans(), st.integers(6, 12))
def test_a_document_keeps_its_form_however_it_is_cut_in_chunks(texts: list[str], escaped: bool, size: int) -> None:
    whole = json.dumps([{"text": found} for found in texts], ensure_ascii=escaped)
    tamed = json.loads("".join(stream._tame(whole[start : start + size] for start in range(0, len(whole), size))))
    assert len(tamed) == len(texts)
    for before, after in zip(texts, tamed, strict=True):
        assert after == {"text": before} or "\ufffd" in "".join([*after, *after.values()])


# Whole readings.

# Each holds what its kind can show, what it cannot, and lines that are no cookies.
WHOLE = {path.stem: path.read_bytes().decode() for path in sorted((Path(__file__).parent / "data" / "readings").iterdir())}


def in_full(found: bytes | str) -> str:
    try:
        whole = reading(found)
    except CannotRead as error:
        return f"refused: {error.message}. {error.hint}"
    lines = [f"{whole.format}, of {whole.site or 'no site'}"]
    plain = Seen("")
    for seen in whole.cookies:
        said = [f"{name}={value!r}" for name, value in seen._asdict().items() if value != getattr(plain, name)]
        lines.append(f"  {', '.join(said)}")
    lines += [
        f"  {choice.cookie}, as {choice.scheme or 'nobody'} has it: {dict(choice.terms)}, else {choice.rest}, at {choice.at}"
        for choice in whole.choices
    ]
    lines += [f"  left out: {one.where}: {one.why}" for one in whole.skipped]
    lines += [f"  {note}" for note in whole.notes]
    return "\n".join(lines)


def test_a_file_of_each_kind_is_read_in_full() -> None:
    long = {"a long line": "_ga\n" + "x" * (text.LONGEST_LINE + 1) + "\n_gid\n", "a long list": "a=1; " * 300_000 + "\nb=2\n"}
    files = {**WHOLE, **long, "a long last line": "_ga\n_gid\n" + "x" * (text.LONGEST_LINE + 1)}
    files |= {f"a long line in {name}": WHOLE[name] + "y" * (text.LONGEST_LINE + 1) + "\n" + WHOLE[name] for name in WHOLE}
    told = [f"== {name}\n{in_full(found)}" for name, found in files.items()]
    told += [f"== sample: {name}\n{in_full(FILES[name]())}" for name in FILES]
    assert same_as_golden("readings.txt", "\n".join(told) + "\n")
