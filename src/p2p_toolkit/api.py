"""What can be asked of p2p: each function answers as the command of that name does.

The command line, Python and the server for agents all come through here. An answer's `results` are what `--json` prints: plain data,
described by the JSON Schemas that `p2p schema` prints. `notes` are what a person is told besides, such as how a misspelt name was taken.

    >>> from p2p_toolkit import find, open_library
    >>> library = open_library()
    >>> find(library, "oldahm", limit=1).results[0]["name"]
    'Oldham Social Prescribing Innovation Partnership'

Every function raises a subclass of P2PError for what cannot be answered: NotFound for a name that no record has, BadUsage for a kind, a
filter or a value that does not exist, CannotRead for a file. It has `message`, `hint` and `suggestions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from p2p_toolkit import library as libraries
from p2p_toolkit import render, search
from p2p_toolkit.errors import BadUsage, NotFound, P2PError, nearest, quoted  # noqa: F401  # some for those who ask for them here
from p2p_toolkit.library import Entry, KindInfo, Library
from p2p_toolkit.render import Answer

if TYPE_CHECKING:
    from p2p_toolkit.consent.audit import Audit

FACETS = ("route", "nation", "sector", "principle")
Filters = Mapping[str, Sequence[str]]
File = str | Path | BinaryIO


def open_library(folder: str | Path | None = None) -> Library:
    """The records that come with p2p and, where a folder is named, those of a user on top of them.

    Mistakes in the user's files stop nothing: they are in the library's `faults`. Raises CannotRead where the folder cannot be read.
    """
    return libraries.open_library(Path(folder) if folder is not None else None)


def find(
    library: Library,
    words: str,
    *,
    kinds: Sequence[str] = (),
    limit: int = 10,
    filters: Filters | None = None,
    explain: bool = False,
    facets: bool = False,
) -> Answer:
    """The records that fit some words, best first; each with its `score` from 0 to 100 and what `matched`.

    - `kinds`: case, route, objection, principle, category or cookie; without any, all but cookies.
    - `limit`: how many at most, from 1.
    - `filters`: option and values, any of which will do, such as `{"nation": ["wales", "scotland"]}`.
    - `explain`: each match also names the field that counted most. `facets`: how many of the records found have which value, in the place
      of the records.
    """
    query = some("words to search for", words)
    asked = [kind_named(library, kind).name for kind in kinds]
    found = search.find(library, query, kinds=asked, filters=filters or {}, limit=limit)
    said = {"words": query, "kinds": asked, "filters": dict(filters or {}), "limit": limit}
    if facets:
        return render.facets(library, found, said, FACETS)
    return render.hits(library, found, said, explain=explain)


def list_records(
    library: Library, kind: str = "case", *, sort: str = "", limit: int | None = None, filters: Filters | None = None
) -> Answer:
    """The records of a kind. `sort` is the name of a field with one value; `-started` has the newest first.

    >>> [record["id"] for record in list_records(open_library(), "case", filters={"nation": ["wales"]}).results]
    ['ffestiniog', 'newport', 'flintshire']
    """
    info = kind_named(library, kind)
    check_filters(info, filters or {})
    entries = _sorted(list(library.each(library.numbers([info.name], filters or {}))), info, sort)
    query = {"kind": info.name, "filters": dict(filters or {}), "sort": sort or None, "limit": limit}
    return render.listing(library, info, entries[:limit], total=len(entries), query=query)


def show(library: Library, *names: str) -> Answer:
    """Whole records, by id, name, alias or place, also misspelt; `kind:id` settles a tie. What to read next is in `related`.

    >>> [source["publisher"] for source in show(open_library(), "route:light-touch").results[0]["sources"]][0]
    'legislation.gov.uk'
    """
    found = resolved(library, names)
    once = {one.entry.n: one.entry for _, one in found}
    return render.cards(library, list(once.values()), {"names": list(names)}, notes=taken_for(found))


def answer(library: Library, words: str | None = None) -> Answer:
    """The answers to an objection in anybody's words, best first; without words, all objections.

    >>> answer(open_library(), "legal says we must tender").results[0]["verdict"]
    'myth'
    """
    # Imported here, as below: only this function needs it.
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
    """Two or more records of one kind, field by field. The fields are in `more["fields"]`, each with whether it is the `same`."""
    from p2p_toolkit.evidence import comparison
    from p2p_toolkit.render import answered

    found = resolved(library, names)
    compared = comparison.compare(library, [one.entry for _, one in found])
    notes = taken_for(found)
    if len(compared.records) < len(found):
        notes.append(f"{len(found)} names, {len(compared.records)} records: some name the same one.")
    return answered.comparison(library, compared, list(names), notes)


def cite(library: Library, *names: str, style: str = "text") -> Answer:
    """The sources of records, each once. `style` is that of the text for people: text, bibtex or csl-json."""
    from p2p_toolkit.evidence.references import references
    from p2p_toolkit.render import references as styles

    if style not in styles.STYLES:
        close = nearest(style, styles.STYLES)
        raise BadUsage(f"--style cannot be {quoted(style)}", hint=f"Choose one of: {', '.join(styles.STYLES)}", suggestions=close)
    found = resolved(library, names)
    entries = list({one.entry.n: one.entry for _, one in found}.values())
    return styles.answer(references(entries), {"names": list(names), "style": style}, style, taken_for(found))


def explain(library: Library, name: str, scheme: str = "") -> Answer:
    """The consent categories that a name means: one of ours, a synonym, a misspelling, or with `scheme` another tool's word.

    >>> explain(open_library(), "C0004", scheme="onetrust").results[0]["id"]
    'advertisement'
    """
    from p2p_toolkit import consent

    asked = some("a name", name)
    explained = consent.explain(library, asked, scheme)
    notes = [*taken_for([(asked, one) for one in explained.found]), *explained.notes]
    query = {"name": asked, "scheme": scheme or None}
    return render.cards(library, [one.entry for one in explained.found], query, "consent explain", notes)


def classify(library: Library, *cookies: str | tuple[str, str], domain: str = "") -> Answer:
    """The consent category of each cookie, by its whole name and, where known, the domain that it is stored under.

    `domain` is that of the cookies that are no pairs of a name and a domain.

    >>> for cookie in classify(open_library(), "_ga", "sid").results:
    ...     print(cookie["cookie"], cookie["category"])
    _ga analytical
    sid unclassified
    """
    from p2p_toolkit.consent.rules import Rules
    from p2p_toolkit.consent.sites import host_of
    from p2p_toolkit.render import cookies as answers

    host = host_of(domain) if domain else ""
    rules = Rules(library)
    asked = [(one, host) if isinstance(one, str) else one for one in cookies]
    verdicts = [rules.classify(some("a cookie", name), where) for name, where in dict.fromkeys(asked)]
    return answers.classified(library, verdicts, {"cookies": [name for name, _ in asked], "domain": domain or None}, [])


def audit(library: Library, *files: File, site: str = "", against: File | None = None) -> Answer:
    """The cookies in some files or open binary streams, each with its category and what to look at; values are read past.

    `site` is the host that was visited. `against` is an earlier file, to see what has changed. See `p2p consent audit` for the formats.
    """
    from p2p_toolkit.render import cookies as answers

    query = {"files": list(map(str, files)), "site": site or None, "against": str(against) if against else None}
    return answers.audited(library, audited(library, files, site, against), query)


# What is the same whoever asks.


def audited(library: Library, files: Sequence[File], site: str, against: File | None) -> Audit:
    """The audit behind `audit`, for what else is made of it."""
    import time

    from p2p_toolkit.consent import readers
    from p2p_toolkit.consent.audit import audit
    from p2p_toolkit.consent.sites import host_of

    now = int(time.time())
    host = host_of(site) if site else ""
    read = [
        readers.read_file(Path(file), now=now) if isinstance(file, str | Path) else readers.read(file, now=now)
        for file in (*files, *([against] if against else []))
    ]
    return audit(library, read[: len(files)], host, read[-1] if against else None)


def kind_named(library: Library, name: str) -> KindInfo:
    """The kind of that name, or with that plural. Raises BadUsage."""
    for info in library.kinds.values():
        if name.lower() in (info.name, info.plural):
            return info
    close = nearest(name, library.kind_names)
    raise BadUsage(f"there is no kind {quoted(name)}", hint=f"Kinds: {', '.join(library.kind_names)}", suggestions=close)


def some(what: str, text: str) -> str:
    """A text that is not empty. Raises BadUsage, which says what is missing."""
    if not text.strip():
        raise BadUsage(f"{what} {'are' if what.startswith(('words', 'the words')) else 'is'} missing", hint="Try: p2p search oldham")
    return text


def meaningless(info: KindInfo, filters: Filters) -> list[str]:
    """Those of the filters that say nothing about records of that kind."""
    known = [field.filter for field in info.fields if field.filter]
    return [option for option in filters if option not in known]


def check_filters(info: KindInfo, filters: Filters) -> None:
    """Raises BadUsage for a filter that says nothing about records of that kind."""
    for option in meaningless(info, filters):
        known = [f"--{field.filter}" for field in info.fields if field.filter]
        has = f"{info.plural} can be filtered by {', '.join(known)}" if known else f"{info.plural} have no filters"
        raise BadUsage(f"--{option} means nothing for {info.plural}", hint=has[0].upper() + has[1:])


def resolved(library: Library, names: Sequence[str]) -> list[tuple[str, search.Resolved]]:
    """The record that each name means. Raises BadUsage for an empty name, NotFound."""
    for name in names:
        some("a name", name)
    return [(name, search.resolve(library, name)) for name in names]


def taken_for(found: Sequence[tuple[str, search.Resolved]]) -> list[str]:
    """A sentence for each name that no record has, on what it was taken for."""
    notes = []
    for name, one in found:
        if not one.right:
            others = f" Others: {', '.join(one.others)}." if one.others else ""
            notes.append(f"Nothing is called {quoted(name)}; showing {one.entry.kind}:{one.entry.id}.{others}")
    return notes


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
