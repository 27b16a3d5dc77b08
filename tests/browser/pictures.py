"""Takes the pictures of the report and the page that the README and the docs show.

    python tests/browser/pictures.py docs/pictures

Needs Chromium and Playwright (CONTRIBUTING.md). Look at them before you commit them.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from toolkit import compare, read_articles

STORY = ("state-agency", "wire", "regional")
SHOW = "name => document.querySelector(name).scrollIntoView()"


def main(folder: Path) -> None:
    """Takes the example story's report, then the page, at desktop and phone width, by day and by night."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        take_report(chromium, folder)
        take_page(chromium, folder)
        chromium.close()


def take_report(chromium: Browser, folder: Path) -> None:
    """The report, from a file."""
    with tempfile.TemporaryDirectory() as made:
        report = Path(made) / "report.html"
        compare(read_articles([f"examples/harbour/{name}.txt" for name in STORY])).to_html(report)
        desktop = chromium.new_page(viewport={"width": 1280, "height": 860})
        desktop.goto(report.as_uri())
        desktop.evaluate(SHOW, "#differences")
        desktop.screenshot(path=folder / "report-desktop.png")
        desktop.locator("#a2 .tie").nth(4).hover()
        desktop.wait_for_timeout(1500)  # the other columns scroll
        desktop.evaluate(SHOW, "#articles")
        desktop.screenshot(path=folder / "report-side-by-side.png")
        desktop.evaluate(SHOW, "#profiles")
        desktop.screenshot(path=folder / "report-profiles.png")
        dark = chromium.new_page(viewport={"width": 1280, "height": 860}, color_scheme="dark")
        dark.goto(report.as_uri())
        dark.evaluate(SHOW, "#differences")
        dark.get_by_label("Find words").fill("blockade")
        dark.screenshot(path=folder / "report-dark.png")
        phone = chromium.new_page(viewport={"width": 375, "height": 720}, device_scale_factor=2, has_touch=True)
        phone.goto(report.as_uri())
        phone.evaluate(SHOW, "#articles")
        phone.locator("#a1 .tie").nth(1).tap()
        phone.wait_for_timeout(1500)
        phone.screenshot(path=folder / "report-phone.png")


def take_page(chromium: Browser, folder: Path) -> None:
    """The form, the progress and the result, from a server of its own."""
    command = [sys.executable, "-u", "-m", "toolkit.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        address = re.search(r"http://\S+", server.stdout.readline())[0]
        desktop = chromium.new_page(viewport={"width": 1280, "height": 860})
        desktop.goto(address)
        for n, article in enumerate(read_articles([f"examples/harbour/{name}.txt" for name in STORY[:2]]), 1):
            desktop.locator(f"#outlet-{n}").fill(article.outlet)
            desktop.locator(f"#title-{n}").fill(article.title)
            desktop.locator(f"#text-{n}").fill(article.text)
        desktop.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        desktop.evaluate("document.querySelectorAll('textarea').forEach(t => t.scrollTop = 0)")
        desktop.screenshot(path=folder / "page-form.png")
        desktop.get_by_role("button", name="Compare").click()
        desktop.wait_for_selector(".stages .now", timeout=120_000)
        desktop.screenshot(path=folder / "page-progress.png")
        desktop.wait_for_selector("iframe", timeout=120_000)
        desktop.frame_locator("iframe").get_by_role("heading", name="Differences", exact=True).wait_for()
        desktop.screenshot(path=folder / "page-result.png")
        phone = chromium.new_page(viewport={"width": 375, "height": 720}, device_scale_factor=2, color_scheme="dark")
        phone.goto(address)
        phone.screenshot(path=folder / "page-phone.png")
        server.terminate()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
