"""A paper for people to read and print: chapters, topics, lists and tables, and the same as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from p2p_toolkit.evidence.references import MARKERS, Reference
from p2p_toolkit.render import references
from p2p_toolkit.render.answer import joined, stop_after
from p2p_toolkit.render.formats import markdown as escaped


class Line(NamedTuple):
    """One paragraph or one item of a list: what it is about, how sure that is, what it says.

    The `[n]` of `text` are markers, unless it is `plain`; `head` and `tag` always are. `cited` are references for the whole line.
    """

    text: str = ""
    head: str = ""
    tag: str = ""
    cited: tuple[int, ...] = ()
    plain: bool = False


class Section(NamedTuple):
    """A small heading, or none, with paragraphs below it; `bullets` where each of them stands alone. A `detail` is not in short papers."""

    label: str
    lines: tuple[Line, ...]
    bullets: bool = True
    detail: bool = False


class Row(NamedTuple):
    """A row of a table; its first cell is its heading. A `detail` is not in short papers."""

    cells: tuple[str, ...]
    detail: bool = False


class Table(NamedTuple):
    """A table, and what it is about."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


class Topic(NamedTuple):
    """One thing that a chapter is about. Of its sections, the first two may stand `beside` each other where there is room.
    A `detail` is not in short papers."""

    heading: str
    tag: str
    sections: tuple[Section, ...]
    beside: bool = False
    detail: bool = False


Part = Section | Table | Topic


class Chapter(NamedTuple):
    """A chapter; `id` is its name for links."""

    id: str
    heading: str
    parts: tuple[Part, ...]


class Paper(NamedTuple):
    """The whole: its title, what it is and for whom, its chapters, what they cite, and a closing line."""

    title: str
    facts: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    references: tuple[Reference, ...]
    closing: str


REFERENCES = "References"


def as_markdown(paper: Paper) -> Iterator[str]:
    """The paper as Markdown that pandoc and GitHub read alike."""
    yield f"# {escaped(paper.title)}\n\n"
    yield from (f"- **{escaped(label)}:** {escaped(value)}\n" for label, value in paper.facts)
    for chapter in paper.chapters:
        yield f"\n## {escaped(chapter.heading)}\n"
        for part in chapter.parts:
            yield from _part(part)
    yield f"\n## {REFERENCES}\n\n"
    yield from references.as_markdown(paper.references)
    yield f"\n_{escaped(paper.closing)}_\n"


def ranges(numbers: Sequence[int]) -> str:
    """References by their numbers, shortened: "[1] to [4], [7]"."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"[{run[0]}] to [{run[-1]}]" if len(run) > 2 else "".join(f"[{n}]" for n in run) for run in runs)


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Prose cut where its markers begin and end: each piece, and whether it is a run of markers."""
    end = 0
    for run in MARKERS.finditer(text):
        if run.start() > end:
            yield text[end : run.start()], False
        yield run[0], True
        end = run.end()
    if end < len(text):
        yield text[end:], False


def _part(part: Part) -> Iterator[str]:
    if isinstance(part, Table):
        yield f"\n{escaped(part.caption)}\n\n"
        yield from _rows((part.columns, *(row.cells for row in part.rows)))
    elif isinstance(part, Topic):
        tag = f" ({escaped(part.tag)})" if part.tag else ""
        yield f"\n### {escaped(part.heading)}{tag}\n"
        for section in part.sections:
            yield from _section(section, "####")
    else:
        yield from _section(part, "###")


def _section(section: Section, level: str) -> Iterator[str]:
    if section.label:
        yield f"\n{level} {escaped(section.label)}\n"
    if section.bullets:
        yield "\n"
    yield from (f"- {_line(line)}\n" if section.bullets else f"\n{_line(line)}\n" for line in section.lines)


def _rows(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for place, row in enumerate(rows):
        yield f"| {' | '.join(escaped(cell) for cell in row)} |\n"
        if not place:
            yield f"|{'---|' * len(row)}\n"


def _line(line: Line) -> str:
    tag = f"_{escaped(line.tag)}_" if line.tag else ""
    text = joined((escaped(line.text), escaped(ranges(line.cited))), " ")
    if not line.head:
        return joined((text, f"({tag})" if tag else ""), " ")
    head = joined((f"**{escaped(line.head)}**", tag))
    if not line.text:
        return joined((head, text), " ")
    return head + stop_after(line.tag or line.head) + text
