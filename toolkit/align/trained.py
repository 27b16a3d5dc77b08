"""The shipped aligner: a screen of all pairs, the tokens of the likely ones compared, and both weighed."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass as component

from toolkit.align.base import Matrix, article_pairs, links_above
from toolkit.align.features import FEATURES, UNREAD, match_features, pair_features, story_similarities
from toolkit.analyse import Analysis
from toolkit.errors import ModelError
from toolkit.linear import LinearWeights
from toolkit.types import Link

if TYPE_CHECKING:
    from toolkit.align.late import LateInteraction

WEIGHTS = Path(__file__).parent.parent / "models" / "align"
LATE, SCREEN, JUDGE = "late_interaction.safetensors", "screen.safetensors", "judge.safetensors"


@component(frozen=True, config=ConfigDict(extra="forbid"))
class TrainedAligner:
    """The shipped scorer, in three steps; scores, data and sizes in `toolkit/models/align/CARD.md`.

    Every pair of sentences of different articles is screened by a logistic regression over meaning, words, names,
    numbers, quotes and ranks. The best of each sentence are read: their tokens are compared (`toolkit.align.late`). A
    second logistic regression weighs both, with how the match stands among the others of its two articles. So the cost
    grows with the candidates, of which there are at most `candidates` a sentence.

    Args:
        threshold: Lowest probability that makes a point; the best F1 in cross-validation over the training stories
            (`toolkit/training/align.py`).
        weak: Lowest probability at which a textbook difference is still looked for; a link below `threshold` stands
            only where one is found.
        candidates: How many counterparts of a sentence, in all other articles together, have their tokens compared.
        weights: Folder of weights that the recipe wrote; empty for those that ship.
    """

    kind: Literal["trained"] = "trained"
    threshold: float = Field(default=0.26, ge=0, le=1)
    weak: float = Field(default=0.1, ge=0, le=1)
    candidates: int = Field(default=16, ge=1)
    weights: str = ""

    def links(self, analyses: Sequence[Analysis], rows: Sequence[NDArray[np.float32]]) -> tuple[Link, ...]:
        """See `Aligner.links`.

        Raises:
            ModelError: If the packaged MiniLM or the folder of weights is not there.
        """
        return links_above(analyses, self.probability(analyses, rows), min(self.weak, self.threshold))

    def probability(self, analyses: Sequence[Analysis], rows: Sequence[NDArray[np.float32]]) -> Matrix:
        """Of every two of a story's n sentences that they make the same point; shape (n, n), symmetric.

        It is 0 between sentences of one article.
        """
        screen, judge = self._linear(SCREEN), self._linear(JUDGE)
        features = story_features(analyses, rows)
        match = token_match(analyses, likely_pairs(analyses, features, screen, best=self.candidates), self._late)
        out = np.zeros(match.shape)
        for _, _, (left, right) in article_pairs(analyses):
            block = np.concatenate([features[left, right], match_features(match[left, right])], axis=-1)
            read = match[left, right] > UNREAD
            screened = screen.probability(features[left, right])
            out[left, right] = np.where(read, judge.probability(block), screened)
            out[right, left] = out[left, right].T
        # A sentence that an article repeats is linked alike each time.
        first = _first_alike(analyses)
        return out[np.ix_(first, first)]

    @property
    def _folder(self) -> Path:
        return Path(self.weights).expanduser() if self.weights else WEIGHTS

    def _linear(self, name: str) -> LinearWeights:
        return LinearWeights.load(self._there(name))

    def _there(self, name: str) -> Path:
        path = self._folder / name
        if not path.exists():
            raise ModelError(f"aligner: no {name} in {self._folder}; write it with: python -m toolkit.training.align")
        return path

    @cached_property
    def _late(self) -> "LateInteraction":
        from toolkit.align.late import LateInteraction

        return LateInteraction.load(self._there(LATE))


def story_features(analyses: Sequence[Analysis], rows: Sequence[NDArray[np.float32]]) -> Matrix:
    """The features of every two of a story's n sentences, shape (n, n, len(FEATURES)); 0 within one article."""
    similarities = story_similarities(analyses, rows)
    features = np.zeros((*similarities[0].shape, len(FEATURES)))
    for i, j, (left, right) in article_pairs(analyses):
        block = pair_features(analyses[i], analyses[j], similarities=[s[left, right] for s in similarities])
        features[left, right] = block
        features[right, left] = block.swapaxes(0, 1)
    return features


def likely_pairs(
    analyses: Sequence[Analysis], features: Matrix, weights: LinearWeights, *, best: int
) -> NDArray[np.int64]:
    """The pairs that are among the `best` of either sentence by the screen, as two places; shape (k, 2)."""
    score = np.full(features.shape[:2], -np.inf)
    for _, _, (left, right) in article_pairs(analyses):
        score[left, right] = weights.score(features[left, right])
        score[right, left] = score[left, right].T
    near = score > -np.inf
    if len(score) > best:
        near &= score >= np.partition(score, -best, axis=1)[:, -best][:, None]
    return np.argwhere(np.triu(near | near.T))


def token_match(analyses: Sequence[Analysis], candidates: NDArray[np.int64], late: "LateInteraction") -> Matrix:
    """Log-odds from the tokens of every candidate, UNREAD elsewhere; shape (n, n), symmetric."""
    import torch

    documents = [[s.sentence.text for s in a.sentences] for a in analyses]
    n = sum(map(len, documents))
    out = np.full((n, n), UNREAD)
    if len(candidates):
        scores = late.scores(late.table(documents), torch.from_numpy(candidates)).double().numpy()
        found = np.maximum(scores, UNREAD + 1e-3)
        out[candidates[:, 0], candidates[:, 1]] = found
        out[candidates[:, 1], candidates[:, 0]] = found
    return out


def _first_alike(analyses: Sequence[Analysis]) -> NDArray[np.int64]:
    """For each sentence of the story, the first of its article with the same words, by place; shape (n,)."""
    out: list[int] = []
    for a in analyses:
        start, seen = len(out), dict[str, int]()
        out += [seen.setdefault(" ".join(s.sentence.text.split()), start + k) for k, s in enumerate(a.sentences)]
    return np.array(out, dtype=np.int64)
