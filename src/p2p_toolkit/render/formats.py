"""An answer as text, in each format: a format is a function from an answer to pieces of text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from p2p_toolkit.render.answer import Answer, Block, Card, Section, joined, stop_after
from p2p_toolkit.render.terminal import safe

# A spreadsheet runs a cell that begins so as a formula (OWASP, CSV injection); an apostrophe stops it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Valid in JSON, but a terminal may act on them, and lone surrogates have no bytes: written as escapes.
_ESCAPED = re.compile("[\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
# Signs that some reader of Markdown acts on, and beginnings that it takes for a list or a heading. pandoc knows more of them than
# GitHub: $ is mathematics, @ a citation, and "A." and "(iv)" number a list as "1." does.
_MARKDOWN = re.compile(r"[\\`*_{}<>#|\[\]~^$@&]")
_MARKDOWN_START = re.compile(r"^(?:[-+=:%!]|\(?(?:\d{1,9}|[A-Za-z]|[ivxlcdm]+|[IVXLCDM]+)[.)](?=\s|$))")


def as_json(answer: Answer) -> Iterator[str]:
    """One object with everything, for `jq` and other programs."""
    yield _json(answer.envelope()) + "\n"


def as_jsonl(answer: Answer) -> Iterator[str]:
    """The bare results, one object a line."""
    for result in answer.results:
        yield _json(result) + "\n"


def as_csv(answer: Answer) -> Iterator[str]:
    """A heading and one line per result, for spreadsheets (RFC 4180); lists are joined by "; "."""
    yield csv_line(answer.fields)
    for result in answer.results:
        yield csv_line([_flat(result.get(name)) for name in answer.fields])


def as_markdown(answer: Answer) -> Iterator[str]:
    """A table for lists, headings and paragraphs for records."""
    if answer.listing:
        listing = answer.listing()
        labels = [column.label for column in listing.columns]
        yield f"| {' | '.join(labels)} |\n| {' | '.join('---' for _ in labels)} |\n"
        for row in listing.rows:
            yield f"| {' | '.join(markdown(cell) for cell in row)} |\n"
        for section in listing.sections:
            yield from _markdown_section(section)
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


def csv_line(cells: Iterable[object]) -> str:
    """Cells as a line of CSV (RFC 4180), with formulas defused."""
    return ",".join(_cell(str(cell)) for cell in cells) + "\r\n"


def _cell(text: str) -> str:
    text = safe(text)
    if text.startswith(_FORMULA):
        text = "'" + text
    if any(sign in text for sign in ',"\r\n'):
        text = '"' + text.replace('"', '""') + '"'
    return text


def markdown(text: str) -> str:
    """Text on one line, in which no sign means anything to a reader of Markdown."""
    escaped = _MARKDOWN.sub(r"\\\g<0>", " ".join(safe(text).split()))
    return _MARKDOWN_START.sub(lambda start: f"{start[0][:-1]}\\{start[0][-1]}", escaped)


def hypertext(text: str) -> str:
    """Text on one line, in which no sign means anything to a reader of HTML."""
    # Imported here: only web pages need it.
    import html

    return html.escape(" ".join(safe(text).split()))


def markdown_address(url: str) -> str:
    return f"<{url}>" if is_address(url) else markdown(url)


def is_address(url: str) -> bool:
    """Whether this is plainly an address of the web and nothing else, so that it may become a link."""
    return url.startswith(("https://", "http://")) and url.isascii() and url.isprintable() and not set(url) & set(' <>"\\^`{|}')


def _markdown_card(card: Card) -> Iterator[str]:
    yield f"# {markdown(card.title)}\n\n"
    if card.warning:
        yield f"> **Please note.** {markdown(card.warning)}\n\n"
    yield f"{markdown(card.lead)}\n\n"
    for label, value in (("Record", card.subtitle), *card.essentials):
        yield f"- **{label}:** {markdown(value)}\n"
    for section in card.sections:
        yield from _markdown_section(section)
    if card.closing:
        yield f"\n_{markdown(card.closing)}_\n"


def _markdown_section(section: Section) -> Iterator[str]:
    yield f"\n## {section.label}\n\n"
    for block in section.blocks:
        yield _markdown_block(block, section.bullets)


def _markdown_block(block: Block, bullet: bool) -> str:
    tag = f"_{markdown(block.tag)}_" if block.tag else ""
    head = f"**{markdown(block.head)}**" if block.head else ""
    stop = stop_after(block.tag or block.head) if head and block.body else ""
    text = joined((head, tag if head else "")) + stop + markdown(block.body)
    line = joined((text, f"({tag})" if tag and not head else "", markdown_address(block.url) if block.url else ""), " ")
    start = f"{block.number}. " if block.number else "- " if bullet else ""
    return f"{start}{line}\n"
