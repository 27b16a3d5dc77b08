"""The phrases that detectors compare, encoded once a story, with how loaded each is."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from toolkit.analyse import SentenceAnalysis
from toolkit.encode import Encoder
from toolkit.framing.base import Meaning, fresh, text_of, unmatched
from toolkit.framing.figure import figures, phrase_of
from toolkit.linear import LinearWeights

MODELS = Path(__file__).parent.parent / "models" / "framing"


def phrases_of(s: SentenceAnalysis, other: SentenceAnalysis) -> set[str]:
    """What detectors compare of a sentence beside another: phrases the other does not have, verbs, the source."""
    nouns, verbs = s.noun_phrases, s.predicates
    found = {text_of(s, r) for r in (*unmatched(nouns, s, other), *fresh(verbs, s, other))}
    if figures(other):
        found |= {phrase_of(s, r) for r, _ in figures(s)} - {""}
    if other.said:
        found |= {s.sentence.text[slice(*x.source)] for x in s.said if x.source}
    if {s.tokens[i].lemma for i in s.marked} != {other.tokens[i].lemma for i in other.marked}:
        found |= {t.lemma for t in s.tokens if t.pos in {"VERB", "AUX"}}
    return found


@lru_cache(maxsize=1)
def charge_weights() -> LinearWeights:
    """The shipped scorer of how loaded a phrase is."""
    return LinearWeights.load(MODELS / "charge.safetensors")


def charge_of(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """How loaded texts are, shape (n,), from their vectors, shape (n, dim); 0 unless the shipped encoder made them."""
    scorer = charge_weights()
    fits = rows.shape[1] == scorer.coef.shape[0]
    return scorer.probability(rows.astype(np.float64)) if fits else np.zeros(len(rows))


def meaning_of(pairs: Iterable[tuple[SentenceAnalysis, SentenceAnalysis]], *, encoder: Encoder) -> Meaning:
    """Encodes all phrases of the linked sentence pairs in one batch.

    Args:
        pairs: The linked sentences.
        encoder: Any encoder; the charge counts only where its dimension is the shipped encoder's.
    """
    texts: Sequence[str] = sorted(set().union(*(phrases_of(x, y) for a, b in pairs for x, y in ((a, b), (b, a)))))
    if not texts:
        return Meaning({}, {})
    rows = encoder.encode(texts)
    return Meaning(dict(zip(texts, rows, strict=True)), dict(zip(texts, map(float, charge_of(rows)), strict=True)))
