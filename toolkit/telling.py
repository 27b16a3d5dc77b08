"""The words for what a whole report or story is like: voices, tones and names, and the drift of summaries."""

from dataclasses import dataclass
from typing import Literal

from toolkit.types import Span

VoiceKind = Literal["named", "role", "anonymous", "document", "unnamed"]
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution in one sentence, as character ranges of the sentence; content without cue continues a quotation.

    Args:
        source: Who speaks, thinks or knows; None where nobody is named.
        cue: The words that say so; None in the later sentences of a quotation.
        content: What is said, in one or more pieces.
    """

    source: Range | None
    cue: Range | None
    content: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Said(Attribution):
    """An attribution whose voice is made out over the whole report: pronouns, short names, quotations that go on.

    Args:
        voice: Number of the voice, by first appearance in the report; -1 for a quotation whose speaker is not found.
        name: The voice's, as the report first gives it in full; empty where nobody is named.
        kind: Of the voice.
        words: Lemmas that tell the voice from others.
    """

    voice: int
    name: str
    kind: VoiceKind
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Voice:
    """A source of a report: who is given as saying, thinking or knowing something, and how much room that has.

    Args:
        name: As the report first gives it in full; empty for what is attributed to nobody.
        kind: `named` person or body, `role` (a spokesman, police), `anonymous` (sources, critics), `document`
            (a poll, a ruling), or `unnamed` where the report says "reportedly" or gives no source.
        attributions: How many times.
        share: Share of the report's characters that are attributed to it, in [0, 1].
        places: Where it is named as the source; for `unnamed`, the words that attribute.
    """

    name: str
    kind: VoiceKind
    attributions: int
    share: float
    places: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Tone:
    """In how good a light a report puts a person, group or place, over all sentences that name it.

    Args:
        actor: The name, the same for every report of the story.
        mean: From -1, bad, to 1, good; 0 is neutral.
        low: Lower end of its 95 % interval over the sentences.
        high: Upper end.
        sentences: How many name it.
    """

    actor: str
    mean: float
    low: float
    high: float
    sentences: int


@dataclass(frozen=True, slots=True)
class Name:
    """One way a referent is called.

    Args:
        text: In the words used most often, verbatim.
        charge: How loaded the words are, in [0, 1].
        places: Everywhere it stands, in the order of the articles.
    """

    text: str
    charge: float
    places: tuple[Span, ...]

    def count(self, article: str) -> int:
        """How often an article uses it."""
        return sum(p.article == article for p in self.places)


@dataclass(frozen=True, slots=True)
class Referent:
    """A person, group, act or thing that the reports of a story call by more than one name.

    Args:
        id: `r1`, `r2`, … the most often named first.
        names: The most often used first; two at least.
    """

    id: str
    names: tuple[Name, ...]

    def __repr__(self) -> str:
        return f"<Referent {self.id}: {' / '.join(n.text for n in self.names)}>"


Departure = Literal["attribution", "hedge", "stance"]


@dataclass(frozen=True, slots=True)
class DriftPlace:
    """A sentence of a summary that says something otherwise than the article does.

    Args:
        sentence: Its place in the summary, from 0.
        what: `attribution` (the article says who vouches for it, the summary does not), `hedge` (the article is less
            sure), or `stance` (someone stands in another light).
        evidence: The article's words: the source and cue, the hedge, or the passage.
    """

    sentence: int
    what: Departure
    evidence: Span


@dataclass(frozen=True, slots=True)
class Drift:
    """How far a summary departs from its article: differences of shares, summary less article.

    Args:
        article: Its id.
        stance: Mean difference of the light that the main actors stand in, from -2 to 2; 0 where none is named in both.
        hedged: Difference of the share of sentences with a hedge or modal, from -1 to 1.
        attributed: Difference of the share of sentences with an attribution, from -1 to 1.
        places: Where a sentence of the summary departs from the passage that it rests on.
    """

    article: str
    stance: float
    hedged: float
    attributed: float
    places: tuple[DriftPlace, ...]


@dataclass(frozen=True, slots=True)
class StorySentence:
    """A sentence of a story's summary, with who tells it.

    Args:
        text: Verbatim, in the words of the outlet that the others agree with most, then of the least loaded.
        articles: Ids of the articles that tell it, in the order of the articles.
        agreement: Mean probability, in [0, 1], that the others make the same point; 1 where only one tells it.
        evidence: Where it stands: the sentence itself first, then those of the other articles.
    """

    text: str
    articles: tuple[str, ...]
    agreement: float
    evidence: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class StorySummary:
    """What a story comes to.

    Args:
        agreed: What all outlets tell, in the order of the story.
        partly: What some tell and others do not, what matters most first; then, where a budget of words has room, what
            else one of them says of a point that was told.
    """

    agreed: tuple[StorySentence, ...]
    partly: tuple[StorySentence, ...]
