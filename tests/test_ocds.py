"""Contract notices in the Open Contracting Data Standard as draft cases: what is taken, what is left alone, and what is hostile."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any

import pytest
from builders import same_as_golden
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit.errors import Fault
from p2p_toolkit.imports import cases, codes, ocds, releases
from p2p_toolkit.imports.ocds import Draft
from p2p_toolkit.kinds import check, kind_of

CASE = kind_of("case")
NOTICE = {
    "id": "1",
    "documentType": "awardNotice",
    "url": "https://www.contractsfinder.service.gov.uk/Notice/0f1e",
    "datePublished": "2025-03-11T14:01:21Z",
}
PARTIES = [
    {
        "id": "GB-1",
        "name": "Somewhere Council",
        "roles": ["buyer"],
        "address": {"locality": "Somewhere", "postalCode": "SO1 1AA", "countryName": "United Kingdom"},
    },
    {"id": "GB-2", "name": "Good Works CIC", "roles": ["supplier"]},
]
TENDER = {
    "id": "T1",
    "title": "Home visits for older people",
    "description": "Visits to 120 people at home. They cost £5 each.",
    "status": "complete",
    "classification": {"scheme": "CPV", "id": "85311100"},
    "items": [{"id": "1", "deliveryAddresses": [{"region": "South West", "locality": "Otherplace"}]}],
    "value": {"amount": 150000, "currency": "GBP"},
    "procurementMethod": "open",
    "procurementMethodDetails": "Open procedure",
    "contractPeriod": {"startDate": "2025-05-06T00:00:00+01:00", "endDate": "2028-05-05T23:59:59+01:00"},
}
AWARD = {
    "id": "A1",
    "status": "active",
    "value": {"amount": 140000.4, "currency": "GBP"},
    "suppliers": [{"id": "GB-2", "name": "Good Works CIC"}],
    "documents": [NOTICE],
}
CONTRACT = {"id": "C1", "awardID": "A1", "status": "active", "value": {"amount": 139500, "currency": "GBP"}}


def a_release(**changes: Any) -> dict[str, Any]:
    release = {
        "ocid": "ocds-b5fd17-0f1e-2d3c",
        "id": "0f1e-1",
        "date": "2025-03-11T14:01:22Z",
        "tag": ["award"],
        "buyer": {"id": "GB-1", "name": "Somewhere Council"},
        "parties": PARTIES,
        "tender": TENDER,
        "awards": [AWARD],
        **changes,
    }
    return {name: value for name, value in release.items() if value is not None}


def with_tender(**changes: Any) -> dict[str, Any]:
    tender = {name: value for name, value in {**TENDER, **changes}.items() if value is not None}
    return a_release(tender=tender, awards=None)


def a_package(*releases: Any, **changes: Any) -> dict[str, Any]:
    return {
        "uri": "https://www.contractsfinder.service.gov.uk/Published/Notices/OCDS/Search?limit=100",
        "version": "1.1",
        "publishedDate": "2025-03-12T00:00:00Z",
        "publisher": {"name": "Crown Commercial Service"},
        "releases": list(releases),
        **changes,
    }


def found_in(content: bytes) -> list[Draft | Fault]:
    return list(ocds.drafts(io.BytesIO(content), "notices.json"))


def found(document: Any) -> list[Draft | Fault]:
    return found_in(json.dumps(document, indent=1).encode())


def of_lines(*documents: Any) -> list[Draft | Fault]:
    return found_in("".join(json.dumps(one) + "\n" for one in documents).encode())


def record(release: Any) -> dict[str, Any]:
    [draft] = found(a_package(release))
    assert isinstance(draft, Draft), draft
    assert check(CASE, draft.record) == []
    return draft.record


def places(results: Iterable[Draft | Fault]) -> list[tuple[str, bool]]:
    return [(one.place, True) if isinstance(one, Draft) else (one.record, False) for one in results]


def test_a_whole_draft() -> None:
    assert same_as_golden("ocds.json", json.dumps(record(a_release(contracts=[CONTRACT])), ensure_ascii=False, indent=2) + "\n")


# What is open contracting data, and in which forms.


@pytest.mark.parametrize(
    "document",
    [
        a_package(a_release()),
        a_package(),
        {"records": [{"ocid": "ocds-a-1"}], "uri": "x"},
        a_release(),
        {"ocid": "ocds-a-1", "compiledRelease": {"ocid": "ocds-a-1"}},
    ],
)
def test_it_is_told_by_what_it_holds(document: Any) -> None:
    for text in (json.dumps(document), json.dumps(document, indent=2), "\ufeff" + json.dumps(document) + "\n{}\n"):
        assert ocds.is_one(text)


@pytest.mark.parametrize("text", ["", "{}", "[]", '"ocid"', "ocid,tag\n", '{"ocid": "x"}', '{"log": {"version": "1"}}', '{"results": 1}'])
def test_other_files_are_not_taken_for_it(text: str) -> None:
    assert not ocds.is_one(text)


def test_the_start_of_a_long_file_is_enough() -> None:
    assert ocds.is_one(json.dumps(a_package(a_release()))[:300])


def test_every_form_gives_the_same_draft() -> None:
    release = a_release()
    forms = [
        found(a_package(release)),
        found({"records": [{"ocid": release["ocid"], "compiledRelease": release}], **a_package()}),
        found({"releases": [release], "publisher": {"name": "Crown Commercial Service"}, "uri": "https://example.org/p"}),
        of_lines(a_package(release)),
        of_lines({**a_package(), "releases": [], "records": [{"ocid": release["ocid"], "releases": [release]}]}),
        found_in(b"\xef\xbb\xbf" + json.dumps(a_package(release)).encode()),
        found_in(json.dumps(a_package(release)).encode("utf-16")),
    ]
    records = [one.record for form in forms for one in form if isinstance(one, Draft)]
    assert records == [records[0]] * len(forms)


def test_releases_and_records_that_stand_alone() -> None:
    release = a_release()
    alone = [*found(release), *found({"ocid": release["ocid"], "compiledRelease": release})]
    alone += found({"ocid": release["ocid"], "compiledRelease": {name: value for name, value in release.items() if name != "ocid"}})
    assert places(alone) == [("release", True), ("record", True), ("record", True)]
    assert places(of_lines(release, {"ocid": "ocds-a-2", "compiledRelease": {**release, "ocid": "ocds-a-2"}})) == [
        ("line 1, release", True),
        ("line 2, record", True),
    ]


def test_what_a_package_says_of_itself_may_stand_behind_its_releases() -> None:
    release = a_release(ocid="ocds-x-1", awards=None)
    document = {"releases": [release], "publisher": {"name": "A publisher"}, "uri": "https://example.org/package"}
    for form in (found(document), of_lines(document)):
        [source] = [one.record["sources"][0] for one in form if isinstance(one, Draft)]
        assert (source["url"], source["publisher"]) == ("https://example.org/package", "A publisher")


# Several releases of one process.


def test_releases_of_one_process_are_merged_by_date() -> None:
    early = a_release(date="2024-01-01T00:00:00Z", awards=None, tender={**TENDER, "title": "An earlier title", "status": "active"})
    [draft] = found(a_package(a_release(tender={"title": TENDER["title"]}), a_release(ocid="ocds-b5fd17-1"), early))[:1]
    assert isinstance(draft, Draft)
    assert (draft.record["name"], draft.record["partners"], draft.record["started"]) == (TENDER["title"], ["Good Works CIC"], "2025-05-06")


@pytest.mark.parametrize(
    ("earlier", "later", "whole"),
    [
        ({"tender": {"title": "a", "status": "x"}}, {"tender": {"title": "b"}}, {"tender": {"title": "b", "status": "x"}}),
        ({"awards": [{"id": 1, "title": "a"}]}, {"awards": [{"id": "1", "status": "x"}, {"id": 2}]},
         {"awards": [{"id": "1", "title": "a", "status": "x"}, {"id": 2}]}),
        ({"parties": [{"name": "a"}]}, {"parties": [{"name": "b"}]}, {"parties": [{"name": "b"}]}),
        ({"buyer": {"name": "a"}}, {}, {"buyer": {"name": "a"}, "buyers": ["a"]}),
    ],
)  # fmt: skip
def test_a_later_value_takes_the_place_of_an_earlier_one(earlier: dict[str, Any], later: dict[str, Any], whole: dict[str, Any]) -> None:
    dated = [{"date": "2025-01-01T01:00:00+02:00", **later}, {"date": "2024-12-31T22:00:00Z", **earlier}]
    assert releases.merged(dated) == {"buyers": [], **whole, "date": dated[0]["date"]}


def test_a_number_under_which_several_bodies_bought_is_told() -> None:
    [draft] = found(a_package(a_release(), a_release(date="2026-01-01T00:00:00Z", buyer={"name": "Another Council"})))
    assert isinstance(draft, Draft)
    assert any("several buyers" in one for one in draft.record["draft"])
    assert draft.record["commissioners"] == ["Another Council"]


def test_few_releases_wait_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond what may wait, the process that nothing came for the longest is done; a late release is told."""
    monkeypatch.setattr(ocds, "MOST_WAITING", 5_000)
    many = [a_release(ocid=f"ocds-b5fd17-{number}") for number in range(20)]
    results = found(a_package(*many, many[19], many[0]))
    assert [one.record["id"] for one in results if isinstance(one, Draft)] == [one["ocid"] for one in many]
    assert [one.record for one in results if isinstance(one, Fault)] == ["release number 22"]


# What is taken from a release.


@pytest.mark.parametrize(
    ("release", "field", "value"),
    [
        (a_release(), "id", "ocds-b5fd17-0f1e-2d3c"),
        (a_release(), "name", "Home visits for older people"),
        (with_tender(title=None), "name", "Contracting process ocds-b5fd17-0f1e-2d3c"),
        (a_release(tender={}, awards=[{**AWARD, "title": "Visits"}]), "name", "Visits"),
        (a_release(), "summary", 'Somewhere Council awarded a contract to Good Works CIC: "Home visits for older people" [1].'),
        (a_release(contracts=[CONTRACT]), "summary",
         'Somewhere Council gave a contract to Good Works CIC: "Home visits for older people" [1].'),
        ({**with_tender(), "parties": PARTIES[:1]}, "summary",
         'Somewhere Council published a notice of a contract: "Home visits for older people" [1].'),
        (a_release(buyer=None, parties=None), "summary",
         'A public body awarded a contract to Good Works CIC: "Home visits for older people" [1].'),
        (a_release(), "action", 'The notice says: "Visits to 120 people at home [1]. They cost £5 each." [1].'),
        (with_tender(description="It [7] is \"good\".\n\nSee 3.5 [99]."), "action",
         'The notice says: "It (7) is \'good\' [1]. See 3.5 (99)." [1].'),
        (a_release(), "commissioners", ["Somewhere Council"]),
        (a_release(buyer={"id": "GB-1"}), "commissioners", ["Somewhere Council"]),
        (a_release(buyer=None), "commissioners", ["Somewhere Council"]),
        (a_release(), "partners", ["Good Works CIC"]),
        (a_release(awards=[{**AWARD, "suppliers": [{"id": "GB-2"}]}]), "partners", ["Good Works CIC"]),
        (a_release(awards=[{**AWARD, "status": "cancelled"}]), "partners", None),
        (a_release(contracts=[CONTRACT]), "value_gbp", 139500),
        (a_release(contracts=[CONTRACT]), "value_kind", "contract-value"),
        (a_release(), "value_gbp", 140000),
        (a_release(awards=[{**AWARD, "value": {"amount": 0, "currency": "GBP"}}]), "value_gbp", 150000),
        (with_tender(), "value_kind", "estimate"),
        (with_tender(value=None, lots=[{"id": 1, "value": {"amount": 7, "currency": "gbp"}}]), "value_gbp", 7),
        (with_tender(value={"amount": 9000.5, "currency": "EUR"}), "value_gbp", None),
        (with_tender(value={"amount": 9000.5, "currency": "EUR"}), "value_note", "The notice gives the tender a value of 9,000.5 EUR [1]."),
        (with_tender(value={"amount": 9000}), "value_note",
         "The notice gives the tender a value of 9,000 in a currency that is not named [1]."),
        (a_release(contracts=[CONTRACT, {**CONTRACT, "id": "C2"}]), "value_gbp", None),
        (a_release(contracts=[CONTRACT, {**CONTRACT, "id": "C2"}]), "value_note",
         "The notices give 2 contracts a value each [1]. No sum was made of them."),
        (a_release(), "started", "2025-05-06"),
        (a_release(), "ended", "2028-05-05"),
        (a_release(), "term", "3 years by the dates in the notice [1]."),
        (a_release(contracts=[{**CONTRACT, "period": {"startDate": "2025-06-01", "endDate": "2026-11-30"}}]), "term",
         "18 months by the dates in the notice [1]."),
        (with_tender(contractPeriod={"startDate": "2025-06-01", "endDate": "2025-06-10"}), "term",
         "10 days by the dates in the notice [1]."),
        (with_tender(contractPeriod={"startDate": "2026-06-01", "endDate": "2025-06-10"}), "ended", None),
        (with_tender(contractPeriod={"startDate": "0001-01-01T00:00:00Z", "endDate": "9999-12-31"}), "started", None),
        (with_tender(contractPeriod={"startDate": "2025-02-30"}), "started", None),
        (a_release(), "status", None),
        (a_release(contracts=[CONTRACT]), "status", "planned"),
        (a_release(contracts=[{**CONTRACT, "period": {"startDate": "2025-01-01T00:00:00Z"}}]), "status", "running"),
        (a_release(contracts=[CONTRACT]), "status_seen", "2025-03-11"),
        (a_release(contracts=[{**CONTRACT, "status": "terminated"}]), "status", "ended"),
        (a_release(contracts=[{**CONTRACT, "status": "pending"}]), "status", "planned"),
        (a_release(contracts=[{**CONTRACT, "status": "cancelled"}]), "status", None),
        (with_tender(status="active"), "status", "planned"),
        (with_tender(status="cancelled"), "status", None),
        (with_tender(status="cancelled"), "status_note", "The notice says that the tender was cancelled [1]."),
        (a_release(), "sectors", ["older-people"]),
        (with_tender(classification={"scheme": "CPV", "id": "85000000"}), "sectors", None),
        (with_tender(classification={"scheme": "X", "id": "80000000"}), "sectors", None),
        (with_tender(classification=None, items=[{"additionalClassifications": [{"scheme": "CPV", "id": "80000000-4"}]}]),
         "sectors",
         ["education"]),
        (a_release(), "unknown", ["Which lawful route it was. The notice gives the method as open: 'Open procedure' [1]."]),
        (with_tender(procurementMethod=None, procurementMethodDetails='Other - "Section 3. Rule 4"'), "unknown",
         ["Which lawful route it was. The notice gives the method as 'Other - 'Section 3 [1]. Rule 4'' [1]."]),
        (with_tender(procurementMethod=None, procurementMethodDetails=None), "unknown", None),
        (a_release(), "routes", None),
        (a_release(), "problem", None),
    ],
)  # fmt: skip
def test_fields(release: Any, field: str, value: Any) -> None:
    assert record(release).get(field) == value


@pytest.mark.parametrize(
    ("addresses", "place", "region", "nation"),
    [
        ([{"region": "South West", "locality": "Otherplace"}], ["Otherplace"], "south-west", "england"),
        ([{"region": "UKE21"}], ["Somewhere"], "yorkshire-and-the-humber", "england"),
        ([{"region": "TLC"}, {"region": "UKC11"}], ["Somewhere"], "north-east", "england"),
        ([{"region": "UKK South West"}], ["Somewhere"], "south-west", "england"),
        ([{"region": "UKM"}], ["Somewhere"], None, "scotland"),
        ([{"region": "UKN06"}], ["Somewhere"], None, "northern-ireland"),
        ([{"region": "UKL2"}, {"countryName": "United Kingdom"}], ["Somewhere"], None, "wales"),
        ([{"region": "England"}], ["Somewhere"], None, "england"),
        ([{"region": "London"}, {"region": "South East"}], ["Somewhere"], None, "england"),
        ([{"region": "London"}, {"region": "Wales"}], ["Somewhere"], None, None),
        ([{"region": "UKZ"}, {"region": "FR101"}, {"postalCode": "EH1 1AA"}], ["Somewhere"], None, None),
        ([], ["Somewhere"], None, None),
    ],
)
def test_places(addresses: Any, place: list[str], region: str | None, nation: str | None) -> None:
    found = record(with_tender(items=[{"id": "1", "deliveryAddresses": addresses}]))
    assert (found.get("places"), found.get("region"), found.get("nation")) == (place, region, nation)
    assert ("the nation" in found["draft"]) == (nation is None)
    assert ("the place: only the buyer's address is known" in found["draft"]) == (place == ["Somewhere"])


def test_what_an_award_buys_is_taken_where_the_tender_does_not_say_it() -> None:
    item = {"id": "1", "additionalClassifications": [{"scheme": "CPV", "id": "80000000"}], "deliveryAddresses": [{"region": "UKC"}]}
    found = record(a_release(tender={"title": "Lessons"}, awards=[{**AWARD, "items": [item]}]))
    assert (found["sectors"], found["region"]) == (["education"], "north-east")


@pytest.mark.parametrize(
    ("codes_given", "meant"),
    [
        (["92511000"], ["libraries"]),
        (["92520000", "92600000"], ["leisure-and-culture"]),
        (["85100000"], ["health"]),
        (["85310000", "98000000", "45000000", ""], []),
        (["90511000", "90900000"], ["environment"]),
    ],
)
def test_codes_mean_a_sector_only_where_that_is_sure(codes_given: list[str], meant: list[str]) -> None:
    assert codes.sectors(codes_given) == meant
    assert set(meant) <= set(CASE.record.__dataclass_fields__["sectors"].metadata["words"])


@pytest.mark.parametrize(
    ("release", "package", "urls"),
    [
        (a_release(), {}, [NOTICE["url"]]),
        (a_release(contracts=[{**CONTRACT, "documents": [{"id": 2, "documentType": "contractNotice", "url": "https://example.org/c",
                                                          "datePublished": "2026-01-01"}]}]), {}, ["https://example.org/c", NOTICE["url"]]),
        (a_release(awards=None), {}, ["https://www.contractsfinder.service.gov.uk/Published/OCDS/Record/ocds-b5fd17-0f1e-2d3c"]),
        (a_release(awards=None, ocid="ocds-h6vhtk-0547da"), {},
         ["https://www.find-tender.service.gov.uk/api/1.0/ocdsReleasePackages/ocds-h6vhtk-0547da"]),
        (a_release(awards=None, ocid="ocds-h6vhtk-x/../1"), {"uri": "https://example.org/p"}, ["https://example.org/p"]),
        (a_release(ocid="ocds-x-1", awards=[{**AWARD, "documents": [{**NOTICE, "documentType": "contractSigned"}]}]),
         {"uri": "javascript:alert(1)"}, [NOTICE["url"]]),
        (a_release(ocid="ocds-x-1", awards=[{**AWARD, "documents": [{**NOTICE, "url": url} for url in
                                                                    ("javascript:alert(1)", "http://Contract Finder", "ftp://example.org")]}]),
         {"uri": "https://example.org/p"}, ["https://example.org/p"]),
    ],
)  # fmt: skip
def test_sources(release: Any, package: dict[str, Any], urls: list[str]) -> None:
    [draft] = found(a_package(release, **package))
    assert isinstance(draft, Draft)
    assert [one["url"] for one in draft.record["sources"]] == urls


def test_ids_are_right_and_different() -> None:
    ocids = ["ocds-a-1", "ocds-A-1", "ocds-a--1", "a-1", "A/1", "ocds-" + "x" * 190, "ocds-" + "x" * 189, "日本", "ocds", "-"]
    ids = [cases.identity(ocid) for ocid in ocids]
    assert len(set(ids)) == len(ocids)
    assert ids[0] == "ocds-a-1"
    assert [check(CASE, {**record(a_release()), "id": id}) for id in ids] == [[]] * len(ids)
    assert all(id.startswith("ocds-") for id in ids)


# What is broken, and what is hostile.


def test_a_fault_hides_no_other_release() -> None:
    results = found(a_package(a_release(), 7, None, [], {"ocid": ""}, {"ocid": "x" * 500}, a_release(ocid="ocds-b5fd17-2")))
    assert places(results) == [
        *((f"release number {number}", False) for number in (2, 3, 4, 5, 6)),
        ("release number 1", True),
        ("release number 7", True),
    ]


def test_a_release_without_an_address_is_told() -> None:
    [fault] = found({"releases": [a_release(ocid="ocds-x-1", awards=None)], "version": "1.1"})
    assert isinstance(fault, Fault)
    assert (fault.file, fault.record, fault.field) == ("notices.json", "release number 1", "documents")


def test_a_release_that_is_only_linked_is_told() -> None:
    link = {"url": "https://example.org/release.json", "date": "2025-01-01", "tag": ["award"]}
    [first, second] = found(a_package(records=[{"ocid": "ocds-x-1", "releases": [link]}, {"ocid": "ocds-x-2"}]))
    assert isinstance(first, Fault)
    assert isinstance(second, Fault)
    assert (first.wanted, second.wanted) == ("the release itself; this is only a link to it", "a compiledRelease, or releases")


def test_a_file_that_breaks_off_gives_what_stood_before() -> None:
    whole = json.dumps(a_package(a_release(), a_release(ocid="ocds-b5fd17-2"), a_release(ocid="ocds-b5fd17-3")))
    results = found_in(whole[: whole.index("ocds-b5fd17-3")].encode())
    assert places(results) == [("release number 2", False), ("release number 1", True), ("release number 2", True)]
    assert str(results[0]) == (
        "notices.json: release number 2; wanted: JSON to the end; it breaks off after release number 2, or has a mistake there."
    )


def test_a_broken_line_hides_no_other() -> None:
    lines = [
        json.dumps(a_release()),
        "",
        "{broken",
        "[]",
        '"text"',
        json.dumps(a_release(ocid="ocds-b5fd17-2")),
        '{"releases": [',
        "\udcff",
    ]
    results = found_in("\r\n".join(lines).encode(errors="surrogateescape"))
    assert [place for place, right in places(results) if right] == ["line 1, release", "line 6, release"]
    assert [place for place, right in places(results) if not right] == ["line 3", "line 4", "line 5", "line 7", "line 8"]


def test_a_line_too_long_is_told_and_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocds, "LONGEST_LINE", 5_000)
    results = of_lines(a_release(), with_tender(description="x" * 200_000), a_release(ocid="ocds-b5fd17-2"))
    assert places(results) == [("line 2", False), ("line 1, release", True), ("line 3, release", True)]


@pytest.mark.parametrize("content", [b"", b" \n", b"null", b"[", b"\x00\xff", b'{"releases": {"ocid": "x"}}', b"[" * 100_000])
def test_what_is_nothing_of_the_kind_gives_no_draft(content: bytes) -> None:
    assert [one for one in found_in(content) if isinstance(one, Draft)] == []


HOSTILE = [
    "\x1b[31mred\x1b[0m", "[bold]x[/bold]", "=cmd()", "<script>", "a\u202eb", "[1][2][999]", "5. 6! 7? 8", "\ud800", "\u2028",
    "javascript:alert(1)", -1, 1e308, -0.0, 10**4000, True, None, [], {}, [[]], {"a": {}}, [None], "2025-13-45T99:99:99Z", "0",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value)[:20])
def test_hostile_values_in_every_place_make_right_drafts(value: Any) -> None:
    plain = a_release(contracts=[{**CONTRACT, "period": {"startDate": "2025-01-01"}}])
    for one in found(a_package(*_with(plain, value))):
        assert isinstance(one, Fault) or check(CASE, one.record) == []


def test_a_text_of_ten_million_characters_is_cut() -> None:
    huge = "x" * 10_000_000
    [draft] = found(a_package(with_tender(title=huge, description=huge), uri="https://example.org/" + huge))
    assert isinstance(draft, Draft)
    assert check(CASE, draft.record) == []


def _with(part: Any, value: Any) -> Iterable[Any]:
    """The data once for each place in it, with the value there."""
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from ({**part, name: changed} for changed in _with(inner, value))
    elif isinstance(part, list):
        for place, inner in enumerate(part):
            yield from ([*part[:place], changed, *part[place + 1 :]] for changed in _with(inner, value))
    yield value


def test_a_number_of_thousands_of_figures_stops_nothing() -> None:
    text = json.dumps(a_package(with_tender(value={"amount": 7654321, "currency": "GBP"}), a_release(ocid="ocds-b5fd17-2")))
    for figures in ("1" + "0" * 1_000, "1e999999999", "-1E+400", "1e-999999"):
        results = found_in(text.replace("7654321", figures).encode())
        assert [one.record.get("value_gbp") for one in results if isinstance(one, Draft)] == [None, 140000]
    assert len(found_in(text.replace("7654321", "9" * 100_000).encode())) == 2


leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40) | st.sampled_from(HOSTILE[:6])
names = st.sampled_from(
    [*releases.RELEASE, *releases.RELEASE["tender"], "suppliers", "name", "id", "roles", "amount", "currency", "startDate", "endDate",
     "url", "documentType", "region", "locality", "address", "uri", "releases", "records", "compiledRelease", "publisher"]
)  # fmt: skip
shapes = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5), max_leaves=25)


@given(st.dictionaries(names, shapes, max_size=8))
def test_any_release_makes_a_right_draft_or_is_told(changes: dict[str, Any]) -> None:
    for document in (a_package({**a_release(), **changes}), {**a_package(a_release()), **changes}, changes):
        for one in found(document):
            assert isinstance(one, Fault) or check(CASE, one.record) == []


@given(st.binary(max_size=300))
def test_any_bytes_give_drafts_or_faults(content: bytes) -> None:
    assert all(isinstance(one, Draft | Fault) for one in found_in(content))


@given(st.data())
def test_any_cut_and_any_mistake_keep_what_stood_before(data: st.DataObject) -> None:
    whole = json.dumps(a_package(a_release(), a_release(ocid="ocds-b5fd17-2"))).encode()
    cut = data.draw(st.integers(whole.index(b"ocds-b5fd17-2"), len(whole) - 3))
    results = found_in(whole[:cut] + data.draw(st.sampled_from([b"", b"\x00", b"}}", b"\xff"])))
    assert any(right and place.endswith("release number 1") for place, right in places(results))


def test_an_award_without_a_notice_of_its_own_is_cited_from_the_data() -> None:
    """The notice of the tender does not say who won."""
    tender = {**TENDER, "documents": [{**NOTICE, "documentType": "tenderNotice"}]}
    sources = record(a_release(tender=tender, awards=[{**AWARD, "documents": []}]))["sources"]
    assert [source["title"].partition(":")[0] for source in sources] == ["Open contracting data", "Tender notice"]


def test_an_award_that_fell_through_is_said() -> None:
    found = record(a_release(awards=[{**AWARD, "status": "cancelled"}]))
    assert (found["status_note"], "partners" in found) == ("The notice says that the award was cancelled [1].", False)


def test_pence_are_said_where_the_value_leaves_them_out() -> None:
    found = record(a_release(awards=[{**AWARD, "value": {"amount": 1450000.5, "currency": "GBP"}}]))
    assert (found["value_gbp"], found["value_note"]) == (1_450_000, "The notice gives £1,450,000.50 as the value of the award [1].")
