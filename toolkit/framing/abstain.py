"""Abstention: the less two reports differ over all, the surer a single difference must be.

Two neutral tellings of one story have something here and there that looks like a difference; two that do differ
have much of it. So the sum of all confidences over the sentence pairs compared is evidence of its own, and a trained
weight sets each difference's confidence by its own odds and by that density, as an empirical Bayes prior would.
"""

from collections.abc import Sequence
from math import fsum

import numpy as np
from numpy.typing import NDArray

from toolkit.linear import LinearWeights

LEAST = 0.01  # confidence below which nothing counts towards the density


def density(confidences: Sequence[float], pairs: int) -> float:
    """How much two reports seem to differ, for each pair of sentences compared.

    Args:
        confidences: Of everything proposed between the two.
        pairs: How many pairs of sentences were compared.
    """
    return fsum(c for c in confidences if c >= LEAST) / max(pairs, 1)


def features(confidences: Sequence[float], dense: float) -> NDArray[np.float64]:
    """What the weight judges, shape (n, 2): log odds, and log density of the pair of reports."""
    p = np.clip(np.asarray(confidences, dtype=np.float64), 1e-4, 1 - 1e-4)
    return np.column_stack([np.log(p / (1 - p)), np.full(len(p), np.log(max(dense, 1e-3)))])


def weighed(confidences: Sequence[float], dense: float, weights: LinearWeights) -> list[float]:
    """The confidences, given how much the two reports seem to differ over all."""
    if not confidences:
        return []
    return [round(float(p), 4) for p in weights.probability(features(confidences, dense))]
