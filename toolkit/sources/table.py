"""Articles from tables: one an item, in JSONL, CSV or Parquet."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from toolkit.errors import SourceError
from toolkit.sources.text import decode, load_bytes, whole
from toolkit.types import Article

COLUMNS = ("text", "outlet", "source", "title", "url", "published", "date", "group", "id", "language")
Row = Mapping[str, Any]
_UNPACKED, _TIMES = (
    100_000_000,
    100,
)  # bytes that any Parquet file may hold, and times its own size that a large one may


def read_table(path: Path) -> tuple[Article, ...]:
    """The articles of a table's file, in its order (`table_articles`)."""
    return table_articles(load_bytes(path), path=path)


def table_articles(data: bytes, *, path: Path, most: int | None = None) -> tuple[Article, ...]:
    """The articles of a table, in its order.

    Args:
        data: The file's content.
        path: Its name: the suffix says which kind of table it is, and error messages name it.
        most: Rows at most; a table of a stranger's may unpack to far more than its size.

    Columns: `text` (required), `outlet` or `source`, `title`, `url`, `published` or `date`, `group`, `id`, `language`;
    others are left alone. Without an outlet, an article is called by its address's host, else by file and number.

    Raises:
        SourceError: If the file or one of its rows cannot be read; the message has the line.
    """
    reader = {".csv": _csv_rows, ".parquet": _parquet_rows, ".pq": _parquet_rows}.get(path.suffix.lower(), _jsonl_rows)
    articles: list[Article] = []
    for where, row in reader(data, path):
        if len(articles) == most:
            raise SourceError(
                f"{path}: the table has more than {most} rows; expected one article a row, {most} at most"
            )
        articles.append(_article(row, where, whole(path.stem), len(articles) + 1))
    if not articles:
        raise SourceError(f"{path}: the table has no rows; expected one article a row")
    return tuple(articles)


def _jsonl_rows(data: bytes, path: Path) -> Iterator[tuple[str, Row]]:
    for number, line in enumerate(decode(data, place=path).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}: line {number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{where}: not valid JSON ({getattr(error, 'msg', 'nested too deep')})") from None
        if not isinstance(row, dict):
            raise SourceError(f"{where}: expected a JSON object with a 'text', got a {type(row).__name__}")
        yield where, row


def _csv_rows(data: bytes, path: Path) -> Iterator[tuple[str, Row]]:
    reader = csv.DictReader(io.StringIO(decode(data, place=path), newline=""), strict=True)
    try:
        _check_header(path, reader.fieldnames or ())
        for row in reader:
            where = f"{path}: line {reader.line_num}"
            if None in row:
                raise SourceError(f"{where}: more fields than the header has; is a comma in a text not quoted?")
            yield where, row
    except csv.Error as error:
        raise SourceError(f"{path}: line {reader.line_num}: not valid CSV ({error})") from None


def _parquet_rows(data: bytes, path: Path) -> Iterator[tuple[str, Row]]:
    from pyarrow import ArrowException, BufferReader
    from pyarrow.parquet import ParquetFile

    try:
        file = ParquetFile(BufferReader(data))
        names = file.schema_arrow.names
        _check_header(path, names)
        unpacked = sum(file.metadata.row_group(n).total_byte_size for n in range(file.metadata.num_row_groups))
        if unpacked > max(_UNPACKED, _TIMES * len(data)):
            raise SourceError(
                f"{path}: would unpack to {unpacked // 1_000_000:,} MB, which no text does; save it as CSV"
            )
        batches = file.iter_batches(batch_size=256, columns=[name for name in COLUMNS if name in names])
        rows = (row for batch in batches for row in batch.to_pylist())
        for number, row in enumerate(rows, start=1):
            yield f"{path}: row {number}", row
    except (ArrowException, OSError) as error:
        raise SourceError(f"{path}: not a valid Parquet file ({str(error).splitlines()[0]})") from None


def _check_header(path: Path, names: Any) -> None:
    if "text" not in names:
        raise SourceError(f"{path}: no column 'text'; it has {', '.join(map(str, names)) or 'no columns'}")


def _article(row: Row, where: str, stem: str, place: int) -> Article:
    if not isinstance(row.get("text"), str) or not row["text"].strip():
        raise SourceError(f"{where}: no text; expected the text of a report in 'text'")
    url = _value(row, "url", where)
    return Article(
        whole(row["text"]),
        id=_value(row, "id", where),
        outlet=_value(row, "outlet", where) or _value(row, "source", where) or _host(url) or f"{stem} {place}",
        title=_value(row, "title", where),
        url=url,
        published=_value(row, "published", where) or _value(row, "date", where),
        language=_value(row, "language", where),
        group=_value(row, "group", where),
    )


def _value(row: Row, name: str, where: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return whole(str(value)).strip()
    raise SourceError(f"{where}: '{name}' must be text, got a {type(value).__name__}")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
