"""What each command answers as JSON: its query, its results, and what else stands beside them. A command has one place here."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

from p2p_toolkit import kinds
from p2p_toolkit.evidence.choice import STATES
from p2p_toolkit.kinds.finder import Choice, Note, Question
from p2p_toolkit.kinds.records import Case, Provision
from p2p_toolkit.render.schemas.cookies import AUDITED, CHANGE, CLASSIFIED, FORMAT, ROW, SKIPPED
from p2p_toolkit.render.schemas.shapes import (
    ADDITION,
    ADVICE,
    DONE,
    EXPLAINED,
    FAULT,
    FILES,
    FILTERS,
    IN_A_PACK,
    KIND,
    LINK,
    MATCHED,
    NAMES,
    PRECEDENT,
    REFERENCE,
    RELATED,
    SCORE,
    SITE,
    SOURCE,
    WORDS,
    Members,
    Shape,
    anything,
    both,
    count,
    either,
    flag,
    listed,
    maybe,
    named,
    record,
    share,
    table,
    text,
    word,
)


class Told(NamedTuple):
    """The JSON answer of a command: what it is, what was asked, one result, and further members of the object."""

    help: str
    query: Members
    result: Shape
    more: Members = MappingProxyType({})


_FACET = table(
    {
        "filter": text("the option that filters by it"),
        "value": text("the value to give to that option"),
        "label": text("the value in words"),
        "records": count("how many of the records found have it"),
    }
)
_TOLD = table(
    {
        "kind": KIND,
        "id": text("the id of the record"),
        "name": text("the name of the record"),
        "text": text("what it says to the matter; its [n] point to the references"),
        "sure": text("how well that is known, in words; empty where it is the summary of the record"),
        "library": text("whose record it is"),
        "draft": listed("what a draft still lacks", text("a thing")),
    }
)
_OBJECTION = {
    "score": maybe(SCORE),
    "matched": MATCHED,
    "provisions": listed(
        "what the law says",
        table({**kinds.members(Provision), "number": count("its number among the references")}),
    ),
    "options": listed("the routes that open", _TOLD),
    "precedents": listed("cases, with the best known result of each", _TOLD),
    "references": listed("the sources that every [n] of this result points to", REFERENCE),
}
_LAW = listed("the provisions behind it", table(kinds.members(Provision)))
_CITED = {"reference": maybe(count("the number of the provision among the references; null where it is not told"))}


def _standing(provision: Members) -> Members:
    """What answers make of a route; its provisions have these members."""
    return {
        "state": word("whether the route is open to you", STATES),
        "why": text("the reason"),
        "law": listed("the provisions behind the reason; none where it is our reading", table(provision)),
        "waits_for": listed("the questions on which that still depends", text("the id of a question")),
    }


_OPTION = {**_standing(kinds.members(Provision)), "precedents": listed("the cases that used the route", PRECEDENT)}
_QUESTION = {
    **kinds.members(Question),
    "choices": listed("the answers there are", table(kinds.members(Choice))),
    "law": _LAW,
    "option": text("the option that answers it"),
}
_MEMBER = table(
    {
        "named": flag("whether it was asked for by name"),
        "full": flag("whether it is told at length"),
        "why": listed("the named records that it belongs to", LINK),
        "used_by": listed("for a route, all cases that used it", LINK),
        "references": listed("the numbers of its sources among the references of the pack", count("a number")),
    }
)


def _member(kind: str, law: str = "", more: Members = MappingProxyType({})) -> Shape:
    """A record of that kind in a pack; `law` is the field with the provisions that are numbered there."""
    added = {**({law: listed("the provisions", table(_CITED))} if law else {}), **more}
    return both(record(kind, variant=IN_A_PACK), _MEMBER, *([table(added)] if added else []))


_NUMBERED = {**kinds.members(Provision), **_CITED}
_STANDING = {"standing": {"description": "what the answers make of it; null without answers", **maybe(table(_standing(_NUMBERED)))}}
_PACK = table(
    {
        "kind": {"description": "what it is", "const": "pack"},
        "id": {"description": "what it is", "const": "pack"},
        "name": text("its title"),
        "title": text("its title"),
        "question": text("the question that the board has to answer"),
        "audience": text("whom it is put before; may be empty"),
        "made": text("the day it was made, as YYYY-MM-DD"),
        "version": text("the version of p2p that made it"),
        "advice": ADVICE,
        "law_as_of": listed("the oldest and the newest day that its law is described as of; one where they are the same", text("a day")),
        "named": listed("the records asked for, as kind:id", text("a record")),
        "answers": named("what is known of the partnership, under the id of the question", text("an answer")),
        "open": listed("the questions whose answers would still change something for an option", text("the id of a question")),
        "notes": listed(
            "what fits the answers", table({"text": text("a note"), "law": listed("the provisions behind it", table(_NUMBERED))})
        ),
        "options": listed("the routes, with what the answers make of each", _member("route", "legal_basis", _STANDING)),
        "precedents": listed("the cases", _member("case")),
        "principles": listed("the principles", _member("principle")),
        "objections": listed("the objections", _member("objection", "law")),
        "failures": listed("cases that went the way of an option and were cut short", _member("case")),
        "over": listed("the precedents that are over, as kind:id", text("a record")),
        "lapsed": listed("the options that others have taken the place of, as kind:id", text("a record")),
        "doubts": listed(
            "what is not known, or not sure",
            table(
                {
                    "what": word("the sort of doubt", ["unknown", "not-confirmed", "inferred", "unchecked", "secondary"]),
                    "record": text("the record, as kind:id"),
                    "title": maybe(text("what is doubted, such as the id of a route or a provision")),
                    "text": maybe(text("the doubt in words; its [n] point to the references")),
                }
            ),
        ),
        "references": listed("the sources that every [n] of the pack points to", SOURCE),
    }
)
_SPAN = {
    "kind": {"description": "what it is", "const": "case"},
    "library": text("whose record it is"),
    **kinds.members(Case, "id", "name", "started", "ended", "status", "status_seen", "draft", known=("id", "name")),
    "status_label": maybe(text("the status in words")),
}
_COUNT = {
    "by": text("what is counted by: a field, a filter, or kind"),
    "value": maybe(text("the value; null where nothing is known")),
    "label": text("the value in words"),
    "records": count("how many records have it"),
    "share": share("their share of all records counted"),
    "split": listed(
        "the same records by how sure that is",
        table({"value": text("how sure"), "label": text("the same in words"), "records": count("how many")}),
    ),
}
_PLACE = {
    "id": word("whose library it is", ["bundled", "own"]),
    "folder": text("its folder"),
    "exists": flag("whether that folder exists"),
    "files": count("how many files of records it has"),
    "records": count("how many records without a mistake it has"),
}
_SCHEMA = {
    "kind": {"description": "what it is", "const": "schema"},
    "id": text("its name as one word, which is also the name of its file"),
    "name": text("its name as it is typed after p2p schema"),
    "of": word("what it describes", ["kind", "command", "error"]),
    "urn": text("its $id"),
    "description": text("what it describes, in words"),
}
_PARAMETERS = table(
    {
        "names": listed("its names as they are typed; of an argument its one name", text("a name")),
        "type": text("text, integer, number, boolean or path; a boolean option is typed without a value"),
        "metavar": text("what stands for its value in the help; may be empty"),
        "help": text("what it does"),
        "default": {"description": "what holds without it; null where nothing does", "type": ["string", "number", "boolean", "null"]},
        "required": flag("whether it must be given"),
        "repeatable": flag("whether it may be given several times"),
        "choices": listed("the values that may be given; empty where any may, or where that depends on records", text("a value")),
        "environment": text("the variable that may give it instead; may be empty"),
    }
)
_COMMAND = table(
    {
        "kind": {"description": "what it is", "const": "command"},
        "id": text("its name as one word"),
        "name": text("its name as it is typed after p2p"),
        "path": listed("the words of its name", text("a word")),
        "help": listed("what it does, in paragraphs; the first is a summary", text("a paragraph")),
        "examples": listed("lines to try", text("a line")),
        "arguments": listed("what is typed without a name", _PARAMETERS),
        "options": listed("what is typed with a name", _PARAMETERS),
    }
)
_TOPIC = {
    "kind": {"description": "what it is", "const": "topic"},
    "id": text("the word that it is asked for by"),
    "name": text("its title"),
    "summary": text("a sentence on what it tells"),
    "text": text("the text, in Markdown"),
}
_COMPLETION = {
    "kind": {"description": "what it is", "const": "completion"},
    "id": text("the shell"),
    "name": text("the shell"),
    "script": text("the script"),
    "install": text("what to do with it, so that it is there whenever a terminal is opened"),
}
_ASKED_KIND = maybe(text("the kind asked for; null where none was"))
_KINDS = listed("the kinds asked for; empty where none was", text("a kind"))

ANSWERS = {
    "search": Told(
        "the records that answer the words, best first; with --facets, how many of them have which value",
        {"words": WORDS, "kinds": _KINDS, "filters": FILTERS, "limit": count("how many hits at most")},
        either(both(record(), table({"score": SCORE, "matched": EXPLAINED})), _FACET),
        {
            "records": count("how many records were found"),
            "corrected": named("words that no record has, each with the word that was taken for it", text("a word")),
            "missing": listed("words that no record has, and for which none was taken", text("a word")),
            "suggestions": listed("other words to try, where nothing was found", text("words")),
        },
    ),
    "list": Told(
        "the records of one kind",
        {
            "kind": KIND,
            "filters": FILTERS,
            "sort": maybe(text("the field sorted by; -FIELD for the other way round")),
            "limit": maybe(count("how many at most")),
        },
        record(),
    ),
    "show": Told("whole records, with what to read next", {"names": NAMES}, both(record(), table(RELATED))),
    "pick": Told(
        "the record that was picked, with what to read next",
        {"words": maybe(text("the words that were searched for; null where ids were given"))},
        both(record(), table(RELATED)),
    ),
    "answer": Told(
        "the answers to an objection, best first; without words, all objections",
        {"words": maybe(WORDS)},
        both(record("objection"), table(_OBJECTION)),
        {"nearest": listed("where nothing answers, the ids of the objections that come nearest", text("an id"))},
    ),
    "compare": Told(
        "records of one kind, and their fields side by side",
        {"names": NAMES},
        record(),
        {
            "fields": listed(
                "the fields that are compared",
                table(
                    {
                        "field": text("the name of the field"),
                        "label": text("its heading"),
                        "same": flag("whether all records say the same"),
                        "values": listed("what each record says, in the order of the results", anything("a value of that field")),
                    }
                ),
            ),
            "references": listed("the sources that every [n] of the fields points to", REFERENCE),
        },
    ),
    "routes": Told(
        "every lawful route, and whether it is open to you",
        {"answers": named("what was answered, under the id of the question", text("an answer"))},
        both(record("route"), table(_OPTION)),
        {
            "as_of": text("the day the law is described as of, as YYYY-MM-DD"),
            "advice": ADVICE,
            "questions": listed("all questions", table(_QUESTION)),
            "answers": named("the answer to each question, under its id; null where it is not known", maybe(text("an answer"))),
            "open": listed("the questions whose answer would still change something", text("the id of a question")),
            "notes": listed("what fits the answers", table({**kinds.members(Note), "law": _LAW})),
        },
    ),
    "brief": Told(
        "an evidence pack, as one result",
        {
            "names": NAMES,
            "for": maybe(text("whom it is put before")),
            "title": maybe(text("the title asked for")),
            "question": maybe(text("the question asked for")),
            "known": named("what was answered, under the id of the question", text("an answer")),
            "short": flag("whether it was to be short"),
            "full": flag("whether everything was to be told at length"),
        },
        _PACK,
    ),
    "cite": Told("the sources of records, each once", {"names": NAMES, "style": text("the style for people")}, SOURCE),
    "timeline": Told(
        "the cases over the years",
        {"filters": FILTERS, "sort": text("the field sorted by; -FIELD for the other way round")},
        table(_SPAN),
        {"undated": listed("the ids of the cases without any date", text("an id"))},
    ),
    "stats": Told(
        "how many records have which value",
        {"kind": _ASKED_KIND, "filters": FILTERS},
        table(_COUNT),
        {"records": count("how many records were counted")},
    ),
    "consent list": Told("the consent categories", {}, record("category")),
    "consent explain": Told(
        "the consent categories that a name means, with what to read next",
        {"name": text("the name as it was typed"), "scheme": maybe(text("the tool whose word it is"))},
        both(record("category"), table(RELATED)),
    ),
    "consent map": Told(
        "one tool's word for a category in another tool's words",
        {"term": text("the word"), "from": text("the tool whose word it is"), "to": text("the tool in whose words it is wanted")},
        table(
            {
                "kind": {"description": "what it is", "const": "category"},
                "id": text("the category"),
                "name": text("its name"),
                "from": listed("the first tool's words for it", text("a word")),
                "to": listed("the second tool's words for it; perhaps none", text("a word")),
            }
        ),
    ),
    "consent classify": Told(
        "which category each cookie belongs to",
        {"cookies": listed("the names as they were typed", text("a name")), "domain": maybe(text("the domain as it was typed"))},
        table(CLASSIFIED),
    ),
    "consent audit": Told(
        "the cookies in some files, their categories, and what to look at",
        {"files": FILES, "site": SITE, "against": maybe(text("the earlier file"))},
        table(AUDITED),
        {
            "site": maybe(text("the host that was visited, as asked for or as the files say")),
            "formats": listed("what the files are", FORMAT),
            "answered": flag("whether a file holds a visitor's answer to a banner"),
            "changes": {**listed("what is different from the earlier file; null without one", CHANGE), "type": ["array", "null"]},
            "skipped": listed("what was left out of the files", SKIPPED),
            "notes": listed("what files of this format cannot show", text("a sentence")),
        },
    ),
    "consent table": Told("the lines of a cookie page", {"files": FILES, "site": SITE}, table(ROW)),
    "consent export": Told(
        "the configuration of a cookie banner, and the lines it was made from",
        {"files": FILES, "site": SITE, "to": text("the banner")},
        table(ROW),
        {"configuration": text("the configuration as a text"), "notes": listed("what to do with it", text("a sentence"))},
    ),
    "library add": Told("the record that was added", {"kind": KIND, "id": text("its id")}, DONE),
    "library edit": Told("the records that were changed; none where nothing was", {"name": text("the name as it was typed")}, DONE),
    "library remove": Told("the records that were removed", {"names": NAMES}, DONE),
    "library where": Told("the libraries there are", {}, table(_PLACE)),
    "library validate": Told(
        "how many records are right, as the total; mistakes are an error", {}, anything("nothing: there are no results")
    ),
    "library import": Told(
        "what became of each record; above 1,000 records only their counts",
        {"files": FILES, "dry_run": flag("whether nothing was to be written")},
        DONE,
        {
            "folder": text("the folder of the library"),
            "written": flag("whether anything was to be written"),
            "counts": named("how many records were added, changed and unchanged", count("how many")),
            "known": count("how many records were left out because p2p has them already"),
            "faults": listed("what was left out, and why", FAULT),
        },
    ),
    "library export": Told(
        "records as they are written, with every field of their kind; p2p library import reads them back",
        {"words": maybe(WORDS), "kinds": _KINDS, "filters": FILTERS, "own": flag("whether only your own records were asked for")},
        either(record(whose=False), record(variant=ADDITION, whose=False)),
    ),
    "help": Told("texts about p2p", {"topic": maybe(text("the topic asked for; null where all are listed"))}, table(_TOPIC)),
    "completion": Told("a script that lets a shell complete what is typed", {"shell": text("the shell")}, table(_COMPLETION)),
    "schema": Told(
        "the schemas there are; for p2p schema commands, every command with its arguments and options",
        {"name": maybe(text("what was asked for; null where all schemas were"))},
        either(table(_SCHEMA), _COMMAND),
    ),
}
