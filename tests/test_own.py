"""The user's own library as a place to write: what is added comes back, and what is removed leaves the rest as it was."""

from __future__ import annotations

import fcntl
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import A_RECORD_OF, A_SOURCE, a_case, a_route, toml
from conftest import Ran, conversation, in_terminal
from hypothesis import given, settings
from hypothesis import strategies as st

from p2p_toolkit import kinds, library, own
from p2p_toolkit.errors import BadRecords, CannotWrite, NotFound
from p2p_toolkit.own import folder as own_folder
from p2p_toolkit.own import records, texts

Run = Callable[..., Ran]

CASE = kinds.kind_of("case")
ROUTE = kinds.kind_of("route")


def files_in(folder: Path) -> dict[str, bytes]:
    """What a library's folder holds, but for the lock."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != own.LOCK}


def read_back(folder: Path, kind: str, id: str) -> dict[str, Any]:
    entry = library.open_library(folder).get(kind, id)
    assert entry is not None
    return own.in_order(kinds.kind_of(kind), entry.fields)


# What is added.


@pytest.mark.parametrize("kind", kinds.KINDS, ids=lambda kind: kind.name)
def test_a_record_of_any_kind_is_added_in_a_file_of_its_own_and_read_back(tmp_path: Path, kind: kinds.Kind) -> None:
    table = A_RECORD_OF[kind.name](id="new-one")
    path = own.add(tmp_path / "made" / "on-the-way", kind, table)
    assert path.name == f"{kind.name}-new-one.toml"
    assert read_back(path.parent, kind.name, "new-one") == own.in_order(kind, table)


LETTERS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1, max_size=30).filter(str.strip)
SENTENCES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Nd", "No", "Nl"]), min_size=1).filter(str.strip)
CASES = st.fixed_dictionaries(
    {"name": LETTERS, "summary": SENTENCES, "places": st.lists(LETTERS, min_size=1, max_size=3, unique=True)},
    optional={"aliases": st.lists(LETTERS, min_size=1, max_size=3, unique=True), "value_gbp": st.integers(0, 10**15 - 1)},
)


@settings(max_examples=40)
@given(CASES)
def test_what_is_added_is_read_back_and_removing_it_leaves_the_folder_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, changes: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("library")
    (folder / "others.toml").write_bytes(b"\xef\xbb\xbf# kept\r\n" + toml("case", a_case(id="other")).encode())
    before = files_in(folder)
    table = a_case(**changes)
    if kinds.check(CASE, table):
        # A figure without a source marker, for instance.
        with pytest.raises(BadRecords):
            own.add(folder, CASE, table)
    else:
        own.add(folder, CASE, table)
        assert read_back(folder, "case", "somewhere") == own.in_order(CASE, table)
        own.remove(folder, CASE, "somewhere")
    assert files_in(folder) == before


def test_fields_stand_in_our_order_whatever_order_they_came_in(tmp_path: Path) -> None:
    table = a_case(routes=[{"note": "So.", "certainty": "stated", "id": "grant"}], nation="wales")
    text = own.add(tmp_path, CASE, dict(reversed(table.items()))).read_text()
    assert [line.split(" = ")[0] for line in text.splitlines() if " = " in line and line[0] != " "] == [
        "id", "name", "summary", "places", "nation", "started", "sectors", "routes", "title", "publisher", "date", "url",
    ]  # fmt: skip
    assert '    { id = "grant", certainty = "stated", note = "So." },\n' in text


def test_every_mistake_is_told_at_once_lost_links_too_and_nothing_is_written(tmp_path: Path) -> None:
    table = a_case(id="Not an id", nation="engand", routes=[{"id": "grnat", "certainty": "stated"}], mystery=1)
    with pytest.raises(BadRecords) as raised:
        own.add(tmp_path / "library", CASE, table)
    told = {(fault.field, fault.nearest) for fault in raised.value.faults}
    assert told == {("id", ""), ("nation", "england"), ("routes", "grant"), ("mystery", "")}
    assert not (tmp_path / "library").exists()


@pytest.mark.parametrize("id", ["../outside", "/etc/passwd", "a/b", "a\\b", "..", "a\0b", "C:x"])
def test_no_id_leads_out_of_the_folder(tmp_path: Path, id: str) -> None:
    with pytest.raises(BadRecords):
        own.add(tmp_path, CASE, a_case(id=id))
    with pytest.raises(NotFound):
        own.remove(tmp_path, CASE, id)
    assert files_in(tmp_path) == {}


def test_an_id_that_is_there_is_refused_in_whatever_file_it_stands(tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_text(json.dumps({"kind": "case", **a_case()}) + "\n")
    before = files_in(tmp_path)
    with pytest.raises(CannotWrite, match=r"has case:somewhere already, in .*many\.jsonl") as raised:
        own.add(tmp_path, CASE, a_case())
    assert raised.value.hint == "To change it: p2p library edit case:somewhere"
    assert files_in(tmp_path) == before


def test_a_file_in_the_way_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "case-somewhere.toml").write_text("not = TOML at all\n")
    with pytest.raises(CannotWrite, match="is there already") as raised:
        own.add(tmp_path, CASE, a_case())
    assert raised.value.hint == "See what it is: p2p library edit case-somewhere.toml"
    assert files_in(tmp_path) == {"case-somewhere.toml": b"not = TOML at all\n"}


# Links.


def test_a_link_out_of_the_folder_is_not_written_through(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside.toml", tmp_path / "library"
    outside.write_text(toml("case", a_case()))
    folder.mkdir()
    (folder / "mine.toml").symlink_to(outside)
    (folder / "case-new.toml").symlink_to(tmp_path / "nowhere.toml")
    before = outside.read_bytes()
    with pytest.raises(CannotWrite, match="leads out of the library"):
        own.remove(folder, CASE, "somewhere")
    with pytest.raises(CannotWrite, match="leads out of the library"):
        own.replace(folder, CASE, a_case(name="Changed"))
    with pytest.raises(CannotWrite, match="leads out of the library"):
        own.save(folder, "mine.toml", before, b"")
    with pytest.raises(CannotWrite, match="is there already"):
        own.add(folder, CASE, a_case(id="new"))
    assert (outside.read_bytes(), (tmp_path / "nowhere.toml").exists()) == (before, False)


def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / own.LOCK).symlink_to(tmp_path / "outside")
    with pytest.raises(CannotWrite, match=r"\.p2p\.lock could not be written"):
        own.add(tmp_path / "library", CASE, a_case())
    assert not (tmp_path / "outside").exists()


def test_a_library_that_is_itself_a_link_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    own.add(tmp_path / "link", CASE, a_case())
    own.remove(tmp_path / "link", CASE, "somewhere")
    assert files_in(tmp_path / "real") == {}


# What is taken out or changed among others.

A = 'id = "a"\nname = """\n[[case]]\n# no comment\n"""\n'
B = "id = \"b\"\nlist = [\n  \"[[case]]\", # one ]\n  '''\n[case]\n''',\n]\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"[[case]]\n{A}\n# About B.\n[[case]]\n{B}", f"# About B.\n[[case]]\n{B}"),
        (f"[[case]]\n{B}\n# About A.\n[[case]]\n{A}", f"[[case]]\n{B}\n# About A.\n"),
        (f"# Top.\r\n[[ case ]] # so\r\nid = 'a'\r\n\r\n[[case]]\r\n{B}", f"# Top.\r\n[[case]]\r\n{B}"),
        (
            f'\ufeff[["case"]]\n{A}[[case.sources]]\nx = 1\n# in it\n[[case.sources]]\nx = 2\n\n# later\n[route]\nid = "a"\n',
            '\ufeff# later\n[route]\nid = "a"\n',
        ),
        ('[[route]]\nid = "a"\n[["case"]]\nid = "a"\n[[route]]\nid = "c"', '[[route]]\nid = "a"\n[[route]]\nid = "c"'),
        ('[case]\nid = "a"\nx.y = {z = "]"}\n  [route]\nid = "r"\n', '  [route]\nid = "r"\n'),
        (f"[[case]]\n{A}", ""),
    ],
    ids=["first", "last", "windows", "sources", "between", "single", "alone"],
)  # fmt: skip
def test_a_record_is_taken_out_and_every_other_byte_stays(before: str, after: str) -> None:
    assert texts.changed_toml(before.encode(), "case", "a", None).decode() == after


@pytest.mark.parametrize(
    "text",
    [
        'case = [{id = "a"}, {id = "b"}]\n',
        '[[case]]\nid = "a"\n[[route]]\nid = "b"\n[[case.sources]]\nx = 1\n',
        '[[case]]\nid = "c"\n[case.case]\nx = 1\n[[route]]\nid = "b"\n[[case.sources]]\nid = "a"\n[[case]]\nid = "a"\n[x]\n[case.y]\n',
    ],
    ids=["inline", "in two pieces", "mixed"],
)
def test_a_record_that_is_not_in_one_piece_is_left_alone(text: str) -> None:
    with pytest.raises(CannotWrite, match="does not stand in one piece"):
        texts.changed_toml(text.encode(), "case", "a", None)


@given(
    st.lists(st.sampled_from(["# x\n", "\n", "y = '#'\n", 'z = """\n[[case]]\n"""\n', "[[case.sources]]\nq = [[1],\n[2]]\n"]), max_size=5)
)
def test_what_is_added_among_others_is_taken_out_again(inside: list[str]) -> None:
    keys = {line.partition(" ")[0]: line for line in inside if "=" in line and line[0] != "["}
    rest = [line for line in inside if line[0] in "#\n"] + [line for line in inside if line[0] == "["]
    block = '[[case]]\nid = "a"\n' + "".join([*keys.values(), *rest])
    others = ['# top\n[[case]]\nid = "b"\n\n', '# below\n[[route]]\nid = "a"\n']
    left = texts.changed_toml(f"{others[0]}{block}{others[1]}".encode(), "case", "a", None).decode()
    assert left.startswith(others[0])
    assert left.endswith(others[1])
    assert set(left.removeprefix(others[0]).removesuffix(others[1]).splitlines()) <= {"# x", ""}


def test_a_record_among_others_is_changed_in_its_place(tmp_path: Path) -> None:
    one, two, three = (toml("case", a_case(id=id)) for id in ("one", "two", "three"))
    (tmp_path / "all.toml").write_text(f"# Ours.\n{one}\n# Two.\n{two}\n# Three.\n{three}")
    changed = a_case(id="two", name="Changed")
    own.replace(tmp_path, CASE, changed)
    text = toml("case", own.in_order(CASE, changed))
    assert (tmp_path / "all.toml").read_text() == f"# Ours.\n{one}\n# Two.\n{text}\n# Three.\n{three}"
    with pytest.raises(NotFound):
        own.replace(tmp_path, CASE, a_case(id="four"))
    with pytest.raises(BadRecords):
        own.replace(tmp_path, CASE, a_case(id="two", nation="nowhere"))


def test_a_line_is_taken_out_of_json_lines_or_changed_and_every_other_byte_stays(tmp_path: Path) -> None:
    lines = [json.dumps({"kind": "case", **a_case(id=id)}).encode() for id in ("one", "two", "three")]
    broken = b'{"kind": "case", "id": "one"\r\n\n' + b"x" * 1_200_000 + b"\n"
    path = tmp_path / "many.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + lines[0] + b"\n" + broken + lines[1] + b"\r\n" + lines[2])
    own.remove(tmp_path, CASE, "two")
    assert path.read_bytes() == b"\xef\xbb\xbf" + lines[0] + b"\n" + broken + lines[2]
    own.replace(tmp_path, CASE, a_case(id="three", name="Größe"), was=library.open_library(tmp_path).get("case", "three").fields)  # type: ignore[union-attr]  # it is there
    assert path.read_bytes().startswith(b"\xef\xbb\xbf" + lines[0] + b"\n" + broken)
    assert read_back(tmp_path, "case", "three")["name"] == "Größe"
    with pytest.raises(CannotWrite, match="changed by somebody else"):
        own.replace(tmp_path, CASE, a_case(id="three"), was={})
    with pytest.raises(NotFound):
        own.remove(tmp_path, CASE, "two")


def test_a_record_in_a_file_that_is_not_ours_to_change_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("kind,id\ncase,somewhere\n")
    with pytest.raises(CannotWrite, match="does not change such files"):
        records.change(path, {("case", "somewhere"): None})
    assert path.read_text() == "kind,id\ncase,somewhere\n"


# The lock.


def test_who_waits_too_long_is_told_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_folder, "PATIENCE", 0.1)
    with own.writing(tmp_path), pytest.raises(CannotWrite, match=r"somebody else .* holds .*\.p2p\.lock"):
        own.add(tmp_path, CASE, a_case())


def test_whoever_may_write_to_a_shared_folder_may_take_its_lock(tmp_path: Path) -> None:
    for mode in (0o700, 0o770, 0o777):
        folder = tmp_path / f"{mode:o}"
        folder.mkdir()
        folder.chmod(mode)
        own.add(folder, CASE, a_case())
        assert (folder / own.LOCK).stat().st_mode & 0o777 == mode & 0o666


@pytest.mark.skipif(os.name != "posix", reason="Windows locks in another way")
def test_a_drive_that_refuses_locks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(CannotWrite, match="cannot lock files") as raised:
        own.add(tmp_path, CASE, a_case())
    assert "--library" in raised.value.hint


# The commands.


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    own.add(folder, CASE, a_case(id="our-town", name="Our town"))
    return folder


@pytest.fixture
def typed_in(run: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run p2p in this process, with a text on standard input."""

    def typed_in(text: str, *arguments: str) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        return run(*arguments)

    return typed_in


@pytest.mark.parametrize("form", ["toml", "bare toml", "json", "printed"])
def test_a_record_is_added_from_standard_input(typed_in: Callable[..., Ran], run: Run, tmp_path: Path, form: str) -> None:
    import tomli_w

    table = a_case(id="our-town", name="Our [red]town")
    text = {
        "toml": toml("case", table),
        "bare toml": tomli_w.dumps(table),
        "json": json.dumps(table, indent=2),
        "printed": json.dumps({"kind": "case", "library": "x", "related": [], **table, "term": None}),
    }[form]
    ran = typed_in(text, "library", "add", "case", "--library", str(tmp_path), "--json")
    answer = json.loads(ran.out)
    path = tmp_path / "case-our-town.toml"
    assert (ran.code, ran.err) == (0, "")
    assert answer["results"] == [{"kind": "case", "id": "our-town", "done": "added", "file": str(path)}]
    assert run("show", "our-town", "--library", str(tmp_path)).out.startswith("Name: Our [red]town\n")


def test_a_record_is_added_from_options(run: Run, tmp_path: Path) -> None:
    ran = run(
        "library", "add", "case", "--library", str(tmp_path), "--set", "id=our-town", "--set", "name=Our town", "--set", "places=Ourtown",
        "--set", "places=Theirtown", "--set", "nation=england", "--set", "sectors=health", "--set", "value_gbp=£1,250,000",
        "--set", "summary=It cost £1.25m [1].", "--set", "outcomes=Fewer = better [1]. | expected", "--set", "routes=grant | stated",
        "--source", "A page | A council | https://example.org/a?b=c | 2020-05", "--source", "Another | | https://example.org/",
    )  # fmt: skip
    assert (ran.code, ran.out) == (0, f"our-town\tcase\tadded\t{tmp_path / 'case-our-town.toml'}\n")
    assert read_back(tmp_path, "case", "our-town") == {
        "id": "our-town",
        "name": "Our town",
        "summary": "It cost £1.25m [1].",
        "sources": [
            {"title": "A page", "publisher": "A council", "url": "https://example.org/a?b=c", "date": "2020-05"},
            {"title": "Another", "url": "https://example.org/"},
        ],
        "places": ["Ourtown", "Theirtown"],
        "nation": "england",
        "sectors": ["health"],
        "value_gbp": 1_250_000,
        "routes": [{"id": "grant", "certainty": "stated"}],
        "outcomes": [{"text": "Fewer = better [1].", "evidence": "expected"}],
    }


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("add", "cas"), 2, "there is no kind 'cas'"),
        (("add", "case", "--set", "nmae=x"), 2, "there is no field 'nmae'\nNearest: name"),
        (("add", "case", "--set", "name"), 2, "'name' is not field=value"),
        (("add", "case", "--set", "sources.title=x"), 2, "there is no field 'sources.title'"),
        (("add", "case", "--set", "name=x", "--set", "name=y"), 2, "name is set twice"),
        (("add", "case", "--source", "a|b|c|d|e|f"), 2, "has too many parts"),
        (("add", "case", "--set", "name=x"), 4, "6 mistakes in the data"),
        (("add", "case", "/nowhere.toml"), 4, "/nowhere.toml cannot be read"),
        (("edit", "our-town"), 2, "an editor needs a terminal"),
        (("remove", "our-town"), 2, "Try: p2p library remove our-town --yes"),
        (("remove", "our-twon", "--yes"), 3, "Nearest: case:our-town"),
        (("remove", "croydon", "--yes"), 3, "case:croydon is not in your library; it comes with p2p"),
        (("remove", "our-town", "zzzzqqqq", "--yes"), 3, "no record is called 'zzzzqqqq'"),
        (("validate", "."), 4, "there are no files of records in ."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_failure_says_what_and_changes_nothing(
    run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int, said: str
) -> None:
    before = files_in(mine)
    monkeypatch.setenv("P2P_LIBRARY", str(mine))
    monkeypatch.chdir(mine.parent)
    ran = run("library", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert set(json.loads(run("library", *arguments, "--json").err)["error"]) == {"code", "message", "hint", "suggestions"}
    assert files_in(mine) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing stands in standard input"),
        ("{", "standard input; wanted: one JSON object"),
        ('{"kind": "route"}', "standard input is 'route'; wanted: a record of the kind case"),
        ("a = b", "standard input; wanted: valid TOML: "),
        (toml("route", a_route()), "standard input is [[route]]; wanted: a record under [[case]]"),
        (toml("case", a_case()) * 2, "wanted: one record under [[case]], and nothing else"),
    ],
)
def test_what_is_no_record_is_told(typed_in: Callable[..., Ran], tmp_path: Path, text: str, said: str) -> None:
    ran = typed_in(text, "library", "add", "case", "-", "--library", str(tmp_path / "made"))
    assert (ran.code, ran.out) == (4 if text else 2, "")
    assert said in ran.err
    assert not (tmp_path / "made").exists()


def test_a_record_laid_over_a_bundled_one_is_removed_and_that_is_shown_again(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text(json.dumps(a_case(id="croydon", name="Ours")))
    folder = str(tmp_path / "library")
    added = run("library", "add", "case", str(tmp_path / "mine.json"), "--library", folder)
    assert added.err.startswith("It takes the place of the bundled case:croydon.\n")
    assert run("show", "croydon", "--library", folder).out.startswith("Name: Ours\n")
    removed = run("library", "remove", "croydon", "--yes", "--library", folder)
    assert (removed.code, removed.err) == (0, "The bundled case:croydon is shown again.\n")
    assert "One Croydon" in run("show", "croydon", "--library", folder).out


def test_where_counts_what_there_is(run: Run, mine: Path, tmp_path: Path) -> None:
    (mine / "broken.toml").write_text("x")
    found = {place["id"]: place for place in json.loads(run("library", "where", "--json", "--library", str(mine)).out)["results"]}
    assert found["own"] == {"id": "own", "folder": str(mine), "exists": True, "files": 2, "records": 1}
    assert found["bundled"]["records"] == library.open_library().size
    ran = run("library", "where", "--library", str(tmp_path / "nowhere"))
    assert (ran.code, ran.out.splitlines()[1]) == (0, f"own\t0\t0\t{tmp_path / 'nowhere'}")
    assert "To make a first record: p2p library add case" in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (toml("case", a_case()), "No mistakes in 1 file: 1 record."),
        ("\n\n".join(json.dumps({"kind": "case", **a_case(id=id)}) for id in "ab"), "No mistakes in 1 file: 2 records."),
        ("[[case]]\nid = x", "standard input.toml; wanted: valid TOML: Invalid value (at line 2, column 6)"),
        ('{"kind": "case"}\n\n{', "standard input.jsonl: line 3; wanted: a JSON object of fields"),
    ],
)  # fmt: skip
def test_standard_input_is_validated_by_what_it_holds(typed_in: Callable[..., Ran], text: str, said: str) -> None:
    ran = typed_in(text, "library", "validate", "-")
    assert ran.code == (0 if said.startswith("No") else 4)
    assert said in ran.err


def test_a_folder_is_validated(run: Run, mine: Path) -> None:
    assert run("library", "validate", str(mine)).err == "No mistakes in 1 file: 1 record.\n"


def test_one_broken_file_stops_nothing_and_is_named(run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("P2P_LIBRARY", str(mine))
    (mine / "broken.toml").write_text('[[case]]\nid = "x"\nname = \n')
    shown = run("show", "our-town")
    assert (shown.code, shown.err.splitlines()[0]) == (0, "warning: broken.toml; wanted: valid TOML: Invalid value (at line 3, column 8).")
    (mine.parent / "new.json").write_text(json.dumps(a_case(id="new")))
    for arguments in (("add", "case", str(mine.parent / "new.json")), ("remove", "new", "--yes")):
        ran = run("library", *arguments)
        assert ran.code == 0
        assert "broken.toml" in ran.err
    validated = run("library", "validate")
    assert (validated.code, "broken.toml; wanted: valid TOML: Invalid value (at line 3, column 8)" in validated.err) == (4, True)


# On a terminal.


NEEDED = [
    "b", "?", "Our town", "Our town", "b", "Ours", "?", "A page", "A council", "2020", "example.org", "https://example.org/", "", "",
    "", "", "Partners saved £1m.", "Partners saved £1m [2].", "Partners saved £1m [1].", "Ourtown", "", "5", "engl", "health c", "1", "",
]  # fmt: skip


def test_a_record_is_made_of_answers(tmp_path: Path) -> None:
    typed = [*NEEDED, "n", "maybe", "y"]
    ran = conversation("library", "add", "case", typed=typed, env={"P2P_LIBRARY": str(tmp_path)})
    assert ran.code == 0, ran.out
    for said in (
        "This is the first question.",
        "Small letters and figures, joined by hyphens, such as our-town.",
        "For example, oldham has: Oldham's Social Prescribing Innovation Partnership",
        "Wanted: an address that begins with https:// or http://.",
        "Every record needs this.",
        "Wanted: a source marker such as [1] in each sentence that holds a figure.",
        "Wanted: the number of a source, 1 to 1.",
        "  4. Wales",
        "Please type a number from 1 to 4, or how one of them begins.",
        'nation = "england"',
        "Please type y or n.",
    ):
        assert " ".join(said.split()) in " ".join(ran.out.split())
    table = read_back(tmp_path, "case", "our-town")
    assert (table["name"], table["nation"], table["sectors"]) == ("Ours", "england", ["health", "carers"])
    assert table["sources"] == [{**A_SOURCE, "date": "2020", "url": "https://example.org/"}]


def test_answers_that_end_too_early_say_what_is_missing_and_show_what_was_typed(tmp_path: Path) -> None:
    ran = conversation("library", "add", "case", typed=["our-town", "Our town", "A page", "\x04"], env={"P2P_LIBRARY": str(tmp_path)})
    assert ran.code == 4
    assert 'title = "A page"' in ran.out
    assert "case:our-town: nation; wanted: nation of the United Kingdom: england, northern-ireland, scotland, wales." in " ".join(
        ran.out.split()
    )
    assert files_in(tmp_path) == {}


def test_a_record_that_is_not_wanted_after_all_is_not_written(tmp_path: Path) -> None:
    ran = conversation("library", "add", "case", typed=[*NEEDED, "\x04", "n"], env={"P2P_LIBRARY": str(tmp_path)})
    assert (ran.code, files_in(tmp_path)) == (0, {})
    assert ran.out.endswith("Nothing was written.\n")


def test_removing_asks_on_a_terminal(mine: Path) -> None:
    env = {"P2P_LIBRARY": str(mine)}
    refused = conversation("library", "remove", "our-town", typed=[""], env=env)
    assert (refused.code, list(files_in(mine))) == (0, ["case-our-town.toml"])
    assert conversation("library", "remove", "Our Town", typed=["y"], env=env).code == 0
    assert files_in(mine) == {}


# Editing. The editor is sed or a script, which does what a person would.


def edit(folder: Path, *arguments: str, script: str, typed: tuple[str, ...] = (), name: str = "our-town") -> Ran:
    """Edit with an editor that runs these lines of shell; `$1` is the copy. Temporary folders are made beside the library."""
    editor = folder.parent / "an editor"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o755)
    (folder.parent / "tmp").mkdir(exist_ok=True)
    env = {"P2P_LIBRARY": str(folder), "VISUAL": f"'{editor}'", "EDITOR": "false", "TMPDIR": str(folder.parent / "tmp")}
    return conversation("library", "edit", name, *arguments, typed=list(typed), env=env)


def copies(folder: Path) -> list[Path]:
    return list((folder.parent / "tmp").glob("p2p-*/*"))


def test_an_edited_file_keeps_the_users_own_text(mine: Path) -> None:
    path = mine / "case-our-town.toml"
    path.write_text("# Mine.\n" + path.read_text())
    before = path.read_text()
    ran = edit(mine, script='sed -i "s/Our town/Our city/" "$1"')
    assert ran.code == 0, ran.out
    assert path.read_text() == before.replace("Our town", "Our city")
    assert copies(mine) == []


def test_nothing_changed_is_said(mine: Path) -> None:
    ran = edit(mine, script=":")
    assert (ran.code, copies(mine)) == (0, [])
    assert "Nothing was changed." in " ".join(ran.out.split())


def test_mistakes_are_shown_and_the_editor_opens_again(mine: Path) -> None:
    script = 'if grep -q engand "$1"; then sed -i s/engand/wales/ "$1"; else sed -i s/england/engand/ "$1"; fi'
    ran = edit(mine, script=script, typed=("",))
    assert ran.code == 0, ran.out
    assert "case:our-town: nation is 'engand'" in " ".join(ran.out.split())
    assert read_back(mine, "case", "our-town")["nation"] == "wales"


def test_what_was_typed_is_kept_where_mistakes_are_left(mine: Path) -> None:
    before = files_in(mine)
    ran = edit(mine, script='sed -i s/england/engand/ "$1"', typed=("n",))
    assert (ran.code, files_in(mine)) == (4, before)
    [copy] = copies(mine)
    assert 'nation = "engand"' in copy.read_text()
    assert str(copy) in ran.out.replace("\n", "")


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ('sed -i s/Our/Your/ "$1"; exit 3', 1, "ended with code 3"),
        ('sed -i s/Our/Your/ "$1"; echo >> "$P2P_LIBRARY/case-our-town.toml"', 5, "has been changed by somebody else meanwhile"),
        ('sed -i s/Our/Your/ "$1"; rm "$P2P_LIBRARY/case-our-town.toml"', 5, "has been changed by somebody else meanwhile"),
    ],
    ids=["editor fails", "changed", "removed"],
)
def test_an_edit_that_cannot_be_kept_loses_no_typing(mine: Path, script: str, code: int, said: str) -> None:
    ran = edit(mine, script=script)
    assert ran.code == code
    assert said in ran.out.replace("\n", " ")
    [copy] = copies(mine)
    assert "Your town" in copy.read_text()


def test_a_bundled_record_is_edited_as_a_copy(mine: Path) -> None:
    refused = edit(mine, script=":", typed=("n",), name="croydon")
    assert (refused.code, len(files_in(mine))) == (2, 1)
    assert "Try: p2p library edit croydon --copy" in refused.out
    assert edit(mine, "--copy", script='sed -i "s/^name = .*/name = \\"Ours\\"/" "$1"', name="croydon").code == 0
    assert read_back(mine, "case", "croydon")["name"] == "Ours"


def test_a_record_among_json_lines_is_edited_as_toml(mine: Path) -> None:
    (mine / "many.jsonl").write_text("".join(json.dumps({"kind": "case", **a_case(id=id)}) + "\n" for id in ("one", "two")))
    assert edit(mine, script='sed -i s/Somewhere/Elsewhere/ "$1"', name="two").code == 0
    assert [read_back(mine, "case", id)["name"] for id in ("one", "two")] == ["Somewhere", "Elsewhere"]
    renamed = edit(mine, script='sed -i \'s/id = "two"/id = "three"/\' "$1"', name="two", typed=("n",))
    assert (renamed.code, "the id as it was, two" in " ".join(renamed.out.split())) == (4, True)


@pytest.mark.parametrize("name", ["our-town", "case:our-town", "case-our-town.toml"])
def test_a_record_with_mistakes_can_be_mended(mine: Path, name: str) -> None:
    path = mine / "case-our-town.toml"
    path.write_text(path.read_text().replace("england", "engand"))
    assert edit(mine, script='sed -i s/engand/england/ "$1"', name=name).code == 0
    assert read_back(mine, "case", "our-town")["nation"] == "england"


def test_an_editor_that_is_none_is_told(mine: Path) -> None:
    commands = (
        ("no-such-editor", "could not be started"),
        ("'", "which is no command"),
        (f"true; touch {mine / 'x'}", "could not be started"),
    )
    for editor, said in commands:
        ran = conversation("library", "edit", "our-town", typed=[], env={"P2P_LIBRARY": str(mine), "VISUAL": editor})
        assert ran.code == 2
        assert said in ran.out.replace("\n", " ")
    assert list(files_in(mine)) == ["case-our-town.toml"]


def test_an_addition_among_lines_is_edited_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "ours.jsonl").write_text('{"kind": "case", "extends": "oldham", "status": "ended"}\n')
    ran = in_terminal("library", "edit", "oldham", "--library", str(tmp_path), env={"EDITOR": "sed -i s/ended/running/"})
    assert ran.code == 0
    assert json.loads((tmp_path / "ours.jsonl").read_text()) == {"kind": "case", "extends": "oldham", "status": "running"}


def test_an_addition_can_be_added_and_removed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text('extends = "oldham"\nstatus = "ended"\n')
    folder = str(tmp_path / "own")
    assert run("library", "add", "case", str(tmp_path / "x.toml"), "--library", folder).code == 0
    assert (tmp_path / "own" / "case-oldham.toml").read_text() == '[[case]]\nextends = "oldham"\nstatus = "ended"\n'
    assert run("library", "add", "case", str(tmp_path / "x.toml"), "--library", folder).code == 5
    assert run("library", "remove", "oldham", "--yes", "--library", folder).code == 0
    assert not list((tmp_path / "own").glob("*.toml"))


def test_an_addition_to_nothing_is_not_added(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text('extends = "oldam"\nstatus = "ended"\n')
    ran = run("library", "add", "case", str(tmp_path / "x.toml"), "--library", str(tmp_path / "own"))
    assert (ran.code, (tmp_path / "own").exists()) == (4, False)
    assert "Did you mean 'oldham'?" in ran.err


@pytest.mark.parametrize(
    ("typed", "date"), [("12 March 2026", "2026-03-12"), ("1 may 2019", "2019-05-01"), ("March 2026", "2026-03"), ("2019-03", "2019-03")]
)
def test_a_date_may_be_typed_as_people_write_it(run: Run, tmp_path: Path, typed: str, date: str) -> None:
    given = [f"--set={name}={value}" for name, value in {"id": "x", "name": "X", "summary": "A.", "places": "X", "started": typed}.items()]
    given += ["--set=nation=england", "--set=sectors=health", "--source=A page | A council | https://example.org/1"]
    assert run("library", "add", "case", *given, "--library", str(tmp_path)).code == 0
    assert read_back(tmp_path, "case", "x")["started"] == date


@pytest.mark.parametrize(("typed", "number"), [("1200000", 1_200_000), ("1,200,000", 1_200_000), ("£1,200", 1_200)])
def test_a_number_may_be_typed_with_commas(run: Run, tmp_path: Path, typed: str, number: int) -> None:
    (tmp_path / "x.toml").write_text(toml("case", a_case(id="ours")))
    folder = str(tmp_path / "own")
    assert run("library", "add", "case", str(tmp_path / "x.toml"), "--set", f"value_gbp={typed}", "--library", folder).code == 0
    assert f"value_gbp = {number}\n" in (tmp_path / "own" / "case-ours.toml").read_text()


@pytest.mark.parametrize("typed", ["£1,5", "1.2m", "12,34", "1,2345"])
def test_what_is_no_number_is_not_made_one(run: Run, tmp_path: Path, typed: str) -> None:
    (tmp_path / "x.toml").write_text(toml("case", a_case(id="ours")))
    assert (
        run("library", "add", "case", str(tmp_path / "x.toml"), "--set", f"value_gbp={typed}", "--library", str(tmp_path / "own")).code == 4
    )


def test_removing_says_what_still_points_there(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "a.toml").write_text(toml("case", a_case(id="ours")))
    (folder / "b.toml").write_text('[[objection]]\nextends = "tender-everything"\ncases = ["ours"]\n')
    ran = run("library", "remove", "ours", "--yes", "--library", str(folder))
    assert "Still pointing to case:ours: objection:tender-everything." in ran.err


def test_a_file_named_twice_is_validated_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(toml("case", a_case(id="x")))
    assert run("library", "validate", str(tmp_path / "x.toml"), str(tmp_path / "x.toml")).code == 0
