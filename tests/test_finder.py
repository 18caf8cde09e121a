"""The file of questions and rules: what is made of a right one, and what is said of a wrong one."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from p2p_toolkit import store
from p2p_toolkit.errors import BadRecords
from p2p_toolkit.evidence.choice import STATES
from p2p_toolkit.kinds import finder
from p2p_toolkit.library import open_library
from p2p_toolkit.store import bundled
from p2p_toolkit.words import slug

RIGHT: dict[str, Any] = {
    "as_of": "2026-06-30",
    "everywhere": ["grant"],
    "groups": {"bought": ["lots"]},
    "law": [{"id": "an-act", "ref": "An Act, section 1", "url": "https://example.org/1", "checked": "read"}],
    "question": [
        {
            "id": "paid",
            "label": "Payment",
            "text": "Is it paid?",
            "explain": ["It is paid if money is paid."],
            "choices": [{"answer": "yes", "text": "Yes"}, {"answer": "no", "text": "No"}],
            "law": ["an-act"],
        }
    ],
    "rule": [
        {"routes": ["bought"], "when": {"paid": "no"}, "state": "ruled-out", "why": "Nothing is bought.", "law": ["an-act"]},
        {"routes": ["bought", "grant"], "state": "possible", "why": "It depends."},
    ],
    "note": [{"text": "All of this is old.", "law": ["an-act"]}],
}
ROUTES = ["lots", "grant"]


def faults(table: dict[str, Any]) -> list[str]:
    return [str(fault) for fault in finder.finder_faults(table, ROUTES, "finder.toml")]


def test_a_right_file_has_no_faults_and_its_references_are_replaced() -> None:
    assert faults(RIGHT) == []
    built = finder.build_finder(RIGHT)
    act = {"ref": "An Act, section 1", "url": "https://example.org/1", "checked": "read"}
    assert [(rule["routes"], rule["when"], rule["law"]) for rule in built["rules"]] == [
        (["lots"], {"paid": "no"}, [act]),
        (["lots", "grant"], {}, []),
    ]
    assert built["notes"] == [{"text": "All of this is old.", "law": [act], "when": {}}]
    assert (built["as_of"], built["everywhere"], built["questions"][0]["law"]) == ("2026-06-30", ["grant"], [act])


def change(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def make(table: dict[str, Any]) -> None:
        *before, last = path
        for step in before:
            table = table[step]
        table[last] = to

    return make


@pytest.mark.parametrize(
    ("mistake", "complaint"),
    [
        (
            change("rule", 0, "routes", to=["lot"]),
            "rule number 1: routes is 'lot'; wanted: the id of a route, or a group. Did you mean 'lots'?",
        ),
        (
            change("rule", 0, "when", to={"payed": "no"}),
            "rule number 1: when is 'payed'; wanted: the id of a question. Did you mean 'paid'?",
        ),
        (change("rule", 0, "when", to={"paid": "nope"}), "rule number 1: when is 'nope'; wanted: an answer to paid. Did you mean 'no'?"),
        (change("rule", 0, "when", to="paid"), "rule number 1; wanted: a table of fields."),
        (change("rule", 0, "state", to="offerd"), "wanted: one of offered, possible, ruled-out. Did you mean 'offered'?"),
        (change("rule", 0, "why", to=""), "rule number 1: why is empty; wanted: the reason, in a sentence or two."),
        (
            change("rule", 0, "law", to=["act"]),
            "rule number 1: law is 'act'; wanted: the id of a provision under [[law]]. Did you mean 'an-act'?",
        ),
        (change("rule", 0, "reason", to="x"), "rule number 1: reason; wanted: a field that exists."),
        (change("rule", 1, "when", to={"paid": "yes"}), "route:grant; wanted: a rule without conditions, for whatever else is answered."),
        (change("rule", 0, "when", to={}), "question:paid; wanted: a rule that asks for it."),
        (change("groups", "bought", to="lots"), "groups; wanted: names, each with a list of route ids."),
        (change("groups", "bought", to=["lots", "lost"]), "bought is 'lost'; wanted: the id of a route. Did you mean 'lots'?"),
        (change("everywhere", to=["grants"]), "everywhere is 'grants'; wanted: the id of a route. Did you mean 'grant'?"),
        (change("as_of", to="today"), "finder: as_of is 'today'; wanted: a date as YYYY, YYYY-MM or YYYY-MM-DD."),
        (change("law", 0, "url", to="ftp://x"), "law:an-act: url is 'ftp://x'; wanted: an address that begins with https:// or http://."),
        (change("question", 0, "choices", to=[]), "question:paid: choices is empty; wanted: the answers there are."),
        (change("question", 0, "text", to="\x1b[31m"), "wanted: text without control characters."),
        (change("note", 0, "text", to=1), "note number 1: text is 1; wanted: text."),
        (change("rules", to=[]), "rules; wanted: a field that exists."),
        (change("law", to=[*RIGHT["law"], *RIGHT["law"]]), "law:an-act; wanted: an id used once."),
    ],
    ids=lambda value: "" if callable(value) else value[:30],
)
def test_a_mistake_is_told(mistake: Callable[[dict[str, Any]], None], complaint: str) -> None:
    table = copy.deepcopy(RIGHT)
    mistake(table)
    [told, *_] = faults(table)
    assert told.startswith("finder.toml: ")
    assert told.endswith(complaint)


def test_a_broken_file_stops_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "route_finder.toml").write_text('as_of = "2026-06-30"\n')
    monkeypatch.setattr(bundled, "bundled_folder", lambda: tmp_path)
    with pytest.raises(BadRecords) as raised:
        store.read_rules(BUNDLED)
    assert "route:light-touch; wanted: a rule without conditions" in raised.value.message


BUNDLED = store.read_bundled()
SHIPPED = store.read_rules(BUNDLED)["route finder"]


def test_the_index_holds_the_finder_of_the_file() -> None:
    assert open_library().route_finder == SHIPPED


def test_the_states_of_the_file_are_those_of_the_choice() -> None:
    assert tuple(finder.STATES) == STATES


def test_the_provisions_of_the_rules_stand_in_the_records_or_are_few() -> None:
    """What the rules cite was written down, with how it was checked, in the records of the routes."""
    known: dict[str, set[str]] = {}
    for one in BUNDLED:
        if one.kind.name == "route":
            table = one.table
            for basis in (*table.get("legal_basis", ()), *table["sources"]):
                known.setdefault(basis["url"], set()).add(basis.get("checked", ""))
    cited = {(law["url"], law["checked"]) for rule in (*SHIPPED["rules"], *SHIPPED["questions"], *SHIPPED["notes"]) for law in rule["law"]}
    assert sorted(url for url, _ in cited if url not in known) == [
        "https://www.legislation.gov.uk/asp/2014/12/section/12",  # a rule of Scotland that no record tells yet
        "https://www.legislation.gov.uk/ukpga/2023/54/section/2",  # whom the Act binds
    ]
    # Nothing is said to be read here that a record only knows at second hand.
    weaker = {"secondary", "unchecked"}
    assert [(url, how) for url, how in cited if how == "read" and known.get(url, {"read"}) <= weaker] == []


def test_the_rules_keep_to_the_words_of_the_records() -> None:
    texts = [
        *(rule["why"] for rule in SHIPPED["rules"]),
        *(text for question in SHIPPED["questions"] for text in (question["text"], *question["explain"])),
        *(note["text"] for note in SHIPPED["notes"]),
    ]
    jargon = re.compile(r"\b(CCG|ICB|VCSE|NHS|GP|PSR|PA|PCR|reg \d|s\.\d)\b")
    assert [text for text in texts if jargon.search(text)] == []
    assert [text for text in texts if not text.endswith((".", "?"))] == []
    long = [sentence for text in texts for sentence in re.split(r"(?<=[.?:;])\s", text) if len(sentence.split()) > 27]
    assert long == []


def test_answers_and_ids_can_be_typed() -> None:
    for question in SHIPPED["questions"]:
        assert question["id"] == slug(question["id"])
        answers = [choice["answer"] for choice in question["choices"]]
        assert answers == [slug(answer) for answer in answers]
        assert not {"b", "d", "?", "unknown"} & set(answers)
