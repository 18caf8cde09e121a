"""JSON as a stream: the wanted pieces of a document, one after another, in little memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import ijson  # type: ignore[import-untyped]  # it ships no types

# Each item of a list, and each value of an object whose keys are not known beforehand.
EACH = "[]"
ANY = "{}"
# No list inside one exchange or one page's storage is so long. The rest of a longer one is passed over.
MOST_ITEMS = 10_000

_STARTS = frozenset({"start_map", "start_array"})
_ENDS = frozenset({"end_map", "end_array"})

# Python reads no whole number of more than 4,300 figures, and ijson's C reader then hands out a null pointer.
_MOST_FIGURES = 2_000
_FIGURES = re.compile(rf"[0-9]{{{_MOST_FIGURES},}}")
# Every so many figures one is looked at first, which costs nothing.
_STEP = 128
_FEW_FIGURES = re.compile(rf"[0-9]{{{_MOST_FIGURES // _STEP - 1}}}")

_END_OF_ESCAPE = re.compile(r"\A[0-9a-fA-F]{0,4}")
_SURROGATES = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


class Whole(NamedTuple):
    """A piece to be handed out, and what is kept of it.

    `shape` is None for a single value, a list of one shape, or a mapping of keys to shapes; the rest is passed over.
    """

    shape: Any = None


class Broken(Exception):
    """The document breaks off, or is not JSON from here on."""


def pieces(text: Iterator[str], wanted: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each wanted piece as soon as it ends: its place, as keys from the top, and its value.

    A piece is None, or lacks parts, where the document has something else in its place. Raises Broken, after all
    pieces before.
    """
    events = _events(text)
    event, value = next(events)
    yield from _walk(event, value, events, wanted, ())
    for _ in events:
        raise Broken


def _walk(event: str, value: Any, events: Iterator[Any], wanted: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(wanted, Whole):
        yield place, _build(event, value, events, wanted.shape)
    elif event == "start_map" and wanted:
        for inner, key in events:
            if inner == "end_map":
                return
            event, value = next(events)
            yield from _walk(event, value, events, wanted.get(key, wanted.get(ANY)), (*place, key))
    elif event == "start_array" and wanted and EACH in wanted:
        for inner, item in events:
            if inner == "end_array":
                return
            yield from _walk(inner, item, events, wanted[EACH], (*place, EACH))
    else:
        _pass(event, events)


def _build(event: str, value: Any, events: Iterator[Any], shape: Any) -> Any:
    if event not in _STARTS:
        return None if isinstance(shape, list) else value
    if event == "start_map" and isinstance(shape, dict):
        found = {}
        for inner, key in events:
            if inner == "end_map":
                break
            event, value = next(events)
            if key in shape:
                # Most are single values, and there are millions of them.
                found[key] = value if shape[key] is None and event not in _STARTS else _build(event, value, events, shape[key])
            else:
                _pass(event, events)
        return found
    if event == "start_array" and isinstance(shape, list):
        items: list[Any] = []
        for inner, item in events:
            if inner == "end_array":
                break
            if len(items) < MOST_ITEMS:
                items.append(_build(inner, item, events, shape[0]))
            else:
                _pass(inner, events)
        return items
    _pass(event, events)
    return None


def _pass(event: str, events: Iterator[Any]) -> None:
    depth = 1 if event in _STARTS else 0
    while depth:
        event = next(events)[0]
        if event in _STARTS:
            depth += 1
        elif event in _ENDS:
            depth -= 1


def _events(text: Iterator[str]) -> Iterator[Any]:
    found = ijson.sendable_list()
    parser = ijson.basic_parse_coro(found)
    try:
        # An empty chunk would mean the end.
        for chunk in filter(None, _tame(text)):
            parser.send(chunk.encode())
            yield from found
            found.clear()
        parser.close()
    except (ijson.JSONError, ValueError, RecursionError):
        # What stood before the fault; the backends of ijson name the fault itself differently.
        yield from found
        raise Broken from None
    yield from found


def _tame(text: Iterator[str]) -> Iterator[str]:
    """The document without what would cost memory or make the backends of ijson differ.

    A chunk that lies wholly inside one string is dropped, so a response body of 100 MB is never built; U+FFFD marks
    the place. So does it half of a surrogate pair, which one backend reads as a question mark.
    """
    inside = cut = False
    escape = ""
    for piece in text:
        chunk = escape + piece
        escape = "\\" if (len(chunk) - len(chunk.rstrip("\\"))) % 2 else ""
        chunk = chunk.removesuffix(escape)
        quotes = chunk.replace("\\\\", "").replace('\\"', "").count('"')
        if inside and not quotes:
            # The first letters may end an escape such as \u00e9.
            chunk = "" if cut else "".join(_END_OF_ESCAPE.findall(chunk)) + "\ufffd"
            cut = True
        else:
            inside, cut = inside ^ (quotes % 2 == 1), False
        if "\\ud" in chunk or "\\uD" in chunk:
            chunk = _SURROGATES.sub(lambda match: match[0] if len(match[0]) > 6 else "\\ufffd", chunk)
        if _FEW_FIGURES.search(chunk[::_STEP]):
            chunk = _FIGURES.sub(lambda match: "1" if match.start() else "", chunk)
        yield chunk
