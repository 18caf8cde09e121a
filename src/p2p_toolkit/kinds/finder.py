"""The rules of the guided choice of routes: what is wrong with its file, and the plain structure made of a right one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from p2p_toolkit.errors import Fault
from p2p_toolkit.fields import choice, date, identity, items, text, texts
from p2p_toolkit.kinds.parts import faults_of, plain, unknown, used_once
from p2p_toolkit.kinds.records import Provision

STATES = {
    "offered": "open to you, as far as your answers go",
    "possible": "turns on something that is not answered or not asked",
    "ruled-out": "closed by an answer, or by the law of today",
}


@dataclass(frozen=True, kw_only=True)
class Law(Provision):
    id: str = identity("how the rules refer to it")


@dataclass(frozen=True, kw_only=True)
class Choice:
    answer: str = text("what a script writes", required=True)
    text: str = text("what a reader sees", required=True)


@dataclass(frozen=True, kw_only=True)
class Question:
    id: str = identity("what it is about; also the name of its option")
    label: str = text("the same in a word or two", required=True)
    text: str = text("the question", required=True)
    explain: tuple[str, ...] = texts("what to consider before answering", required=True)
    choices: tuple[Choice, ...] = items("the answers there are", Choice, required=True)
    law: tuple[str, ...] = texts("ids of the provisions behind it", required=True)


@dataclass(frozen=True, kw_only=True)
class Rule:
    routes: tuple[str, ...] = texts("ids of routes, or names of groups", required=True)
    state: str = choice("what it makes of the routes", STATES, required=True)
    why: str = text("the reason, in a sentence or two", required=True)
    law: tuple[str, ...] = texts("ids of the provisions behind it; none where it is our reading")


@dataclass(frozen=True, kw_only=True)
class Note:
    text: str = text("what a reader should know", required=True)
    law: tuple[str, ...] = texts("ids of the provisions behind it", required=True)


@dataclass(frozen=True, kw_only=True)
class Finder:
    as_of: str = date("the day the law is described as of", required=True)
    everywhere: tuple[str, ...] = texts("routes whose nations say where they were seen, not where they apply")


# Described by fields as records are, and so checked and built by the same rules.
_PARTS = {"law": Law, "question": Question, "rule": Rule, "note": Note}
_CONDITIONAL = ("rule", "note")


def finder_faults(table: Mapping[str, Any], routes: Collection[str], file: str) -> list[Fault]:
    """Every mistake in the table of the file: first those of single parts, and only then those of how they fit together.

    `routes` are the ids that a rule may name; each of them needs one rule without conditions.
    """
    faults = faults_of("finder", Finder, {name: value for name, value in table.items() if name not in (*_PARTS, "groups")}, file)
    groups = table.get("groups", {})
    if not isinstance(groups, Mapping) or not all(_is_names(group) for group in groups.values()):
        faults.append(Fault(file=file, record="groups", wanted="names, each with a list of route ids"))
    for name, part in _PARTS.items():
        tables = table.get(name, [])
        for number, one in enumerate(tables if isinstance(tables, list) else [tables], 1):
            if not isinstance(one, Mapping) or not isinstance(one.get("when", {}), Mapping):
                faults.append(Fault(file=file, record=f"{name} number {number}", wanted="a table of fields"))
            else:
                faults += faults_of(
                    name, part, {key: value for key, value in one.items() if key != "when" or name not in _CONDITIONAL}, file, number
                )
    return faults or list(_misfits(table, routes, file))


def build_finder(table: Mapping[str, Any]) -> dict[str, Any]:
    """The guided choice as plain data: groups replaced by their routes, ids of provisions by the provisions."""
    law = {one["id"]: {"ref": one["ref"], "url": one["url"], "checked": one["checked"]} for one in table.get("law", [])}
    groups = table.get("groups", {})

    def parts(name: str) -> Iterator[dict[str, Any]]:
        for one in table.get(name, []):
            told = plain(_PARTS[name], {key: value for key, value in one.items() if key != "when"})
            yield {**told, "law": [law[id] for id in told["law"]]}

    def conditions(name: str) -> Iterator[dict[str, str]]:
        return (dict(one.get("when", {})) for one in table.get(name, []))

    return {
        **plain(Finder, {"as_of": table["as_of"], "everywhere": table.get("everywhere", [])}),
        "questions": list(parts("question")),
        "rules": [
            {**rule, "routes": [id for name in rule["routes"] for id in groups.get(name, [name])], "when": when}
            for rule, when in zip(parts("rule"), conditions("rule"), strict=True)
        ],
        "notes": [{**note, "when": when} for note, when in zip(parts("note"), conditions("note"), strict=True)],
    }


def _misfits(table: Mapping[str, Any], routes: Collection[str], file: str) -> Iterator[Fault]:
    """Names that mean nothing, questions that decide nothing, routes that no rule speaks of."""
    groups = table.get("groups", {})
    law = [one["id"] for one in table.get("law", [])]
    answers = {one["id"]: [choice["answer"] for choice in one["choices"]] for one in table.get("question", [])}
    for name, group in (("everywhere", table.get("everywhere", [])), *groups.items()):
        yield from unknown(group, routes, "the id of a route", file, name)
    for part in _PARTS:
        for number, one in enumerate(table.get(part, []), 1):
            record = f"{part} number {number}"
            yield from unknown(one.get("law", []), law, "the id of a provision under [[law]]", file, record, "law")
            yield from unknown(one.get("routes", []), (*routes, *groups), "the id of a route, or a group", file, record, "routes")
            for question, answer in one.get("when", {}).items():
                yield from unknown([question], answers, "the id of a question", file, record, "when")
                yield from unknown([answer], answers.get(question, [answer]), f"an answer to {question}", file, record, "when")
        ids = [one["id"] for one in table.get(part, []) if "id" in one]
        yield from used_once(ids, file, part)
    rules = table.get("rule", [])
    asked = {question for rule in rules for question in rule.get("when", {})}
    named = {id for rule in rules if not rule.get("when") for name in rule["routes"] for id in groups.get(name, [name])}
    cited = {id for part in _PARTS for one in table.get(part, []) for id in one.get("law", [])}
    for what, unused, wanted in (
        ("question", answers.keys() - asked, "a rule that asks for it"),
        ("route", set(routes) - named, "a rule without conditions, for whatever else is answered"),
        ("law", set(law) - cited, "something that cites it"),
    ):
        yield from (Fault(file=file, record=f"{what}:{id}", wanted=wanted) for id in sorted(unused))


def _is_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)
