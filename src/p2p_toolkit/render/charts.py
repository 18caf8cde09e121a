"""Charts as answers: the cases over the years, and how many records have which value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from p2p_toolkit.evidence.counts import Count, Counted, Group
from p2p_toolkit.evidence.timeline import AHEAD, BEGAN, MAYBE, NO_END, PLANNED, RAN, RUNNING, Span, Stretch, first_day, stretches
from p2p_toolkit.library import Facet, KindInfo
from p2p_toolkit.render.answer import Answer, Bar, Chart, Column, Listing, Part, joined
from p2p_toolkit.render.marks import nothing_fits, titled
from p2p_toolkit.render.phrases import human_date

NOT_KNOWN = "not known"
# Pieces of one bar, from the surest to the least sure.
SHADES = ("full", "medium", "light", "thin")
_LEGEND = {
    BEGAN: "began",
    RAN: "ran",
    MAYBE: "not known whether it still ran",
    AHEAD: "still to come",
    NO_END: "over; date not known",
    RUNNING: "running when last heard of",
}
_COUNTS = (Column("records", "number"), Column("share", "number"))


def timeline(spans: Sequence[Span], statuses: Mapping[str, str], today: str, query: Mapping[str, Any]) -> Answer:
    """The cases over the years, those without a date behind the others. `statuses` are the words for each status."""
    undated = [one for one in spans if not one.dated]
    rows = tuple((one.id, one.started or "", one.ended or "", _status(one, statuses), _named(one)) for one in spans)
    columns = ("id", "started", "ended", "last known", "name")
    return Answer(
        command="timeline",
        query=query,
        results=[{"kind": "case", **one._asdict(), "status_label": statuses.get(one.status or "")} for one in spans],
        total=len(spans),
        fields=("kind", *Span._fields, "status_label"),
        listing=lambda: Listing(tuple(Column(label, "id" if label == "id" else "text") for label in columns), rows),
        charts=lambda: _timeline_charts(spans, statuses, today),
        notes=[_timeline_note(len(spans), len(undated), spans[0].id)]
        if spans
        else nothing_fits("cases", query.get("filters", {}), "p2p timeline"),
        more={"undated": [one.id for one in undated]},
    )


def stats(kind: KindInfo, counted: Counted, query: Mapping[str, Any], named: Callable[[str, str], str | None]) -> Answer:
    """How many records of a kind have which value. `named` gives the name of a record that is linked to."""

    def label(group: Group, count: Count) -> str:
        if count.value is None:
            return group.nothing
        if group.counted.form == "link":
            return named(group.counted.to, count.value) or count.value
        return group.counted.words.get(count.value, count.value)

    name = kind.name if counted.records == 1 else kind.plural
    return _counts_answer(
        query,
        counted.records,
        [
            {
                "by": group.by,
                "value": count.value,
                "label": label(group, count),
                "records": count.records,
                "share": _share(count.records, counted.records),
                "split": [{"value": word, "label": _words(group)[word], "records": records} for word, records in count.split],
            }
            for group, of_group in counted.groups
            for count in of_group
        ],
        lambda: [
            _group_chart(kind, group, [(count, label(group, count)) for count in of_group], counted.records)
            for group, of_group in counted.groups
        ],
        [f"{counted.records} {name} counted."]
        if counted.records
        else nothing_fits(kind.plural, query.get("filters", {}), f"p2p stats {kind.name}"),
    )


def overview(sizes: Mapping[str, int], kinds: Mapping[str, KindInfo], query: Mapping[str, Any]) -> Answer:
    """How many records there are of each kind. A kind without a size is one that the filters say nothing about."""
    total = sum(sizes.values())
    high = max(1, *sizes.values())
    left_out = [kind.plural for kind in kinds.values() if kind.name not in sizes]
    notes = [f"Left out, because these filters mean nothing for them: {', '.join(left_out)}."] if left_out else []
    return _counts_answer(
        query,
        total,
        [
            {"by": "kind", "value": name, "label": kinds[name].help, "records": size, "share": _share(size, total), "split": []}
            for name, size in sizes.items()
        ],
        lambda: [
            Chart(
                "Records",
                (Column("kind", "id"), *_COUNTS, Column("")),
                tuple(Bar(name, _solid(size), (str(size), _percent(size, total), kinds[name].help)) for name, size in sizes.items()),
                high=high,
            )
        ],
        [*notes, f"{total} record{'s' if total != 1 else ''} counted. More of a kind: p2p stats {next(iter(sizes))}"]
        if total
        else [*notes, *nothing_fits("records", query.get("filters", {}), "p2p stats")],
    )


def facet_charts(facets: Sequence[Facet]) -> list[Chart]:
    """How many of the records found have which value, a chart for each filter."""
    high = max((facet.records for facet in facets), default=1)
    return [
        Chart(
            f"--{filter}",
            (Column("value", "id"), _COUNTS[0], Column("")),
            tuple(
                Bar(facet.value, _solid(facet.records), (str(facet.records), facet.label if facet.label != facet.value else ""))
                for facet in of_filter
            ),
            high=high,
        )
        for filter, of_filter in groupby(facets, key=lambda facet: facet.filter)
    ]


def _counts_answer(
    query: Mapping[str, Any], records: int, results: list[dict[str, Any]], charts: Callable[[], Sequence[Chart]], notes: Sequence[str]
) -> Answer:
    columns = (Column("value", "id"), Column("by"), Column("records", "number"), Column("share", "number"), Column("label"))
    return Answer(
        command="stats",
        query=query,
        results=results,
        total=len(results),
        fields=("by", "value", "label", "records", "share", "split"),
        listing=lambda: Listing(
            columns=(*columns, Column("of these")),
            rows=tuple(
                (row["value"] or "", row["by"], str(row["records"]), _percent(row["records"], records), row["label"], _split(row["split"]))
                for row in results
            ),
        ),
        charts=charts,
        notes=notes,
        more={"records": records},
    )


def _timeline_charts(spans: Sequence[Span], statuses: Mapping[str, str], today: str) -> list[Chart]:
    drawn = [(one, stretches(one, today)) for one in spans if one.dated]
    moments = [first_day(today), *(moment for _, parts in drawn for part in parts for moment in (part.start, part.end))]
    used = {part.what for _, parts in drawn for part in parts}
    rest = (Column("last known", "text", 18), Column("dates", "text", 24), Column("name", "name", 40))
    charts = [
        Chart(
            "",
            (Column("id", "id"), *rest),
            tuple(Bar(one.id, _parts(parts), (_status(one, statuses), _dates(one), _named(one))) for one, parts in drawn),
            low=int(min(moments)),
            # What lies ahead is shown up to the end of its year.
            high=max(int(moment) + 1 if moment > moments[0] else moment for moment in moments),
            years=True,
            legend=tuple((sign, _LEGEND.get(sign) or statuses[sign]) for sign in dict.fromkeys((*_LEGEND, *statuses)) if sign in used),
        )
    ]
    undated = tuple(Bar(one.id, (), (_status(one, statuses), _named(one))) for one in spans if not one.dated)
    charts.append(Chart("Neither start nor end is known", (Column("id", "id"), rest[0], rest[2]._replace(narrowest=24)), undated))
    return [chart for chart in charts if chart.bars]


def _named(one: Span) -> str:
    return titled(one.name, one.draft, one.library)


def _parts(parts: Iterable[Stretch]) -> tuple[Part, ...]:
    return tuple(Part(*part) for part in parts)


def _status(one: Span, statuses: Mapping[str, str]) -> str:
    """The status in words; one that may have changed since, with the year of the source that shows it."""
    words = statuses.get(one.status or "", f"status {NOT_KNOWN}")
    return f"{words}, seen {one.status_seen[:4]}" if one.status in (RUNNING, PLANNED) and one.status_seen else words


def _dates(one: Span) -> str:
    start, end = _short(one.started), _short(one.ended)
    if not start:
        return f"until {end}; start {NOT_KNOWN}"
    if end:
        return start if start == end else f"{start} to {end}"
    if one.status == PLANNED:
        return f"from {start}"
    return f"since {start}" if one.status == RUNNING else f"{start}; end {NOT_KNOWN}"


def _short(date: str | None) -> str:
    """A date without its day."""
    return human_date((date or "")[: len("2000-01")])


def _timeline_note(total: int, undated: int, first: str) -> str:
    without = f", {undated} of them without dates" if undated else ""
    return f"{total} case{'s' if total > 1 else ''}{without}. Read one: p2p show {first}"


def _group_chart(kind: KindInfo, group: Group, counts: Sequence[tuple[Count, str]], records: int) -> Chart:
    linked = group.counted.form == "link"
    about = joined((group.field.label, group.counted.help if group.inner and not linked else ""), ": ")
    used = {word for count, _ in counts for word, _ in count.split}
    return Chart(
        f"{about} (one {kind.name} may have several)" if group.field.many else about,
        (Column("value"), *_COUNTS, Column("", "text", 20)),
        tuple(_count_bar(group, count, label, records, linked) for count, label in counts),
        high=records,
        legend=tuple((_shade(group, word), f"{word}: {words}") for word, words in _words(group).items() if word in used),
    )


def _count_bar(group: Group, count: Count, label: str, records: int, linked: bool) -> Bar:
    of_these = ", ".join(f"{number} {word}" for word, number in count.split)
    note = joined(((count.value or "") if linked else "", of_these), ": ")
    return Bar(label, _shaded(group, count), (str(count.records), _percent(count.records, records), note))


def _words(group: Group) -> Mapping[str, str]:
    return group.split.words if group.split else {}


def _shade(group: Group, word: str) -> str:
    return SHADES[min(list(_words(group)).index(word), len(SHADES) - 1)]


def _solid(records: int) -> tuple[Part, ...]:
    return (Part(SHADES[0], 0, records),) if records else ()


def _shaded(group: Group, count: Count) -> tuple[Part, ...]:
    """A bar whose pieces show how sure the count is."""
    if count.value is None:
        return (Part("blank", 0, count.records),)
    if not count.split:
        return _solid(count.records)
    parts, start = [], 0
    for word, records in count.split:
        parts.append(Part(_shade(group, word), start, start + records))
        start += records
    return tuple(parts)


def _share(records: int, total: int) -> float:
    return round(records / total, 4) if total else 0.0


def _percent(records: int, total: int) -> str:
    percent = 100 * records / total if total else 0.0
    return "<1%" if 0 < percent < 0.5 else ">99%" if 99.5 <= percent < 100 else f"{percent:.0f}%"


def _split(split: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(f"{one['records']} {one['value']}" for one in split)
