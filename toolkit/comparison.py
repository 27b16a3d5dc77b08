"""The result of comparing a story: plain data that reads, prints and writes itself."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from errno import EISDIR
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from toolkit.errors import OutputError, ResultError
from toolkit.telling import Drift, Referent, Tone, Voice
from toolkit.types import Difference, Document, Point, Summary, names_of

if TYPE_CHECKING:
    import pandas as pd
    from pydantic import TypeAdapter

    from toolkit.report.plot import Plots

SCHEMA: Final = "samestory/comparison/1"
Table = Literal[
    "articles", "summaries", "points", "differences", "coverage", "profiles", "names", "voices", "tones", "groups",
    "drifts",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which article tells which point.

    Args:
        articles: Article ids, one a column.
        points: Point ids, one a row.
        told: Rows of booleans, shape (n_points, n_articles).
    """

    articles: tuple[str, ...]
    points: tuple[str, ...]
    told: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """What one article of the story is made of; counts, never a score of the outlet.

    Args:
        article: Article id.
        outlet: Its outlet's name.
        group: The reader's label for its group of outlets.
        sentences: Sentences of the report.
        boilerplate: Sentences that are not the report.
        points: Points it tells.
        shared: Of these, told by another article too.
        alone: Of these, told by no other article.
        untold: Points that another article tells and it does not.
        quoted: Share of the report's characters inside quotation marks, in [0, 1].
        attributed: Share of its sentences that name or point to a source, in [0, 1].
        differences: Number of differences it is a side of, by kind.
        voices: Its sources, those with most room first.
        tones: In how good a light it puts each main actor of the story.
    """

    article: str
    outlet: str
    group: str
    sentences: int
    boilerplate: int
    points: int
    shared: int
    alone: int
    untold: int
    quoted: float
    attributed: float
    differences: dict[str, int] = field(default_factory=dict)
    voices: tuple[Voice, ...] = ()
    tones: tuple[Tone, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupProfile:
    """What the reports of one of the reader's groups are made of together; counts, never a score of the group.

    Args:
        group: The reader's label.
        articles: Ids of its articles.
        sentences: Of all of them.
        alone: Points that no article outside the group tells.
        quoted: Share of characters inside quotation marks, weighed by sentences, in [0, 1].
        attributed: Share of sentences that name or point to a source, in [0, 1].
        differences: Number of differences between an article of the group and one of another group, by kind.
        voices: Share of the characters that are attributed to each kind of voice, in [0, 1].
        tones: Toward each main actor, over the sentences of all its articles.
    """

    group: str
    articles: tuple[str, ...]
    sentences: int
    alone: int
    quoted: float
    attributed: float
    differences: dict[str, int] = field(default_factory=dict)
    voices: dict[str, float] = field(default_factory=dict)
    tones: tuple[Tone, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """A story compared: summaries, points, differences, coverage and profiles, with the articles they point into.

    Args:
        articles: The documents, in the order given.
        summaries: One an article, in the same order.
        points: In the order of the story.
        differences: Ranked, the most consequential first.
        coverage: Which article tells which point.
        profiles: One an article, in the same order.
        referents: What the reports call by more than one name, the most often named first.
        groups: One a group that the reader named, where there are two or more.
        drifts: Where a summary departs from its article, one an article.
        notes: What the reader should know first, in plain words ("these two reports are identical").
        config: The options of the run, as plain data.
        versions: Versions of the toolkit and of the packages that bear on the result.
        schema: Name and version of the JSON form (docs/json.md).
    """

    articles: tuple[Document, ...]
    summaries: tuple[Summary, ...]
    points: tuple[Point, ...]
    differences: tuple[Difference, ...]
    coverage: Coverage
    profiles: tuple[Profile, ...]
    referents: tuple[Referent, ...] = ()
    groups: tuple[GroupProfile, ...] = ()
    drifts: tuple[Drift, ...] = ()
    notes: tuple[str, ...] = ()
    config: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    schema: Literal["samestory/comparison/1"] = SCHEMA

    def article(self, article_id: str) -> Document:
        """The document with this id.

        Raises:
            KeyError: If the comparison has none; the message lists the ids.
        """
        for document in self.articles:
            if document.id == article_id:
                return document
        raise KeyError(f"no article {article_id!r}; there are {', '.join(d.id for d in self.articles)}")

    def point(self, point_id: str) -> Point:
        """The point with this id.

        Raises:
            KeyError: If the comparison has none.
        """
        for point in self.points:
            if point.id == point_id:
                return point
        raise KeyError(f"no point {point_id!r}; there are p1 to p{len(self.points)}")

    @property
    def kinds(self) -> dict[str, int]:
        """Number of differences by kind, the most frequent first."""
        return dict(Counter(d.kind for d in self.differences).most_common())

    @property
    def plot(self) -> "Plots":
        """Plots of the comparison as altair charts: `comparison.plot.coverage()` and so on (docs/plots.md)."""
        from toolkit.report.plot import Plots

        return Plots(self)

    def to_json(self, path: str | Path | None = None) -> str:
        """The comparison as JSON text (docs/json.md), written to `path` too where one is given.

        Raises:
            OutputError: If the file cannot be written.
        """
        return _written(_adapter().dump_json(self, indent=1).decode() + "\n", path)

    @classmethod
    def from_json(cls, source: str | Path) -> Self:
        """Reads back what `to_json` wrote, to an equal object.

        Args:
            source: A path, or the JSON text itself.

        Raises:
            ResultError: If it is not a comparison of this schema; the message names the first place that is wrong.
        """
        from pydantic import ValidationError

        where, text = "the JSON given", source
        if isinstance(source, Path) or not source.lstrip().startswith("{"):
            where = str(source)
            try:
                text = Path(source).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError, ValueError) as error:
                raise ResultError(f"{where}: cannot be read as JSON text: {error}") from error
        try:
            result = _adapter().validate_json(str(text))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(p) for p in first["loc"]) or "the whole"
            raise ResultError(f"{where}: not a {SCHEMA} document: {place}: {first['msg']}") from error
        from toolkit.integrity import loose_end

        if problem := loose_end(result):
            raise ResultError(f"{where}: not a {SCHEMA} document: {problem}")
        return result  # type: ignore[return-value]  # the adapter is built for Comparison itself

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """The JSON schema of `to_json`'s output (JSON Schema 2020-12)."""
        return _adapter().json_schema(mode="serialization")

    def to_frame(self, table: Table = "differences") -> "pd.DataFrame":
        """One of the comparison's tables as a pandas DataFrame, one row an item (a difference: one row a side)."""
        import pandas as pd

        from toolkit.report.tables import table_rows

        return pd.DataFrame(table_rows(self, table))

    def to_csv(self, folder: str | Path) -> tuple[Path, ...]:
        """Writes every table as `<folder>/<table>.csv` and gives the paths.

        Raises:
            OutputError: If the folder cannot be made or written.
        """
        from toolkit.report.tables import write_csv

        return write_csv(self, Path(folder))

    def to_parquet(self, folder: str | Path) -> tuple[Path, ...]:
        """Writes every table as `<folder>/<table>.parquet`, with real column types, and gives the paths.

        Raises:
            OutputError: If the folder cannot be made or written.
        """
        from toolkit.report.tables import write_parquet

        return write_parquet(self, Path(folder))

    def to_markdown(self, path: str | Path | None = None) -> str:
        """The report as Markdown (CommonMark with tables), written to `path` too where one is given.

        Raises:
            OutputError: If the file cannot be written.
        """
        from toolkit.report.markdown import render_markdown

        return _written(render_markdown(self), path)

    def to_annotations(self, path: str | Path | None = None) -> str:
        """The differences as W3C Web Annotations in JSON-LD (docs/exports.md), written to `path` too where given.

        Raises:
            OutputError: If the file cannot be written.
        """
        from toolkit.report.annotations import render_annotations

        return _written(render_annotations(self), path)

    def to_coding_sheet(
        self, folder: str | Path, *, blind: bool = False, n: int | None = None, controls: int = 0, seed: int = 0
    ) -> tuple[Path, ...]:
        """Writes a coder's sheet and its codebook into the folder (docs/exports.md), and gives the paths.

        `toolkit.report.codes.read_codes` reads filled sheets back, `toolkit.report.agreement.agreement` compares them.

        Args:
            folder: Where `codebook.md` and `sheet.csv` go.
            blind: Whether the tool's own codes are left out and the rows shuffled, so that neither tells the coder.
            n: How many findings, drawn by chance; all where None or where there are fewer.
            controls: How many aligned pairs without a shown difference are put among them, at most.
            seed: Of the draw and the shuffle.

        Raises:
            ConfigError: If `n` or `controls` is below what makes sense.
            OutputError: If the folder cannot be made or written.
        """
        from toolkit.report.coding import sheet_files
        from toolkit.report.files import write_folder

        return write_folder(Path(folder), files=sheet_files(self, blind=blind, n=n, controls=controls, seed=seed))

    def to_html(self, path: str | Path | None = None) -> str:
        """The single-file HTML report, written to `path` too where one is given.

        Raises:
            OutputError: If the file cannot be written.
        """
        from toolkit.report.html import render_html

        return _written(render_html(self), path)

    def to_text(self, *, width: int = 100) -> str:
        """The terminal report as plain text, `width` columns wide."""
        from toolkit.report.text import render_text

        return render_text(self, width=width)

    def _repr_html_(self) -> str:
        from toolkit.report.html import render_fragment

        return render_fragment(self)

    def __repr__(self) -> str:
        names = ", ".join(names_of(self.articles).values())
        shared = sum(len(p.articles) > 1 for p in self.points)
        return f"<Comparison of {names}: {shared} shared points, {len(self.differences)} differences>"


def write_text(path: Path, text: str) -> None:
    """Writes a whole file or nothing: a neighbour first, then a rename.

    Raises:
        OutputError: If it cannot be written.
    """
    part = None
    try:
        if path.is_dir():
            raise IsADirectoryError(EISDIR, "is a folder")
        if path.exists() and not path.is_file():  # a pipe or a device: written to, never replaced
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        target = path.resolve()  # a link stays a link
        part = target.with_name(target.name + ".part")
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(target)
    except (OSError, ValueError) as error:
        if part is not None:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}") from error


def _written(text: str, path: str | Path | None) -> str:
    """The text, written to `path` too where one is given."""
    if path is not None:
        write_text(Path(path), text)
    return text


def _adapter() -> "TypeAdapter[Comparison]":
    from pydantic import TypeAdapter

    return TypeAdapter(Comparison)
