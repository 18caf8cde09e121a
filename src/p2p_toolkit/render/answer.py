"""What a command answers, before anybody decides how it looks: every format renders one of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

FORMAT_VERSION = "1.0"


class Column(NamedTuple):
    """A column of a listing. `narrowest` is the width below which it is left out on a screen; pipes and
    files always get every column. `role` is how its cells are shown: id, ids, label, kind, score, name, place, date (as in a record;
    a screen says it in words), why, text or number."""

    label: str
    role: str = "text"
    narrowest: int = 12


class Block(NamedTuple):
    """One paragraph of a section. `head` is what it is about, `tag` how sure it is, `url` where to read it,
    `number` the number of a source."""

    body: str
    head: str = ""
    tag: str = ""
    url: str = ""
    number: int = 0


class Section(NamedTuple):
    """A heading and its paragraphs; `bullets` where each of them stands alone."""

    label: str
    blocks: tuple[Block, ...]
    bullets: bool = True


class Listing(NamedTuple):
    """Rows for people: one cell per column, the first one the id.

    The hits of a search have `details`, a text to show below each row, and `marked`, the words to mark. `sections`
    follow the rows. Where `whole`, the columns are records: none may be left out, so that
    a screen too narrow for all shows blocks, and plain lines begin with their names.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    details: tuple[str, ...] = ()
    marked: tuple[frozenset[str], ...] = ()
    sections: tuple[Section, ...] = ()
    whole: bool = False


class Part(NamedTuple):
    """A piece of a bar, from `start` to `end` along the scale of its chart; where both are the same, a single mark.
    `sign` is what it stands for; `render.pictures` decides how that looks."""

    sign: str
    start: float
    end: float


class Bar(NamedTuple):
    """A row of a chart: what it is about, what is drawn, and a cell for each further column."""

    label: str
    parts: tuple[Part, ...]
    cells: tuple[str, ...]


class Chart(NamedTuple):
    """Bars on one scale, which reaches from `low` to `high`.

    The first column is that of the labels, the others those of the cells, the most needed first. `years` draws the
    scale as an axis of years. `legend` says in words what the signs mean.
    """

    heading: str
    columns: tuple[Column, ...]
    bars: tuple[Bar, ...]
    low: float = 0.0
    high: float = 1.0
    years: bool = False
    legend: tuple[tuple[str, str], ...] = ()


class Card(NamedTuple):
    """One record for people: its name, what it is, its essentials, its sections, and a closing line."""

    title: str
    subtitle: str
    lead: str
    warning: str
    essentials: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    closing: str = ""


class Answer(NamedTuple):
    """The answer to one command.

    `results` are plain data for machines. `listing` or `cards` make the same for people; they are functions,
    because machines should not wait for them. `charts` take the place of the listing on a screen. `documents` take
    the place of all where the answer is a text of its own: by format, functions from the width of the screen, 0
    where nothing is to be wrapped. `notes` go to standard error. `fields` names the columns of a CSV file. `more`
    are further members of the JSON object. `ids` is what is printed where ids alone are asked for, if not those of the results.
    """

    command: str
    query: Mapping[str, Any]
    results: Sequence[Mapping[str, Any]]
    total: int
    fields: Sequence[str] = ()
    listing: Callable[[], Listing] | None = None
    cards: Callable[[], Sequence[Card]] | None = None
    charts: Callable[[], Sequence[Chart]] | None = None
    documents: Mapping[str, Callable[[int], Iterable[str]]] = {}
    notes: Sequence[str] = ()
    more: Mapping[str, Any] = {}
    ids: Iterable[str] = ()

    def envelope(self) -> dict[str, Any]:
        """The JSON object that scripts read."""
        return {
            "p2p": FORMAT_VERSION,
            "command": self.command,
            "query": dict(self.query),
            "count": len(self.results),
            "total": self.total,
            **self.more,
            "results": list(self.results),
        }


def stop_after(text: str) -> str:
    """What to put between this text and a sentence that follows it."""
    return " " if text.endswith((".", "?", "!")) else ". "


def joined(parts: Iterable[str], by: str = ", ") -> str:
    return by.join(part for part in parts if part)
