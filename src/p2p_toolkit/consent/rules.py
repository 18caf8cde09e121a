"""Which category a cookie belongs to, by its name and its domain, and what decided.

What is not known stays `unclassified`. A cookie that is wrongly called necessary passes without the consent it needs, so that is the
one mistake every rule here is made to avoid. Names are compared whole and with their capital letters; likeness decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from p2p_toolkit.consent.sites import covers
from p2p_toolkit.library import BUNDLED, Entry, Library

UNCLASSIFIED = "unclassified"
NECESSARY = "necessary"

RULES = {
    "exact-domain": "a record has this very name, on this domain",
    "exact": "a record has this very name",
    "pattern-domain": "the name follows the pattern of a record, on this domain",
    "pattern": "the name follows the pattern of a record",
    "name-clue": "the name suggests it; no record knows this cookie",
    "domain-clue": "the domain suggests it; no record knows this cookie",
    "none": "nothing decides",
}

CONFIDENCE = {
    "high": "sources agree",
    "contested": "sources disagree",
    "low": "one weak source",
    "probable": "probable, by a clue alone",
    "none": "not known",
}

# Browsers grant a cookie with such a beginning more protection (RFC 6265bis, section 4.1.3); it says nothing of the purpose.
_PREFIX = re.compile(r"^__(?:Host-Http|Host|Secure|Http)-")
_STARS = {None: ".*", "hex": "[0-9a-fA-F]+", "hex-32": "[0-9a-fA-F]{32}"}
_PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_CHUNKS = re.compile(r"[A-Za-z0-9]+")
_LONGEST_NAME = 4_096
# A clue for these beside one for necessary leaves the cookie unclassified.
_NEEDS_CONSENT = ("analytical", "performance", "advertisement")
_FOREIGN = "The name or the domain suggests something, but another site sets it, and what that site needs may not be needed here."
_CONTRADICTED = "One clue in the name says necessary, and another says that it needs consent."


class Possible(NamedTuple):
    """What a cookie may be instead: the id of a category, and the reason."""

    category: str
    why: str


class Verdict(NamedTuple):
    """The answer for one cookie.

    `category` is the id of a category. `rule` and `confidence` are words of RULES and CONFIDENCE. `record` is the record that decided,
    `platform` who sets it, where a record or a clue says so. `could_be` is what else there is to consider.
    """

    cookie: str
    domain: str
    category: str
    rule: str
    confidence: str
    why: str
    platform: str = ""
    record: Entry | None = None
    could_be: tuple[Possible, ...] = ()


class _Rule(NamedTuple):
    """A record as a rule: the names it fits, the domains it is bound to, and how it ranks among those that fit."""

    entry: Entry
    fits: re.Pattern[str] | None
    domains: tuple[str, ...]
    generic: bool

    def bound_to(self, domain: str) -> bool:
        return any(covers(one, domain) for one in self.domains)

    def rank(self, domain: str) -> tuple[bool, bool, bool, int]:
        """An exact name before a pattern, a domain before none, the user's own before ours, the longer pattern before the shorter."""
        return self.fits is None, self.bound_to(domain), self.entry.library != BUNDLED, len(self.entry.fields["pattern"])


class _Clue(NamedTuple):
    names: frozenset[str]
    begins: tuple[str, ...]
    words: frozenset[str]
    inside: tuple[str, ...]
    domains: tuple[str, ...]
    unless: frozenset[str]
    platform: str
    category: str
    why: str

    def fits_name(self, name: str, words: frozenset[str], letters: str) -> bool:
        if words & self.unless:
            return False
        return (
            name in self.names or name.startswith(self.begins) or bool(words & self.words) or any(part in letters for part in self.inside)
        )


class Rules:
    """The cookie records of a library and the clues, ready to be asked."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def classify(self, cookie: str, domain: str = "", *, foreign: bool | None = None) -> Verdict:
        """What a cookie is for.

        `domain` is the host it is stored under, or "" where that is not known. `foreign` says whether this host is of another site than the
        one that was visited, None where that is not known: what keeps another site going need not be necessary for this one.
        """
        domain = plain_domain(domain)
        by_domain = None if foreign is False else self._domain_clue(domain)
        fitting = sorted(self._fitting(cookie), key=lambda rule: rule.rank(domain), reverse=True)
        away = by_domain is not None or bool(foreign)
        deciding = next((rule for rule in fitting if _decides(rule, domain, away=away)), None)
        if deciding:
            return self._by_record(deciding, cookie, domain, fitting)
        possible = tuple(dict.fromkeys(_possible(rule) for rule in fitting))
        by_name = () if by_domain else tuple(self._name_clues(cookie))
        clue = by_domain or next(iter(by_name), None)
        if clue is None or clue.category == UNCLASSIFIED:
            return self._unknown(cookie, domain, clue.why if clue else "", possible)
        if clue.category == NECESSARY and (foreign or any(one.category in _NEEDS_CONSENT for one in by_name)):
            said = tuple(Possible(one.category, one.why) for one in (clue, *by_name))
            return self._unknown(cookie, domain, _FOREIGN if foreign else _CONTRADICTED, (*possible, *said))
        possible = tuple(one for one in possible if one.category != clue.category)
        rule = "domain-clue" if by_domain else "name-clue"
        return Verdict(cookie, domain, clue.category, rule, "probable", clue.why, clue.platform, None, possible)

    @cached_property
    def patterns(self) -> frozenset[str]:
        """The patterns, plain names among them, of the records that need no domain."""
        return frozenset(rule.entry.fields["pattern"] for rule in self._all if not rule.domains)

    def _by_record(self, rule: _Rule, cookie: str, domain: str, fitting: Sequence[_Rule]) -> Verdict:
        fields = rule.entry.fields
        how = "exact" if rule.fits is None else "pattern"
        named = f"{how}-domain" if rule.bound_to(domain) else how
        others = (_possible(other) for other in fitting if other is not rule and other.entry.fields["category"] != fields["category"])
        return Verdict(
            cookie, domain, fields["category"], named, fields["confidence"], f"{RULES[named]}: {fields['pattern']}",
            fields["platform"], rule.entry, tuple(dict.fromkeys(others)),
        )  # fmt: skip

    def _unknown(self, cookie: str, domain: str, why: str, possible: tuple[Possible, ...]) -> Verdict:
        if not why and possible:
            why = "The name is known, but other programs use it, too: it decides nothing without the right domain."
        elif not why and (near := self._by_small_letters.get(cookie.casefold())):
            possible = tuple(_possible(rule) for rule in near)
            why = f"Only capital letters tell it from {near[0].entry.fields['pattern']}; they count in the name of a cookie."
        why = why or "No record and no clue knows this name."
        return Verdict(cookie, domain, UNCLASSIFIED, "none", "none", why, could_be=tuple(dict.fromkeys(possible)))

    def _fitting(self, cookie: str) -> Iterator[_Rule]:
        if len(cookie) <= _LONGEST_NAME:
            yield from self._exact.get(cookie, ())
            yield from (rule for rule in self._patterns if rule.fits and rule.fits.fullmatch(cookie))

    def _name_clues(self, cookie: str) -> Iterator[_Clue]:
        name = _PREFIX.sub("", cookie)
        chunks = _CHUNKS.findall(name[:_LONGEST_NAME])
        pieces = [piece for chunk in chunks for piece in _PIECES.findall(chunk)]
        words = frozenset(word.lower() for word in (*chunks, *pieces))
        letters = "".join(chunks).lower()
        return (clue for clue in self._clues if clue.fits_name(name, words, letters))

    def _domain_clue(self, domain: str) -> _Clue | None:
        return next((clue for clue in self._clues if any(covers(one, domain) for one in clue.domains)), None) if domain else None

    @cached_property
    def _all(self) -> list[_Rule]:
        return [_rule(entry) for entry in self._library.all("cookie")]

    @cached_property
    def _exact(self) -> Mapping[str, list[_Rule]]:
        return _grouped((rule.entry.fields["pattern"], rule) for rule in self._all if rule.fits is None)

    @cached_property
    def _by_small_letters(self) -> Mapping[str, list[_Rule]]:
        return _grouped((rule.entry.fields["pattern"].casefold(), rule) for rule in self._all if rule.fits is None)

    @cached_property
    def _patterns(self) -> list[_Rule]:
        return [rule for rule in self._all if rule.fits is not None]

    @cached_property
    def _clues(self) -> list[_Clue]:
        return [_clue(one) for one in self._library.cookie_clues["clues"]]


def plain_domain(domain: str) -> str:
    """A domain as it is compared: in lower case, without the dots that cookie lists put around it."""
    return domain.strip().strip(".").lower()


def _decides(rule: _Rule, domain: str, *, away: bool) -> bool:
    if rule.domains:
        return rule.bound_to(domain)
    if rule.generic:
        return False
    # What keeps a site's own programs going is a namesake on the domain of another service, or need not be needed here.
    return not (away and rule.entry.fields["party"] == "first" and rule.entry.fields["category"] == NECESSARY)


def _possible(rule: _Rule) -> Possible:
    fields = rule.entry.fields
    where = f" on {' or '.join(rule.domains)}" if rule.domains else ""
    return Possible(fields["category"], f"Known from {fields['platform']}, as {fields['pattern']}{where}.")


def _rule(entry: Entry) -> _Rule:
    pattern: str = entry.fields["pattern"]
    fits = None
    if "*" in pattern:
        star = _STARS[entry.fields["star"]]
        # Runs of stars mean one, and a pattern of many would take a computer for ever.
        fits = re.compile(star.join(re.escape(part) for part in re.split(r"\*+", pattern)), re.DOTALL)
    domains = tuple(plain_domain(one) for one in entry.fields["domains"])
    return _Rule(entry, fits, domains, bool(entry.fields["generic"]))


def _clue(one: Mapping[str, Any]) -> _Clue:
    return _Clue(
        names=frozenset(one["names"]),
        begins=tuple(one["begins"]),
        words=frozenset(one["words"]),
        inside=tuple(one["inside"]),
        domains=tuple(one["domains"]),
        unless=frozenset(one["unless"]),
        platform=one["platform"] or "",
        category=one["category"],
        why=one["why"],
    )


def _grouped(pairs: Iterable[tuple[str, _Rule]]) -> Mapping[str, list[_Rule]]:
    groups: dict[str, list[_Rule]] = {}
    for key, rule in pairs:
        groups.setdefault(key, []).append(rule)
    return groups
