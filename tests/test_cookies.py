"""Cookies on the command line: what each is for, and the audit of files."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from builders import same_as_golden
from conftest import Ran

Run = Callable[..., Ran]

REFUSED = "cookies_policy=%7B%22essential%22%3Atrue%2C%22settings%22%3Atrue%2C%22usage%22%3Afalse%2C%22campaigns%22%3Afalse%7D"
HEADERS = f"""\
set-cookie: PHPSESSID=SECRET; Path=/; Secure; HttpOnly; SameSite=Lax
set-cookie: {REFUSED}; Max-Age=31536000
set-cookie: _ga=SECRET; Domain=example.gov.uk; Path=/; Max-Age=63072000
set-cookie: text_size=SECRET; Domain=example.gov.uk; Max-Age=31536000
set-cookie: IDE=SECRET; Domain=.doubleclick.net; Max-Age=34000000; Secure; SameSite=None; Partitioned
set-cookie: UMB_PREVIEW=SECRET; Path=/
set-cookie: bx1=SECRET; Path=/
set-cookie: =SECRET
"""
EARLIER = "PHPSESSID\ncookies_policy\n_ga\n_gid\ntext_size\nIDE\nbx1\nUMB_PREVIEW\n"
SITE = ("--site", "www.example.gov.uk")


@pytest.fixture
def headers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("headers.txt").write_text(HEADERS)
    Path("earlier.txt").write_text(EARLIER)
    return "headers.txt"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Something on standard input."""

    def type_(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content), isatty=lambda: False, closed=False))

    return type_


# Classify.


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_one_cookie_and_several_on_a_screen(terminal: Run, columns: int) -> None:
    shown = "".join(
        terminal("consent", "classify", *cookies, columns=columns, env={"NO_COLOR": "1"}).out
        for cookies in (["_ga"], ["_ga", "sid", "bx1"])
    )
    assert same_as_golden(f"classify-{columns}.txt", shown)


@pytest.mark.parametrize("format", ["json", "csv", "markdown"])
def test_cookies_in_each_format(run: Run, format: str) -> None:
    assert same_as_golden(f"classify.{format}", run("consent", "classify", "_ga", "sid", "bx1", "lang", "--format", format).out)


def test_what_scripts_read_of_a_cookie(run: Run) -> None:
    [result] = json.loads(run("consent", "classify", "MR", "--domain", "c.bing.com", "--json").out)["results"]
    assert {name: result[name] for name in ("cookie", "category", "confidence", "rule")} == {
        "cookie": "MR", "category": "advertisement", "confidence": "low", "rule": "exact-domain",
    }  # fmt: skip


def test_results_have_the_same_fields_whatever_decided(run: Run) -> None:
    results = json.loads(run("consent", "classify", "_ga", "lang", "bx1", "--json").out)["results"]
    assert len({tuple(result) for result in results}) == 1


@pytest.mark.parametrize(
    "content", [b"_ga\nbx1\n", b"_ga, bx1", b"_ga=SECRET; bx1=SECRET", b"\xef\xbb\xbf_ga\r\nbx1\r\n", HEADERS.encode()]
)
def test_names_may_come_on_standard_input(run: Run, typed: Callable[[bytes], None], content: bytes) -> None:
    typed(content)
    ran = run("consent", "classify", "-", "--json")
    found = {result["cookie"]: result["category"] for result in json.loads(ran.out)["results"]}
    assert (found["_ga"], found["bx1"]) == ("analytical", "unclassified")
    assert "SECRET" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("classify", ""), 2, "a cookie is missing"),
        (("classify", "_ga", "--domain", "a b"), 2, "is no site"),
        (("audit", "nowhere.har"), 4, "there is no file nowhere.har"),
        (("audit", "."), 4, "is a folder, a pipe or a device"),
        (("audit", "-", "--against", "-"), 2, "standard input can be read only once"),
        (("audit", "headers.txt", "--site", "//"), 2, "is no site"),
        (("export", "headers.txt", "--to", "klara"), 2, "Nearest: klaro"),
        (("table", "headers.txt", "-o", "page.pdf"), 2, "p2p writes no .pdf files"),
        (("map", "C0009", "--from", "onetrust", "--to", "p2p"), 3, "OneTrust has no category"),
        (("map", "C0002", "--from", "onetrust", "--to", "cookiebott"), 2, "Nearest: cookiebot"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_told(run: Run, headers: str, arguments: tuple[str, ...], code: int, told: str) -> None:
    ran = run("consent", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err


def test_nobody_is_asked_to_type_a_file(terminal: Run) -> None:
    ran = terminal("consent", "audit", "-")
    assert ran.code == 2
    assert "nothing is on standard input" in ran.out


def test_quiet_prints_names_whether_a_record_knows_them_or_not(run: Run) -> None:
    assert run("consent", "classify", "_ga", "bx1", "-q").out == "_ga\nbx1\n"


# Audit.


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_an_audit_on_a_screen(terminal: Run, headers: str, columns: int) -> None:
    ran = terminal("consent", "audit", headers, *SITE, "--against", "earlier.txt", columns=columns, env={"NO_COLOR": "1"})
    assert same_as_golden(f"audit-{columns}.txt", ran.out)


@pytest.mark.parametrize("format", ["table", "json", "jsonl", "csv", "markdown"])
def test_an_audit_in_a_pipe_and_in_each_format(run: Run, headers: str, format: str) -> None:
    ran = run("consent", "audit", headers, *SITE, "--against", "earlier.txt", "--format", format)
    assert same_as_golden(f"audit.{format}", ran.out)
    assert "SECRET" not in ran.out + ran.err


@pytest.mark.parametrize(("content", "code"), [("PHPSESSID\n_ga\n", 0), ("PHPSESSID\nbx1\n", 4), (HEADERS.replace("bx1", "_gat"), 4)])
def test_a_strict_audit_fails_for_what_is_unclassified_or_refused(run: Run, tmp_path: Path, content: str, code: int) -> None:
    (tmp_path / "x").write_text(content)
    ran = run("consent", "audit", str(tmp_path / "x"), "--strict")
    assert ran.code == code
    assert "PHPSESSID" in ran.out
    assert run("consent", "audit", str(tmp_path / "x")).code == 0


def test_an_audit_may_be_held_against_an_earlier_one_of_its_own(run: Run, headers: str) -> None:
    Path("audit.json").write_text(run("consent", "audit", headers, *SITE, "--json").out)
    assert json.loads(run("consent", "audit", headers, *SITE, "--against", "audit.json", "--json").out)["changes"] == []
    Path("less.txt").write_text(HEADERS.replace("IDE", "DSID"))
    changes = json.loads(run("consent", "audit", "less.txt", *SITE, "--against", "audit.json", "--json").out)["changes"]
    assert [(change["what"], change["cookie"]) for change in changes] == [("added", "DSID"), ("gone", "IDE")]


def test_several_files_are_one_audit(run: Run, headers: str) -> None:
    answer = json.loads(run("consent", "audit", headers, "earlier.txt", *SITE, "--json").out)
    assert answer["formats"] == ["set-cookie", "names"]
    assert {"_gid", "_ga"} <= {result["cookie"] for result in answer["results"]}


def test_an_audit_never_calls_a_site_compliant(run: Run, headers: str) -> None:
    ran = run("consent", "audit", headers, *SITE)
    assert "complian" not in (ran.out + ran.err).lower()
    assert "not whether the site keeps the law" in ran.out


def test_hostile_names_cannot_steer_a_terminal(run: Run, typed: Callable[[bytes], None]) -> None:
    typed('[bold]x[/bold]\n"\x1b[31mred"\n=cmd|calc\n\u202egnol\n'.encode())
    for format in ("table", "csv", "markdown", "json"):
        ran = run("consent", "audit", "-", "--format", format)
        typed(b"[bold]x[/bold]\n=cmd|calc\n")
        assert "\x1b" not in ran.out + ran.err
        assert "\u202e" not in ran.out + ran.err


# Map.


@pytest.mark.parametrize("format", ["table", "json", "markdown"])
def test_a_term_in_another_tools_words(run: Run, format: str) -> None:
    ran = run("consent", "map", "C0002", "--from", "onetrust", "--to", "cookiebot", "--format", format)
    assert same_as_golden(f"map.{format}", ran.out)
    assert "covers more than one category" in ran.err or format != "table"


def test_what_a_tool_has_no_word_for_is_said(run: Run) -> None:
    ran = run("consent", "map", "necessary", "--from", "p2p", "--to", "consent-o-matic")
    assert ran.out == "necessary\tnecessary\tno word for it\n"
    assert "Consent-O-Matic has no word of its own for necessary." in ran.err


def test_what_a_clue_alone_calls_necessary_has_to_be_looked_at_first(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_text("_ga\nPHPSESSID\nfoo_session\n")
    told = "Necessary by a clue in the name or the domain alone: 'foo_session'. Check what that is for.\n"
    for command in (["audit", str(file)], ["table", str(file)], ["export", str(file), "--to", "klaro"]):
        assert told in run("consent", *command).err
    file.write_text("".join(f"x{number}_session\n" for number in range(12)))
    assert "'x9_session' and 2 more. Check" in run("consent", "audit", str(file)).err
    file.write_text("_ga\nPHPSESSID\n")
    assert "alone" not in run("consent", "audit", str(file)).err
