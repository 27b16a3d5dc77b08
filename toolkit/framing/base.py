"""What every detector shares: the candidate, the protocol, and small helpers over the parse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from toolkit.analyse import SentenceAnalysis, Token
from toolkit.types import Kind

Range = tuple[int, int]
TEXTBOOK = 0.6  # confidence that a textbook pattern deserves by itself: annotated stories hold it too rarely to learn


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible difference between two aligned sentences.

    Args:
        kind: Its kind.
        a: Character range in the one article.
        b: Character range in the other.
        features: What the kind's trained weight judges.
        prior: Confidence that the pattern deserves by itself, whatever the weight says; 0 for none.
    """

    kind: Kind
    a: Range
    b: Range
    features: tuple[float, ...]
    prior: float = 0.0


@dataclass(frozen=True)
class Meaning:
    """Unit vectors of the phrases in play, and how loaded each is.

    Args:
        vectors: Phrase -> unit float32 vector.
        charge: Phrase -> probability that an analyst would mark it as evaluative.
    """

    vectors: Mapping[str, NDArray[np.float32]]
    charge: Mapping[str, float]

    def cosine(self, x: str, y: str) -> float:
        """Cosine of two phrases, 0 where one is unknown."""
        if x not in self.vectors or y not in self.vectors:
            return 0.0
        return float(self.vectors[x] @ self.vectors[y])

    def loaded(self, x: str) -> float:
        """How loaded a phrase is, in [0, 1]."""
        return self.charge.get(x, 0.0)


class Detector(Protocol):
    """One kind of difference: proposes candidates at an aligned sentence pair; a trained weight judges them."""

    kind: ClassVar[Kind]
    vouches: ClassVar[bool]
    """Whether it knows patterns with a prior of their own, which are looked for at weakly linked pairs too."""

    def candidates(self, a: SentenceAnalysis, b: SentenceAnalysis, meaning: Meaning) -> list[Candidate]:
        """Candidates with features in a fixed order and number; symmetric in a and b."""
        ...


def text_of(s: SentenceAnalysis, tokens: Range) -> str:
    """The words of a token range, joined by spaces."""
    return " ".join(t.text for t in s.tokens[tokens[0] : tokens[1]])


def chars(s: SentenceAnalysis, tokens: Range) -> Range:
    """Character range of a token range."""
    return s.tokens[tokens[0]].start, s.tokens[tokens[1] - 1].end


def clause(s: SentenceAnalysis, verb: int = -1) -> Range:
    """Token range from a verb's subject to its object, the main verb's by default: a clause at its shortest."""
    root = verb if verb >= 0 else next((i for i, t in enumerate(s.tokens) if t.dep == "ROOT"), 0)
    near = [j for j, t in enumerate(s.tokens) if t.head == root and t.dep in {"nsubj", "dobj", "aux", "neg", "attr"}]
    inside = [j for j in [root, *near] if abs(j - root) <= 8]
    return min(inside), max(inside) + 1


def head_of(s: SentenceAnalysis, tokens: Range) -> Token:
    """The token of a range whose head is outside it."""
    for i in range(*tokens):
        if not tokens[0] <= s.tokens[i].head < tokens[1] or s.tokens[i].head == i:
            return s.tokens[i]
    return s.tokens[tokens[1] - 1]


def fresh(ranges: Sequence[Range], s: SentenceAnalysis, other: SentenceAnalysis) -> list[Range]:
    """The ranges with a content word that the other sentence does not use."""
    used = {t.lemma for t in other.tokens}
    return [r for r in ranges if any(t.content and t.lemma not in used for t in s.tokens[r[0] : r[1]])]


def unmatched(ranges: Sequence[Range], s: SentenceAnalysis, other: SentenceAnalysis) -> list[Range]:
    """The ranges whose head word the other sentence does not use."""
    used = {t.lemma for t in other.tokens}
    return [r for r in ranges if head_of(s, r).lemma not in used or (r[1] - r[0] > 1 and _new_modifier(s, r, used))]


def _new_modifier(s: SentenceAnalysis, tokens: Range, used: set[str]) -> bool:
    return any(t.pos == "ADJ" and t.lemma not in used for t in s.tokens[tokens[0] : tokens[1]])
