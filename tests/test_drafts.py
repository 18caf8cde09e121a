"""Drafts: records that say what they still lack, and may lack it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from builders import A_RECORD_OF, a_case, a_record, a_route, toml
from conftest import Ran

from p2p_toolkit import kinds
from p2p_toolkit.fields import complete, fields_of
from p2p_toolkit.kinds import Kind, check, kind_of

MAY_BE_DRAFTS = [kind for kind in kinds.KINDS if kind.drafts]
FORMATS = ("table", "json", "markdown")
# What Python calls nothing has no place in an answer for people.
NOTHING = re.compile(r"(?<![\w.] )\bNone\b(?! (is|was|of))")


def a_draft(**changes: Any) -> dict[str, Any]:
    return a_record(**{"draft": ["the route: nobody has said how it was made lawful", "the results"], **changes})


@pytest.mark.parametrize("kind", MAY_BE_DRAFTS, ids=lambda kind: kind.name)
def test_a_draft_may_lack_what_others_need(kind: Kind) -> None:
    assert check(kind, a_draft()) == []
    assert check(kind, a_record()) != []


@pytest.mark.parametrize("name", ["id", "name", "summary", "sources"])
def test_but_not_what_it_is_and_where_that_is_from(name: str) -> None:
    lacking = {key: value for key, value in a_draft().items() if key != name}
    assert name in [fault.field for fault in check(kind_of("case"), lacking)]


@pytest.mark.parametrize("draft", [[], "the results", [""], [3]])
def test_a_draft_says_what_is_missing(draft: Any) -> None:
    assert "draft" in {fault.field.partition("[")[0] for fault in check(kind_of("case"), a_draft(draft=draft))}


@pytest.mark.parametrize("name", ["category", "cookie"])
def test_half_a_category_or_cookie_is_none(name: str) -> None:
    """What visitors are asked rests on these."""
    assert check(kind_of(name), a_draft()) != []
    assert check(kind_of(name), A_RECORD_OF[name](draft=["a second source"])) == []


@pytest.mark.parametrize("kind", MAY_BE_DRAFTS, ids=lambda kind: kind.name)
def test_the_schema_lets_only_a_draft_lack_them(kind: Kind) -> None:
    schema = kinds.schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"kind": kind.name, **complete(fields_of(kind.record).shape, a_draft())}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"kind": kind.name, **complete(fields_of(kind.record).shape, {**a_record(), "draft": []})}, schema)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A library with a draft of each kind, all tied to each other, and a route's whole record with a draft case."""
    tables = {
        "case": a_draft(id="a-case", name="A draft case", routes=[{"id": "a-route", "certainty": "inferred"}]),
        "route": a_draft(id="a-route", name="A draft route"),
        "objection": a_draft(id="an-objection", name="Zebras cannot be trusted", routes=["a-route"], cases=["a-case"]),
        "principle": a_draft(id="a-principle", name="A draft principle", usual_routes=["a-route"]),
    }
    for kind, table in tables.items():
        (tmp_path / f"{kind}.toml").write_text(toml(kind, table), encoding="utf-8")
    (tmp_path / "whole.toml").write_text(toml("case", a_case(id="whole", routes=[{"id": "a-route", "certainty": "stated"}])))
    (tmp_path / "route.more.toml").write_text(toml("route", a_route(id="other-route", nations=["wales"])))
    return tmp_path


COMMANDS = [
    ("library", "validate"),
    ("list", "case"),
    ("list", "case", "--sort", "nation"),
    ("list", "route"),
    ("list", "objection"),
    ("list", "principle"),
    ("show", "case:a-case"),
    ("show", "route:a-route"),
    ("show", "objection:an-objection"),
    ("show", "principle:a-principle"),
    ("search", "draft"),
    ("search", "draft", "--explain"),
    ("search", "draft", "--facets"),
    ("answer",),
    ("answer", "zebras cannot be trusted"),
    ("compare", "a-case", "oldham"),
    ("compare", "a-route", "innovation-partnership"),
    ("routes", "--nation", "scotland"),
    ("routes", "--nation", "england", "--full"),
    ("stats",),
    ("stats", "case"),
    ("stats", "route"),
    ("stats", "objection"),
    ("stats", "principle"),
    ("timeline",),
    ("timeline", "--sort", "status"),
    ("brief", "case:a-case", "route:a-route", "objection:an-objection", "principle:a-principle"),
    ("brief", "a-case", "--format", "html"),
    ("cite", "a-case"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("format", FORMATS)
def test_every_command_bears_drafts(run: Callable[..., Ran], own: Path, command: tuple[str, ...], format: str) -> None:
    chosen = () if "--format" in command else ("--format", format)
    ran = run(*command, *chosen, "--library", str(own))
    assert ran.code == 0, ran.err
    assert format == "json" or not NOTHING.search(ran.out)


def test_a_draft_is_shown_as_one_with_what_is_missing(run: Callable[..., Ran], own: Path) -> None:
    told = "This is a draft. Still missing: the route: nobody has said how it was made lawful; the results."
    assert f"Please note: {told}" in run("show", "a-case", "--library", str(own)).out
    assert told in run("brief", "a-case", "--library", str(own)).out
    assert told in run("answer", "zebras cannot be trusted", "--library", str(own)).out


@pytest.mark.parametrize("command", [("list", "case"), ("search", "draft case"), ("timeline",)], ids=" ".join)
def test_listings_mark_a_draft_and_nothing_else(run: Callable[..., Ran], own: Path, command: tuple[str, ...]) -> None:
    lines = run(*command, "--library", str(own)).out.splitlines()
    assert [line.split("\t")[0] for line in lines if "A draft case (draft)" in line or "A draft case (yours, draft)" in line] == ["a-case"]
    assert not any("(draft)" in line for line in lines if line.startswith(("oldham", "whole")))


def test_scripts_get_the_field_of_every_record(run: Callable[..., Ran], own: Path) -> None:
    results = json.loads(run("list", "case", "--library", str(own), "--json").out)["results"]
    assert {one["id"] for one in results if one["draft"]} == {"a-case"}
    assert all(one["name"] != "A draft case (draft)" for one in results)


def test_a_draft_route_that_names_no_nation_is_ruled_out_nowhere(run: Callable[..., Ran], own: Path) -> None:
    results = json.loads(run("routes", "--nation", "scotland", "--library", str(own), "--json").out)["results"]
    states = {one["id"]: one["state"] for one in results}
    assert (states["a-route"], states["other-route"]) == ("possible", "ruled-out")
