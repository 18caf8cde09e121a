"""What the cookies in files come to: their categories, whose they are, how long they last, and whether a visitor had refused them.

Nothing here says that a site keeps the law: a file shows what was set on one visit, not why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from p2p_toolkit import words
from p2p_toolkit.consent.cookies import Choice, Reading, Row, Seen, Skipped
from p2p_toolkit.consent.lifetimes import is_longer, spoken
from p2p_toolkit.consent.rules import NECESSARY, UNCLASSIFIED, Rules, Verdict
from p2p_toolkit.consent.sites import FIRST, THIRD, party
from p2p_toolkit.consent.terms import categories
from p2p_toolkit.kinds import MARKER
from p2p_toolkit.library import Library

ADDED, GONE, CHANGED = "added", "gone", "changed"
# A lifetime that differs by less is the same: it is counted from another moment.
_SAME_LIFETIME = 0.1


class Audited(NamedTuple):
    """One cookie of the files.

    `party` is FIRST, THIRD or "" where it cannot be told. `longer` says whether it lasts longer than usual, None where that is not known.
    `refused` is the name of the cookie that says that the visitor had refused its category, or "". `early` says that it was
    there before the visitor had answered the banner.
    """

    seen: Seen
    verdict: Verdict
    party: str
    longer: bool | None
    refused: str = ""
    early: bool = False


class Change(NamedTuple):
    """What is different from an earlier file: ADDED, GONE or CHANGED; the cookie's name and domain; and how it changed, in words."""

    what: str
    cookie: str
    domain: str
    category: str
    how: tuple[str, ...] = ()


class Audit(NamedTuple):
    """What the files show. `cookies` stand in the order of the categories, unclassified ones last; `answered` says whether any file holds
    a visitor's answer to a banner; `changes` is None where nothing was compared."""

    site: str
    formats: tuple[str, ...]
    cookies: tuple[Audited, ...]
    answered: bool
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]
    changes: tuple[Change, ...] | None = None

    @property
    def fails(self) -> bool:
        """Whether something is unclassified, or was set although it had been refused."""
        return any(one.verdict.category == UNCLASSIFIED or one.refused for one in self.cookies)


def audit(library: Library, readings: Sequence[Reading], site: str = "", earlier: Reading | None = None) -> Audit:
    """The audit of what some files show of one site's cookies; `site` is its host where the files do not say it or say it wrongly."""
    rules = Rules(library)
    order = {entry.id: place for place, entry in enumerate(categories(library))}
    judged = [one for reading in readings for one in _judged(library, rules, reading, site)]
    cookies = sorted(_merged(judged), key=lambda one: (one.verdict.category == UNCLASSIFIED, order.get(one.verdict.category, len(order))))
    changes = None if earlier is None else _changes(_merged(_judged(library, rules, earlier, site)), cookies)
    return Audit(
        site=site or next((reading.site for reading in readings if reading.site), ""),
        formats=tuple(dict.fromkeys(reading.format for reading in readings)),
        cookies=tuple(cookies),
        answered=any(reading.choices for reading in readings),
        skipped=tuple(one for reading in readings for one in reading.skipped),
        notes=tuple(dict.fromkeys(note for reading in readings for note in reading.notes)),
        changes=None if changes is None else tuple(changes),
    )


def rows(found: Audit) -> list[Row]:
    """The lines of a cookie page: cookies that follow one pattern as one line, and without those that only staff get."""
    lines: dict[tuple[str, str, str], Row] = {}
    for one in found.cookies:
        if one.verdict.record and one.verdict.record.fields["staff_only"]:
            continue
        line = _row(one, found.site)
        lines.setdefault((line.name, line.domain, line.storage), line)
    return list(lines.values())


def lasts(one: Audited) -> str:
    """How long a cookie was seen to last, in words; "" where the file does not show it."""
    if one.seen.lifetime is None:
        return ""
    return f"{spoken(one.seen.lifetime)} more" if one.seen.left and one.seen.lifetime > 0 else spoken(one.seen.lifetime)


def _row(one: Audited, site: str) -> Row:
    fields: Mapping[str, object] = one.verdict.record.fields if one.verdict.record else {}
    pattern = _pattern(one)
    shown = one.seen.lifetime is not None and not one.seen.left
    return Row(
        name=pattern or one.seen.name,
        pattern=bool(pattern),
        category=one.verdict.category,
        # A script can delete a cookie of a host above the site's own only by naming that host.
        domain=one.seen.domain if one.seen.domain != site else "",
        path=one.seen.path,
        provider=one.verdict.platform,
        purpose=" ".join(MARKER.sub("", str(fields.get("purpose") or "")).split()),
        retention=spoken(one.seen.lifetime or 0) if shown else str(fields.get("retention") or ""),
        party=one.party,
        storage=one.seen.storage,
    )


def _pattern(one: Audited) -> str:
    """The pattern of names that the cookie follows, "" where it has a name of its own."""
    fields = one.verdict.record.fields if one.verdict.record else {}
    pattern = str(fields.get("pattern", ""))
    # A star that stands for some letters only cannot be told to a banner: the name that was seen can.
    return pattern if "*" in pattern and not fields.get("star") else ""


def _judged(library: Library, rules: Rules, reading: Reading, site: str) -> list[Audited]:
    answers = [(choice, _answered(library, choice)) for choice in reading.choices]
    first_answer = min((choice.at for choice in reading.choices), default=0)
    return [_judge(rules, seen, site or seen.site or reading.site, answers, first_answer) for seen in reading.cookies]


def _judge(rules: Rules, seen: Seen, site: str, answers: Sequence[tuple[Choice, Mapping[str, bool]]], first_answer: int) -> Audited:
    whose = party(seen.domain, site)
    verdict = rules.classify(seen.name, seen.domain, foreign=None if not whose else whose == THIRD)
    asked = verdict.category not in (NECESSARY, UNCLASSIFIED)
    retention = (verdict.record.fields["retention"] if verdict.record else None) or ""
    return Audited(
        seen=seen,
        verdict=verdict,
        party=whose,
        longer=None if seen.lifetime is None else is_longer(seen.lifetime, retention),
        refused=_refusing(answers, verdict.category, seen.last) if asked else "",
        early=asked and seen.first < first_answer,
    )


def _answered(library: Library, choice: Choice) -> Mapping[str, bool]:
    """A visitor's answer by the ids of our categories. One that several of the tool's terms cover is refused if all of them are."""
    answer: dict[str, bool] = {}
    for entry in categories(library):
        fields = entry.fields
        named = [entry.id, entry.name, *fields["aliases"]] if not choice.scheme else []
        named += [term for one in fields["schemes"] if choice.scheme in ("", one["scheme"]) for term in one["names"]]
        called = {words.slug(term) for term in named}
        given = [allowed for term, allowed in choice.terms.items() if words.slug(term) in called]
        if given or choice.rest is not None:
            answer[entry.id] = any(given) or (not given and bool(choice.rest))
    return answer


def _refusing(answers: Iterable[tuple[Choice, Mapping[str, bool]]], category: str, last: int) -> str:
    """The consent cookie by which a category was refused when the cookie was last seen, unless another one allowed it."""
    latest = {choice.cookie: answer.get(category) for choice, answer in answers if choice.at <= last}
    refusing = [name for name, allowed in latest.items() if allowed is False]
    return "" if any(latest.values()) or not refusing else refusing[-1]


def _merged(judged: Iterable[Audited]) -> list[Audited]:
    """Each cookie once by name, domain and storage; what one file does not know is taken from the next."""
    found: dict[tuple[str, str, str], Audited] = {}
    for one in judged:
        key = one.seen.name, one.seen.domain, one.seen.storage
        known = found.get(key)
        found[key] = one if known is None else _both(known, one)
    return list(found.values())


def _both(known: Audited, other: Audited) -> Audited:
    better, worse = (other, known) if known.seen.lifetime is None and other.seen.lifetime is not None else (known, other)
    return better._replace(party=better.party or worse.party, refused=better.refused or worse.refused, early=better.early or worse.early)


def _changes(before: Sequence[Audited], now: Sequence[Audited]) -> list[Change]:
    # Where one of the files knows no domains, the names alone decide which cookies are the same.
    domains = all(one.seen.domain for one in (*before, *now))
    old = {_same(one, domains): one for one in before}
    new = {_same(one, domains): one for one in now}
    changes = [_change(ADDED, one) for key, one in new.items() if key not in old]
    changes += [_change(GONE, one) for key, one in old.items() if key not in new]
    for key in old.keys() & new.keys():
        how = _differences(old[key], new[key])
        if how:
            changes.append(_change(CHANGED, new[key], how))
    return sorted(changes, key=lambda change: ((ADDED, GONE, CHANGED).index(change.what), change.cookie, change.domain))


def _same(one: Audited, domains: bool) -> tuple[str, str, str]:
    """What makes two cookies the same: those that follow one pattern are, and those of the site's own hosts."""
    return _pattern(one) or one.seen.name, one.seen.domain if domains and one.party != FIRST else "", one.seen.storage


def _change(what: str, one: Audited, how: Sequence[str] = ()) -> Change:
    return Change(what, one.seen.name, one.seen.domain, one.verdict.category, tuple(how))


_COMPARED: Sequence[tuple[str, Callable[[Audited], str]]] = (
    ("HttpOnly", lambda one: _yes(one.seen.http_only)),
    ("Secure", lambda one: _yes(one.seen.secure)),
    ("SameSite", lambda one: one.seen.same_site),
    ("party", lambda one: one.party),
)


def _differences(before: Audited, now: Audited) -> list[str]:
    pairs = [(name, read(before), read(now)) for name, read in _COMPARED]
    told = [f"{name}: {is_now}, was {was}" for name, was, is_now in pairs if was and is_now and was != is_now]
    old, new = before.seen.lifetime, now.seen.lifetime
    exact = not (before.seen.left or now.seen.left)
    if exact and old is not None and new is not None and abs(new - old) > _SAME_LIFETIME * max(new, old):
        told.insert(0, f"lasts {spoken(new)}, was {spoken(old)}")
    return told


def _yes(flag: bool | None) -> str:
    return "" if flag is None else "yes" if flag else "no"
