"""Charts as people and scripts get them: whole screens, plain lines, and each format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from builders import a_case, a_route, parsed, same_as_golden
from conftest import Ran
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit import library
from p2p_toolkit.evidence import counts, timeline
from p2p_toolkit.kinds.records import STATUSES
from p2p_toolkit.library import Library
from p2p_toolkit.render import Answer, charts, formats, pictures, plain, screen, terminal
from p2p_toolkit.render.answer import Bar, Chart, Column, Part

Run = Callable[..., Ran]

TODAY = "2026-11-23"
LOOK = terminal.Look(screen=True, width=80, colour=False, unicode=True)
HOSTILE = "[red]x[/red] \x1b[31m\x07 \u202e <b> |`*_ =cmd() \x9b31m"

# A case for each sign a timeline has.
DATES: dict[str, dict[str, Any]] = {
    "oldham": {"started": "2019-04", "status": "succeeded", "status_seen": "2024-11-07"},
    "plymouth": {"started": "2019-04-01", "status": "running", "status_seen": "2024"},
    "carers": {"started": "2017", "status": "running"},
    "essex": {"started": "2013-04", "ended": "2019-03", "status": "ended"},
    "libraries": {"started": "2012-08-01", "ended": "2025-05-31", "status": "returned-in-house"},
    "unitingcare": {"started": "2015-04", "ended": "2015-12", "status": "ended-early"},
    "kirklees": {"started": "2019-09", "status": "ended"},
    "worcestershire": {"started": "2015-05"},
    "bromley": {"started": "2026-12-01", "ended": "2031", "status": "planned", "status_seen": "2026-01-14"},
    "only-its-end": {"started": None, "ended": "2018", "status": "ended"},
    "gateshead": {"started": None, "status": "running", "status_seen": "2023-10-23"},
}


def over_time(dates: dict[str, dict[str, Any]] = DATES, **more: Any) -> Answer:
    known = library.index_of([parsed("case", a_case(id=id, name=f"The {id} partnership", **one, **more)) for id, one in dates.items()])
    spans = timeline.in_order(map(timeline.span, known.all("case")), "started", list(STATUSES))
    return charts.timeline(spans, STATUSES, TODAY, {})


@pytest.fixture(scope="module")
def known() -> Library:
    """Five cases whose routes are sure to different degrees, and the routes."""
    uses = [[("grant", "stated")]] * 3 + [[("grant", "described"), ("lots", "inferred")], []]
    return library.index_of(
        [
            parsed(
                "case",
                a_case(
                    id=f"case-{number}",
                    nation="wales" if number == 3 else "england",
                    **({"status": "running"} if number else {}),
                    started=f"{2015 + number}",
                    outcomes=[{"text": "It went well [1].", "evidence": "expected" if number else "independent"}],
                    **({"routes": [{"id": id, "certainty": certainty} for id, certainty in use]} if use else {}),
                ),
            )
            for number, use in enumerate(uses)
        ]
        + [parsed("route", a_route(id="grant", name="Grant")), parsed("route", a_route(id="lots", name="Lots"))]
    )


def counted(known: Library, kind: str = "case") -> Answer:
    info = known.kinds[kind]
    return charts.stats(info, counts.count(info, known.all(kind)), {"kind": kind}, known.name)


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_a_timeline_on_a_screen(width: int) -> None:
    text = screen.text(over_time(), LOOK._replace(width=width))
    assert max(map(len, text.splitlines())) <= width
    assert same_as_golden(f"timeline-{width}.txt", text)


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_counts_on_a_screen(known: Library, width: int) -> None:
    text = screen.text(counted(known), LOOK._replace(width=width))
    assert max(map(len, text.splitlines())) <= width
    assert same_as_golden(f"stats-{width}.txt", text)


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_charts_without_unicode_have_none(known: Library, width: int) -> None:
    for answer in (over_time(), counted(known)):
        assert screen.text(answer, LOOK._replace(unicode=False, width=width)).isascii()


def test_signs_differ_without_colour_and_without_unicode() -> None:
    for drawn in ("unicode", "ascii"):
        of_bars = {getattr(pictures.SIGNS[name], drawn) for name in (*charts.SHADES, "blank")}
        of_times = {getattr(pictures.SIGNS[name], drawn) for name in {*charts._LEGEND, *STATUSES}}
        assert len(of_bars) == len(charts.SHADES) + 1
        assert len(of_times) == len({*charts._LEGEND, *STATUSES})


@pytest.mark.parametrize("name", formats.FORMATS)
def test_charts_in_each_format(known: Library, name: str) -> None:
    assert same_as_golden(f"timeline.{name}", "".join(formats.FORMATS[name](over_time())))
    assert same_as_golden(f"stats.{name}", "".join(formats.FORMATS[name](counted(known))))


def test_charts_in_a_pipe_are_tab_separated_lines(known: Library) -> None:
    lines = "".join(plain.lines(over_time())).splitlines()
    assert lines[0].split("\t") == ["libraries", "2012-08-01", "2025-05-31", "taken back in-house", "The libraries partnership"]
    assert lines[-1].split("\t") == ["gateshead", "", "", "running, seen 2023", "The gateshead partnership"]
    lines = "".join(plain.lines(counted(known))).splitlines()
    assert "grant\troute\t4\t80%\tGrant\t3 stated, 1 described" in lines
    assert "\tstatus\t1\t20%\tnot known\t" in lines


def test_every_csv_row_has_the_columns_of_the_heading(known: Library) -> None:
    for answer in (over_time(), counted(known)):
        rows = list(csv.reader(io.StringIO("".join(formats.as_csv(answer)), newline="")))
        assert {len(row) for row in rows} == {len(rows[0])}


def test_cases_without_dates_are_named_and_not_drawn() -> None:
    answer = over_time()
    assert answer.envelope()["undated"] == ["gateshead"]
    drawn, undated = answer.charts() if answer.charts else ()
    assert "gateshead" not in {bar.label for bar in drawn.bars}
    assert [(bar.label, bar.parts) for bar in undated.bars] == [("gateshead", ())]


def test_a_timeline_without_any_date_has_no_axis() -> None:
    text = screen.text(over_time({"gateshead": DATES["gateshead"]}), LOOK)
    assert "20" not in text.replace("seen 2023", "")
    assert "gateshead" in text


def test_the_end_of_the_axis_is_today_unless_something_lies_ahead() -> None:
    [chart] = over_time({"essex": DATES["essex"]}).charts()
    assert (chart.low, chart.high) == (2013, timeline.first_day(TODAY))
    [chart] = over_time({"bromley": DATES["bromley"]}).charts()
    assert (chart.low, chart.high) == (2026, 2032)


@pytest.mark.parametrize(
    "dates", [{}, {"essex": {"started": "0001", "ended": "9999-12-31"}}, {"now": {"started": TODAY}}], ids=["none", "ages", "today"]
)
@pytest.mark.parametrize("width", [20, 60, 80, 400])
def test_no_dates_are_too_strange_to_draw(dates: dict[str, Any], width: int) -> None:
    text = screen.text(over_time(dates), LOOK._replace(width=width))
    assert max(map(len, text.splitlines()), default=0) <= width
    assert bool(text) == bool(dates)


def test_hostile_names_cannot_steer_a_terminal() -> None:
    entry = next(iter(library.index_of([parsed("case", a_case())]).all("case")))
    span = timeline.span(entry._replace(name=HOSTILE))
    answer = charts.timeline([span, span._replace(started=None)], STATUSES, TODAY, {})
    for width in (40, 200):
        text = screen.text(answer, LOOK._replace(width=width))
        assert "[red]" in text
        assert not set("\x1b\x07\u202e\x9b") & set(text)


def test_an_id_that_leaves_no_room_is_not_cut() -> None:
    long = "a-very-" + "long-" * 10 + "id"
    assert long in screen.text(over_time({long: DATES["essex"]}), LOOK)


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=6), st.integers(1, 64), st.booleans())
def test_a_longer_bar_never_stands_for_less(records: list[int], width: int, unicode: bool) -> None:
    bars = [Bar("x", (Part("full", 0, number),), ()) for number in sorted(records)]
    chart = Chart("", (Column("label"),), tuple(bars), high=max(records))
    drawn = [pictures._bar(chart, bar, width, LOOK._replace(unicode=unicode)).plain for bar in bars]
    lengths = [len(bar.rstrip()) for bar in drawn]
    assert {len(bar) for bar in drawn} == {width}
    assert lengths == sorted(lengths)
    assert lengths[0] >= 1
    assert lengths[-1] == width


@given(st.lists(st.integers(1, 50), min_size=1, max_size=4))
def test_every_piece_of_a_bar_is_seen(pieces: list[int]) -> None:
    ends = [sum(pieces[: place + 1]) for place in range(len(pieces))]
    parts = tuple(Part(sign, end - piece, end) for sign, piece, end in zip(charts.SHADES, pieces, ends, strict=False))
    chart = Chart("", (Column("label"),), (Bar("x", parts, ()),), high=sum(pieces) + 10)
    drawn = pictures._bar(chart, chart.bars[0], 40, LOOK._replace(unicode=False)).plain
    assert set(drawn.strip()) == {pictures.SIGNS[sign].ascii for sign in charts.SHADES[: len(pieces)]}


# The commands.


def test_the_overview_counts_the_kinds_that_have_the_filter(run: Run) -> None:
    ran = run("stats", "--nation", "wales", "--json")
    answer = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert [row["value"] for row in answer["results"]] == ["case", "route"]
    assert answer["records"] == sum(row["records"] for row in answer["results"])


def test_the_overview_names_what_it_leaves_out(known: Library) -> None:
    assert charts.overview({"case": 1}, known.kinds, {}).notes == [
        "Left out, because these filters mean nothing for them: routes, objections, principles, categories, cookies.",
        "1 record counted. More of a kind: p2p stats case",
    ]
    assert len(charts.overview(dict.fromkeys(known.kinds, 1), known.kinds, {}).notes) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("stats", "--nation", "wales", "--verdict", "myth"), "no kind can be filtered by --nation and --verdict"),
        (("timeline", "--verdict", "myth"), "--verdict means nothing for cases"),
        (("timeline", "--sort", "begn"), "cannot be sorted by 'begn'"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_asked(run: Run, arguments: tuple[str, ...], told: str) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_filters_and_order_reach_the_timeline(run: Run) -> None:
    answer = json.loads(run("timeline", "--nation", "wales", "--sort", "-started", "--json").out)
    assert [one["id"] for one in answer["results"]] == ["flintshire", "newport", "ffestiniog"]
    assert (answer["undated"], answer["query"]) == (["ffestiniog"], {"filters": {"nation": ["wales"]}, "sort": "-started"})


def test_nothing_found_is_said_and_nothing_drawn(run: Run) -> None:
    assert run("stats", "case", "--since", "2030", "--color", "always") == (
        0,
        "",
        "No cases fit --since 2030.\nTry fewer filters, or none: p2p stats case\n",
    )


def test_quiet_prints_the_values(run: Run) -> None:
    assert run("stats", "-q").out.split() == ["case", "route", "objection", "principle", "category", "cookie"]


def test_facets_are_bars_on_a_screen(run: Run) -> None:
    ran = run("search", "alliance", "--facets", "--color", "always")
    assert ran.code == 0
    assert "\u2588" in ran.out
    assert "--route" in ran.out
