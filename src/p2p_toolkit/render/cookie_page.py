"""The cookies of a site as the tables of its cookie page, to paste into a content management system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from p2p_toolkit.consent.cookies import LOCAL_STORAGE, Row
from p2p_toolkit.consent.rules import UNCLASSIFIED
from p2p_toolkit.library import Entry
from p2p_toolkit.render import TABLE
from p2p_toolkit.render.answer import Answer, joined
from p2p_toolkit.render.formats import csv_line, hypertext, markdown
from p2p_toolkit.render.visitors import Group, groups, lasts

# GOV.UK's cookies page has name, purpose and expiry. Who sets a cookie is what visitors of councils' pages ask next.
COLUMNS = ("Name", "Provider", "What it is for", "How long it lasts", "Who sets it")
_SETTERS = {"first": "this site", "third": "another company"}
UNKNOWN = "not known"


def answer(rows: Sequence[Row], categories: Sequence[Entry], query: Mapping[str, Any]) -> Answer:
    """The cookie page in each of its formats, its lines for machines, and what has to be done before it is published."""
    unknown = sum(row.category == UNCLASSIFIED for row in rows)
    unclear = [f"{unknown} not yet classified: somebody has to decide before the page is published."] if unknown else []
    page = groups(rows, categories)
    documents = {format: partial(_document, page, format) for format in PAGES}
    documents[TABLE] = documents["markdown"]
    return Answer(
        command="consent table",
        query=query,
        results=[{"kind": "cookie", **row._asdict()} for row in rows],
        total=len(rows),
        documents=documents,
        notes=[*unclear, "Read it before you publish it: a file shows one visit, not all that a site can set."],
    )


def _document(page: Sequence[Group], format: str, _: int) -> Iterable[str]:
    return PAGES[format](page)


def pieces(rows: Sequence[Row], categories: Sequence[Entry], format: str) -> Iterable[str]:
    """The cookie page in a format of PAGES: rows by category, in the order of the categories, the unclassified last."""
    return PAGES[format](groups(rows, categories))


def as_markdown(page: Sequence[Group]) -> Iterator[str]:
    """A heading, a paragraph and a table for each category, as GitHub's Markdown has them."""
    for place, group in enumerate(page):
        yield f"{chr(10) if place else ''}## {markdown(group.words.title)}\n\n{markdown(' '.join(_told(group)))}\n\n"
        yield f"| {' | '.join(COLUMNS)} |\n| {' | '.join('---' for _ in COLUMNS)} |\n"
        for name, storage, *cells in _lines(group):
            first = joined((_markdown_name(name), f"({storage})" if storage else ""), " ")
            yield f"| {' | '.join([first, *(markdown(cell or UNKNOWN) for cell in cells)])} |\n"


def as_html(page: Sequence[Group]) -> Iterator[str]:
    """A fragment of HTML without style, script or address; its headings are of the second level."""
    for group in page:
        title = hypertext(group.words.title)
        yield f"<h2>{title}</h2>\n"
        yield from (f"<p>{hypertext(sentence)}</p>\n" for sentence in _told(group))
        yield f"<table>\n<caption>{title}: what each is for</caption>\n<thead>\n<tr>"
        yield from (f'<th scope="col">{column}</th>' for column in COLUMNS)
        yield "</tr>\n</thead>\n<tbody>\n"
        for name, storage, *cells in _lines(group):
            first = joined((f"<code>{hypertext(name)}</code>", f"({storage})" if storage else ""), " ")
            yield f'<tr><th scope="row">{first}</th>'
            yield from (f"<td>{hypertext(cell or UNKNOWN)}</td>" for cell in cells)
            yield "</tr>\n"
        yield "</tbody>\n</table>\n"


def as_csv(page: Sequence[Group]) -> Iterator[str]:
    """One line for each row, for a spreadsheet in which colleagues correct it; what is not known is left empty."""
    yield csv_line(("Category", "Name", "Stored as", *COLUMNS[1:]))
    for group in page:
        for name, storage, *cells in _lines(group):
            yield csv_line((group.words.title, name, storage or "cookie", *cells))


PAGES: Mapping[str, Callable[[Sequence[Group]], Iterator[str]]] = {"markdown": as_markdown, "html": as_html, "csv": as_csv}


def _told(group: Group) -> Iterator[str]:
    yield group.words.text
    if any(row.pattern for row in group.rows):
        yield "A * in a name stands for any letters, figures or signs."


def _lines(group: Group) -> Iterable[tuple[str, ...]]:
    """Name, other storage than cookies, then the cells of COLUMNS; cookies that differ only in their host are one line."""
    return dict.fromkeys(
        (
            row.name or "(no name)",
            "local storage" if row.storage == LOCAL_STORAGE else "",
            row.provider,
            row.purpose,
            lasts(row),
            _SETTERS.get(row.party, ""),
        )
        for row in group.rows
    )


def _markdown_name(name: str) -> str:
    """As code where nothing in it could end the code or the cell of the table, or change its spaces."""
    plain = name.isprintable() and name == name.strip() and not set(name) & set("`|\\")
    return f"`{name}`" if plain else markdown(name)
