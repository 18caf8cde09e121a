"""Answers on a screen: rich tables and panels that fit the width, blocks where it is narrow."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
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
from p2p_toolkit.render.terminal import NARROW, Look, safe

# Roles, not colours: text is marked by what it is, and this table alone decides how that looks. The
# sixteen colours of the terminal are used, so that they follow the user's own light or dark theme.
ROLES = {
    "id": "bold cyan",
    "name": "bold",
    "label": "bold",
    "heading": "bold cyan",
    "certainty": "italic",
    "marker": "cyan",
    "match": "bold underline",
    "bar": "cyan",
    "open": "green",
    "closed": "bold",
    "failed": "bold red",
    "planned": "yellow",
    "warning": "bold yellow",
    "address": "underline",
    "frame": "cyan",
}
_MARKER = re.compile(r"\[\d{1,3}\]")
_BAR = 5
# What a frame takes of the width of a panel's title.
_FRAME = 6
LONGEST_WORD = 24
WIDEST_PROSE = 106


def text(answer: Answer, look: Look) -> str:
    """The whole answer as text for a screen of that look."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=look.width,
        color_system="standard" if look.colour else None,
        force_terminal=look.colour,
        no_color=not look.colour,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
        theme=Theme(ROLES),
    )
    for piece in _pieces(answer, look, console):
        console.print(piece, soft_wrap=isinstance(piece, Text))
    # rich pads lines to the width; trailing blanks would be read out and copied.
    return "".join(line.rstrip(" ") + "\n" for line in out.getvalue().splitlines())


def _pieces(answer: Answer, look: Look, console: Console) -> Iterator[RenderableType]:
    if answer.charts:
        yield pictures.drawn(answer.charts(), look)
    listing = answer.listing() if answer.listing and not answer.charts else None
    if listing and listing.rows:
        if look.width < NARROW or _widest(listing, 0) > look.width // 2 or not _fits(listing, look):
            yield _blocks(listing, look)
        elif listing.details:
            yield _hits(listing, look)
        else:
            yield _table(listing, look)
        for section in listing.sections:
            yield from _headed(section, look, console)
    for place, card in enumerate(answer.cards() if answer.cards else ()):
        if place:
            yield Text()
        yield from _card(card, look, console)


def _headed(section: Section, look: Look, console: Console) -> Iterator[RenderableType]:
    yield Text()
    yield Text("\n").join(Text(safe(section.label), style="heading").wrap(console, look.width))
    yield _section(section, look, console)


def _fits(listing: Listing, look: Look) -> bool:
    """Whether all columns have room, where none may be left out."""
    least = [_least(listing, place) for place in range(len(listing.columns))]
    return not listing.whole or len(_columns_that_fit(listing, least, look.width)) == len(listing.columns)


def _widest(listing: Listing, column: int) -> int:
    return max(len(row[column]) for row in listing.rows)


def _new_table(look: Look, **options: Any) -> Table:
    frame = box.SIMPLE_HEAD if look.unicode else box.ASCII2
    return Table(box=frame, pad_edge=False, header_style="label", border_style="frame", **options)


def _table(listing: Listing, look: Look) -> Table:
    table = _new_table(look, leading=int(listing.whole))
    least = [_least(listing, place) for place in range(len(listing.columns))]
    kept = _columns_that_fit(listing, least, look.width)
    for place in kept:
        column = listing.columns[place]
        right = column.role == "number"
        table.add_column(
            column.label, no_wrap=column.role == "id", overflow="fold", min_width=least[place], justify="right" if right else "left"
        )
    for row in listing.rows:
        table.add_row(*(_cell(listing.columns[place], row[place], look) for place in kept))
    left_out = [column.label for place, column in enumerate(listing.columns) if place not in kept]
    if left_out:
        table.caption = Text(f"No room here for: {', '.join(left_out)}.", style="certainty")
        table.caption_justify = "left"
    return table


def _least(listing: Listing, place: int) -> int:
    """The width a column must have: an id is never cut, and no word broken that is not very long."""
    column = listing.columns[place]
    if column.role == "id":
        return _widest(listing, place)
    words_of_column = [word for row in listing.rows for word in row[place].split()]
    longest = min(max(map(len, words_of_column), default=0), LONGEST_WORD)
    return max(min(column.narrowest, _widest(listing, place)), longest, len(column.label))


def _columns_that_fit(listing: Listing, least: Sequence[int], width: int) -> list[int]:
    """The columns that have room, from the left; the last ones give way first."""
    room = width - least[0] - 2
    kept = [0]
    for place in range(1, len(listing.columns)):
        if least[place] + 3 <= room:
            kept.append(place)
            room -= least[place] + 3
    return kept


def _hits(listing: Listing, look: Look) -> Table:
    """Hits have a bar for the match, and beside it the record with the text that matched."""
    table = _new_table(look, leading=1)
    table.add_column("match", no_wrap=True)
    table.add_column("record", overflow="fold", max_width=104)
    for row, detail, marked in zip(listing.rows, listing.details, listing.marked, strict=True):
        by_role = {column.role: (column, cell) for column, cell in zip(listing.columns, row, strict=True)}
        about = Text.assemble((safe(row[0]), "id"), _dot(look), safe(by_role["kind"][1]))
        name = _marked(by_role["name"][1], marked)
        name.stylize_before("name")
        why = [Text(safe(by_role["why"][1]), style="certainty")] if "why" in by_role else []
        table.add_row(_cell(*by_role["score"], look), Group(about, name, _marked(detail, marked), *why))
    return table


def _blocks(listing: Listing, look: Look) -> Group:
    """What a narrow screen shows in the place of a table: each row as a few lines."""
    pieces: list[RenderableType] = []
    for number, row in enumerate(listing.rows):
        marked = listing.marked[number] if listing.marked else frozenset()
        cells = list(zip(listing.columns, row, strict=True))
        names = [cell for column, cell in cells if column.role == "name"]
        rest = [
            cell if column.role in ("kind", "why") else f"{column.label}: {cell}"
            for column, cell in cells[1:]
            if cell and column.role != "name"
        ]
        lines = [*names, *(rest if listing.whole else [_dot(look).join(rest)]), *(listing.details[number : number + 1])]
        pieces.append(Text(safe(row[0]), style="id"))
        pieces += [Padding(_marked(line, marked), (0, 0, 0, 2)) for line in lines if line]
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
    title, subtitle = Text(f" {safe(card.title)} ", style="name"), Text(f" {safe(card.subtitle)} ", style="id")
    # What has no room in the frame would be cut there: it stands inside.
    room = width - _FRAME
    if title.cell_len > room:
        inside = [Text(safe(card.title), style="name", overflow="fold"), Text(), *inside]
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
        yield Padding(Text(safe(card.closing), style="certainty"), (0, 0, 0, 2))


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
        for place, line in enumerate(_block(block).wrap(console, min(look.width - indent, WIDEST_PROSE), overflow="fold")):
            lines.append(Text.assemble(((sign if place == 0 else "").rjust(indent - 1), "marker"), " ", line))
    return Text("\n").join(lines)


def _block(block: Block) -> Text:
    piece = Text.assemble((safe(block.head), "name"), overflow="fold")
    if block.head and block.tag:
        piece.append_text(Text.assemble(", ", (safe(block.tag), "certainty")))
    if block.head and block.body:
        piece.append(stop_after(block.tag or block.head))
    piece.append_text(_prose(block.body))
    if block.tag and not block.head:
        piece.append(f" ({safe(block.tag)})", style="certainty")
    if block.url:
        piece.append("\n" if piece else "")
        piece.append_text(_address(safe(block.url)))
    return piece


def _address(url: str) -> Text:
    """The address as text, and a hyperlink on top where it is plainly one of the web."""
    piece = Text(url, style="address", overflow="fold")
    if url.isascii() and url.isprintable() and " " not in url and url.startswith(("https://", "http://")):
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
    return Text(safe(value), style=column.role if column.role in ("id", "name", "label") else "")


def _dot(look: Look) -> str:
    return " \u00b7 " if look.unicode else " - "
