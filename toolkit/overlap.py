"""The tokens of an article, to look up those of a claim: which are there, how rare they are, which sentence has most.

Tokens are weighed by how few sentences of the article have them (inverse document frequency, Spärck Jones 1972).
"""

import math
from collections import Counter
from collections.abc import Sequence


class Lexicon:
    """The tokens of an article, to look up those of a claim.

    Args:
        sentences: Token ids of each.
    """

    def __init__(self, sentences: Sequence[Sequence[int]]) -> None:
        self.known = frozenset(i for s in sentences for i in s)
        self._sentences = [frozenset(s) for s in sentences]
        self._held = Counter(i for s in self._sentences for i in s)
        self._norms = [self._norm(s) for s in self._sentences]

    def weights(self, claim: Sequence[int]) -> list[float]:
        """How much each token of a claim counts, in sum 1."""
        rarity = [self._rarity(i) for i in claim]
        total = sum(rarity)
        return [r / total for r in rarity]

    def cosines(self, claim: Sequence[int]) -> list[float]:
        """TF-IDF cosine of a claim to each sentence, in [0, 1]; how often a token stands in one does not count."""
        own = frozenset(claim)
        norm = self._norm(own)
        return [
            sum(self._rarity(i) ** 2 for i in sorted(own & s)) / (norm * n)
            for s, n in zip(self._sentences, self._norms, strict=True)
        ]

    def _rarity(self, i: int) -> float:
        return math.log((1 + len(self._sentences)) / (1 + self._held[i])) + 1

    def _norm(self, tokens: frozenset[int]) -> float:
        return math.sqrt(sum(self._rarity(i) ** 2 for i in sorted(tokens))) or 1.0
