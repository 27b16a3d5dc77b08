"""The rows of a report: small frozen types that only need drawing, every text in them fit to be shown."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toolkit.comparison import GroupProfile, Profile

BRIEF = 900  # characters: about a quarter of a printed page


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a sentence, with the differences that point at it; plain where there are none."""

    text: str
    differences: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    @property
    def marked(self) -> bool:
        """True where a difference points at these words."""
        return bool(self.differences)


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of one article; `anchor` names its place in the report.

    `refs` are differences about the sentence that no mark shows: omissions, where other words in it are marked.
    `points` are those that it makes and another report makes too, each with the number of other reports that do.
    """

    outlet: str
    anchor: str
    segments: tuple[Segment, ...]
    boilerplate: bool = False
    refs: tuple[str, ...] = ()
    points: tuple[tuple[str, int], ...] = ()

    @property
    def place(self) -> str:
        """The column of its article, from `a1`."""
        return self.anchor.split("-")[0]

    @property
    def others(self) -> int:
        """How many other reports make a point of it, at most over its points."""
        return max((n for _, n in self.points), default=0)

    @property
    def text(self) -> str:
        """The sentence as shown."""
        return "".join(s.text for s in self.segments)


@dataclass(frozen=True, slots=True)
class Side:
    """One outlet's words in a difference: the words alone, and the sentence with them marked."""

    outlet: str
    words: str
    line: Line


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """An outlet that does not tell it, what was found there, and its sentence that comes nearest."""

    place: str
    outlet: str
    found: str
    nearest: Line | None


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A difference with outlet names for ids and words for numbers.

    `level` is its strength from 1 to 3, `sure` its confidence from 0 to 100, and `citation` all that is needed to quote
    it: outlets, dates, words and where they stand.
    """

    id: str
    kind: str
    point: str
    sides: tuple[Side, ...]
    absent: tuple[AbsenceRow, ...]
    level: int
    strength: str
    sure: int
    confidence: str
    reason: str
    citation: str

    @property
    def places(self) -> tuple[str, ...]:
        """The columns of the articles that it is about, from `a1`."""
        return tuple(dict.fromkeys((*(s.line.place for s in self.sides), *(a.place for a in self.absent))))

    @property
    def brief(self) -> bool:
        """True where a printed page holds it with room to spare."""
        return _brief(side.line for side in self.sides)


@dataclass(frozen=True, slots=True)
class PointRow:
    """A point: each outlet's sentences with the differing words marked, and who does not tell it."""

    id: str
    title: str
    lines: tuple[Line, ...]
    absent: tuple[str, ...]
    differences: tuple[str, ...]

    @property
    def outlets(self) -> tuple[str, ...]:
        """Names of the outlets that tell it, each once."""
        return tuple(dict.fromkeys(line.outlet for line in self.lines))

    @property
    def brief(self) -> bool:
        """True where a printed page holds it with room to spare."""
        return _brief(self.lines)


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A sentence of a summary, where its evidence stands, and what in it the article does not bear out, in words.

    `notes` are (number, anchor), the numbers running through the report.
    """

    text: str
    notes: tuple[tuple[int, str], ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """The summary of one outlet's report."""

    outlet: str
    system: str
    sentences: tuple[SummaryLine, ...]


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One report: its header, its sentences by paragraph, and the lines set aside as boilerplate."""

    place: str
    outlet: str
    language: str
    title: str
    href: str
    published: str
    group: str
    paragraphs: tuple[tuple[Line, ...], ...]

    @property
    def boilerplate(self) -> tuple[str, ...]:
        """The lines that are not the report."""
        return tuple(line.text for lines in self.paragraphs for line in lines if line.boilerplate)


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One row of the coverage matrix."""

    point: str
    title: str
    told: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class AloneRow:
    """What one outlet tells and no other does."""

    outlet: str
    points: tuple[PointRow, ...]


@dataclass(frozen=True, slots=True)
class NameRow:
    """One name of a referent, and how often each outlet uses it, in the order of the outlets."""

    text: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """What an outlet's sources are: name, kind, times, and the share of the report that is attributed to it."""

    outlet: str
    voices: tuple[tuple[str, str, int, str], ...]


@dataclass(frozen=True, slots=True)
class ToneRow:
    """An actor, and in how good a light each outlet puts it: mean and interval, empty where it is not named."""

    actor: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """All rows of a report. `outlets` are the articles' names, in their order, each unlike the others."""

    outlets: tuple[str, ...]
    notes: tuple[str, ...]
    articles: tuple[ArticleRow, ...]
    summaries: tuple[SummaryRow, ...]
    differences: tuple[DifferenceRow, ...]
    points: tuple[PointRow, ...]
    alone: tuple[AloneRow, ...]
    coverage: tuple[CoverageRow, ...]
    profiles: tuple[tuple[str, "Profile"], ...]
    names: tuple[tuple[NameRow, ...], ...]
    voices: tuple[VoiceRow, ...]
    tones: tuple[ToneRow, ...]
    groups: tuple[tuple[str, "GroupProfile"], ...]
    kinds: dict[str, int]
    versions: tuple[tuple[str, str], ...]

    @property
    def told_alone(self) -> int:
        """Number of points that only one report tells."""
        return sum(len(row.points) for row in self.alone)


def _brief(lines: "Iterable[Line]") -> bool:
    return sum(len(line.text) for line in lines) <= BRIEF
