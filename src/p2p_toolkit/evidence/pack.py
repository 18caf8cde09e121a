"""What goes before a board: the records named and those that belong to them, in order, with one list of references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from p2p_toolkit.evidence.choice import RULED_OUT, STATES, Standing, choose
from p2p_toolkit.evidence.references import Reference, References, renumbered_fields
from p2p_toolkit.library import Entry, Library, Link

CASE, ROUTE, OBJECTION, PRINCIPLE = KINDS = ("case", "route", "objection", "principle")

# Statuses of a partnership that is over, the hardest lesson first; the first two did not come to their end as agreed.
OVER = ("ended-early", "returned-in-house", "ended")
CUT_SHORT = OVER[:2]
OFTEN_RIGHT = "often-right"
# So many objections that nobody named are answered at length: those that the most of the named records are tied to.
MOST_TIED = 6


class Member(NamedTuple):
    """A record in a pack.

    `fields` are the record's own, with every `[n]` pointing to the pack's references. A provision of law that is told has the number
    of its address as `reference`: those of an option told at length, and of an objection that was named. `references` are the
    numbers of the record's sources. `named` says whether it was asked for by name, `full` whether it is told at length; `why` are
    the records that it belongs to. `cases` are, for a route, all cases of the library that used it. `standing` is what the answers
    of the pack make of a route; its provisions have a `reference` too.
    """

    kind: str
    id: str
    name: str
    library: str
    named: bool
    full: bool
    why: tuple[Link, ...]
    cases: tuple[Link, ...]
    references: tuple[int, ...]
    fields: Mapping[str, Any]
    standing: Standing | None = None

    @property
    def closed(self) -> bool:
        """Whether it is a route that the answers of the pack rule out."""
        return self.standing is not None and self.standing.state == RULED_OUT


class Pack(NamedTuple):
    """The records of an evidence pack by the part they play, and the sources of all of them.

    `failures` are cases that are not among the precedents, but went the way of one of the options and were cut short.
    `answers` are what is known of the partnership, by the ids of the questions of the guided choice; `open` are the ids of those
    that would still change something for one of the options, and `notes` what fits the answers: texts, each with its provisions.
    All three are empty where nothing is known.
    """

    named: tuple[str, ...]
    options: tuple[Member, ...]
    precedents: tuple[Member, ...]
    principles: tuple[Member, ...]
    objections: tuple[Member, ...]
    failures: tuple[Member, ...]
    references: tuple[Reference, ...]
    answers: Mapping[str, str]
    open: tuple[str, ...]
    notes: tuple[Mapping[str, Any], ...]

    @property
    def members(self) -> tuple[Member, ...]:
        return self.options + self.precedents + self.principles + self.objections + self.failures

    @property
    def law_as_of(self) -> tuple[str, ...]:
        """The oldest and the newest day that its law is described as of; one day where they are the same, none without law."""
        days = sorted(member.fields["as_of"] for member in self.members if member.fields.get("as_of"))
        return tuple(dict.fromkeys((days[0], days[-1]))) if days else ()


class Doubt(NamedTuple):
    """Something that is not known, or not sure, about a member of the pack. `what` is one of the words below; `title` names what
    is doubted, a route by its id; `text` is prose with the pack's markers."""

    what: str
    member: Member
    title: str = ""
    text: str = ""


UNKNOWN, NOT_CONFIRMED, INFERRED, UNCHECKED, SECONDARY = "unknown", "not-confirmed", "inferred", "unchecked", "secondary"


def assemble(library: Library, named: Sequence[Entry], answers: Mapping[str, str] | None = None, *, full: bool = False) -> Pack:
    """The pack for these records, which are cases, routes, objections and principles.

    Options are the routes named, then those that the named cases used, the named objections open and the named principles usually
    take. Precedents are the cases named, then those that the named objections cite. Objections are those named, then those whose
    answer uses a named case or route, the most often tied first. A board reads only so much: unless the pack is to be `full`,
    routes that nobody named or used, and objections that are tied to little, are told in short.

    `answers` are those of the guided choice, as `choice.known` has them. With them, options that they rule out come last, and are
    told in short unless they were named.
    """
    chosen = choose(library, answers) if answers else None
    standings = {option.route.id: option.standing for option in chosen.options} if chosen else {}
    asked = {(entry.kind, entry.id) for entry in named}
    ties = _ties(library, named, {id: STATES.index(standing.state) for id, standing in standings.items()})
    numbered = References()

    def members(kind: str, tied: Mapping[str, Sequence[Link]]) -> tuple[Member, ...]:
        found: list[Member] = []
        for entry in filter(None, (library.get(kind, id) for id in tied)):
            others = sum(not member.named for member in found)
            standing = standings.get(entry.id) if kind == ROUTE else None
            closed = standing is not None and standing.state == RULED_OUT
            at_length = full or (_at_length(kind, tied[entry.id], others) and not closed)
            is_named = (kind, entry.id) in asked
            member = _member(library, entry, tuple(tied[entry.id]), is_named, is_named or at_length, numbered)
            found.append(member._replace(standing=_cited(standing, numbered)) if standing else member)
        return tuple(found)

    # In the order in which they are read, so that the numbers of the references rise.
    options = members(ROUTE, ties[ROUTE])
    notes = tuple({"text": note["text"], "law": _numbered(note["law"], numbered)} for note in chosen.notes) if chosen else ()
    parts = {kind: members(kind, ties[kind]) for kind in (CASE, PRINCIPLE, OBJECTION)}
    failures = members(CASE, _cut_short(library, options, ties[CASE]))
    return Pack(
        named=tuple(f"{entry.kind}:{entry.id}" for entry in named),
        options=options,
        precedents=parts[CASE],
        principles=parts[PRINCIPLE],
        objections=parts[OBJECTION],
        failures=failures,
        references=tuple(numbered),
        answers=chosen.answers if chosen else {},
        open=tuple(id for id in chosen.open if any(one.standing and id in one.standing.waits_for for one in options)) if chosen else (),
        notes=notes,
    )


def over(pack: Pack) -> list[Member]:
    """The precedents that are over, those that went wrong first."""
    ended = [member for member in pack.precedents if member.fields["status"] in OVER]
    return sorted(ended, key=lambda member: OVER.index(member.fields["status"]))


def lapsed(pack: Pack) -> list[Member]:
    """The options that others have taken the place of."""
    return [member for member in pack.options if member.fields["replaced_by"]]


def doubts(pack: Pack) -> Iterator[Doubt]:
    """What is not known, and what is less than sure, in the order of the pack, of the records that are told at length."""
    for member in (one for one in pack.options if one.full):
        if member.fields["not_confirmed"]:
            yield Doubt(NOT_CONFIRMED, member, text=member.fields["not_confirmed"])
        for field in ("legal_basis", "conditions", "notices", "limits"):
            yield from _unread(member, member.fields[field])
    for member in pack.precedents:
        yield from (Doubt(UNKNOWN, member, text=text) for text in member.fields["unknown"])
        yield from (Doubt(INFERRED, member, use["id"]) for use in member.fields["routes"] if use["certainty"] == INFERRED)
    for member in (one for one in pack.objections if one.full):
        yield from _unread(member, member.fields["law"])


def _unread(member: Member, rules: Iterable[Mapping[str, Any]]) -> Iterator[Doubt]:
    for rule in rules:
        if rule["checked"] in (UNCHECKED, SECONDARY):
            yield Doubt(rule["checked"], member, rule.get("ref", ""), rule.get("text", ""))


def _ties(library: Library, named: Sequence[Entry], ranks: Mapping[str, int]) -> dict[str, dict[str, list[Link]]]:
    """Of each kind, the records of the pack by id, with what ties them: those named, then those that belong to them.

    Objections that nobody named are in the order of how often they are tied; routes are in that of their `ranks`, where they have any.
    """
    ties: dict[str, dict[str, list[Link]]] = {kind: {entry.id: [] for entry in named if entry.kind == kind} for kind in KINDS}
    asked = set(ties[OBJECTION])
    for entry in named:
        for kind, id, link in (*_pointed_to(library, entry), *_pointing_at(library, entry)):
            ties[kind].setdefault(id, []).append(link)
    ties[OBJECTION] = dict(sorted(ties[OBJECTION].items(), key=lambda one: (one[0] not in asked, -len(one[1]))))
    ties[ROUTE] = dict(sorted(ties[ROUTE].items(), key=lambda one: ranks.get(one[0], 0)))
    return ties


def _pointed_to(library: Library, entry: Entry) -> Iterator[tuple[str, str, Link]]:
    """The records that a named record points to and that belong in its pack: kind, id, and the way they are tied."""
    for field in library.kinds[entry.kind].fields:
        for value in entry.fields[field.name] if field.many else ():
            tie = Link(entry.kind, entry.id, entry.name, field.name, "")
            if field.form == "link" and field.to in (ROUTE, CASE) and field.name != "replaced_by":
                yield field.to, value, tie
            elif field.item and any(one.to == ROUTE for one in field.item):
                [sure] = [one for one in field.item if one.form == "choice"]
                yield ROUTE, value["id"], tie._replace(why=sure.words[value[sure.name]])


def _pointing_at(library: Library, entry: Entry) -> Iterator[tuple[str, str, Link]]:
    """The objections whose answer uses a named case or route."""
    for link in library.linking_to(entry.kind, entry.id) if entry.kind in (CASE, ROUTE) else ():
        if link.kind == OBJECTION:
            yield OBJECTION, link.id, Link(entry.kind, entry.id, entry.name, link.field, link.why)


def _cut_short(library: Library, options: Iterable[Member], precedents: Mapping[str, object]) -> dict[str, list[Link]]:
    """The cases that used one of the options and were cut short, each with the options it used; without the precedents."""
    found: dict[str, list[Link]] = {}
    for option in options:
        for case in option.cases:
            if case.id not in precedents:
                found.setdefault(case.id, []).append(Link(ROUTE, option.id, option.name, case.field, case.why))
    entries = (library.get(CASE, id) for id in found)
    return {entry.id: found[entry.id] for entry in entries if entry and entry.fields["status"] in CUT_SHORT}


def _at_length(kind: str, ties: Sequence[Link], others: int) -> bool:
    """Whether a record that nobody named is told at length, as the one after so many others that nobody named."""
    if kind == ROUTE:
        return any(link.kind == CASE for link in ties)
    return kind != OBJECTION or others < MOST_TIED


def _member(library: Library, entry: Entry, why: tuple[Link, ...], named: bool, full: bool, numbered: References) -> Member:
    numbers = numbered.of(entry)
    fields = renumbered_fields(library.kinds[entry.kind].fields, entry.fields, numbers)
    del fields["sources"]
    # Only of a provision that is told is the address cited.
    told = named if entry.kind == OBJECTION else full
    for law in ("legal_basis", "law"):
        if law in fields:
            fields[law] = _numbered(fields[law], numbered) if told else [{**one, "reference": None} for one in fields[law]]
    cases = [link for link in library.linking_to(ROUTE, entry.id) if link.kind == CASE] if entry.kind == ROUTE else []
    return Member(entry.kind, entry.id, entry.name, entry.library, named, full, why, tuple(cases), tuple(dict.fromkeys(numbers)), fields)


def _cited(standing: Standing, numbered: References) -> Standing:
    return standing._replace(law=_numbered(standing.law, numbered))


def _numbered(law: Iterable[Mapping[str, Any]], numbered: References) -> list[dict[str, Any]]:
    """Provisions, each with the number of its address."""
    return [{**one, "reference": numbered.provision(one["ref"], one["url"])} for one in law]
