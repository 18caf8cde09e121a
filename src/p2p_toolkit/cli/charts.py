"""The commands that draw: the cases over the years, and counts as bars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from p2p_toolkit import api, render
from p2p_toolkit.cli.options import Request, command, complete_kind
from p2p_toolkit.errors import BadUsage, nearest, quoted
from p2p_toolkit.library import Entry, KindInfo, Library


@command(filters=True)
def timeline_command(
    request: Request,
    sort: Annotated[
        str, typer.Option("--sort", help="started, ended, status, id or name; -started for the other way round.", metavar="FIELD")
    ] = "started",
) -> None:
    """Show the cases over the years, with their status.

    A bar reaches as far as sources show that the case ran; "seen 2021" is the year of the latest of them. What is
    not known is drawn otherwise. Cases without dates are listed below.

    \b
    Example:
      p2p timeline --nation scotland
    """
    # Imported here, as below: no other command should wait for it.
    import datetime

    from p2p_toolkit.evidence import timeline
    from p2p_toolkit.render import charts

    if sort.removeprefix("-") not in timeline.SORTS:
        hint = f"Fields: {', '.join(timeline.SORTS)}"
        raise BadUsage(f"a timeline cannot be sorted by {quoted(sort)}", hint=hint, suggestions=nearest(sort, timeline.SORTS))
    library = request.open()
    info = library.kinds["case"]
    statuses = next(field.words for field in info.fields if field.name == "status")
    spans = timeline.in_order(map(timeline.span, _chosen(library, info, request.filters)), sort, list(statuses))
    query = {"filters": request.filters, "sort": sort}
    render.emit(charts.timeline(spans, statuses, datetime.datetime.now().astimezone().date().isoformat(), query), request.view)


@command(filters=True)
def stats_command(
    request: Request,
    kind: Annotated[
        str, typer.Argument(help="case, route, objection, principle, category or cookie.", metavar="[KIND]", autocompletion=complete_kind)
    ] = "",
) -> None:
    """Count the records of a kind: by route, nation, sector, status, verdict and so on.

    Without a kind it counts the records of each kind.

    \b
    Example:
      p2p stats case --nation wales
    """
    from p2p_toolkit.evidence import counts
    from p2p_toolkit.render import charts

    library = request.open()
    if not kind:
        sizes = _sizes(library, request.filters)
        render.emit(charts.overview(sizes, library.kinds, {"kind": None, "filters": request.filters}), request.view)
        return
    info = api.kind_named(library, kind)
    counted = counts.count(info, _chosen(library, info, request.filters))
    render.emit(charts.stats(info, counted, {"kind": info.name, "filters": request.filters}, library.name), request.view)


def _sizes(library: Library, filters: dict[str, list[str]]) -> dict[str, int]:
    """How many records of each kind the filters let through; only of kinds that have these filters."""
    fit = [info for info in library.kinds.values() if not api.meaningless(info, filters)]
    if not fit:
        raise BadUsage(f"no kind can be filtered by {' and '.join('--' + name for name in filters)}", hint="Try: p2p stats case --help")
    return {info.name: len(library.numbers([info.name], filters)) if filters else info.size for info in fit}


def _chosen(library: Library, info: KindInfo, filters: dict[str, list[str]]) -> Iterator[Entry]:
    """The records of a kind that the filters let through, one by one."""
    api.check_filters(info, filters)
    return library.each(library.numbers([info.name], filters))
