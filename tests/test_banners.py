"""Banners: what each target gets, what it cannot hold, and that no name can break out of its file."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from builders import CATEGORIES, ROWS, a_category, a_row, entries, same_as_golden
from conftest import Ran
from hypothesis import given, settings
from hypothesis import strategies as st

from p2p_toolkit.consent.cookies import Row
from p2p_toolkit.render.banners import BANNERS
from p2p_toolkit.render.banners.script import Expression, as_json, expression, literal

TODAY = "2026-11-23"
HOSTILE = "</script><!--<b onclick='x'>\"\\`${x}\n\r\x1b\u2028\u2029\u202e\ud800 ^$.*+?()[]{}|/"
SCRIPTS = ("vanilla-cookieconsent", "klaro", "c15t")


def text_of(target: str, rows: Sequence[Row] = ROWS, categories: Sequence[Any] = CATEGORIES) -> str:
    return "".join(BANNERS[target](rows, categories, TODAY).pieces)


def notes_of(target: str, rows: Sequence[Row] = ROWS) -> str:
    return "\n".join(BANNERS[target](rows, CATEGORIES, TODAY).notes)


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    if not found:
        pytest.skip("no node is here to read JavaScript: install the Debian package nodejs")
    return found


# Reads scripts from standard input, as JSON, and gives back what each of them says; expressions as {source, flags}.
READ = """
const told = (key, value) => value instanceof RegExp ? {source: value.source, flags: value.flags} : value
const scripts = JSON.parse(require('fs').readFileSync(0, 'utf8'))
console.log(JSON.stringify(scripts.map(text => new Function('location',
  text.replace(/^export default /m, 'return ').replace(/^var klaroConfig = /m, 'return '))({hostname: 'www.council.example'})), told))
"""


def said(node: str, *scripts: str) -> list[Any]:
    """What scripts say, to JavaScript."""
    done = subprocess.run([node, "-e", READ], input=as_json(scripts), capture_output=True, text=True, check=True, timeout=60)
    return list(json.loads(done.stdout))


@pytest.mark.parametrize("target", BANNERS)
def test_the_banner_is_as_it_was(target: str) -> None:
    ending = "json" if target.startswith("django") else "js"
    assert same_as_golden(f"{target}.{ending}", text_of(target))


@pytest.mark.parametrize("target", BANNERS)
def test_the_notes_are_as_they_were(target: str) -> None:
    assert same_as_golden(f"{target}-notes.txt", notes_of(target) + "\n")


@pytest.mark.parametrize("target", BANNERS)
def test_what_is_unclassified_is_in_no_banner_and_is_named(target: str) -> None:
    assert "xyz" not in text_of(target)
    assert "Not classified, and left out (1): 'xyz'." in notes_of(target)


@pytest.mark.parametrize("target", BANNERS)
def test_a_long_list_of_names_is_cut_and_counted(target: str) -> None:
    rows = [a_row(name=f"x{number}", category="unclassified") for number in range(25)]
    assert "Not classified, and left out (25)" in notes_of(target, rows)
    assert "'x19', and 5 more." in notes_of(target, rows)


@pytest.mark.parametrize("target", BANNERS)
def test_only_categories_with_cookies_are_asked_about_and_necessary_is_always_there(target: str) -> None:
    for absent, present in (("performance", "analytical"), ("analytical", "functional")):
        text = (
            re.sub("//.*", "", text_of(target, [a_row(category=present)]))
            .replace("measurement", "analytical")
            .replace("functionality", "functional")
        )
        assert re.search(rf'\b{present}\b"?', text)
        assert "necessary" in text
        assert not re.search(rf'"{absent}"|\b{absent}:', text)


@pytest.mark.parametrize("target", BANNERS)
def test_a_site_with_nothing_to_ask_is_told_so(target: str) -> None:
    assert "you may need no banner" in notes_of(target, [a_row(category="necessary")])
    assert "you may need no banner" not in notes_of(target)


@pytest.mark.parametrize("target", BANNERS)
def test_the_banners_own_cookie_is_told_of_once(target: str) -> None:
    own = {"vanilla-cookieconsent": "cc_cookie", "klaro": "klaro", "c15t": "c15t", "django-cookie-consent": "cookie_consent"}[target]
    assert f"a cookie of its own, {own}, for " in notes_of(target, [])
    rows = [a_row(name=own, category="necessary")]
    assert "of its own" not in notes_of(target, rows)
    if target != "c15t":
        assert "remembers your answer about cookies" in text_of(target, [])
        assert "remembers your answer about cookies" not in text_of(target, rows)


@pytest.mark.parametrize("target", BANNERS)
def test_no_promise_is_made_that_an_owner_cannot_keep(target: str) -> None:
    text = text_of(target).casefold()
    assert not [claim for claim in ("anonym", "value your privacy", "personal data", "personally", "essential") if claim in text]


def test_vanilla_lets_visitors_opt_in_and_clears_all_that_a_script_can(node: str) -> None:
    [config] = said(node, text_of("vanilla-cookieconsent"))
    assert (config["mode"], config["revision"]) == ("opt-in", 0)
    assert config["guiOptions"]["consentModal"] == config["guiOptions"]["preferencesModal"] == {"equalWeightButtons": True}
    assert list(config["categories"]) == ["necessary", "functional", "analytical", "performance", "advertisement"]
    assert config["categories"]["necessary"] == {"enabled": True, "readOnly": True}
    assert not any(category.get("enabled") for id, category in config["categories"].items() if id != "necessary")
    cleared = {id: category["autoClear"]["cookies"] for id, category in config["categories"].items() if "autoClear" in category}
    assert cleared == {
        "functional": [{"name": "lang", "path": "/help"}, {"name": "^odd/[name]"}, {"name": "^odd/[name]", "domain": "my.council.example"}],
        "analytical": [{"name": "_ga"}, {"name": {"source": "^_ga_.*$", "flags": ""}}],
        "performance": [{"name": "RT"}],
        "advertisement": [],
    }
    sections = config["language"]["translations"]["en"]["preferencesModal"]["sections"]
    assert [section["linkedCategory"] for section in sections] == list(config["categories"])
    assert sections[1]["cookieTable"]["body"][1]["name"] == "yt-player (local storage)"
    assert sections[1]["cookieTable"]["body"][2]["purpose"] == "&lt;b&gt;bold&lt;/b&gt; &amp; on"


def test_klaro_asks_by_category_for_each_provider_and_requires_only_what_is_necessary(node: str) -> None:
    [config] = said(node, text_of("klaro"))
    assert config["groupByPurpose"] is True
    assert config["default"] is config["optOut"] is config["htmlTexts"] is False
    services = {service["name"]: service for service in config["services"]}
    assert list(services) == [
        "necessary-django", "necessary-this-site", "necessary-klaro",
        "functional-this-site", "functional-youtube", "functional-a-maker-script",
        "analytical-google-analytics", "performance-akamai-mpulse", "advertisement-google",
    ]  # fmt: skip
    assert {name for name, service in services.items() if service["required"]} == {
        "necessary-django",
        "necessary-this-site",
        "necessary-klaro",
    }
    assert not any(service["default"] or service["optOut"] for service in services.values())
    assert services["analytical-google-analytics"]["cookies"] == [
        {"pattern": "_ga", "path": "/", "domain": "council.example"},
        {"pattern": "^_ga_.*$", "path": "/", "domain": "council.example"},
    ]
    assert services["functional-this-site"]["cookies"] == [{"pattern": "lang", "path": "/help", "domain": "council.example"}]
    assert services["functional-a-maker-script"]["cookies"] == [
        {"pattern": "^\\^odd\\/\\[name\\]$", "path": "/", "domain": "my.council.example"}
    ]
    assert services["functional-youtube"]["cookies"] == services["advertisement-google"]["cookies"] == []
    purposes = config["translations"]["en"]["purposes"]
    assert list(purposes) == config["purposeOrder"] == ["necessary", "functional", "analytical", "performance", "advertisement"]


def test_providers_whose_names_look_alike_are_two_services(node: str) -> None:
    [config] = said(node, text_of("klaro", [a_row(provider="Some, Body"), a_row(provider="Some Body"), a_row(provider="***")]))
    assert [service["name"] for service in config["services"]] == [
        "necessary-klaro", "analytical-some-body", "analytical-some-body-2", "analytical-other",
    ]  # fmt: skip


def test_c15t_gets_its_own_names_once_each(node: str) -> None:
    [options] = said(node, text_of("c15t"))
    assert options == {"mode": "offline", "consentCategories": ["necessary", "functionality", "measurement", "marketing"]}


def test_a_category_that_c15t_does_not_have_is_named() -> None:
    own = entries("category", a_category(id="surveys", name="Surveys"))
    banner = BANNERS["c15t"]([a_row(category="surveys")], [*CATEGORIES, *own], TODAY)
    assert "In categories that c15t does not have, and left out (1): '_x'." in banner.notes


def records(rows: Sequence[Row]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {"cookiegroup": [], "cookie": []}
    for record in json.loads(text_of("django-cookie-consent", rows)):
        found[record["model"].removeprefix("cookie_consent.")].append(record["fields"])
    return found


def test_django_gets_exact_names_and_is_told_of_the_others() -> None:
    found = records(ROWS)
    assert [group["varname"] for group in found["cookiegroup"] if group["is_required"]] == ["necessary"]
    assert [group["varname"] for group in found["cookiegroup"] if not group["is_deletable"]] == ["necessary"]
    names = [cookie["name"] for cookie in found["cookie"]]
    assert names == ["sessionid", "cookies_policy", "cookie_consent", "lang", "^odd/[name]", "_ga", "RT", "IDE"]
    assert "because names are exact there (1): '_ga_*'." in notes_of("django-cookie-consent")
    assert "'yt-player'" in notes_of("django-cookie-consent")


def test_django_never_gets_what_its_tables_cannot_hold() -> None:
    long, steering = a_row(name="x" * 4000), a_row(name="a\x1bb\ud800")
    assert [cookie["name"] for cookie in records([long, steering])["cookie"]] == ["cookie_consent"]
    assert "With a name that its tables cannot hold, and left out (2)" in notes_of("django-cookie-consent", [long, steering])
    twice = [a_row(), a_row(path="/other")]
    assert len(records(twice)["cookie"]) == 2, "one for each natural key, and its own"


@pytest.mark.parametrize(
    ("name", "fits", "fits_not"),
    [
        ("_ga", ["_ga"], ["_GA", "_ga2", "x_ga", ""]),
        ("_ga_*", ["_ga_", "_ga_XYZ"], ["_ga", "_gaXYZ", "x_ga_1", "_GA_1"]),
        ("*_session", ["_session", "a_session"], ["a_session2", "a_Session"]),
        ("a*b*c", ["abc", "a1b2c"], ["ab", "abcd"]),
        ("x.y", ["x.y"], ["xzy"]),
        ("(a|b)+", ["(a|b)+"], ["a", "aa"]),
        ("a/b\\d[1]", ["a/b\\d[1]"], ["a/b1", "a/b\\d1"]),
        ("**", ["", "anything"], []),
    ],
)
def test_an_expression_fits_what_the_pattern_means(node: str, name: str, fits: list[str], fits_not: list[str]) -> None:
    tests = ",".join(as_json(text) for text in [*fits, *fits_not])
    [found] = said(node, f"export default [{tests}].map(name => {literal(Expression(expression(name)))}.test(name))")
    assert found == [True] * len(fits) + [False] * len(fits_not)


# Loads a fixture into an empty database, and tells what the models then hold.
LOAD = """
import json, sys
import django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["cookie_consent"], DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}, USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()
from django.core.management import call_command
from cookie_consent.models import Cookie, CookieGroup
call_command("migrate", verbosity=0)
for _ in range(2):
    call_command("loaddata", sys.argv[1], verbosity=0)
for one in [*CookieGroup.objects.all(), *Cookie.objects.all()]:
    one.full_clean(validate_unique=False)
print(json.dumps([
    {group.varname: [group.is_required, group.is_deletable] for group in CookieGroup.objects.all()},
    sorted([cookie.cookiegroup.varname, cookie.name, cookie.domain, cookie.path] for cookie in Cookie.objects.all()),
]))
"""


def test_django_loads_the_fixture_and_twice_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "cookies.json"
    hostile = [a_row(name=HOSTILE), a_row(name="x" * 4000), a_row(name="<b>", provider=HOSTILE, purpose=HOSTILE, path=HOSTILE)]
    file.write_text(text_of("django-cookie-consent", [*ROWS, *hostile]), encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", LOAD, file], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    groups, cookies = json.loads(done.stdout)
    assert groups == {
        "necessary": [True, False],
        **{id: [False, True] for id in ("functional", "analytical", "performance", "advertisement")},
    }
    assert [(group, name) for group, name, _, _ in cookies] == [
        ("advertisement", "IDE"),
        ("analytical", "<b>"),
        ("analytical", "_ga"),
        ("functional", "^odd/[name]"),
        ("functional", "lang"),
        ("necessary", "cookie_consent"),
        ("necessary", "cookies_policy"),
        ("necessary", "sessionid"),
        ("performance", "RT"),
    ]
    assert ["functional", "lang", "", "/help"] in cookies


# Names as files hold them; cookies' names have no end of line.
NAMES = st.text(st.characters(exclude_characters="\n\r\u2028\u2029"), max_size=30)


@settings(max_examples=3)
@given(names=st.lists(NAMES, min_size=150, max_size=150))
def test_an_expression_of_any_name_fits_it_and_no_other(node: str, names: list[str]) -> None:
    """In one run of node each, since to start it takes longest."""
    tests = ",".join(
        f"[{as_json(name)}, {as_json(name + 'x')}, {as_json('x' + name)}].map(t => {literal(Expression(expression(name)))}.test(t))"
        for name in (name.replace("*", "-") for name in names)
    )
    [found] = said(node, f"export default [{tests}]")
    assert all(one == [True, False, False] for one in found)
    stars = ",".join(
        f"[{as_json(name.replace('*', 'any'))}, {as_json(name.replace('*', ''))}].map(t => new RegExp({as_json(expression(name))}).test(t))"
        for name in names
    )
    [found] = said(node, f"export default [{stars}]")
    assert all(one == [True, True] for one in found)


A_ROW = st.builds(
    Row,
    name=NAMES | st.just(HOSTILE) | st.just("x" * 4000),
    pattern=st.booleans(),
    category=st.sampled_from([category.id for category in CATEGORIES]) | NAMES,
    domain=NAMES | st.just(HOSTILE),
    path=NAMES | st.just(HOSTILE),
    provider=st.text(max_size=30) | st.just(HOSTILE),
    purpose=st.text(max_size=30) | st.just(HOSTILE),
    retention=st.text(max_size=30) | st.just(HOSTILE),
    party=st.sampled_from(["first", "third", ""]),
    storage=st.sampled_from(["cookie", "local-storage"]),
)
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e\ud800-\udfff]")


@settings(max_examples=20)
@given(rows=st.lists(A_ROW, max_size=8))
def test_no_text_whatever_breaks_out_of_a_banner(node: str, rows: list[Row]) -> None:
    scripts = [text_of(target, rows) for target in SCRIPTS]
    vanilla, klaro, _ = said(node, *scripts)
    for script in [*scripts, text_of("django-cookie-consent", rows)]:
        assert not UNSAFE.search(script)
        assert "<" not in script
        script.encode()
    kept = [row for row in rows if row.category in {category.id for category in CATEGORIES} - {"unclassified"}]
    sections = vanilla["language"]["translations"]["en"]["preferencesModal"]["sections"]
    tables = [cells for section in sections for cells in section["cookieTable"]["body"] if cells["purpose"][:9] != "remembers"]
    assert len(tables) == len(kept)
    assert all("<" not in cell for cells in tables for cell in cells.values())
    cleared = [item for category in vanilla["categories"].values() for item in category.get("autoClear", {"cookies": []})["cookies"]]
    exact = {
        row.name for row in kept if not row.pattern and row.category != "necessary" and row.storage == "cookie" and row.party != "third"
    }
    assert {item["name"] for item in cleared if isinstance(item["name"], str)} == exact
    assert len({service["name"] for service in klaro["services"]}) == len(klaro["services"])
    assert all(re.fullmatch(r"[\w-]+", service["name"]) for service in klaro["services"])


def test_a_module_is_one_to_node(node: str, tmp_path: Path) -> None:
    for target in SCRIPTS:
        file = tmp_path / f"{target}.{'js' if target == 'klaro' else 'mjs'}"
        file.write_text(text_of(target, [*ROWS, a_row(name=HOSTILE, provider=HOSTILE, purpose=HOSTILE)]), encoding="utf-8")
        subprocess.run([node, "--check", file], check=True, capture_output=True, timeout=60)


def test_quiet_leaves_the_configuration_whole(run: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("_ga\n")
    asked = ("consent", "export", str(tmp_path / "names.txt"), "--to", "klaro")
    assert run(*asked, "-q").out == run(*asked).out != ""
