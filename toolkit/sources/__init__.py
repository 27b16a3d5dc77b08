"""How articles come in: text, HTML, web addresses, tables and folders of them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from toolkit.errors import ConfigError, SourceError
from toolkit.sources.html import html_article, read_html
from toolkit.sources.table import read_table, table_articles
from toolkit.sources.text import decode, read_text, text_article, whole
from toolkit.sources.url import read_url
from toolkit.types import Article, with_unique_ids

__all__ = ["articles_in", "files_of", "read_articles"]

_HTML = (".html", ".htm", ".xhtml")
_TABLES = (".jsonl", ".ndjson", ".csv", ".parquet", ".pq")
_IN_FOLDERS = (".txt", ".text", *_HTML, *_TABLES)
_HOST = re.compile(r"(?:www\.[\w-]+\.[\w.-]+(?::\d+)?|(?:[\w-]+\.)*[\w-]+:\d{1,5})(?:[/?#].*)?", re.DOTALL)


def read_articles(
    places: Iterable[str | Path],
    *,
    outlets: Sequence[str] = (),
    groups: Mapping[str, str] | None = None,
    timeout: float = 20.0,
) -> tuple[Article, ...]:
    """Reads articles from files, folders, tables and web addresses, in the order given.

    Args:
        places: Text and HTML files; JSONL, CSV and Parquet tables; folders of these, read by name; http(s) addresses.
        outlets: What to call the articles, one name an article in order; else what the article says of itself.
        groups: The reader's own label for each outlet, by name.
        timeout: Seconds for each web address.

    Raises:
        SourceError: If one of them cannot be read; the message names it.
        ConfigError: If the outlets are not one an article, or the groups name none of the outlets.
    """
    places = [places] if isinstance(places, (str, Path)) else list(places)
    if not places:
        raise SourceError("no articles given; name files, folders or web addresses")
    articles = [article for place in places for article in _read(place, timeout)]
    if outlets and len(outlets) != len(articles):
        wanted = f"{len(articles)} outlet name{'s' * (len(articles) != 1)}"
        raise ConfigError(f"expected {wanted}, got {len(outlets)}; give one name an article, in order")
    if outlets:
        articles = [replace(a, outlet=name) for a, name in zip(articles, outlets, strict=True)]
    if groups:
        known = list(dict.fromkeys(a.outlet for a in articles))
        if not set(groups) & set(known):
            raise ConfigError(f"groups name {', '.join(groups)}, none of the outlets here: {', '.join(known)}")
        articles = [replace(a, group=groups.get(a.outlet, a.group)) for a in articles]
    return with_unique_ids(articles)


def articles_in(data: bytes, *, name: str, most: int | None = None) -> tuple[Article, ...]:
    """The articles in a file that is already in memory (an upload): text, HTML or a table, by the suffix of its name.

    Args:
        data: The file's content.
        name: Its name; only the last part of a path counts.
        most: Articles at most.

    Raises:
        SourceError: If there is no article in it, or a table has too many; the message has the name.
    """
    path = Path(name.replace("\\", "/").rsplit("/", 1)[-1] or "upload")
    if not data.strip():
        raise SourceError(f"{path}: the file is empty; expected the text of a report")
    suffix, outlet = path.suffix.lower(), whole(path.stem)
    if suffix in _TABLES:
        return table_articles(data, path=path, most=most)
    if suffix in _HTML:
        return (html_article(data, place=path, outlet=outlet),)
    return (text_article(decode(data, place=path), place=path, outlet=outlet),)


def files_of(places: Iterable[str | Path]) -> tuple[Path, ...]:
    """The files that `read_articles` would open for these places, there or not; web addresses have none."""
    files: list[Path] = []
    for place in places:
        if _is_address(place):
            continue
        path = Path(place)
        try:
            files += _files_in(path) if path.is_dir() else [path]
        except (OSError, ValueError):  # reading it is what says why
            continue
    return tuple(files)


def _is_address(place: str | Path) -> bool:
    return isinstance(place, str) and "://" in place


def _read(place: str | Path, timeout: float) -> tuple[Article, ...]:
    if not str(place).strip():
        raise SourceError("one of the places is an empty name; name files, folders or web addresses")
    if isinstance(place, str) and _is_address(place):
        return (read_url(place, timeout=timeout),)
    path = Path(place)
    try:
        folder, there = path.is_dir(), path.exists()
    except (OSError, ValueError) as error:  # a name too long
        raise SourceError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if folder:
        return _read_folder(path, timeout)
    if _HOST.fullmatch(str(place)) and not there:
        raise SourceError(f"{place}: no such file; did you mean http://{place}?")
    suffix = path.suffix.lower()
    if suffix in _TABLES:
        return read_table(path)
    return (read_html(path) if suffix in _HTML else read_text(path),)


def _read_folder(folder: Path, timeout: float) -> tuple[Article, ...]:
    try:
        files = _files_in(folder)
    except OSError as error:
        raise SourceError(f"{folder}: cannot be read: {error.strerror or error}") from None
    if not files:
        raise SourceError(f"{folder}: no articles in this folder; it reads {' '.join(_IN_FOLDERS)}")
    return tuple(article for path in files for article in _read(path, timeout))


def _files_in(folder: Path) -> list[Path]:
    found = sorted(folder.iterdir(), key=lambda path: path.name)
    return [p for p in found if p.suffix.lower() in _IN_FOLDERS and not p.name.startswith(".") and p.is_file()]
