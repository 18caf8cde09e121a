"""Evidence packs: what belongs in one, that every marker still means its source, and how it gets into a file."""

from __future__ import annotations

import json
import re
import stat
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from builders import a_case, a_principle, a_route, an_objection, parsed, same_as_golden
from conftest import Ran

from p2p_toolkit import library, render
from p2p_toolkit.errors import Exit
from p2p_toolkit.evidence import pack as packs
from p2p_toolkit.evidence.pack import Pack
from p2p_toolkit.library import Library
from p2p_toolkit.render.packs import brief, paper

Run = Callable[..., Ran]

COVER = brief.Cover("Which way?", "Shall we [1] renew?", "Cabinet, 3 March", "2026-11-23", "0.1.0")


def sources(*numbers: int) -> list[dict[str, str]]:
    return [{"title": f"Page {n}", "publisher": "A council", "url": f"https://example.org/{n}", "date": "2020-05"} for n in numbers]


def a_library() -> Library:
    """Cases, routes and objections that are tied to one another and share sources, each with a field of every sort."""
    oldham = a_case(
        id="oldham",
        name="Oldham",
        sources=sources(1, 2),
        caveat="An early record [2].",
        status="running",
        status_seen="2021",
        value_gbp=1_250_000,
        value_kind="contract-value",
        routes=[{"id": "grant", "certainty": "stated", "note": "So [1]."}, {"id": "old-way", "certainty": "inferred"}],
        problem="Little was known [1].",
        action="A charity was asked [1][2].",
        outcomes=[{"text": "Visits fell by 62.5% [2].", "evidence": "claimed"}],
        disagreements=["The value [1][2]."],
        unknown=["How many bid."],
    )
    cut = a_case(
        id="cut-short", name="Cut Short", sources=sources(3, 1), status="ended-early", status_note="It closed [2].",
        routes=[{"id": "grant", "certainty": "described"}],
    )  # fmt: skip
    precedent = a_case(id="wigan", name="Wigan", sources=sources(4), status="ended", ended="2020", status_note="It ended [1].")
    rule = {"text": "Ask first [1].", "checked": "read"}
    grant = a_route(
        id="grant",
        name="Grant",
        sources=sources(5, 1),
        fits="The giver wants nothing back [2].",
        conditions=[rule, {"text": "Write it down [2].", "checked": "unchecked"}],
        limits=[{"text": "No contract [1].", "checked": "secondary"}],
        legal_basis=[
            {"ref": "Some Act, section 5", "url": "https://example.org/5", "checked": "read"},
            {"ref": "Another Act", "url": "https://example.org/act", "checked": "secondary"},
        ],
        not_confirmed="Scotland [1].",
    )
    old = a_route(id="old-way", name="Old way", sources=sources(6), replaced_by=["grant"], as_of="2025-01-01")
    far = a_route(id="far-way", name="Far way", sources=sources(7))
    tender = an_objection(
        id="tender", name="We must tender", sources=sources(8, 5), answer="Not so [1][2].", when_right="It is above a sum [2].",
        routes=["far-way"], cases=["wigan"], law=[{"ref": "Some Act", "url": "https://example.org/5", "checked": "unchecked"}],
    )  # fmt: skip
    others = [
        an_objection(id=f"other-{n}", name=f"Other {n}", sources=sources(9), routes=["grant"], **({"cases": ["oldham"]} if n == 7 else {}))
        for n in range(8)
    ]
    trust = a_principle(id="trust", name="Trust", sources=sources(1), meaning="Words are kept [1].", usual_routes=["far-way"])
    kinds = [("case", oldham), ("case", cut), ("case", precedent), ("route", grant), ("route", old), ("route", far), ("objection", tender)]
    kinds += [("objection", one) for one in others] + [("principle", trust)]
    law = [{"ref": "Some Act, section 3", "url": "https://example.org/3", "checked": "read"}]
    yes_no = [{"answer": "yes", "text": "Yes, it is"}, {"answer": "no", "text": "No, it is not"}]
    england = [{"answer": "england", "text": "England"}]
    finder = {
        "as_of": "2026-06-30",
        "everywhere": [],
        "questions": [
            {"id": "nation", "label": "Nation", "text": "Where?", "explain": [], "choices": england, "law": []},
            {"id": "paid", "label": "Payment", "text": "Is it paid?", "explain": [], "choices": yes_no, "law": []},
            {"id": "small", "label": "Size", "text": "Is it small?", "explain": [], "choices": yes_no, "law": []},
        ],
        "rules": [
            {"routes": ["old-way"], "when": {"paid": "yes"}, "state": "ruled-out", "why": "It is older law.", "law": law},
            {"routes": ["far-way"], "when": {"small": "yes"}, "state": "ruled-out", "why": "It is too far.", "law": []},
            {"routes": ["grant", "old-way", "far-way"], "when": {}, "state": "offered", "why": "It is open.", "law": law},
        ],
        "notes": [{"text": "Look at your own rules.", "when": {"paid": "yes"}, "law": law}],
    }  # fmt: skip
    return library.index_of([parsed(kind, table) for kind, table in kinds], rules={"route finder": finder})


LIBRARY = a_library()


def a_pack(*names: str, full: bool = False, known: Mapping[str, str] | None = None) -> Pack:
    named = [LIBRARY.get(*name.split(":")) for name in names]
    return packs.assemble(LIBRARY, [entry for entry in named if entry], known, full=full)


def an_answer(*names: str, known: Mapping[str, str] | None = None, short: bool = False) -> render.Answer:
    return brief.answer(LIBRARY, a_pack(*names, known=known), COVER, {"names": list(names)}, short=short)


def ids(members: object) -> list[str]:
    return [member.id for member in members]


NAMES = ("case:oldham", "route:grant", "objection:tender", "principle:trust")


def test_what_is_named_brings_what_belongs_to_it() -> None:
    pack = a_pack(*NAMES)
    assert ids(pack.options) == ["grant", "old-way", "far-way"]
    assert ids(pack.precedents) == ["oldham", "wigan"]
    assert ids(pack.principles) == ["trust"]
    assert ids(pack.objections)[:2] == ["tender", "other-7"]
    assert ids(pack.failures) == ["cut-short"]
    assert ids(packs.over(pack)) == ["wigan"]
    assert ids(packs.lapsed(pack)) == ["old-way"]
    assert pack.law_as_of == ("2025-01-01", "2026-06-30")


def test_what_is_only_by_the_way_is_told_in_short_unless_asked_for() -> None:
    pack = a_pack(*NAMES)
    assert [member.id for member in pack.members if not member.full] == ["far-way", "other-5", "other-6"]
    assert all(member.full for member in a_pack(*NAMES, full=True).members)


@pytest.mark.parametrize("names", [("case:oldham",), ("route:grant",), ("objection:tender",), ("principle:trust",)], ids=" ".join)
def test_one_name_of_any_kind_makes_a_pack(names: tuple[str, ...]) -> None:
    for format in ("json", "markdown", "html"):
        assert "".join(render.pieces(an_answer(*names), format))


def test_what_is_doubtful_is_listed() -> None:
    doubts = [(doubt.what, doubt.member.id, doubt.title or doubt.text) for doubt in packs.doubts(a_pack("case:oldham", "objection:tender"))]
    assert doubts == [
        ("not-confirmed", "grant", "Scotland [1]."),
        ("secondary", "grant", "Another Act"),
        ("unchecked", "grant", "Write it down [2]."),
        ("secondary", "grant", "No contract [1]."),
        ("unknown", "oldham", "How many bid."),
        ("inferred", "oldham", "old-way"),
        ("unchecked", "tender", "Some Act"),
    ]


def test_every_marker_of_a_pack_of_real_records_means_the_source_it_meant_in_its_record() -> None:
    known = library.open_library()
    named = [*known.all("case"), *known.all("route"), *known.all("objection"), *known.all("principle")]
    pack = packs.assemble(known, named)
    urls = {reference.number: reference.url for reference in pack.references}
    assert len(set(urls.values())) == len(urls)

    def meant(value: object, of: Callable[[int], str]) -> list[list[str]]:
        if isinstance(value, str):
            runs = re.findall(r"(?:\[\d{1,3}\])+", value)
            return [list(dict.fromkeys(of(int(n)) for n in re.findall(r"\d+", run))) for run in runs]
        if isinstance(value, dict):
            return [run for one in value.values() for run in meant(one, of)]
        return [run for one in value for run in meant(one, of)] if isinstance(value, list) else []

    for member in pack.members:
        own = known.get(member.kind, member.id)
        assert own
        before = {name: value for name, value in own.fields.items() if name != "sources"}
        addresses = [source["url"] for source in own.fields["sources"]]
        assert meant(dict(member.fields), lambda n: urls[n]) == meant(before, lambda n, at=addresses: at[n - 1]), member.id
        assert [urls[n] for n in member.references] == list(dict.fromkeys(addresses))
        for law in (*member.fields.get("legal_basis", ()), *member.fields.get("law", ())):
            assert urls[law["reference"]] == law["url"]


@pytest.mark.parametrize(("format", "ending"), [("markdown", "md"), ("html", "html"), ("json", "json")])
def test_a_whole_pack(format: str, ending: str) -> None:
    assert same_as_golden(f"brief.{ending}", "".join(render.pieces(an_answer(*NAMES), format)))


def test_a_short_pack() -> None:
    assert same_as_golden("brief-short.md", "".join(render.pieces(an_answer(*NAMES, short=True), "markdown")))


def test_a_pack_for_a_partnership_of_which_something_is_known() -> None:
    answer = an_answer("case:oldham", "objection:tender", known={"paid": "yes"})
    assert same_as_golden("brief-known.md", "".join(render.pieces(answer, "markdown")))


def test_what_is_offered_is_in_the_table_of_a_short_pack_even_if_nobody_named_it() -> None:
    def rows(known: dict[str, str]) -> list[str]:
        text = "".join(render.pieces(an_answer("case:oldham", "objection:tender", known=known, short=True), "markdown"))
        table = text[text.index("The options at a glance") : text.index("### ")]
        return [line.split(" | ")[0].removeprefix("| ") for line in table.splitlines()[4:] if line]

    assert rows({}) == ["Grant", "Old way"]
    assert rows({"small": "no"}) == ["Grant", "Far way", "Old way"]


def test_what_the_answers_rule_out_comes_last_and_in_short_unless_it_is_named() -> None:
    known = {"paid": "yes"}
    by_the_way = a_pack("case:oldham", known=known)
    assert [(one.id, one.full, one.closed) for one in by_the_way.options] == [("grant", True, False), ("old-way", False, True)]
    named = a_pack("route:old-way", "case:oldham", known=known)
    assert [(one.id, one.full) for one in named.options] == [("grant", True), ("old-way", True)]
    assert [(one.id, one.full) for one in a_pack("route:old-way", "case:oldham").options] == [("old-way", True), ("grant", True)]


def test_a_pack_as_data_says_what_the_answers_make_of_each_option() -> None:
    [told] = an_answer("case:oldham", "objection:tender", known={"paid": "yes"}, short=True).results
    states = {one["id"]: one["standing"]["state"] for one in told["options"]}
    assert states == {"grant": "offered", "old-way": "ruled-out", "far-way": "possible"}
    assert told["answers"] == {"paid": "yes"}
    assert told["open"] == ["small"]
    urls = {reference["number"]: reference["url"] for reference in told["references"]}
    law = [law for one in (*(option["standing"] for option in told["options"]), *told["notes"]) for law in one["law"]]
    assert law
    assert all(urls[one["reference"]] == one["url"] for one in law)
    [told] = an_answer("case:oldham").results
    assert [one["standing"] for one in told["options"]] == [None, None]


@pytest.mark.parametrize("known", [None, {"nation": "england", "health": "yes"}], ids=["nothing known", "something known"])
def test_a_short_pack_cites_what_it_lists_and_lists_what_it_cites(known: dict[str, str] | None) -> None:
    records = library.open_library()
    named = [records.get(*name.split(":")) for name in ("case:oldham", "case:croydon", "route:light-touch", "objection:tender-everything")]
    pack = packs.assemble(records, [entry for entry in named if entry], known)
    whole, short = (
        "".join(render.pieces(brief.answer(records, pack, COVER, {}, short=short), "markdown")).replace("\\", "") for short in (False, True)
    )
    body, references = short.split("\n## References\n")
    addresses = dict(re.findall(r"^(\d+)\. .*<(.*)>$", references, re.MULTILINE))
    assert list(addresses) == [str(number) for number in range(1, len(addresses) + 1)]
    shown = {int(number) for number in re.findall(r"\[(\d+)\]", body)}
    for first, last in re.findall(r"\[(\d+)\] to \[(\d+)\]", body):
        shown |= set(range(int(first), int(last)))
    assert shown == {int(number) for number in addresses}
    # A sentence that both have points to the same addresses in both.
    meant = dict(re.findall(r"^(\d+)\. .*<(.*)>$", whole, re.MULTILINE))
    sentence = re.compile(r"Almost 300 people were helped in the first seven months \[(\d+)\]\[(\d+)\]")
    [in_short], [in_whole] = sentence.findall(short), sentence.findall(whole)
    assert [addresses[number] for number in in_short] == [meant[number] for number in in_whole]
    assert len(short.split()) < len(whole.split()) / 2


def test_a_pack_as_data_has_the_same_members_whatever_is_known() -> None:
    for names in (("principle:trust",), NAMES):
        [result] = an_answer(*names).results
        assert list(result)[:3] == ["kind", "id", "name"]
        assert set(result) == {
            "kind", "id", "name", "title", "question", "audience", "made", "version", "advice", "law_as_of", "named", "options",
            "answers", "open", "notes", "precedents", "principles", "objections", "failures", "over", "lapsed", "doubts", "references",
        }  # fmt: skip
        for part in brief.PARTS:
            for record in result[part]:
                assert {"kind", "id", "name", "named", "full", "why", "used_by", "references", "summary"} <= set(record)


@pytest.mark.parametrize("answers", [None, {"nation": "england", "paid": "yes", "health": "no"}], ids=["nothing known", "something known"])
def test_every_reference_of_a_pack_is_cited_in_it(answers: dict[str, str] | None) -> None:
    known = library.open_library()
    named = [known.get(*name.split(":")) for name in ("case:oldham", "case:croydon", "route:light-touch", "objection:tender-everything")]
    pack = packs.assemble(known, [entry for entry in named if entry], answers)
    text = "".join(render.pieces(brief.answer(known, pack, COVER, {}), "markdown")).replace("\\", "")
    shown = {int(number) for number in re.findall(r"\[(\d+)\]", text)}
    for first, last in re.findall(r"\[(\d+)\] to \[(\d+)\]", text):
        shown |= set(range(int(first), int(last)))
    assert shown == {reference.number for reference in pack.references}


def test_the_objector_has_as_much_room_as_the_answer() -> None:
    text = "".join(render.pieces(an_answer("objection:tender"), "markdown"))
    assert text.count("#### The answer") == text.count("#### When the objector is right") == 1


@pytest.mark.parametrize(
    ("numbers", "words"),
    [((), ""), ((4,), "[4]"), ((4, 5), "[4][5]"), ((1, 2, 3, 7, 9, 8), "[1] to [3], [7] to [9]"), ((5, 1), "[1], [5]")],
)
def test_references_in_a_row_are_shortened(numbers: tuple[int, ...], words: str) -> None:
    assert paper.ranges(numbers) == words


# Markdown that pandoc reads.

HOSTILE = r"""$a$ @b ^c^ ~d~ &amp; <i>
(iv) first
A. first
1) x
# x
% x
- x
[x](y)
![x]
a | b
**x** _y_
`z` \ x
""".splitlines()


def pandoc() -> str:
    try:
        import pypandoc
    except ImportError:
        pytest.skip("pandoc is not here: pip install pypandoc_binary, or the Debian package pandoc")
    return str(pypandoc.get_pandoc_path())


def test_pandoc_reads_every_sign_as_itself_and_makes_a_word_file(tmp_path: Path) -> None:
    command = pandoc()
    rows = tuple(paper.Row((text, text)) for text in HOSTILE)
    chapter = paper.Chapter("x", HOSTILE[0], (paper.Section("", tuple(map(paper.Line, HOSTILE))), paper.Table("T", ("a", "b"), rows)))
    source = "".join(paper.as_markdown(paper.Paper("Title", (), (chapter,), (), "End.")))
    tree = json.loads(subprocess.run([command, "-t", "json"], input=source, capture_output=True, text=True, check=True).stdout)
    kinds = [block["t"] for block in tree["blocks"]]
    assert kinds == ["Header", "Header", "BulletList", "Para", "Table", "Header", "Para"]
    read = subprocess.run([command, "-t", "plain", "--wrap=none"], input=source, capture_output=True, text=True, check=True).stdout
    assert [line[2:] for line in read.splitlines() if line.startswith("- ")] == list(HOSTILE)
    subprocess.run([command, "-o", tmp_path / "pack.docx"], input=source, text=True, check=True)
    assert (tmp_path / "pack.docx").stat().st_size > 5000


# The command and its files.


def test_brief_prints_markdown(run: Run) -> None:
    ran = run("brief", "oldahm", "tender-everything", "--for", "Cabinet, 3 March", "--title", "Pack", "--question", "Renew?")
    assert ran.code == 0
    assert ran.out.startswith("# Pack\n\n- **Question:** Renew?\n- **For:** Cabinet, 3 March\n")
    assert "\n## What is not known\n" in ran.out
    assert "_Information, not legal advice. Law as of 30 June 2026. Made " in ran.out
    assert "showing case:oldham" in ran.err


def test_the_ids_of_a_pack_are_those_of_its_records(run: Run) -> None:
    [pack] = json.loads(run("brief", "oldham", "light-touch", "--json").out)["results"]
    ids = dict.fromkeys(record["id"] for part in brief.PARTS for record in pack[part])
    assert run("brief", "oldham", "light-touch", "-q").out.split() == list(ids)


def test_brief_as_json_is_an_envelope(run: Run) -> None:
    answer = json.loads(run("brief", "oldham", "--json").out)
    assert (answer["command"], answer["count"], answer["results"][0]["named"]) == ("brief", 1, ["case:oldham"])


@pytest.mark.parametrize(("name", "start"), [("pack.md", "# Evidence pack"), ("pack.html", "<!DOCTYPE html>"), ("pack.json", '{"p2p"')])
def test_the_ending_of_the_file_decides_the_format(run: Run, tmp_path: Path, name: str, start: str) -> None:
    ran = run("brief", "bromley-well", "-o", str(tmp_path / name))
    assert ran == Ran(0, "", f"Written: {tmp_path / name}\n")
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_pack_that_is_there_already_is_replaced_only_by_force(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "pack.md"
    file.write_text("edited by hand")
    file.chmod(0o640)
    ran = run("brief", "bromley-well", "-o", str(file))
    assert (ran.code, file.read_text()) == (Exit.NOT_WRITTEN, "edited by hand")
    assert "--force" in ran.err
    assert run("brief", "bromley-well", "-o", str(file), "--force", "-q") == Ran(0, "", "")
    assert file.read_text(encoding="utf-8").startswith("# Evidence pack")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("-o", "pack.docx"), 2, "pandoc pack.md -o pack.docx"),
        (("-o", "pack.pdf"), 2, "Write pack.html, open it in a browser, and print it as a PDF."),
        (("-o", "pack.md", "--format", "html"), 2, "ask for two formats"),
        (("--format", "csv"), 2, "a pack is no table"),
        (("--format", "htlm"), 2, "Nearest: html"),
        (("--short", "--full"), 2, "ask for two lengths"),
        (("--known", "england"), 2, "Write it like this: --known nation=england"),
        (("--known", "natoin=england"), 2, "Nearest: nation"),
        (("--known", "nation=englnd"), 2, "the answer to nation cannot be 'englnd'"),
        (("category:analytical",), 2, "a pack cannot be made of category:analytical"),
        (("zzzqqq",), 3, "no record is called 'zzzqqq'"),
        (("-o", "/nowhere/at/all/pack.md"), 5, "mkdir -p /nowhere/at/all"),
        (("-o", "."), 5, "is a folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_made_is_told(run: Run, arguments: tuple[str, ...], code: int, told: str) -> None:
    ran = run("brief", "bromley-well", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err
    assert 2 <= ran.err.count("\n") <= 4


def test_what_is_known_comes_with_the_words_of_the_questions(run: Run) -> None:
    ran = run("brief", "light-touch", "--short", "--known", "nation=England", "--known", "health=unknown", "--known", "public-only=no")
    assert ran.code == 0
    assert "- **Known:** Nation: England; Public bodies only: No, a charity, social enterprise, mutual or firm takes part\n" in ran.out
    assert "- **Not known:** Payment, Health care, Below the threshold, Listed service to people\n" in ran.out
    assert ran.out.count("#### ") < 6


def test_html_is_a_format_of_brief_alone(run: Run) -> None:
    assert run("list", "--format", "html").code == Exit.USAGE


def test_a_long_pack_goes_through_the_pager_of_a_terminal(terminal: Callable[..., Ran]) -> None:
    assert "# PAGED pack" in terminal("brief", "bromley-well", env={"PAGER": "sed s/Evidence/PAGED/"}).out
