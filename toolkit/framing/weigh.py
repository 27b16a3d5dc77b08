"""What detectors and the reader propose at a pair of sentences, as numbers that one weight a kind judges."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from toolkit.analyse import SentenceAnalysis
from toolkit.framing.base import Candidate, Range
from toolkit.types import KINDS, Kind

if TYPE_CHECKING:
    from toolkit.framing.reader import PairReading

READ: tuple[Kind, ...] = tuple(k for k in KINDS if k != "omission")  # the order of the reader's head
FEATURES = (
    "rule", "best_rule",
    *(f"{reader}_{what}" for reader in ("stories", "families") for what in (
        "own", "pair", "tags_mean", "tags_weaker_mean", "tags_top", "tags_weaker_top", "any_kind",
    )),
)  # fmt: skip
_NO_RULE = -7.0
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A possible difference, whoever proposes it.

    Args:
        a: Character range in the one article.
        b: Character range in the other.
        features: In the order of FEATURES.
        prior: Confidence that the pattern deserves by itself; 0 for none.
    """

    a: Range
    b: Range
    features: tuple[float, ...]
    prior: float


def proposals(
    kind: Kind, rules: Sequence[tuple[Candidate, float]], readings: Sequence["PairReading"],
    a: SentenceAnalysis, b: SentenceAnalysis,
) -> list[Proposal]:  # fmt: skip
    """The detector's candidates with how sure it is of each, and each reader's own, where its words differ.

    Args:
        kind: The kind.
        rules: The detector's candidates, each with its confidence.
        readings: What each reader says of the two sentences.
        a: The one sentence.
        b: The other.
    """
    n = READ.index(kind)
    sure = [_log_odds(confidence) for _, confidence in rules]
    best = max(sure, default=_NO_RULE)
    starts = a.sentence.start, b.sentence.start

    def made(x: Range, y: Range, rule: float, own: int | None, prior: float) -> Proposal:
        numbers = [rule, best]
        for k, reading in enumerate(readings):
            found = [
                side.inside((r[0] - start, r[1] - start), n)
                for side, r, start in zip((reading.a, reading.b), (x, y), starts, strict=True)
            ]
            means, tops = [float(f.mean()) for f in found], [float(f.max()) for f in found]
            numbers += [float(own == k), float(reading.kinds[n]), sum(means), min(means), sum(tops), min(tops)]
            numbers.append(float(reading.kinds.max()))
        return Proposal(x, y, tuple(numbers), prior)

    out = [made(c.a, c.b, s, None, c.prior) for (c, _), s in zip(rules, sure, strict=True)]
    for k, reading in enumerate(readings):
        spans = reading.a.span(n), reading.b.span(n)
        if spans[0] and spans[1]:
            x, y = ((r[0] + start, r[1] + start) for r, start in zip(spans, starts, strict=True) if r)
            if _words(a, x) != _words(b, y):
                out.append(made(x, y, _NO_RULE, k, 0.0))
    return out


def _words(s: SentenceAnalysis, span: Range) -> set[str]:
    return set(_WORD.findall(s.sentence.text[span[0] - s.sentence.start : span[1] - s.sentence.start].lower()))


def _log_odds(p: float) -> float:
    p = float(np.clip(p, 1e-3, 1 - 1e-3))
    return float(np.log(p / (1 - p)))
