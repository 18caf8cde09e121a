"""The guided choice of routes: what the answers to a few questions make of each route, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from p2p_toolkit.errors import BadUsage, nearest, quoted
from p2p_toolkit.library import Entry, Library, Link
from p2p_toolkit.words import slug

STATES = OFFERED, POSSIBLE, RULED_OUT = ("offered", "possible", "ruled-out")
NATION = "nation"
UNKNOWN = "unknown"
# Types of routes that say nothing of who gets the contract, or of why there need be none.
BESIDE = ("contract-form", "preparation", "award-design", "way-of-working")
# What is said of a route of which no rule speaks: one of the user's own.
NO_RULE: Mapping[str, Any] = {"state": POSSIBLE, "why": "The finder has no rule for it.", "law": []}


class Standing(NamedTuple):
    """What the answers make of one route.

    `state` is one of STATES. `why` is the reason; `law` are the provisions behind it, none where it is our reading.
    `waits_for` are the ids of the questions not answered on which the state depends. `place` is that of the rule
    that decided.
    """

    state: str
    why: str
    law: Sequence[Mapping[str, Any]]
    waits_for: tuple[str, ...]
    place: int


class Option(NamedTuple):
    """A route, what the answers make of it, and the cases that used it with how sure that is."""

    route: Entry
    standing: Standing
    precedents: tuple[Link, ...]

    @property
    def beside(self) -> bool:
        """Whether it goes with another route, and is not enough by itself."""
        return self.route.fields["type"] in BESIDE


class Choice(NamedTuple):
    """What is known of a partnership, by the ids of the questions, and what follows from it.

    `options` has every route once: first what is offered, then what is possible, then what is ruled out; of each,
    what goes with another route comes last, and else the order is that of the rules. `open` are the ids of questions
    that would change something; `notes` fit the answers.
    """

    answers: Mapping[str, str]
    options: tuple[Option, ...]
    open: tuple[str, ...]
    notes: tuple[Mapping[str, Any], ...]


def choose(library: Library, answers: Mapping[str, str]) -> Choice:
    """What these answers make of every route of the library. A question that is left out is not known."""
    options = [
        Option(entry, standing, tuple(link for link in library.linking_to("route", entry.id) if link.kind == "case"))
        for entry, standing in _standings(library, answers)
    ]
    options.sort(key=lambda option: (STATES.index(option.standing.state), option.beside, option.standing.place))
    waiting = {id for option in options for id in option.standing.waits_for}
    finder = library.route_finder
    return Choice(
        answers,
        tuple(options),
        tuple(question["id"] for question in finder["questions"] if question["id"] in waiting),
        tuple(note for note in finder["notes"] if _unmet(note["when"], answers) == []),
    )


def settled(library: Library, given: Mapping[str, str]) -> dict[str, str]:
    """The answers that were given, as the questions know them, in their order; UNKNOWN is one too. Raises BadUsage."""
    questions = {question["id"]: question for question in library.route_finder["questions"]}
    for name in given.keys() - questions.keys():
        hint = f"The questions: {', '.join(questions)}"
        raise BadUsage(f"no question is called {quoted(name)}", hint=hint, suggestions=nearest(name, list(questions)))
    found = {}
    for id in (id for id in questions if given.get(id)):
        known = [*(one["answer"] for one in questions[id]["choices"]), UNKNOWN]
        found[id] = slug(given[id])
        if found[id] not in known:
            hint = f"Choose one of: {', '.join(known)}"
            raise BadUsage(f"the answer to {id} cannot be {quoted(given[id])}", hint=hint, suggestions=nearest(given[id], known))
    return found


def known(library: Library, given: Mapping[str, str]) -> dict[str, str]:
    """The answers that say something: those of `settled`, without UNKNOWN. Raises BadUsage."""
    return {question: answer for question, answer in settled(library, given).items() if answer != UNKNOWN}


def next_question(library: Library, answers: Mapping[str, str], passed: Collection[str]) -> Mapping[str, Any] | None:
    """The first question not among those passed whose answer could still change something; None where there is none."""
    waiting = {id for _, standing in _standings(library, answers) for id in standing.waits_for}
    return next((one for one in library.route_finder["questions"] if one["id"] in waiting and one["id"] not in passed), None)


def stand(finder: Mapping[str, Any], route: str, nations: Collection[str], answers: Mapping[str, str]) -> Standing:
    """What the answers make of a route that applies in these nations.

    A rule that rules it out decides, if it fits; else the first rule that fits. What is not known rules nothing
    out, and opens nothing: while an open question could bring another rule to bear, the route is possible.
    """
    placed = [(place, rule, _unmet(rule["when"], answers)) for place, rule in enumerate(finder["rules"]) if route in rule["routes"]]
    fitting = [(place, rule, unmet) for place, rule, unmet in placed if unmet is not None]
    for place, rule, unmet in fitting:
        if rule["state"] == RULED_OUT and not unmet:
            return Standing(RULED_OUT, rule["why"], rule["law"], (), place)
    chances = [(place, rule) for place, rule, unmet in fitting if not unmet]
    decided, by = chances[0] if chances else (len(finder["rules"]), NO_RULE)
    waiting = {
        id
        for place, rule, unmet in fitting
        for id in unmet
        if rule["state"] == RULED_OUT or (place < decided and rule["state"] != by["state"])
    }
    # A draft may not say yet where its route applies; that rules it out nowhere.
    names = {} if route in finder["everywhere"] or not nations else _nations(finder)
    asked = answers.get(NATION)
    if asked is None and names.keys() - set(nations):
        waiting.add(NATION)
    if asked in names.keys() - set(nations):
        # Where the route's record does not reach, only a rule that names the nation can speak.
        spoken = [unmet for _, rule, unmet in fitting if rule["when"].get(NATION) == asked]
        if not spoken:
            where = ", ".join(names.get(nation, nation) for nation in nations)
            return Standing(RULED_OUT, f"By its record it applies in {where}, and not in {names[asked]}.", [], (), len(finder["rules"]))
        waiting |= {id for unmet in spoken for id in unmet} if all(spoken) else set()
    return _waiting(finder, by, decided, waiting) if waiting else Standing(by["state"], by["why"], by["law"], (), decided)


def _standings(library: Library, answers: Mapping[str, str]) -> Iterator[tuple[Entry, Standing]]:
    for entry in library.all("route"):
        yield entry, stand(library.route_finder, entry.id, entry.fields["nations"], answers)


def _waiting(finder: Mapping[str, Any], rule: Mapping[str, Any], place: int, waiting: Collection[str]) -> Standing:
    """The standing of a route while there are questions that could change what the rule says of it."""
    open = [question for question in finder["questions"] if question["id"] in waiting]
    labels = ", ".join(question["label"].lower() for question in open)
    return Standing(
        POSSIBLE, f"Depends on what is not known: {labels}. {rule['why']}", rule["law"], tuple(question["id"] for question in open), place
    )


def _unmet(when: Mapping[str, str], answers: Mapping[str, str]) -> list[str] | None:
    """The questions of a condition that are not answered: none where it is met; None where an answer goes against it."""
    if any(answers.get(question, answer) != answer for question, answer in when.items()):
        return None
    return [question for question in when if question not in answers]


def _nations(finder: Mapping[str, Any]) -> dict[str, str]:
    """The nations that can be answered, and their names."""
    return {choice["answer"]: choice["text"] for one in finder["questions"] if one["id"] == NATION for choice in one["choices"]}
