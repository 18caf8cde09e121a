"""What p2p can be asked, as functions: the command line, Python programs and agents all come in here.

Each function takes a library and plain values, and returns an `Answer`. Its `results` are plain data, the same that the command of that
name prints with `--json`; `total` says how many there are in all, and `notes` what a person is told besides, such as what a misspelt name
was taken for.

    >>> from p2p_toolkit import find, open_library
    >>> library = open_library()
    >>> found = find(library, "oldahm", kinds=["case"], limit=1)
    >>> found.results[0]["id"]
    'oldham'

What cannot be answered raises a P2PError, which has `message`, `code`, `hint` and `suggestions`: NotFound where no record has a name,
BadUsage where a value does not exist or is missing, CannotRead where a file or a folder cannot be read. Hints speak of the command line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from p2p_toolkit import library as libraries
from p2p_toolkit import render, search
from p2p_toolkit.errors import BadUsage, NotFound, P2PError, nearest, quoted
from p2p_toolkit.library import Entry, KindInfo, Library
from p2p_toolkit.render import Answer
from p2p_toolkit.words import slug

if TYPE_CHECKING:
    from p2p_toolkit.consent.audit import Audit

__all__ = [
    "Answer",
    "BadUsage",
    "Library",
    "NotFound",
    "P2PError",
    "answer",
    "as_text",
    "audit",
    "brief",
    "cite",
    "classify",
    "compare",
    "explain",
    "find",
    "list_records",
    "open_library",
    "routes",
    "show",
]

# What records can be filtered by, and the values that it takes.
FILTERS = {
    "place": "Town, borough or county.",
    "region": "English region, such as north-west.",
    "nation": "england, scotland, wales or northern-ireland.",
    "sector": "Kind of service, such as housing.",
    "route": "Id of a route.",
    "principle": "Id of a principle.",
    "verdict": "myth, partly or often-right.",
    "since": "Begun in or after this year, or YYYY-MM.",
}
FACETS = ("route", "nation", "sector", "principle")

Filters = Mapping[str, Sequence[str]]
File = str | Path | BinaryIO


def open_library(folder: str | Path | None = None) -> Library:
    """The bundled records and, where a folder is named, a user's own records on top of them.

    It shows what there is when it is opened. Mistakes in the user's files are in its `faults` and stop nothing. Raises CannotRead where
    the folder cannot be read.

    >>> open_library().usual_kinds
    ['case', 'route', 'objection', 'principle', 'category']
    """
    return libraries.open_library(None if folder is None else Path(folder))


def find(
    library: Library,
    words: str,
    *,
    kinds: Sequence[str] = (),
    filters: Filters | None = None,
    limit: int = 10,
    explain: bool = False,
    facets: bool = False,
) -> Answer:
    """Records that fit some words, best first. Misspellings are forgiven.

    - `kinds`: of which kinds; where none is named, of all but cookies.
    - `filters`: what must hold of a record, such as `{"nation": ["wales", "scotland"]}`: any of the values will do. FILTERS
      has their names.
    - `limit`: how many at most, 1 or more. `total` counts all.
    - `explain`: each of a result's `matched` also names the field that it was met in.
    - `facets`: the results are counts of all that was found, by route, nation, sector and principle, in place of the records.

    Each result has a `score` from 0 to 100. Nothing found is an answer too: no results, and `more["suggestions"]`. Raises BadUsage.

    >>> find(open_library(), "social prescribing", filters={"nation": ["england"]}, limit=1).results[0]["name"]
    'Oldham Social Prescribing Innovation Partnership'
    """
    query = some("words to search for", words)
    filters = _lists(filters)
    names = [kind_named(library, kind).name for kind in _several("kinds", kinds)]
    _check_limit(limit)
    _check_filter_names(filters)
    found = search.find(library, query, kinds=names, filters=filters, limit=limit)
    asked = {"words": query, "kinds": names, "filters": filters, "limit": limit}
    answer = render.facets(library, found, asked, FACETS) if facets else render.hits(library, found, asked, explain=explain)
    # Cookies are looked for only if asked for; who types the name of one is told.
    same = [entry.name for entry in library.with_id(slug(query)) if entry.kind == "cookie" and entry.name == query and not names]
    return answer._replace(notes=[*answer.notes, *(f"A cookie is called so: p2p consent classify {name}" for name in same)])


def list_records(
    library: Library, kind: str = "case", *, filters: Filters | None = None, sort: str = "", limit: int | None = None
) -> Answer:
    """The records of one kind, in the order of the data. `filters` and `limit` are those of `find`.

    `sort` is a field that has one value; `-started` puts the latest first, and what is not known stands last. Raises BadUsage.

    >>> [case["id"] for case in list_records(open_library(), "case", filters={"nation": ["scotland"]}, sort="id", limit=1).results]
    ['glasgow']
    """
    info = kind_named(library, kind)
    filters = _lists(filters)
    check_filters(info, filters)
    if limit is not None:
        _check_limit(limit)
    entries = _sorted(list(library.each(library.numbers([info.name], filters))), info, sort)
    query = {"kind": info.name, "filters": filters, "sort": sort or None, "limit": limit}
    return render.listing(library, info, entries[:limit], total=len(entries), query=query)


def show(library: Library, *names: str) -> Answer:
    """Whole records, each once, with what is `related` to them.

    A name is an id, a name, an alias or a place, also misspelt; `kind:id` settles a tie. Raises NotFound, with the nearest names, where a
    name fits no record or more than one.

    >>> show(open_library(), "route:light-touch").results[0]["name"]
    'Light touch'
    """
    found = resolved(library, names)
    return render.cards(library, each_once(found), {"names": list(names)}, notes=taken_for(found))


def answer(library: Library, words: str | None = None) -> Answer:
    """Answers to an objection in anybody's words, the best first, up to three; where no words are given, all objections.

    A result has the `verdict` (myth, partly, often-right), the `provisions` of law, `options`, `precedents`, `when_right`, and the
    `references` that all `[n]` markers point to. Where nothing fits there are no results, and `more["nearest"]`. Raises BadUsage.

    >>> answer(open_library(), "we must tender everything").results[0]["verdict"]
    'myth'
    """
    # Imported here, as below: no other question should wait for it.
    from p2p_toolkit.evidence import answers
    from p2p_toolkit.render import answered

    if words is None:
        return answered.objections(library, library.all("objection"))
    said = some("the words of the objection", words)
    found = answers.answers(library, said)
    guide = ""
    if not found.answers:
        from p2p_toolkit import store

        guide = store.guide()
    return answered.answers(library, found, said, guide)


def compare(library: Library, *names: str) -> Answer:
    """Two or more records of one kind; `more["fields"]` has their `values` field by field, and whether they are the `same`.

    Raises NotFound as `show` does, and BadUsage for fewer than two records or records of different kinds.

    >>> [field["values"] for field in compare(open_library(), "oldham", "croydon").more["fields"] if field["field"] == "nation"]
    [['england', 'england']]
    """
    from p2p_toolkit.evidence import comparison
    from p2p_toolkit.render import answered

    found = resolved(library, names)
    compared = comparison.compare(library, [one.entry for _, one in found])
    notes = taken_for(found)
    if len(compared.records) < len(found):
        notes.append(f"{len(found)} names, {len(compared.records)} records: some name the same one.")
    return answered.comparison(library, compared, list(names), notes)


def cite(library: Library, *names: str, style: str = "text") -> Answer:
    """The sources of records, each once and numbered. `style` is how `as_text` words them: text, bibtex or csl-json.

    Raises NotFound as `show` does, and BadUsage for a style that does not exist.

    >>> as_text(cite(open_library(), "oldham", style="bibtex")).splitlines()[0].startswith("@misc{")
    True
    """
    from p2p_toolkit.evidence.references import references
    from p2p_toolkit.render import references as styles

    found = resolved(library, names)
    if style not in styles.STYLES:
        close = nearest(style, styles.STYLES)
        raise BadUsage(f"--style cannot be {quoted(style)}", hint=f"Choose one of: {', '.join(styles.STYLES)}", suggestions=close)
    return styles.answer(references(each_once(found)), {"names": list(names), "style": style}, style, taken_for(found))


def routes(library: Library, answers: Mapping[str, str] | None = None, *, full: bool = False, states: Sequence[str] = ()) -> Answer:
    """What answers to a few questions make of every route: its `state` (offered, possible, ruled-out), `why`, and by which `law`.

    `answers` has them under the ids of the questions, which are in `more["questions"]`; what is left out, or is `unknown`, rules nothing
    out. `full` tells people all that the offered routes ask; `states` are those wanted, all where none is named. Raises BadUsage for a
    question or an answer that does not exist.

    >>> [route["id"] for route in routes(open_library(), {"nation": "england", "paid": "no", "public-only": "no"}).results[:2]]
    ['grant', 'asset-transfer']
    """
    from p2p_toolkit.evidence import choice
    from p2p_toolkit.render import choice as choices

    return choices.routes(library, choice.choose(library, choice.known(library, answers or {})), full=full, states=states or choice.STATES)


def brief(
    library: Library,
    *names: str,
    known: Mapping[str, str] | None = None,
    audience: str = "",
    title: str = "",
    question: str = "",
    short: bool = False,
    full: bool = False,
) -> Answer:
    """An evidence pack, as one result; `as_text` makes Markdown or HTML of it.

    Names are of cases, routes, objections and principles. `known` are answers as for `routes`: the pack then says which options are open,
    and why. `short` shortens what people read, `full` tells at length also what belongs to the named records only by the way. Raises
    NotFound as `show` does, and BadUsage for records of other kinds and for answers that do not exist.

    >>> [pack] = brief(open_library(), "oldham", known={"nation": "england"}).results
    >>> [(option["id"], option["standing"]["state"]) for option in pack["options"]][-1]
    ('innovation-partnership', 'ruled-out')
    """
    from p2p_toolkit.evidence import choice
    from p2p_toolkit.evidence import pack as packs
    from p2p_toolkit.render.packs import brief as papers

    found = resolved(library, names)
    entries = each_once(found)
    odd = [f"{entry.kind}:{entry.id}" for entry in entries if entry.kind not in packs.KINDS]
    if odd:
        raise BadUsage(f"a pack cannot be made of {odd[0]}", hint="Name cases, routes, objections and principles.")
    if short and full:
        raise BadUsage("--short and --full ask for two lengths", hint="Leave out one of them.")
    pack = packs.assemble(library, entries, choice.known(library, known or {}), full=full)
    cover = papers.cover_of(entries, title, question, audience)
    asked = {"names": list(names), "for": audience or None, "title": title or None, "question": question or None}
    query = {**asked, "known": dict(pack.answers), "short": short, "full": full}
    return papers.answer(library, pack, cover, query, taken_for(found), short=short)


def explain(library: Library, name: str, *, scheme: str = "") -> Answer:
    """The consent categories that a name means: its purposes, the switch on a banner, what UK and EU law ask, other tools' words.

    The name is a category's id or name, a synonym or a misspelling, or, with `scheme`, the word of another tool such as onetrust, which may
    cover several. Raises NotFound for a name that means none, BadUsage for a scheme that is not known.

    >>> [category["id"] for category in explain(open_library(), "C0004", scheme="onetrust").results]
    ['advertisement']
    """
    from p2p_toolkit import consent

    asked = some("a name", name)
    explained = consent.explain(library, asked, scheme)
    notes = [*taken_for([(asked, one) for one in explained.found]), *explained.notes]
    query = {"name": asked, "scheme": scheme or None}
    return render.cards(library, [one.entry for one in explained.found], query, "consent explain", notes)


def classify(library: Library, *cookies: str | tuple[str, str], domain: str = "") -> Answer:
    """The consent category of each cookie, what decided (`rule`, `why`), and how sure that is (`confidence`).

    A cookie is its name, in which capital letters count, or its name and the domain it is stored under; `domain` stands for all that name
    none. What nothing decides is `unclassified`; what the name or the domain alone suggests is `probable`. Raises BadUsage where there is
    no name.

    >>> [(cookie["cookie"], cookie["category"]) for cookie in classify(open_library(), "_ga", "qwx7").results]
    [('_ga', 'analytical'), ('qwx7', 'unclassified')]
    """
    from p2p_toolkit.consent.rules import Rules
    from p2p_toolkit.consent.sites import host_of
    from p2p_toolkit.render import cookies as answers

    host = host_of(domain) if domain else ""
    asked = [(one, host) if isinstance(one, str) else (one[0], one[1] or host) for one in cookies]
    for name, _ in asked:
        some("a cookie", name)
    rules = Rules(library)
    verdicts = [rules.classify(name, where) for name, where in dict.fromkeys(asked)]
    return answers.classified(library, verdicts, {"cookies": [name for name, _ in asked], "domain": domain or None})


def audit(library: Library, *files: File, site: str = "", against: File | None = None) -> Answer:
    """The cookies in files by category, and what to look at. It never calls a site compliant.

    A file is a path, or a binary file that is open: HAR, cookies.txt, Set-Cookie lines and others that `p2p consent audit` reads. Values of
    cookies are read past. `site` is the host that was visited; `against` an earlier file, to see in `more["changes"]` what is different.
    Raises CannotRead.
    """
    from p2p_toolkit.render import cookies as answers

    query = {"files": [_called(file) for file in files], "site": site or None, "against": None if against is None else _called(against)}
    return answers.audited(library, audited(library, files, site, against), query)


def as_text(answer: Answer, format: str = render.TABLE) -> str:
    """An answer as text: `table` is plain lines without colour, as in a pipe; the others are json, jsonl, csv and markdown.

    Nothing in it can steer a terminal. Raises BadUsage for another format.

    >>> as_text(explain(open_library(), "statistics"), "markdown").splitlines()[0]
    '# Analytical'
    """
    formats = [*render.format_names(), *(one for one in answer.documents if one not in render.format_names())]
    if format not in formats:
        close = nearest(format, formats)
        raise BadUsage(f"there is no format {quoted(format)}", hint=f"Choose one of: {', '.join(formats)}", suggestions=close)
    return "".join(render.pieces(answer, format))


# What the commands also need of it.


def audited(library: Library, files: Sequence[File], site: str = "", against: File | None = None) -> Audit:
    """The audit that `audit` words, for what else is made of one. Raises CannotRead."""
    import time

    from p2p_toolkit.consent import readers
    from p2p_toolkit.consent.audit import audit
    from p2p_toolkit.consent.sites import host_of

    now, host = int(time.time()), host_of(site) if site else ""
    readings = [
        readers.read_file(Path(file), now=now) if isinstance(file, str | Path) else readers.read(file, now=now)
        for file in (*files, *(() if against is None else (against,)))
    ]
    return audit(library, readings[: len(files)], host, None if against is None else readings[-1])


def some(what: str, text: str) -> str:
    """The text, unless it is empty. Raises BadUsage, which says what is missing."""
    if not text.strip():
        raise BadUsage(f"{what} {'are' if 'words' in what else 'is'} missing")
    return text


def kind_named(library: Library, name: str) -> KindInfo:
    """The kind of that name, singular or plural. Raises BadUsage."""
    for info in library.kinds.values():
        if name.lower() in (info.name, info.plural):
            return info
    close = nearest(name, library.kind_names)
    raise BadUsage(f"there is no kind {quoted(name)}", hint=f"Kinds: {', '.join(library.kind_names)}", suggestions=close)


def meaningless(info: KindInfo, filters: Filters) -> list[str]:
    """Those of the filters that say nothing about records of that kind."""
    known = [field.filter for field in info.fields.filtered]
    return [option for option in filters if option not in known]


def check_filters(info: KindInfo, filters: Filters) -> None:
    """Raises BadUsage for filters that say nothing about records of that kind."""
    for option in meaningless(info, filters):
        known = [f"--{field.filter}" for field in info.fields.filtered]
        has = f"{info.plural} can be filtered by {', '.join(known)}" if known else f"{info.plural} have no filters"
        raise BadUsage(f"--{option} means nothing for {info.plural}", hint=has[0].upper() + has[1:])


def resolved(library: Library, names: Sequence[str]) -> list[tuple[str, search.Resolved]]:
    """Each name, and the record it means. Raises BadUsage where there is none or one is empty, NotFound where one means no record."""
    for name in names or [""]:
        some("a name", name)
    return [(name, search.resolve(library, name)) for name in names]


def each_once(found: Sequence[tuple[str, search.Resolved]]) -> list[Entry]:
    """The records that some names mean, each once, in the order of the names."""
    return list({one.entry.n: one.entry for _, one in found}.values())


def taken_for(found: Sequence[tuple[str, search.Resolved]]) -> list[str]:
    """A sentence for each name that is not a record's own, on what it was taken for."""
    notes = []
    for name, one in found:
        if not one.right:
            others = f" Others: {', '.join(one.others)}." if one.others else ""
            notes.append(f"Nothing is called {quoted(name)}; showing {one.entry.kind}:{one.entry.id}.{others}")
    return notes


def _called(file: File) -> str:
    return str(file) if isinstance(file, str | Path) else "-"


def _lists(filters: Filters | None) -> dict[str, list[str]]:
    return {name: list(_several(name, values)) for name, values in (filters or {}).items()}


def _several(what: str, values: Sequence[str]) -> Sequence[str]:
    # A text is a sequence too, of its letters.
    if isinstance(values, str):
        raise BadUsage(f"{what} must be a list", hint=f"Try: [{quoted(values)}]")
    return values


def _check_limit(limit: int) -> None:
    if limit < 1:
        raise BadUsage(f"the limit cannot be {limit}", hint="It is 1 or more.")


def _check_filter_names(filters: Filters) -> None:
    """Raises BadUsage for a filter that no kind has."""
    for name in filters:
        if name not in FILTERS:
            raise BadUsage(f"there is no filter {quoted(name)}", hint=f"Filters: {', '.join(FILTERS)}", suggestions=nearest(name, FILTERS))


def _sorted(entries: list[Entry], info: KindInfo, sort: str) -> list[Entry]:
    if not sort:
        return entries
    name = sort.removeprefix("-")
    plain = [field.name for field in info.fields if not field.item and not field.many]
    if name not in plain:
        close = nearest(name, plain)
        raise BadUsage(f"{info.plural} cannot be sorted by {quoted(name)}", hint=f"Fields: {', '.join(plain)}", suggestions=close)
    known = [entry for entry in entries if entry.fields[name] is not None]
    # Records that lack the field stand last, whichever way round.
    unknown = [entry for entry in entries if entry.fields[name] is None]
    known.sort(key=lambda entry: _sort_key(entry.fields[name]), reverse=sort.startswith("-"))
    return known + unknown


def _sort_key(value: Any) -> tuple[int, str]:
    return (value, "") if isinstance(value, int) else (0, str(value).casefold())
