"""The published schemas: what every command prints fits its own, and nothing published goes away."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from builders import A_SOURCE, a_case, a_record, toml
from conftest import Ran, conversation, in_terminal
from cookie_files import FILES

from p2p_toolkit.cli import COMMANDS
from p2p_toolkit.kinds import KINDS
from p2p_toolkit.render import schemas
from p2p_toolkit.render.answer import FORMAT_VERSION
from p2p_toolkit.store import bundled_folder

Run = Callable[..., Ran]
Schema = Mapping[str, Any]

REWRITE = os.environ.get("P2P_REWRITE") == "1"
KEPT = bundled_folder() / "schemas"
DATA = Path(__file__).parent / "data"
HAR = str(DATA / "site.har")
# Every member published under this major version of the output, with its type.
PUBLISHED = Path(__file__).parent / f"published-{FORMAT_VERSION.partition('.')[0]}.tsv"


# The kept files.


@pytest.mark.parametrize("name", schemas.names())
def test_a_schema_is_kept_as_it_is_printed(run: Run, name: str) -> None:
    path = KEPT / f"{schemas.word_of(name)}.json"
    ran = run("schema", *name.split())
    if REWRITE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(ran.out, encoding="utf-8")
    assert (ran.code, ran.err) == (0, "")
    assert path.read_text(encoding="utf-8") == ran.out
    assert run("schema", *name.split(), "--json").out == run("schema", schemas.word_of(name)).out == ran.out


def test_no_file_is_kept_of_what_is_gone() -> None:
    assert {path.stem for path in KEPT.iterdir()} == set(map(schemas.word_of, schemas.names()))


@pytest.mark.parametrize("name", schemas.names())
def test_a_schema_is_valid_whole_and_says_what_everything_is(name: str) -> None:
    schema = schemas.schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:p2p-toolkit:schema:{FORMAT_VERSION}:{name.replace(' ', '-')}"
    assert schema["title"]
    assert schema["description"]
    for one in parts(schema):
        assert one.get("$ref", "#/$defs/").startswith("#/$defs/")
        assert all(described(part) for part in one.get("properties", {}).values())


def parts(value: Any) -> Iterator[Schema]:
    """Every object inside a schema."""
    if isinstance(value, Mapping):
        yield value
    for inner in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from parts(inner)


def described(part: Schema) -> bool:
    # What only narrows a member that is described elsewhere says nothing again.
    return bool(part.get("description")) or set(part) <= {"not", "maxItems"}


# Names.


def test_no_name_means_two_schemas() -> None:
    names = [schemas.word_of(name) for name in schemas.names()]
    assert len(names) == len(set(names))
    assert schemas.COMMANDS not in names


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (("case",), "case"),
        (("Cases",), "case"),
        (("route",), "route"),
        (("routes",), "routes"),
        (("consent", "audit"), "consent audit"),
        (("consent-audit",), "consent audit"),
        (("consent audit",), "consent audit"),
        (("error",), "error"),
    ],
    ids=str,
)
def test_a_schema_goes_by_the_name_of_what_it_describes(run: Run, said: tuple[str, ...], meant: str) -> None:
    assert json.loads(run("schema", *said).out)["$id"] == schemas.urn(meant)


@pytest.mark.parametrize(
    ("said", "nearest"),
    [
        (("serach",), "search"),
        (("comands",), "commands"),
        (("consent", "adit"), "consent audit"),
        (("consent",), "consent list"),
        (("\x1b[31m",), ""),
    ],
    ids=str,
)
def test_a_name_that_is_none_offers_the_nearest(run: Run, said: tuple[str, ...], nearest: str) -> None:
    ran = run("schema", *said, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "\x1b" not in ran.err
    assert nearest in ["", *json.loads(ran.err)["error"]["suggestions"]]


def test_a_schema_is_no_table(run: Run) -> None:
    assert run("schema", "case", "--format", "csv").code == run("schema", "case", "--format", "markdown").code == 2
    assert json.loads(run("schema", "case", "--format", "jsonl").out) == schemas.schema("case")
    assert json.loads(run("schema", "case", "-q").out) == schemas.schema("case")


def test_without_a_name_all_schemas_are_listed(run: Run) -> None:
    assert [line.split("\t")[0] for line in run("schema").out.splitlines()] == run("schema", "-q").out.split()
    assert run("schema", "-q").out.split() == [schemas.word_of(name) for name in schemas.names()]


# What is printed fits.

RUNS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "search": (
        ("oldham",),
        ("oldahm", "--explain"),
        ("zzzqqq",),
        ("alliance", "--facets"),
        ("zzzqqq", "--facets"),
        ("_ga", "--kind", "cookie"),
        ("analytical", "-k", "category", "-k", "principle"),
        ("our", "place", "--limit", "3"),
        ("homelessness", "--nation", "england", "--since", "2015", "--route", "grant"),
    ),
    "list": (
        (),
        *((kind.plural,) for kind in KINDS),
        ("case", "--nation", "wales", "--sector", "housing", "--sort", "-started", "--limit", "2"),
        ("objection", "--verdict", "often-right"),
    ),
    "show": (("croydon",), ("oldham", "route:grant", "cookie:ga", "principle:innovation"), ("our-place", "our-draft"), ("necessary",)),
    "answer": ((), ("we", "must", "tender"), ("zzzqqq",), ("mars",)),
    "compare": (("oldham", "croydon"), ("light-touch", "grant"), ("our-draft", "oldham"), ("tender-everything", "cannot-direct-award")),
    "routes": ((), ("--nation", "england", "--paid", "yes", "--full"), ("--paid", "no", "-q"), ("--health", "unknown")),
    "brief": (
        ("oldham",),
        ("oldham", "light-touch", "tender-everything", "--full", "--for", "The board", "--title", "x", "--question", "y"),
        ("our-place", "our-draft"),
        ("principle:innovation",),
        ("grant", "oldham", "tender-everything", "--known", "nation=england", "--known", "health=yes", "--short"),
    ),
    "cite": (("oldham", "croydon"), ("grant",), ("our-place",)),
    "timeline": ((), ("--nation", "scotland", "--sort", "-name"), ("--place", "oldham")),
    "stats": ((), *((kind.name,) for kind in KINDS), ("case", "--nation", "wales"), ("--nation", "wales")),
    "help": ((), ("search",)),
    "completion": (("bash",),),
    "schema": ((), ("commands",)),
    "consent list": ((),),
    "consent explain": (("analytical",), ("statistics",), ("C0002", "--scheme", "onetrust")),
    "consent map": (("C0002", "--from", "onetrust", "--to", "cookiebot"), ("C0004", "--from", "onetrust", "--to", "p2p")),
    "consent classify": (("_ga",), ("_ga", "PHPSESSID", "zzzqqq", "sid"), ("m", "--domain", "stripe.com"), ("analytics_id",)),
    "consent audit": ((HAR,), (HAR, "--site", "www.example.gov.uk", "--against", HAR), ("NAMES", "--against", HAR), (HAR, "--strict")),
    "consent table": ((HAR,), (HAR, "--site", "www.example.gov.uk"), ("NAMES",)),
    "consent export": tuple(
        (HAR, "--to", banner) for banner in ("klaro", "c15t", "vanilla-cookieconsent", "django-cookie-consent")
    ),
    "library add": (("case", str(DATA / "my-case.toml")),),
    "library remove": (("our-place", "--yes"), ("our-draft", "our-many", "--yes"), ("case:oldham", "--yes")),
    "library where": ((), ("--library", "OTHER")),
    "library validate": ((), ("NAMES.toml",)),
    "library import": (
        (str(DATA / "open-cookie-database.csv"),),
        (str(DATA / "open-cookie-database.csv"), "--dry-run"),
        ("FAULTY",),
    ),
    "library export": (
        ("analytics",),
        ("trust", "-k", "principle", "-k", "objection"),
        ("--own",),
        ("zzzqqq",),
        ("social", "prescribing", "--kind", "case", "--nation", "england"),
    ),
}  # fmt: skip


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A library of one's own: a case, a draft, an addition to a bundled case, a record in JSON Lines; and files beside it."""
    folder = tmp_path / "own"
    folder.mkdir()
    (tmp_path / "OTHER").mkdir()
    (folder / "town.toml").write_text(toml("case", a_case(id="our-place", name="Our place")))
    (folder / "draft.toml").write_text(toml("case", a_record(id="our-draft", name="Our draft", draft=["the dates"])))
    (folder / "more.toml").write_text(toml("case", {"extends": "oldham", "lessons": ["Ask early [1]."], "sources": [A_SOURCE]}))
    (folder / "many.jsonl").write_text(json.dumps({"kind": "case", **a_case(id="our-many", name="Our many")}) + "\n")
    (tmp_path / "NAMES").write_text("_ga\nzzzqqq\n_fbp\n")
    (tmp_path / "NAMES.toml").write_text(toml("case", a_case()))
    (tmp_path / "FAULTY").write_text(toml("case", a_case()) + toml("case", a_case(id="wrong", places=[])))
    return folder


def answered(run: Run, own: Path, command: str, arguments: tuple[str, ...]) -> Any:
    """What a run of that command prints as JSON."""
    paths = {path.name: str(path) for path in own.parent.iterdir()}
    given = [paths.get(word, word) for word in arguments]
    library = () if "--library" in given else ("--library", str(own))
    ran = run(*command.split(), *given, *library, "--json")
    assert ran.out, ran.err
    return json.loads(ran.out)


@pytest.mark.parametrize(("command", "arguments"), [(command, given) for command, runs in RUNS.items() for given in runs], ids=str)
def test_what_a_command_prints_fits_its_schema(run: Run, own: Path, command: str, arguments: tuple[str, ...]) -> None:
    assert misfits(schemas.schema(command), answered(run, own, command, arguments)) == []


@pytest.mark.parametrize("format", FILES)
def test_an_audit_of_any_kind_of_file_fits(run: Run, tmp_path: Path, format: str) -> None:
    (tmp_path / "file").write_bytes(FILES[format]())
    answer = json.loads(run("consent", "audit", str(tmp_path / "file"), "--json").out)
    assert (answer["formats"], misfits(schemas.schema("consent audit"), answer)) == ([format], [])


def test_what_an_editor_changes_fits(own: Path) -> None:
    for changed, editor in ((0, "true"), (1, "sed -i s/Our/Your/")):
        ran = in_terminal("library", "edit", "our-place", "--json", "--library", str(own), columns=200, env={"EDITOR": editor})
        answer = json.loads(ran.out.splitlines()[-1])
        assert (answer["count"], misfits(schemas.schema("library edit"), answer)) == (changed, [])


def test_what_is_picked_fits(tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as out:
        assert conversation("pick", "alliance", "--json", typed=["2"], output=out.fileno()).code == 0
    assert misfits(schemas.schema("pick"), json.loads((tmp_path / "out").read_text())) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "x", "--kind", "rout"),
        ("show", "zzzqqq"),
        ("serach",),
        ("library", "validate", "/nowhere.toml"),
        ("list", "--library", "/nowhere"),
        ("schema", "x"),
        ("cite", "oldham", "--color", "no"),
    ],
    ids=" ".join,
)
def test_an_error_fits_its_schema(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments, "--json")
    assert ran.out == ""
    assert misfits(schemas.schema("error"), json.loads(ran.err)) == []


def test_every_kind_that_is_printed_on_a_line_fits_the_schema_of_the_kind(run: Run) -> None:
    for kind in KINDS:
        for line in run("list", kind.name, "--format", "jsonl").out.splitlines():
            assert misfits(schemas.schema(kind.name), json.loads(line)) == []


def test_every_command_that_prints_json_has_a_schema_and_is_run_here(run: Run) -> None:
    for group, name, _ in COMMANDS:
        command = f"{group} {name}".strip()
        if "--json" in run(*command.split(), "--help").out:
            assert command in schemas.names(), f"{command} has no schema: give it its place in render/schemas/answers.py"
            assert command in {*RUNS, "library edit", "pick"}, f"{command} is not run by these tests"


def misfits(schema: Schema, value: Any) -> list[str]:
    """What is wrong with a value by a schema, and every member that no part of the schema describes.

    A schema lets more members pass, since a later p2p may print more; what this one prints is all described.
    """
    faults = [f"{fault.json_path}: {fault.message[:200]}" for fault in jsonschema.Draft202012Validator(schema).iter_errors(value)]
    return faults or list(undescribed(schema, [schema], value, "$"))


def undescribed(root: Schema, shapes: list[Schema], value: Any, path: str) -> Iterator[str]:
    # What is compared may be a value of any field, which the schema of the kind describes.
    if any(set(shape) == {"description"} for shape in shapes):
        return
    applying = [part for shape in shapes for part in applied(root, shape, value)]
    if isinstance(value, list):
        items = [part["items"] for part in applying if "items" in part]
        for place, one in enumerate(value):
            yield from undescribed(root, items, one, f"{path}[{place}]")
    elif isinstance(value, dict):
        for name, one in value.items():
            found = [part["properties"][name] for part in applying if name in part.get("properties", {})]
            found = found or [part["additionalProperties"] for part in applying if "additionalProperties" in part]
            yield from undescribed(root, found, one, f"{path}.{name}") if found else [f"{path}.{name} is not described"]


def applied(root: Schema, shape: Schema, value: Any) -> Iterator[Schema]:
    """The parts of a schema that speak of a value: those of `anyOf` that it fits."""
    yield shape
    if "$ref" in shape:
        yield from applied(root, root["$defs"][shape["$ref"].rpartition("/")[2]], value)
    for part in shape.get("allOf", ()):
        yield from applied(root, part, value)
    for part in shape.get("anyOf", ()):
        if jsonschema.Draft202012Validator({**part, "$defs": root.get("$defs", {})}).is_valid(value):
            yield from applied(root, part, value)


# Nothing that is published goes away.


def members(shape: Schema, path: str = "") -> dict[str, str]:
    """Every member that a schema describes, with its type; records of a kind stand under their own schema."""
    found: dict[str, str] = {}
    for part in (*shape.get("allOf", ()), *shape.get("anyOf", ())):
        found.update(members(part, path))
    for name, one in shape.get("properties", {}).items():
        here = f"{path}.{name}" if path else name
        found[here] = type_of(one) + ("" if name in shape.get("required", ()) else ", not always")
        found.update(members(one, here))
    for key, sign in (("items", "[]"), ("additionalProperties", ".*")):
        if key in shape:
            found.update(members(shape[key], path + sign))
    return found


def type_of(shape: Schema) -> str:
    if "$ref" in shape:
        return str(shape["$ref"].rpartition("/")[2])
    if "allOf" in shape or "anyOf" in shape:
        by = " and " if "allOf" in shape else " or "
        return by.join(dict.fromkeys(type_of(part) for part in shape.get("allOf") or shape["anyOf"]))
    if "const" in shape or "enum" in shape:
        return "string or null" if None in shape.get("enum", ()) else "string"
    types = shape.get("type", "anything")
    inner = shape.get("items", shape.get("additionalProperties"))
    of = f" of {type_of(inner)}" if inner else ""
    return " or ".join(name + of if name in ("array", "object") else name for name in ([types] if isinstance(types, str) else types))


def broken(published: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What was published and is not so any more. A member may come to be there always."""
    return [
        f"{path}: was {was}, is {now.get(path, 'gone')}"
        for path, was in published.items()
        if now.get(path) not in (was, was.removesuffix(", not always"))
    ]


def everything() -> dict[str, str]:
    return {f"{name}\t{path}": type for name in schemas.names() for path, type in members(schemas.schema(name)).items() if path}


def test_what_is_published_stays_as_long_as_the_major_version_does() -> None:
    now = everything()
    kept = PUBLISHED.read_text(encoding="utf-8").splitlines() if PUBLISHED.exists() else []
    published = dict(line.rsplit("\t", 1) for line in kept)
    assert broken(published, now) == [], "scripts rely on these; bring them back, or raise the first number of FORMAT_VERSION"
    if REWRITE:
        PUBLISHED.write_text("".join(f"{path}\t{type}\n" for path, type in now.items()), encoding="utf-8")
        published = now
    assert published == now, "new members are recorded with P2P_REWRITE=1"


def test_a_removed_renamed_or_changed_member_is_caught() -> None:
    published = everything()
    score = "search\tresults[].score"
    without = {path: type for path, type in published.items() if path != score}
    assert published[score] == "integer"
    assert broken(published, published) == []
    assert broken(published, {**published, "search\tresults[].more": "string"}) == []
    assert broken(published, without) == [f"{score}: was integer, is gone"]
    assert broken(published, {**without, "search\tresults[].points": "integer"}) == [f"{score}: was integer, is gone"]
    assert broken(published, {**published, score: "string"}) == [f"{score}: was integer, is string"]
    assert broken(published, {**published, score: "integer, not always"}) == [f"{score}: was integer, is integer, not always"]


def test_a_command_that_prints_less_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    published = everything()
    told = schemas.ANSWERS["search"]
    monkeypatch.setitem(schemas.ANSWERS, "search", told._replace(more={}))
    assert broken(published, everything()) == [
        "search\trecords: was integer, is gone",
        "search\tcorrected: was object of string, is gone",
        "search\tmissing: was array of string, is gone",
        "search\tsuggestions: was array of string, is gone",
    ]
