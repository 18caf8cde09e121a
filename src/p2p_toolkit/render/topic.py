"""Help as answers: a topic and its text for a screen, all topics, a script for a shell."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from p2p_toolkit.errors import Exit
from p2p_toolkit.render import TABLE
from p2p_toolkit.render.answer import Answer, Column, Listing
from p2p_toolkit.store import Topic

# What stands in a text for a table that p2p knows by itself.
_EXIT_CODES = "{{exit codes}}"


def topic(found: Topic) -> Answer:
    """One topic. It is read as it is written: headings, paragraphs, lists, and lines to type."""
    return Answer(
        command="help",
        query={"topic": found.name},
        results=[_plain(found)],
        total=1,
        documents={TABLE: lambda width: lines(found, width), "markdown": lambda _: [f"# {found.title}\n\n{_whole(found)}"]},
    )


def topics(found: Sequence[Topic], contents: str) -> Answer:
    """All topics; for people `contents`, which names the commands as well."""
    return Answer(
        command="help",
        query={"topic": None},
        results=[_plain(one) for one in found],
        total=len(found),
        listing=lambda: Listing((Column("id", "id"), Column("tells", "name")), tuple((one.name, one.summary) for one in found)),
        documents={TABLE: lambda _: [contents]},
    )


def script(shell: str, text: str, where: str) -> Answer:
    """A script for a shell; `where` says what to do with it."""
    found = {"kind": "completion", "id": shell, "name": shell, "script": text, "install": where}
    # Within the script, and at its end, since zsh looks at the first line; a note would be told whenever a shell starts.
    return Answer(
        "completion", {"shell": shell}, [found], 1, documents={TABLE: lambda _: [f"{text.strip()}\n\n# To have it always, {where}\n"]}
    )


def lines(found: Topic, width: int) -> Iterator[str]:
    """The text in so many columns, 0 where nothing is to be wrapped. Lines to type are never wrapped."""
    yield f"{_filled(found.title, width)}\n\n{_filled(found.summary, width)}\n"
    for block in _whole(found).rstrip("\n").split("\n\n"):
        yield "\n"
        if block.startswith("## "):
            yield _filled(block.removeprefix("## "), width) + "\n"
        elif block.startswith("    "):
            yield block + "\n"
        elif block.startswith("- "):
            for item in block[2:].split("\n- "):
                yield _filled(item, width, first="- ", others="  ") + "\n"
        else:
            yield _filled(block, width) + "\n"


def _filled(text: str, width: int, first: str = "", others: str = "") -> str:
    joined = " ".join(text.split())
    if not width:
        return first + joined
    # Wider than this, lines are hard to follow.
    return textwrap.fill(joined, min(width, 100), initial_indent=first, subsequent_indent=others, break_on_hyphens=False)


def _plain(found: Topic) -> dict[str, str]:
    return {"kind": "topic", "id": found.name, "name": found.title, "summary": found.summary, "text": _whole(found)}


def _whole(found: Topic) -> str:
    codes = "\n".join(f"    {code.value:>3}  {code.meaning.replace('`', '')}" for code in Exit)
    return found.text.replace(_EXIT_CODES, codes)
