"""The chapters of an evidence pack: what stands in them, in what order and in what words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from p2p_toolkit.evidence import pack as packs
from p2p_toolkit.evidence.choice import OFFERED, POSSIBLE, RULED_OUT
from p2p_toolkit.evidence.pack import Doubt, Member, Pack
from p2p_toolkit.library import Library
from p2p_toolkit.render.answer import joined
from p2p_toolkit.render.choice import HEADINGS, MEANINGS
from p2p_toolkit.render.marks import still_missing
from p2p_toolkit.render.packs.paper import Chapter, Line, Row, Section, Table, Topic, ranges
from p2p_toolkit.render.phrases import human_date, human_sum, law_as_of, without_markers

MOST_CASES = 12
STANDINGS = {state: heading.lower() for state, heading in HEADINGS.items()}


class Writer:
    """Writes the chapters of one pack, in the words of the library's fields."""

    def __init__(self, library: Library, pack: Pack) -> None:
        self._library = library
        self._pack = pack
        described = [(kind, field) for kind in packs.KINDS for field in library.kinds[kind].fields]
        described += [(kind, inner) for kind, field in described for inner in field.item]
        self._words = {(kind, field.name): field.words for kind, field in described if field.form == "choice"}

    def chapters(self) -> tuple[Chapter, ...]:
        """All of them, without those that have nothing to say."""
        written = (
            self._summary(),
            self._options(),
            self._precedents(),
            Chapter("principles", "Principles", tuple(self._principle(one) for one in self._pack.principles)),
            self._objections(),
            self._risks(),
            self._unknown(),
        )
        return tuple(chapter for chapter in written if chapter.parts)

    def _summary(self) -> Chapter:
        pack = self._pack
        cut = [case for case in (*packs.over(pack), *pack.failures) if case.fields["status"] in packs.CUT_SHORT]
        doubts = Counter(doubt.what for doubt in packs.doubts(pack))
        listed_below = {
            "Facts about the precedents that were looked for and not found": doubts[packs.UNKNOWN],
            "Points of law that were not checked": doubts[packs.UNCHECKED],
        }
        expected = [one for one in pack.objections if one.full]
        lines = [
            *self._in_a_sentence(),
            *self._options_by_state(),
            _names("Precedents", pack.precedents, "No case was named, and no objection that cites one."),
            Line(self._counted(pack.precedents, "status"), "Last known of the precedents", plain=True),
            Line(self._counted(expected, "verdict"), f"Objections to expect ({len(expected)}). Are they right?", plain=True),
            _names("Cut short, here or elsewhere on the same routes", cut),
            *(Line("Listed at the end.", f"{what} ({count})") for what, count in listed_below.items() if count),
        ]
        return Chapter("summary", "Summary", (Section("", tuple(line for line in lines if line.text)),))

    def _in_a_sentence(self) -> Iterator[Line]:
        """What was asked about, and what comes of it: of each record that was named, and of what is offered, the gist."""
        for objection in (one for one in self._pack.objections if one.named):
            yield Line(objection.fields["summary"], f'"{objection.name}": {self._value(objection, "verdict")}')
        for option in self._pack.options:
            if option.named or _offered(option):
                stands = f": {STANDINGS[option.standing.state]}" if option.standing else ""
                yield self._stands(option, f"{option.name}{stands}") if stands else Line(option.fields["summary"], option.name)
        for case in (one for one in self._pack.precedents if one.named):
            yield Line(joined((case.fields["summary"], case.fields["status_note"] or ""), " "), case.name)

    def _options_by_state(self) -> Iterator[Line]:
        options = self._pack.options
        if not self._pack.answers:
            yield _names("Options", options, "None is recorded.")
        # What is offered is told above, one by one.
        for state in (POSSIBLE, RULED_OUT):
            standing = [one for one in options if one.standing and one.standing.state == state]
            if standing:
                yield _names(f"Options here that are {STANDINGS[state]}", standing)
        if self._pack.answers:
            yield Line("p2p routes, with the same answers, goes through all routes that it knows.", "Other routes")

    def _options(self) -> Chapter:
        options = self._pack.options
        told = (self._option(one) for one in options if one.full)
        meaning = (_paragraph("", joined(MEANINGS.values(), " ")),) if self._pack.answers and options else ()
        besides = (section for section in (*self._other_ways(), self._notes()) if section.lines)
        return Chapter("options", "Options", (*meaning, *self._glance(options), *told, *besides))

    def _glance(self, options: Sequence[Member]) -> tuple[Table, ...]:
        standing = ("For this partnership",) if self._pack.answers else ()
        columns = ("Option", "What it is", "Where it applies", *standing, "Why it is here", "Cases in the library")
        rows = (
            (
                one.name,
                self._value(one, "type"),
                self._applies(one),
                *(STANDINGS[one.standing.state] for _ in standing if one.standing),
                self._why(one),
                str(len(one.cases)),
            )
            for one in options
        )
        return _table("The options at a glance", columns, rows, options)

    def _other_ways(self) -> tuple[Section, ...]:
        """The options that are not told at length; what the answers rule out apart, with the reason."""
        short = [one for one in self._pack.options if not one.full]
        asked = "" if self._pack.answers else ": p2p routes says which are open to you"
        others = self._in_short(f"Other ways, in short{asked}", [one for one in short if not one.closed], "type")
        closed = [one for one in short if one.closed]
        lines = tuple(self._stands(one, f"{one.name} ({one.kind}:{one.id})") for one in closed)
        numbers = sorted({number for one in closed for number in one.references})
        sources = _detail(_paragraph("", f"Sources of these records: {ranges(numbers)}." if closed else ""))
        return (*others, Section("Ruled out by what is known", lines), sources)

    def _stands(self, option: Member, head: str = "") -> Line:
        """What the answers make of an option, and why."""
        standing = option.standing
        if not standing:
            return Line()
        cited = tuple(dict.fromkeys(one["reference"] for one in standing.law))
        return Line(standing.why, head or _sentence(STANDINGS[standing.state]).rstrip("."), cited=cited)

    def _standing(self, option: Member) -> Section:
        return Section("For this partnership", (self._stands(option),) if option.standing else (), bullets=False)

    def _notes(self) -> Section:
        notes = self._pack.notes
        return Section("Please note", tuple(Line(one["text"], cited=tuple(law["reference"] for law in one["law"])) for one in notes))

    def _applies(self, option: Member) -> str:
        # That it is older law must stand where somebody chooses, and not only at its own place further on.
        return self._value(option, "nations") + ("; newer options have replaced it" if option.fields["replaced_by"] else "")

    def _option(self, option: Member) -> Topic:
        fields = option.fields
        used = [Line(f"{link.name} ({link.kind}:{link.id})", tag=link.why, plain=True) for link in option.cases[:MOST_CASES]]
        if len(option.cases) > MOST_CASES:
            used.append(Line(f"And {len(option.cases) - MOST_CASES} more."))
        return _topic(
            option.name,
            self._value(option, "type"),
            _draft(option),
            _paragraph("", fields["summary"]),
            self._standing(option),
            _paragraph("Fits when", fields["fits"]),
            self._asked(self._rules("Conditions", option, "conditions"), option),
            self._asked(self._rules("Notices and waiting times", option, "notices"), option),
            self._asked(self._rules("Limits", option, "limits"), option),
            _detail(_paragraph("Replaces", fields["replaces"])),
            Section("Replaced by", tuple(Line(self._route(id), plain=True) for id in fields["replaced_by"])),
            _detail(self._provisions("Legal basis", option, "legal_basis")),
            _paragraph("", joined((_sentence(self._value(option, "regimes")), law_as_of(fields)), " ")),
            Section("Cases that used it", tuple(used) or (Line("No case recorded."),), detail=True),
            _sources(option),
        )

    def _asked(self, section: Section, option: Member) -> Section:
        """What an option asks; of one that nobody named, that is a detail."""
        return section if option.named else _detail(section)

    def _precedents(self) -> Chapter:
        cases = self._pack.precedents
        columns = ("Case", "Where", "When", "Last known", "Value", "Routes")
        table = _table("The precedents compared", columns, map(self._essentials, cases), cases)
        return Chapter("precedents", "Precedents", (*table, *(self._precedent(case) for case in cases)))

    def _essentials(self, case: Member) -> tuple[str, ...]:
        fields = case.fields
        value = human_sum(fields["value_gbp"], "£") if fields["value_gbp"] is not None else ""
        routes = (f"{self._route(use['id'])} ({self._words[packs.CASE, 'certainty'][use['certainty']]})" for use in fields["routes"])
        cells = (
            joined((", ".join(fields["places"]), self._value(case, "nation")), "; "),
            joined((human_date(date) for date in (fields["started"], fields["ended"]) if date), " to "),
            self._status(case),
            joined((value, self._value(case, "value_kind") if value else ""), "; "),
            joined(routes, "; "),
        )
        return (case.name, *(cell or "not known" for cell in cells))

    def _precedent(self, case: Member) -> Topic:
        fields = case.fields
        routes = tuple(
            Line(use["note"] or "", self._route(use["id"]), self._words[packs.CASE, "certainty"][use["certainty"]])
            for use in fields["routes"]
        )
        outcomes = tuple(Line(one["text"], tag=self._words[packs.CASE, "evidence"][one["evidence"]]) for one in fields["outcomes"])
        return _topic(
            case.name,
            self._status(case),
            _draft(case),
            _paragraph("", fields["summary"]),
            _paragraph("Please note", fields["caveat"]),
            _detail(_paragraph("The problem", fields["problem"])),
            _detail(_paragraph("What was done", fields["action"])),
            _detail(Section("Routes", routes)),
            _detail(_paragraph("The money", fields["value_note"])),
            _detail(_paragraph("The term", fields["term"])),
            Section("What came of it", outcomes or (Line("No result is recorded."),)),
            _detail(_bullets("Lessons", fields["lessons"])),
            _detail(_bullets("Where sources disagree", fields["disagreements"])),
            _paragraph("Where it stands", fields["status_note"]),
            _sources(case),
            detail=not case.named,
        )

    def _principle(self, principle: Member) -> Topic:
        fields = principle.fields
        return _topic(
            principle.name,
            self._value(principle, "family"),
            _draft(principle),
            _paragraph("", fields["meaning"]),
            _paragraph("Instead of", fields["instead_of"]),
            _paragraph("Please note", fields["note"]),
            _sources(principle),
            detail=not principle.named,
        )

    def _objections(self) -> Chapter:
        objections = self._pack.objections
        told = [one for one in objections if one.full]
        rows = ((one.name, self._value(one, "verdict"), without_markers(one.fields["summary"])) for one in told)
        table = _table("The objections at a glance", ("Objection", "Is it right?", "In a sentence"), rows, told)
        answered = (self._objection(one) for one in told)
        short = self._in_short("Other objections, in short", objections, "verdict")
        return Chapter("objections", "Objections to expect, and their answers", (*table, *answered, *short))

    def _objection(self, objection: Member) -> Topic:
        """The answer, and as much room for when the objector is right; the law where the objection was asked for."""
        fields = objection.fields
        answer = (_paragraph("The answer", fields["answer"]), _paragraph("When the objector is right", fields["when_right"]))
        law = self._provisions("What the law says", objection, "law") if objection.named else Section("", ())
        closing = (_draft(objection), law, _paragraph("", law_as_of(fields)), _sources(objection))
        both = all(one.lines for one in answer)
        return _topic(objection.name, self._value(objection, "verdict"), *answer, *closing, beside=both, detail=not objection.named)

    def _risks(self) -> Chapter:
        pack = self._pack
        disagree = [(case, len(case.fields["disagreements"])) for case in pack.precedents if case.fields["disagreements"]]
        right = [one for one in pack.objections if one.fields["verdict"] == packs.OFTEN_RIGHT]
        sections = (
            Section("Precedents that are over", tuple(self._ending(case) for case in packs.over(pack))),
            Section("Cut short elsewhere, on the same routes", tuple(self._ending(case) for case in pack.failures)),
            Section(
                "Where sources disagree on a precedent",
                tuple(Line(f"On {count} point{'s' if count > 1 else ''}, told with the case.", case.name) for case, count in disagree),
                detail=True,
            ),
            Section("Options that newer ones have replaced", tuple(self._lapsed(one) for one in packs.lapsed(pack))),
            Section("Objections that are often right", tuple(Line(one.fields["summary"], one.name, cited=one.references) for one in right)),
        )
        told = tuple(section for section in sections if section.lines)
        return Chapter("risks", "Risks and failures", told or (_paragraph("", "None is recorded. That does not mean that there is none."),))

    def _ending(self, case: Member) -> Line:
        used = listed([link.name for link in case.why if link.kind == packs.ROUTE], MOST_CASES)
        told = joined((case.fields["summary"], case.fields["status_note"] or ""), " ")
        return Line(
            told, f"{case.name} (case:{case.id})", joined((self._status(case), f"used {used}" if used else ""), "; "), case.references
        )

    def _lapsed(self, option: Member) -> Line:
        return Line(f"Replaced by {listed([self._route(id) for id in option.fields['replaced_by']], MOST_CASES)}.", option.name, plain=True)

    def _unknown(self) -> Chapter:
        by: dict[str, list[Doubt]] = {}
        for doubt in packs.doubts(self._pack):
            by.setdefault(doubt.what, []).append(doubt)
        read = Counter(doubt.member.name for doubt in by.get(packs.SECONDARY, ()))
        sections = (
            Section("About the precedents", tuple(Line(one.text, one.member.name) for one in by.get(packs.UNKNOWN, ()))),
            Section(
                "Routes that no source names: our reading",
                tuple(Line(f"{self._route(one.title)}.", one.member.name, plain=True) for one in by.get(packs.INFERRED, ())),
            ),
            Section("Not confirmed about the options", tuple(Line(one.text, one.member.name) for one in by.get(packs.NOT_CONFIRMED, ()))),
            Section("Law that was not checked", tuple(_unchecked(one) for one in by.get(packs.UNCHECKED, ()))),
            Section(
                "Law read only in an official or professional account of it",
                tuple(Line(f"{count} point{'s' if count > 1 else ''}, marked as such.", name) for name, count in read.items()),
            ),
        )
        return Chapter("unknown", "What is not known", tuple(section for section in sections if section.lines))

    def _in_short(self, label: str, members: Sequence[Member], tag: str) -> tuple[Section, ...]:
        """The records that are not told at length, and how to have them so."""
        short = [member for member in members if not member.full]
        lines = tuple(
            Line(one.fields["summary"], f"{one.name} ({one.kind}:{one.id})", self._value(one, tag), one.references) for one in short
        )
        how = "A pack that is made with their names tells them at length."
        return (Section(label, lines, detail=True), _detail(_paragraph("", how))) if short else ()

    def _rules(self, label: str, member: Member, name: str) -> Section:
        words = self._words[member.kind, "checked"]
        return Section(label, tuple(Line(rule["text"], tag=words[rule["checked"]]) for rule in member.fields[name]))

    def _provisions(self, label: str, member: Member, name: str) -> Section:
        words = self._words[member.kind, "checked"]
        provisions = member.fields[name]
        return Section(label, tuple(Line(one["ref"], "", words[one["checked"]], (one["reference"],), plain=True) for one in provisions))

    def _why(self, option: Member) -> str:
        """Why an option is in the pack, in words."""
        told = ["named"] if option.named else []
        for link in option.why:
            if link.kind == packs.CASE:
                told.append(f"used by {link.name} ({link.why})")
            elif link.kind == packs.OBJECTION:
                told.append(f"open where people say: {link.name}")
            else:
                told.append(f"usual for {link.name}; our reading")
        return "; ".join(told)

    def _status(self, case: Member) -> str:
        seen = case.fields["status_seen"]
        status = self._value(case, "status")
        return joined((status, f"last seen {human_date(seen)}" if status and seen else ""), "; ")

    def _counted(self, members: Sequence[Member], name: str) -> str:
        counts = Counter(self._value(member, name) or "not known" for member in members)
        return _sentence(", ".join(f"{words}: {count}" for words, count in counts.items()))

    def _route(self, id: str) -> str:
        return self._library.name(packs.ROUTE, id) or id

    def _value(self, member: Member, name: str) -> str:
        """A choice, or several, in the words a reader sees."""
        value: Any = member.fields[name]
        words = self._words[member.kind, name]
        if name == "nations" and len(value) == len(words):
            return "United Kingdom"
        return ", ".join(words.get(one, one) for one in (value if isinstance(value, list) else [value]) if one)


def listed(names: Sequence[str], most: int) -> str:
    """Names in a row; beyond so many, how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _names(label: str, members: Sequence[Member], none: str = "") -> Line:
    names = f"{listed([member.name for member in members], len(members))}." if members else none
    return Line(names, f"{label} ({len(members)})", plain=True)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _table(caption: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]], members: Sequence[Member]) -> tuple[Table, ...]:
    """A table with a row for each of these, or none. Details are those neither told at length nor offered by what is known."""
    told = tuple(Row(cells, detail=not (member.full or _offered(member))) for cells, member in zip(rows, members, strict=True))
    return (Table(caption, columns, told),) if told else ()


def _offered(member: Member) -> bool:
    return member.standing is not None and member.standing.state == OFFERED


def _topic(heading: str, tag: str, *sections: Section, beside: bool = False, detail: bool = False) -> Topic:
    return Topic(heading, tag, tuple(section for section in sections if section.lines), beside, detail)


def _detail(section: Section) -> Section:
    return section._replace(detail=True)


def _paragraph(label: str, text: str | None) -> Section:
    return Section(label, (Line(text),) if text else (), bullets=False)


def _bullets(label: str, texts: Iterable[str]) -> Section:
    return Section(label, tuple(Line(text) for text in texts))


def _draft(member: Member) -> Section:
    return _paragraph("Please note", still_missing(member.fields["draft"], member.library))


def _sources(member: Member) -> Section:
    return _detail(_paragraph("", f"Sources of this record ({member.kind}:{member.id}): {ranges(member.references)}."))


def _unchecked(doubt: Doubt) -> Line:
    return Line(doubt.text, joined((doubt.member.name, doubt.title), ": "))
