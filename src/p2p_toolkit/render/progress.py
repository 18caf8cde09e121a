"""How far long work has come, on the terminal of somebody who waits for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from p2p_toolkit.render import View, terminal

_Item = TypeVar("_Item")
# So many are counted between two looks at the screen.
_STEP = 500


def watched(items: Iterable[_Item], what: str, view: View) -> Iterator[_Item]:
    """The items, while their number is shown on standard error: in a moving bar, which is gone at the end.

    Nothing is shown where standard error is no terminal that can draw, or nobody wants to see it.
    """
    look = terminal.look(sys.stderr, os.environ, color=view.color, plain=view.plain, pager=False) if sys.stderr else None
    if look is None or not look.screen or view.quiet or os.environ.get("TERM") == "dumb":
        yield from items
        return
    # Imported here: work that is done at once needs no bar.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True, width=look.width, no_color=not look.colour, markup=False, highlight=False)
    with Progress(
        BarColumn(bar_width=20), TextColumn("{task.completed:,} {task.description}"), console=console, transient=True
    ) as progress:
        task = progress.add_task(what, total=None)
        for count, item in enumerate(items, 1):
            if count % _STEP == 0:
                progress.update(task, completed=count)
            yield item
