"""References as people and reference managers read them.

A source has a publisher, mostly a public body, and no author that p2p knows: so the publisher stands where reference managers look for the
author. An act is by nobody; there the publisher only put it on the web. What has no date stays without one.
"""

from __future__ import annotations

import hashlib
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from p2p_toolkit import words
from p2p_toolkit.evidence.references import Reference
from p2p_toolkit.render.answer import Answer, Block, joined
from p2p_toolkit.render.formats import markdown, markdown_address
from p2p_toolkit.render.phrases import MONTHS, human_date
from p2p_toolkit.render.records import LEGISLATION, source
from p2p_toolkit.render.terminal import safe

TEXT = "text"

# Signs that LaTeX acts on, as commands for them.
_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "`": r"\textasciigrave{}",
    **{sign: f"\\{sign}" for sign in "$&#_%{}"},
}
# BibTeX counts braces, and a backslash before one is nothing to it: one without its partner must not be written as a brace.
_LATEX_UNPAIRED = {**_LATEX, "{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
# Two of these in a row would become one other sign.
_DOUBLED = re.compile(r"([-'])(?=\1)")


def answer(references: Sequence[Reference], query: Mapping[str, Any], style: str, notes: Sequence[str] = ()) -> Answer:
    """The answer to a command that asks for references, in one of the STYLES for people and reference managers."""
    return Answer(
        command="cite",
        query=query,
        results=[result(reference) for reference in references],
        total=len(references),
        fields=("kind", "id", "name", "number", "publisher", "date", "url", "notes", "records"),
        documents={"table": lambda width: STYLES[style](references, width), "markdown": lambda _: as_markdown(references)},
        notes=notes,
    )


def result(reference: Reference) -> dict[str, Any]:
    """A reference as machines get it; its id is the key by which it is cited."""
    known = reference._asdict()
    return {
        "kind": "source",
        "id": key(reference),
        "name": known.pop("title"),
        **known,
        "notes": list(reference.notes),
        "records": list(reference.records),
    }


def key(reference: Reference) -> str:
    """A key that is the same whatever it is cited with: who and when, so that people know it, and a sum of the address."""
    who = re.sub(r"[^a-z0-9]+", "-", words.slug(reference.publisher or "source")).strip("-")[:40].rstrip("-")
    when = (reference.date or "nd")[:4]
    return joined((who, when, hashlib.sha256(reference.url.encode("utf-8", "replace")).hexdigest()[:8]), "-")


def block(reference: Reference, about: str = "") -> Block:
    """A reference as a numbered source of a card; `about` says how far it can be relied on."""
    return source(reference.number, {**reference._asdict(), "note": joined(reference.notes, ". ")})._replace(tag=about)


def described(reference: Reference) -> str:
    """What a reader should know of a source, but for its address: publisher, title, date, notes."""
    law = _is_law(reference)
    # Of any page but an act, which carries its year in its title, a reader wants to know that it shows no date.
    date = human_date(reference.date) if reference.date else "" if law else "Undated"
    by = reference.publisher or ""
    parts = (*((reference.title, by) if law else (by, reference.title)), date, *reference.notes)
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)


def as_text(references: Sequence[Reference], width: int) -> Iterator[str]:
    """One numbered line each; on a screen, as many lines as it takes."""
    for reference in references:
        number = f"{reference.number}. "
        line = number + " ".join(safe(joined((described(reference), reference.url), " ")).split())
        # Two columns are kept free, and an address longer than the screen is whole, for a click or for copying.
        wrapped = textwrap.wrap(
            line, max(width - 2, 20), subsequent_indent=" " * len(number), break_long_words=False, break_on_hyphens=False
        )
        yield "\n".join(wrapped if width else [line]) + "\n"


def as_markdown(references: Iterable[Reference]) -> Iterator[str]:
    for reference in references:
        yield f"{reference.number}. {markdown(described(reference))} {markdown_address(reference.url)}\n"


def as_bibtex(references: Sequence[Reference], _width: int = 0) -> Iterator[str]:
    """BibTeX, in UTF-8.

    Every entry is `@misc`: BibTeX's own styles know no `@online`, and reference managers write web pages as `@misc` themselves.
    """
    for reference in references:
        fields = "".join(f"  {name} = {value},\n" for name, value in _bibtex_fields(reference) if value)
        yield f"@misc{{{key(reference)},\n{fields}}}\n\n"


def _bibtex_fields(reference: Reference) -> Iterator[tuple[str, str]]:
    year, month, day = (*(reference.date or "").split("-"), "", "")[:3]
    by = _latex(reference.publisher or "")
    # Inner braces keep a body from being taken for a person, and the capitals of a title as they are.
    yield ("organization" if _is_law(reference) else "author"), f"{{{{{by}}}}}" if by else ""
    yield "title", f"{{{{{_latex(reference.title)}}}}}"
    yield "year", f"{{{year}}}" if year else ""
    # The names of months are macros of BibTeX, to be worded by the style.
    yield "month", MONTHS[int(month) - 1][:3].lower() if month else ""
    yield "day", f"{{{int(day)}}}" if day else ""
    yield "url", f"{{{_bare_address(reference.url)}}}"
    yield "note", f"{{{_latex(_noted(reference))}}}" if reference.notes else ""


def as_csl(references: Sequence[Reference], _width: int = 0) -> Iterator[str]:
    """CSL-JSON: a bare array, as Zotero and pandoc read it."""
    yield json.dumps([_csl(reference) for reference in references], ensure_ascii=False, indent=2) + "\n"


def _csl(reference: Reference) -> dict[str, Any]:
    by = safe(reference.publisher or "")
    item: dict[str, Any] = {
        "id": key(reference),
        "type": "legislation" if _is_law(reference) else "webpage",
        "title": safe(reference.title),
        "URL": safe(reference.url),
    }
    if by:
        item |= {"publisher": by} if _is_law(reference) else {"author": [{"literal": by}]}
    if reference.date:
        item["issued"] = {"date-parts": [[int(part) for part in reference.date.split("-")]]}
    if reference.notes:
        item["note"] = safe(_noted(reference))
    return item


STYLES: Mapping[str, Callable[[Sequence[Reference], int], Iterator[str]]] = {TEXT: as_text, "bibtex": as_bibtex, "csl-json": as_csl}


def _is_law(reference: Reference) -> bool:
    return reference.url.startswith(LEGISLATION)


def _noted(reference: Reference) -> str:
    return ". ".join(reference.notes)


def _latex(text: str) -> str:
    depths = list(accumulate(1 if sign == "{" else -1 for sign in text if sign in "{}"))
    paired = not depths or (min(depths) >= 0 and depths[-1] == 0)
    escapes = _LATEX if paired else _LATEX_UNPAIRED
    escaped = "".join(escapes.get(sign, sign) for sign in " ".join(safe(text).split()))
    return _DOUBLED.sub(r"\1{}", escaped)


def _bare_address(url: str) -> str:
    """An address as it is; the few signs that would end the field, and are not allowed in an address anyway, by their numbers."""
    return re.sub(r"[\\{}\"\s]", lambda sign: f"%{ord(sign[0]):02X}", safe(url))
