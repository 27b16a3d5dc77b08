"""wording: the predicate, adjective or adverb is loaded on one side ("slammed" / "criticised").

Predicates of two aligned sentences are paired by meaning and by what they govern; their charge is learned.
"""

from dataclasses import dataclass
from typing import ClassVar

from toolkit.analyse import SAYING, SentenceAnalysis
from toolkit.framing.base import Candidate, Meaning, Range, chars, head_of, text_of, unmatched
from toolkit.types import Kind


@dataclass(frozen=True)
class Wording:
    """Pairs unlike predicates; features: cosine, part of speech, shared arguments, charges, reporting verbs."""

    kind: ClassVar[Kind] = "wording"
    vouches: ClassVar[bool] = False

    def candidates(self, a: SentenceAnalysis, b: SentenceAnalysis, meaning: Meaning) -> list[Candidate]:
        """See `Detector.candidates`."""
        out = []
        left, right = unmatched(a.predicates, a, b), unmatched(b.predicates, b, a)
        for x in left:
            for y in right:
                hx, hy = head_of(a, x), head_of(b, y)
                tx, ty = text_of(a, x), text_of(b, y)
                cx, cy = meaning.loaded(tx), meaning.loaded(ty)
                cosine = meaning.cosine(tx, ty)
                features = (
                    cosine,
                    float(hx.pos == hy.pos),
                    len(_arguments(a, x) & _arguments(b, y)) / 2,
                    max(cx, cy),
                    abs(cx - cy),
                    float(hx.lemma in SAYING) + float(hy.lemma in SAYING),
                    float(hx.dep == "ROOT") + float(hy.dep == "ROOT"),
                    float(hx.pos == "VERB") + float(hy.pos == "VERB"),
                    abs(x[0] / len(a.tokens) - y[0] / len(b.tokens)),
                    cosine * max(cx, cy),
                )
                out.append(Candidate(self.kind, chars(a, x), chars(b, y), features))
        return out


def _arguments(s: SentenceAnalysis, tokens: Range) -> frozenset[str]:
    """Lemmas that the predicate governs, and what it modifies."""
    head = next(i for i in range(*tokens) if s.tokens[i] is head_of(s, tokens))
    own = {t.lemma for t in s.tokens if t.head == s.tokens[head].head or s.tokens[t.head] is s.tokens[head]}
    return frozenset(own & s.lemmas) | {s.tokens[s.tokens[head].head].lemma}
