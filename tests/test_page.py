"""The pack as a web page: valid, readable by everybody, and asking nobody for anything."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from justhtml import JustHTML
from test_brief import NAMES, an_answer

from p2p_toolkit import render
from p2p_toolkit.evidence.references import Reference
from p2p_toolkit.render.packs import page
from p2p_toolkit.render.packs.paper import Chapter, Line, Paper, Row, Section, Table, Topic

HOSTILE = "<script>alert(1)</script> \"' onclick=x &amp; [1] javascript:x \x1b[31m \u202e ]]> -->"


def a_page(text: str = "Text [1].", url: str = "https://example.org/1") -> str:
    reference = Reference(1, text, text, "2020", url, (text,), ())
    line = Line(text, text, text, (1,))
    section = Section(text, (line, line._replace(plain=True)))
    topic = Topic(text, text, (section, section._replace(bullets=False), section), beside=True)
    parts = (section, Table(text, (text, text), (Row((text, text)),)), topic)
    return "".join(page.as_html(Paper(text, ((text, text),), (Chapter("x", text, parts),), (reference,), text)))


PACK = "".join(render.pieces(an_answer(*NAMES), "html"))


@pytest.fixture(scope="module")
def tree() -> JustHTML:
    return JustHTML(PACK, strict=True, sanitize=False)


def test_the_page_has_no_fault_a_strict_parser_finds(tree: JustHTML) -> None:
    assert tree.query("html")[0].attrs["lang"] == "en-GB"
    assert [tree.query(name)[0].name for name in ("title", "main", "header", "nav", "footer")]


def test_there_is_one_main_heading_and_no_level_is_left_out(tree: JustHTML) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", PACK)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(heading.to_text().strip() for heading in tree.query("h1, h2, h3, h4"))


def test_every_table_has_a_caption_and_headings_that_say_of_what(tree: JustHTML) -> None:
    tables = tree.query("table")
    assert len(tables) == 3
    for table in tables:
        assert table.query("caption")[0].to_text()
        assert {head.attrs["scope"] for head in table.query("thead th")} == {"col"}
        rows = table.query("tbody tr")
        assert all([head.attrs["scope"] for head in row.query("th")] == ["row"] for row in rows)
        columns = [head.to_text() for head in table.query("thead th")]
        assert all([cell.attrs["data-label"] for cell in row.query("td")] == columns[1:] for row in rows)


def test_every_link_leads_somewhere(tree: JustHTML) -> None:
    ids = [node.attrs["id"] for node in tree.query("[id]")]
    assert len(set(ids)) == len(ids)
    for link in tree.query("a"):
        target = link.attrs["href"]
        assert target.startswith("https://example.org/") or target.removeprefix("#") in ids
        if not target.startswith("#"):
            assert link.to_text() == target, "an address is readable on paper, too"
    assert {link.attrs["href"] for link in tree.query("a.cite")} == {f"#{id}" for id in ids if id.startswith("ref-")}


def test_the_page_asks_for_nothing() -> None:
    assert not re.search(r"<(script|link|img|iframe|object|embed|form|base)\b|@import|url\(|\son\w+=|style=", PACK)
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', PACK)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_what_stands_in_a_question_is_no_marker(tree: JustHTML) -> None:
    assert "Shall we [1] renew?" in tree.query("header")[0].to_text()
    assert not tree.query("header a")


def test_hostile_text_stays_text() -> None:
    text = a_page(HOSTILE, "javascript:alert(1)")
    read = JustHTML(text, strict=True, sanitize=False)
    assert not read.query("script")
    assert not [link for link in read.query("a") if not link.attrs["href"].startswith("#")]
    assert read.query("h1")[0].to_text() == HOSTILE.replace("\x1b", "\ufffd").replace("\u202e", "\ufffd")
    assert len(read.query("*")) == len(JustHTML(a_page(url="javascript:x"), strict=True, sanitize=False).query("*"))


@given(text=st.text(min_size=1).filter(lambda text: bool(text.split())))
def test_no_text_whatever_breaks_the_page(text: str) -> None:
    text_of_page = a_page(text)
    text_of_page.encode()
    read = JustHTML(text_of_page, strict=True, sanitize=False)
    assert read.query("td")[0].to_text().split() == render.terminal.safe(text).split()


# Contrast, by the formula of WCAG 2.2.


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


PALETTES = [dict(re.findall(r"--(\w+):(#\w{6});", block)) for block in re.findall(r":root\{[^}]*\}", page.STYLE)]


def test_the_formula_is_that_of_wcag() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", PALETTES, ids=["light", "dark", "print"])
@pytest.mark.parametrize("ground", ["ground", "band"])
@pytest.mark.parametrize("text", ["ink", "soft", "link", "accent"])
def test_all_text_stands_out_in_light_and_dark(palette: dict[str, str], ground: str, text: str) -> None:
    assert contrast(palette[text], palette[ground]) >= 7


def test_only_the_colours_of_the_palettes_are_used() -> None:
    rest = re.sub(r":root\{[^}]*\}", "", page.STYLE)
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|hsl", rest)
    assert set(re.findall(r"var\(--(\w+)\)", rest)) == set(PALETTES[0])


# In a browser.


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no browser is here to try the page in: install the Debian package chromium")
    quiet = "--no-first-run --disable-background-networking --disable-component-update --disable-sync --disable-quic --disable-extensions"
    profile = tmp_path_factory.mktemp("profile")
    # --no-sandbox: the page is our own, and root cannot have one.
    return [found, "--headless", "--no-sandbox", "--disable-gpu", *quiet.split(), f"--user-data-dir={profile}", "--enable-logging=stderr"]


def test_a_browser_shows_and_prints_the_page_and_asks_nobody(browser: list[str], tmp_path: Path) -> None:
    file = tmp_path / "pack.html"
    file.write_text(PACK, encoding="utf-8")
    options = [f"--log-net-log={tmp_path / 'net.json'}", f"--print-to-pdf={tmp_path / 'pack.pdf'}", "--no-pdf-header-footer"]
    done = subprocess.run([*browser, *options, file.as_uri()], capture_output=True, text=True, timeout=60, check=True)
    assert "CONSOLE" not in done.stderr
    pdf = (tmp_path / "pack.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594" in pdf or b"/MediaBox [0 0 595" in pdf, "not A4"
    asked = set(re.findall(r'"url":"([^"]*)"', (tmp_path / "net.json").read_text(encoding="utf-8")))
    assert not [url for url in asked if "example.org" in url], "the page asked for what it only names"


SCRIPTED = "<style>table{width:900px}</style><script>document.title='run'</script></head>"


def test_the_policy_of_the_page_holds_in_a_browser(browser: list[str], tmp_path: Path) -> None:
    """What somebody smuggled in would not run: seen by the browser's complaint."""
    file = tmp_path / "pack.html"
    file.write_text(PACK.replace("</head>", SCRIPTED), encoding="utf-8")
    done = subprocess.run([*browser, "--dump-dom", file.as_uri()], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr.count("Content Security Policy") >= 2
    assert "<title>run</title>" not in done.stdout


def test_nothing_sticks_out_at_the_width_of_a_telephone(browser: list[str], tmp_path: Path) -> None:
    # The page itself runs no script; a frame of that width around it tells whether it would scroll sideways.
    file = tmp_path / "pack.html"
    file.write_text(re.sub(r"<meta http-equiv[^>]*>", "", PACK), encoding="utf-8")
    outer = tmp_path / "outer.html"
    outer.write_text(
        f'<iframe width=320 height=600 src="{file.as_uri()}" onload="const d=this.contentDocument.documentElement;'
        'document.title=JSON.stringify([d.scrollWidth, d.clientWidth])"></iframe>'
    )
    options = ["--allow-file-access-from-files", "--dump-dom", "--virtual-time-budget=2000"]
    done = subprocess.run([*browser, *options, outer.as_uri()], capture_output=True, text=True, timeout=60, check=True)
    [measured] = re.findall(r"<title>(\[.*?\])</title>", done.stdout)
    scroll, client = json.loads(measured)
    assert scroll <= client
