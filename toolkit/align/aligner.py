"""Pair scorers: how probable it is that two sentences of different articles make the same point."""

from collections.abc import Sequence
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass as component

from toolkit.align.pair_features import FEATURES, pair_features, story_similarities
from toolkit.analyse import Analysis, SentenceAnalysis
from toolkit.linear import LinearWeights
from toolkit.types import Link, SentenceRef

WEIGHTS = Path(__file__).parent.parent / "models" / "align" / "pair_scorer.safetensors"


@component(frozen=True, config=ConfigDict(extra="forbid"))
class TrainedAligner:
    """The shipped scorer: a logistic regression over meaning, words, names, numbers, quotes and ranks.

    Trained by `toolkit/training/align.py`; scores and data in `toolkit/models/align/CARD.md`.

    Args:
        threshold: Lowest probability that makes a point; the best F1 in cross-validation over the topics
            of the training stories (toolkit/training/align.py).
        weak: Lowest probability at which a textbook difference is still looked for; a link below `threshold` stands
            only where one is found.
    """

    kind: Literal["trained"] = "trained"
    threshold: float = Field(default=0.34, ge=0, le=1)
    weak: float = Field(default=0.1, ge=0, le=1)

    @cached_property
    def _weights(self) -> LinearWeights:
        return LinearWeights.load(WEIGHTS)

    def links(self, analyses: Sequence[Analysis], rows: Sequence[NDArray[np.float32]]) -> tuple[Link, ...]:
        """See `Aligner.links`."""
        similarities = story_similarities(analyses, rows)
        out: list[Link] = []
        for i, j, block in _blocks(analyses, similarities):
            features = pair_features(analyses[i], analyses[j], similarities=block)
            out += _links(analyses[i], analyses[j], self._weights.probability(features), min(self.weak, self.threshold))
        return tuple(out)


@component(frozen=True, config=ConfigDict(extra="forbid"))
class PlainAligner:
    """Cosine of the sentence vectors with the story's mean taken off; no training.

    Args:
        threshold: Lowest cosine that makes a link.
    """

    kind: Literal["plain"] = "plain"
    threshold: float = Field(default=0.45, ge=-1, le=1)

    def links(self, analyses: Sequence[Analysis], rows: Sequence[NDArray[np.float32]]) -> tuple[Link, ...]:
        """See `Aligner.links`; the probability is the cosine, cut to [0, 1]."""
        similarities = story_similarities(analyses, rows)
        out: list[Link] = []
        for i, j, block in _blocks(analyses, similarities):
            out += _links(analyses[i], analyses[j], np.clip(block[FEATURES.index("centred")], 0, 1), self.threshold)
        return tuple(out)


def _blocks(
    analyses: Sequence[Analysis], similarities: Sequence[NDArray[np.float64]]
) -> list[tuple[int, int, list[NDArray[np.float64]]]]:
    at = np.cumsum([0, *(len(a.sentences) for a in analyses)])
    return [
        (i, j, [s[at[i] : at[i + 1], at[j] : at[j + 1]] for s in similarities])
        for i, j in combinations(range(len(analyses)), 2)
        if analyses[i].sentences and analyses[j].sentences
    ]


def _links(a: Analysis, b: Analysis, probability: NDArray[np.float64], threshold: float) -> list[Link]:
    out = []
    for i, j in zip(*np.nonzero(probability >= threshold), strict=True):
        left, right = a.sentences[i], b.sentences[j]
        refs = SentenceRef(a.document.id, left.sentence.index), SentenceRef(b.document.id, right.sentence.index)
        out.append(Link(*refs, round(float(probability[i, j]), 4), _reason(left, right)))
    return out


def _reason(a: SentenceAnalysis, b: SentenceAnalysis) -> str:
    parts = [
        f"{what}: {', '.join(sorted(shared)[:4])}"
        for what, shared in (
            ("names", a.names & b.names),
            ("numbers", a.numbers & b.numbers),
            ("words", (a.lemmas & b.lemmas) - a.names - b.names - a.numbers),
        )
        if shared
    ]
    return "shared " + "; ".join(parts) if parts else "close in meaning"
