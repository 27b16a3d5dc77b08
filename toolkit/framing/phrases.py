"""The phrases that detectors compare, encoded once a story, with how loaded each is."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from toolkit.analyse import SentenceAnalysis
from toolkit.encode import Encoder
from toolkit.framing.base import Meaning, noun_phrases, predicates, text_of
from toolkit.linear import LinearWeights

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODELS = Path(__file__).parent.parent / "models" / "framing"


def phrases_of(s: SentenceAnalysis) -> set[str]:
    """Noun phrases, predicates, verb lemmas and the source of a sentence, as text."""
    found = {text_of(s, r) for r in (*noun_phrases(s), *predicates(s))}
    if s.source:
        found.add(text_of(s, s.source))
    return found | {t.lemma for t in s.tokens if t.pos == "VERB"}


@lru_cache(maxsize=1)
def charge_weights() -> LinearWeights:
    """The shipped scorer of how loaded a phrase is."""
    return LinearWeights.load(MODELS / "charge.safetensors")


def meaning_of(
    sentences: Iterable[SentenceAnalysis], *, encoder: Encoder, charge: LinearWeights | None = None
) -> Meaning:
    """Encodes all phrases of the sentences in one batch.

    Args:
        sentences: Those that take part in a link.
        encoder: Any encoder; the charge scorer counts only where its dimension is the shipped encoder's.
        charge: Another charge scorer than the shipped one.
    """
    texts: Sequence[str] = sorted(set().union(*(phrases_of(s) for s in sentences)))
    if not texts:
        return Meaning({}, {})
    rows: NDArray[np.float32] = encoder.encode(texts)
    scorer = charge or charge_weights()
    fits = rows.shape[1] == scorer.coef.shape[0]
    loaded = scorer.probability(rows.astype(np.float64)) if fits else np.zeros(len(texts))
    return Meaning(dict(zip(texts, rows, strict=True)), dict(zip(texts, map(float, loaded), strict=True)))
