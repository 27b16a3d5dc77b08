"""What every aligner has: the Protocol, the walk over pairs of articles, and links with their reasons."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from toolkit.align.features import quoted
from toolkit.analyse import Analysis, SentenceAnalysis
from toolkit.types import Link, SentenceRef

Matrix = NDArray[np.float64]


class Aligner(Protocol):
    """Anything that links the sentences of a story's articles."""

    @property
    def threshold(self) -> float:
        """Lowest probability of a link that makes a point by itself."""
        ...

    def links(self, analyses: Sequence[Analysis], rows: Sequence[NDArray[np.float32]]) -> tuple[Link, ...]:
        """Links between sentences of different articles.

        Args:
            analyses: One an article.
            rows: One an article: the unit vectors of its analysed sentences, float32, shape (n, dim).
        """
        ...


def article_pairs(analyses: Sequence[Analysis]) -> Iterator[tuple[int, int, tuple[slice, slice]]]:
    """Any two articles with sentences, by place, and where their sentences stand among all of the story."""
    at = np.cumsum([0, *(len(a.sentences) for a in analyses)])
    for i, j in combinations(range(len(analyses)), 2):
        if analyses[i].sentences and analyses[j].sentences:
            yield i, j, (slice(at[i], at[i + 1]), slice(at[j], at[j + 1]))


def links_above(analyses: Sequence[Analysis], probability: Matrix, threshold: float) -> tuple[Link, ...]:
    """Links of at least that probability, between different articles.

    Args:
        analyses: One an article, n sentences in all.
        probability: Of every two sentences of the story, symmetric, shape (n, n).
        threshold: Lowest probability kept.
    """
    out = []
    for i, j, (left, right) in article_pairs(analyses):
        block = probability[left, right]
        for x, y in zip(*np.nonzero(block >= threshold), strict=True):
            a, b = analyses[i].sentences[x], analyses[j].sentences[y]
            refs = (
                SentenceRef(analyses[i].document.id, a.sentence.index),
                SentenceRef(analyses[j].document.id, b.sentence.index),
            )
            out.append(Link(*refs, round(float(block[x, y]), 4), reason(a, b)))
    return tuple(out)


def reason(a: SentenceAnalysis, b: SentenceAnalysis) -> str:
    """What two sentences share, in a few words; where it is no word at all, that they are close in meaning."""
    spoken = quoted(a) & quoted(b)
    seen: frozenset[str] = frozenset()
    parts = []
    for what, shared in (
        ("names", a.names & b.names),
        ("numbers", a.numbers & b.numbers),
        ("quoted", spoken),
        ("words", a.lemmas & b.lemmas),
    ):
        if rest := sorted(shared - seen):
            parts.append(f"{what}: {', '.join(rest[:4])}")
        seen |= shared
    return "shared " + "; ".join(parts) if parts else "close in meaning"
