"""A comparison as flat tables: for pandas, spreadsheets and statistics programs."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

from toolkit.comparison import Comparison, Table
from toolkit.report.files import write_folder
from toolkit.report.view import outlet_names
from toolkit.telling import VoiceKind
from toolkit.types import KINDS

Row = dict[str, Any]
TABLES: tuple[Table, ...] = get_args(Table)
VOICE_KINDS: tuple[VoiceKind, ...] = get_args(VoiceKind)

COLUMNS: dict[Table, tuple[str, ...]] = {
    "articles": ("article", "outlet", "group", "title", "url", "published", "language", "sentences", "boilerplate"),
    "summaries": ("article", "outlet", "system", "place", "text", "support", "evidence", "doubts"),
    "points": ("point", "title", "told_by", "article", "outlet", "sentence", "start", "end", "text"),
    "differences": (
        *("difference", "kind", "point", "article", "outlet", "sentence", "start", "end", "text"),
        *("absent", "grades", "strength", "confidence", "reason"),
    ),
    "coverage": ("point", "title", "article", "outlet", "told"),
    "profiles": (
        *("article", "outlet", "group", "sentences", "boilerplate", "points", "shared", "alone", "untold"),
        *("quoted", "attributed", *(f"differences_{kind}" for kind in KINDS)),
    ),
    "names": ("referent", "name", "charge", "article", "outlet", "group", "count"),
    "voices": ("article", "outlet", "group", "voice", "kind", "attributions", "share"),
    "tones": ("article", "outlet", "group", "actor", "mean", "low", "high", "sentences"),
    "groups": (
        *("group", "articles", "sentences", "alone", "quoted", "attributed"),
        *(f"voices_{kind}" for kind in VOICE_KINDS),
        *(f"differences_{kind}" for kind in KINDS),
    ),
    "drifts": ("article", "outlet", "stance", "hedged", "attributed", "place", "what", "start", "end", "text"),
}

_INTS = frozenset({
    *("sentences", "boilerplate", "place", "told_by", "sentence", "start", "end", "strength", "points", "shared"),
    *("alone", "untold", "count", "attributions", "articles"),
})  # fmt: skip
_FLOATS = frozenset({
    *("support", "confidence", "quoted", "attributed", "charge", "share", "mean", "low", "high", "stance", "hedged"),
})  # fmt: skip


def table_rows(comparison: Comparison, table: Table) -> list[Row]:
    """One of the comparison's tables, as rows with the columns `COLUMNS[table]`.

    A row is an article, a sentence of a summary, a member of a point, a side of a difference, a point and article of
    the coverage, an article's profile, a name of a referent and an article, a voice or a tone of an article, a group,
    or a place where a summary drifts (place 0 where it drifts nowhere). Values are plain strings, numbers and booleans.

    Raises:
        ValueError: If there is no such table; the message lists them.
    """
    if table not in _ROWS:
        raise ValueError(f"no table {table!r}; there are {', '.join(TABLES)}")
    columns = COLUMNS[table]
    return [dict(zip(columns, values, strict=True)) for values in _ROWS[table](comparison)]


def write_csv(comparison: Comparison, folder: Path) -> tuple[Path, ...]:
    """Writes all tables as `<folder>/<table>.csv` (UTF-8), all or none, and gives the paths.

    Text that a spreadsheet would run as a formula gets an apostrophe before it.

    Raises:
        OutputError: If the folder cannot be made or written.
    """
    return write_folder(folder, files=csv_files(comparison))


def write_parquet(comparison: Comparison, folder: Path) -> tuple[Path, ...]:
    """Writes all tables as `<folder>/<table>.parquet`, all or none, and gives the paths.

    Raises:
        OutputError: If the folder cannot be made or written.
    """
    return write_folder(folder, files=parquet_files(comparison))


def csv_files(comparison: Comparison) -> dict[str, bytes]:
    """The CSV files of all tables, by name."""
    return {f"{table}.csv": _csv(comparison, table).encode("utf-8", "backslashreplace") for table in TABLES}


def parquet_files(comparison: Comparison) -> dict[str, bytes]:
    """The Parquet files of all tables, by name: text is text and no formula is guarded against, numbers are numbers."""
    return {f"{table}.parquet": _parquet(comparison, table) for table in TABLES}


def _parquet(comparison: Comparison, table: Table) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {int: pa.int64(), float: pa.float64(), bool: pa.bool_(), str: pa.string()}
    schema = pa.schema([pa.field(name, types[column_type(name)]) for name in COLUMNS[table]])
    rows = [{name: _encodable(value) for name, value in row.items()} for row in table_rows(comparison, table)]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), out)
    return out.getvalue()


def column_type(name: str) -> type[int] | type[float] | type[bool] | type[str]:
    """What the values of a column are; one name means one type in every table, empty ones too."""
    if name == "told":
        return bool
    if name in _FLOATS or name.startswith("voices_"):
        return float
    return int if name in _INTS or name.startswith("differences_") else str


def _encodable(value: Any) -> Any:
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def _csv(comparison: Comparison, table: Table) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS[table], lineterminator="\n")
    writer.writeheader()
    for row in table_rows(comparison, table):
        writer.writerow({column: guarded(value) for column, value in row.items()})
    return out.getvalue()


def guarded(value: Any) -> Any:
    """The value; text that a spreadsheet would run as a formula with an apostrophe before it."""
    risky = isinstance(value, str) and value.lstrip().startswith(("=", "+", "-", "@"))
    return f"'{value}" if risky else value


def _articles(c: Comparison) -> Iterator[tuple[Any, ...]]:
    names = outlet_names(c.articles)
    for d in c.articles:
        counts = (len(d.body), len(d.sentences) - len(d.body))
        yield (d.id, names[d.id], d.group, d.title, d.url, d.published, d.language, *counts)


def _summaries(c: Comparison) -> Iterator[tuple[Any, ...]]:
    names = outlet_names(c.articles)
    for s in c.summaries:
        for place, line in enumerate(s.sentences, 1):
            evidence = " ".join(f"{e.start}:{e.end}" for e in line.evidence)
            doubts = " ".join(f"{d.what}:{d.start}:{d.end}" for d in line.doubts)
            yield (s.article, names[s.article], s.system, place, line.text, line.support, evidence, doubts)


def _points(c: Comparison) -> Iterator[tuple[Any, ...]]:
    names = outlet_names(c.articles)
    for p in c.points:
        for s in p.sentences:
            text = c.article(s.article).text[s.start : s.end]
            yield (p.id, p.title, len(p.articles), s.article, names[s.article], s.index, s.start, s.end, text)


def _differences(c: Comparison) -> Iterator[tuple[Any, ...]]:
    names = outlet_names(c.articles)
    for d in c.differences:
        absent = "; ".join(names[a] for a in d.absent)
        grades = "; ".join(a.grade for a in d.absences)
        for s in d.sides:
            side = (s.article, names[s.article], s.sentence, s.start, s.end, s.text)
            yield (d.id, d.kind, d.point, *side, absent, grades, d.strength, d.confidence, d.reason)


def _coverage(c: Comparison) -> Iterator[tuple[Any, ...]]:
    names = outlet_names(c.articles)
    titles = {p.id: p.title for p in c.points}
    for point, row in zip(c.coverage.points, c.coverage.told, strict=True):
        for article, told in zip(c.coverage.articles, row, strict=True):
            yield (point, titles.get(point, ""), article, names[article], told)


def _profiles(c: Comparison) -> Iterator[tuple[Any, ...]]:
    names = outlet_names(c.articles)
    for p in c.profiles:
        counts = (p.sentences, p.boilerplate, p.points, p.shared, p.alone, p.untold)
        kinds = (p.differences.get(kind, 0) for kind in KINDS)
        yield (p.article, names[p.article], p.group, *counts, p.quoted, p.attributed, *kinds)


def _names(c: Comparison) -> Iterator[tuple[Any, ...]]:
    names = outlet_names(c.articles)
    for r in c.referents:
        for n in r.names:
            for d in c.articles:
                yield (r.id, n.text, n.charge, d.id, names[d.id], d.group, n.count(d.id))


def _voices(c: Comparison) -> Iterator[tuple[Any, ...]]:
    names = outlet_names(c.articles)
    for p in c.profiles:
        for v in p.voices:
            yield (p.article, names[p.article], p.group, v.name, v.kind, v.attributions, v.share)


def _tones(c: Comparison) -> Iterator[tuple[Any, ...]]:
    names = outlet_names(c.articles)
    for p in c.profiles:
        for t in p.tones:
            yield (p.article, names[p.article], p.group, t.actor, t.mean, t.low, t.high, t.sentences)


def _groups(c: Comparison) -> Iterator[tuple[Any, ...]]:
    for g in c.groups:
        kinds = (*(g.voices.get(k, 0.0) for k in VOICE_KINDS), *(g.differences.get(k, 0) for k in KINDS))
        yield (g.group, len(g.articles), g.sentences, g.alone, g.quoted, g.attributed, *kinds)


def _drifts(c: Comparison) -> Iterator[tuple[Any, ...]]:
    names = outlet_names(c.articles)
    for d in c.drifts:
        head = (d.article, names[d.article], d.stance, d.hedged, d.attributed)
        for p in d.places:
            yield (*head, p.sentence + 1, p.what, p.evidence.start, p.evidence.end, p.evidence.text)
        if not d.places:
            yield (*head, 0, "", 0, 0, "")


_ROWS: dict[Table, Callable[[Comparison], Iterator[tuple[Any, ...]]]] = {
    "articles": _articles,
    "summaries": _summaries,
    "points": _points,
    "differences": _differences,
    "coverage": _coverage,
    "profiles": _profiles,
    "names": _names,
    "voices": _voices,
    "tones": _tones,
    "groups": _groups,
    "drifts": _drifts,
}
