"""Sources as one numbered list: markers that keep their meaning, and references that other programs read back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import bibtexparser
import pytest
from bibtexparser.middlewares import LatexDecodingMiddleware
from builders import A_SOURCE, a_case, a_route, parsed
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from conftest import Ran
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from p2p_toolkit import kinds, library
from p2p_toolkit.evidence import references as numbering
from p2p_toolkit.evidence.references import Reference, References, references, renumbered
from p2p_toolkit.fields import fields_of
from p2p_toolkit.library import Entry
from p2p_toolkit.render import references as styles

Run = Callable[..., Ran]

HOSTILE = "100% of {A} & \\B_c #1 ~ $x^2$ -- it's ``so'' <b>|é| @misc{x, \x1b[31m Ünïcode"


def a_source(number: int, **changes: str) -> dict[str, str]:
    return {"title": f"Page {number}", "publisher": "A council", "url": f"https://example.org/{number}", **changes}


def entry(*sources: dict[str, str], id: str = "somewhere", **fields: object) -> Entry:
    known = library.index_of([parsed("case", a_case(id=id, sources=list(sources), **fields))]).get("case", id)
    assert known
    return known


def a_reference(**changes: object) -> Reference:
    return Reference(
        **{"number": 1, "title": "A page", "publisher": "A council", "date": "2019-03", "url": "https://example.org/", **changes}
    )


# The markers.


def cited(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\[(\d+)\]", text)]


@given(data=st.data())
def test_a_marker_points_to_the_same_address_in_its_record_and_in_the_list(data: st.DataObject) -> None:
    addresses = st.lists(st.integers(1, 12), min_size=1, max_size=8, unique=True)
    numbered = References()
    texts = []
    for place, own in enumerate(data.draw(st.lists(addresses, min_size=1, max_size=5))):
        record = entry(*(a_source(one) for one in own), id=f"case-{place}")
        markers = data.draw(st.lists(st.lists(st.integers(1, len(own)), min_size=1, max_size=3), max_size=5))
        text = "It is so. " + " ".join(f"Fact{''.join(f'[{n}]' for n in run)}." for run in markers)
        texts.append((text, own, renumbered(text, numbered.of(record))))
    listed = {reference.number: reference.url for reference in numbered}
    assert list(listed) == list(range(1, len(listed) + 1))
    assert len(set(listed.values())) == len(listed)
    for before, own, after in texts:
        # Addresses of one record differ, so only a marker that is repeated on the spot may vanish.
        runs = [[f"https://example.org/{own[n - 1]}" for n in cited(run)] for run in re.findall(r"(?:\[\d+\])+", before)]
        assert [[listed[n] for n in cited(run)] for run in re.findall(r"(?:\[\d+\])+", after)] == [list(dict.fromkeys(run)) for run in runs]
        assert re.sub(r"\[\d+\]", "", before) == re.sub(r"\[\d+\]", "", after)


@given(text=st.text(st.sampled_from("[]0123456789 a.?")), numbers=st.lists(st.integers(1, 999), max_size=12))
def test_no_text_gets_a_marker_that_its_record_does_not_have(text: str, numbers: list[int]) -> None:
    markers = re.compile(r"\[(\d{1,3})\]")
    meant = {str(numbers[int(n) - 1]) for n in markers.findall(text) if 1 <= int(n) <= len(numbers)}
    after = renumbered(text, numbers)
    assert set(markers.findall(after)) <= meant
    assert re.sub(r"(?:\[(?:\d{1,3}|\?)\])+", "M", after) == re.sub(r"(?:\[(?:\d{1,3}|\?)\])+", "M", text)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Fell by 3% [1][3].", "Fell by 3% [7][9]."),
        ("[2] and [1].", "[8] and [7]."),
        ("Twice [1][1].", "Twice [7]."),
        ("Nowhere [4].", "Nowhere [?]."),
        ("See [2023] UKSC 1.", "See [2023] UKSC 1."),
        ("None.", "None."),
    ],
)
def test_markers_are_renumbered_where_they_stand(text: str, after: str) -> None:
    assert renumbered(text, (7, 8, 9)) == after


def test_every_prose_of_a_record_is_renumbered_also_inside_its_items() -> None:
    record = entry(
        a_source(1),
        action="Done [1].",
        unknown=["This [1]."],
        outcomes=[{"text": "Better [1].", "evidence": "claimed"}],
        partners=["[1] Ltd"],
    )
    changed = numbering.renumbered_fields(fields_of(kinds.kind_of("case").record), record.fields, (5,))
    assert (changed["action"], changed["unknown"], changed["outcomes"][0]["text"]) == ("Done [5].", ["This [5]."], "Better [5].")
    assert changed["partners"] == ["[1] Ltd"]
    assert record.fields["action"] == "Done [1]."


def test_an_address_that_two_records_describe_differently_is_one_reference() -> None:
    first = entry(a_source(1, title="Minutes", note="Only a part was read"), a_source(2))
    second = entry(a_source(1, title="A minute", date="2020", note="Of 2020"), id="elsewhere")
    one, two = references([first, second])
    assert one == Reference(
        1,
        "Minutes",
        "A council",
        "2020",
        "https://example.org/1",
        ("Only a part was read", "Of 2020"),
        ("case:somewhere", "case:elsewhere"),
    )
    assert (two.number, two.records) == (2, ("case:somewhere",))


def test_a_provision_is_a_reference_of_its_own_only_where_no_record_has_its_address() -> None:
    numbered = References()
    assert numbered.provision("Some Act, section 3(2)", "https://example.org/1") == 1
    numbered.of(entry(a_source(1, title="Some Act, section 3")))
    assert numbered.provision("Some Act, section 3(4)", "https://example.org/1") == 1
    assert [reference.title for reference in numbered] == ["Some Act, section 3"]


# The styles.

REFERENCES = (
    a_reference(number=1, title="A day", date="2019-03-14"),
    a_reference(number=2, title="A month", url="https://example.org/2", date="2019-03"),
    a_reference(number=3, title="A year?", url="https://example.org/3", date="2019"),
    a_reference(number=4, title="Undated", url="https://example.org/4", date=None, notes=("Read in part", "No date shown; 2019")),
    a_reference(number=5, title="Nobody's", url="https://example.org/5", publisher=None, date=None),
    a_reference(number=6, title="Some Act, section 3", url="https://www.legislation.gov.uk/x/3", publisher="legislation.gov.uk", date=None),
)


def test_text_has_one_numbered_line_each() -> None:
    assert "".join(styles.as_text(REFERENCES, 0)).splitlines() == [
        "1. A council. A day. 14 March 2019. https://example.org/",
        "2. A council. A month. March 2019. https://example.org/2",
        "3. A council. A year? 2019. https://example.org/3",
        "4. A council. Undated. Undated. Read in part. No date shown; 2019. https://example.org/4",
        "5. Nobody's. Undated. https://example.org/5",
        "6. Some Act, section 3. legislation.gov.uk. https://www.legislation.gov.uk/x/3",
    ]


@pytest.mark.parametrize("width", [40, 80])
def test_text_fits_a_screen_but_for_addresses_which_stay_whole(width: int) -> None:
    text = "".join(styles.as_text([*REFERENCES, a_reference(number=17, url="https://example.org/" + "x" * 90)], width))
    assert all(len(line) <= width or line.strip().startswith("https://") for line in text.splitlines())
    assert "x" * 90 in text


def latex_decoder() -> LatexDecodingMiddleware:
    """What LaTeX prints; with three commands that it has and pylatexenc lacks, or takes for a letter of phonetics."""
    signs = get_default_latex_context_db()
    own = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^"}
    signs.add_context_category("own", macros=[MacroTextSpec(name, sign) for name, sign in own.items()], prepend=True)
    return LatexDecodingMiddleware(decoder=LatexNodes2Text(latex_context=signs, keep_braced_groups=False, math_mode="verbatim"))


DECODED = [latex_decoder()]


def read_bibtex(text: str) -> dict[str, dict[str, str]]:
    read = bibtexparser.parse_string(text, append_middleware=DECODED)
    assert not read.failed_blocks
    assert {one.entry_type for one in read.entries} <= {"misc"}
    return {one.key: {name: field.value for name, field in one.fields_dict.items()} for one in read.entries}


def test_bibtex_says_what_is_known_and_no_more() -> None:
    read = list(read_bibtex("".join(styles.as_bibtex(REFERENCES))).values())
    known = [(one.get("year"), one.get("month"), one.get("day")) for one in read]
    assert known == [("2019", "mar", "14"), ("2019", "mar", None), ("2019", None, None), *[(None, None, None)] * 3]
    assert [one.get("author") for one in read] == ["A council"] * 4 + [None, None]
    assert read[5]["organization"] == "legislation.gov.uk"
    assert read[3]["note"] == "Read in part. No date shown; 2019"
    assert "urldate" not in "".join(styles.as_bibtex(REFERENCES))


@pytest.mark.parametrize("style", [styles.as_bibtex, styles.as_csl, styles.as_text])
def test_no_style_lets_a_control_character_through(style: Callable[..., object]) -> None:
    text = "".join(style([a_reference(title=HOSTILE, publisher=HOSTILE, notes=(HOSTILE,))], 0))
    assert not set(text) & set("\x1b\x07\x9b\u202e")
    assert text.encode()


# What LaTeX and its readers take for something else is excluded by nothing: every character may come, in any order.
TITLES = st.text(min_size=1).filter(lambda title: title.split() != [])


@given(title=TITLES, publisher=TITLES)
def test_any_title_whatever_comes_back_from_bibtex(title: str, publisher: str) -> None:
    def shown(text: str) -> str:
        return " ".join(styles.safe(text).split())

    [one] = read_bibtex("".join(styles.as_bibtex([a_reference(title=title, publisher=publisher)]))).values()
    assert (one["title"], one["author"]) == (shown(title), shown(publisher))


def test_a_hostile_title_comes_back_from_bibtex() -> None:
    for title in (HOSTILE, HOSTILE + "}"):
        [one] = read_bibtex("".join(styles.as_bibtex([a_reference(title=title)]))).values()
        assert one["title"] == title.replace("\x1b", "\ufffd")


@given(title=TITLES, date=st.sampled_from([None, "2019", "2019-03", "2019-03-14"]))
def test_any_title_whatever_comes_back_from_csl_json(title: str, date: str | None) -> None:
    [item] = json.loads("".join(styles.as_csl([a_reference(title=title, date=date)])))
    assert item["title"] == styles.safe(title)
    assert item.get("issued", {"date-parts": [[]]})["date-parts"] == [[int(part) for part in (date or "").split("-") if part]]


# The members that the schema of CSL-JSON allows and p2p uses, each with its type there.
CSL = {"id": str, "type": str, "title": str, "URL": str, "publisher": str, "author": list, "issued": dict, "note": str}


def test_csl_json_is_a_bare_array_that_a_processor_prints() -> None:
    items = json.loads("".join(styles.as_csl(REFERENCES)))
    assert all(isinstance(value, CSL[name]) for item in items for name, value in item.items())
    assert [item["type"] for item in items] == ["webpage"] * 5 + ["legislation"]
    source = CiteProcJSON(items)
    bibliography = CitationStylesBibliography(CitationStylesStyle("harvard-cite-them-right", validate=False), source, formatter.plain)
    for key in source:
        bibliography.register(Citation([CitationItem(key)]))
    printed = [str(one) for one in bibliography.bibliography()]
    assert printed[0] == "A council (2019) A day. Available at: https://example.org/."
    assert printed[3] == "A council (no date) Undated. Available at: https://example.org/4."


def test_keys_are_unique_and_do_not_hang_on_what_else_is_cited() -> None:
    keys = [styles.key(one) for one in REFERENCES]
    assert len(set(keys)) == len(keys)
    assert styles.key(REFERENCES[1]._replace(number=40, title="Another title")) == keys[1]
    for key in (*keys, styles.key(a_reference(publisher="Ünï {x}, 東京"))):
        assert re.fullmatch(r"[a-z0-9-]+", key)


# The command.


def test_cite_prints_each_source_once(run: Run) -> None:
    lines = run("cite", "oldham", "case:oldham", "tender-everything").out.splitlines()
    assert lines[0].startswith("1. E3M. Oldham's Social Prescribing Innovation Partnership. Undated. https://")
    addresses = [line.rsplit(" ", 1)[1] for line in lines]
    assert len(set(addresses)) == len(addresses) == 29
    assert [int(line.split(".")[0]) for line in lines] == list(range(1, 30))


def test_cite_as_json_is_an_envelope_and_in_a_style_the_bare_text(run: Run) -> None:
    answer = json.loads(run("cite", "oldham", "--json").out)
    assert (answer["command"], answer["count"], answer["total"]) == ("cite", 16, 16)
    assert set(answer["results"][0]) == {"kind", "id", "name", "number", "publisher", "date", "url", "notes", "records"}
    assert answer["results"][0]["records"] == ["case:oldham"]
    items = json.loads(run("cite", "oldham", "--style", "csl-json").out)
    assert [item["id"] for item in items] == [result["id"] for result in answer["results"]]
    assert run("cite", "oldham", "-q").out.split() == [item["id"] for item in items]
    assert run("cite", "oldham", "--format", "markdown").out.startswith(
        "1. E3M. Oldham's Social Prescribing Innovation Partnership. Undated. <"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("cite", "oldham", "--style", "bibtx"), 2, "Nearest: bibtex"),
        (("cite", "oldham", "--style", "bibtex", "--json"), 2, "ask for two formats"),
        (("cite", "zzzqqq"), 3, "no record is called 'zzzqqq'"),
        (("cite", ""), 2, "a name is missing"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_cited_is_told(run: Run, arguments: tuple[str, ...], code: int, told: str) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err


def test_every_source_of_the_bundled_records_can_be_cited_in_every_style() -> None:
    known = library.open_library()
    every = references(entry for kind in known.kinds for entry in known.all(kind))
    assert len(read_bibtex("".join(styles.as_bibtex(every)))) == len(every)
    assert len(json.loads("".join(styles.as_csl(every)))) == len(every)
    assert len("".join(styles.as_text(every, 0)).splitlines()) == len(every)


def test_the_sources_of_a_route_are_cited_like_any(run: Run) -> None:
    known = library.index_of([parsed("route", a_route(sources=[A_SOURCE]))]).get("route", "somewhere")
    assert known
    assert [one.url for one in references([known])] == ["https://example.org/page"]
