"""Aligners that were not trained: cosine of the sentence vectors alone, and cosine joined with words."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass as component

from toolkit.align.base import Matrix, links_above
from toolkit.align.features import story_similarities
from toolkit.analyse import Analysis
from toolkit.types import Link


@component(frozen=True, config=ConfigDict(extra="forbid"))
class PlainAligner:
    """Cosine of the sentence vectors with the story's mean taken off; no training.

    Args:
        threshold: Lowest cosine that makes a link.
    """

    kind: Literal["plain"] = "plain"
    threshold: float = Field(default=0.45, ge=0, le=1)

    def links(self, analyses: Sequence[Analysis], rows: Sequence[NDArray[np.float32]]) -> tuple[Link, ...]:
        """See `Aligner.links`; the probability is the cosine, cut to [0, 1]."""
        centred = story_similarities(analyses, rows)[1]
        return links_above(analyses, np.clip(centred, 0, 1), self.threshold)


@component(frozen=True, config=ConfigDict(extra="forbid"))
class HybridAligner:
    """Meaning and words together, and not trained: the mean of three similarities, where it is among the best.

    The three are the cosine of the sentence vectors with the story's mean taken off, and the TF-IDF cosines of content
    words and of character n-grams. A pair is kept only if it is among the `best` of either sentence in the other
    report, so that a sentence about everything is not linked to everything.

    Args:
        threshold: Lowest mean that makes a link.
        best: How many counterparts of a sentence in one other report are looked at.
    """

    kind: Literal["hybrid"] = "hybrid"
    threshold: float = Field(default=0.32, ge=0, le=1)
    best: int = Field(default=2, ge=1)

    def links(self, analyses: Sequence[Analysis], rows: Sequence[NDArray[np.float32]]) -> tuple[Link, ...]:
        """See `Aligner.links`; the probability is the mean similarity, cut to [0, 1]."""
        _, centred, words, chars = story_similarities(analyses, rows)
        mean = np.clip((centred + words + chars) / 3, 0, 1)
        return links_above(analyses, among_best(analyses, mean, self.best), self.threshold)


def among_best(analyses: Sequence[Analysis], similarity: Matrix, best: int) -> Matrix:
    """The similarities, with 0 where a pair is not among the `best` of either sentence in the other's report."""
    out = np.zeros_like(similarity)
    ends = np.cumsum([0, *(len(a.sentences) for a in analyses)])
    for start, end in pairwise(ends):
        block = similarity[:, start:end]
        if block.shape[1] > best:
            least = np.partition(block, -best, axis=1)[:, -best][:, None]
            block = np.where(block >= least, block, 0)
        out[:, start:end] = block
    return np.maximum(out, out.T)
