"""A logistic regression as four arrays in a safetensors file: the form of every small scorer that ships."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class LinearWeights:
    """A logistic regression over standardised features: `sigmoid(((x - mean) / scale) @ coef + intercept)`."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    coef: NDArray[np.float64]
    intercept: NDArray[np.float64]

    @classmethod
    def load(cls, path: Path) -> "LinearWeights":
        """Reads the four arrays from a safetensors file."""
        from safetensors.numpy import load_file

        return cls(**load_file(path))

    def save(self, path: Path) -> None:
        """Writes the four arrays as a safetensors file."""
        from safetensors.numpy import save_file

        path.parent.mkdir(parents=True, exist_ok=True)
        save_file({k: np.ascontiguousarray(getattr(self, k)) for k in ("mean", "scale", "coef", "intercept")}, path)

    def score(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds for features of shape (..., n_features); shape (...)."""
        return np.asarray(((x - self.mean) / self.scale) @ self.coef + self.intercept)

    def probability(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probabilities for features of shape (..., n_features); shape (...), in [0, 1]."""
        return np.asarray(1 / (1 + np.exp(-np.clip(self.score(x), -30, 30))))
