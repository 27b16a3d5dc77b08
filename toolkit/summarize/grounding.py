"""Grounding: what each sentence of a summary rests on in its article, and what in it the article does not bear out.

A sentence taken over verbatim rests on itself. Any other is read beside the article's nearest sentences by the support
checker (`toolkit.support`), and four checks that need no model look at the whole article: a name that stands nowhere in
it, a number that is none of its numbers in any notation, a quotation that is not its words, a verb denied here and not
there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass as plain_dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from toolkit.analyse import SentenceAnalysis, SpacyAnalyser, plain_words
from toolkit.encode import Encoder
from toolkit.quantities import Quantity, quantities
from toolkit.summarize.extractive import candidates, verbatim
from toolkit.types import Document, Doubt, Sentence, Summary, SummarySentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NAMED = frozenset({"PERSON", "ORG", "GPE", "NORP", "LOC", "FAC", "EVENT", "PRODUCT", "LAW", "WORK_OF_ART"})
_DAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
_QUOTATION = re.compile(r"[“\"]([^“”\"]{2,})[”\"]")
_WORD = re.compile(r"\w+")
_STEM = 4  # letters that two forms of a name must share at least: Russia, Russian
_SHOWN = 2  # sentences of the article given as evidence


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Grounding:
    """Links every sentence of a summary to its article, and says what to do with one that the article does not support.

    Args:
        on_unsupported: `mark` it with what is doubtful in it; `replace` it by the sentence of the article nearest to it
            that the summary does not have yet; or `drop` it, which may leave a summary without sentences.
        threshold: Support, in [0, 1], under which a sentence counts as unsupported; 0 leaves it to the checks.
    """

    on_unsupported: Literal["mark", "replace", "drop"] = "mark"
    threshold: Annotated[float, Field(ge=0, le=1)] = 0.5

    def ground(
        self, summary: Summary, document: Document, rows: "NDArray[np.floating[Any]]", *, encoder: Encoder,
        analyser: SpacyAnalyser,
    ) -> Summary:  # fmt: skip
        """The summary with evidence, support and doubts.

        Args:
            summary: Of the document; sentences that have evidence and no text of their own stay as they are.
            document: The article.
            rows: Unit rows of its sentences, boilerplate too, by the encoder, shape (n_sentences, dim).
            encoder: For the summary's sentences.
            analyser: For names and negations.
        """
        source = [s for s in document.sentences if s.text.strip()]
        own = [_verbatim(s, document) for s in summary.sentences]
        new = [n for n, found in enumerate(own) if found is None]
        if not new or not source:
            return _with(summary, [s for s in own if s is not None])
        judged = self._judged([summary.sentences[n].text for n in new], document, source, rows, encoder, analyser)
        made = [found or judged[new.index(n)][0] for n, found in enumerate(own)]
        if self.on_unsupported == "mark":
            return _with(summary, made)
        kept = [s for s in made if not s.doubts]
        if self.on_unsupported == "drop":
            return _with(summary, kept)
        out = []
        open_to = {s.index for s in candidates(document)} - {e.sentence for s in kept for e in s.evidence[:1]}
        for n, s in enumerate(made):
            if s.doubts:
                order = [place for place in judged[new.index(n)][1] if place in open_to]
                if not order:
                    continue
                open_to.discard(order[0])
                out.append(verbatim(document, document.sentences[order[0]]))
            else:
                out.append(s)
        return _with(summary, out)

    def _judged(
        self, texts: Sequence[str], document: Document, source: Sequence[Sentence], rows: "NDArray[np.floating[Any]]",
        encoder: Encoder, analyser: SpacyAnalyser,
    ) -> list[tuple[SummarySentence, list[int]]]:  # fmt: skip
        """Each sentence judged, with the places of the article's sentences, nearest first."""
        from toolkit.support import NEAREST, support_checker

        checker, whole = support_checker(), [s.text for s in source]
        order = checker.reader.nearest(texts, whole, encoder.encode(texts), rows[[s.index for s in source]])
        told = [[source[i] for i in row[:NEAREST]] for row in order]
        verdicts = checker.verdicts(texts, [[s.text for s in some] for some in told], [whole] * len(texts))
        read = analyser.analyse(Document.from_sentences(texts)).sentences
        beside = analyser.analyse(Document.from_sentences([t.text for some in told for t in some[:_SHOWN]])).sentences
        article = _Article(f"{document.title}\n{document.text}")
        at, out = 0, []
        for text, some, verdict, parsed, row in zip(texts, told, verdicts, read, order, strict=True):
            shown = some[:_SHOWN]
            doubts = list(_checked(text, parsed, beside[at : at + len(shown)], article))
            at += len(shown)
            if verdict.support < self.threshold:
                doubts.append(Doubt("support", *verdict.weakest))
            evidence = tuple(document.span(s.start, s.end, sentence=s.index) for s in shown)
            sentence = SummarySentence(text, round(verdict.support, 4), evidence, tuple(doubts))
            out.append((sentence, [source[i].index for i in row]))
        return out


def _with(summary: Summary, sentences: Sequence[SummarySentence]) -> Summary:
    return Summary(summary.article, summary.system, tuple(sentences))


def _verbatim(s: SummarySentence, document: Document) -> SummarySentence | None:
    """The sentence with where it stands in the article word for word; None where it does not."""
    if s.evidence and s.text == s.evidence[0].text:
        return s
    pattern = r"\s+".join(map(re.escape, s.text.split()))
    found = re.search(pattern, document.text) if pattern else None
    if found is None:
        return None
    inside = next((x for x in document.sentences if x.start <= found.start() and found.end() <= x.end), None)
    if inside is None:
        return None
    return SummarySentence(s.text, 1.0, (document.span(found.start(), found.end(), sentence=inside.index),))


@plain_dataclass(frozen=True)
class _Article:
    """What the checks look up in an article and its title."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        return _WORD.findall(self.text)

    @cached_property
    def known(self) -> frozenset[str]:
        """Its words in small letters."""
        return frozenset(w.lower() for w in self.words)

    @cached_property
    def names(self) -> list[str]:
        """Its words with a capital, in small letters."""
        return [w.lower() for w in self.words if w[:1].isupper()]

    @cached_property
    def initials(self) -> str:
        return "".join(w[0] for w in self.words if w[:1].isupper())

    @cached_property
    def figures(self) -> frozenset[str]:
        """Every reading of every quantity in it."""
        return frozenset().union(*quantities(self.text))

    @cached_property
    def plain(self) -> str:
        return plain_words(self.text)


def _checked(
    text: str, read: SentenceAnalysis, beside: Sequence[SentenceAnalysis], article: _Article
) -> Iterator[Doubt]:  # fmt: skip
    for start, end in _names(read):
        if not _stands(text[start:end], article):
            yield Doubt("name", start, end)
    for start, end in _figures(text):
        if not all(q & article.figures for q in quantities(text[start:end]) if _definite(q)):
            yield Doubt("number", start, end)
    for m in _QUOTATION.finditer(text):
        if plain_words(m.group(1)).strip() not in article.plain:
            yield Doubt("quotation", *m.span(1))
    denied, said = _denied(read), [_denied(s) for s in beside]
    for lemma, (negative, at) in denied.items():
        there = [s[lemma][0] for s in said if lemma in s]
        if there and all(x != negative for x in there):
            yield Doubt("negation", *at)


def _names(read: SentenceAnalysis) -> Iterator[tuple[int, int]]:
    """Character ranges of the words of names."""
    for t in read.tokens:
        if t.pos == "PROPN" and t.entity in _NAMED and len(t.text) > 1:
            yield t.start - read.sentence.start, t.end - read.sentence.start


def _stands(word: str, article: _Article) -> bool:
    """Whether a word of a name stands in the article, in another form or as initials."""
    low = word.lower()
    if low in article.known:
        return True
    stem = low[: max(_STEM, len(low) - 3)]
    if len(low) >= _STEM and any(w.startswith(stem) for w in article.names):
        return True
    letters = "".join(c for c in word if c.isupper())
    if len(letters) < 2 or letters != word.replace(".", ""):
        return any(c.isupper() for c in word[1:]) and low in "".join(article.words).lower()
    return letters in article.initials


def _figures(text: str) -> Iterator[tuple[int, int]]:
    """Character ranges of the numerals and weekdays of a text, in digits or words, each numeral with its unit."""
    at = 0
    for m in re.finditer(r"[^\s,;:()]+(?:,\d{3})*", text):
        if m.start() < at or not any(map(_definite, quantities(m.group()))):
            continue
        at = m.end()
        # A numeral goes on for as long as it stays one quantity: "two dozen", "3.5 million", "six days".
        for following in re.finditer(r"\s+[^\s,;:()]+", text[m.end() :]):
            end = m.end() + following.end()
            longer = quantities(text[m.start() : end])
            if len(longer) != 1 or longer == quantities(text[m.start() : at]):
                break
            at = end
        yield m.start(), at


def _definite(q: Quantity) -> bool:
    """Whether a quantity says how many: not "some", and not "one", which is often no number."""
    return any(r in _DAYS or (r != "1" and any(c.isdigit() for c in r)) for r in q)


def _denied(read: SentenceAnalysis) -> dict[str, tuple[bool, tuple[int, int]]]:
    """By the lemma of a verb, whether it is denied, and where it stands."""
    out: dict[str, tuple[bool, tuple[int, int]]] = {}
    for i, t in enumerate(read.tokens):
        if t.pos == "VERB" and t.content:
            negative = any(u.head == i and (u.dep == "neg" or u.text.lower() == "never") for u in read.tokens)
            out.setdefault(t.lemma, (negative, (t.start - read.sentence.start, t.end - read.sentence.start)))
    return out
