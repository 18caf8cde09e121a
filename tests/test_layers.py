"""The architecture, checked: modules import in one direction, and each outside library has one home."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import p2p_toolkit

PACKAGE = Path(p2p_toolkit.__file__).parent

# Each module may import those before it, and nothing else of the package.
LINE = (
    "errors",
    "fields",
    "words",
    "kinds",
    "files",
    "store",
    "library",
    "own",
    "search",
    "evidence",
    "consent",
    "imports",
    "render",
    "api",
    "agents",
    "cli",
)

HOMES = {
    "typer": {"cli"},
    "rich": {"render"},
    "rapidfuzz": {"search"},
    "difflib": {"errors"},
    "ijson": {"consent"},
    "sqlite3": {"library"},
    "tomllib": {"store"},
    "tomli_w": {"store"},
    "filelock": {"own"},
    "platformdirs": {"library"},
    "unicodedata": {"words"},
    "publicsuffixlist": {"consent"},
    "mcp": {"agents"},
    "jsonschema": {"agents"},
    "anyio": {"agents"},
    "subprocess": {"library", "render", "cli"},
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def module_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written out whole"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    here = module_of(path)
    if here.startswith("__"):
        return
    before = LINE[: LINE.index(here) + 1]
    for name in imported(path):
        if name.startswith("p2p_toolkit."):
            target = name.split(".")[1]
            assert target in before or target == "__version__", f"{here} must not import {target}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_outside_library_has_one_home(path: Path) -> None:
    here = module_of(path)
    for name in imported(path):
        home = HOMES.get(name.split(".")[0])
        assert home is None or here in home, f"{name} belongs in {home}, not in {here}"


def test_the_line_names_every_module() -> None:
    assert {module_of(path) for path in MODULES if not module_of(path).startswith("__")} == set(LINE)


def test_nothing_of_typer_but_its_public_surface_is_used() -> None:
    """The class that the parameter `cls` of an app asks for lives in typer.core."""
    for path in MODULES:
        assert not {name for name in imported(path) if name.startswith(("typer.", "click"))} - {"typer.core", "typer.core.TyperGroup"}


def test_only_render_writes_to_the_streams() -> None:
    for path in MODULES:
        calls = {
            node.func.id
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert "print" not in calls, f"{path} prints"


HEAVY = (
    "rich rapidfuzz ijson tomllib tomli_w filelock platformdirs publicsuffixlist p2p_toolkit.kinds p2p_toolkit.store p2p_toolkit.own"
    " p2p_toolkit.evidence p2p_toolkit.consent p2p_toolkit.imports p2p_toolkit.render.screen p2p_toolkit.render.plain"
    " pydantic asyncio concurrent csv email hashlib html http logging multiprocessing socket ssl tempfile unittest xml"
)
LOADED = f"print([name for name in '{HEAVY}'.split() if name in sys.modules], file=sys.stderr)"
EMPTY_APP = "import typer; app = typer.Typer(); app.command()(lambda word: None); app(['word'], standalone_mode=False);"


def loaded_by(code: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", f"import sys; {code} {LOADED}"], capture_output=True, text=True, check=True)
    return set(ast.literal_eval(done.stderr.splitlines()[-1]))


def test_reading_the_index_loads_nothing_heavy() -> None:
    """What Typer loads by itself is not ours: from 0.29 on it loads pydantic."""
    ours = loaded_by("from p2p_toolkit import cli; cli.main(['search', 'oldham', '--json']);") - loaded_by(EMPTY_APP)
    assert ours == set()


def test_the_drawing_of_the_architecture_is_the_line() -> None:
    drawn = (Path(__file__).parents[1] / "docs" / "architecture.md").read_text(encoding="utf-8").split("```")[1]
    lines = [line.split() for line in drawn.splitlines()[1:] if line]
    assert tuple(line[0] for line in lines) == LINE
    for library, homes in HOMES.items():
        if library in drawn.replace("-", "_"):
            [home] = [line[0] for line in lines if library in " ".join(line).replace("-", "_").replace(",", "").split()[1:]]
            assert homes == {home}
