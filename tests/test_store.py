"""Files to records: what is read, and what is said of what cannot be."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from builders import a_case, a_route, parsed, same_as_golden, toml
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit import store
from p2p_toolkit.errors import BadRecords, CannotRead, Fault
from p2p_toolkit.kinds import KINDS
from p2p_toolkit.store import Piece, records
from p2p_toolkit.store import bundled as store_bundled
from p2p_toolkit.store.readers import read_toml


class Contents(NamedTuple):
    records: list[store.Parsed]
    faults: list[Fault]

    @property
    def ids(self) -> list[str]:
        return [one.table["id"] for one in self.records]


def read(*paths: Path) -> Contents:
    faults: list[Fault] = []
    return Contents([one for path in paths for one in store.read(Piece(str(path)), "own", faults)], faults)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mine.toml"


def test_a_file_of_records_is_read(file: Path) -> None:
    file.write_text(toml("case", a_case(id="here")) + toml("route", a_route(id="there")))
    contents = read(file)
    assert contents.faults == []
    assert [(one.kind.name, one.table["id"], one.library) for one in contents.records] == [
        ("case", "here", "own"),
        ("route", "there", "own"),
    ]


def test_a_single_record_needs_only_single_brackets(file: Path) -> None:
    file.write_text(toml("case", a_case(id="here")).replace("[[case]]", "[case]").replace("[[case.sources]]", "[[case.sources]]"))
    assert read(file).ids == ["here"]


def test_a_byte_order_mark_is_passed_over(file: Path) -> None:
    file.write_text(toml("case", a_case(id="here")), encoding="utf-8-sig")
    assert read(file).ids == ["here"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"[[case]\n", "mine.toml; wanted: valid TOML: Expected ']]' at the end of an array declaration (at line 1, column 7)."),
        (b"\xff\xfe\x00", "mine.toml; wanted: text in UTF-8: byte 0 is something else."),
        (
            b"[[cases]]\n",
            (
                "mine.toml: cases; wanted: records under [[case]], [[route]], [[objection]], [[principle]], [[category]], [[cookie]]."
                " Did you mean 'case'?"
            ),
        ),
        (b"case = [1]\n", "mine.toml: case number 1; wanted: a table of fields, under [[case]]."),
        (b"case = 'x'\n", "mine.toml: case number 1; wanted: a table of fields, under [[case]]."),
        (b"x = " + b"9" * 5_000, "mine.toml; wanted: valid TOML: a number in it is too long."),
        (b"x = " + b"[" * 100_000, "mine.toml; wanted: valid TOML: this is nested too deeply."),
    ],
    ids=["broken", "not text", "unknown kind", "not a table", "a text", "number", "nested"],
)
def test_a_file_that_is_wrong_is_told_and_does_not_stop_the_rest(file: Path, tmp_path: Path, content: bytes, complaint: str) -> None:
    file.write_bytes(content)
    good = tmp_path / "other.toml"
    good.write_text(toml("case", a_case(id="here")))
    contents = read(file, good)
    assert [str(fault) for fault in contents.faults] == [complaint]
    assert contents.ids == ["here"]


def test_a_file_that_is_too_large_is_not_read(file: Path) -> None:
    with file.open("wb") as sparse:
        sparse.truncate(store.LARGEST_FILE + 1)
    [fault] = read(file).faults
    assert str(fault) == "mine.toml; wanted: a file of at most 20 MB; this one has 20 MB."


@pytest.mark.parametrize(
    "make", [lambda path: path.mkdir(), os.mkfifo, lambda path: path.symlink_to("/dev/zero")], ids=["folder", "pipe", "device"]
)
def test_what_is_no_file_is_not_opened(file: Path, make: Callable[[Path], None]) -> None:
    make(file)
    assert [str(fault) for fault in read(file).faults] == ["mine.toml; wanted: a file; this is a folder, a pipe or a device."]


def test_a_missing_file_is_told(file: Path) -> None:
    assert [str(fault) for fault in read(file).faults] == ["mine.toml; wanted: a readable file: No such file or directory."]


def test_a_library_folder_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CannotRead) as raised:
        store.library_files(tmp_path / "nowhere")
    assert "there is no library folder" in raised.value.message
    assert raised.value.hint == "Create the folder, or name another with --library or P2P_LIBRARY."


def test_only_files_of_records_belong_to_a_library(tmp_path: Path) -> None:
    for name in ("b.toml", "a.jsonl", ".hidden.toml", "notes.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in store.library_files(tmp_path)] == ["a.jsonl", "b.toml"]


def lines(*records: object) -> str:
    return "".join(f"{record if isinstance(record, str) else json.dumps(record)}\n" for record in records)


def test_json_lines_are_read_as_the_machine_output_writes_them(file: Path) -> None:
    file = file.with_suffix(".jsonl")
    printed = {
        "kind": "case",
        "library": "bundled",
        **a_case(id="here", ended=None, partners=[]),
        "score": 90,
        "matched": [],
        "related": [],
    }
    file.write_text("\ufeff" + lines(printed, "", {"kind": "route", **a_route(id="there")}))
    assert read(file) == ([parsed_from(file, "case", a_case(id="here")), parsed_from(file, "route", a_route(id="there"))], [])


def parsed_from(file: Path, kind: str, table: dict[str, Any]) -> store.Parsed:
    return parsed(kind, table, "own")._replace(file=file.name)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 2; wanted: a JSON object of fields, one of them the kind."),
        ("[1]", "line 2; wanted: a JSON object of fields, one of them the kind."),
        ("[" * 100_000, "line 2; wanted: a JSON object of fields, one of them the kind."),
        ('{"id": "x"}', "line 2; wanted: a JSON object of fields, one of them the kind."),
        ("x" * store.LONGEST_LINE + "x" * store.LONGEST_LINE, "line 2; wanted: a line of less than 1,000,000 bytes."),
        ({"kind": "cases"}, "line 2; wanted: a kind, one of " + ", ".join(kind.name for kind in KINDS) + ". Did you mean 'case'?"),
        (
            {"kind": "case", **a_case(id="X x")},
            "line 2: id is 'X x'; wanted: lower-case letters and figures joined by hyphens, at most 80.",
        ),
        (
            {"kind": "case", **a_case(id="x", nation="x")},
            "case:x, line 2: nation is 'x'; wanted: one of england, northern-ireland, scotland, wales.",
        ),
    ],
    ids=["broken", "a list", "nested", "no kind", "too long", "unknown kind", "bad id", "bad field"],
)
def test_a_line_that_is_wrong_is_told_and_does_not_stop_the_rest(tmp_path: Path, line: object, complaint: str) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text(lines({"kind": "case", **a_case(id="before")}, line, {"kind": "case", **a_case(id="after")}))
    contents = read(file)
    assert (contents.ids, [str(fault) for fault in contents.faults]) == (["before", "after"], [f"mine.jsonl: {complaint}"])


@given(cuts=st.sets(st.integers(1, 2_000), max_size=6))
def test_a_file_cut_into_pieces_gives_each_record_once_and_each_line_its_number(cuts: set[int]) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "mine.jsonl"
        records = [{"kind": "case", **a_case(id=f"case-{number}")} for number in range(6)]
        file.write_text(lines(*records[:3], "wrong", *records[3:]))
        faults: list[Fault] = []
        starts = [0, *sorted(cuts)]
        pieces = [Piece(str(file), start, end) for start, end in zip(starts, [*starts[1:], 1_000_000], strict=True)]
        assert [one.table["id"] for piece in pieces for one in store.read(piece, "own", faults)] == [record["id"] for record in records]
        assert [fault.record for fault in faults] == ["line 4"]


def test_a_change_of_one_file_changes_one_run(tmp_path: Path) -> None:
    for number in range(600):
        (tmp_path / f"record-{number:03}.toml").touch()
    before = store.runs_of(tmp_path)
    assert 2 <= len(before) <= 20
    (tmp_path / "record-300a.toml").touch()
    (tmp_path / "record-500.toml").write_text("# changed")
    after = store.runs_of(tmp_path)
    assert len({run.made_of for run in before} - {run.made_of for run in after}) <= 2
    assert [Path(piece.path) for run in after for piece in run.pieces] == sorted(tmp_path.iterdir())


def test_a_large_file_of_lines_is_read_in_pieces_and_another_large_one_in_one(tmp_path: Path) -> None:
    for name, size in (("large.jsonl", 50_000_000), ("large.toml", 30_000_000), ("least.toml", 1_000_000), ("small.toml", 999_999)):
        with (tmp_path / name).open("wb") as sparse:
            sparse.truncate(size)
    runs = store.runs_of(tmp_path)
    assert [(Path(run.pieces[0].path), *run.pieces[0][1:], run.size) for run in runs] == [
        (tmp_path / "large.jsonl", 0, 20_000_000, 20_000_000),
        (tmp_path / "large.jsonl", 20_000_000, 40_000_000, 20_000_000),
        (tmp_path / "large.jsonl", 40_000_000, 60_000_000, 10_000_000),
        (tmp_path / "large.toml", 0, 30_000_000, 30_000_000),
        (tmp_path / "least.toml", 0, 1_000_000, 1_000_000),
        (tmp_path / "small.toml", 0, sys.maxsize, 999_999),
    ]
    assert [len(run.pieces) for run in runs] == [1] * 6
    assert len({run.made_of for run in runs}) == 6
    os.utime(tmp_path / "large.jsonl", ns=(0, 0))
    assert [old.made_of == new.made_of for old, new in zip(runs, store.runs_of(tmp_path), strict=True)] == [False] * 3 + [True] * 3


def test_a_file_that_is_gone_when_it_is_looked_at_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "lost.toml").symlink_to("nowhere")
    [run] = store.runs_of(tmp_path)
    assert (run.made_of, run.size) == ('[["lost.toml", 0, 0]]', 0)


def test_a_library_that_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotRead, match=r"the library folder .*file cannot be read: Not a directory"):
        store.library_files(tmp_path / "file")


def test_a_large_file_full_of_mistakes_is_read_as_fast_as_a_right_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines before a piece are counted once for the piece, not for each mistake."""
    path = tmp_path / "wrong.jsonl"
    path.write_text('{"kind": "case"}\n' * 1_000)
    counted = []
    lines_before = records.lines_before
    monkeypatch.setattr(records, "lines_before", lambda piece: counted.append(piece) or lines_before(piece))
    faults: list[Any] = []
    assert list(store.read(store.Piece(str(path), path.stat().st_size // 2), "mine", faults)) == []
    assert len(counted) == 1
    assert faults[-1].record == "line 1000"


def test_a_mistake_among_lines_is_told_with_its_record_and_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('\n{"kind": "case", "id": "ours", "nation": "narnia"}\n')
    faults: list[Any] = []
    assert list(store.read(store.Piece(str(path)), "mine", faults)) == []
    assert {fault.record for fault in faults} == {"case:ours, line 2"}


# Every format, and what may go wrong in it: what is read of each file, as one text.

A_ROW = "kind,id,name,summary,places,nation,sectors,sources\n"
SOURCES = "A page | A council | https://example.org/1 | 2024 | Only the start"
AS_JSON = json.dumps({"kind": "case", **a_case(id="here")})
FILES: dict[str, str | bytes] = {
    "one.json": AS_JSON,
    "mark.json": "\ufeff" + AS_JSON,
    "list.json": f"[{AS_JSON}, 1, {{}}, {AS_JSON.replace('here', 'there')}]",
    "printed.json": json.dumps(
        {"p2p": "1.0", "results": [{**json.loads(AS_JSON), "library": "own", "score": 9, "ended": None, "changed": []}]}
    ),
    "results.json": '{"kind": "case", "results": "x"}',
    "broken.json": '{"kind": ',
    "nested.json": "[" * 100_000,
    "latin.json": '{"kind": "café"}'.encode("latin-1"),
    "number.json": "1",
    "kinds.json": '{"kind": ["case"]}',
    "kind.json": '{"kind": 1}',
    "empty.json": "",
    "mark.jsonl": "\ufeff" + AS_JSON + "\n",
    "open.jsonl": AS_JSON + "\n\n" + AS_JSON.replace("here", "there"),
    "latin.jsonl": '{"kind": "café"}\n'.encode("latin-1"),
    "empty.jsonl": "",
    "parts.csv": A_ROW + f'case,here,Here,"Something, done [1].",Here; There ;,england,health,"{SOURCES}"\n',
    "semicolons.csv": A_ROW.replace(",", ";") + f"case;here;Here;Something.;Here;england;health;{SOURCES}\n",
    "mark.csv": "\ufeff" + A_ROW + f'case,here,\'=Here,Something.,["Here; now"],england,health,{SOURCES}\n',
    "spaces.csv": " kind , id,name,summary,places,nation,sectors,sources,term\n"
    f" case ,here,Here,Something.,Here,england,health,{SOURCES}, \n",
    "numbers.csv": A_ROW.replace("kind", "kind,value_gbp,value_kind")
    + f"case,1000,grant,here,Here,Something.,Here,england,health,{SOURCES}\n"
    + f"case,'1e3,grant,there,Here,Something.,[broken,england,health,{SOURCES}\n",
    "flags.csv": "kind,locked,id\ncategory,true,x\ncategory,maybe,y\n",
    "lines.csv": A_ROW
    + f'\n,,\ncase,here,Here,"Two\nlines.",Here,england,health,{SOURCES}\n'
    + "case,there\ncase,a,b,c,d,e,f,g,h\nplace,x\n,y\n",
    "items.csv": A_ROW.replace("kind", "kind,routes")
    + 'case,"grant | stated; light-touch | inferred | So, perhaps",here,Here,Something.,Here,england,health,A page || https://example.org/\n',
    "comma.csv": "kind,id,a;b\ncase,x\n",
    "single.csv": "kind\ncase,x\n",
    "short.csv": "id,kind\nx\n",
    "nothing.csv": "",
    "names.csv": "id,name\nx,y\n",
    "latin.csv": (A_ROW + "case,café\n").encode("latin-1"),
    "nul.csv": b"kind,id\ncase,\x00\n",
    "cell.csv": "kind,id\ncase," + "x" * 140_000 + "\n",
    "unknown.csv": "kind,id,colour\ncase,x,[1]\n",
    "other.txt": toml("case", a_case(id="here")),
    "some.toml": "[case]\nid = 'x'\n\n[[route]]\nid = 'y'\n",
    "extends.toml": '[[case]]\nextends = "oldhm"\n\n[[case]]\nextends = "oldham"\nid = "x"\n',
}


def test_every_format_and_what_may_go_wrong_in_it(tmp_path: Path) -> None:
    told = []
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        contents = read(tmp_path / name)
        told += [f"{name}:", *(f"  {one.kind.name} {json.dumps(one.table, ensure_ascii=False)}" for one in contents.records)]
        told += [f"  ! {fault}" for fault in contents.faults]
    assert same_as_golden("files-of-records.txt", "\n".join(told) + "\n")


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".csv", ".toml"])
@pytest.mark.parametrize("make", [lambda path: path.mkdir(), os.mkfifo, lambda path: None], ids=["folder", "pipe", "nothing"])
def test_no_format_waits_for_what_is_no_file(tmp_path: Path, suffix: str, make: Callable[[Path], None]) -> None:
    make(tmp_path / f"x{suffix}")
    [fault] = read(tmp_path / f"x{suffix}").faults
    assert fault.wanted in ("a file; this is a folder, a pipe or a device", "a readable file: No such file or directory")


def test_a_json_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    for size, wanted in (
        (store.LARGEST_FILE, "valid JSON: "),
        (store.LARGEST_FILE + 1, "a file of at most 20 MB; as JSON Lines it may be longer"),
    ):
        with (tmp_path / "x.json").open("wb") as sparse:
            sparse.truncate(size)
        [fault] = read(tmp_path / "x.json").faults
        assert fault.wanted.startswith(wanted)


def test_the_format_may_be_said_where_the_ending_does_not(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(AS_JSON + "\n")
    assert [one.table["id"] for one in store.read(Piece(str(tmp_path / "x")), "own", [], format=".jsonl")] == ["here"]


# What comes with p2p besides records.


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that p2p takes for the one that comes with it."""
    monkeypatch.setattr(store_bundled, "bundled_folder", lambda: tmp_path)
    return tmp_path


def test_topics_come_in_the_order_of_their_files(bundled: Path) -> None:
    (bundled / "help").mkdir()
    (bundled / "help" / "02-later.md").write_text("# Later\n\nWhat comes then.\n\nFirst.\n\nSecond, café.\n", encoding="utf-8")
    (bundled / "help" / "01-getting-started.md").write_text("# Getting # started\n\nA tour.\n\nText.\n", encoding="utf-8")
    (bundled / "help" / "notes.txt").write_text("no topic")
    assert store_bundled.read_topics() == [
        store_bundled.Topic("getting-started", "Getting # started", "A tour.", "Text.\n"),
        store_bundled.Topic("later", "Later", "What comes then.", "First.\n\nSecond, café.\n"),
    ]


def test_without_a_file_there_are_no_synonyms(bundled: Path) -> None:
    assert store_bundled.read_synonyms() == []
    (bundled / "synonyms.toml").write_text("")
    assert store_bundled.read_synonyms() == []


def test_synonyms_are_groups_of_phrases(bundled: Path) -> None:
    (bundled / "synonyms.toml").write_text('[[group]]\nwords = ["home", "nowhere to live"]\n\n[[group]]\nwords = ["a", "b", "B"]\n')
    assert store_bundled.read_synonyms() == [["home", "nowhere to live"], ["a", "b", "B"]]


def test_the_guide_is_where_it_is_said_to_be() -> None:
    assert (store.bundled_folder() / "case_studies.toml").is_file()
    told, path = store.guide().split(": ", 1)
    assert (told, Path(path).name, Path(path).is_file()) == ("How a record is written", "README.md", True)


@pytest.mark.parametrize("words", ['["a"]', '["a", "A"]', '["a", ""]', '["a", 1]', '"ab"', "[]"])
def test_a_group_that_is_none_is_told_by_its_number(bundled: Path, words: str) -> None:
    (bundled / "synonyms.toml").write_text(f'[[group]]\nwords = ["a", "b"]\n\n[[group]]\nwords = {words}\n')
    with pytest.raises(BadRecords) as raised:
        store_bundled.read_synonyms()
    assert [str(fault) for fault in raised.value.faults] == [
        "synonyms.toml: group number 2; wanted: words, a list of at least two different phrases."
    ]


def test_a_group_that_is_no_table_is_told(bundled: Path) -> None:
    (bundled / "synonyms.toml").write_text('group = ["ab"]\n')
    with pytest.raises(BadRecords, match="group number 1"):
        store_bundled.read_synonyms()


def test_a_bundled_folder_without_records_says_what_to_do(bundled: Path) -> None:
    with pytest.raises(CannotRead) as raised:
        store_bundled.read_bundled()
    assert raised.value.message == f"p2p's own records are missing; they belong in {bundled}"
    assert raised.value.hint == "Install p2p again."


def test_bundled_records_are_without_fault_or_not_read_at_all(bundled: Path) -> None:
    (bundled / "case_studies.toml").write_text(toml("case", a_case(id="here")))
    assert [(one.table["id"], one.library) for one in store_bundled.read_bundled()] == [("here", "bundled")]
    (bundled / "routes.toml").write_text("[[route]]\nid = 'x'\n")
    with pytest.raises(BadRecords) as raised:
        store_bundled.read_bundled()
    assert {fault.file for fault in raised.value.faults} == {"routes.toml"}
    assert raised.value.hint.startswith("How a record is written: ")


@pytest.mark.parametrize("name", ["route_finder.toml", "cookie_clues.toml"])
def test_rules_that_are_wrong_are_told_with_their_file(bundled: Path, name: str) -> None:
    for file in ("route_finder.toml", "cookie_clues.toml"):
        (bundled / file).write_bytes((store.bundled_folder() / file).read_bytes())
    records = [parsed("route", a_route(id=one["id"])) for one in read_toml(store.bundled_folder() / "routes.toml")["route"]]
    records += store.read(Piece(str(store.bundled_folder() / "consent_categories.toml")), "bundled", [])
    assert set(store_bundled.read_rules(records)) == {"route finder", "cookie clues"}
    (bundled / name).write_text("x = 1\n")
    with pytest.raises(BadRecords) as raised:
        store_bundled.read_rules(records)
    assert {fault.file for fault in raised.value.faults} == {name}
    assert raised.value.hint.startswith("How a record is written: ")
