"""p2p from Python: the examples are run, and the answers are those of the command line."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran

import p2p_toolkit
from p2p_toolkit import api

Run = Callable[..., Ran]
ROOT = Path(__file__).parents[1]


def test_the_examples_of_the_document_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    tried = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False, verbose=False)
    assert (tried.failed, tried.attempted > 10) == (0, True)


def test_the_examples_of_the_functions_are_right() -> None:
    tried = doctest.testmod(api)
    assert (tried.failed, tried.attempted > 5) == (0, True)


def test_all_names_can_be_had_from_the_package_and_nothing_is_loaded_for_them() -> None:
    for name in p2p_toolkit.__all__:
        assert getattr(p2p_toolkit, name) is getattr(api, name)
        assert name in dir(p2p_toolkit)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        p2p_toolkit.nothing  # noqa: B018  # asked for
    code = "import sys, p2p_toolkit; print([name for name in sys.modules if name.startswith('p2p_toolkit.')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize(
    ("answer", "command"),
    [
        (
            lambda held: api.find(held, "alliance", kinds=["cases"], filters={"nation": ["england"]}),
            "search alliance -k case --nation england",
        ),
        (lambda held: api.find(held, "alliance", facets=True), "search alliance --facets"),
        (lambda held: api.list_records(held, "route", sort="-name", limit=4), "list route --sort -name --limit 4"),
        (lambda held: api.show(held, "croydn", "oldham"), "show croydn oldham"),
        (api.answer, "answer"),
        (lambda held: api.answer(held, "we must tender"), "answer we must tender"),
        (lambda held: api.compare(held, "oldham", "croydon"), "compare oldham croydon"),
        (lambda held: api.cite(held, "oldham", style="bibtex"), "cite oldham --style bibtex"),
        (lambda held: api.routes(held, {"nation": "wales", "paid": "unknown"}), "routes --nation wales --paid unknown"),
        (
            lambda held: api.brief(held, "oldahm", "grant", known={"nation": "wales"}, audience="x", title="y", question="z"),
            "brief oldahm grant --known nation=wales --for x --title y --question z",
        ),
        (lambda held: api.explain(held, "statistics"), "consent explain statistics"),
        (lambda held: api.classify(held, "_ga", "m", domain="stripe.com"), "consent classify _ga m --domain stripe.com"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_answer_is_that_of_the_command(run: Run, answer: Callable[[api.Library], api.Answer], command: str) -> None:
    format = [] if "--style" in command else ["--json"]
    printed = run(*command.split(), *format)
    found = answer(api.open_library())
    if format:
        assert json.loads(printed.out)["results"] == json.loads(json.dumps(found.results))
        assert json.loads(printed.out)["total"] == found.total
    else:
        assert api.as_text(found) == printed.out


def test_a_file_or_a_stream_is_audited(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "cookies.txt"
    path.write_text("_ga\nbx1\n")
    with path.open("rb") as stream:
        from_stream = api.audit(api.open_library(), stream)
    from_file = api.audit(api.open_library(), path, against=str(path))
    assert [one["cookie"] for one in from_stream.results] == [one["cookie"] for one in from_file.results] == ["_ga", "bx1"]
    assert from_file.more["changes"] == []


@pytest.mark.parametrize(
    "asked",
    [
        lambda held: api.find(held, " "),
        lambda held: api.find(held, "x", kinds=["narnia"]),
        lambda held: api.list_records(held, "case", sort="narnia"),
        lambda held: api.list_records(held, "case", filters={"verdict": ["myth"]}),
        lambda held: api.show(held, ""),
        lambda held: api.cite(held, "oldham", style="narnia"),
        lambda held: api.find(held, "x", limit=0),
        lambda held: api.find(held, "x", kinds="case"),
        lambda held: api.find(held, "x", filters={"nation": "wales"}),
        lambda held: api.find(held, "x", filters={"narnia": ["x"]}),
        lambda held: api.list_records(held, limit=-1),
        api.show,
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_do(asked: Callable[[api.Library], api.Answer]) -> None:
    with pytest.raises(api.BadUsage) as refused:
        asked(api.open_library())
    assert refused.value.message
    assert refused.value.told()["error"]["code"] == "usage"
