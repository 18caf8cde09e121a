"""An evidence pack as an answer: plain data for machines, a paper for people."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from p2p_toolkit import __version__
from p2p_toolkit.evidence import pack as packs
from p2p_toolkit.evidence.pack import Member, Pack
from p2p_toolkit.library import Entry, Library
from p2p_toolkit.render import references
from p2p_toolkit.render.answer import Answer
from p2p_toolkit.render.choice import standing_result
from p2p_toolkit.render.packs import page, paper
from p2p_toolkit.render.packs.chapters import Writer, listed
from p2p_toolkit.render.packs.paper import Paper
from p2p_toolkit.render.packs.shortened import shortened
from p2p_toolkit.render.phrases import ADVICE, human_date

QUESTION = "Which lawful ways are there, who has taken them, and with what result?"
SHORT = (
    "In short. The pack that p2p brief makes without --short has the legal basis, what every option asks, and the whole story of each case."
)
PARTS = ("options", "precedents", "principles", "objections", "failures")


class Cover(NamedTuple):
    """What the first lines of a pack say of it. `made` is a date, `version` that of p2p; `audience` may be empty."""

    title: str
    question: str
    audience: str
    made: str
    version: str


def cover_of(entries: Sequence[Entry], title: str, question: str, audience: str) -> Cover:
    """The cover of a pack that is made today on these records. Without a title or a question it has the usual one."""
    # An objection is what somebody says, and not what the pack says.
    names = [f'"{entry.name}"' if entry.kind == packs.OBJECTION else entry.name for entry in entries]
    named = f"Evidence pack: {listed(names, 2)}"
    today = datetime.datetime.now().astimezone().date().isoformat()
    return Cover(title or named, question or QUESTION, audience, today, __version__)


def answer(
    library: Library, pack: Pack, cover: Cover, query: Mapping[str, Any], notes: Sequence[str] = (), *, short: bool = False
) -> Answer:
    """The answer to a command that asks for an evidence pack. `short` shortens what people read, and not what machines get."""

    def written() -> Paper:
        return _paper(library, pack, cover, short)

    return Answer(
        command="brief",
        query=query,
        results=[_result(pack, cover)],
        total=1,
        documents={
            "table": lambda _: paper.as_markdown(written()),
            "markdown": lambda _: paper.as_markdown(written()),
            "html": lambda _: page.as_html(written()),
        },
        notes=notes,
        ids=dict.fromkeys(member.id for part in PARTS for member in getattr(pack, part)),
    )


def _paper(library: Library, pack: Pack, cover: Cover, short: bool) -> Paper:
    made = f"{human_date(cover.made)}, by p2p {cover.version}"
    law = " to ".join(human_date(day) for day in pack.law_as_of)
    by_id = {f"{member.kind}:{member.id}": member.name for member in pack.members}
    facts = {
        "Question": cover.question,
        "For": cover.audience,
        "About": "; ".join(f"{by_id[named]} ({named})" for named in pack.named),
        **_known(library, pack),
        "Made": made,
        "Law as of": law,
    }
    whole = Paper(
        title=cover.title,
        facts=tuple((label, value) for label, value in facts.items() if value),
        chapters=Writer(library, pack).chapters(),
        references=pack.references,
        closing=f"{ADVICE} {f'Law as of {law}. ' if law else ''}Made {made}.",
    )
    return shortened(whole._replace(closing=f"{SHORT} {whole.closing}")) if short else whole


def _known(library: Library, pack: Pack) -> dict[str, str]:
    """What the pack was told of the partnership, and what would still make a difference."""
    questions = library.route_finder["questions"] if pack.answers else ()
    words = {(one["id"], choice["answer"]): choice["text"] for one in questions for choice in one["choices"]}
    known = (f"{one['label']}: {words[one['id'], pack.answers[one['id']]]}" for one in questions if one["id"] in pack.answers)
    return {"Known": "; ".join(known), "Not known": ", ".join(one["label"] for one in questions if one["id"] in pack.open)}


def _result(pack: Pack, cover: Cover) -> dict[str, Any]:
    """The pack as machines get it: every record with its fields, whose markers point to the pack's references."""
    return {
        "kind": "pack",
        "id": "pack",
        "name": cover.title,
        **cover._asdict(),
        "advice": ADVICE,
        "law_as_of": pack.law_as_of,
        "named": pack.named,
        "answers": dict(pack.answers),
        "open": list(pack.open),
        "notes": list(pack.notes),
        **{part: [_record(member) for member in getattr(pack, part)] for part in PARTS},
        "over": [f"case:{member.id}" for member in packs.over(pack)],
        "lapsed": [f"route:{member.id}" for member in packs.lapsed(pack)],
        "doubts": [
            {
                "what": doubt.what,
                "record": f"{doubt.member.kind}:{doubt.member.id}",
                "title": doubt.title or None,
                "text": doubt.text or None,
            }
            for doubt in packs.doubts(pack)
        ],
        "references": [references.result(reference) for reference in pack.references],
    }


def _record(member: Member) -> dict[str, Any]:
    known = {"kind": member.kind, "id": member.id, "name": member.name, "library": member.library, "named": member.named}
    ties = {"full": member.full, "why": [link._asdict() for link in member.why], "used_by": [link._asdict() for link in member.cases]}
    stands = {"standing": standing_result(member.standing) if member.standing else None} if member.kind == packs.ROUTE else {}
    return {**known, **ties, **stands, "references": member.references, **member.fields}
