"""naming: one referent called by words of different evaluation ("invasion" / "conflict").

Noun phrases of two aligned sentences are paired by meaning, parse role and shared context; what counts as evaluative is
learned (toolkit/training/framing.py), not listed.
"""

from dataclasses import dataclass
from typing import ClassVar

from toolkit.analyse import SentenceAnalysis
from toolkit.framing.base import TEXTBOOK, Candidate, Meaning, Range, chars, head_of, text_of, unmatched
from toolkit.types import Kind


@dataclass(frozen=True)
class Naming:
    """Pairs unlike noun phrases; features: cosine, role, governor, shared words, charges, names, size.

    Textbook: the same about something with a name, but for the head word ("ongoing invasion of Ukraine", "ongoing
    conflict in Ukraine").
    """

    kind: ClassVar[Kind] = "naming"
    vouches: ClassVar[bool] = True

    def candidates(self, a: SentenceAnalysis, b: SentenceAnalysis, meaning: Meaning) -> list[Candidate]:
        """See `Detector.candidates`."""
        out = []
        left, right = unmatched(a.noun_phrases, a, b), unmatched(b.noun_phrases, b, a)
        for x in left:
            for y in right:
                tx, ty = text_of(a, x), text_of(b, y)
                cosine = meaning.cosine(tx, ty)
                hx, hy = head_of(a, x), head_of(b, y)
                wx = {t.lemma for t in a.tokens[x[0] : x[1]]}
                wy = {t.lemma for t in b.tokens[y[0] : y[1]]}
                shared = len((wx & wy) - {"the", "of", "in"}) / max(min(len(wx), len(wy)), 1)
                cx, cy = meaning.loaded(tx), meaning.loaded(ty)
                features = (
                    cosine,
                    float(hx.dep == hy.dep),
                    float(a.tokens[hx.head].lemma == b.tokens[hy.head].lemma),
                    shared,
                    max(cx, cy),
                    abs(cx - cy),
                    float(hx.pos == "PROPN") + float(hy.pos == "PROPN"),
                    float(bool(hx.entity) or bool(hy.entity)),
                    float(hx.lemma == hy.lemma),
                    min(x[1] - x[0], y[1] - y[0]) / 5,
                    abs(x[0] / len(a.tokens) - y[0] / len(b.tokens)),
                    cosine * max(cx, cy),
                )
                prior = TEXTBOOK if _only_the_head(a, x, b, y) else 0.0
                out.append(Candidate(self.kind, chars(a, x), chars(b, y), features, prior))
        return out


def _only_the_head(a: SentenceAnalysis, x: Range, b: SentenceAnalysis, y: Range) -> bool:
    """Whether two phrases differ in their head nouns alone: the rest agrees, two content words or more, one a name."""
    hx, hy = head_of(a, x), head_of(b, y)
    if hx.pos != "NOUN" or hy.pos != "NOUN" or hx.lemma == hy.lemma:
        return False
    rest = [
        {t.lemma for t in s.tokens[slice(*r)] if t.content and t is not head} for s, r, head in ((a, x, hx), (b, y, hy))
    ]
    shared = rest[0] & rest[1]
    named = {t.lemma for t in a.tokens[slice(*x)] if t.pos == "PROPN"}
    return len(shared) >= 2 and shared in (rest[0], rest[1]) and bool(shared & named)
