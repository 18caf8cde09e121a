"""The doors through which foreign bytes come in: each takes any bytes and fails only where p2p has a defect.

`test_doors.py` knocks at each of them with a few bytes, `benchmarks/fuzz.py` for as long as one likes.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import cookie_files
from builders import A_RECORD_OF, CATEGORIES, a_case, toml

from p2p_toolkit import cli, imports, kinds, library, own, search, store
from p2p_toolkit.consent import audit, readers
from p2p_toolkit.consent.rules import Rules
from p2p_toolkit.errors import Exit, P2PError
from p2p_toolkit.evidence import answers
from p2p_toolkit.library import Library
from p2p_toolkit.render import banners, cookie_page, formats, handed_on, plain, records, screen
from p2p_toolkit.render import cookies as cookie_answers
from p2p_toolkit.render.terminal import Look, look
from p2p_toolkit.store import Piece

NOW = 1_790_000_000
# What no answer may hold: control characters but tab and the ends of lines, marks that turn text round, halves of surrogate pairs.
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Door(NamedTuple):
    """What is done with any bytes, and some bytes that lead further in than noise does."""

    enter: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


@cache
def bundled() -> Library:
    return library.open_library()


def shown(answer: Any) -> None:
    """Have an answer in every format, and on a narrow and a wide screen."""
    written = {name: "".join(format(answer)) for name, format in formats.FORMATS.items()}
    written["plain"] = "".join(plain.lines(answer))
    for width in (20, 90):
        written[f"screen of {width}"] = screen.text(answer, Look(screen=True, width=width, colour=False, unicode=True))
    for name, document in answer.documents.items():
        written[f"document {name}"] = "".join(document(0))
    for name, text in written.items():
        text.encode()
        assert not UNSAFE.search(text), name
    assert isinstance(json.loads(written["json"]), dict)


@contextlib.contextmanager
def file_of(content: bytes, name: str) -> Iterator[Path]:
    # Where there is memory to write to, no disk is worn out.
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield path


def a_file(name: str) -> Callable[[bytes], None]:
    """A file of the user's library."""

    def enter(content: bytes) -> None:
        with file_of(content, name) as path:
            faults: list[Any] = []
            read = list(store.read(Piece(str(path)), "mine", faults))
            for fault in faults:
                str(fault).encode("utf-8", "backslashreplace")
            unique = {(one.kind.name, one.table["id"]): one for one in read}
            held = library.index_of(unique.values())
            for kind in held.kind_names:
                entries = list(held.all(kind))
                if entries:
                    shown(records.cards(held, entries, {}))
                    shown(records.listing(held, held.kinds[kind], entries, total=len(entries), query={}))
            shown(handed_on.answer(held, held.everything, {}))

    return enter


def typed_record(content: bytes) -> None:
    for kind in kinds.KINDS:
        with contextlib.suppress(P2PError):
            own.mistakes(bundled(), kind, own.from_text(kind, content, "x"))


def changed_file(content: bytes) -> None:
    """A file of the user's in which a record is changed, and one taken out: all else must stay."""
    case = kinds.kind_of("case")
    table = own.in_order(case, a_case(id="new"))
    with file_of(content, "x.toml") as path:
        read = list(store.read(Piece(str(path)), "mine", []))
        for one in read[:2]:
            with contextlib.suppress(P2PError):
                changed = own.texts.changed_toml(content, one.kind.name, one.table["id"], table if one.kind == case else None)
                store.parse_toml(changed)


def imported(content: bytes) -> None:
    with file_of(content, "x") as path, contextlib.suppress(P2PError):
        for kind, table in imports.Incoming([path]):
            assert not kinds.check(kind, table), table


def cookie_file(content: bytes) -> None:
    try:
        reading = readers.read(io.BytesIO(content), now=NOW)
    except P2PError:
        return
    found = audit.audit(bundled(), [reading], "www.example.gov.uk", None)
    shown(cookie_answers.audited(bundled(), found, {}))
    rows = audit.rows(found)
    shown(cookie_page.answer(rows, CATEGORIES, {}))
    for banner in banners.BANNERS:
        shown(banners.answer(banner, rows, CATEGORIES, "2026-11-23", {}))


def query(content: bytes) -> None:
    text = content.decode("utf-8", "surrogateescape")
    shown(records.hits(bundled(), search.find(bundled(), text), {"words": text}, explain=True))
    with contextlib.suppress(P2PError):
        search.resolve(bundled(), text)
    answers.answers(bundled(), text)
    name, _, domain = text.partition(" ")
    Rules(bundled()).classify(name, domain)


def command_line(content: bytes) -> None:
    arguments = [part.decode("utf-8", "surrogateescape") for part in content.split(b"\0")]
    # What these write and read is the machine's own.
    if {"-o", "--output", "--library", "add", "import", "edit", "remove", "mcp", "pick"} & set(arguments):
        return
    if any(argument.startswith(("-o", "--o", "--li")) for argument in arguments):
        return
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.main(arguments)
    assert code in set(Exit) - {Exit.FAILED}, (code, err.getvalue())
    assert "Traceback" not in err.getvalue()
    assert not UNSAFE.search(out.getvalue() + err.getvalue())


def environment(content: bytes) -> None:
    values = [part.decode("utf-8", "surrogateescape") for part in content.split(b"\0")]
    names = ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM", "ACCESSIBLE", "PAGER")
    assert look(io.StringIO(), dict(zip(names, values, strict=False))).width >= 20


def index_file(content: bytes) -> None:
    with file_of(content, "index.sqlite") as path:
        opened = library.read_index(path)
        if opened:
            opened.close()


def _json(*results: Any) -> bytes:
    return json.dumps({"results": list(results)}).encode()


_RECORDS = [{"kind": kind, **record()} for kind, record in A_RECORD_OF.items()]
_TOML = tuple(toml(kind, record()).encode() for kind, record in A_RECORD_OF.items())
_LINES = "\n".join(map(json.dumps, _RECORDS)).encode()
_CSV = b'kind,id,name,summary,sources,places,nation,sectors,started\ncase,a,A,Text.,"[{""title"": ""T""}]",X,england,health,2019\n'
_RELEASE = json.dumps(
    {"ocid": "ocds-1-2", "id": "1", "tag": ["award"], "tender": {"title": "T", "value": {"amount": 1}}, "parties": [{"name": "N"}]}
).encode()

DOORS = {
    "TOML file": Door(a_file("x.toml"), (*_TOML, b'[[case]]\nextends = "oldham"\n')),
    "JSON Lines file": Door(a_file("x.jsonl"), (_LINES, b'{"kind": "case", "id": 1e400}\n')),
    "JSON file": Door(a_file("x.json"), (_json(*_RECORDS), b"[" * 2_000)),
    "CSV file": Door(a_file("x.csv"), (_CSV, b"kind;id\ncase;=1+1\n")),
    "record as typed": Door(typed_record, (*_TOML, json.dumps(_RECORDS[0]).encode())),
    "file to change": Door(changed_file, (_TOML[0] * 2, b"# a\n" + _TOML[0] + b"\n[[case]] # b\n")),
    "import": Door(imported, (_LINES, _CSV, _RELEASE, b'{"releases": [' + _RELEASE + b"]}")),
    "cookie file": Door(cookie_file, tuple(make() for make in cookie_files.FILES.values())),
    "query": Door(query, (b"oldahm", b"stop - there's a procurement issue", b'" OR 1=1; --', b"NEAR(a b) *", "\u202e caf\u00e9".encode())),
    "command line": Door(
        command_line,
        (
            b"search\0oldham\0--json",
            b"list\0case\0--sort\0-started",
            b"consent\0explain\0x\0--scheme\0onetrust",
            b"show\0case:oldham",
            b"show\0case:\xff",
            b"list\0--nation\0\xff",
        ),
    ),
    "environment": Door(environment, (b"80\x001\x001\x000\x001\0dumb\x001\0cat",)),
    "index file": Door(index_file, (b"SQLite format 3\0" + bytes(100),)),
}
