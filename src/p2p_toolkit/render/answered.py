"""Answers to objections, and records side by side, as people and machines get them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from p2p_toolkit.errors import quoted
from p2p_toolkit.evidence.answers import OBJECTION, Answered, Answers, Provided, Told
from p2p_toolkit.evidence.comparison import Comparison, Row
from p2p_toolkit.library import BUNDLED, Entry, Library
from p2p_toolkit.render import plain, references
from p2p_toolkit.render.answer import Answer, Block, Card, Column, Listing, Section, joined
from p2p_toolkit.render.formats import as_csv
from p2p_toolkit.render.marks import still_missing, titled
from p2p_toolkit.render.phrases import ADVICE, law_as_of
from p2p_toolkit.render.records import blocks, result, worded

# Before a field in which compared records differ; a sign that every terminal has.
DIFFERS = "* "
NOT_KNOWN, NONE_RECORDED = "not known", "none recorded"
# The narrowest column that prose can be read in.
_READABLE = 24


def objections(library: Library, entries: Iterable[Entry]) -> Answer:
    """All objections, those that are not so first, and last those that are often right."""
    [field] = [field for field in library.kinds[OBJECTION].fields if field.name == "verdict"]
    # A draft may have no verdict yet.
    verdicts = [*field.words, None]
    ordered = sorted(entries, key=lambda entry: verdicts.index(entry.fields["verdict"]))
    return Answer(
        command="answer",
        query={"words": None},
        results=[_result(entry) for entry in ordered],
        total=len(ordered),
        fields=("kind", "id", "name", "verdict", "summary"),
        listing=lambda: Listing(
            columns=(Column("id", "id"), Column("is it so?", "text", 10), Column("objection", "name", 24)),
            rows=tuple(
                (entry.id, field.words.get(entry.fields["verdict"], NOT_KNOWN), titled(entry.name, entry.fields["draft"], entry.library))
                for entry in ordered
            ),
        ),
        notes=[f"{len(ordered)} objections. Say yours in your own words: p2p answer we must tender everything"],
        more={"nearest": []},
    )


def answers(library: Library, found: Answers, words: str, guide: str = "") -> Answer:
    """The answers to an objection in somebody's words, or that there is none."""
    return Answer(
        command="answer",
        query={"words": words},
        results=[_result(one.hit.entry, one) for one in found.answers],
        total=len(found.answers),
        fields=("kind", "id", "name", "score", "verdict", "summary", "answer", "when_right", "options", "precedents", "references"),
        cards=lambda: [_card(library, one) for one in found.answers],
        notes=_notes(found, words, guide),
        more={"nearest": [entry.id for entry in found.nearest]},
    )


def comparison(library: Library, compared: Comparison, names: Sequence[str], notes: Sequence[str] = ()) -> Answer:
    """Records side by side, the fields in which they differ marked."""
    ids = [entry.id for entry in compared.records]
    rows = [{"field": row.field.name, "label": row.field.label, "same": row.same, "values": list(row.values)} for row in compared.rows]
    return Answer(
        command="compare",
        query={"names": list(names)},
        results=[result(entry) for entry in compared.records],
        total=len(compared.records),
        listing=lambda: _matrix(library, compared),
        documents={"csv": lambda _: _csv(ids, rows)},
        notes=[*notes, f"{DIFFERS.strip()} marks what differs. Read one: p2p show {ids[0]}"],
        more={"fields": rows, "references": [reference._asdict() for reference in compared.references]},
    )


def _csv(ids: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """A line for each field, with a cell for each record."""
    # With its number an id cannot be taken for one of the other names.
    columns = [f"{place} {id}" for place, id in enumerate(ids, 1)]
    cells = [{**row, **dict(zip(columns, row["values"], strict=True))} for row in rows]
    return as_csv(Answer("compare", {}, cells, len(cells), fields=("field", "label", "same", *columns)))


def _result(entry: Entry, one: Answered | None = None) -> dict[str, Any]:
    """An objection as machines get it; every field is there also where nothing was asked."""
    return {
        **result(entry),
        **(one.fields if one else {}),
        "score": one.hit.score if one else None,
        "matched": [match._asdict() for match in one.hit.matches] if one else [],
        "provisions": [provision._asdict() for provision in one.law] if one else [],
        "options": [told._asdict() for told in one.routes] if one else [],
        "precedents": [told._asdict() for told in one.precedents] if one else [],
        "references": [reference._asdict() for reference in one.references] if one else [],
    }


def _where(found: Answers) -> list[str]:
    acts = any(provision.ref.startswith("Procurement Act 2023") for one in found.answers for provision in one.law)
    return ["The Procurement Act 2023 does not bind devolved Scottish authorities. See p2p list route --nation scotland"] if acts else []


def _notes(found: Answers, words: str, guide: str) -> list[str]:
    if found.answers:
        first = found.answers[0].hit.entry.id
        return [*_where(found), "See which routes are open to you: p2p routes", f"Put it before a board: p2p brief {first} -o pack.html"]
    ids = [entry.id for entry in found.nearest]
    nearest = [f"Nearest: {', '.join(ids)}. Read one: p2p show {ids[0]}"] if ids else []
    return [
        f"I have no answer to {quoted(words)}.",
        *nearest,
        "All there are: p2p answer",
        "To add one of your own, write a file with [[objection]] into your library's folder (p2p library where).",
        guide,
    ]


def _card(library: Library, one: Answered) -> Card:
    kind = library.kinds[OBJECTION]
    labels = {field.name: field.label for field in kind.fields}
    verdict = kind.fields.by_name["verdict"].words.get(one.fields["verdict"], NOT_KNOWN)
    told = {"The answer": one.fields["answer"], labels["when_right"]: one.fields["when_right"]}
    sections = (
        *(Section(label, (Block(text),), bullets=False) for label, text in told.items() if text),
        Section(labels["law"], tuple(_provision(library, provision) for provision in one.law)),
        Section(labels["routes"], tuple(_told(told) for told in one.routes)),
        Section(labels["cases"], tuple(_told(told) for told in one.precedents)),
        Section("Sources", tuple(references.block(reference) for reference in one.references)),
    )
    entry = one.hit.entry
    own = "" if entry.library == BUNDLED else f", from {entry.library}"
    return Card(
        title=f"{entry.name}: {verdict}",
        subtitle=f"{entry.kind}:{entry.id}{own}",
        lead=one.fields["summary"],
        warning=still_missing(one.fields["draft"], one.hit.entry.library),
        essentials=(),
        sections=tuple(section for section in sections if section.blocks),
        closing=joined((ADVICE, law_as_of(entry.fields, labels["as_of"])), " "),
    )


def _provision(library: Library, one: Provided) -> Block:
    [field] = [field for field in library.kinds[OBJECTION].fields if field.name == "law"]
    return Block("", f"{one.ref} [{one.number}]", field.item.by_name["checked"].words[one.checked], one.url)


def _told(told: Told) -> Block:
    return Block(told.text, f"{titled(told.name, told.draft, told.library)} ({told.kind}:{told.id})", told.sure)


def _matrix(library: Library, compared: Comparison) -> Listing:
    known = [row for row in compared.rows if any(value not in (None, []) for value in row.values)]
    # The essentials first, as a card has them; what is told in sentences follows.
    ordered = [row for row in known if row.field.head] + [row for row in known if not row.field.head]
    return Listing(
        columns=(
            Column("field", "label"),
            *(Column(titled(entry.id, entry.fields["draft"], entry.library), "text", _READABLE) for entry in compared.records),
        ),
        rows=tuple(
            (("" if row.same else DIFFERS) + row.field.label, *(_cell(library, row, value) for value in row.values)) for row in ordered
        ),
        sections=(Section("Sources", tuple(references.block(reference) for reference in compared.references)),),
        whole=True,
    )


def _cell(library: Library, row: Row, value: Any) -> str:
    if value in (None, []):
        return NONE_RECORDED
    if row.field.head:
        return worded(library, row.field, value)
    return "\n".join(plain.line(block) for block in blocks(library, row.field, value))
