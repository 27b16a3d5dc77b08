"""quotation: quoted in full on one side; cut, paraphrased, scare-quoted or left out on the other."""

from dataclasses import dataclass
from typing import ClassVar

from toolkit.analyse import SentenceAnalysis
from toolkit.framing.base import Candidate, Meaning, Range, chars, clause
from toolkit.types import Kind


@dataclass(frozen=True)
class Quotation:
    """One candidate a quotation; features: share of its words on the other side, there quoted or not, length."""

    kind: ClassVar[Kind] = "quotation"
    vouches: ClassVar[bool] = False

    def candidates(self, a: SentenceAnalysis, b: SentenceAnalysis, meaning: Meaning) -> list[Candidate]:
        """See `Detector.candidates`."""
        out = [Candidate(self.kind, x, y, f) for x, y, f in _one_way(a, b)]
        seen = {(c.a, c.b) for c in out}
        out += [Candidate(self.kind, y, x, f) for x, y, f in _one_way(b, a) if (y, x) not in seen]
        return out


def _words(s: SentenceAnalysis, span: Range) -> frozenset[str]:
    return frozenset(t.lemma for t in s.tokens if t.content and span[0] <= t.start < span[1])


def _one_way(a: SentenceAnalysis, b: SentenceAnalysis) -> list[tuple[Range, Range, tuple[float, ...]]]:
    out: list[tuple[Range, Range, tuple[float, ...]]] = []
    for quote in a.quotes:
        words = _words(a, quote)
        if not words or not b.tokens:
            continue
        twin = max(b.quotes, key=lambda q: len(words & _words(b, q)), default=None)
        theirs = _words(b, twin) if twin else frozenset()
        if twin and theirs == words:
            continue
        said = len(words & b.lemmas) / len(words)
        quoted = len(words & theirs) / len(words)
        cut = len(theirs - words) / max(len(theirs), 1)
        place = twin if twin and words & theirs else _echo(b, words)
        features = (
            said,
            quoted,
            said - quoted,
            float(bool(b.quotes)),
            float(len(words) <= 2),
            min(len(words), 12) / 12,
            cut,
            quoted * min(len(words ^ theirs), 8) / 8,
            float(a.cue >= 0),
            float(b.cue >= 0),
        )
        out.append((quote, place, features))
    return out


def _echo(s: SentenceAnalysis, words: frozenset[str]) -> Range:
    """The stretch of a sentence that repeats the words unquoted, else its main clause."""
    hits = [i for i, t in enumerate(s.tokens) if t.content and t.lemma in words]
    return chars(s, (hits[0], hits[-1] + 1)) if hits else chars(s, clause(s))
