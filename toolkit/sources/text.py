"""Articles from text files: decoded, checked, with optional YAML front matter."""

import codecs
import re
from pathlib import Path
from typing import Any

import yaml

from toolkit.errors import SourceError
from toolkit.types import Article

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_OPENING = re.compile(r"---[ \t]*\r?\n")
_PAIR = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*))?")
_ALIASES = {"source": "outlet", "date": "published"}
_FIELDS = ("id", "outlet", "title", "url", "published", "language", "group")


def load_bytes(path: Path) -> bytes:
    """The file's bytes.

    Raises:
        SourceError: If it is missing, empty, a directory or not to be opened.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise SourceError(f"{path}: no such file; check the name") from None
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror or error}") from None
    if not data.strip():
        raise SourceError(f"{path}: the file is empty; expected the text of a report")
    return data


def decode(data: bytes, *, place: str | Path, declared: str = "") -> str:
    """Bytes as text: by byte order mark, else as declared, else as UTF-8, else by detection.

    Args:
        data: What was read.
        place: Where from, for the error message.
        declared: The encoding that a header or the page itself names, if any.

    Raises:
        SourceError: If the bytes are not text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_as(data, encoding, place)
    controls = sum(data.count(byte) for byte in range(32) if byte not in b"\t\n\r\x0b\x0c\x1b")
    if 0 in data or controls > 0.02 * len(data):
        raise SourceError(f"{place}: this is a binary file, not text; give text, HTML, JSONL, CSV or Parquet")
    for encoding in filter(None, (declared, "utf-8")):
        try:
            return whole(data.decode(encoding))
        except (ValueError, LookupError):  # pages name codecs that are none, or not for text
            continue
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise SourceError(f"{place}: the text's encoding could not be told; save it as UTF-8")
    return str(best)


def _decode_as(data: bytes, encoding: str, place: str | Path) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise SourceError(f"{place}: begins as {encoding} but is not; save it as UTF-8") from None


def whole(text: str) -> str:
    """The text without lone surrogates, which JSON and file names can spell and no text file can hold."""
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text)


def read_text(path: Path) -> Article:
    """The article in a text file; outlet from its front matter, else the file's stem."""
    return text_article(decode(load_bytes(path), place=path), place=path, outlet=whole(path.stem))


def text_article(text: str, *, place: str | Path, outlet: str, url: str = "") -> Article:
    """An article from text that may begin with front matter.

    Args:
        text: The whole of it.
        place: Where from, for error messages.
        outlet: Its name where the front matter gives none.
        url: Where it was found, where the front matter gives none.

    Raises:
        SourceError: If the front matter is broken or nothing follows it.
    """
    front, body = split_front_matter(text, place=place)
    if not body.strip():
        raise SourceError(f"{place}: there is no text in it; expected the text of a report")
    return Article(body, **{"outlet": outlet, "url": url, **front})


def split_front_matter(text: str, *, place: str | Path) -> tuple[dict[str, str], str]:
    """The known fields of a leading `---` block, and the text after it; no block, no fields.

    Keys other than the fields of an Article (and `source`, `date`) are other programs' and are left alone. A block
    that is not valid YAML but has a `key: value` on every line is taken as it stands there.

    Raises:
        SourceError: If the block is neither, is never closed, or a field is not plain text.
    """
    block = _FRONT_MATTER.match(text)
    if block is None:
        if _unclosed(text):
            raise SourceError(
                f"{place}: the front matter that opens with --- is never closed; put --- on a line after it"
            )
        return {}, text
    try:
        # BaseLoader makes strings and nothing else: a date stays as it was written.
        values: Any = yaml.load(block[1], Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        values = _literal(block[1])
        if values is None:
            line = getattr(getattr(error, "problem_mark", None), "line", 0) + 2
            problem = "the front matter between the --- lines is not valid YAML"
            raise SourceError(f"{place}: line {line}: {problem}") from None
    if not isinstance(values, dict):
        return {}, text
    front: dict[str, str] = {}
    for key, value in values.items():
        field = _ALIASES.get(key, key) if isinstance(key, str) else ""
        if field not in _FIELDS:
            continue
        if not isinstance(value, str):
            raise SourceError(f"{place}: front matter '{key}' must be plain text, not a {type(value).__name__}")
        if value.strip():
            front[field] = whole(value).strip()
    return front, text[block.end() :]


def _literal(block: str) -> dict[str, str] | None:
    """A block of nothing but `key: value` lines, its values as they stand (`X: Y`, `"Fire" at depot`); else None."""
    values = {}
    for line in block.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        pair = _PAIR.fullmatch(line.rstrip())
        if pair is None:
            return None
        values[pair[1]] = _unquoted(pair[2] or "")
    return values


def _unquoted(value: str) -> str:
    """A value that is a whole YAML scalar is read as one, quotes and all; any other is kept."""
    try:
        found = yaml.load(value, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return value
    return found if isinstance(found, str) else value


def _unclosed(text: str) -> bool:
    """Whether a text opens as front matter of an article does; a rule of dashes before prose is none."""
    opening = _OPENING.match(text)
    for line in text[opening.end() :].splitlines() if opening else ():
        pair = _PAIR.fullmatch(line.rstrip())
        if pair is None:
            return False
        if _ALIASES.get(pair[1], pair[1]) in _FIELDS:
            return True
    return False
