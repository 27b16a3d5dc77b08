"""Takes the pictures of the report that the README and the docs show.

    python tests/browser/pictures.py docs/pictures

Needs Chromium and Playwright (CONTRIBUTING.md). Look at them before you commit them.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from toolkit import compare, read_articles

STORY = ("state-agency", "wire", "regional")
SHOW = "name => document.querySelector(name).scrollIntoView()"


def main(folder: Path) -> None:
    """Compares the example story and takes its report at desktop and phone width, by day and by night."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        report = Path(made) / "report.html"
        compare(read_articles([f"examples/harbour/{name}.txt" for name in STORY])).to_html(report)
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        desktop = chromium.new_page(viewport={"width": 1280, "height": 860})
        desktop.goto(report.as_uri())
        desktop.evaluate(SHOW, "#differences")
        desktop.screenshot(path=folder / "report-desktop.png")
        desktop.locator("#a2 .tie").nth(4).hover()
        desktop.wait_for_timeout(1500)  # the other columns scroll
        desktop.evaluate(SHOW, "#articles")
        desktop.screenshot(path=folder / "report-side-by-side.png")
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
        chromium.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
