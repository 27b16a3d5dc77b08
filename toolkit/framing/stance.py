"""stance: the same person or group comes out better in one report than in the other.

For each name both sentences carry, the predicate nearest to it in the parse is compared by charge.
"""

from dataclasses import dataclass
from typing import ClassVar

from toolkit.analyse import SentenceAnalysis
from toolkit.framing.base import Candidate, Meaning, Range, chars, fresh, head_of, text_of
from toolkit.types import Kind, Targeted


@dataclass(frozen=True)
class Stance:
    """One candidate a pair; features: charges of the predicates about the shared name, their likeness."""

    kind: ClassVar[Kind] = "stance"
    vouches: ClassVar[bool] = False

    def candidates(self, a: SentenceAnalysis, b: SentenceAnalysis, meaning: Meaning) -> list[Candidate]:
        """See `Detector.candidates`."""
        shared = a.names & b.names
        left, right = _about(a, b, shared, meaning), _about(b, a, shared, meaning)
        if left is None or right is None:
            return []
        tx, ty = text_of(a, left), text_of(b, right)
        if tx.lower() == ty.lower():
            return []
        cx, cy = meaning.loaded(tx), meaning.loaded(ty)
        features = (
            meaning.cosine(tx, ty), max(cx, cy), abs(cx - cy),
            len(a.lemmas & b.lemmas) / max(min(len(a.lemmas), len(b.lemmas)), 1),
            float(bool(a.quotes)) + float(bool(b.quotes)), float(a.cue >= 0) + float(b.cue >= 0),
        )  # fmt: skip
        return [Candidate(self.kind, chars(a, left), chars(b, right), features)]


def _about(s: SentenceAnalysis, other: SentenceAnalysis, names: frozenset[str], meaning: Meaning) -> Range | None:
    spots = [i for i, t in enumerate(s.tokens) if t.text.lower() in names]
    options = fresh(s.predicates, s, other)
    if not spots or not options:
        return None
    return max(options, key=lambda r: (meaning.loaded(text_of(s, r)), -min(abs(r[0] - i) for i in spots), -r[0]))


def shared_targets(a: SentenceAnalysis, b: SentenceAnalysis) -> list[tuple[Targeted, Targeted]]:
    """Who or what both sentences name by the same word, at most four, as targets in each of the two."""
    left, right = _named(a), _named(b)
    return [(left[w], right[w]) for w in left if w in right][:4]


def _named(s: SentenceAnalysis) -> dict[str, Targeted]:
    out: dict[str, Targeted] = {}
    for r in s.noun_phrases:
        start, end = chars(s, r)
        at = s.sentence.start
        out.setdefault(head_of(s, r).lemma, Targeted(s.sentence.text, start - at, end - at))
    return out
