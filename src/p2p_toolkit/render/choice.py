"""The guided choice of routes: how its questions look, and how its answer does."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from p2p_toolkit.evidence.choice import OFFERED, POSSIBLE, RULED_OUT, STATES, Choice, Option, Standing
from p2p_toolkit.evidence.references import References
from p2p_toolkit.library import Entry, Library
from p2p_toolkit.render.answer import Answer, Block, Card, Section, joined
from p2p_toolkit.render.phrases import ADVICE, human_date
from p2p_toolkit.render.records import result
from p2p_toolkit.render.references import block

MOST_CASES = 4
# So many of the routes that are offered go into the pack that is proposed.
MOST_NAMED = 2
HEADINGS = {OFFERED: "Offered", POSSIBLE: "Possible", RULED_OUT: "Ruled out"}
MEANINGS = {
    OFFERED: "Offered means: open to you, as far as your answers go.",
    POSSIBLE: "Possible: it depends on an open question, or on a fact that was not asked.",
    RULED_OUT: "Ruled out: an answer of yours, or the law of today, closes it.",
}
# What a heading says of routes that are not enough by themselves.
BESIDE = ", to go with another route"
RULES = {"conditions": "Condition", "notices": "Notice", "limits": "Limit"}


def routes(library: Library, choice: Choice, *, full: bool = False, states: Sequence[str] = STATES) -> Answer:
    """The answer to a guided choice: every route in one of these states. In full, what is offered with all that its record says."""
    finder = library.route_finder
    options = [option for option in choice.options if option.standing.state in states]
    questions = [{**question, "option": f"--{question['id']}"} for question in finder["questions"]]
    results = [_result(option) for option in options]
    return Answer(
        command="routes",
        query={"answers": dict(choice.answers)},
        results=results,
        total=len(choice.options),
        fields=tuple(results[0]) if results else (),
        cards=lambda: [_Page(library, choice, full).card()],
        notes=_notes(choice, full),
        more={
            "as_of": finder["as_of"],
            "advice": ADVICE,
            "questions": questions,
            "answers": {question["id"]: choice.answers.get(question["id"]) for question in questions},
            "open": list(choice.open),
            "notes": [{"text": note["text"], "law": note["law"]} for note in choice.notes],
        },
    )


def question(asked: Mapping[str, Any], number: int, width: int) -> str:
    """A question and its numbered choices, as plain lines."""
    lines = ["", *textwrap.wrap(f"Question {number}: {asked['text']}", width)]
    choices = [*((str(place), one["text"]) for place, one in enumerate(asked["choices"], 1)), ("d", "Do not know")]
    for sign, text in choices:
        lines += textwrap.wrap(f"{sign}  {text}", width, initial_indent="  ", subsequent_indent="     ")
    return "\n".join(lines)


def explanation(library: Library, asked: Mapping[str, Any], width: int) -> str:
    """What to consider before answering a question, and the provisions behind it."""
    lines = [line for text in asked["explain"] for line in textwrap.wrap(text, width)]
    for law in asked["law"]:
        lines += [*textwrap.wrap(f"{law['ref']}: {_checked(library)[law['checked']]}.", width), law["url"]]
    as_of = library.route_finder["as_of"]
    return "\n".join([*lines, *textwrap.wrap(f"{ADVICE} Law as of {human_date(as_of)}.", width)])


def standing_result(standing: Standing) -> dict[str, Any]:
    """What the answers make of a route, as machines get it."""
    return {"state": standing.state, "why": standing.why, "law": list(standing.law), "waits_for": list(standing.waits_for)}


def _result(option: Option) -> dict[str, Any]:
    entry = result(option.route)
    found = {
        **standing_result(option.standing),
        "precedents": [{"id": link.id, "name": link.name, "certainty": link.why} for link in option.precedents],
    }
    named = ("kind", "id", "name")
    return {**{name: entry.pop(name) for name in named}, **found, **entry}


def _notes(choice: Choice, full: bool) -> list[str]:
    if not choice.options:
        return ["There are no routes in the library."]
    asked = f" To narrow it, answer {', '.join(f'--{id}' for id in choice.open)}." if choice.open else ""
    more = "" if full else "All that the offered ones ask: the same with --full. "
    offered = [option for option in choice.options if option.standing.state == OFFERED]
    enough = [option for option in offered if not option.beside][:MOST_NAMED]
    alone = " Nothing that is offered is enough by itself." if offered and not enough else ""
    notes = [f"Of {len(choice.options)} routes: {_counts(choice)}.{alone}{asked}", f"{more}Read one: p2p show {choice.options[0].route.id}"]
    if enough:
        case = [link.id for option in enough for link in option.precedents][:1]
        known = (f"--known {question}={answer}" for question, answer in choice.answers.items())
        named = " ".join((*(option.route.id for option in enough), *case, *known))
        notes.append(f"Put it before a board: p2p brief {named} --short -o pack.html")
    return notes


def _counts(choice: Choice) -> str:
    states = [option.standing.state for option in choice.options]
    beside = sum(option.beside for option in choice.options if option.standing.state == OFFERED)
    counts = [f"{states.count(state)} {HEADINGS[state].lower()}" for state in STATES]
    counts[0] += f" ({beside} of them to go with another)" if beside else ""
    return joined(counts)


def _checked(library: Library) -> Mapping[str, str]:
    """The words for how a provision was checked."""
    [basis] = [field for field in library.kinds["route"].fields if field.name == "legal_basis"]
    return next(field.words for field in basis.item if field.name == "checked")


class _Page:
    """One page of a choice for people. Its sources are numbered in the order in which it comes to them."""

    def __init__(self, library: Library, choice: Choice, full: bool) -> None:
        self.library = library
        self.choice = choice
        self.full = full
        self.checked = _checked(library)
        self.types = next(field.words for field in library.kinds["route"].fields if field.name == "type")
        self.numbered = References()
        # How the provisions among them were checked, in words.
        self.read: dict[int, str] = {}

    def card(self) -> Card:
        as_of = self.library.route_finder["as_of"]
        sections = [
            *(self.offered(option) for option in self.of(OFFERED)),
            Section(HEADINGS[POSSIBLE], tuple(self.possible(option for option in self.of(POSSIBLE) if not option.beside))),
            Section(f"{HEADINGS[POSSIBLE]}{BESIDE}", tuple(self.possible(option for option in self.of(POSSIBLE) if option.beside))),
            Section(HEADINGS[RULED_OUT], tuple(self.ruled_out(self.of(RULED_OUT)))),
            Section("Questions that would narrow it", tuple(self.open_questions())),
            Section("Please note", tuple(Block(self.cited(note["text"], note["law"])) for note in self.choice.notes)),
        ]
        # The sources come last in any case: only now all of them are known.
        sections.append(Section("Sources", tuple(block(reference, self.read.get(reference.number, "")) for reference in self.numbered)))
        return Card(
            title="Routes for this partnership",
            subtitle="guided choice",
            lead=joined(MEANINGS.values(), " "),
            warning="",
            essentials=(("Found", _counts(self.choice)), *self.answers()),
            sections=tuple(section for section in sections if section.blocks),
            closing=joined((ADVICE, f"Law as of {human_date(as_of)}." if as_of else ""), " "),
        )

    def of(self, state: str) -> list[Option]:
        return [option for option in self.choice.options if option.standing.state == state]

    def answers(self) -> Iterator[tuple[str, str]]:
        for question in self.library.route_finder["questions"]:
            answer = self.choice.answers.get(question["id"])
            worded = next((one["text"] for one in question["choices"] if one["answer"] == answer), "")
            if worded or question["id"] in self.choice.open:
                yield question["label"], worded or "not known"

    def offered(self, option: Option) -> Section:
        entry, standing = option.route, option.standing
        blocks = [Block(self.cited(standing.why, standing.law), entry.name, self.types.get(entry.fields["type"], ""))]
        blocks += self.details(entry) if self.full else [_summary_of(entry)]
        if entry.fields["not_confirmed"]:
            blocks.append(Block(self.numbered.quoted(entry, entry.fields["not_confirmed"]), "Not confirmed"))
        cases = [f"{link.name} ({link.id}), {link.why}" for link in option.precedents]
        blocks.append(Block(_some(cases, len(cases) if self.full else MOST_CASES) or "No case recorded.", "Cases that used it"))
        return Section(f"{HEADINGS[OFFERED]}{BESIDE if option.beside else ''}: {entry.id}", tuple(blocks))

    def details(self, entry: Entry) -> Iterator[Block]:
        for basis in entry.fields["legal_basis"]:
            yield Block("", basis["ref"], self.checked[basis["checked"]], basis["url"])
        for name, head in RULES.items():
            for rule in entry.fields[name]:
                yield Block(self.numbered.quoted(entry, rule["text"]), head, self.checked[rule["checked"]])

    def possible(self, options: Iterable[Option]) -> Iterator[Block]:
        for reason, shared in self.by_reason(options):
            used = dict.fromkeys(f"{link.id}, {link.why}" for option in shared for link in option.precedents)
            cases = _some(list(used), MOST_CASES)
            them = "them" if len(shared) > 1 else "it"
            yield Block(joined((reason, f"Cases that used {them}: {cases}" if cases else ""), " "), _all(shared))

    def ruled_out(self, options: Iterable[Option]) -> Iterator[Block]:
        return (Block(reason, _all(shared)) for reason, shared in self.by_reason(options))

    def by_reason(self, options: Iterable[Option]) -> Iterator[tuple[str, list[Option]]]:
        """Each reason once, with the options that share it."""
        for (why, _), same in groupby(options, key=lambda option: (option.standing.why, option.standing.place)):
            shared = list(same)
            yield self.cited(why, shared[0].standing.law), shared

    def open_questions(self) -> Iterator[Block]:
        for question in self.library.route_finder["questions"]:
            if question["id"] in self.choice.open:
                yield Block(question["text"], f"--{question['id']} {'|'.join(one['answer'] for one in question['choices'])}")

    def cited(self, text: str, law: Iterable[Mapping[str, str]]) -> str:
        """The text with the numbers of these provisions before its full stop."""
        numbers = []
        for one in law:
            numbers.append(self.numbered.provision(one["ref"], one["url"]))
            self.read[numbers[-1]] = self.checked[one["checked"]]
        return f"{text.removesuffix('.')} {''.join(f'[{number}]' for number in dict.fromkeys(numbers))}." if numbers else text


def _all(options: Iterable[Option]) -> str:
    return ", ".join(f"{option.route.name} ({option.route.id})" for option in options)


def _some(cases: Sequence[str], most: int) -> str:
    """The first of these cases as a sentence, and how many more there are; empty where there is none."""
    more = f"; and {len(cases) - most} more" if len(cases) > most else ""
    return "; ".join(cases[:most]) + more + "." if cases else ""


def _summary_of(entry: Entry) -> Block:
    """How much more there is to read about a route, and where."""
    counts = [(len(entry.fields[name]), head) for name, head in {"legal_basis": "Provision", **RULES}.items()]
    parts = ", ".join(f"{count} {head.lower()}{'s' if count > 1 else ''}" for count, head in counts if count)
    return Block(f"Read them before you rely on it: p2p show {entry.id}", parts) if parts else Block(f"Read it: p2p show {entry.id}")
