"""A paper in short, for those who decide: without its details, and with the references alone that are left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from p2p_toolkit.evidence.references import MARKERS, renumbered
from p2p_toolkit.render.packs.paper import Chapter, Line, Paper, Part, Section, Table, Topic


def shortened(paper: Paper) -> Paper:
    """The paper without its details. Its references are those that it still cites, numbered anew in the order in which they come."""
    chapters = [chapter for chapter in map(_without_details, paper.chapters) if chapter.parts]
    lines = (line for chapter in chapters for part in chapter.parts for section in _sections(part) for line in section.lines)
    cited = list(dict.fromkeys(number for line in lines for number in _cited(line)))
    new = [cited.index(reference.number) + 1 if reference.number in cited else 0 for reference in paper.references]

    def renewed(section: Section) -> Section:
        lines = (
            line._replace(
                text=line.text if line.plain else renumbered(line.text, new), cited=tuple(new[number - 1] for number in line.cited)
            )
            for line in section.lines
        )
        return section._replace(lines=tuple(lines))

    return paper._replace(
        chapters=tuple(chapter._replace(parts=tuple(_changed(part, renewed) for part in chapter.parts)) for chapter in chapters),
        references=tuple(paper.references[old - 1]._replace(number=number) for number, old in enumerate(cited, 1)),
    )


def _without_details(chapter: Chapter) -> Chapter:
    def kept(part: Part) -> Iterator[Part]:
        if isinstance(part, Table):
            rows = tuple(row for row in part.rows if not row.detail)
            yield from (part._replace(rows=rows),) if rows else ()
        elif isinstance(part, Topic) and not part.detail:
            yield part._replace(sections=tuple(section for section in part.sections if not section.detail))
        elif not part.detail:
            yield part

    return chapter._replace(parts=tuple(one for part in chapter.parts for one in kept(part)))


def _changed(part: Part, change: Callable[[Section], Section]) -> Part:
    if isinstance(part, Topic):
        return part._replace(sections=tuple(map(change, part.sections)))
    return change(part) if isinstance(part, Section) else part


def _sections(part: Part) -> tuple[Section, ...]:
    return part.sections if isinstance(part, Topic) else (part,) if isinstance(part, Section) else ()


def _cited(line: Line) -> Iterator[int]:
    """The numbers of the references of a line, in the order in which they are read."""
    if not line.plain:
        yield from (int(number) for run in MARKERS.findall(line.text) for number in re.findall(r"\d+", run))
    yield from line.cited
