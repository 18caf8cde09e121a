"""What a record is: its rules, and what is said of one that breaks them."""

from __future__ import annotations

import datetime
from typing import Any

import jsonschema
import pytest
from builders import A_RECORD_OF, A_SOURCE, a_case
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit import kinds
from p2p_toolkit.fields import complete, fields_of, pack, unpack
from p2p_toolkit.kinds import KINDS, Kind
from p2p_toolkit.kinds.checks import LONGEST_LIST, LONGEST_PROSE

CASE = kinds.kind_of("case")


def faults(table: dict[str, Any], kind: Kind = CASE) -> list[str]:
    return [str(fault) for fault in kinds.check(kind, table, file="f.toml")]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_right_record_of_each_kind_has_no_faults(kind: Kind) -> None:
    assert faults(A_RECORD_OF[kind.name](), kind) == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_record_as_plain_data_has_every_field_and_fits_its_schema(kind: Kind) -> None:
    fields = fields_of(kind.record)
    table = {"kind": kind.name, **complete(fields.shape, kinds.tidy(kind, A_RECORD_OF[kind.name]()))}
    assert [field.name for field in fields] == list(table)[1:]
    jsonschema.Draft202012Validator.check_schema(kinds.schema(kind))
    jsonschema.validate(table, kinds.schema(kind))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_descriptions_of_fields_survive_the_index(kind: Kind) -> None:
    fields = fields_of(kind.record)
    assert unpack(pack(fields)) == fields


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        (
            {"id": "Old Ham"},
            "f.toml: id is 'Old Ham'; wanted: lower-case letters and figures joined by hyphens, at most 80.",
        ),
        (
            {"id": "../etc/passwd"},
            "f.toml: id is '../etc/passwd'; wanted: lower-case letters and figures joined by hyphens, at most 80.",
        ),
        ({"nation": "englnd"}, "nation is 'englnd'; wanted: one of england, northern-ireland, scotland, wales. Did you mean 'england'?"),
        ({"nation": "x" * 78}, f"nation is '{'x' * 78}'; wanted: one of england, northern-ireland, scotland, wales."),
        ({"nation": "x" * 79}, f"nation is '{'x' * 76}...; wanted: one of england, northern-ireland, scotland, wales."),
        ({"nmae": "x"}, "nmae; wanted: a field that exists. Did you mean 'name'?"),
        ({"places": "Oldham"}, "places is 'Oldham'; wanted: a list."),
        ({"places": []}, "places is empty; wanted: towns, boroughs, counties."),
        ({"places": ["Oldham", "Oldham"]}, "places is 'Oldham'; wanted: each entry once."),
        ({"started": "next year"}, "started is 'next year'; wanted: a date as YYYY, YYYY-MM or YYYY-MM-DD."),
        ({"started": "2019-13"}, "started is '2019-13'; wanted: a date as YYYY, YYYY-MM or YYYY-MM-DD."),
        ({"started": 2019}, "started is 2019; wanted: text."),
        ({"value_gbp": "1,000"}, "value_gbp is '1,000'; wanted: a whole number, without commas."),
        ({"value_gbp": True}, "value_gbp is True; wanted: a whole number, without commas."),
        ({"value_gbp": -1}, "value_gbp is -1; wanted: a whole number, without commas."),
        (
            {"summary": "It saved £3m."},
            "summary is 'It saved £3m.'; wanted: a source marker such as [1] in each sentence that holds a figure.",
        ),
        (
            {"summary": "Fine [1]. In 2019 it ended."},
            "summary is 'In 2019 it ended.'; wanted: a source marker such as [1] in each sentence that holds a figure.",
        ),
        ({"summary": "It works [2]."}, "summary is [2]; wanted: the number of a source, 1 to 1."),
        ({"name": "Old\x1b[31mham"}, r"name is 'Old\x1b[31mham'; wanted: text without control characters."),
        ({"name": "Old\u202eham"}, r"name is 'Old\u202eham'; wanted: text without control characters."),
        ({"name": "two\nlines"}, r"name is 'two\nlines'; wanted: one line of at most 400 characters."),
        ({"term": "  "}, "term is blank; wanted: how long the arrangement lasts."),
        ({"term": ""}, "term is empty; wanted: how long the arrangement lasts; leave the field out where it is not known."),
        ({"routes": ["grant"]}, "routes[1] is 'grant'; wanted: a table of fields."),
        ({"routes": [{"id": "grant", "certainty": "sure"}]}, "routes[1].certainty is 'sure'; wanted: one of stated, described, inferred."),
        (
            {"outcomes": [{"text": "Fewer stays."}]},
            "outcomes[1].evidence; wanted: who says so: independent, commissioner-or-provider, claimed, expected.",
        ),
        (
            {"sources": [{**A_SOURCE, "url": "javascript:alert(1)"}]},
            "sources[1].url is 'javascript:alert(1)'; wanted: an address that begins with https:// or http://.",
        ),
        ({"sources": []}, "sources is empty; wanted: where the facts come from, in the order of their numbers."),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_mistake_is_told_with_what_was_wanted(changes: dict[str, Any], complaint: str) -> None:
    assert any(told.endswith(complaint) for told in faults(a_case(**changes))), faults(a_case(**changes))


MOST = [f"name {number}" for number in range(LONGEST_LIST)]


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        (
            {"id": "x" * 80},
            {"id": "x" * 81},
            f"id is '{'x' * 76}...; wanted: lower-case letters and figures joined by hyphens, at most 80.",
        ),
        ({"aliases": MOST}, {"aliases": [*MOST, "one more"]}, "aliases is a list of 401; wanted: at most 400 entries."),
        ({"term": "x" * LONGEST_PROSE}, {"term": "x" * (LONGEST_PROSE + 1)}, f"term is '{'x' * 76}...; wanted: at most 6000 characters."),
        ({"value_gbp": 0}, {"value_gbp": -1}, "value_gbp is -1; wanted: a whole number, without commas."),
        ({"value_gbp": 10**15 - 1}, {"value_gbp": 10**15}, f"value_gbp is {10**15}; wanted: a whole number, without commas."),
        (
            {"sources": [{**A_SOURCE, "url": "https://" + "x" * 1_992}]},
            {"sources": [{**A_SOURCE, "url": "https://" + "x" * 1_993}]},
            f"sources[1].url is 'https://{'x' * 68}...; wanted: an address that begins with https:// or http://.",
        ),
        ({}, {"changed": ["name"]}, "changed; wanted: nothing: p2p works out what a record changes."),
    ],
    ids=lambda value: next(iter(value), "") if isinstance(value, dict) else "",
)
def test_a_limit_is_exact(right: dict[str, Any], wrong: dict[str, Any], complaint: str) -> None:
    assert faults(a_case(**right)) == []
    [told] = faults(a_case(**wrong))
    assert told.endswith(complaint)


def test_a_flag_is_true_or_false() -> None:
    told = faults(A_RECORD_OF["cookie"](staff_only="no"), kinds.kind_of("cookie"))
    assert told == ["f.toml: cookie:somewhere: staff_only is 'no'; wanted: true or false."]


def test_links_say_what_ties_them() -> None:
    case = a_case(routes=[{"id": "grant", "certainty": "inferred"}], principles=[{"id": "trust", "by": "e3m"}])
    assert [tuple(link) for link in kinds.links_of(CASE, case)] == [
        ("routes", "route", "grant", "our reading"),
        ("principles", "principle", "trust", "E3M says so"),
    ]
    objection = A_RECORD_OF["objection"](routes=["grant"], cases=["oldham"])
    assert [tuple(link) for link in kinds.links_of(kinds.kind_of("objection"), objection)] == [
        ("routes", "route", "grant", "objection it helps to answer"),
        ("cases", "case", "oldham", "objection it helps to answer"),
    ]


def test_every_mistake_is_told_not_only_the_first() -> None:
    assert len(faults(a_case(nation="x", places=[], value_gbp="a", started="b"))) == 4


def test_a_name_with_a_figure_in_it_needs_no_source() -> None:
    assert faults(a_case(summary="E3M and P3 work together.")) == []


def test_a_date_of_toml_counts_as_a_date() -> None:
    table = a_case(started=datetime.date(2019, 4, 1))
    assert faults(table) == []
    assert kinds.tidy(CASE, table)["started"] == "2019-04-01"


def test_sources_that_no_sentence_points_to_are_found() -> None:
    assert kinds.unused_sources(CASE, a_case(sources=[A_SOURCE, A_SOURCE | {"title": "Another"}])) == [2]
    told = {"summary": "They work together.", "lessons": ["Ask early.", "It took 14 months [2]."]}
    assert kinds.unused_sources(CASE, a_case(**told, sources=[A_SOURCE, A_SOURCE | {"title": "Another"}])) == [1]


plain_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(table=st.dictionaries(st.sampled_from([field.name for field in fields_of(CASE.record)]) | st.text(max_size=8), plain_data))
def test_no_table_whatever_is_in_it_makes_the_check_fail(table: dict[str, Any]) -> None:
    assert all(fault.wanted for fault in kinds.check(CASE, table))


def test_a_moment_is_no_date() -> None:

    [case] = [kind for kind in kinds.KINDS if kind.name == "case"]
    assert kinds.check(case, a_case(started=datetime.date(2019, 4, 1))) == []
    [fault] = kinds.check(case, a_case(started=datetime.datetime(2019, 4, 1, 10, tzinfo=datetime.UTC)))
    assert fault.field == "started"
