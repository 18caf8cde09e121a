"""Taking records into the library: told by what a file holds, each once, what is wrong listed, and the rest in."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from builders import a_case, a_cookie, toml
from conftest import Ran, in_terminal
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit import imports
from p2p_toolkit.errors import CannotRead

Run = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(tmp_path / "own")


def kept(folder: str) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in Path(folder).iterdir() if not path.name.startswith(".")}


@pytest.mark.parametrize("format", ["toml", "jsonl", "json", "csv"])
@pytest.mark.parametrize("named", [True, False], ids=["named", "without an ending"])
def test_what_was_exported_is_taken_in_and_given_back(run: Run, tmp_path: Path, folder: str, format: str, named: bool) -> None:
    given = tmp_path / (f"given.{format}" if named else "given")
    given.write_text(run("library", "export", "--kind", "principle", "--format", format).out, encoding="utf-8", newline="")
    exported = run("library", "export", "--kind", "principle").out
    answer = json.loads(run("library", "import", str(given), "--library", folder, "--json").out)
    assert answer["counts"]["added"] == answer["total"] == exported.count("[[principle]]")
    assert run("library", "export", "--own", "--library", folder).out.count("[[principle]]") == answer["total"]
    again = json.loads(run("library", "import", str(given), "--library", folder, "--json").out)
    assert again["counts"] == {"added": 0, "changed": 0, "unchanged": answer["total"]}


def test_an_export_of_ones_own_comes_back_byte_for_byte(run: Run, tmp_path: Path, folder: str) -> None:
    (tmp_path / "given.toml").write_text(run("library", "export", "--kind", "case", "--nation", "wales").out, encoding="utf-8")
    run("library", "import", str(tmp_path / "given.toml"), "--library", folder)
    exported = run("library", "export", "--own", "--library", folder).out
    (tmp_path / "again.toml").write_text(exported, encoding="utf-8")
    run("library", "import", str(tmp_path / "again.toml"), "--library", str(tmp_path / "other"))
    assert run("library", "export", "--own", "--library", str(tmp_path / "other")).out == exported


def test_a_record_that_is_there_is_changed_where_it_stands(run: Run, tmp_path: Path, folder: str) -> None:
    Path(folder).mkdir()
    text = (
        f"# Ours.\n{toml('cookie', a_cookie(id='a', name='_a', pattern='_a'))}\n{toml('cookie', a_cookie(id='b', name='_b', pattern='_b'))}"
    )
    (Path(folder) / "cookies.toml").write_text(text)
    (tmp_path / "new.toml").write_text(toml("cookie", a_cookie(id="b", name="_b", pattern="_b", platform="Somebody else")))
    answer = json.loads(run("library", "import", str(tmp_path / "new.toml"), "--library", folder, "--json").out)
    assert [(one["id"], one["done"], one["file"]) for one in answer["results"]] == [("b", "changed", "cookies.toml")]
    assert kept(folder)["cookies.toml"].startswith("# Ours.\n")
    assert "Somebody else" in kept(folder)["cookies.toml"]
    assert list(kept(folder)) == ["cookies.toml"]


def test_an_answer_of_p2p_is_taken_in(run: Run, tmp_path: Path, folder: str) -> None:
    (tmp_path / "shown.json").write_text(run("show", "oldham", "--json").out, encoding="utf-8")
    assert run("library", "import", str(tmp_path / "shown.json"), "--library", folder).code == 0
    assert run("list", "--library", folder).out.count("\tyours\t") == 1


def test_what_is_wrong_is_listed_with_its_place_and_the_rest_goes_in(run: Run, tmp_path: Path, folder: str) -> None:
    good, bad = {"kind": "case", **a_case(id="good")}, {"kind": "case", **a_case(id="bad", nation="narnia")}
    lost = {"kind": "case", **a_case(id="lost", routes=[{"id": "no-such-route", "certainty": "stated"}])}
    (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, [good, bad, lost, good])) + "\nrubbish\n")
    ran = run("library", "import", str(tmp_path / "x.jsonl"), "--library", folder)
    assert (ran.code, list(kept(folder))) == (4, ["case-good.toml"])
    for told in ("nation is 'narnia'", "line 5", "'no-such-route'", "wanted: an id used once", "Left out: 4 with a mistake."):
        assert told in ran.err


@pytest.mark.parametrize("many", [1, 1_100])
@pytest.mark.parametrize(
    "wrong",
    ["rubbish", json.dumps({"kind": "case", **a_case(id="lost", routes=[{"id": "no-such-route", "certainty": "stated"}])})],
    ids=["no record", "lost link"],
)
def test_all_or_nothing_is_nothing_where_something_is_wrong(run: Run, tmp_path: Path, folder: str, wrong: str, many: int) -> None:
    good = [json.dumps({"kind": "case", **a_case(id=f"good-{number}")}) for number in range(many)]
    (tmp_path / "x.jsonl").write_text("\n".join([*good, wrong, ""]))
    ran = run("library", "import", str(tmp_path / "x.jsonl"), "--all-or-nothing", "--library", folder)
    assert (ran.code, ran.out, Path(folder).exists()) == (4, "", False)
    assert "Nothing was written" in ran.err


def test_a_dry_run_writes_nothing_and_says_what_would_come(run: Run, tmp_path: Path, folder: str) -> None:
    (tmp_path / "x.toml").write_text(toml("case", a_case(id="good")))
    ran = run("library", "import", str(tmp_path / "x.toml"), "--dry-run", "--library", folder)
    assert (ran.code, ran.out, Path(folder).exists()) == (0, "good\tcase\tadded\tcase-good.toml\n", False)
    assert "Nothing was written" in ran.err


def test_a_folder_and_standard_input_may_be_given(run: Run, tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "some").mkdir()
    for id in ("a", "b"):
        (tmp_path / "some" / f"{id}.toml").write_text(toml("case", a_case(id=id)))
    piped = io.BytesIO(json.dumps({"kind": "case", **a_case(id="c")}).encode())
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=piped, isatty=lambda: False, closed=False))
    assert run("library", "import", str(tmp_path / "some"), "-", "--library", folder).code == 0
    assert sorted(kept(folder)) == ["case-a.toml", "case-b.toml", "case-c.toml"]


def test_what_adds_to_a_bundled_record_stays_an_addition(run: Run, tmp_path: Path, folder: str) -> None:
    text = '[[case]]\nextends = "oldham"\nstatus = "ended"\n'
    (tmp_path / "x.toml").write_text(text)
    assert run("library", "import", str(tmp_path / "x.toml"), "--library", folder).code == 0
    assert kept(folder) == {"case-oldham.toml": text}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"name,category\n_ga,x\n", b'"', b"{", b"[[case]]\n"])
def test_a_file_of_which_nothing_can_be_taken_is_refused(run: Run, tmp_path: Path, folder: str, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    ran = run("library", "import", str(tmp_path / "x"), "--library", folder)
    assert ran.code in (0, 4)
    assert ran.code == 4 or not content
    assert kept(folder) == {} if Path(folder).exists() else True


def test_an_id_cannot_lead_out_of_the_folder(run: Run, tmp_path: Path, folder: str) -> None:
    (tmp_path / "x.jsonl").write_text(json.dumps({"kind": "case", **a_case(id="../../evil")}))
    assert run("library", "import", str(tmp_path / "x.jsonl"), "--library", folder).code == 4
    assert not list(tmp_path.rglob("*evil*"))


@given(st.binary(max_size=300))
def test_any_file_is_taken_in_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "x"
    path.write_bytes(content)
    with suppress(CannotRead):
        assert list(imports.Incoming([path])) == []


def test_long_work_shows_how_far_it_is_to_somebody_who_waits(tmp_path: Path) -> None:
    lines = (json.dumps({"kind": "cookie", **a_cookie(id=f"c{n}", name=f"_c{n}", pattern=f"_c{n}")}) for n in range(1_500))
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    command = ("library", "import", str(tmp_path / "many.jsonl"), "--library", str(tmp_path / "own"))
    assert "1,000 records" in in_terminal(*command).out
    assert "1,000 records" not in in_terminal(*command, "--quiet").out
    assert "1,000 records" not in in_terminal(*command, env={"TERM": "dumb"}).out


def test_many_records_make_one_file_of_lines(run: Run, tmp_path: Path, folder: str) -> None:
    lines = (json.dumps({"kind": "cookie", **a_cookie(id=f"c{n}", name=f"_c{n}", pattern=f"_c{n}")}) for n in range(1_500))
    (tmp_path / "Many cookies.jsonl").write_text("\n".join(lines))
    ran = run("library", "import", str(tmp_path / "Many cookies.jsonl"), "--library", folder)
    assert (ran.code, list(kept(folder))) == (0, ["many-cookies.jsonl"])
    assert "1,500 records: 1,500 added, 0 changed, 0 unchanged." in ran.err
    assert run("list", "cookie", "-q", "--library", folder).out.count("\nc1") > 500


def many(path: Path, numbers: Iterable[int], **changes: object) -> str:
    """A file of cookies in JSON Lines, and its path."""
    path.parent.mkdir(exist_ok=True)
    tables = (a_cookie(**{"id": f"c{n}", "name": f"_c{n}", "pattern": f"_c{n}", **changes}) for n in numbers)
    path.write_text("".join(json.dumps({"kind": "cookie", **table}) + "\n" for table in tables))
    return str(path)


def test_many_records_from_two_files_of_one_name_are_all_there(run: Run, tmp_path: Path, folder: str) -> None:
    for number, part in enumerate(("a", "b", "b", "a")):
        ran = run("library", "import", many(tmp_path / part / "x.jsonl", range(2_000)[(part == "b") * 900 :][:1_100]), "--library", folder)
        counts = ("1,100 added, 0 changed, 0 unchanged", "900 added, 0 changed, 200 unchanged", "0 added, 0 changed, 1,100 unchanged")
        assert counts[min(number, 2)] in ran.err
        assert list(kept(folder)) == ["x.jsonl"]
    lines = kept(folder)["x.jsonl"].splitlines()
    assert sorted(json.loads(line)["id"] for line in lines) == sorted(f"c{n}" for n in range(2_000))
    assert run("library", "validate", "--library", folder).code == 0


def test_many_records_again_change_no_byte(run: Run, tmp_path: Path, folder: str) -> None:
    file = many(tmp_path / "x.jsonl", range(1_100))
    run("library", "import", file, "--library", folder)
    before = kept(folder)
    run("library", "import", file, "--library", folder)
    assert kept(folder) == before


def test_among_many_what_stands_in_another_file_is_changed_there(run: Run, tmp_path: Path, folder: str) -> None:
    run("library", "import", many(tmp_path / "one.jsonl", [1], purpose="Old."), "--library", folder)
    run("library", "import", many(tmp_path / "lines.jsonl", range(2, 1_100), purpose="Old."), "--library", folder)
    ran = run("library", "import", many(tmp_path / "new.jsonl", range(1_200), purpose="New."), "--library", folder)
    assert "1,200 records: 101 added, 1,099 changed, 0 unchanged." in ran.err
    assert {name: text.count('"New."') for name, text in kept(folder).items()} == {
        "cookie-c1.toml": 1,
        "lines.jsonl": 1_098,
        "new.jsonl": 101,
    }
    assert "Old." not in "".join(kept(folder).values())


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--all-or-nothing",)], ids=" ".join)
def test_among_many_an_id_used_twice_is_told(run: Run, tmp_path: Path, folder: str, options: tuple[str, ...]) -> None:
    ran = run("library", "import", many(tmp_path / "x.jsonl", [*range(1_100), 7]), *options, "--library", folder)
    assert (ran.code, "cookie:c7: id is 'c7'; wanted: an id used once" in ran.err + ran.out) == (4, True)
    written = kept(folder) if Path(folder).exists() else {}
    assert {name: text.count("\n") for name, text in written.items()} == ({} if options else {"x.jsonl": 1_100})


# Open contracting data, as Contracts Finder and Find a Tender publish it.


def a_release(number: int, **changes: object) -> dict[str, object]:
    notice = {
        "id": "1",
        "documentType": "awardNotice",
        "url": f"https://example.org/notice/{number}",
        "datePublished": "2025-03-11T14:01:21Z",
    }
    return {
        "ocid": f"ocds-b5fd17-{number}",
        "id": f"{number}-1",
        "date": "2025-03-11T14:01:22Z",
        "tag": ["award"],
        "buyer": {"id": "GB-1", "name": "Somewhere Council"},
        "tender": {
            "id": "T1",
            "title": f"Home visits, lot {number}",
            "value": {"amount": 150_000, "currency": "GBP"},
            "procurementMethod": "open",
        },
        "awards": [{"id": "A1", "status": "active", "suppliers": [{"id": "GB-2", "name": "Good Works CIC"}], "documents": [notice]}],
        **changes,
    }


@pytest.fixture
def notices(tmp_path: Path) -> str:
    """A folder with a release package, a record package and JSON Lines of releases."""
    package = {
        "uri": "https://example.org/package.json",
        "version": "1.1",
        "publishedDate": "2025-03-12T00:00:00Z",
        "publisher": {"name": "Somebody"},
    }
    folder = tmp_path / "notices"
    folder.mkdir()
    (folder / "releases.json").write_text(json.dumps({**package, "releases": [a_release(1), a_release(2)]}))
    record = {"ocid": "ocds-b5fd17-3", "compiledRelease": a_release(3)}
    (folder / "records.json").write_text(json.dumps({**package, "records": [record]}))
    (folder / "lines.jsonl").write_text("\n".join(json.dumps({**package, "releases": [a_release(number)]}) for number in (4, 5)))
    return str(folder)


def test_a_folder_of_notices_becomes_draft_cases_that_are_found_shown_compared_and_exported(run: Run, notices: str, folder: str) -> None:
    own = ("--library", folder)
    assert json.loads(run("library", "import", notices, *own, "--json").out)["counts"] == {"added": 5, "changed": 0, "unchanged": 0}
    assert run("search", "home visits lot 3", *own, "--limit", "1", "-q").out == "ocds-b5fd17-3\n"
    shown = run("show", "ocds-b5fd17-3", *own)
    assert "This is a draft. Still missing:" in shown.out
    assert "https://example.org/notice/3" in shown.out
    assert run("compare", "ocds-b5fd17-1", "ocds-b5fd17-2", *own).code == 0
    assert run("library", "export", "--own", *own).out.count("[[case]]") == 5
    assert run("library", "validate", *own).code == 0
    again = json.loads(run("library", "import", notices, *own, "--json").out)
    assert again["counts"] == {"added": 0, "changed": 0, "unchanged": 5}


@pytest.mark.parametrize(
    "command", [("list",), ("timeline",), ("stats", "case"), ("stats",), ("show", "ocds-b5fd17-1"), ("search", "home visits", "--facets")]
)
@pytest.mark.parametrize("format", ["table", "json", "csv", "markdown"])
def test_every_command_bears_drafts(run: Run, notices: str, folder: str, command: tuple[str, ...], format: str) -> None:
    run("library", "import", notices, "--library", folder)
    assert run(*command, "--format", format, "--library", folder).code == 0


def test_a_notice_that_is_wrong_hides_no_other(run: Run, tmp_path: Path, folder: str) -> None:
    package = {"version": "1.1", "uri": "https://example.org/p.json", "publishedDate": "2025-03-12T00:00:00Z"}
    (tmp_path / "x.json").write_text(json.dumps({**package, "releases": [a_release(1), {"id": "no ocid"}, a_release(2)]}))
    ran = run("library", "import", str(tmp_path / "x.json"), "--library", folder)
    assert (ran.code, len(kept(folder))) == (4, 2)
    assert "release number 2" in ran.err
    assert "an ocid" in ran.err


def test_every_listing_says_that_a_record_is_ones_own(run: Run, tmp_path: Path, folder: str) -> None:
    """In an answer, a comparison and a pack, too, a precedent of one's own must not pass for one of p2p's."""
    (tmp_path / "x.toml").write_text('[[objection]]\nextends = "tender-everything"\ncases = ["ours"]\n')
    (tmp_path / "y.toml").write_text(toml("case", a_case(id="ours", name="Our own case")))
    assert run("library", "import", str(tmp_path / "x.toml"), str(tmp_path / "y.toml"), "--library", folder).code == 0
    for command, told in (
        (("list",), "ours\tyours\t"),
        (("search", "our own case", "--limit", "1"), "ours\tcase, yours\t"),
        (("timeline",), "Our own case (yours)"),
        (("answer", "we must tender everything"), "Our own case (yours) (case:ours)"),
        (("compare", "ours", "oldham", "--format", "markdown"), "ours (yours)"),
        (("brief", "ours"), "This record is your own, not p2p's."),
    ):
        assert told in " ".join(run(*command, "--library", folder).out.replace("\\", "").split(" ")), command


@pytest.mark.parametrize("others", [2, 1_200])
def test_all_or_nothing_writes_nothing_where_a_record_stands_in_a_file_that_is_not_changed(
    run: Run, tmp_path: Path, folder: str, others: int
) -> None:
    Path(folder).mkdir()
    row = "kind,id,name,summary,pattern,platform,category,purpose,storage,staff_only,confidence,checked,sources\n"
    source = "A page | A council | https://example.org/1"
    row += f'cookie,c1,_c1,Something.,_c1,Somebody,analytical,Old.,cookie,FALSE,low,database,"{source}"\n'
    (Path(folder) / "ours.csv").write_text(row)
    assert run("show", "cookie:c1", "--library", folder).code == 0
    before = kept(folder)
    ran = run("library", "import", many(tmp_path / "new.jsonl", range(others)), "--all-or-nothing", "--library", folder)
    assert (ran.code, kept(folder)) == (5, before)
    assert "does not change such files" in ran.err


@pytest.mark.parametrize("format", ["toml", "jsonl", "json", "csv"])
def test_standard_input_is_told_by_its_content(run: Run, monkeypatch: pytest.MonkeyPatch, folder: str, format: str) -> None:
    text = run("library", "export", "--kind", "principle", "--format", format).out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    ran = run("library", "import", "-", "--library", folder)
    assert (ran.code, len(kept(folder)) > 20) == (0, True)
    assert ran.err.splitlines()[0] == f"{len(kept(folder))} records: {len(kept(folder))} added, 0 changed, 0 unchanged."


def test_a_pipe_is_not_waited_for(run: Run, tmp_path: Path, folder: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    ran = run("library", "import", str(tmp_path / "pipe"), "--library", folder)
    assert (ran.code, "is a pipe or a device" in ran.err) == (4, True)


def test_endings_in_capitals_are_endings(run: Run, tmp_path: Path, folder: str) -> None:
    Path(folder).mkdir()
    (Path(folder) / "X.TOML").write_text(toml("case", a_case(id="here")))
    assert run("show", "case:here", "--library", folder).code == 0
    assert run("library", "validate", "--library", folder).code == 0
