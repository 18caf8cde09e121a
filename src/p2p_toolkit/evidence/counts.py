"""How many records have which value: what to count by is read off the fields, and the records pass by once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from p2p_toolkit.fields import Field
from p2p_toolkit.library import Entry, KindInfo

# Beyond so many years, starts are counted by decade.
MOST_YEARS = 25


class _Told(NamedTuple):
    """What a field does not say of itself: which choice of its items is counted, whether its words are a scale from
    the surest to the least sure, what it means that it is empty."""

    inner: str = ""
    scale: bool = False
    nothing: str = ""


_TOLD: Mapping[str, _Told] = {
    "checked": _Told(scale=True),
    "confidence": _Told(scale=True),
    "verdict": _Told(scale=True),
    "outcomes": _Told(inner="evidence", scale=True),
    "legal_basis": _Told(inner="checked", scale=True),
    "law": _Told(inner="checked", scale=True),
    "region": _Told(nothing="no English region recorded"),
    "toolkit": _Told(nothing="not known to be in it"),
}


class Group(NamedTuple):
    """One way to count the records of a kind: by a field or, for small records inside it, by their field `inner`,
    told apart by `split`. `by` is its name for scripts."""

    by: str
    field: Field
    inner: Field | None = None
    split: Field | None = None
    scale: bool = False
    nothing: str = ""

    @property
    def counted(self) -> Field:
        return self.inner or self.field


class Count(NamedTuple):
    """How many records have a value; None stands for nothing known. `split` counts them by how sure that is."""

    value: str | None
    records: int
    split: tuple[tuple[str, int], ...] = ()


class Counted(NamedTuple):
    """What was counted: how many records, and for each group its values."""

    records: int
    groups: tuple[tuple[Group, tuple[Count, ...]], ...]


def count(kind: KindInfo, entries: Iterable[Entry]) -> Counted:
    """Count records of a kind. A record counts once for each different value it has."""
    ways = groups(kind)
    tallies: list[Counter[tuple[str | None, str]]] = [Counter() for _ in ways]
    records = 0
    for entry in entries:
        records += 1
        for way, tally in zip(ways, tallies, strict=True):
            tally.update(_values(way, entry.fields) or [(None, "")])
    return Counted(records, tuple((way, _counts(way, tally)) for way, tally in zip(ways, tallies, strict=True) if tally))


def groups(kind: KindInfo) -> list[Group]:
    """What records of a kind can be counted by: their choices, flags and filters, in the order of the fields."""
    return [group for field in kind.fields if (group := _group(field))]


def _group(field: Field) -> Group | None:
    told = _TOLD.get(field.name, _Told())
    nothing = told.nothing or ("none recorded" if field.many else "not known")
    if field.form == "date" and field.filter:
        return Group(field.name, field, scale=True, nothing=nothing)
    if field.form == "item":
        inner = _first(field.item, "link") if field.filter else next((one for one in field.item if one.name == told.inner), None)
        split = _first(field.item, "choice") if field.filter else None
        return inner and Group(field.filter or inner.name, field, inner, split, told.scale, nothing)
    # A choice that only qualifies another field says nothing by itself; a phrase may be different in every record.
    alone = field.form in ("choice", "flag") and not field.qualifies
    if alone or (field.form == "link" and not field.many) or (field.filter and field.form != "text"):
        return Group(field.filter or field.name, field, scale=told.scale, nothing=nothing)
    return None


def _first(fields: Sequence[Field], form: str) -> Field | None:
    return next((field for field in fields if field.form == form), None)


def _values(way: Group, fields: Mapping[str, Any]) -> list[tuple[str | None, str]]:
    """The different values a record has, each with how sure that is."""
    value = fields[way.field.name]
    if value in (None, []):
        return []
    if way.inner is None:
        return list(dict.fromkeys((_plain(way.field, one), "") for one in (value if way.field.many else [value])))
    name, split = way.inner.name, way.split
    if split is None:
        return list(dict.fromkeys((one[name], "") for one in value))
    # Where a record gives a value twice, the first word for it counts: the words begin with the surest.
    words = list(split.words)
    surest: dict[str, str] = {}
    for one in sorted(value, key=lambda one: words.index(one[split.name])):
        surest.setdefault(one[name], one[split.name])
    return list(surest.items())


def _plain(field: Field, value: Any) -> str:
    if field.form == "flag":
        return "yes" if value else "no"
    return str(value)[:4] if field.form == "date" else str(value)


def _counts(way: Group, tally: Counter[tuple[str | None, str]]) -> tuple[Count, ...]:
    """The counts of a group: the largest first, or along the scale; what is not known stands last."""
    if way.field.form == "date":
        tally = _along_time(tally)
    values: dict[str | None, None] = dict.fromkeys(value for value, _ in tally)
    if way.scale and way.counted.words:
        values = {**dict.fromkeys(way.counted.words), **values}
    words = list(way.split.words) if way.split else []
    counts = [
        Count(
            value,
            sum(tally[value, word] for word in words or [""]) if value is not None else tally[None, ""],
            tuple((word, tally[value, word]) for word in words if tally[value, word]),
        )
        for value in values
    ]
    return tuple(sorted(counts, key=lambda one: (one.value is None, 0 if way.scale else -one.records)))


def _along_time(tally: Counter[tuple[str | None, str]]) -> Counter[tuple[str | None, str]]:
    """Starts by year, or by decade where the years are many; those without a start stay on the scale."""
    years = [int(value) for value, _ in tally if value]
    if not years:
        return tally
    step = 1 if max(years) - min(years) < MOST_YEARS else 10
    along: Counter[tuple[str | None, str]] = Counter()
    for year in range(min(years) // step * step, max(years) + 1, step):
        along[f"{year:04}" if step == 1 else f"{year:04}s", ""] = sum(tally[f"{one:04}", ""] for one in range(year, year + step))
    if (None, "") in tally:
        along[None, ""] = tally[None, ""]
    return along
