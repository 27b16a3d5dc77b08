"""Sentiment toward a person or group in a sentence: the shipped model, and how a mean over sentences is told.

The classifier (`toolkit.classifier`) was trained on NewsMTSC (Hamborg and Donnay 2021; MIT), sentences of news with a
target marked as put in a negative, neutral or positive light.
"""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from toolkit.classifier import Classifier
    from toolkit.types import Targeted

POLARITY = {2.0: "negative", 4.0: "neutral", 6.0: "positive"}  # of NewsMTSC's numbers
WEIGHTS = Path(__file__).parent / "models" / "stance" / "target.safetensors"


@lru_cache(maxsize=1)
def stance_model() -> "Classifier":
    """The shipped model; its labels are negative, neutral, positive."""
    from toolkit.classifier import Classifier

    return Classifier.load(WEIGHTS)


def lights(texts: "Sequence[Targeted]") -> "NDArray[np.float64]":
    """How good a light each target stands in: the probability of positive less that of negative, in [-1, 1].

    Args:
        texts: Sentences with their targets.
    """
    model = stance_model()
    said = model.probabilities(texts)
    light: NDArray[np.float64] = said[:, model.labels.index("positive")] - said[:, model.labels.index("negative")]
    return light
