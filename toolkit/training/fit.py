"""Fitting of the small linear scorers."""

import numpy as np
from numpy.typing import NDArray

from toolkit.linear import LinearWeights


def fit(
    x: NDArray[np.float64],
    y: NDArray[np.bool_],
    *,
    strength: float = 0.3,
    weight: NDArray[np.float64] | None = None,
) -> LinearWeights:
    """A logistic regression with L2 penalty 1/strength over standardised features.

    Args:
        x: Features, shape (n, n_features).
        y: What to tell, shape (n,).
        strength: Inverse of the penalty.
        weight: Of each row, shape (n,); all alike where not given.
    """
    from sklearn.linear_model import LogisticRegression

    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    model = LogisticRegression(C=strength, max_iter=2000).fit((x - mean) / scale, y, sample_weight=weight)
    return LinearWeights(mean, scale, model.coef_[0], model.intercept_)


def best_threshold(probability: NDArray[np.float64], y: NDArray[np.bool_]) -> tuple[float, float]:
    """The threshold with the best F1, and that F1."""
    scores = []
    for t in np.arange(0.1, 0.7, 0.02):
        hit = probability >= t
        scores.append((2 * (hit & y).sum() / max(hit.sum() + y.sum(), 1), round(float(t), 2)))
    f1, threshold = max(scores)
    return threshold, float(f1)
