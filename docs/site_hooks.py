"""Brings files that live outside docs/ into the site, and leads the links of every page to where they are there.

The Markdown is written for a viewer of the repository, where `../eval/README.md` is a file. In the site that is a page,
a file that has no page is named in plain code, and a link to nothing stays as it is, for the strict build to refuse.
"""

import re
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "results.md": "eval/README.md",
    "results-summaries.md": "eval/summaries.md",
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
    "options.md": "configs/compare/default.yaml",
}
SITE = {source: page for page, source in PAGES.items()} | {"README.md": "index.md"}
OPTIONS = """# Options

Every option of `samestory compare --config FILE` with its default, as in `configs/compare/default.yaml`. The same
names are the fields of [`CompareConfig`](api.md#options) in Python. An option that does not exist, or a value out of
its range, is refused with the file, the key and the choices.

"""
# Left to right, so that a link inside code is code, and code inside a link's text belongs to the link.
CODE_OR_LINK = re.compile(
    r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)\s*?$"
    r"|(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]\((?P<to>[^()\s]+)\)"
    r"|`[^`\n]+`",
    re.M | re.S,
)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|#|/", re.I)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Adds a page for each file of PAGES."""
    for page, source in PAGES.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        if source.endswith(".yaml"):
            text = f"{OPTIONS}```yaml\n{text}```\n"
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Leads the page's links to where they are in the site; the first page needs no list of one page beside it."""
    if page.is_homepage:
        page.meta["hide"] = ["navigation"]
    if PAGES.get(page.file.src_uri, "").endswith(".yaml"):
        page.meta["hide"] = ["toc"]  # it has one heading, and long lines
    if page.file.src_uri in PAGES:
        page.meta["search"] = {"boost": 0.3}  # tables of figures and lists of changes have every word in them
    return relinked(markdown, page.file.src_uri)


def on_serve(server: Any, *, config: MkDocsConfig, builder: Any) -> Any:
    """Builds anew when a file outside docs/ changes."""
    for source in PAGES.values():
        server.watch(str(ROOT / source))
    return server


def relinked(markdown: str, page: str) -> str:
    """The Markdown with every link that leaves docs/ turned; code is left alone.

    Args:
        markdown: Text of the page.
        page: Its path in docs/, or in PAGES.
    """
    source = PAGES.get(page, f"docs/{page}")

    def turned(found: re.Match[str]) -> str:
        if found["to"] is None or ELSEWHERE.match(found["to"]):
            return found[0]
        path, hash_, anchor = found["to"].partition("#")
        target = normpath(PurePosixPath(source).parent / path)
        home = SITE.get(target) or (target.removeprefix("docs/") if target.startswith("docs/") else "")
        if home:
            return f"{found['image']}[{found['text']}]({relpath(home, PurePosixPath(page).parent)}{hash_}{anchor})"
        if not (ROOT / target).exists():
            return found[0]
        shown = found["text"].strip("`")
        return f"`{target}`" if shown in {target, path} else f"{found['text']} (`{target}`)"

    return CODE_OR_LINK.sub(turned, markdown)
