"""Python values as JavaScript that people read and change, and names of cookies as regular expressions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

# `</script>` or `<!--` would end a script inside a page; the others are line ends to JavaScript before ES2019, marks that turn the
# direction of text round (Unicode Technical Report 36), or have no bytes of their own.
_ESCAPED = re.compile("[<>\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f]")
# The syntax characters of a pattern (ECMAScript, section 22.2.1), and the slash that ends a literal.
_SYNTAX = re.compile(r"[\^$\\.*+?()[\]{}|/]")
_WORD = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_LONGEST_LINE = 120


class Expression(NamedTuple):
    """The source of a regular expression, to be written as a literal."""

    source: str


class Code(NamedTuple):
    """A piece of JavaScript of ours, to be written as it is."""

    source: str


def expression(name: str) -> str:
    """The source of the regular expression that fits exactly the names which `name` means, where `*` stands for any run of characters.

    It is for names of cookies, which hold no end of line.
    """
    parts = (_SYNTAX.sub(r"\\\g<0>", part) for part in re.split(r"\*+", name))
    return f"^{'.*'.join(parts)}$"


def literal(value: object, indent: str = "") -> str:
    """A value as JavaScript (ECMAScript 2015): mappings, sequences, strings, numbers, truth values, expressions, code."""
    if isinstance(value, Code):
        return value.source
    if isinstance(value, Expression):
        return f"/{_CONTROL.sub(_escape, _ESCAPED.sub(_escape, value.source))}/"
    deeper = indent + "  "
    if isinstance(value, Mapping):
        return _enclosed("{", [f"{_key(key)}: {literal(one, deeper)}" for key, one in value.items()], "}", indent)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _enclosed("[", [literal(one, deeper) for one in value], "]", indent)
    return as_json(value)


def as_json(value: object, indent: int | None = None) -> str:
    """A value as JSON that may also stand in a script of a page."""
    return _ESCAPED.sub(_escape, json.dumps(value, ensure_ascii=False, indent=indent))


def comment(lines: Sequence[str]) -> str:
    """Sentences of ours as a comment."""
    return "".join(f"// {line}\n" for line in lines)


def _enclosed(start: str, members: Sequence[str], end: str, indent: str) -> str:
    line = f"{start} {', '.join(members)} {end}" if start == "{" else f"{start}{', '.join(members)}{end}"
    if not members:
        return start + end
    if len(line) <= _LONGEST_LINE and "\n" not in line:
        return line
    return f"{start}\n{''.join(f'{indent}  {member},{chr(10)}' for member in members)}{indent}{end}"


def _key(name: str) -> str:
    return name if _WORD.fullmatch(name) else as_json(name)


def _escape(sign: re.Match[str]) -> str:
    return f"\\u{ord(sign[0]):04x}"
