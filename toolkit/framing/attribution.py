"""attribution: stated as fact on one side and attributed on the other, or attributed to different sources.

Source and cue come from the parse (saying verbs with their subjects, `according to`), after the source-cue-content
scheme of PARC and PolNeAR.
"""

from dataclasses import dataclass
from typing import ClassVar

from toolkit.analyse import SentenceAnalysis
from toolkit.framing.base import Candidate, Meaning, Range, chars, clause, text_of
from toolkit.types import Kind


@dataclass(frozen=True)
class Attribution:
    """At most one candidate a pair; features: attributed on one or both sides, likeness of sources, names, quotes."""

    kind: ClassVar[Kind] = "attribution"
    vouches: ClassVar[bool] = False

    def candidates(self, a: SentenceAnalysis, b: SentenceAnalysis, meaning: Meaning) -> list[Candidate]:
        """See `Detector.candidates`."""
        if not a.tokens or not b.tokens or (a.cue < 0 and b.cue < 0):
            return []
        both = a.cue >= 0 and b.cue >= 0
        sx, sy = _source(a), _source(b)
        if both and (sx.lower() == sy.lower() or not sx or not sy):
            return []
        shared = len(a.lemmas & b.lemmas) / max(min(len(a.lemmas), len(b.lemmas)), 1)
        told = (a, b) if a.cue >= 0 else (b, a)
        source_known = bool(told[0].source) and bool(_names(told[0]) & told[1].names)
        features = (
            float(both),
            meaning.cosine(sx, sy) if both else 0.0,
            shared,
            float(bool(_names(a))) + float(bool(_names(b))),
            float(source_known),
            float(bool(a.quotes)) + float(bool(b.quotes)),
            float(told[0].cue >= 0 and told[0].tokens[told[0].cue].lemma == "say"),
            float(bool(a.quotes) != bool(b.quotes)),
        )
        return [Candidate(self.kind, _span(a), _span(b), features)]


def _source(s: SentenceAnalysis) -> str:
    return text_of(s, s.source) if s.source else ""


def _names(s: SentenceAnalysis) -> set[str]:
    return {t.text.lower() for t in s.tokens[slice(*s.source)] if t.pos == "PROPN"} if s.source else set()


def _span(s: SentenceAnalysis) -> Range:
    """Source and cue where they stand together, else the cue alone; the clause where nothing is attributed."""
    if s.cue < 0:
        return chars(s, clause(s))
    start, end = s.cue, s.cue + 1
    if s.source and max(abs(s.source[0] - s.cue), abs(s.source[1] - s.cue)) <= 14:
        start, end = min(start, s.source[0]), max(end, s.source[1])
    return chars(s, (start, end))
