"""Consent categories: which of them a word means, also when it is another tool's word."""

from __future__ import annotations

from collections.abc import Sequence

from p2p_toolkit import words
from p2p_toolkit.errors import BadUsage, NotFound, nearest, quoted
from p2p_toolkit.library import Entry, Library
from p2p_toolkit.search import Resolved, resolve


def categories(library: Library) -> list[Entry]:
    """The consent categories, in their usual order."""
    return list(library.all("category"))


def explain(library: Library, name: str, scheme: str = "") -> list[Resolved]:
    """The categories that a name means.

    Without a scheme that is one category: its id, its name, a synonym or a misspelling of one. With a
    scheme, another tool's term is looked up among its own; it may cover more than one of our categories.
    Raises NotFound where nothing fits, BadUsage for a scheme that is not known.
    """
    if not scheme:
        try:
            return [resolve(library, name, kinds=["category"])]
        except NotFound as error:
            cookie = library.get("cookie", words.slug(name))
            if cookie is None:
                raise NotFound(error.message, hint="Try: p2p consent list", suggestions=error.suggestions) from None
            raise NotFound(f"{quoted(name)} is a cookie, not a category", hint=f"Try: p2p show cookie:{cookie.id}") from None
    known = schemes(library)
    if scheme not in known:
        close = nearest(scheme, known)
        raise BadUsage(f"there is no scheme {quoted(scheme)}", hint="Known schemes: " + ", ".join(known), suggestions=close)
    wanted = words.slug(name)
    found = [Resolved(entry, True) for entry in categories(library) if wanted in {words.slug(term) for term in _terms(entry, scheme)}]
    if not found:
        terms = [term for entry in categories(library) for term in _terms(entry, scheme)]
        raise NotFound(
            f"{scheme} has no category {quoted(name)}",
            hint="Its terms: " + ", ".join(dict.fromkeys(terms)),
            suggestions=nearest(name, terms),
        )
    return found


def schemes(library: Library) -> list[str]:
    """The tools and guides whose terms are known."""
    return sorted({named["scheme"] for entry in categories(library) for named in entry.fields["schemes"]})


def _terms(entry: Entry, scheme: str) -> Sequence[str]:
    return [term for named in entry.fields["schemes"] if named["scheme"] == scheme for term in named["names"]]
