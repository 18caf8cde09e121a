"""An answer as text, in each format: a format is a function from an answer to pieces of text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from p2p_toolkit.render.answer import Answer, Block, Card, joined, stop_after
from p2p_toolkit.render.terminal import safe

# A spreadsheet runs a cell that begins so as a formula (OWASP, CSV injection); an apostrophe stops it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Valid in JSON, but a terminal may act on them, and lone surrogates have no bytes: written as escapes.
_ESCAPED = re.compile("[\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_MARKDOWN = re.compile(r"([\\`*_{}<>#|\[\]~]|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)])")


def as_json(answer: Answer) -> Iterator[str]:
    """One object with everything, for `jq` and other programs."""
    yield _json(answer.envelope()) + "\n"


def as_jsonl(answer: Answer) -> Iterator[str]:
    """The bare results, one object a line."""
    for result in answer.results:
        yield _json(result) + "\n"


def as_csv(answer: Answer) -> Iterator[str]:
    """A heading and one line per result, for spreadsheets (RFC 4180); lists are joined by "; "."""
    yield _csv_line(answer.fields)
    for result in answer.results:
        yield _csv_line([_flat(result.get(name)) for name in answer.fields])


def as_markdown(answer: Answer) -> Iterator[str]:
    """A table for lists, headings and paragraphs for records."""
    if answer.listing:
        listing = answer.listing()
        labels = [column.label for column in listing.columns]
        yield f"| {' | '.join(labels)} |\n| {' | '.join('---' for _ in labels)} |\n"
        for row in listing.rows:
            yield f"| {' | '.join(_markdown(cell) for cell in row)} |\n"
    for place, card in enumerate(answer.cards() if answer.cards else ()):
        if place:
            yield "\n---\n\n"
        yield from _markdown_card(card)


FORMATS: Mapping[str, Callable[[Answer], Iterator[str]]] = {
    "json": as_json,
    "jsonl": as_jsonl,
    "csv": as_csv,
    "markdown": as_markdown,
}


def _json(value: object) -> str:
    # On one line: Python writes indented JSON several times as slowly, and jq makes it pretty.
    text = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _flat(value: Any) -> str:
    """A value as one cell: lists joined, small records as their values."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(_flat(one) for one in value)
    if isinstance(value, Mapping):
        return joined((_flat(one) for one in value.values()), " | ")
    return str(value)


def _csv_line(cells: Iterable[object]) -> str:
    return ",".join(_cell(str(cell)) for cell in cells) + "\r\n"


def _cell(text: str) -> str:
    text = safe(text)
    if text.startswith(_FORMULA):
        text = "'" + text
    if any(sign in text for sign in ',"\r\n'):
        text = '"' + text.replace('"', '""') + '"'
    return text


def _markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(safe(text).split()))


def _markdown_card(card: Card) -> Iterator[str]:
    yield f"# {_markdown(card.title)}\n\n"
    if card.warning:
        yield f"> **Please note.** {_markdown(card.warning)}\n\n"
    yield f"{_markdown(card.lead)}\n\n"
    for label, value in (("Record", card.subtitle), *card.essentials):
        yield f"- **{label}:** {_markdown(value)}\n"
    for section in card.sections:
        yield f"\n## {section.label}\n\n"
        for block in section.blocks:
            yield _markdown_block(block, section.bullets)
    if card.closing:
        yield f"\n_{_markdown(card.closing)}_\n"


def _markdown_block(block: Block, bullet: bool) -> str:
    tag = f"_{_markdown(block.tag)}_" if block.tag else ""
    head = f"**{_markdown(block.head)}**" if block.head else ""
    stop = stop_after(block.tag or block.head) if head and block.body else ""
    text = joined((head, tag if head else "")) + stop + _markdown(block.body)
    line = joined((text, f"({tag})" if tag and not head else "", f"<{block.url}>" if block.url else ""), " ")
    start = f"{block.number}. " if block.number else "- " if bullet else ""
    return f"{start}{line}\n"
