"""The banners as visitors meet them, in a real browser with the real packages, and a recording of a site to audit.

These tests need Playwright for Python, a Chromium (P2P_CHROMIUM, or on PATH), and the packages of the banners, which
`npm install --prefix FOLDER vanilla-cookieconsent@3.1.0 klaro@0.7.22 c15t@2` gets; P2P_BANNERS names that folder.
"""

from __future__ import annotations

import json
import mimetypes
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

import pytest
from builders import CATEGORIES, a_row
from conftest import Ran

from p2p_toolkit.render.banners import BANNERS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

Run = Callable[..., Ran]

SECRET = "a-live-sign-in-secret"
HOSTILE = "<img src=x onerror=document.title='run'>"
# What the banners of these tests are made from; `_ga` and a cookie after its pattern are set by a tagged script.
ROWS = (
    a_row(name="sessionid", category="necessary", provider="Django"),
    a_row(name="_ga", provider="Google Analytics"),
    a_row(name="_ga_*", pattern=True, provider="Google Analytics"),
    a_row(name=HOSTILE, provider=HOSTILE, purpose=HOSTILE),
    a_row(name="RT", category="performance", provider="Akamai mPulse"),
)
COUNTS = "for (const name of ['_ga', '_ga_XYZ', '_gaXYZ']) document.cookie = name + '=1; path=/'; window.counted = true"
PIXEL = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
NAMED_HERE = "--host-resolver-rules=MAP www.council.example 127.0.0.1"
ABOVE = {"name": "_ga", "value": "1", "domain": ".council.example", "path": "/"}


class Response(NamedTuple):
    body: bytes
    type: str = "text/html; charset=utf-8"
    cookies: tuple[str, ...] = ()


class Site(NamedTuple):
    """A site on this machine: its address, that of another company, a name of it with www., and its pages by path."""

    url: str
    other: str
    www: str
    pages: dict[str, Response]


def a_page(head: str = "", body: str = "") -> bytes:
    return f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>x</title>{head}</head><body>{body}</body></html>'.encode()


@pytest.fixture(scope="module")
def packages() -> Path:
    folder = os.environ.get("P2P_BANNERS", "")
    if not folder:
        pytest.skip("no banners are here: npm install --prefix FOLDER vanilla-cookieconsent@3.1.0 klaro@0.7.22 c15t@2, P2P_BANNERS=FOLDER")
    return Path(folder) / "node_modules"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    pages: dict[str, Response] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = pages.get(self.path) or _of_a_package(self.path)
            self.send_response(200 if found else 404)
            if found:
                self.send_header("Content-Type", found.type)
                for cookie in found.cookies:
                    self.send_header("Set-Cookie", cookie)
            body = found.body if found else b""
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    port = server.server_address[1]
    yield Site(f"http://localhost:{port}", f"http://127.0.0.1:{port}", f"http://www.council.example:{port}", pages)
    server.shutdown()
    thread.join()
    server.server_close()


def _of_a_package(path: str) -> Response | None:
    folder = Path(os.environ.get("P2P_BANNERS", "/nowhere")) / "node_modules"
    file = folder / path.removeprefix("/npm/")
    if not path.startswith("/npm/") or not file.is_file():
        return None
    return Response(file.read_bytes(), "text/javascript" if file.suffix in (".js", ".mjs") else mimetypes.guess_type(file)[0] or "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not here: pip install 'p2p-toolkit[browser]'")
    named = os.environ.get("P2P_CHROMIUM", "")
    found = named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium is here: install the Debian package chromium, or name one in P2P_CHROMIUM")
    with playwright.sync_playwright() as driver:
        # The last one: banners hide from browsers that say that a program steers them.
        options = ["--disable-gpu", "--disable-quic", "--no-first-run", NAMED_HERE, "--disable-blink-features=AutomationControlled"]
        started = driver.chromium.launch(executable_path=found, args=options, chromium_sandbox=os.geteuid() != 0)
        yield started
        started.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor who was never here before."""
    context = browser.new_context()
    context.set_default_timeout(10_000)
    yield context
    context.close()


def names(visitor: BrowserContext) -> set[str]:
    return {cookie["name"] for cookie in visitor.cookies()}


def made(target: str) -> str:
    return "".join(BANNERS[target](ROWS, CATEGORIES, "2026-11-23").pieces)


# A site to audit.


class Recorded(NamedTuple):
    """What Playwright saved of a visit: its HAR, its storage_state, and the host that was visited."""

    har: Path
    state: Path
    host: str


@pytest.fixture(scope="module")
def recorded(browser: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """A visit of three pages. Every value that a cookie has there is SECRET, but for the visitor's answer."""
    script = f"<script>document.cookie = '_ga={SECRET}; max-age=63072000'; localStorage.setItem('theme', '{SECRET}')</script>"
    pixel = f'<img alt="" src="{site.other}/pixel.svg">'
    here = (f"sessionid={SECRET}; Path=/; HttpOnly; SameSite=Lax", f"csrftoken={SECRET}; Path=/; Max-Age=31449600", f"old={SECRET}; Path=/")
    pages = {
        "/": Response(a_page(body=script + pixel), cookies=here),
        "/choice": Response(a_page(), cookies=('cookies_policy={"essential":true,"settings":false,"usage":false}; Path=/',)),
        "/end": Response(a_page(), cookies=("old=; Path=/; Max-Age=0", f"__cf_bm={SECRET}; Path=/; Secure; SameSite=None; Partitioned")),
        "/pixel.svg": Response(PIXEL, "image/svg+xml", (f"IDE={SECRET}; Path=/; Max-Age=31536000; Secure; SameSite=None",)),
    }
    site.pages.update(pages)
    folder = tmp_path_factory.mktemp("recorded")
    context = browser.new_context(record_har_path=folder / "visit.har")
    page = context.new_page()
    for path in ("/", "/choice", "/", "/end"):
        page.goto(site.url + path, wait_until="networkidle")
    context.storage_state(path=folder / "state.json")
    context.close()
    return Recorded(folder / "visit.har", folder / "state.json", "localhost")


def test_a_recording_shows_every_cookie_that_was_set_or_sent(recorded: Recorded) -> None:
    entries = json.loads(recorded.har.read_text(encoding="utf-8"))["log"]["entries"]
    every = {cookie["name"] for entry in entries for side in ("request", "response") for cookie in entry[side]["cookies"]}
    assert every == {"sessionid", "csrftoken", "old", "cookies_policy", "__cf_bm", "_ga", "IDE"}
    headers = [[header for header in entry["response"]["headers"] if header["name"] == "Set-Cookie"] for entry in entries]
    assert max(map(len, headers)) == 3, "several in one answer stay apart"


def test_the_state_of_the_browser_shows_what_is_left(recorded: Recorded) -> None:
    state = json.loads(recorded.state.read_text(encoding="utf-8"))
    # Whether a window of a new visitor keeps another company's cookies is the browser's decision.
    assert {cookie["name"] for cookie in state["cookies"]} - {"IDE"} == {"sessionid", "csrftoken", "cookies_policy", "__cf_bm", "_ga"}
    assert [one["name"] for origin in state["origins"] for one in origin["localStorage"]] == ["theme"]


def test_the_recording_is_audited_rightly(recorded: Recorded, run: Run) -> None:
    ran = run("consent", "audit", str(recorded.har), "--json")
    audit = json.loads(ran.out)
    found = {result["cookie"]: result for result in audit["results"]}
    assert {name: (one["category"], one["party"]) for name, one in found.items() if name != "old"} == {
        "sessionid": ("necessary", "first"),
        "csrftoken": ("necessary", "first"),
        "cookies_policy": ("necessary", "first"),
        "__cf_bm": ("necessary", "first"),
        "_ga": ("analytical", "first"),
        # The name is that of an advertising service only on the domain of that service.
        "IDE": ("unclassified", "third"),
    }
    assert (audit["site"], audit["formats"], audit["answered"]) == (recorded.host, ["har"], True)
    assert {name for name, one in found.items() if one["refused"]} == {"_ga"}
    assert {name for name, one in found.items() if one["early"]} == {"_ga"}
    assert (found["csrftoken"]["lasts"], found["sessionid"]["lasts"]) == ("1 year", "session")
    assert (found["sessionid"]["http_only"], found["sessionid"]["same_site"]) == (True, "lax")
    assert "1 cookie was deleted." in audit["notes"]
    assert SECRET not in ran.out + ran.err


def test_the_state_and_the_recording_are_one_audit(recorded: Recorded, run: Run) -> None:
    audit = json.loads(run("consent", "audit", str(recorded.har), str(recorded.state), "--json").out)
    found = {result["cookie"]: result for result in audit["results"]}
    assert (found["theme"]["storage"], found["theme"]["category"]) == ("local-storage", "functional")
    # Chromium shortens what was asked for to 400 days.
    assert found["_ga"]["lasts"] == "400 days more"
    assert json.loads(run("consent", "audit", str(recorded.state), "--against", str(recorded.har), "--json").out)["changes"]


def test_the_banner_made_of_the_recording_keeps_its_cookies_back(
    recorded: Recorded, visitor: BrowserContext, site: Site, packages: Path, run: Run, tmp_path: Path
) -> None:
    made_of_it = tmp_path / "cookieconsent-config.js"
    assert run("consent", "export", str(recorded.har), "--to", "vanilla-cookieconsent", "-o", str(made_of_it)).code == 0
    page = with_vanilla(visitor, site, made_of_it.read_text(encoding="utf-8"))
    assert names(visitor) == set()
    page.get_by_role("button", name="Reject all").click()
    page.reload(wait_until="networkidle")
    assert names(visitor) == {"cc_cookie"}
    page.locator("#again").click()
    page.get_by_role("dialog").get_by_role("button", name="Accept all").click()
    page.wait_for_function("window.counted")
    assert "_ga" in names(visitor)
    page.locator("#again").click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Reject all").click()
    assert "_ga" not in names(visitor)
    assert answer(visitor) == ["necessary"]


# vanilla-cookieconsent.


@pytest.fixture
def vanilla(visitor: BrowserContext, site: Site, packages: Path) -> Page:
    return with_vanilla(visitor, site, made("vanilla-cookieconsent"))


def with_vanilla(visitor: BrowserContext, site: Site, configuration: str) -> Page:
    """A page with the real banner, this configuration, and a script that counts."""
    site.pages["/vanilla.mjs"] = Response(configuration.encode(), "text/javascript; charset=utf-8")
    run = (
        "import * as banner from '/npm/vanilla-cookieconsent/dist/cookieconsent.esm.js';"
        "import config from '/vanilla.mjs'; banner.run(config)"
    )
    site.pages["/vanilla"] = Response(
        a_page(
            '<link rel="stylesheet" href="/npm/vanilla-cookieconsent/dist/cookieconsent.css">'
            f'<script type="text/plain" data-category="analytical">{COUNTS}</script><script type="module">{run}</script>',
            '<button id="again" data-cc="show-preferencesModal">Cookies</button>',
        )
    )
    page = visitor.new_page()
    page.goto(f"{site.url}/vanilla")
    page.get_by_role("dialog", name="Cookies on this site").wait_for()
    return page


def answer(visitor: BrowserContext) -> list[str]:
    """The categories in the visitor's choice."""
    [value] = [cookie["value"] for cookie in visitor.cookies() if cookie["name"] == "cc_cookie"]
    return list(json.loads(unquote(value))["categories"])


def test_vanilla_sets_nothing_before_a_choice(vanilla: Page, visitor: BrowserContext) -> None:
    assert names(visitor) == set()


def test_vanilla_sets_nothing_after_a_refusal(vanilla: Page, visitor: BrowserContext) -> None:
    vanilla.get_by_role("button", name="Reject all").click()
    vanilla.reload(wait_until="networkidle")
    assert names(visitor) == {"cc_cookie"}
    assert answer(visitor) == ["necessary"]


def test_vanilla_asks_no_harder_for_yes_than_for_no(vanilla: Page) -> None:
    styles = "button => [getComputedStyle(button).backgroundColor, getComputedStyle(button).color, getComputedStyle(button).fontWeight]"
    yes, no = (vanilla.get_by_role("button", name=name).evaluate(styles) for name in ("Accept all", "Reject all"))
    assert yes == no


def test_vanilla_lets_go_of_what_a_visitor_allowed_and_withdrew(vanilla: Page, visitor: BrowserContext) -> None:
    vanilla.get_by_role("button", name="Accept all").click()
    vanilla.wait_for_function("window.counted")
    assert names(visitor) == {"cc_cookie", "_ga", "_ga_XYZ", "_gaXYZ"}
    assert answer(visitor) == ["necessary", "analytical", "performance"]
    vanilla.locator("#again").click()
    with vanilla.expect_navigation():
        vanilla.get_by_role("dialog").get_by_role("button", name="Reject all").click()
    vanilla.wait_for_load_state("networkidle")
    assert names(visitor) == {"cc_cookie", "_gaXYZ"}, "and what no row names is left alone"
    assert answer(visitor) == ["necessary"]


def test_vanilla_clears_what_is_stored_on_the_host_without_www(vanilla: Page, visitor: BrowserContext, site: Site) -> None:
    vanilla.goto(f"{site.www}/vanilla")
    vanilla.get_by_role("button", name="Accept all").click()
    vanilla.wait_for_function("window.counted")
    visitor.add_cookies([ABOVE])
    vanilla.locator("#again").click()
    with vanilla.expect_navigation():
        vanilla.get_by_role("dialog").get_by_role("button", name="Reject all").click()
    assert names(visitor) == {"cc_cookie", "_gaXYZ"}


def test_vanilla_shows_our_rows_and_hostile_ones_as_text(vanilla: Page) -> None:
    vanilla.get_by_role("button", name="Choose cookies").click()
    section = vanilla.locator(".pm__section--toggle", has_text="Analytical cookies")
    section.get_by_role("button", name="Analytical cookies").click()
    cells = section.locator("tbody tr").all_inner_texts()
    assert [cell.split("\t")[0].strip() for cell in cells] == ["_ga", "_ga_*", HOSTILE]
    assert not vanilla.locator("#cc-main img").count()
    assert vanilla.title() == "x"


# Klaro.


@pytest.fixture
def klaro(visitor: BrowserContext, site: Site, packages: Path) -> Page:
    site.pages["/klaro-config.js"] = Response(made("klaro").encode(), "text/javascript; charset=utf-8")
    tagged = f'<script type="text/plain" data-type="application/javascript" data-name="analytical-google-analytics">{COUNTS}</script>'
    site.pages["/klaro"] = Response(
        a_page(
            f'{tagged}<script src="/klaro-config.js"></script><script defer src="/npm/klaro/dist/klaro.js"></script>',
            '<button id="again" onclick="klaro.show()">Cookies</button>',
        )
    )
    page = visitor.new_page()
    page.goto(f"{site.url}/klaro")
    page.locator("#klaro-cookie-notice").wait_for()
    return page


def allowed(visitor: BrowserContext) -> dict[str, bool]:
    [value] = [cookie["value"] for cookie in visitor.cookies() if cookie["name"] == "klaro"]
    return dict(json.loads(unquote(value)))


def test_klaro_sets_nothing_before_a_choice(klaro: Page, visitor: BrowserContext) -> None:
    assert names(visitor) == set()


def test_klaro_sets_nothing_after_a_refusal(klaro: Page, visitor: BrowserContext) -> None:
    klaro.get_by_role("button", name="Reject all").click()
    klaro.reload(wait_until="networkidle")
    assert names(visitor) == {"klaro"}
    assert {name for name, yes in allowed(visitor).items() if yes} == {"necessary-django", "necessary-klaro"}


def test_klaro_lets_go_of_what_a_visitor_allowed_and_withdrew(klaro: Page, visitor: BrowserContext) -> None:
    klaro.get_by_role("button", name="Accept all").click()
    klaro.wait_for_function("window.counted")
    assert names(visitor) == {"klaro", "_ga", "_ga_XYZ", "_gaXYZ"}
    assert all(allowed(visitor).values())
    klaro.locator("#again").click()
    klaro.locator("label[for=purpose-item-analytical]").click()
    klaro.get_by_role("button", name="Save my choice").click()
    klaro.reload(wait_until="networkidle")
    assert names(visitor) == {"klaro", "_gaXYZ"}, "and what no row names is left alone"
    assert not allowed(visitor)["analytical-google-analytics"]


def test_klaro_clears_what_is_stored_on_the_host_without_www(klaro: Page, visitor: BrowserContext, site: Site) -> None:
    klaro.goto(f"{site.www}/klaro")
    visitor.add_cookies([ABOVE])
    klaro.get_by_role("button", name="Reject all").click()
    klaro.reload(wait_until="networkidle")
    assert names(visitor) == {"klaro"}


def test_klaro_shows_our_categories_and_hostile_text_as_text(klaro: Page) -> None:
    complaints: list[str] = []
    klaro.on("console", lambda message: complaints.append(message.text))
    klaro.get_by_text("Choose cookies").click()
    dialog = klaro.locator(".cm-modal")
    assert [title.strip() for title in dialog.locator(".cm-purpose > .cm-list-label > .cm-list-title").all_inner_texts()][:3] == [
        "Necessary cookies", "Analytical cookies", "Performance cookies",
    ]  # fmt: skip
    assert HOSTILE in (dialog.text_content() or "")
    assert "missing translation" not in (dialog.text_content() or "")
    assert not dialog.locator("img").count()
    assert klaro.title() == "x"
    assert not complaints


# c15t.

START = """
import { getOrCreateConsentRuntime } from 'c15t'
import options from './c15t.mjs'
const { consentStore } = getOrCreateConsentRuntime(options);
"""


def test_c15t_takes_our_options_and_offers_our_categories(packages: Path, tmp_path: Path) -> None:
    node = shutil.which("node")
    if not node:
        pytest.skip("no node is here to run c15t: install the Debian package nodejs")
    (tmp_path / "node_modules").symlink_to(packages, target_is_directory=True)
    (tmp_path / "c15t.mjs").write_text(made("c15t"), encoding="utf-8")
    (tmp_path / "run.mjs").write_text(f"{START} console.log(JSON.stringify(consentStore.getState()))", encoding="utf-8")
    done = subprocess.run([node, "run.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    state = json.loads(done.stdout)
    assert state["consentCategories"] == ["necessary", "measurement"]
    assert {name for name, yes in state["consents"].items() if yes} == {"necessary"}


def test_c15t_runs_a_script_only_with_consent(visitor: BrowserContext, site: Site, packages: Path) -> None:
    # What its packages call each other, as their package.json files say.
    places = {
        "c15t": "c15t/dist/index.js",
        "@c15t/schema/types": "@c15t/schema/dist/types.js",
        "@c15t/translations": "@c15t/translations/dist/index.js",
        "zustand/vanilla": "zustand/esm/vanilla.mjs",
        "valibot": "valibot/dist/index.mjs",
    }
    imports = json.dumps({"imports": {name: f"/npm/{place}" for name, place in places.items()}})
    start = START.replace("(options)", "({...options, scripts: [{id: 'counts', src: '/counts.js', category: 'measurement'}]})")
    site.pages["/c15t.mjs"] = Response(made("c15t").encode(), "text/javascript; charset=utf-8")
    site.pages["/counts.js"] = Response(COUNTS.encode(), "text/javascript")
    site.pages["/c15t"] = Response(
        a_page(f'<script type="importmap">{imports}</script><script type="module">{start} window.store = consentStore</script>')
    )
    page = visitor.new_page()
    page.goto(f"{site.url}/c15t")
    page.wait_for_function("window.store && store.getState().activeUI === 'banner'")
    assert names(visitor) == set()
    page.evaluate("store.getState().saveConsents('necessary')")
    page.reload(wait_until="networkidle")
    assert names(visitor) == {"c15t"}
    page.evaluate("store.getState().saveConsents('all')")
    page.wait_for_function("window.counted")
    assert names(visitor) == {"c15t", "_ga", "_ga_XYZ", "_gaXYZ"}
