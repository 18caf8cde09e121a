"""What is found for a query, in which order, how much each word brought, and what a name is taken for: whole answers, to the last point."""

from __future__ import annotations

import pytest
from builders import a_case, a_cookie, a_principle, a_route, an_objection, parsed, same_as_golden

from p2p_toolkit import library
from p2p_toolkit.errors import NotFound
from p2p_toolkit.library import Library
from p2p_toolkit.search import completions, field_of, find, resolve, snippet

# Queries by what they try: words as typed, beginnings, slips, words put together and apart, other words for the same thing, words of
# every sentence, words of prose, and what nobody wrote.
QUERIES = """oldham
oldahm
old
oldham council wellbeing
wellbeing oldham
well being
wellbeingleague
league of the well
the light touch
light touch regime
lightest touch
grant
grants for charities
cash gift
cash gift for homes
home
housing for young people
hosuing yuong
partners in care
riverside
riverside trust
greater manchester
croydon alliance
alliance
alliances for the old
council
coun
the council and the charity
quick brown council
quick brown fox
must we tender
trust
zzzz
charty
cuoncil
croidnn
plymuthe rivrsde tuch
hosptail of the abc
abcd
"""

NAMES = """oldham
case:oldham
case: oldham
route:oldham
place:oldham
case
grant
principle:grant
Oldham Wellbeing League
wellbeing league
wellbieng league
league
riverside trust
riverside
greater manchester
light touch
light-touch
touch
alliance
alliances
croydon
cookie:x
principle:trust
trust
housing
young people
housing young people
nothing of the kind
case:nothing of the kind
"""


@pytest.fixture(scope="module")
def held() -> Library:
    grant = "A grant is money for a purpose [1]. The council asks for nothing of its own in return [1]."
    records = [
        parsed(
            "case",
            a_case(
                id="oldham",
                name="Oldham Wellbeing League",
                aliases=["The league", "Well together"],
                places=["Oldham", "Greater Manchester"],
                partners=["Riverside Trust"],
                summary="The council and four charities share one budget for wellbeing [1]. Old people speak well of it [1].",
            ),
        ),
        parsed(
            "case",
            a_case(
                id="croydon",
                name="Croydon alliance",
                aliases=["One Croydon"],
                places=["Croydon"],
                partners=["Age charity"],
                summary="An alliance of the council, the hospital and a charity for old people [1].",
            ),
        ),
        parsed(
            "case",
            a_case(
                id="rochdale",
                name="Homes for young people",
                aliases=["Rochdale homes"],
                places=["Rochdale", "Greater Manchester"],
                partners=["Riverside Housing"],
                summary="A charity repairs housing with a grant [1]. Young people who leave care live there [1].",
            ),
        ),
        parsed(
            "case",
            a_case(
                id="plymouth",
                name="Plymouth alliance",
                aliases=["Plymouth alliance contract"],
                places=["Plymouth"],
                summary="Seven organisations share one contract [1].",
                partners=["Riverside Trust"],
            ),
        ),
        parsed(
            "route",
            a_route(id="light-touch", name="Light touch", aliases=["The lighter rules"], summary="Easier rules for care services [1]."),
        ),
        parsed("route", a_route(id="grant", name="Grant", aliases=["Grants", "Grant funding agreement"], summary=grant)),
        parsed("objection", an_objection(id="must-tender", name="We must tender everything", summary="The law does not say so [1].")),
        parsed("principle", a_principle(id="trust", name="Trust", summary="Partners rely on each other [1].")),
        parsed("principle", a_principle(id="grant", name="A fair grant", summary="Money is paid in advance [1].")),
        parsed("cookie", a_cookie(id="x", name="Quick cookie", pattern="x")),
    ]
    return library.index_of(records, [["cash gift", "grant"], ["home", "housing"]])


def told(held: Library, query: str) -> str:
    found = find(held, query)
    lines = [f"{query!r}: {found.total} found"]
    for hit in found.hits:
        words = ", ".join(f"{one.word} as {one.found} ({one.how}, {one.share}, {field_of(held, hit, one)})" for one in hit.matches)
        lines += [f"  {hit.score:3} {hit.entry.kind}:{hit.entry.id}: {words}", f"      {snippet(held, hit)}"]
    lines += [f"  {wrong} is taken for {right}" for wrong, right in found.corrected.items()]
    lines += [f"  did you mean {suggestion}?" for suggestion in found.suggestions]
    return "\n".join(lines)


def meant(held: Library, name: str) -> str:
    try:
        one = resolve(held, name)
    except NotFound as error:
        return f"{name!r}: {error.message}. {error.hint} ({', '.join(error.suggestions)})"
    return f"{name!r}: {one.entry.kind}:{one.entry.id}{'' if one.right else ', perhaps'}{''.join(f', or {other}' for other in one.others)}"


def test_what_is_found_and_why(held: Library) -> None:
    assert same_as_golden("found.txt", "\n".join(told(held, query) for query in QUERIES.splitlines()) + "\n")


def test_what_a_name_is_taken_for(held: Library) -> None:
    assert same_as_golden("named.txt", "\n".join(meant(held, name) for name in NAMES.splitlines()) + "\n")


@pytest.mark.parametrize(
    ("begun", "offered"),
    [
        ("", ["croydon", "grant", "light-touch", "must-tender", "oldham", "plymouth", "rochdale", "trust"]),
        ("l", ["light-touch"]),
        ("o", ["oldham", "oldham-wellbeing-league", "one-croydon"]),
        ("grant-f", ["grant-funding-agreement"]),
        ("the-l", ["the-league", "the-lighter-rules"]),
        ("homes-for", ["homes-for-young-people"]),
        ("for-young", []),
        ("x", []),
        ("zz", []),
    ],
)
def test_a_name_that_was_begun_is_completed(held: Library, begun: str, offered: list[str]) -> None:
    assert sorted(name for name, _ in completions(held, begun, held.usual_kinds)) == offered


def test_a_completion_comes_with_the_name_of_its_record(held: Library) -> None:
    assert completions(held, "one-c", ["case"]) == [("one-croydon", "Croydon alliance")]
    assert completions(held, "", ["case"], most=2) == [("croydon", "Croydon alliance"), ("oldham", "Oldham Wellbeing League")]
