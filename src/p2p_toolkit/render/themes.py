"""How text looks by what it is: one table of roles for each theme."""

from __future__ import annotations

from collections.abc import Mapping

# What each theme adds in colour to the shapes below. They are colours of the fixed part of the 256 (16 and above), because the
# first sixteen are whatever the user's terminal makes of them: its yellow and cyan cannot be read on white, its blue on black.
# tests/test_themes.py measures each against the backgrounds of common terminals (WCAG 2.2, 1.4.3 and 1.4.11).
COLOURS: Mapping[str, Mapping[str, int]] = {
    # For a background nobody has told p2p: the few colours that can be read on black and on white.
    "auto": {
        "id": 29,
        "heading": 29,
        "bar": 29,
        "open": 29,
        "failed": 131,
        "planned": 63,
        "warning": 131,
        "frame": 29,
    },
    "dark": {
        "id": 80,
        "heading": 80,
        "place": 151,
        "evidence": 187,
        "marker": 80,
        "match": 229,
        "bar": 80,
        "open": 114,
        "failed": 210,
        "planned": 222,
        "warning": 222,
        "link": 117,
        "frame": 73,
    },
    "light": {
        "id": 24,
        "heading": 24,
        "place": 22,
        "evidence": 58,
        "marker": 24,
        "match": 88,
        "bar": 24,
        "open": 22,
        "failed": 124,
        "planned": 94,
        "warning": 124,
        "link": 25,
        "frame": 24,
    },
    "contrast": {},
}
# What tells the roles apart where there is no colour, or where the reader sees none.
SHAPES: Mapping[str, str] = {
    "id": "bold",
    "title": "bold",
    "label": "bold",
    "heading": "bold",
    "place": "",
    "evidence": "italic",
    "aside": "italic",
    "marker": "",
    "match": "bold underline",
    "bar": "",
    "open": "",
    "closed": "bold",
    "failed": "bold",
    "planned": "",
    "warning": "bold",
    "link": "underline",
    "frame": "",
}
# Where colour is not wanted, weight alone must do; reversed text stands out for readers who hardly see bold.
_CONTRAST = {"heading": "bold underline", "match": "reverse", "warning": "bold reverse", "evidence": "", "aside": ""}


def roles(theme: str) -> dict[str, str]:
    """The style of each role in a theme, in the words of rich."""
    colours = COLOURS[theme]
    shapes = {**SHAPES, **_CONTRAST} if theme == "contrast" else SHAPES
    return {role: f"{shape} color({colours[role]})".strip() if role in colours else shape or "none" for role, shape in shapes.items()}
