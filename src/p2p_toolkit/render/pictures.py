"""Charts on a screen: bars, an axis of years, and a legend, in columns that fit the width."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from p2p_toolkit.render.answer import Bar, Chart
from p2p_toolkit.render.terminal import NARROW, Look, safe

GAP = 2
LEAST_BAR, LEAST_YEARS, GOOD_YEARS, MOST_BAR = 16, 20, 32, 64
# Charts with more bars than this have the axis below them as well.
MANY = 20


class Sign(NamedTuple):
    """How a piece of a bar looks, also where only ASCII can be printed."""

    unicode: str
    ascii: str
    style: str


SIGNS = {
    "full": Sign("\u2588", "#", "bar"),
    "medium": Sign("\u2592", "=", "bar"),
    "light": Sign("\u2591", ".", "bar"),
    "thin": Sign("\u2550", "-", "bar"),
    "blank": Sign("\u00b7", ":", "frame"),
    "ran": Sign("\u2588", "#", "bar"),
    "maybe": Sign("\u2591", ".", "bar"),
    "ahead": Sign("\u2500", "-", "planned"),
    "began": Sign("\u25cf", "*", "closed"),
    "no-end": Sign("?", "?", "closed"),
    "planned": Sign("\u25cb", "o", "planned"),
    "running": Sign("\u25ba", ">", "open"),
    "succeeded": Sign("\u00bb", "+", "closed"),
    "ended": Sign("\u2524", "|", "closed"),
    "ended-early": Sign("\u00d7", "x", "failed"),
    "returned-in-house": Sign("\u25c4", "<", "closed"),
}
# A status of which nobody has said how it looks is an end like others.
_OTHER = SIGNS["ended"]
_EIGHTHS = " \u258f\u258e\u258d\u258c\u258b\u258a\u2589"
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


class _Widths(NamedTuple):
    label: int
    bar: int
    cells: tuple[int, ...]


def drawn(charts: Sequence[Chart], look: Look) -> RenderableType:
    """Charts one below the other; those with the same columns on the same scale."""
    pieces: list[RenderableType] = []
    for _, alike in groupby(charts, key=lambda chart: chart.columns):
        some = list(alike)
        widths = _widths(some, look.width)
        for chart in some:
            pieces += [Text()] if pieces else []
            pieces += [Text(safe(chart.heading), style="heading")] if chart.heading else []
            pieces.append(_grid(chart, widths, look) if widths else _blocks(chart, look))
            if chart.legend and (widths or not chart.years):
                pieces += [Text(), _legend(chart, look)]
    return Group(*pieces)


def _widths(charts: Sequence[Chart], width: int) -> _Widths | None:
    """How wide label, bar and those cells that have room are to be; None where a chart would be squeezed."""
    columns, bars = charts[0].columns, [bar for chart in charts for bar in chart.bars]
    longest = max(len(bar.label) for bar in bars)
    label = longest if columns[0].role == "id" else min(longest, width * 2 // 5)
    if width < NARROW or label > width // 2:
        return None
    bar = 0 if not any(bar.parts for bar in bars) else LEAST_YEARS if charts[0].years else LEAST_BAR
    room = width - label - (GAP + bar if bar else 0)
    widest = [max(len(bar.cells[place]) for bar in bars) for place in range(len(columns) - 1)]
    cells: list[int] = []
    for column, most in zip(columns[1:], widest, strict=True):
        least = most if column.role == "number" else min(most, column.narrowest)
        # Beside its first words a chart of years may be small, but it gives no more room away.
        kept = GOOD_YEARS - LEAST_YEARS if charts[0].years and cells else 0
        if least + GAP > room - kept:
            break
        cells.append(least)
        room -= least + GAP
    if charts[0].years and not cells:
        return None
    good = min(room, GOOD_YEARS - LEAST_YEARS) if charts[0].years else 0
    bar, room = bar + good, room - good
    for place, least in enumerate(cells):
        more = min(room, widest[place] - least)
        cells[place] += more
        room -= more
    return _Widths(label, bar and min(bar + room, MOST_BAR), tuple(cells))


def _grid(chart: Chart, widths: _Widths, look: Look) -> Table:
    grid = Table.grid(padding=(0, GAP, 0, 0))
    grid.add_column(width=widths.label, overflow="fold")
    if widths.bar:
        grid.add_column(width=widths.bar, no_wrap=True)
    for column, width in zip(chart.columns[1:], widths.cells, strict=False):
        grid.add_column(width=width, justify="right" if column.role == "number" else "left", overflow="fold")
    axis = _axis(chart, widths.bar, look) if chart.years else []
    for line in axis:
        grid.add_row("", line)
    for bar in chart.bars:
        cells = [Text(safe(cell)) for cell in bar.cells[: len(widths.cells)]]
        grid.add_row(_label(chart, bar), *([_bar(chart, bar, widths.bar, look)] if widths.bar else []), *cells)
    for line in reversed(axis) if len(chart.bars) > MANY else []:
        grid.add_row("", line)
    return grid


def _blocks(chart: Chart, look: Look) -> Group:
    """What a narrow screen shows: each bar as a few lines, without a picture where only an axis would explain it."""
    pieces: list[RenderableType] = []
    pictured = not chart.years and any(bar.parts for bar in chart.bars)
    numbers = [place for place, column in enumerate(chart.columns[1:]) if column.role == "number"]
    widest = {place: max(len(bar.cells[place]) for bar in chart.bars) for place in numbers}
    room = min(look.width - GAP - sum(GAP + most for most in widest.values()), MOST_BAR)
    for bar in chart.bars:
        cells = {column: cell for column, cell in zip(chart.columns[1:], bar.cells, strict=True) if cell}
        lines = [Text(safe(cell)) for column, cell in cells.items() if column.role == "name"]
        if pictured:
            aligned = (Text(safe(bar.cells[place].rjust(widest[place]))) for place in numbers)
            lines.append(Text(" " * GAP).join([_bar(chart, bar, room, look), *aligned]))
        rest = [cell for column, cell in cells.items() if column.role == "text"]
        lines += [Text(safe((" \u00b7 " if look.unicode else " - ").join(rest)))] if rest else []
        pieces += [_label(chart, bar), *(Padding(line, (0, 0, 0, 2)) for line in lines), *([] if pictured else [Text()])]
    return Group(*(pieces if pictured else pieces[:-1]))


def _label(chart: Chart, bar: Bar) -> Text:
    return Text(safe(bar.label), style="id" if chart.columns[0].role == "id" else "")


def _bar(chart: Chart, bar: Bar, width: int, look: Look) -> Text:
    """The parts of a bar in so many cells. Each part gets a cell at least; marks stand upon the rest."""

    def place(position: float) -> float:
        return (position - chart.low) / ((chart.high - chart.low) or 1) * width

    cells: list[tuple[str, str]] = [(" ", "")] * width
    reached = 0
    for part in bar.parts:
        if part.start < part.end:
            start = min(max(round(place(part.start)), reached), width - 1)
            reached = min(max(round(place(part.end)), start + 1), width)
            cells[start:reached] = [_sign(part.sign, look)] * (reached - start)
    # A bar of one piece can end within a cell.
    if look.unicode and len(bar.parts) == 1 and bar.parts[0].sign == "full":
        eighths = max(round(place(bar.parts[0].end) * 8), 1)
        cells[: eighths // 8 + 1] = [*[_sign("full", look)] * (eighths // 8), (_EIGHTHS[eighths % 8], SIGNS["full"].style)]
    marked: set[int] = set()
    for part in bar.parts:
        if part.start == part.end:
            cell = min(int(place(part.start)), width - 1)
            # Two marks in one cell: the second stands beside the first.
            cell += cell in marked and cell + 1 < width
            marked.add(cell)
            cells[cell] = _sign(part.sign, look)
    return Text.assemble(*cells[:width])


def _sign(name: str, look: Look) -> tuple[str, str]:
    sign = SIGNS.get(name, _OTHER)
    return (sign.unicode if look.unicode else sign.ascii, sign.style)


def _axis(chart: Chart, width: int, look: Look) -> list[Text]:
    """The years, and a line with a tick for each of them."""
    span = chart.high - chart.low
    step = next((step for step in _STEPS if step / span * width >= len("2000") + 1), _STEPS[-1])
    first = -(-int(chart.low) // step) * step
    years = [" "] * width
    line, tick = ("\u2500", "\u253c") if look.unicode else ("-", "+")
    ticks = [line] * width
    for year in range(first, int(chart.high) + 1, step):
        cell = int((year - chart.low) / span * width)
        if cell < width:
            ticks[cell] = tick
        if cell + len("2000") <= width:
            years[cell : cell + len("2000")] = f"{year:04}"
    return [Text("".join(years)), Text("".join(ticks), style="frame")]


def _legend(chart: Chart, look: Look) -> Text:
    """The signs with their words, as many on a line as fit."""
    lines: list[Text] = [Text()]
    for name, words in chart.legend:
        entry = Text.assemble(_sign(name, look), " ", safe(words))
        if lines[-1] and len(lines[-1]) + 3 + len(entry) > look.width:
            lines.append(Text())
        lines[-1].append_text(Text.assemble("   " if lines[-1] else "", entry))
    return Text("\n").join(lines)
