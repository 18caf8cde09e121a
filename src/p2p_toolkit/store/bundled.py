"""What comes with p2p besides single records: all of them, other words for the same thing, rules, and the texts of the help."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from p2p_toolkit.errors import BadRecords, CannotRead, Fault
from p2p_toolkit.kinds import KINDS
from p2p_toolkit.store.folders import BUNDLED, bundled_folder, guide
from p2p_toolkit.store.readers import Piece, read_toml
from p2p_toolkit.store.records import Parsed, read
from p2p_toolkit.words import slug


class Topic(NamedTuple):
    """A text of the help: the word it is asked for by, its title, a sentence on what it tells, and the text, in Markdown."""

    name: str
    title: str
    summary: str
    text: str


def read_bundled() -> list[Parsed]:
    """The records that come with p2p. Raises BadRecords or CannotRead: a release must be without fault."""
    folder = bundled_folder()
    faults: list[Fault] = []
    files = [folder / kind.file for kind in KINDS if (folder / kind.file).exists()]
    records = [record for file in files for record in read(Piece(str(file)), BUNDLED, faults)]
    if faults:
        raise BadRecords(faults, hint=guide())
    if not records:
        raise CannotRead(f"p2p's own records are missing; they belong in {folder}", hint="Install p2p again.")
    return records


def read_topics() -> list[Topic]:
    """The topics of the help, in their order."""
    topics = []
    for path in sorted((bundled_folder() / "help").glob("*.md")):
        title, summary, text = path.read_text(encoding="utf-8").split("\n\n", 2)
        topics.append(Topic(path.stem.partition("-")[2], title.removeprefix("# "), summary, text))
    return topics


def read_synonyms() -> list[list[str]]:
    """Groups of words and phrases that mean the same here. Raises BadRecords for a group that is none."""
    path = bundled_folder() / "synonyms.toml"
    if not path.exists():
        return []
    groups = read_toml(path).get("group", [])
    faults = [
        Fault(file=path.name, record=f"group number {number}", wanted="words, a list of at least two different phrases")
        for number, group in enumerate(groups, 1)
        if not _is_group(group)
    ]
    if faults:
        raise BadRecords(faults)
    return [group["words"] for group in groups]


def _is_group(group: object) -> bool:
    phrases = group.get("words") if isinstance(group, Mapping) else None
    return (
        isinstance(phrases, list)
        and all(isinstance(phrase, str) for phrase in phrases)
        and len({slug(phrase) for phrase in phrases} - {""}) > 1
    )


def read_rules(bundled: Iterable[Parsed]) -> dict[str, Any]:
    """What the bundled library knows besides its records, as plain data by name: the `route finder`, which is the questions and
    rules of the guided choice among these routes, and the `cookie clues`. Raises BadRecords where one of them is wrong."""
    # Imported here: only building an index needs it.
    from p2p_toolkit.kinds import clues, finder

    ids = {kind: [one.table["id"] for one in bundled if one.kind.name == kind] for kind in ("route", "category")}
    return {
        "route finder": _rules("route_finder.toml", ids["route"], finder.finder_faults, finder.build_finder),
        "cookie clues": _rules("cookie_clues.toml", ids["category"], clues.clue_faults, clues.build_clues),
    }


def _rules(
    name: str,
    ids: Sequence[str],
    faults_in: Callable[[Mapping[str, Any], Collection[str], str], list[Fault]],
    build: Callable[[Mapping[str, Any]], dict[str, Any]],
) -> dict[str, Any]:
    table = read_toml(bundled_folder() / name)
    faults = faults_in(table, ids, name)
    if faults:
        raise BadRecords(faults, hint=guide())
    return build(table)
