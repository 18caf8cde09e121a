"""What somebody types to the fields of a record: as options, or as answers to questions on a terminal."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Mapping
from typing import Any, NamedTuple

from p2p_toolkit import kinds, render, store
from p2p_toolkit.cli.talk import read_line, say
from p2p_toolkit.errors import BadUsage, nearest, quoted
from p2p_toolkit.fields import Field, Fields, fields_of
from p2p_toolkit.library import Library
from p2p_toolkit.render.phrases import MONTHS
from p2p_toolkit.words import slug

# Whole numbers as people write them: 1200000 or 1,200,000.
_WHOLE = re.compile(r"[0-9]{1,3}(,[0-9]{3}){0,5}|[0-9]{1,19}")

_WRITTEN_DATE = re.compile(r"(?:(?P<day>[0-9]{1,2}) +)?(?P<month>[A-Za-z]+) +(?P<year>[0-9]{4})")

END, BACK = object(), object()
INTRODUCTION = (
    "One question for each field, those that every record needs first. Sources come early, because what you write points to them, as in"
    " [1]. Enter alone leaves out a field or ends a list. ? explains a question, b goes back to the one before. Ctrl-D ends the questions."
)
FIRST = "This is the first question."
NEEDED = "Every record needs this."
MORE = "More fields?"
MORE_EXPLAINED = "A record may have these fields, but need not: {}."
YES_OR_NO = "Please type y or n."
_ADVICE = {
    "prose": "Sentences, in your own words; one with a figure ends with the number of its source, as in [1].",
    "date": "As 2019, 2019-03 or 2019-03-14.",
    "number": "A whole number.",
    "flag": "y or n.",
    "choice": "The number of one of the choices, or how it begins.",
    "url": "It begins with https:// or http://.",
    "id": "Small letters and figures, joined by hyphens, such as our-town.",
}
# What p2p works out, or what belongs in a file that adds to a bundled record, is not asked for.
WORKED_OUT = ("extends", "changed")
# So many ids are looked at to find one that is meant.
MOST_IDS = 2_000


# From options.


def table_of(fields: Fields, settings: Iterable[str], sources: Iterable[str]) -> dict[str, Any]:
    """The table that `field=value` settings and sources make. Raises BadUsage."""
    table: dict[str, Any] = {}
    for name, value in [*map(_setting, settings), *(("sources", source) for source in sources)]:
        field = fields.by_name.get(name)
        if field is None:
            raise BadUsage(
                f"there is no field {quoted(name)}", hint=f"Fields: {', '.join(fields.by_name)}", suggestions=nearest(name, fields.by_name)
            )
        if field.many:
            table.setdefault(name, []).append(_value(field, value))
        elif name in table:
            raise BadUsage(f"{name} is set twice, and is no list", hint=f"Set {name} once.")
        else:
            table[name] = _value(field, value)
    return table


def _setting(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise BadUsage(f"{quoted(text)} is not field=value", hint="Try: --set 'name=Our town'")
    return name.strip(), value.strip()


def _value(field: Field, typed: str) -> Any:
    """What was typed as a value of a field; what does not fit is left for the rules of the kind to complain of."""
    if field.item:
        names = store.names_of_parts(field)
        if typed.count(store.BETWEEN) >= len(names):
            raise BadUsage(f"{quoted(typed)} has too many parts", hint=f"At most: {' | '.join(name.upper() for name in names)}")
        return {name: _list_or_one(field.item.by_name[name], part) for name, part in store.in_parts(field, typed).items()}
    return _simple(field, typed)


def _list_or_one(field: Field, typed: str) -> Any:
    return [part.strip() for part in typed.split(";") if part.strip()] if field.many else _simple(field, typed)


def _simple(field: Field, typed: str) -> Any:
    if field.form == "date":
        return _day(typed)
    figures = typed.removeprefix(field.unit).strip()
    if field.form == "number" and _WHOLE.fullmatch(figures):
        return int(figures.replace(",", ""))
    if field.form == "flag" and typed.casefold() in ("true", "yes", "y", "false", "no", "n"):
        return typed.casefold() in ("true", "yes", "y")
    return typed


def _day(typed: str) -> str:
    """A date as records have it, of one that is written "12 March 2026" or "March 2026"; anything else as it is."""
    found = _WRITTEN_DATE.fullmatch(typed)
    if not found or found["month"].capitalize() not in MONTHS:
        return typed
    month = f"{MONTHS.index(found['month'].capitalize()) + 1:02}"
    return "-".join([found["year"], month, *([found["day"].zfill(2)] if found["day"] else [])])


# From answers to questions.


class _Question(NamedTuple):
    """A question about a field; where it is one of a small record, `outer` is the name of the list that this is in. `number` counts
    the values of a list. Without a field: whether more fields are asked for."""

    title: str
    field: Field | None = None
    needed: bool = False
    number: int = 0
    outer: str = ""


_Form = Generator[_Question, Any, None]


def ask(kind: kinds.Kind, library: Library) -> dict[str, Any]:
    """Ask for the fields of a new record, and return those that were given. KeyboardInterrupt passes through."""
    say(INTRODUCTION)
    given: list[Any] = []
    while True:
        # Asked anew from the start with all answers so far: that makes going back the same as never having answered.
        table: dict[str, Any] = {}
        form = _questions(fields_of(kind.record), table)
        question = next(form)
        try:
            for answer in given:
                question = form.send(answer)
        except StopIteration:
            return table
        reply = _reply(kind, library, question, table)
        if reply is END:
            render.say("")
            return table
        if reply is not BACK:
            given.append(reply)
        elif given:
            given.pop()
        else:
            say(FIRST)


def _questions(fields: Fields, table: dict[str, Any]) -> _Form:
    # The sources come early, because the markers of later fields point to them.
    first = [fields.by_name[name] for name in ("id", "name", "sources")]
    needed = [field for field in fields if field.required and field not in first]
    for field in (*first, *needed):
        yield from _field(field, table)
    if (yield _Question(MORE)):
        for field in fields:
            if not field.required and field.name not in WORKED_OUT:
                yield from _field(field, table)


def _field(field: Field, table: dict[str, Any], outer: str = "", before: str = "") -> _Form:
    title = f"{before}{field.label.lower() if before else field.label}"
    if not field.many:
        value = yield _Question(title, field, field.required, 0, outer)
        if value is not None:
            table[field.name] = value
        return
    values: list[Any] = []
    asked = field.item[0] if field.item else field
    while True:
        number = len(values) + 1
        nth = f"{title}, no. {number}"
        named = f"{nth}, {asked.label.lower()}" if field.item else nth
        value = yield _Question(named, asked, field.required and not values, number, field.name if field.item else outer)
        if value is None:
            return
        values.append({asked.name: value} if field.item else value)
        # Kept with the first answer, so that the rules, and whoever ends the questions, see what is there already.
        table[field.name] = values
        for inner in field.item[1:]:
            yield from _field(inner, values[-1], field.name, f"{nth}, ")


def _reply(kind: kinds.Kind, library: Library, question: _Question, table: Mapping[str, Any]) -> Any:
    """The answer to one question: a value that keeps the rules, None where it is left out, BACK or END."""
    field = question.field
    more = MORE_EXPLAINED.format(
        ", ".join(one.label.lower() for one in fields_of(kind.record) if not one.required and one.name not in WORKED_OUT)
    )
    if field is None:
        say(more)
    if field and question.number < 2:
        say(_explained(question.title, field))
        if field.words:
            render.say("\n".join(f"{number:>4}. {words}" for number, words in enumerate(field.words.values(), 1)))
    while True:
        line = read_line(f"{question.title} ({_ways(question)}): ")
        if line is None:
            return END
        typed = line.strip()
        if typed == "?":
            told = (_explained(question.title, field), _advice(field), _example(kind, library, question)) if field else (more,)
            say(" ".join(filter(None, told)))
        elif typed.casefold() in ("b", "back"):
            return BACK
        elif field is None:
            if typed.casefold() in ("y", "yes", "n", "no", ""):
                return typed.casefold() in ("y", "yes")
            say(YES_OR_NO)
        elif not typed and not question.needed:
            return None
        else:
            value = _meant(field, typed)
            complaint = _complaint(kind, library, field, question.outer, value, table) if typed else NEEDED
            if not complaint:
                return value
            say(complaint)


def _ways(question: _Question) -> str:
    """What may be typed, in short."""
    field = question.field
    if field is None:
        return "y, N, ?, b"
    left_out = "" if question.needed else "Enter when done" if question.number > 1 else "Enter to leave it out"
    return ", ".join(way for way in (f"1 to {len(field.words)}" if field.words else "", left_out, "?", "b") if way)


def _explained(title: str, field: Field) -> str:
    return f"{title}: {field.help}{'' if field.help.endswith('?') else '.'}"


def _advice(field: Field) -> str:
    if field.form == "link":
        return f"The id of a {field.to}; p2p list {field.to} shows them."
    return _ADVICE.get(field.form, "One line.")


def _example(kind: kinds.Kind, library: Library, question: _Question) -> str:
    """What the first record that has such a field says in it; empty where none does, for ids, and for choices, which are all shown."""
    field = question.field
    if not field or field.words or field.form == "id":
        return ""
    for entry in library.all(kind.name):
        values = [one[field.name] for one in entry.fields[question.outer]] if question.outer else [entry.fields[field.name]]
        for value in (one for one in values if one not in (None, [], "")):
            return f"For example, {entry.id} has: {value[0] if field.many else value}"
    return ""


def _meant(field: Field, typed: str) -> Any:
    """What was typed as a value; a choice by its number, its value, its words, or the beginning of one of them; a name as an id."""
    if field.form == "id":
        return slug(typed)
    if not field.words:
        return _simple(field, typed)
    folded = typed.casefold()
    ways = {value: (str(number), value, words.casefold()) for number, (value, words) in enumerate(field.words.items(), 1)}
    begun = [value for value, names in ways.items() if folded in names] or [
        value for value, names in ways.items() if any(name.startswith(folded) for name in names[1:])
    ]
    return begun[0] if len(begun) == 1 else typed


def _complaint(kind: kinds.Kind, library: Library, field: Field, outer: str, value: Any, table: Mapping[str, Any]) -> str:
    """What is wrong with a value, or an empty string. `outer` is the list that the field's small record is in, or empty."""
    if field.words and value not in field.words:
        return f"Please type a number from 1 to {len(field.words)}, or how one of them begins."
    if outer:
        tried = {outer: [{field.name: [value] if field.many else value}]}
    else:
        tried = {field.name: [*table.get(field.name, []), value] if field.many else value}
    place = f"{outer}[1].{field.name}" if outer else field.name
    for fault in kinds.check(kind, {"sources": table.get("sources", []), **tried}):
        if fault.field == place or fault.field.startswith(f"{place}["):
            return f"Wanted: {fault.wanted}." + (f" Did you mean {fault.nearest}?" if fault.nearest else "")
    if field.form == "link" and library.name(field.to, value) is None:
        close = nearest(value, [id for id, _ in library.ids_from("", [field.to], MOST_IDS)])
        return f"No {field.to} has that id." + (f" Did you mean {' or '.join(close)}?" if close else "")
    if field.form == "id" and library.file_of(kind.name, value):
        return f"Your library has {kind.name}:{value} already. Choose another id, or change that one: p2p library edit {kind.name}:{value}"
    return ""
