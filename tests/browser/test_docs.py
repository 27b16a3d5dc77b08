"""The documentation site, opened from disk as a reader would, with no server and no network."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

PAGES = [
    "index",
    "quick-start",
    "gallery",
    "report",
    "kinds",
    "results",
    "api",
    "options",
    "extend",
    "limits",
    "usability",
]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *said):
        pass


@pytest.fixture(scope="module")
def address(docs_site):
    """Where the site is served on this machine: axe asks for style sheets anew, which a page from disk may not."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=docs_site)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def opened(page, site, name):
    page.goto((site / f"{name}.html").as_uri())
    return page


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_from_disk_and_ask_the_network_for_nothing(page, docs_site, name):
    opened(page, docs_site, name)
    assert page.locator("h1").count() == 1
    broken = "[...document.images].filter(i => !i.complete || !i.naturalWidth).map(i => i.src)"
    assert page.evaluate(broken) == []


def test_the_search_finds_a_word_from_disk(page, docs_site):
    opened(page, docs_site, "index")
    page.get_by_role("textbox", name="Search").press_sequentially("omission")
    first = page.locator(".md-search-result__link").first
    first.wait_for()
    assert "kinds.html" in first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kinds.html*")


def test_the_menu_leads_to_the_limits(page, docs_site):
    opened(page, docs_site, "index")
    page.get_by_role("navigation", name="Tabs").get_by_role("link", name="Limits and ethics").click()
    assert page.locator("h1").inner_text().startswith("Limits and ethics")


def test_colours_can_be_switched(open_page, docs_site):
    page = opened(open_page(color_scheme="dark"), docs_site, "kinds")
    body = page.locator("body")
    assert body.get_attribute("data-md-color-scheme") == "slate"
    page.locator("label[for=__palette_0]").click()
    assert body.get_attribute("data-md-color-scheme") == "default"


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_needs_no_sideways_scrolling(open_page, docs_site, name):
    page = opened(open_page(viewport={"width": 375, "height": 800}), docs_site, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_serious_for_accessibility(open_page, serious, address, name, scheme):
    page = open_page(color_scheme=scheme)
    page.goto(f"{address}/{name}.html")
    assert serious(page) == []


@pytest.mark.parametrize("name", ["results", "usability"])
def test_a_table_that_is_too_wide_is_reached_by_the_keyboard(open_page, serious, address, name):
    page = open_page(viewport={"width": 375, "height": 800})
    page.goto(f"{address}/{name}.html")
    wide = page.locator(".md-typeset__scrollwrap[tabindex='0']").first
    wide.wait_for()
    wide.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
    assert serious(page) == []


def test_the_search_finds_a_word_where_the_site_is_served(page, address):
    page.goto(f"{address}/limits.html")
    page.get_by_role("textbox", name="Search").press_sequentially("blockade")
    page.locator(".md-search-result__link").first.wait_for()
