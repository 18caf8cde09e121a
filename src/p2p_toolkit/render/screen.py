"""Answers on a screen: rich tables and panels that fit the width, blocks where it is narrow."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.style import Style
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from p2p_toolkit import words
from p2p_toolkit.render import pictures
from p2p_toolkit.render.answer import Answer, Block, Card, Column, Listing, Section, stop_after
from p2p_toolkit.render.formats import is_address
from p2p_toolkit.render.phrases import human_date
from p2p_toolkit.render.terminal import NARROW, Look, safe
from p2p_toolkit.render.themes import roles
from p2p_toolkit.render.widths import fits, widths

_MARKER = re.compile(r"\[\d{1,3}\]")
_BAR = 5
# What a frame takes of the width of a panel's title.
_FRAME = 6
WIDEST_PROSE = 104
_ROLES_OF_CELLS = {"id": "id", "name": "title", "label": "label", "place": "place"}


def text(answer: Answer, look: Look) -> str:
    """The whole answer as text for a screen of that look."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=look.width,
        color_system="256" if look.colour else None,
        force_terminal=look.colour,
        no_color=not look.colour,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
        theme=Theme(roles(look.theme)),
    )
    for piece in _pieces(answer, look, console):
        console.print(piece, soft_wrap=isinstance(piece, Text))
    # rich pads lines to the width; trailing blanks would be read out and copied. The notes follow after an empty line.
    lines = [line.rstrip(" ") for line in out.getvalue().splitlines()]
    return "".join(f"{line}\n" for line in [*lines, *([""] if lines and answer.notes else [])])


def _pieces(answer: Answer, look: Look, console: Console) -> Iterator[RenderableType]:
    if answer.charts:
        yield pictures.drawn(answer.charts(), look)
    listing = answer.listing() if answer.listing and not answer.charts else None
    if listing and listing.rows:
        listing = _for_people(listing)
        if look.width < NARROW or not fits(listing, look.width):
            yield _blocks(listing, look)
        elif listing.details:
            yield _hits(listing, look)
        else:
            yield from _table(listing, look)
        for section in listing.sections:
            yield from _headed(section, look, console)
    for place, card in enumerate(answer.cards() if answer.cards else ()):
        if place:
            yield Text()
        yield from _card(card, look, console)


def _headed(section: Section, look: Look, console: Console) -> Iterator[RenderableType]:
    yield Text()
    # Not the text itself, which would not be wrapped.
    yield Padding(Text(safe(section.label), style="heading"), 0)
    yield _section(section, look, console)


def _for_people(listing: Listing) -> Listing:
    """Dates in words, and without a column of text that only repeats the name, as the pattern of a cookie does."""
    cells = [[row[place] for row in listing.rows] for place in range(len(listing.columns))]
    names = [cells[place] for place, column in enumerate(listing.columns) if column.role == "name"]
    kept = [place for place, column in enumerate(listing.columns) if column.role != "text" or cells[place] not in names]
    columns = tuple(listing.columns[place] for place in kept)
    rows = (tuple(row[place] for place in kept) for row in listing.rows)
    return listing._replace(columns=columns, rows=tuple(tuple(map(_worded, columns, row)) for row in rows))


def _worded(column: Column, cell: str) -> str:
    return human_date(cell) if column.role == "date" and cell else cell


def _new_table(look: Look, **options: Any) -> Table:
    frame = box.SIMPLE_HEAD if look.unicode else box.ASCII2
    return Table(box=frame, show_edge=False, pad_edge=False, header_style="label", border_style="frame", **options)


def _table(listing: Listing, look: Look) -> Iterator[RenderableType]:
    table = _new_table(look, leading=int(listing.whole))
    found = widths(listing, look.width)
    for place, width in found.items():
        column = listing.columns[place]
        table.add_column(column.label, width=width, overflow="fold", justify="right" if column.role == "number" else "left")
    for row in listing.rows:
        table.add_row(*(_cell(listing.columns[place], row[place], look) for place in found))
    yield table
    left_out = [column.label for place, column in enumerate(listing.columns) if place not in found]
    if left_out:
        yield Text()
        told = f"Not shown, for want of room: {', '.join(left_out)}. See a wider window, or --format csv."
        yield Padding(Text(told, style="aside"), 0)


def _hits(listing: Listing, look: Look) -> Table:
    """Hits have a bar for the match, and beside it the record with the text that matched."""
    table = _new_table(look, leading=1)
    table.add_column("match", no_wrap=True)
    table.add_column("record", overflow="fold", max_width=WIDEST_PROSE)
    for row, detail, marked in zip(listing.rows, listing.details, listing.marked, strict=True):
        by_role = {column.role: (column, cell) for column, cell in zip(listing.columns, row, strict=True)}
        about = Text.assemble((safe(row[0]), "id"), _dot(look), safe(by_role["kind"][1]))
        name = _marked(by_role["name"][1], marked)
        name.stylize_before("title")
        why = [Text(safe(by_role["why"][1]), style="evidence")] if "why" in by_role else []
        table.add_row(_cell(*by_role["score"], look), Group(about, name, _marked(detail, marked), *why))
    return table


def _blocks(listing: Listing, look: Look) -> Group:
    """What a narrow screen shows in the place of a table: each row as a few lines."""
    pieces: list[RenderableType] = []
    for number, row in enumerate(listing.rows):
        marked = listing.marked[number] if listing.marked else frozenset()
        cells = [(column, cell) for column, cell in zip(listing.columns[1:], row[1:], strict=True) if cell]
        lines = [_marked(cell, marked) for column, cell in cells if column.role == "name"]
        for name in lines:
            name.stylize_before("title")
        about = [cell if column.role == "kind" else f"{column.label} {cell}" for column, cell in cells if column.role in ("kind", "score")]
        lines += [Text(safe(_dot(look).join(about)))] if about else []
        lines += [
            Text.assemble((f"{safe(column.label)}: ", "label"), Text(safe(cell), style=_ROLES_OF_CELLS.get(column.role, "")))
            for column, cell in cells
            if column.role not in ("name", "kind", "score", "why")
        ]
        lines += [_marked(detail, marked) for detail in listing.details[number : number + 1]]
        lines += [Text(safe(cell), style="evidence") for column, cell in cells if column.role == "why"]
        pieces += [Text(safe(row[0]), style=_ROLES_OF_CELLS[listing.columns[0].role], overflow="fold")]
        pieces += [Padding(line, (0, 0, 0, 2)) for line in lines]
        pieces.append(Text())
    return Group(*pieces[:-1])


def _card(card: Card, look: Look, console: Console) -> Iterator[RenderableType]:
    inside: list[RenderableType] = [_prose(card.lead)]
    if card.warning:
        inside += [Text(), Text.assemble(("Please note: ", "warning"), _prose(card.warning))]
    if card.essentials:
        inside += [Text(), _essentials(card.essentials, look)]
    frame = box.ROUNDED if look.unicode else box.ASCII
    width = min(look.width, 110)
    title, subtitle = Text(f" {safe(card.title)} ", style="title"), Text(f" {safe(card.subtitle)} ", style="id")
    # What has no room in the frame would be cut there: it stands inside.
    room = width - _FRAME
    if title.cell_len > room:
        inside = [Text(safe(card.title), style="title", overflow="fold"), Text(), *inside]
    if subtitle.cell_len > room:
        inside += [Text(), Text(safe(card.subtitle), style="id", overflow="fold")]
    yield Panel(
        Group(*inside),
        title=title if title.cell_len <= room else None,
        subtitle=subtitle if subtitle.cell_len <= room else None,
        title_align="left",
        subtitle_align="right",
        box=frame,
        border_style="frame",
        padding=(1, 2) if look.width >= NARROW else (0, 1),
        width=width,
    )
    for section in card.sections:
        yield from _headed(section, look, console)
    if card.closing:
        yield Text()
        yield Padding(Text(safe(card.closing), style="aside"), (0, 0, 0, 2))


def _essentials(essentials: Iterable[tuple[str, str]], look: Look) -> RenderableType:
    if look.width < NARROW:
        return Group(*(Text.assemble((f"{safe(label)}: ", "label"), _prose(value)) for label, value in essentials))
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="label", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in essentials:
        grid.add_row(Text(safe(label)), _prose(value))
    return grid


def _section(section: Section, look: Look, console: Console) -> Text:
    """Paragraphs with a sign or number hanging before them. Wrapped here: a table for it takes rich twice as long."""
    numbered = any(block.number for block in section.blocks)
    indent = 5 if numbered else 4 if section.bullets else 2
    dot = "\u2022" if look.unicode else "-"
    lines: list[Text] = []
    for block in section.blocks:
        sign = str(block.number) if block.number else dot if section.bullets else ""
        # An address may be wider than prose: it is copied most easily in one piece.
        pieces = ((_block(block), min(look.width - indent, WIDEST_PROSE)), (_address(safe(block.url)), look.width - indent))
        wrapped = (line for piece, width in pieces if piece for line in piece.wrap(console, width, overflow="fold"))
        for place, line in enumerate(wrapped):
            lines.append(Text.assemble(((sign if place == 0 else "").rjust(indent - 1), "marker"), " ", line))
    return Text("\n").join(lines)


def _block(block: Block) -> Text:
    piece = Text.assemble((safe(block.head), "title"), overflow="fold")
    if block.head and block.tag:
        piece.append_text(Text.assemble(", ", (safe(block.tag), "evidence")))
    if block.head and block.body:
        piece.append(stop_after(block.tag or block.head))
    piece.append_text(_prose(block.body))
    if block.tag and not block.head:
        piece.append(f" ({safe(block.tag)})", style="evidence")
    return piece


def _address(url: str) -> Text:
    """The address as text, and a hyperlink on top where it is plainly one of the web."""
    piece = Text(url, style="link", overflow="fold")
    if is_address(url):
        piece.stylize(Style(link=url))
    return piece


def _prose(body: str) -> Text:
    piece = Text(safe(body), overflow="fold")
    for match in _MARKER.finditer(piece.plain):
        piece.stylize("marker", *match.span())
    return piece


def _marked(body: str, marked: frozenset[str]) -> Text:
    piece = Text(safe(body), overflow="fold")
    for start, end in words.spans(piece.plain, marked):
        piece.stylize("match", start, end)
    return piece


def _cell(column: Column, value: str, look: Look) -> Text:
    if column.role == "score":
        full = round(int(value) * _BAR / 100)
        bar = ("\u2588" * full + "\u2591" * (_BAR - full)) if look.unicode else ("#" * full + "." * (_BAR - full))
        return Text.assemble((bar, "bar"), f" {value:>3}")
    return Text(safe(value), style=_ROLES_OF_CELLS.get(column.role, ""))


def _dot(look: Look) -> str:
    return " \u00b7 " if look.unicode else " - "
