"""The data of the plots: a comparison made into plain rows, with labels short enough to be drawn."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, get_args

from toolkit.report.view import outlet_names, visible
from toolkit.telling import VoiceKind
from toolkit.types import KINDS, Document, Point, PointSentence

if TYPE_CHECKING:
    from toolkit.comparison import Comparison

NAME: Final = 24  # characters of an outlet or an actor that a label shows
TITLE: Final = 58  # characters of a point that a label shows
COVERED: Final = 40  # shared points that the coverage matrix has room for
Status = Literal["told by others too", "told by this report alone", "not part of the report"]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
_TAG = re.compile(r"<(?=[/!?A-Za-z])")


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """A shared point and a report. `differences`: of those at the point, how many the report is a side of."""

    point: str
    label: str
    title: str
    outlet: str
    name: str
    told: bool
    differences: int


@dataclass(frozen=True, slots=True)
class CoverageChart:
    """The cells of the shared points, in the order of the story, and how many points each report tells alone.

    `shared` counts all shared points; only the `COVERED` that most reports tell have cells.
    """

    outlets: tuple[str, ...]
    cells: tuple[CoverageCell, ...]
    alone: tuple[int, ...]
    shared: int
    shown: int


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many differences of a kind a report is a side of."""

    outlet: str
    name: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class VoiceShare:
    """The share of a report's characters, in [0, 1], attributed to voices of a kind, and who these are."""

    outlet: str
    name: str
    kind: VoiceKind
    share: float
    attributions: int
    voices: str


@dataclass(frozen=True, slots=True)
class ToneInterval:
    """In how good a light a report puts an actor, in [-1, 1]: mean, 95 % interval, and over how many sentences."""

    actor: str
    full: str
    outlet: str
    name: str
    mean: float
    low: float
    high: float
    sentences: int

    @property
    def settled(self) -> bool:
        """True where the interval leaves out zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class SentenceCell:
    """A sentence of a report, from 1: in which column it stands, who else tells it, and its text."""

    column: int
    name: str
    sentence: int
    status: Status
    text: str


@dataclass(frozen=True, slots=True)
class Band:
    """A point between two reports that tell it. `left` and `right` are from where to where, in sentences from the top.

    A clause takes its part of its sentence's height; `differs` is true where the two are sides of one difference.
    """

    point: str
    title: str
    columns: tuple[int, int]
    left: tuple[float, float]
    right: tuple[float, float]
    differs: bool


@dataclass(frozen=True, slots=True)
class AlignmentChart:
    """The reports as columns of sentences, and the bands between them."""

    outlets: tuple[str, ...]
    cells: tuple[SentenceCell, ...]
    bands: tuple[Band, ...]


def shown(text: str) -> str:
    """The text with unseen characters shown, and `‹` for each `<` that could begin a tag.

    Altair puts the data of a chart into a script element as it stands when a notebook shows it.
    """
    return _TAG.sub("‹", visible(text))


def cut(text: str, length: int) -> str:
    """The text on one line, fit to be shown, cut at a word's end where it is longer than `length` characters."""
    line = " ".join(shown(text).split())
    if len(line) <= length:
        return line
    head = line[: length - 1]
    return f"{(head.rsplit(' ', 1)[0] if ' ' in head[length // 2 :] else head).rstrip(' ,;:')}…"


def labels(names: Iterable[str], *, length: int = NAME) -> dict[str, str]:
    """Name -> a label at most `length` characters long (and a number, where two would be cut to the same)."""
    out: dict[str, str] = {}
    for name in names:
        label, n = cut(name, length), 1
        while label in out.values():
            n += 1
            label = f"{cut(name, length - 4)} ({n})"
        out[name] = label
    return out


def outlet_labels(comparison: "Comparison") -> tuple[str, ...]:
    """What the plots call the reports, in the order of the articles, each unlike the others."""
    return tuple(label for label, _ in _outlets(comparison).values())


def coverage_chart(comparison: "Comparison") -> CoverageChart:
    """Which report tells which shared point, and how many differences it is a side of there."""
    outlets = _outlets(comparison)
    shared = [p for p in comparison.points if len(p.articles) > 1]
    most = {p.id for p in sorted(shared, key=lambda p: -len(p.articles))[:COVERED]}  # a stable sort: story order
    sides = Counter((d.point, a) for d in comparison.differences for a in {s.article for s in d.sides})
    cells = tuple(
        CoverageCell(
            p.id, f"{p.id}  {cut(p.title, TITLE)}", shown(p.title), label, name, a in p.articles, sides[(p.id, a)]
        )
        for p in shared
        if p.id in most
        for a, (label, name) in outlets.items()
    )
    alone = Counter(p.articles[0] for p in comparison.points if len(p.articles) == 1)
    return CoverageChart(outlet_labels(comparison), cells, tuple(alone[a] for a in outlets), len(shared), len(most))


def kind_counts(comparison: "Comparison") -> tuple[KindCount, ...]:
    """One a kind that occurs and a report, kinds in the order of KINDS; zeros are kept."""
    outlets = _outlets(comparison)
    kinds = [k for k in KINDS if any(p.differences.get(k) for p in comparison.profiles)]
    return tuple(KindCount(*outlets[p.article], k, p.differences.get(k, 0)) for k in kinds for p in comparison.profiles)


def voice_shares(comparison: "Comparison") -> tuple[VoiceShare, ...]:
    """One a kind of voice that occurs and a report, kinds in the order of VoiceKind; zeros are kept."""
    outlets = _outlets(comparison)
    occurring = {v.kind for p in comparison.profiles for v in p.voices}
    out = []
    for kind in (k for k in get_args(VoiceKind) if k in occurring):
        for p in comparison.profiles:
            heard = [v for v in p.voices if v.kind == kind]
            who = "; ".join(cut(v.name, NAME) for v in heard if v.name)
            share, times = sum(v.share for v in heard), sum(v.attributions for v in heard)
            out.append(VoiceShare(*outlets[p.article], kind, min(share, 1.0), times, who))
    return tuple(out)


def tone_intervals(comparison: "Comparison") -> tuple[ToneInterval, ...]:
    """One an actor and a report that names it, the actors in the order of the profiles."""
    outlets = _outlets(comparison)
    actors = labels(dict.fromkeys(t.actor for p in comparison.profiles for t in p.tones), length=16)
    return tuple(
        ToneInterval(label, shown(actor), *outlets[p.article], t.mean, t.low, t.high, t.sentences)
        for actor, label in actors.items()
        for p in comparison.profiles
        for t in p.tones
        if t.actor == actor
    )


def alignment_chart(comparison: "Comparison") -> AlignmentChart:
    """Every sentence in its place, and the parts of it that other reports tell too joined to theirs."""
    outlets = _outlets(comparison)
    column = {a: n for n, a in enumerate(outlets)}
    shared = [p for p in comparison.points if len(p.articles) > 1]
    told = {(s.article, s.index) for p in shared for s in p.sentences}
    cells = tuple(
        SentenceCell(
            column[d.id], outlets[d.id][1], s.index + 1,
            STATUSES[2] if s.boilerplate else STATUSES[0] if (d.id, s.index) in told else STATUSES[1],
            cut(s.text, 110),
        )
        for d in comparison.articles
        for s in d.sentences
    )  # fmt: skip
    apart: dict[str, list[set[str]]] = defaultdict(list)
    for difference in comparison.differences:
        apart[difference.point].append({s.article for s in difference.sides})
    bands = tuple(
        Band(p.id, cut(p.title, 110), (column[a], column[b]), left, right, any({a, b} <= x for x in apart[p.id]))
        for p in shared
        for a, b, left, right in _joined(p, {d.id: d for d in comparison.articles})
    )
    return AlignmentChart(outlet_labels(comparison), cells, bands)


def _outlets(comparison: "Comparison") -> dict[str, tuple[str, str]]:
    """Article id -> its label and its full name, in the order of the articles."""
    names = {a: shown(n) for a, n in outlet_names(comparison.articles).items()}
    short = labels(names.values())
    return {a: (short[n], n) for a, n in names.items()}


def _joined(
    point: Point, documents: dict[str, Document]
) -> Iterator[tuple[str, str, tuple[float, float], tuple[float, float]]]:
    """Neighbouring reports that tell the point, and the stretches of theirs that are linked.

    Where no link joins the two reports (a third one holds them together), their first stretches are joined.
    """
    linked = {frozenset(((x.a.article, x.a.index), (x.b.article, x.b.index))) for x in point.links}
    order = [a for a in documents if a in point.articles]
    for a, b in pairwise(order):
        pairs = [
            (left, right)
            for left in _runs([s for s in point.sentences if s.article == a])
            for right in _runs([s for s in point.sentences if s.article == b])
        ]
        held = [
            (left, right)
            for left, right in pairs
            if any(frozenset(((a, x.index), (b, y.index))) in linked for x in left for y in right)
        ]
        for left, right in held or pairs[:1]:
            yield a, b, _stretch(documents[a], left), _stretch(documents[b], right)


def _runs(members: Iterable[PointSentence]) -> list[list[PointSentence]]:
    """The members of one report in runs of sentences that follow on each other."""
    runs: list[list[PointSentence]] = []
    for s in sorted(members, key=lambda s: (s.index, s.start)):
        if runs and s.index - runs[-1][-1].index <= 1:
            runs[-1].append(s)
        else:
            runs.append([s])
    return runs


def _stretch(document: Document, run: Sequence[PointSentence]) -> tuple[float, float]:
    """From where to where a run reaches, in sentences from the top; characters are parts of a sentence."""

    def place(index: int, offset: int) -> float:
        s = document.sentences[index]
        return round(index + min(max((offset - s.start) / max(s.end - s.start, 1), 0.0), 1.0), 3)

    return place(run[0].index, run[0].start), max(place(s.index, s.end) for s in run)
