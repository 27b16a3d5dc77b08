"""The words of the toolkit as types: what an article is, where a sentence stands, what a difference points at.

Everything here is frozen, holds no array and no model, and mirrors the published JSON (docs/json.md) field by field.
Offsets are Python string indices (code points) into the text of the article they belong to.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal, Self, get_args

from toolkit.errors import SourceError

Kind = Literal["naming", "wording", "attribution", "quotation", "certainty", "figure", "stance", "omission"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Grade = Literal["absent", "weaker", "attributed elsewhere", "not yet known"]
Doubted = Literal["name", "number", "quotation", "negation", "support"]
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class _Header:
    """What is known of a report beside its text."""

    id: str = ""
    outlet: str = ""
    title: str = ""
    url: str = ""
    published: str = ""
    language: str = ""
    group: str = ""


@dataclass(frozen=True)
class Article(_Header):
    """One report as it came.

    Args:
        text: The report, untouched: nothing is normalised, so offsets stay those of the source.
        id: Unique within a story; made from the content when left empty.
        outlet: Who published it, for display only (the comparison is blind to it).
        title: Headline, when it is not part of the text.
        url: Where it was found.
        published: ISO 8601 date or time, or empty.
        language: ISO 639-1 code, or empty for "find out".
        group: The reader's own label for a group of outlets.

    Raises:
        SourceError: If a field is not text, or holds a lone surrogate.
    """

    text: str

    def __post_init__(self) -> None:
        for name in ("text", "id", "outlet", "title", "url", "published", "language", "group"):
            value = getattr(self, name)
            if not isinstance(value, str):
                raise SourceError(f"an article's {name} is text, got {type(value).__name__}")
            if half := _HALF.search(value):
                raise SourceError(
                    f"an article's {name} has half a character (a lone surrogate) at {half.start()}; "
                    "decode the source with errors='replace'"
                )
        if not self.id:
            object.__setattr__(self, "id", content_id(self.text, self.outlet, self.title, self.url))

    @property
    def name(self) -> str:
        """What to call the article in a report: its outlet, else its id."""
        return self.outlet or self.id

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}, {len(self.text):,} characters>"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a Document: `document.text[start:end] == text`.

    Args:
        index: Place in the document, from 0.
        start: First character.
        end: One past the last character.
        text: The sentence, verbatim.
        paragraph: Which paragraph it stands in, from 0.
        boilerplate: True for what is not the report: bylines, share lines, notices, captions.
    """

    index: int
    start: int
    end: int
    text: str
    paragraph: int = 0
    boilerplate: bool = False


@dataclass(frozen=True, repr=False)
class Document(Article):
    """An Article cut into Sentences with exact character offsets.

    Raises:
        ValueError: If a sentence's offsets do not give its text, or its index is not its place.
    """

    sentences: tuple[Sentence, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        for place, s in enumerate(self.sentences):
            if s.index != place:
                raise ValueError(f"sentence at place {place} of {self.name!r} has index {s.index}")
            if self.text[s.start : s.end] != s.text:
                raise ValueError(f"sentence {place} of {self.name!r}: offsets {s.start}:{s.end} do not give its text")

    @classmethod
    def from_sentences(
        cls, sentences: Sequence[str], *, article_id: str = "", outlet: str = "", title: str = "", group: str = ""
    ) -> Self:
        """Takes text that is already cut (a corpus, an annotation); sentence i keeps the number i.

        Empty strings are kept, as boilerplate, so that the numbers stay those of the source.

        Args:
            sentences: The sentences in order; the text becomes these joined by line breaks.
            article_id: Unique within a story; made from the content when left empty.
            outlet: Who published it.
            title: Headline, when it is not among the sentences.
            group: The reader's own label for a group of outlets.
        """
        cut, at = [], 0
        for index, text in enumerate(sentences):
            cut.append(Sentence(index, at, at + len(text), text, paragraph=index, boilerplate=not text.strip()))
            at += len(text) + 1
        return cls(
            text="\n".join(sentences), id=article_id, outlet=outlet, title=title, group=group, sentences=tuple(cut)
        )

    @property
    def body(self) -> tuple[Sentence, ...]:
        """The sentences that are the report: everything not boilerplate."""
        return tuple(s for s in self.sentences if not s.boilerplate)

    def span(self, start: int, end: int, *, sentence: int) -> "Span":
        """A verbatim stretch of this document, by offset."""
        return Span(article=self.id, sentence=sentence, start=start, end=end, text=self.text[start:end])

    def __repr__(self) -> str:
        return f"<Document {self.name!r}, {len(self.sentences)} sentences>"


@dataclass(frozen=True, slots=True)
class Span:
    """Verbatim evidence: characters `start:end` of an article, inside the sentence of that index."""

    article: str
    sentence: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words of a summary's sentence that its article does not bear out.

    Args:
        what: `name`, `number`, `quotation` or `negation` for what a check found wrong, `support` for what the checker
            finds too little supported (`toolkit.support`).
        start: First character, in the sentence.
        end: One past the last.
    """

    what: Doubted
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """One sentence of a summary with the spans it rests on.

    Args:
        text: The sentence as the summary has it.
        support: How likely the evidence supports it, in [0, 1]; 1 for a sentence taken over verbatim.
        evidence: Spans of the article, strongest first.
        doubts: What in it the article does not bear out; none where it holds.
    """

    text: str
    support: float
    evidence: tuple[Span, ...]
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary of one article, made by one system."""

    article: str
    system: str
    sentences: tuple[SummarySentence, ...]

    @property
    def text(self) -> str:
        """The sentences joined by spaces."""
        return " ".join(s.text for s in self.sentences)

    def __repr__(self) -> str:
        return f"<Summary of {self.article!r} by {self.system}, {len(self.sentences)} sentences>"


@dataclass(frozen=True, slots=True)
class Targeted:
    """A sentence and the character range in it that is asked about; an empty range asks about the sentence."""

    text: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class SentenceRef:
    """A sentence named by its article's id and its index there."""

    article: str
    index: int


@dataclass(frozen=True, slots=True)
class PointSentence:
    """A sentence as a member of a Point; `start:end` is the part of the article that makes the point."""

    article: str
    index: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Link:
    """Two sentences of different articles found to make the same point.

    Args:
        a: One sentence.
        b: The other.
        probability: Of their making the same point, in [0, 1].
        reason: What the two share, in a few words.
    """

    a: SentenceRef
    b: SentenceRef
    probability: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """Sentences from one or more articles that make the same point.

    Args:
        id: `p1`, `p2`, … in the order of the story.
        title: The part of its most central member that makes the point, verbatim.
        sentences: The members, in the order of the articles.
        links: The pairs that hold it together; empty where only one article tells it.
    """

    id: str
    title: str
    sentences: tuple[PointSentence, ...]
    links: tuple[Link, ...] = ()

    @property
    def articles(self) -> tuple[str, ...]:
        """Ids of the articles that tell it, in the order of the articles."""
        return tuple(dict.fromkeys(s.article for s in self.sentences))

    def __repr__(self) -> str:
        return f"<Point {self.id}, {len(self.articles)} articles: {self.title[:60]!r}>"


@dataclass(frozen=True, slots=True)
class Absence:
    """What was found where a report does not tell what another tells.

    Args:
        article: Its id.
        grade: `absent`; `weaker` where it makes the point without this part; `attributed elsewhere` where it makes the
            point and gives it to another voice; `not yet known` where it came out before any report that tells it.
        confidence: Of the search, in [0, 1], that the report does not tell it in other words.
        nearest: Its sentence that comes closest, for the reader to check; None where none comes near.
    """

    article: str
    grade: Grade
    confidence: float
    nearest: Span | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One framing difference at a Point, in the words of both sides, or an omission.

    Args:
        id: `d1`, `d2`, … by rank, the most consequential first.
        kind: One of KINDS (docs/kinds.md).
        point: Id of the Point it stands at.
        sides: One verbatim span an outlet; for an omission, the one that tells.
        absent: For an omission, ids of the articles that do not tell it; else empty.
        strength: 1 noticeable, 2 clear, 3 changes what the reader would believe.
        confidence: In [0, 1], that an analyst would report it.
        reason: One sentence that names outlets and words.
        absences: For an omission, what was found in each of the articles of `absent`, in the same order.
    """

    id: str
    kind: Kind
    point: str
    sides: tuple[Span, ...]
    absent: tuple[str, ...]
    strength: int
    confidence: float
    reason: str
    absences: tuple[Absence, ...] = ()

    def __repr__(self) -> str:
        return f"<Difference {self.id} {self.kind}: {' / '.join(repr(s.text) for s in self.sides)}>"


def names_of(articles: Sequence[Article]) -> dict[str, str]:
    """What to call each article, by id: its outlet or id, with ` (2)`, ` (3)`, … where a name came before."""
    out: dict[str, str] = {}
    for a in articles:
        taken, name, n = {*out.values()}, a.name, 1
        while name in taken:
            n += 1
            name = f"{a.name} ({n})"
        out[a.id] = name
    return out


def content_id(*parts: str) -> str:
    """A short id made from content alone, the same on every machine."""
    return "a" + sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def with_unique_ids(articles: Sequence[Article]) -> tuple[Article, ...]:
    """The articles with `-2`, `-3`, … put to ids that came before."""
    taken = {a.id for a in articles}
    seen: set[str] = set()
    out = []
    for article in articles:
        name, count = article.id, 1
        while name in seen or (count > 1 and name in taken):
            count += 1
            name = f"{article.id}-{count}"
        seen.add(name)
        out.append(article if count == 1 else replace(article, id=name))
    return tuple(out)
