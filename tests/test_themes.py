"""Colours, measured: what is meant to be read can be read, on the backgrounds that terminals come with."""

from __future__ import annotations

import re

import pytest
from builders import a_case, parsed
from rich.color import Color

from p2p_toolkit import library, render
from p2p_toolkit.render import screen
from p2p_toolkit.render.terminal import THEMES, Look
from p2p_toolkit.render.themes import COLOURS, SHAPES, roles

# The backgrounds of xterm, Windows Terminal, macOS Terminal, GNOME Terminal, VS Code and Solarized.
DARK = {
    "black": (0, 0, 0),
    "Windows Terminal": (12, 12, 12),
    "VS Code": (30, 30, 30),
    "GNOME": (46, 52, 54),
    "Solarized": (0, 43, 54),
    "Ubuntu": (48, 10, 36),
}
LIGHT = {"white": (255, 255, 255), "VS Code": (248, 248, 248), "GNOME": (238, 238, 236), "Solarized": (253, 246, 227)}
PURE = {"black": (0, 0, 0), "white": (255, 255, 255)}
# Signs, whose shape and words say the same, and the lines of a frame. All other roles are text.
SIGNS = {"bar", "open", "closed", "failed", "planned", "frame"}
TEXT, GRAPHICS = 4.5, 3.0

BACKGROUNDS = {"auto": PURE, "dark": DARK, "light": LIGHT}


def luminance(colour: tuple[int, int, int]) -> float:
    """WCAG 2.2, relative luminance."""
    red, green, blue = (part / 255 / 12.92 if part <= 10.31 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", BACKGROUNDS)
def test_every_colour_can_be_read_on_the_backgrounds_of_its_theme(theme: str) -> None:
    for role, number in COLOURS[theme].items():
        for background, colour in BACKGROUNDS[theme].items():
            ratio = contrast(tuple(Color.from_ansi(number).get_truecolor()), colour)
            assert ratio >= (GRAPHICS if role in SIGNS else TEXT), f"{role} on {background}: {ratio:.2f}"


def test_the_usual_theme_is_still_legible_on_backgrounds_between_black_and_white() -> None:
    for number in COLOURS["auto"].values():
        for background in (*DARK.values(), *LIGHT.values()):
            assert contrast(tuple(Color.from_ansi(number).get_truecolor()), background) >= 2.5


def test_no_colour_is_one_of_the_sixteen_that_each_terminal_draws_otherwise() -> None:
    assert all(number >= 16 for colours in COLOURS.values() for number in colours.values())


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_knows_every_role(theme: str) -> None:
    assert set(roles(theme)) == set(SHAPES)
    assert set(COLOURS[theme]) <= set(SHAPES)


@pytest.mark.parametrize("role", ["title", "heading", "id", "evidence", "match", "link", "warning"])
def test_text_is_told_apart_without_colour(role: str) -> None:
    assert SHAPES[role]


def shown(**look: object) -> str:
    case = parsed("case", a_case(caveat="An early record.", outcomes=[{"text": "It works [1].", "evidence": "claimed"}]))
    known = library.index_of([case])
    [entry] = known.all("case")
    answer = render.cards(known, [entry], {})
    return screen.text(answer, Look(**{"screen": True, "width": 80, "colour": True, "unicode": True, **look}))


def test_high_contrast_has_weight_and_no_colour() -> None:
    codes = set(re.findall(r"\x1b\[([0-9;]*)m", shown(theme="contrast")))
    assert codes - {"0"} == {"1", "1;4", "1;7", "4"}


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_says_the_same(theme: str) -> None:
    assert re.sub(r"\x1b(\[[0-9;]*m|\]8;[^\x1b]*\x1b\\)", "", shown(theme=theme)) == shown(colour=False)
