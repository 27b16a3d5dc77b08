"""Summaries made of the article's own sentences: the most central and earliest that do not repeat each other."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from toolkit.summarize.length import Count, Share, Words, taken
from toolkit.types import Document, Sentence, Summary, SummarySentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ENDS = re.compile(r"[.!?…。！？][\"'”’»)\]]*\s*$")
_WORD = re.compile(r"\w+")
_HEADLINE_WORDS = 18
_FULL_WORDS = 6
_HALF_LIFE = 3.0


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Extractive:
    """Picks sentences by how central they are to the article, how early they stand, and how little they repeat.

    A sentence's salience is `(1 - position) * centrality + position * earliness`: earliness halves every three
    sentences, centrality is the mean cosine to the report's other sentences (weighted by their earliness, and scaled so
    that the most central has 1), and sentences of under six words count for less. The best is taken, then the next that
    is not too close to one taken (a threshold in place of the weighting of Carbonell and Goldstein 1998), until there
    are enough.

    Args:
        sentences: How many at most, from 1 to 50, where neither words nor ratio is given.
        words: How many words at most (a sentence may pass it by a twentieth); 0 for no such limit.
        ratio: Likewise, as a share of the report's words, in [0, 1].
        redundancy: Cosine, in [0, 1], above which a sentence repeats one already taken and is passed over.
        position: Weight of standing early against being central, in [0, 1].
    """

    kind: Literal["extractive"] = "extractive"
    sentences: Count = 3
    words: Words = 0
    ratio: Share = 0.0
    redundancy: Share = 0.7
    position: Share = 0.7

    def summarize(self, document: Document, rows: "NDArray[np.floating[Any]]") -> Summary:
        """The summary: verbatim sentences in the article's order, each its own evidence; none of it boilerplate.

        Args:
            document: The article, cut.
            rows: Unit rows, one a sentence of the document (boilerplate too), shape (n_sentences, dim).

        Raises:
            ValueError: If there is not one row a sentence.
        """
        _check(document, rows)
        body = candidates(document)
        chosen: list[int] = []
        if body:
            unit = np.asarray(rows, dtype=np.float64)[[s.index for s in body]]
            cosines = unit @ unit.T
            chosen = taken(
                self._ranking(body, cosines), [s.text for s in body], sentences=self.sentences, words=self.words,
                ratio=self.ratio,
                fits=lambda place, kept: all(cosines[place, other] <= self.redundancy + 1e-6 for other in kept),
            )  # fmt: skip
        return _verbatim(document, [body[place] for place in chosen], system=self.kind)

    def _ranking(self, body: Sequence[Sentence], cosines: "NDArray[np.float64]") -> list[int]:
        n = len(body)
        early = earliness(n)
        # News says what it is about first: the early sentences say more about what is central.
        others = np.maximum(early.sum() - early, 1e-12)
        central = (cosines @ early - cosines.diagonal() * early) / others
        top = float(central.max())
        central = np.clip(central / top, 0, 1) if top > 1e-3 else np.zeros(n)
        full = np.minimum([len(_WORD.findall(s.text)) / _FULL_WORDS for s in body], 1.0)
        salience = ((1 - self.position) * central + self.position * early) * full
        # Rounded, so that float noise decides no tie; the earlier sentence does.
        return sorted(range(n), key=lambda place: (-round(float(salience[place]), 5), place))


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Lead:
    """Takes the report's first sentences: the baseline that news is hard to beat on.

    Args:
        sentences: How many at most, from 1 to 50, where neither words nor ratio is given.
        words: How many words at most (a sentence may pass it by a twentieth); 0 for no such limit.
        ratio: Likewise, as a share of the report's words, in [0, 1].
    """

    kind: Literal["lead"] = "lead"
    sentences: Count = 3
    words: Words = 0
    ratio: Share = 0.0

    def summarize(self, document: Document, rows: "NDArray[np.floating[Any]]") -> Summary:
        """The first sentences that are neither boilerplate nor a headline; `rows` is only checked.

        Raises:
            ValueError: If there is not one row a sentence.
        """
        _check(document, rows)
        body = candidates(document)
        chosen = taken(
            range(len(body)), [s.text for s in body], sentences=self.sentences, words=self.words, ratio=self.ratio
        )
        return _verbatim(document, [body[place] for place in chosen], system=self.kind)


def _check(document: Document, rows: "NDArray[np.floating[Any]]") -> None:
    if rows.ndim != 2 or len(rows) != len(document.sentences):
        raise ValueError(f"rows must have shape ({len(document.sentences)}, dim), one a sentence; got {rows.shape}")


def earliness(count: int) -> "NDArray[np.float64]":
    """How early each of so many sentences stands, shape (count,): from 1, halved every three sentences."""
    return np.asarray(0.5 ** (np.arange(count) / _HALF_LIFE), dtype=np.float64)


def candidates(document: Document) -> list[Sentence]:
    """The body without blank sentences, later exact repeats and, where anything else is left, a leading headline."""
    first: dict[str, Sentence] = {}
    for sentence in document.body:
        if _WORD.search(sentence.text):
            first.setdefault(" ".join(sentence.text.split()), sentence)
    body = list(first.values())
    if len(body) > 1 and _is_headline(body[0], document):
        return body[1:]
    return body


def _is_headline(sentence: Sentence, document: Document) -> bool:
    if sentence.text.strip() == document.title.strip():
        return True
    return len(_WORD.findall(sentence.text)) <= _HEADLINE_WORDS and not _ENDS.search(sentence.text)


def verbatim(document: Document, s: Sentence) -> SummarySentence:
    """A sentence of the article as one of its summary: its own evidence."""
    return SummarySentence(s.text, 1.0, (document.span(s.start, s.end, sentence=s.index),))


def _verbatim(document: Document, chosen: Sequence[Sentence], *, system: str) -> Summary:
    sentences = tuple(verbatim(document, s) for s in sorted(chosen, key=lambda s: s.index))
    return Summary(article=document.id, system=system, sentences=sentences)
