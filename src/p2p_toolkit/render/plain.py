"""Answers as plain lines, for pipes and screen readers: no colour, no boxes, nothing cut or wrapped."""

from __future__ import annotations

from collections.abc import Iterator

from p2p_toolkit.render.answer import Answer, Block, Card, joined, stop_after
from p2p_toolkit.render.terminal import safe


def lines(answer: Answer) -> Iterator[str]:
    """Lists as tab-separated lines that begin with the id, records as `label: value` lines.

    A list has no heading, so that every line is a record. Only where the columns are records does a heading name them.
    """
    if answer.listing:
        listing = answer.listing()
        if listing.whole:
            yield "\t".join(_one_line(column.label) for column in listing.columns) + "\n"
        for row in listing.rows:
            yield "\t".join(_one_line(cell) for cell in row) + "\n"
        for section in listing.sections:
            yield from (_labelled(section.label, line(block)) for block in section.blocks)
    for place, card in enumerate(answer.cards() if answer.cards else ()):
        if place:
            yield "\n"
        yield from _card(card)


def _card(card: Card) -> Iterator[str]:
    yield _labelled("Name", card.title)
    if card.subtitle:
        yield _labelled("Record", card.subtitle)
    if card.warning:
        yield _labelled("Please note", card.warning)
    yield _labelled("Summary", card.lead)
    for label, value in card.essentials:
        yield _labelled(label, value)
    for section in card.sections:
        for block in section.blocks:
            yield _labelled(section.label, line(block))
    if card.closing:
        yield _labelled("Law", card.closing)


def line(block: Block) -> str:
    """A paragraph in one line, with its number, how sure it is, and its address."""
    number = f"[{block.number}]" if block.number else ""
    tag = f"({block.tag})" if block.tag and not block.head else ""
    about = joined((block.head, block.tag if block.head else ""))
    return joined((number, joined((about, block.body), stop_after(about)), tag, block.url), " ")


def _labelled(label: str, value: str) -> str:
    return f"{label}: {_one_line(value)}\n"


def _one_line(text: str) -> str:
    return " ".join(safe(text).split())
