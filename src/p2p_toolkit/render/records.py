"""Records to answers: which fields stand at the top, how each is worded, what to look at next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from p2p_toolkit import words
from p2p_toolkit.errors import quoted
from p2p_toolkit.fields import Field
from p2p_toolkit.library import BUNDLED, Entry, Facet, KindInfo, Library
from p2p_toolkit.render.answer import Answer, Block, Card, Column, Listing, Section, joined
from p2p_toolkit.render.marks import nothing_fits, options, still_missing, titled
from p2p_toolkit.render.phrases import ADVICE, human_date, human_sum, law_as_of, without_markers
from p2p_toolkit.search import Found, Hit, field_of, snippet

if TYPE_CHECKING:
    from p2p_toolkit.evidence.related import Related

SHORT_SNIPPET = 60
LEGISLATION = "https://www.legislation.gov.uk/"

# Shown in other places of a card, so not again among its fields.
_ELSEWHERE = ("id", "name", "keywords", "summary", "sources", "caveat", "as_of", "draft", "extends", "changed")


def hits(library: Library, found: Found, query: Mapping[str, Any], *, explain: bool = False) -> Answer:
    """The answer to a search. Explained, each hit says which word was met in which field, how, and for how many points."""
    fields = [[field_of(library, hit, match) if explain else None for match in hit.matches] for hit in found.hits]
    columns = (Column("id", "id"), Column("kind", "kind"), Column("match", "score"), Column("name", "name"))
    return Answer(
        command="search",
        query=query,
        results=[
            {
                **result(hit.entry),
                "score": hit.score,
                "matched": [{**match._asdict(), "field": field} for match, field in zip(hit.matches, labels, strict=True)],
            }
            for hit, labels in zip(found.hits, fields, strict=True)
        ],
        total=found.total,
        fields=_csv_fields(library, [hit.entry for hit in found.hits], ("score",)),
        listing=lambda: Listing(
            columns=(*columns, Column("why", "why")) if explain else columns,
            rows=tuple(
                (
                    hit.entry.id,
                    _kind_and_whose(hit.entry),
                    str(hit.score),
                    _titled(hit.entry),
                    *([_reasons(hit, labels)] if explain else []),
                )
                for hit, labels in zip(found.hits, fields, strict=True)
            ),
            details=tuple(_detail(library, hit) for hit in found.hits),
            marked=tuple(frozenset(hit.words) for hit in found.hits),
        ),
        notes=_search_notes(library, found, query),
        more={"records": found.total, "corrected": found.corrected, "missing": found.missing, "suggestions": found.suggestions},
    )


def facets(library: Library, found: Found, query: Mapping[str, Any], names: Sequence[str]) -> Answer:
    """The answer to a search that asks for counts: how many of all that was found have which value."""
    # Imported here: only counts need it.
    from p2p_toolkit.render.charts import facet_charts

    counts = library.facets(found.records, names)
    return Answer(
        command="search",
        query=query,
        results=[facet._asdict() for facet in counts],
        total=len(counts),
        fields=Facet._fields,
        listing=lambda: Listing(
            columns=(Column("value", "id"), Column("filter"), Column("records", "number"), Column("in words", "name")),
            rows=tuple((facet.value, f"--{facet.filter}", str(facet.records), facet.label) for facet in counts),
        ),
        charts=lambda: facet_charts(counts),
        notes=[f"Values among {found.total} records. Search again with one: --{counts[0].filter} {counts[0].value}"]
        if counts
        else _search_notes(library, found, query),
        more={"records": found.total, "corrected": found.corrected, "missing": found.missing, "suggestions": found.suggestions},
    )


def listing(
    library: Library, kind: KindInfo, entries: Sequence[Entry], *, total: int, query: Mapping[str, Any], command: str = "list"
) -> Answer:
    """The answer to a command that lists records of one kind."""
    shown = [field for field in kind.fields if field.column]
    own = any(entry.library != BUNDLED for entry in entries)
    return Answer(
        command=command,
        query=query,
        results=[result(entry) for entry in entries],
        total=total,
        fields=_csv_fields(library, entries, (), kind),
        listing=lambda: Listing(
            columns=(Column("id", "id"), *([Column("whose")] if own else []), *(_column(field) for field in shown)),
            rows=tuple((entry.id, *([_whose(entry)] if own else []), *(_shown(entry, field) for field in shown)) for entry in entries),
        ),
        notes=[_count_note(len(entries), total, kind)]
        if total
        else nothing_fits(kind.plural, query.get("filters", {}), f"p2p list {kind.name}"),
    )


def cards(library: Library, entries: Sequence[Entry], query: Mapping[str, Any], command: str = "show", notes: Sequence[str] = ()) -> Answer:
    """The answer to a command that shows whole records."""
    # Imported here, as below: a search should not wait for it.
    from p2p_toolkit.evidence.related import related

    links = [related(library, entry) for entry in entries]
    return Answer(
        command=command,
        query=query,
        results=[{**result(entry), "related": [link._asdict() for link in some]} for entry, some in zip(entries, links, strict=True)],
        total=len(entries),
        fields=_csv_fields(library, entries),
        cards=lambda: [_card(library, entry, some) for entry, some in zip(entries, links, strict=True)],
        notes=notes,
    )


def result(entry: Entry) -> dict[str, Any]:
    """A record as machines get it: what it is, whose it is, then every field of its kind."""
    return {"kind": entry.kind, "id": entry.id, "name": entry.name, "library": entry.library, **entry.fields}


def _whose(entry: Entry) -> str:
    if entry.library == BUNDLED:
        return "p2p's"
    return "p2p's with yours" if entry.fields["extends"] else "yours"


def _kind_and_whose(entry: Entry) -> str:
    return entry.kind if entry.library == BUNDLED else f"{entry.kind}, {_whose(entry)}"


def _card(library: Library, entry: Entry, links: Sequence[Related]) -> Card:
    from p2p_toolkit.evidence.related import listed

    kind = library.kinds[entry.kind]
    fields = {field.name: field for field in kind.fields}
    known = [field for field in kind.fields if entry.fields[field.name] not in (None, []) and field.name not in _ELSEWHERE]
    qualifying = [field for field in known if field.qualifies and entry.fields[field.qualifies]]
    essentials = [
        (field.label, _line(library, field, entry, [other for other in qualifying if other.qualifies == field.name]))
        for field in known
        if field.head and field not in qualifying and field.name != "aliases"
    ]
    if entry.fields["aliases"]:
        essentials.append(("Also found by", "; ".join(entry.fields["aliases"])))
    sections = [Section(field.label, blocks(library, field, entry.fields[field.name]), field.many) for field in known if not field.head]
    if entry.fields["extends"]:
        differs = ", ".join(fields[name].label for name in entry.fields["changed"])
        sections.insert(
            0, Section("Your changes", (Block(f"This is p2p's own record with what you added or changed: {differs}."),), bullets=False)
        )
    headed = listed(library, entry, links)
    sections += [Section(one.label, tuple(map(_link, one.links)) or (Block(f"No {one.kind} recorded."),)) for one in headed]
    shown = [link for one in headed for link in one.links]
    sections.append(Section("Look at next", tuple(_link(link) for link in links if link not in shown)))
    sections.append(Section("Sources", tuple(source(number, one) for number, one in enumerate(entry.fields["sources"], 1))))
    as_of = law_as_of(entry.fields, fields["as_of"].label) if "as_of" in fields else ""
    return Card(
        title=entry.name,
        subtitle=joined((_reference(entry), "" if entry.library == BUNDLED else f"from {entry.library}")),
        lead=entry.fields["summary"],
        warning=joined((still_missing(entry.fields["draft"]), entry.fields.get("caveat") or ""), " "),
        essentials=tuple(essentials),
        sections=tuple(section for section in sections if section.blocks),
        closing=f"{ADVICE} {as_of}" if as_of else "",
    )


def _line(library: Library, field: Field, entry: Entry, qualifying: Iterable[Field]) -> str:
    line = worded(library, field, entry.fields[field.name])
    for other in qualifying:
        more = worded(library, other, entry.fields[other.name])
        if other.form == "date":
            line += f" to {more}" if field.form == "date" else f"; last seen {more}"
        else:
            line += f"; {more}"
    return line


def worded(library: Library, field: Field, value: Any) -> str:
    """A value of a field in the words a reader sees."""
    if field.many:
        return ", ".join(_worded_one(library, field, one) for one in value)
    return _worded_one(library, field, value)


def _worded_one(library: Library, field: Field, value: Any) -> str:
    if field.form == "choice":
        return field.words.get(value, value)
    if field.form == "date":
        return human_date(value)
    if field.form == "number":
        return human_sum(value, field.unit)
    if field.form == "flag":
        return "yes" if value else "no"
    if field.form == "link":
        return _named(library, field.to, value)
    return str(value)


def _named(library: Library, kind: str, id: str) -> str:
    name = library.name(kind, id)
    return f"{name} ({id})" if name else id


def blocks(library: Library, field: Field, value: Any) -> tuple[Block, ...]:
    """The values of a field, a paragraph each."""
    values = value if field.many else [value]
    if field.item:
        return tuple(_item(library, field.item, one) for one in values)
    if field.form == "link":
        return tuple(Block("", _named(library, field.to, one)) for one in values)
    return tuple(Block(_worded_one(library, field, one)) for one in values)


def _item(library: Library, fields: Sequence[Field], item: Mapping[str, Any]) -> Block:
    """A small record as one paragraph: what it is about, what it says, how sure that is."""
    head = body = tag = url = ""
    for field in fields:
        value = item[field.name]
        if value in (None, []):
            continue
        text = worded(library, field, value)
        if field.form == "url":
            url = text
        elif not head and not body and (field.form in ("link", "text", "choice") or field.name == "claim"):
            head = text
        elif field.form == "choice":
            tag = text
        else:
            body = joined((body, text), " ")
    return Block(body, head, tag, url)


def source(number: int, source: Mapping[str, Any]) -> Block:
    """A numbered source: what it is, by whom, of when, and its address."""
    # An act carries its year in its title; of any other page a reader wants to know that it shows no date.
    undated = "" if source["url"].startswith(LEGISLATION) else "undated"
    date = human_date(source["date"]) if source["date"] else undated
    line = joined((source["title"], source["publisher"] or "", date))
    return Block(joined((line, source["note"] or ""), ". "), url=source["url"], number=number)


def _link(link: Related) -> Block:
    return Block("", f"{link.name} ({link.kind}:{link.id})", link.why)


def _reference(entry: Entry) -> str:
    return f"{entry.kind}:{entry.id}"


def _column(field: Field) -> Column:
    if field.name == "name":
        return Column("name", "name", 24)
    # "Consent in the UK" keeps its capitals.
    label = field.label[:1].lower() + field.label[1:]
    if field.form == "date":
        return Column(label, "date")
    if field.form == "link" or field.item:
        return Column(label, "ids")
    return Column(label, "place" if field.name == "places" else "text", 14)


def _titled(entry: Entry) -> str:
    return titled(entry.name, entry.fields["draft"])


def _shown(entry: Entry, field: Field) -> str:
    return _titled(entry) if field.name == "name" else _cell(field, entry.fields[field.name])


def _cell(field: Field, value: Any) -> str:
    if value in (None, []):
        return ""
    if field.item:
        return ", ".join(str(one["id"]) for one in value)
    values = value if field.many else [value]
    return without_markers(", ".join(field.words.get(one, str(one)) if field.form == "choice" else str(one) for one in values))


def _detail(library: Library, hit: Hit) -> str:
    """The text that matched; where that is only a name or a phrase, the summary as well."""
    found = without_markers(snippet(library, hit))
    summary = without_markers(hit.entry.fields["summary"])
    if words.slug(found) in (words.slug(hit.entry.name), words.slug(hit.entry.id)):
        return summary
    return f"{summary} ({found})" if len(found) < SHORT_SNIPPET else found


def _reasons(hit: Hit, fields: Sequence[str | None]) -> str:
    return "; ".join(
        f"{match.word} = {match.found}, {match.how}, in {field}, {match.share} points"
        for match, field in zip(hit.matches, fields, strict=True)
    )


def _csv_fields(library: Library, entries: Sequence[Entry], more: Sequence[str] = (), kind: KindInfo | None = None) -> list[str]:
    kinds = {entry.kind for entry in entries}
    if kind is None and len(kinds) == 1:
        kind = library.kinds[kinds.pop()]
    fields = [field.name for field in kind.fields] if kind else ["id", "name", "aliases", "summary", "sources"]
    return ["kind", *fields[:2], *more, "library", *fields[2:]]


def _shortest_name(library: Library, entry: Entry) -> str:
    """What to type to see a record: its id, with the kind where a name is not looked for."""
    return entry.id if entry.kind in library.usual_kinds else _reference(entry)


def _nothing_found(library: Library, found: Found, query: Mapping[str, Any]) -> list[str]:
    """What was looked through, and what to try."""
    *most, last = [library.kinds[name].plural for name in query.get("kinds") or library.usual_kinds]
    looked_through = f"{', '.join(most)} and {last}" if most else last
    filters = query.get("filters")
    notes = [f"Nothing found for {quoted(str(query['words']))} in {looked_through}{f' with {options(filters)}' if filters else ''}."]
    if found.suggestions:
        return [*notes, *(f"Did you mean: {suggestion}?  Try: p2p search {suggestion}" for suggestion in found.suggestions)]
    return [*notes, "Try fewer filters, fewer words or others, or: p2p list" if filters else "Try fewer or other words, or: p2p list"]


def _search_notes(library: Library, found: Found, query: Mapping[str, Any]) -> list[str]:
    if not found.hits:
        return _nothing_found(library, found, query)
    notes = [f"No record has the word {quoted(word)}; taken for {quoted(taken)}." for word, taken in found.corrected.items()]
    notes += [f"No record has the word {quoted(word)}." for word in found.missing]
    count = (
        f"{len(found.hits)} of {found.total} matches."
        if found.total > len(found.hits)
        else f"{found.total} match{'es' if found.total > 1 else ''}."
    )
    return [*notes, f"{count} Read one: p2p show {_shortest_name(library, found.hits[0].entry)}"]


def _count_note(count: int, total: int, kind: KindInfo) -> str:
    name = kind.name if total == 1 else kind.plural
    return f"{count} of {total} {name}." if count < total else f"{total} {name}."


def numbered(entries: Sequence[Entry], width: int) -> list[str]:
    """Records to pick from: a number, the id and the kind of each, and its name below."""
    # Imported here: only who picks needs it.
    import textwrap

    lines = []
    for number, entry in enumerate(entries, 1):
        lines.append(f"{number:>3}. {entry.id} \u00b7 {entry.kind}")
        lines += textwrap.wrap(entry.name, width, initial_indent=" " * 5, subsequent_indent=" " * 5)
    return lines


def welcome(library: Library, width: int) -> str:
    """The first screen: what there is, and five things to try."""
    # Imported here: only the first screen needs it.
    import textwrap

    counts = ", ".join(f"{kind.size} {kind.plural if kind.size != 1 else kind.name}" for kind in library.kinds.values() if kind.size)
    tries = (
        ("p2p search oldham", "find anything by half a word, misspelt"),
        ("p2p show croydon", "one partnership: what was done, with what result"),
        ("p2p list route", "the lawful ways to partner"),
        ("p2p answer we must tender it", "an objection, answered by law and cases"),
        ("p2p consent explain analytical", "a cookie category, and what the law asks"),
    )
    widest = max(len(line) for line, _ in tries)
    beside = widest + 4 + max(len(what) for _, what in tries) <= width
    paragraphs = (
        '"Stop - there\'s a procurement issue." p2p has precedents, lawful routes and honest answers.',
        f"In the library: {counts}.",
        "Try:",
        "p2p help getting-started leads from a problem to a paper for the board.",
        "p2p --help lists the commands.",
    )
    opening, count, heading, *closing = (textwrap.fill(paragraph, width) for paragraph in paragraphs)
    indented = [textwrap.fill(what, width, initial_indent=" " * 6, subsequent_indent=" " * 6) for _, what in tries]
    lines = [f"  {line:<{widest}}  {what}" if beside else f"  {line}\n{below}" for (line, what), below in zip(tries, indented, strict=True)]
    return "\n".join([opening, "", count, "", heading, *lines, "", *closing])
