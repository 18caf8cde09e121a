"""How answers look: whole screens and whole files, compared with what is expected."""

from __future__ import annotations

import csv
import io
import json

import jsonschema
import pytest
from builders import A_RECORD_OF, a_case, a_route, parsed, same_as_golden
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit import kinds, library, render, search
from p2p_toolkit.errors import BadUsage
from p2p_toolkit.library import Library
from p2p_toolkit.render import Answer, formats, phrases, plain, screen, terminal
from p2p_toolkit.render.answer import Column, Listing

PLAIN = terminal.Look(screen=True, width=80, colour=False, unicode=True)

HOSTILE = "[red]x[/red] \x1b[31m\x07 \u202e <b>&amp; |`*_ =cmd() \x9b31m \ud800"


@pytest.fixture(scope="module")
def known() -> Library:
    """Two cases and a route, with a field of every sort filled in."""
    oldham = a_case(
        id="oldham",
        name="Oldham Social Prescribing",
        aliases=["SPIP"],
        caveat="An early record.",
        toolkit="confirmed",
        places=["Oldham"],
        region="north-west",
        commissioners=["Oldham Council"],
        partners=["Action Together", "Age UK Oldham"],
        sectors=["health", "loneliness"],
        status="succeeded",
        status_seen="2024-11-07",
        status_note="A longer contract followed [1].",
        value_gbp=1_250_000,
        value_kind="contract-value",
        value_note="Another source gives £1.1m [1].",
        routes=[{"id": "innovation", "certainty": "stated", "note": "The page calls it so [1]."}],
        problem="Fixed rules did not fit [1].",
        outcomes=[{"text": "Visits fell by 62.5% [1].", "evidence": "commissioner-or-provider"}],
        disagreements=["The value [1]."],
        unknown=["How many bid."],
    )
    route = a_route(
        id="innovation",
        name="Innovation partnership",
        legal_basis=[{"ref": "Some Regulations, regulation 31", "url": "https://example.org/31", "checked": "read"}],
        conditions=[{"text": "Nothing like it may be on the market [1].", "checked": "secondary"}],
    )
    return library.index_of(
        [parsed("case", oldham), parsed("case", a_case(id="croydon", name="One Croydon Alliance")), parsed("route", route)]
    )


def shown(library: Library, *ids: tuple[str, str]) -> Answer:
    entries = [entry for entry in (library.get(*id) for id in ids) if entry]
    return render.cards(library, entries, {"names": [id for _, id in ids]})


def listed(library: Library, kind: str = "case") -> Answer:
    entries = list(library.all(kind))
    return render.listing(library, library.kinds[kind], entries, total=len(entries), query={})


def found(library: Library, query: str) -> Answer:
    return render.hits(library, search.find(library, query), {"words": query})


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_record_on_a_screen(known: Library, width: int) -> None:
    text = screen.text(shown(known, ("case", "oldham")), PLAIN._replace(width=width))
    assert max(len(line) for line in text.splitlines()) <= width
    assert same_as_golden(f"show-{width}.txt", text)


def test_an_address_is_in_one_piece_where_the_terminal_is_wide_enough() -> None:
    address = "https://example.org/" + "x" * 120
    held = library.index_of([parsed("case", a_case(id="far", sources=[{"title": "A page", "publisher": "A council", "url": address}]))])
    whole, narrow = (screen.text(render.cards(held, list(held.all("case")), {}), PLAIN._replace(width=width)) for width in (200, 80))
    assert f"     {address}\n" in whole
    assert address not in narrow
    assert address in narrow.replace("\n     ", "")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_hits_on_a_screen(known: Library, width: int) -> None:
    text = screen.text(found(known, "oldahm prescribing"), PLAIN._replace(width=width))
    assert max(len(line) for line in text.splitlines()) <= width
    assert same_as_golden(f"search-{width}.txt", text)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_list_on_a_screen(known: Library, width: int) -> None:
    text = screen.text(listed(known), PLAIN._replace(width=width))
    assert max(len(line) for line in text.splitlines()) <= width
    assert same_as_golden(f"list-{width}.txt", text)


def test_law_on_a_screen_says_it_is_no_advice(known: Library) -> None:
    text = screen.text(shown(known, ("route", "innovation")), PLAIN)
    assert "Information, not legal advice. Law as of 30 June 2026." in text
    assert same_as_golden("show-route.txt", text)


def test_a_screen_without_unicode_has_none(known: Library) -> None:
    text = screen.text(shown(known, ("route", "innovation")), PLAIN._replace(unicode=False))
    assert text.isascii()


def test_a_record_in_a_pipe(known: Library) -> None:
    assert same_as_golden("show.txt", "".join(plain.lines(shown(known, ("case", "oldham")))))


@pytest.mark.parametrize("name", ["json", "jsonl", "csv", "markdown"])
def test_a_record_in_each_format(known: Library, name: str) -> None:
    assert same_as_golden(f"show.{name}", "".join(formats.FORMATS[name](shown(known, ("case", "oldham")))))


@pytest.mark.parametrize("name", formats.FORMATS)
def test_hits_in_each_format(known: Library, name: str) -> None:
    assert same_as_golden(f"search.{name}", "".join(formats.FORMATS[name](found(known, "oldahm"))))


@pytest.mark.parametrize("name", formats.FORMATS)
def test_nothing_found_is_a_whole_document_in_each_format(known: Library, name: str) -> None:
    text = "".join(formats.FORMATS[name](found(known, "zzzqqq")))
    if name == "json":
        assert json.loads(text)["results"] == []
    assert text == "" if name == "jsonl" else text.endswith("\n")


@pytest.mark.parametrize("kind", [kind.name for kind in kinds.KINDS])
def test_what_is_printed_fits_the_schema_of_its_kind(kind: str) -> None:
    one = library.index_of([parsed(kind, A_RECORD_OF[kind]())])
    [result] = json.loads("".join(formats.as_json(shown(one, (kind, "somewhere")))))["results"]
    jsonschema.validate(result, kinds.schema(kinds.kind_of(kind)))
    assert list(result)[:4] == ["kind", "id", "name", "library"]


def test_csv_has_one_length_and_a_heading(known: Library) -> None:
    rows = list(csv.reader(io.StringIO("".join(formats.as_csv(listed(known))), newline="")))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert rows[0][:3] == ["kind", "id", "name"]


@pytest.mark.parametrize("cell", ["=1+1", "+44 20", "-5", "@x", "\tx"])
def test_a_formula_is_defused_in_csv(cell: str) -> None:
    [_, line] = formats.as_csv(Answer(command="x", query={}, results=[{"id": cell}], total=1, fields=["id"]))
    [[read]] = csv.reader([line])
    assert read.startswith("'")


@pytest.mark.parametrize("width", [20, 59, 80])
def test_hostile_text_steers_nothing_and_loses_no_brackets(width: int) -> None:
    rows = ((HOSTILE, HOSTILE),)
    answer = Answer(
        command="x",
        query={},
        results=[{"id": HOSTILE}],
        total=1,
        fields=["id"],
        listing=lambda: Listing((Column("id", "id"), Column("name", "name")), rows),
    )
    for text in (screen.text(answer, PLAIN._replace(width=width)), "".join(plain.lines(answer))):
        assert not set(text) & set("\x1b\x07\x9b\u202e\ud800")
        assert "[red]x" in text
    for name in ("json", "jsonl", "csv", "markdown"):
        text = "".join(formats.FORMATS[name](answer))
        assert not set(text) & set("\x1b\x07\x9b\u202e\ud800")
        text.encode()
    assert json.loads("".join(formats.as_json(answer)))["results"] == [{"id": HOSTILE}]


@given(text=st.text())
def test_no_text_whatever_breaks_a_format(text: str) -> None:
    answer = Answer(
        command="x",
        query={"q": text},
        results=[{"id": text}],
        total=1,
        fields=["id"],
        listing=lambda: Listing((Column("id", "id"),), ((text,),)),
    )
    for name, format in formats.FORMATS.items():
        written = "".join(format(answer))
        written.encode()
        if name == "json":
            assert json.loads(written)["query"]["q"] == text
        if name == "markdown":
            assert len(written.splitlines()) == 3
    assert len("".join(plain.lines(answer)).splitlines()) == 1
    screen.text(answer, PLAIN).encode()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1_250_000, "£1.25m"),
        (1_700_000_000, "£1.7bn"),
        (704_000_000, "£704m"),
        (42_971_673, "£42,971,673"),
        (650_000, "£650,000"),
        (0, "£0"),
    ],
)
def test_a_sum_is_worded_without_rounding(value: int, words: str) -> None:
    assert phrases.human_sum(value, "£") == words


@pytest.mark.parametrize(("date", "words"), [("2019", "2019"), ("2019-04", "April 2019"), ("2019-04-01", "1 April 2019")])
def test_a_date_is_worded(date: str, words: str) -> None:
    assert phrases.human_date(date) == words


class Stream(io.StringIO):
    """A stream that says what it is."""

    def __init__(self, terminal: bool, encoding: str = "utf-8") -> None:
        super().__init__()
        self._terminal = terminal
        self._encoding = encoding

    def isatty(self) -> bool:
        return self._terminal

    @property
    def encoding(self) -> str:
        return self._encoding


@pytest.mark.parametrize(
    ("terminal_there", "environment", "options", "screen_look", "colour"),
    [
        (True, {}, {}, True, True),
        (False, {}, {}, False, False),
        (True, {"NO_COLOR": "1"}, {}, True, False),
        (True, {"NO_COLOR": ""}, {}, True, True),
        (True, {"TERM": "dumb"}, {}, True, False),
        (True, {"CLICOLOR": "0"}, {}, True, False),
        (False, {"FORCE_COLOR": "1"}, {}, True, True),
        (False, {"CLICOLOR_FORCE": "1"}, {}, True, True),
        (False, {"FORCE_COLOR": "0"}, {}, False, False),
        (False, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {}, False, False),
        (False, {"NO_COLOR": "1"}, {"color": "always"}, True, True),
        (True, {"FORCE_COLOR": "1"}, {"color": "never"}, True, False),
        (True, {}, {"plain": True}, False, True),
        (True, {"ACCESSIBLE": "1"}, {}, False, True),
        (True, {"ACCESSIBLE": "0"}, {}, True, True),
    ],
)
def test_one_function_decides_how_an_answer_looks(
    terminal_there: bool, environment: dict[str, str], options: dict[str, object], screen_look: bool, colour: bool
) -> None:
    look = terminal.look(Stream(terminal_there), environment, **options)
    assert (look.screen, look.colour) == (screen_look, colour)


@pytest.mark.parametrize(("columns", "width"), [("100", 100), ("1", 20), ("wide", 80), ("-5", 80), ("", 80), ("0", 80)])
def test_the_width_is_that_of_columns_where_it_makes_sense(columns: str, width: int) -> None:
    assert terminal.look(Stream(False), {"COLUMNS": columns}).width == width


def test_a_stream_that_is_not_unicode_gets_plain_signs() -> None:
    assert not terminal.look(Stream(True, "ascii"), {}).unicode


def test_a_theme_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(BadUsage, match="P2P_THEME cannot be 'neon'") as raised:
        terminal.look(Stream(True), {"P2P_THEME": "neon"})
    assert raised.value.hint == "Choose one of: auto, dark, light, contrast"
    assert terminal.look(Stream(True), {"P2P_THEME": "light"}).theme == "light"
    assert terminal.look(Stream(True), {"P2P_THEME": ""}).theme == "auto"


NOTE = "There is no folder of that name yet. To make a first record: p2p library add case --from somewhere"


@pytest.mark.parametrize(
    ("there", "whole", "told"),
    [
        (True, False, "There is no folder of that name yet. To\n  make a first record:\n  p2p library add case --from somewhere\n"),
        (True, True, f"{NOTE}\n"),
        (False, False, f"{NOTE}\n"),
    ],
    ids=["on a terminal", "for programs", "in a pipe"],
)
def test_notes_wrap_at_words_and_a_command_to_try_stays_in_one_piece(
    monkeypatch: pytest.MonkeyPatch, there: bool, whole: bool, told: str
) -> None:
    stream = Stream(there)
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("COLUMNS", "40")
    terminal.tell([NOTE], whole=whole)
    assert stream.getvalue() == told
