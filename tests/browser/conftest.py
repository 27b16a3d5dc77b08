"""Chromium as a reader uses it: nothing leaves the machine, and no script may fail unseen."""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

AXE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCAL = {"127.0.0.1", "localhost", "::1"}
ASK_AXE = """async more => {
  const found = await axe.run(document, {resultTypes: ["violations"], rules: more});
  const told = node => node.html + " " + node.failureSummary;
  return found.violations.map(v => ({rule: v.id, impact: v.impact, at: v.nodes.map(told)}));
}"""


def need(there: object, what: str) -> None:
    """Skips where a tool is missing, unless the run was told that it must be there."""
    if not there:
        (pytest.fail if os.environ.get("SAMESTORY_NO_SKIP") else pytest.skip)(f"{what}; see CONTRIBUTING.md")


@pytest.fixture(scope="module")
def browser():
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    need(path, "the browser tests need chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser):
    """A function that opens a new page (a context of its own, with Playwright's options).

    Requests that would leave the machine are stopped and, like errors of scripts, fail the test when it ends.
    """
    contexts, left, errors, expected = [], [], [], []

    def gate(route):
        parts = urlsplit(route.request.url)
        if parts.scheme in {"file", "data", "blob", "about"} or parts.hostname in LOCAL:
            route.continue_()
        else:
            left.append(route.request.url)
            route.abort()

    def new(**options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        context.route("**/*", gate)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.expected_errors = expected  # parts of what the console may say, such as an answer that is meant
        return page

    yield new
    for context in contexts:
        context.close()
    assert left == []
    assert [e for e in errors if not any(part in e for part in expected)] == []


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture(scope="session")
def serious():
    """A function that gives what axe-core finds serious or critical on a page, by its usual rules and those named."""
    need(AXE.is_file(), "the accessibility checks need axe-core: npm ci --prefix tests/browser")

    def check(page, *more):
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(ASK_AXE, {rule: {"enabled": True} for rule in more})
        return [v for v in found if v["impact"] in {"serious", "critical"}]

    return check


@pytest.fixture(scope="session")
def harbour():
    """The example story compared, with the real models."""
    from toolkit import compare, read_articles

    names = ("state-agency", "wire", "regional")
    return compare(read_articles([f"examples/harbour/{name}.txt" for name in names]))


@pytest.fixture(scope="session")
def report(harbour, tmp_path_factory):
    """The address of its report in a file."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    harbour.to_html(path)
    return path.as_uri()
