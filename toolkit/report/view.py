"""A comparison made into rows: who says what, which words are marked, who does not tell it.

Every text here is already fit to be shown: control characters that could reorder or hide words stand as visible
escapes. Whoever draws a row still escapes it for their own medium (HTML, terminal).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from toolkit.report.intervals import wilson
from toolkit.report.rows import (
    AbsenceRow,
    AloneRow,
    ArticleRow,
    CoverageRow,
    DifferenceRow,
    Line,
    NameRow,
    PointRow,
    Segment,
    Side,
    SummaryLine,
    SummaryRow,
    ToneRow,
    View,
    VoiceRow,
)
from toolkit.telling import Tone
from toolkit.types import Absence, Article, Difference, Document, Grade, Point, Sentence, Span, Summary, names_of

if TYPE_CHECKING:
    from toolkit.comparison import Comparison

STRENGTHS = {1: "noticeable", 2: "clear", 3: "changes what a reader would believe"}
VOICES = 8  # shown of each report, at most
LONGEST = 80  # characters of an outlet's name; a longer one would fill every row
FOUND: dict[Grade, str] = {
    "absent": "no counterpart found",
    "weaker": "makes the point without this part",
    "attributed elsewhere": "makes the point, and gives it to another voice",
    "not yet known": "came out before any report that tells it",
}
NOTHING_FOUND = "No meaningful difference found."

# C0 and C1 controls but tab and line ends, bidirectional marks, line separators, the byte order mark, half
# surrogates and non-characters: none of them can be seen, and each can change how the words beside it are read.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)


def visible(text: str) -> str:
    """The text with characters that cannot be seen shown as `⟦U+202E⟧`."""
    return _UNSEEN.sub(lambda m: f"⟦U+{ord(m[0]):04X}⟧", text)


def outlet_names(articles: Sequence[Article]) -> dict[str, str]:
    """Article id -> what to call it; a name that comes again gets a number."""
    return names_of(articles)


def shown_names(articles: Sequence[Article]) -> dict[str, str]:
    """The same, fit to be shown and none too long."""
    return names_of([Article("", id=a.id, outlet=short(a.name) or a.id) for a in articles])


def short(text: str, *, longest: int = LONGEST) -> str:
    """The text fit to be shown, cut with an ellipsis where it has more than `longest` characters."""
    shown = visible(text)
    return shown if len(shown) <= longest else shown[: longest - 1].rstrip() + "…"


def safe_href(url: str) -> str:
    """The address if it is http or https, else nothing: a report must not run what an article calls its address."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return visible(url.strip()) if parts.scheme.lower() in ("http", "https") and parts.netloc else ""


def segments(sentence: Sentence, marks: Iterable[tuple[Span, str, str]]) -> tuple[Segment, ...]:
    """The sentence cut into plain and marked stretches; marks that overlap are one, and space at an end is plain.

    Args:
        sentence: The sentence to cut.
        marks: Spans of the same article, each with a difference's id and kind.
    """
    merged: list[tuple[int, int, list[tuple[int, str, str]]]] = []
    for start, end, n, name, kind in sorted(_inside(sentence, marks)):
        if merged and start < merged[-1][1]:
            first, last, on = merged.pop()
            merged.append((first, max(last, end), [*on, (n, name, kind)]))
        else:
            merged.append((start, end, [(n, name, kind)]))
    out, at = [], 0
    for start, end, on in merged:
        on.sort()
        names, kinds = tuple(dict.fromkeys(m[1] for m in on)), tuple(dict.fromkeys(m[2] for m in on))
        out += [Segment(visible(sentence.text[at:start])), Segment(visible(sentence.text[start:end]), names, kinds)]
        at = end
    return tuple(s for s in (*out, Segment(visible(sentence.text[at:]))) if s.text)


def _inside(sentence: Sentence, marks: Iterable[tuple[Span, str, str]]) -> Iterator[tuple[int, int, int, str, str]]:
    """Start and end in the sentence, without the space around them, of each mark; its rank, name and kind."""
    for n, (span, name, kind) in enumerate(marks):
        start = max(span.start - sentence.start, 0)
        words = sentence.text[start : max(span.end - sentence.start, 0)]
        start += len(words) - len(words.lstrip())
        if words.strip():
            yield start, start + len(words.strip()), n, name, kind


def view(comparison: "Comparison") -> View:
    """The comparison as rows, in its own order throughout."""
    return _Viewer(comparison).view()


class _Viewer:
    """What the rows are made with: names, documents and marks, looked up once."""

    def __init__(self, comparison: "Comparison") -> None:
        self.comparison = comparison
        self.names = shown_names(comparison.articles)
        self.documents = {d.id: d for d in comparison.articles}
        self.places = {d.id: f"a{n}" for n, d in enumerate(comparison.articles, 1)}
        self.numbers = count(1)
        self.told: dict[tuple[str, int], dict[str, int]] = {}
        for point in comparison.points:
            if len(point.articles) > 1:
                for s in point.sentences:
                    self.told.setdefault((s.article, s.index), {})[point.id] = len(point.articles) - 1
        self.marks: dict[tuple[str, int], list[tuple[Span, str, str]]] = {}
        for difference in comparison.differences:
            for side in difference.sides:
                mark = (side, difference.id, difference.kind)
                self.marks.setdefault((side.article, side.sentence), []).append(mark)

    def view(self) -> View:
        c = self.comparison
        points = tuple(self.point(p) for p in c.points)
        shared = tuple(row for row, p in zip(points, c.points, strict=True) if len(p.articles) > 1)
        titles = {p.id: visible(p.title) for p in c.points}
        return View(
            outlets=tuple(self.names.values()),
            # what the section of the differences says is not said twice
            notes=tuple(visible(n) for n in c.notes if not n.startswith("No meaningful difference")),
            articles=tuple(self.article(d) for d in c.articles),
            summaries=tuple(self.summary(s) for s in c.summaries),
            differences=tuple(self.difference(d) for d in c.differences),
            points=shared,
            alone=self.alone(points),
            coverage=tuple(
                CoverageRow(p, titles.get(p, p), told)
                for p, told in zip(c.coverage.points, c.coverage.told, strict=True)
            ),
            profiles=tuple((self.name(p.article), p) for p in c.profiles),
            names=tuple(
                tuple(NameRow(visible(n.text), tuple(n.count(a) for a in self.names)) for n in r.names)
                for r in c.referents
            ),
            voices=tuple(
                VoiceRow(
                    self.name(p.article),
                    tuple((visible(v.name), v.kind, v.attributions, percent(v.share)) for v in p.voices[:VOICES]),
                )
                for p in c.profiles
                if p.voices
            ),
            tones=self.tones(),
            groups=tuple((visible(g.group), g) for g in c.groups),
            kinds=c.kinds,
            versions=tuple((visible(k), visible(v)) for k, v in c.versions.items()),
        )

    def name(self, article: str) -> str:
        return self.names.get(article, visible(article))

    def line(
        self, article: str, index: int, marks: Iterable[tuple[Span, str, str]], refs: tuple[str, ...] = ()
    ) -> Line:
        sentence = self.documents[article].sentences[index]
        anchor = f"{self.places[article]}-s{index}"
        points = tuple(self.told.get((article, index), {}).items())
        return Line(self.name(article), anchor, segments(sentence, marks), sentence.boilerplate, refs, points)

    def marked(self, article: str, index: int) -> Line:
        """The sentence with all its marks; an omission, mostly a whole sentence, does not swallow the others."""
        marks = self.marks.get((article, index), [])
        words = [m for m in marks if m[2] != "omission"]
        if not words:
            return self.line(article, index, marks)
        return self.line(article, index, words, tuple(m[1] for m in marks if m[2] == "omission"))

    def article(self, document: Document) -> ArticleRow:
        paragraphs: dict[int, list[Line]] = {}
        for s in document.sentences:
            paragraphs.setdefault(s.paragraph, []).append(self.marked(document.id, s.index))
        return ArticleRow(
            place=self.places[document.id],
            outlet=self.name(document.id),
            language=document.language if document.language.isalpha() else "",
            title=visible(document.title),
            href=safe_href(document.url),
            published=visible(document.published),
            group=visible(document.group),
            paragraphs=tuple(tuple(lines) for lines in paragraphs.values()),
        )

    def summary(self, summary: Summary) -> SummaryRow:
        lines = tuple(
            SummaryLine(
                text=visible(s.text),
                notes=tuple((next(self.numbers), f"{self.places[e.article]}-s{e.sentence}") for e in s.evidence),
                doubts=tuple(f"{d.what} “{visible(s.text[d.start : d.end])}”" for d in s.doubts)
                or ("no evidence",) * (not s.evidence),
            )
            for s in summary.sentences
        )
        return SummaryRow(self.name(summary.article), visible(summary.system), lines)

    def difference(self, d: Difference) -> DifferenceRow:
        sides = (
            Side(self.name(s.article), visible(s.text), self.line(s.article, s.sentence, [(s, d.id, d.kind)]))
            for s in d.sides
        )
        return DifferenceRow(
            id=d.id,
            kind=d.kind,
            point=d.point,
            sides=tuple(sides),
            absent=tuple(self.absence(a) for a in d.absences),
            level=d.strength,
            strength=STRENGTHS.get(d.strength, str(d.strength)),
            sure=round(100 * d.confidence),
            confidence=percent(d.confidence),
            reason=visible(d.reason),
            citation=self.citation(d),
        )

    def citation(self, d: Difference) -> str:
        """What a paper needs to quote the finding, on one line."""
        absent = "".join(f" Not told by {self.name(a.article)}: {FOUND[a.grade]}." for a in d.absences)
        version = self.comparison.versions.get("samestory", "")
        made = f"{d.kind}, confidence {percent(d.confidence)} ({' '.join(f'samestory {version}'.split())}, {d.id})."
        return f"{'; '.join(self.cited(s) for s in d.sides)}.{visible(absent)} {made[:1].upper()}{made[1:]}"

    def cited(self, side: Span) -> str:
        a = self.documents[side.article]
        title = f" “{short(a.title, longest=2 * LONGEST)}”" if a.title.strip() else ""
        about = ", ".join(x for x in (visible(a.published), safe_href(a.url)) if x)
        words = " ".join(visible(side.text).split())
        where = f"characters {side.start}–{side.end}"
        return f"{self.name(side.article)}{title}{f' ({about})' if about else ''}: “{words}” [{where}]"

    def absence(self, a: Absence) -> AbsenceRow:
        nearest = self.line(a.article, a.nearest.sentence, ()) if a.nearest else None
        found = f"{FOUND[a.grade]} (confidence {percent(a.confidence)})"
        return AbsenceRow(self.places[a.article], self.name(a.article), found, nearest)

    def point(self, point: Point) -> PointRow:
        members = dict.fromkeys((s.article, s.index) for s in point.sentences)
        return PointRow(
            id=point.id,
            title=visible(point.title),
            lines=tuple(self.marked(article, index) for article, index in members),
            absent=tuple(name for article, name in self.names.items() if article not in point.articles),
            differences=tuple(d.id for d in self.comparison.differences if d.point == point.id),
        )

    def tones(self) -> tuple[ToneRow, ...]:
        told = {(p.article, t.actor): t for p in self.comparison.profiles for t in p.tones}
        actors = dict.fromkeys(t.actor for p in self.comparison.profiles for t in p.tones)

        def cell(t: Tone | None) -> str:
            return f"{t.mean:+.2f} ({t.low:+.2f} to {t.high:+.2f}, n = {t.sentences})" if t else ""

        return tuple(ToneRow(visible(k), tuple(cell(told.get((a, k))) for a in self.names)) for k in actors)

    def alone(self, points: Sequence[PointRow]) -> tuple[AloneRow, ...]:
        by_outlet: dict[str, list[PointRow]] = {}
        for row in points:
            if len(row.outlets) == 1:
                by_outlet.setdefault(row.outlets[0], []).append(row)
        return tuple(AloneRow(n, tuple(by_outlet[n])) for n in self.names.values() if n in by_outlet)


def percent(share: float) -> str:
    """A share in [0, 1] as a whole percentage; a dash where it is not a number."""
    return "–" if share != share else f"{round(100 * share)} %"  # noqa: PLR0124  # NaN is unlike itself


def with_interval(share: float, n: int) -> str:
    """A share of n sentences as a whole percentage, with its 95 % interval."""
    if n < 1 or share != share:  # noqa: PLR0124
        return "–"
    low, high = wilson(share * n, n=n)
    return f"{percent(share)} ({round(100 * low)} to {round(100 * high)} %)"
