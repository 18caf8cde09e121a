"""The cookie page: tables to paste into a site, and a sheet for colleagues."""

from __future__ import annotations

import csv
import io

import pytest
from builders import CATEGORIES, ROWS, a_category, a_row, entries, same_as_golden
from hypothesis import given
from hypothesis import strategies as st
from justhtml import JustHTML

from p2p_toolkit.consent.cookies import Row
from p2p_toolkit.render import terminal
from p2p_toolkit.render.cookie_page import COLUMNS, PAGES, pieces
from p2p_toolkit.render.visitors import words_of

HOSTILE = "</code></table><script>alert(1)</script> | ` \"' &amp; =1+1 \x1b[31m \u202e \u2028"


def page(format: str, *rows: Row) -> str:
    return "".join(pieces(rows or ROWS, CATEGORIES, format))


def fragment(text: str) -> JustHTML:
    return JustHTML(f'<!DOCTYPE html><html lang="en"><head><title>x</title></head><body>{text}</body></html>', strict=True, sanitize=False)


@pytest.mark.parametrize("format", PAGES)
def test_the_page_is_as_it_was(format: str) -> None:
    assert same_as_golden(f"cookies.{format}", page(format))


def test_a_strict_parser_finds_no_fault_and_every_table_says_what_it_is() -> None:
    read = fragment(page("html"))
    tables = read.query("table")
    assert len(tables) == len(read.query("h2")) == 6
    for table in tables:
        assert table.query("caption")[0].to_text()
        assert [head.to_text() for head in table.query("thead th")] == list(COLUMNS)
        assert {head.attrs["scope"] for head in table.query("thead th")} == {"col"}
        for row in table.query("tbody tr"):
            assert [head.attrs["scope"] for head in row.query("th")] == ["row"]
            assert len(row.query("td")) == len(COLUMNS) - 1
    assert not read.query("script, style, a, img, [style], [class], [id]")


def test_the_unclassified_come_last_and_ask_for_a_decision() -> None:
    text = page("markdown")
    assert text.index("## Advertising cookies") < text.index("## Not yet classified")
    assert "Somebody has to decide that before this page is published." in text
    assert "xyz" in text[text.index("## Not yet classified") :]


def test_a_category_that_nobody_knows_is_not_yet_classified() -> None:
    assert "## Not yet classified" in page("markdown", a_row(category="sundry"))


def test_a_category_of_ones_own_is_told_in_the_words_of_its_record() -> None:
    own = entries("category", a_category(id="surveys", name="Surveys", summary="They ask what you think [1]."))
    text = "".join(pieces([a_row(category="surveys")], own, "html"))
    assert "<h2>Surveys</h2>" in text
    assert "They ask what you think. You can refuse them." in text
    [locked] = entries("category", a_category(id="surveys", locked=True))
    assert words_of(locked).text.endswith("You cannot turn them off here.")


def test_a_category_without_cookies_is_left_out() -> None:
    assert [head.to_text() for head in fragment(page("html", a_row(category="functional"))).query("h2")] == ["Functional cookies"]


def test_every_category_says_whether_it_can_be_refused() -> None:
    paragraphs = [paragraph.to_text() for paragraph in fragment(page("html")).query("h2 + p")]
    assert [("You can refuse them." in text, "You cannot turn them off here." in text) for text in paragraphs] == [
        (False, True),
        *[(True, False)] * 4,
        (False, False),
    ]


def test_no_promise_is_made_that_an_owner_cannot_keep() -> None:
    text = page("markdown").casefold()
    assert not [claim for claim in ("anonym", "value your privacy", "personal data", "personally") if claim in text]


def test_a_key_of_local_storage_is_named_as_such() -> None:
    assert "<code>yt-player</code> (local storage)" in page("html")
    assert "`yt-player` (local storage)" in page("markdown")
    assert [row["Stored as"] for row in csv.DictReader(io.StringIO(page("csv"))) if row["Name"] == "yt-player"] == ["local storage"]


def test_a_star_is_explained_only_where_there_is_one() -> None:
    assert "A * in a name" in page("html", a_row(name="_ga_*", pattern=True))
    assert "A * in a name" not in page("html", a_row(name="_ga_*", pattern=False))


def test_what_is_not_known_is_said_on_the_page_and_empty_in_the_sheet() -> None:
    row = a_row(provider="", purpose="", retention="", party="")
    assert page("html", row).count("<td>not known</td>") == 4
    assert page("csv", row).endswith(",cookie,,,,\r\n")


def test_cookies_that_differ_only_in_their_host_are_one_line() -> None:
    assert page("csv", a_row(domain="a.example"), a_row(domain="b.example")).count("\r\n") == 2


def test_hostile_text_stays_text() -> None:
    row = a_row(name=HOSTILE, provider=HOSTILE, purpose=HOSTILE, retention=HOSTILE)
    read = fragment(page("html", row))
    shown = " ".join(terminal.safe(HOSTILE).split())
    assert read.query("th code")[0].to_text() == shown
    assert [cell.to_text() for cell in read.query("td")] == [shown, shown, shown, "this site"]
    [_, cells] = list(csv.reader(io.StringIO(page("csv", a_row(name="=1+1", provider="@x")))))
    assert cells[1] == "'=1+1"
    assert cells[3] == "'@x"


@given(text=st.text(), storage=st.sampled_from(["cookie", "local-storage"]))
def test_no_text_whatever_breaks_the_page(text: str, storage: str) -> None:
    row = a_row(name=text, provider=text, purpose=text, retention=text, storage=storage)
    plain = fragment(page("html", a_row(storage=storage)))
    read = fragment(page("html", row))
    assert len(read.query("*")) == len(plain.query("*"))
    assert read.query("td")[1].to_text().split() == terminal.safe(text).split() or "not known" in page("html", row)
    lines = page("markdown", row).splitlines()
    assert len(lines) == 7
    page("csv", row).encode()
