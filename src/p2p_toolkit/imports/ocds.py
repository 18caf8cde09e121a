"""Contract notices as they are published in the Open Contracting Data Standard 1.1, as draft cases.

Read as a stream. Releases of one process wait for each other while no more than MOST_WAITING characters wait; then the process
that nothing came for the longest is made into its draft. They usually stand in one package, close together.
"""

from __future__ import annotations

import codecs
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, BinaryIO, NamedTuple

from p2p_toolkit.consent.readers.stream import EACH, Broken, Whole, pieces
from p2p_toolkit.errors import Fault
from p2p_toolkit.imports.cases import draft
from p2p_toolkit.imports.releases import RELEASE, kept, merged
from p2p_toolkit.kinds import check, kind_of

# So much of a file is enough to tell what it is.
SAMPLE = 1_000_000
LONGEST_LINE = 10_000_000
MOST_WAITING = 20_000_000
_CHUNK = 65_536
_LONGEST_OCID = 200

_RECORD = {"ocid": None, "compiledRelease": RELEASE, "releases": [{**RELEASE, "url": None}]}
_PUBLISHER = {"name": None}
# What is read of a document, by the places where it stands: of a package, or of a release or a record that stands alone.
_PLACES: Mapping[str, Any] = {
    **{name: Whole(shape) for name, shape in RELEASE.items()},
    "uri": Whole(),
    "publisher": Whole(_PUBLISHER),
    "compiledRelease": Whole(RELEASE),
    "releases": {EACH: Whole({**RELEASE, "url": None})},
    "records": {EACH: Whole(_RECORD)},
}
_OCID = {"ocid": Whole()}
_SIGNS: Mapping[str, Any] = {
    **dict.fromkeys(("version", "uri", "publishedDate", "ocid"), Whole()),
    "tag": {EACH: Whole()},
    "compiledRelease": _OCID,
    "releases": {EACH: _OCID},
    "records": {EACH: _OCID},
}
_PACKAGE = {"version", "uri", "publishedDate"}


class Draft(NamedTuple):
    """A draft case as plain data, right by the rules of its kind, and where in the file its first release stands."""

    place: str
    record: dict[str, Any]


class _Found(NamedTuple):
    """A release, or what would have been right in its place; `place` is its number, after that of its line where there are lines."""

    place: str
    release: dict[str, Any]
    wanted: str = ""


def is_one(start: str) -> bool:
    """Whether a file that begins so, of which SAMPLE characters are enough, is open contracting data: a package with releases or
    records, a release, or a compiled record; or has one on its first line. Told by its content alone."""
    seen = set()
    try:
        for place, _ in pieces(iter([start.lstrip("\ufeff")]), _SIGNS):
            seen.add(place[0] if place[0] in _PACKAGE or len(place) == 1 else f"{place[0]}.{place[-1]}")
    except Broken:
        # What stood before is enough.
        pass
    inside = {"releases.ocid", "records.ocid", "compiledRelease.ocid"} & seen
    return bool(inside) or {"ocid", f"tag.{EACH}"} <= seen or seen >= _PACKAGE


def drafts(file: BinaryIO, name: str) -> Iterator[Draft | Fault]:
    """A draft case for each contracting process in a file that can be read twice, and what is wrong with it, as a stream.

    A release without fault is never hidden by another's. A file that breaks off gives what stood before. `name` is what a fault
    calls the file; its `record` is the number of the release or record, after that of the line where the file is JSON Lines.
    """
    processes = _Processes(name)
    for found in _lines(file) if _has_lines(file) else _document(file):
        yield from processes.take(found)
    yield from processes.rest()


class _Processes:
    """The processes whose releases are still waited for. They wait as JSON, which takes the least memory."""

    def __init__(self, name: str) -> None:
        self._name = name
        # By ocid: the place of the first release, and all of them; the process that nothing came for the longest stands first.
        self._waiting: dict[str, tuple[str, list[str]]] = {}
        self._size = 0
        # Of those that are done only the hash of the ocid is kept.
        self._done: set[int] = set()

    def take(self, found: _Found) -> Iterator[Draft | Fault]:
        ocid = found.release.get("ocid", "")
        wanted = found.wanted or _wanted(ocid)
        if hash(ocid) in self._done:
            wanted = "the releases of a process nearer to each other: the draft of this one was made without this release"
        if wanted:
            yield Fault(file=self._name, record=found.place, wanted=wanted)
            return
        first, releases = self._waiting.pop(ocid, (found.place, []))
        releases.append(json.dumps(found.release))
        self._size += len(releases[-1])
        self._waiting[ocid] = first, releases
        while self._size > MOST_WAITING:
            yield from self._finish(next(iter(self._waiting)))

    def rest(self) -> Iterator[Draft | Fault]:
        for ocid in list(self._waiting):
            yield from self._finish(ocid)

    def _finish(self, ocid: str) -> Iterator[Draft | Fault]:
        place, releases = self._waiting.pop(ocid)
        self._size -= sum(map(len, releases))
        self._done.add(hash(ocid))
        record = draft(merged(map(json.loads, releases)))
        if not record["sources"]:
            wanted = "an address where it can be read: that of a notice among its documents, or the `uri` of the package"
            yield Fault(file=self._name, record=place, field="documents", wanted=wanted)
            return
        mistakes = check(kind_of("case"), record, file=self._name)
        yield from (mistake._replace(record=place) for mistake in mistakes)
        if not mistakes:
            yield Draft(place, record)


def _wanted(ocid: str) -> str:
    if not ocid:
        return "an object with an ocid, the number of its contracting process"
    return f"an ocid of at most {_LONGEST_OCID} characters" if len(ocid) > _LONGEST_OCID else ""


def _text(file: BinaryIO) -> Iterator[str]:
    """The text of a file from its start: UTF-8, or what its byte-order mark says; Windows PowerShell writes UTF-16 with `>`."""
    file.seek(0)
    chunk = file.read(_CHUNK)
    encoding = "utf-16" if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    while chunk:
        yield decoder.decode(chunk)
        chunk = file.read(_CHUNK)
    yield decoder.decode(b"", final=True)


def _has_lines(file: BinaryIO) -> bool:
    """Whether the file is JSON Lines: an object on the first line that holds anything."""
    first = ""
    for piece in _text(file):
        first = (first + piece).lstrip()
        if "\n" in first or len(first) > LONGEST_LINE:
            break
    line = first.partition("\n")[0].rstrip()
    return line.startswith("{") and line.endswith("}") and len(line) <= LONGEST_LINE


def _lines(file: BinaryIO) -> Iterator[_Found]:
    """The releases of JSON Lines, a document on each line."""
    for number, line in _numbered(_text(file)):
        place = f"line {number:,}"
        if line is None:
            yield _Found(place, {}, f"a line of less than {LONGEST_LINE:,} characters")
        elif line.strip():
            package: dict[str, str] = {}
            # All of them first: what the package says of itself may stand behind its releases.
            found = list(_releases(iter([line]), package)) or [_Found("", {}, "a package, a release or a record")]
            for one in found:
                yield _with_package(one._replace(place=", ".join(filter(None, (place, one.place)))), package)


def _numbered(text: Iterable[str]) -> Iterator[tuple[int, str | None]]:
    """The lines with their numbers, counted from 1. None stands for one that is too long."""
    number, rest, too_long = 0, "", False
    for piece in chain(text, ["\n"]):
        *whole, last = piece.split("\n")
        for end in whole:
            number += 1
            yield number, None if too_long or len(rest) + len(end) > LONGEST_LINE else rest + end
            rest, too_long = "", False
        rest += last
        if len(rest) > LONGEST_LINE:
            rest, too_long = "", True


def _document(file: BinaryIO) -> Iterator[_Found]:
    """The releases of one JSON document."""
    package: dict[str, str] = {}
    # Read on its own, and seldom far, since it may stand behind the releases: their drafts cannot wait for it.
    for _ in _metadata(_text(file), package):
        if len(package) == len(_PACKAGE_PARTS):
            break
    for one in _releases(_text(file), {}):
        yield _with_package(one, package)


_PACKAGE_PARTS = {"uri": Whole(), "publisher": Whole(_PUBLISHER)}


def _metadata(text: Iterator[str], package: dict[str, str]) -> Iterator[None]:
    try:
        for place, value in pieces(text, _PACKAGE_PARTS):
            _describe(package, place[0], value)
            yield
    except Broken:
        # Told by who reads the releases.
        return


def _describe(package: dict[str, str], name: str, value: Any) -> None:
    said = kept(value, None) if name == "uri" else kept(value, _PUBLISHER).get("name")
    if said:
        package[name] = str(said)


def _with_package(found: _Found, package: Mapping[str, str]) -> _Found:
    return found._replace(release={**found.release, "package": dict(package)})


def _releases(text: Iterator[str], package: dict[str, str]) -> Iterator[_Found]:
    """The releases of one document, and where it breaks off; what it says of itself as a package is put into `package`."""
    counts: Counter[str] = Counter()
    alone: dict[str, Any] = {}
    last = ""
    try:
        for place, value in pieces(text, _PLACES):
            kind = place[0].removesuffix("s")
            if EACH in place:
                counts[kind] += 1
                last = f"{kind} number {counts[kind]:,}"
                yield _of_record(last, value) if kind == "record" else _of_release(last, value)
            elif place[0] in _PACKAGE_PARTS:
                _describe(package, place[0], value)
            else:
                alone[place[0]] = value
    except Broken:
        where = f"after {last}" if last else "before its first release"
        yield _Found(last, {}, f"JSON to the end; it breaks off {where}, or has a mistake there")
        return
    if "compiledRelease" in alone:
        yield _of_record("record", alone)
    elif "ocid" in alone:
        yield _of_release("release", alone)


def _of_release(place: str, value: Any) -> _Found:
    release = kept(value)
    if set(release) <= {"date", "ocid"} and "url" in kept(value, {"url": None}):
        return _Found(place, {}, "the release itself; this is only a link to it")
    return _Found(place, {**release, "ocid": str(release.get("ocid", ""))})


def _of_record(place: str, value: Any) -> _Found:
    """A record's compiled release, else its own releases merged."""
    record = kept(value, _RECORD)
    releases = [_of_release(place, one) for one in record.get("releases", ())]
    whole = [one.release for one in releases if not one.wanted]
    if "compiledRelease" not in record and not whole:
        return _Found(place, {}, releases[0].wanted if releases else "a compiledRelease, or releases")
    release = record.get("compiledRelease") or merged(whole)
    known = {"ocid": str(record.get("ocid") or release.get("ocid", ""))}
    links = [{"linked": str(one["url"])} for one in record.get("releases", ()) if "url" in one]
    return _Found(place, {**release, **known, **(links[-1] if links else {})})
