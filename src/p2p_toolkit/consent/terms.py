"""The words for consent categories: ours, and those of other tools, which use the same words for different things."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from p2p_toolkit import words
from p2p_toolkit.errors import BadUsage, NotFound, nearest, quoted
from p2p_toolkit.library import Entry, Library
from p2p_toolkit.search import Resolved, resolve

# Our own names, as a scheme among the others.
OURS = "p2p"


class Explained(NamedTuple):
    """The categories that a name means, and what to know of the name itself, in sentences."""

    found: list[Resolved]
    notes: list[str]


class Mapped(NamedTuple):
    """One of our categories that a term covers: the terms of the first tool that cover it, and those of the second, which
    may have none for it."""

    category: Entry
    before: tuple[str, ...]
    after: tuple[str, ...]


def categories(library: Library) -> list[Entry]:
    """The consent categories, in their usual order."""
    return list(library.all("category"))


def schemes(library: Library) -> list[str]:
    """The tools and guides whose terms are known."""
    return sorted({named["scheme"] for entry in categories(library) for named in entry.fields["schemes"]})


def explain(library: Library, name: str, scheme: str = "") -> Explained:
    """The categories that a name means.

    Without a scheme that is one category: its id, its name, a synonym or a misspelling of one; or, where no category is
    called so, those that some tool's term such as C0002 covers. With a scheme, another tool's term is looked up among its
    own; it may cover more than one of our categories.
    Raises NotFound where nothing fits, BadUsage for a scheme that is not known.
    """
    if scheme:
        found = [Resolved(entry, True) for entry in covered(library, name, scheme)]
        return Explained(found, _covers(library, name, [scheme], found))
    cookie = library.get("cookie", words.slug(name))
    try:
        resolved = resolve(library, name, kinds=["category"])
    except NotFound as error:
        if cookie:
            hint = f"Try: p2p consent classify {cookie.fields['pattern'].rstrip('*')}"
            raise NotFound(f"{quoted(name)} is a cookie, not a category", hint=hint) from None
        resolved = None
        failure = NotFound(error.message, hint="Try: p2p consent list", suggestions=error.suggestions)
    if resolved and resolved.right:
        return Explained([resolved], _elsewhere(library, name, resolved.entry))
    users = [known for known in schemes(library) if _meaning(library, name, known)]
    if users:
        found = [Resolved(entry, True) for entry in categories(library) if any(entry in _meaning(library, name, user) for user in users)]
        return Explained(found, _covers(library, name, users, found))
    if resolved is None:
        raise failure
    return Explained([resolved], [])


def translate(library: Library, term: str, source: str, target: str) -> list[Mapped]:
    """One tool's term in another's words, by way of our categories.

    Raises NotFound for a term that the first tool does not have, BadUsage for a tool that is not known.
    """
    found = covered(library, term, source)
    _check_scheme(library, target)
    return [Mapped(entry, tuple(_terms(entry, source)), tuple(_terms(entry, target))) for entry in found]


def covered(library: Library, term: str, scheme: str) -> list[Entry]:
    """Our categories that a tool's term covers. Raises NotFound for a term it does not have, BadUsage for a tool that is not known."""
    _check_scheme(library, scheme)
    found = _meaning(library, term, scheme)
    if not found:
        terms = list(dict.fromkeys(one for entry in categories(library) for one in _terms(entry, scheme)))
        raise NotFound(
            f"{label(library, scheme)} has no category {quoted(term)}",
            hint="Its terms: " + ", ".join(terms),
            suggestions=nearest(term, terms),
        )
    return found


def label(library: Library, scheme: str) -> str:
    """What a tool is called by people."""
    [inner] = [field for field in library.kinds["category"].fields.by_name["schemes"].item if field.name == "scheme"]
    return inner.words.get(scheme, scheme)


def _check_scheme(library: Library, scheme: str) -> None:
    known = [OURS, *schemes(library)]
    if scheme not in known:
        raise BadUsage(
            f"there is no scheme {quoted(scheme)}", hint="Known schemes: " + ", ".join(known), suggestions=nearest(scheme, known)
        )


def _meaning(library: Library, term: str, scheme: str) -> list[Entry]:
    wanted = words.slug(term)
    return [entry for entry in categories(library) if wanted in {words.slug(one) for one in _terms(entry, scheme)}]


def _terms(entry: Entry, scheme: str) -> Sequence[str]:
    if scheme == OURS:
        return [entry.id]
    return [term for named in entry.fields["schemes"] if named["scheme"] == scheme for term in named["names"]]


def _covers(library: Library, name: str, users: Sequence[str], found: Sequence[Resolved]) -> list[str]:
    """What a term of other tools covers, where that is not plain."""
    whose = ", ".join(label(library, user) for user in users)
    several = len(found) > 1
    ids = _listed([one.entry.id for one in found])
    notes = [
        f"{quoted(name)} is a word of {whose}. It covers {ids} here." if several else f"{quoted(name)} is a word of {whose}: {ids} here."
    ]
    same = [entry.id for entry in categories(library) if words.slug(name) in (entry.id, words.slug(entry.name))]
    if same and [one.entry.id for one in found] != same:
        notes.append(f"It is not the same as p2p's own category {same[0]}.")
    return notes


def _elsewhere(library: Library, name: str, meant: Entry) -> list[str]:
    """Where other tools mean something else by the same word."""
    told: dict[str, list[str]] = {}
    for scheme in schemes(library):
        found = [entry.id for entry in _meaning(library, name, scheme)]
        if found and found != [meant.id]:
            told.setdefault(_listed(found), []).append(label(library, scheme))
    return [f"In {_listed(whose)} {quoted(name)} means {ids} here." for ids, whose in told.items()]


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
