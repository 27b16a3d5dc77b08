"""Articles from HTML pages: main text and metadata, by trafilatura."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from toolkit.errors import SourceError
from toolkit.sources.text import decode, load_bytes, whole
from toolkit.types import Article

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)


def read_html(path: Path) -> Article:
    """The article in an HTML file; outlet from the page's site name, else the file's stem."""
    return html_article(load_bytes(path), place=path, outlet=whole(path.stem))


def html_article(data: bytes, *, place: str | Path, outlet: str, url: str = "", charset: str = "") -> Article:
    """The article in a page: its text only, no markup and no comments, and no headline where that is its first line.

    Args:
        data: The page.
        place: Where from, for error messages.
        outlet: Its name where the page gives no site name.
        url: Where it was found, where known.
        charset: The encoding that came with it, where known; else the page's own word.

    Raises:
        SourceError: If no article text is found in it.
    """
    from trafilatura import bare_extraction
    from trafilatura.settings import Document as Page

    page = decode(data, place=place, declared=charset or _declared(data))
    try:
        found = bare_extraction(page, url=url or None, with_metadata=True, include_comments=False, include_tables=False)
    except Exception as error:  # whatever a hostile page does to the parser is one unreadable page
        raise SourceError(f"{place}: the HTML could not be read ({type(error).__name__})") from error
    text = whole(found.text or "").strip() if isinstance(found, Page) else ""
    if not isinstance(found, Page) or not text:
        raise SourceError(f"{place}: no article text found in the HTML; save the report as a text file instead")
    site = _line(found.sitename)
    if url and site.removeprefix("www.") == urlsplit(url).netloc.removeprefix("www."):
        site = ""  # trafilatura's stand-in for a page that does not say
    title = _line(found.title)
    first, _, rest = text.partition("\n")
    if title and rest.strip() and _line(first).casefold() == title.casefold():
        text = rest.strip()
    return Article(
        text,
        outlet=site or outlet,
        title=title,
        url=url or _line(found.url),
        published=_line(found.date),
    )


def _declared(data: bytes) -> str:
    found = _CHARSET.search(data[:4096])
    return found[1].decode("ascii") if found else ""


def _line(value: str | None) -> str:
    return " ".join(whole(value or "").split())
