"""The documentation site: nothing orphaned, every link leads somewhere, and nothing comes from elsewhere."""

import re
import sys
from html.parser import HTMLParser
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

import toolkit

ROOT = Path(__file__).parents[1]
FETCHED = {("script", "src"), ("link", "href"), ("img", "src"), ("img", "srcset"), ("iframe", "src"), ("source", "src")}


@pytest.fixture(scope="module")
def hooks():
    spec = spec_from_file_location("site_hooks", ROOT / "docs/site_hooks.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("site_hooks", None)


class Page(HTMLParser):
    """The ids of a page, where its links lead, and what it loads."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.loads = {""}, set(), set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "id":
                self.ids.add(value)
            if (tag, name) in FETCHED and value:
                self.loads.add(value)
            if (tag, name) == ("a", "href") and value:
                self.links.add(value)


@pytest.fixture(scope="module")
def pages(docs_site):
    return {path: Page(path) for path in sorted(docs_site.rglob("*.html"))}


def menu(entries):
    for entry in entries:
        (value,) = entry.values()
        yield from [value] if isinstance(value, str) else menu(value)


def test_every_page_is_in_the_menu_once(hooks):
    listed = sorted(menu(yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]))
    there = [p.relative_to(ROOT / "docs").as_posix() for p in (ROOT / "docs").rglob("*.md")]
    assert listed == sorted([*there, *hooks.PAGES])


def test_every_link_within_the_site_leads_to_a_page_and_a_place_in_it(pages, docs_site):
    lost = []
    for path, page in pages.items():
        if path.name == "404.html":  # is served from any address, so its links start at the root
            continue
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchors = pages[target].ids if target in pages else {""}
            if not target.is_relative_to(docs_site) or not target.is_file() or unquote(parts.fragment) not in anchors:
                lost.append((path.name, link))
    assert lost == []


def test_no_page_loads_anything_from_elsewhere(pages, docs_site):
    assert len(pages) > 15
    for path, page in pages.items():
        assert [load for load in page.loads if urlsplit(load).scheme not in {"", "data"} or load.startswith("//")] == []
        assert "googleapis" not in path.read_text(encoding="utf-8")
    for sheet in docs_site.rglob("*.css"):
        assert re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//[^)\s]*", sheet.read_text(encoding="utf-8")) == []


def test_results_and_options_are_those_of_the_repository(docs_site):
    results = (docs_site / "results.html").read_text(encoding="utf-8")
    first = re.search(r"^\| samestory \| ([\d.]+)", (ROOT / "eval/README.md").read_text(encoding="utf-8"), re.M)
    assert first[1] in results
    assert "configs/compare/default.yaml" in (docs_site / "options.html").read_text(encoding="utf-8")


def test_the_reference_has_every_public_name(docs_site):
    reference = Page(docs_site / "api.html").ids
    named = {i.rsplit(".", 1)[-1] for i in reference if i.startswith("toolkit.")}
    assert set(toolkit.__all__) <= named


def test_the_reference_shows_the_options_of_pydantic_classes(docs_site):
    text = re.sub(r"<[^>]+>", "", (docs_site / "api.html").read_text(encoding="utf-8"))
    assert re.search(r"HybridAligner\(\s*kind: Literal.*?threshold: float = .*?0\.32", text, re.S)
    assert re.search(r"CompareConfig\(\s*\*,\s*language: .*?analyser: SpacyAnalyser = SpacyAnalyser\(\)", text, re.S)


@pytest.mark.parametrize(
    ("page", "markdown", "turned"),
    [
        ("summaries.md", "[all](../eval/README.md#wice)", "[all](results.md#wice)"),
        ("how-it-works.md", "[kinds](kinds.md)", "[kinds](kinds.md)"),
        ("results.md", "[d](../docs/evaluation.md)", "[d](evaluation.md)"),
        ("contributing.md", "[CHANGELOG.md](CHANGELOG.md)", "[CHANGELOG.md](changelog.md)"),
        ("summaries.md", "[card](../toolkit/models/support/CARD.md)", "card (`toolkit/models/support/CARD.md`)"),
        ("kinds.md", "[`pyproject.toml`](../pyproject.toml)", "`pyproject.toml`"),
        ("kinds.md", "[gone](../eval/no-such.md)", "[gone](../eval/no-such.md)"),
        ("kinds.md", "`[a](../eval/README.md)`", "`[a](../eval/README.md)`"),
        ("kinds.md", "```md\n[a](../eval/README.md)\n```", "```md\n[a](../eval/README.md)\n```"),
        ("kinds.md", "[a](https://example.org/x) [b](#figure)", "[a](https://example.org/x) [b](#figure)"),
        ("gallery.md", "![A plot](alignment-cost.svg)", "![A plot](alignment-cost.svg)"),
    ],
)
def test_links_that_leave_the_folder_are_led_to_where_they_are(hooks, page, markdown, turned):
    assert hooks.relinked(markdown, page) == turned


def test_no_everyday_task_takes_more_than_four_actions():
    rows = tasks()
    assert len(rows) > 20
    assert all(0 <= actions <= 4 for _, actions, _ in rows), rows


def test_the_tests_that_everyday_tasks_name_are_there():
    named = {name for _, _, checked in tasks() for name in re.findall(r"`(test_\w+\.py)(?:::(\w+))?`", checked)}
    assert named
    folder = ROOT / "tests/browser"
    for file, test in named:
        if (folder / file).is_file():
            assert f"def {test}" in (folder / file).read_text(encoding="utf-8")


def tasks():
    """Of each row of docs/usability.md its task, its number of actions and what checks it."""
    out, header = [], []
    for line in (ROOT / "docs/usability.md").read_text(encoding="utf-8").splitlines():
        cells = [c.strip() for c in line.strip("|").split("|")] if line.startswith("|") else []
        if "actions" in cells:
            header = cells
        elif cells and not set(line) <= set("|- "):
            row = dict(zip(header, cells, strict=True))
            out.append((row["task"], int(row["actions"]), row.get("checked by", "")))
    return out
