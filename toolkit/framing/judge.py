"""From links to judged findings: every detector proposes, its trained weight says how sure, the unsure are left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass as component

from toolkit.analyse import Analysis, SentenceAnalysis
from toolkit.encode import Encoder
from toolkit.framing.attribution import Attribution
from toolkit.framing.base import Candidate, Detector, Range
from toolkit.framing.certainty import Certainty
from toolkit.framing.figure import Figure
from toolkit.framing.naming import Naming
from toolkit.framing.omission import Silence, consequence, find_silences
from toolkit.framing.phrases import MODELS, meaning_of
from toolkit.framing.quotation import Quotation
from toolkit.framing.same import plain, spoken
from toolkit.framing.stance import Stance
from toolkit.framing.wording import Wording
from toolkit.linear import LinearWeights
from toolkit.types import KINDS, Kind, Link

DETECTORS: Sequence[Detector] = (
    Naming(), Wording(), Attribution(), Quotation(), Certainty(), Figure(), Stance(),
)  # fmt: skip


# Of differences, the best F1 by kind over the whole articles of the training stories, linked by weights of other folds.
THRESHOLDS: Mapping[Kind, float] = {**dict.fromkeys(KINDS, 0.08), "omission": 0.15}


@dataclass(frozen=True, slots=True)
class Finding:
    """A judged candidate: sides as (article, sentence, character range), and what it is worth."""

    kind: Kind
    sides: tuple[tuple[str, int, Range], ...]
    absent: tuple[str, ...]
    confidence: float


def _over_defaults(given: Any) -> Any:
    return {**THRESHOLDS, **given} if isinstance(given, Mapping) else given


@component(frozen=True, config=ConfigDict(extra="forbid"))
class Framing:
    """Which kinds are looked for, and how sure each must be.

    Args:
        kinds: The kinds to look for.
        thresholds: Lowest confidence shown, by kind, in [0, 1]; a kind left out has its default (THRESHOLDS).
        omissions_per_article: At most this many omissions are kept for each article of the story.
    """

    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)] = KINDS
    thresholds: Annotated[Mapping[Kind, Annotated[float, Field(ge=0, le=1)]], BeforeValidator(_over_defaults)] = Field(
        default_factory=lambda: dict(THRESHOLDS)
    )
    omissions_per_article: int = Field(default=3, ge=0, le=50)

    @cached_property
    def _weights(self) -> dict[str, LinearWeights]:
        return {k: LinearWeights.load(MODELS / f"{k}.safetensors") for k in self.kinds}

    @cached_property
    def _calibration(self) -> dict[str, LinearWeights]:
        return {k: LinearWeights.load(MODELS / f"{k}.calibration.safetensors") for k in self.kinds if k != "omission"}

    def judge(
        self, analyses: Sequence[Analysis], *, rows: Sequence[NDArray[np.float32]], links: Sequence[Link],
        threshold: float, encoder: Encoder,
    ) -> tuple[Finding, ...]:  # fmt: skip
        """All findings of a story, in no order.

        Args:
            analyses: One an article.
            rows: One an article: its sentence vectors, shape (n_sentences, dim).
            links: Between sentences of different articles, weak ones too.
            threshold: Lowest probability of a link that stands without a difference.
            encoder: For the phrases inside linked sentences.
        """
        strong = [k for k in links if k.probability >= threshold]
        return (*self._paired(analyses, links, threshold, encoder), *self._absent(analyses, rows, strong))

    def _paired(
        self, analyses: Sequence[Analysis], links: Sequence[Link], threshold: float, encoder: Encoder
    ) -> list[Finding]:
        by_id = {a.document.id: a for a in analyses}
        said = {a.document.id: spoken(a) for a in analyses}
        used = {a.document.id: frozenset().union(*(s.lemmas for s in a.sentences)) for a in analyses}
        pairs = []
        for k in links:
            a, b = by_id[k.a.article].by_index[k.a.index], by_id[k.b.article].by_index[k.b.index]
            # A report that also carries the other's very sentence does not differ from it there.
            if plain(a.sentence.text) in said[k.b.article] or plain(b.sentence.text) in said[k.a.article]:
                continue
            pairs.append((k, a, b))
        meaning = meaning_of(((a, b) for k, a, b in pairs if k.probability >= threshold), encoder=encoder)
        out = []
        for k, a, b in pairs:
            weak = k.probability < threshold
            for detector in DETECTORS:
                if detector.kind not in self.kinds or (weak and not detector.vouches):
                    continue
                proposed = [c for c in detector.candidates(a, b, meaning) if c.prior or not weak]
                if detector.kind in {"naming", "wording"}:
                    in_a, in_b = used[k.a.article], used[k.b.article]
                    proposed = [c for c in proposed if not _both_say_both(c, a, b, in_a, in_b)]
                for c, confidence in self._best(proposed, k.probability):
                    if confidence >= self.thresholds[detector.kind]:
                        sides = (k.a.article, k.a.index, c.a), (k.b.article, k.b.index, c.b)
                        out.append(Finding(detector.kind, sides, (), confidence))
        return out

    def _best(self, candidates: Sequence[Candidate], probability: float) -> list[tuple[Candidate, float]]:
        """The likeliest two candidates that do not overlap, each with the confidence that an analyst reports it."""
        if not candidates:
            return []
        kind = candidates[0].kind
        judged = np.round(self._weights[kind].score(np.array([c.features for c in candidates])), 6)
        kept: list[tuple[Candidate, float]] = []
        for n in sorted(range(len(candidates)), key=lambda i: (-candidates[i].prior, -judged[i], i)):
            c = candidates[n]
            if any(_overlap(c.a, k.a) or _overlap(c.b, k.b) for k, _ in kept):
                continue
            reported = self._calibration[kind].probability(judged[n : n + 1]).item()
            # A textbook difference also vouches for the link that it stands at.
            confidence = max(reported * probability, c.prior * min(1.0, probability + 0.4))
            kept.append((c, round(confidence, 4)))
            if len(kept) == 2:
                break
        return kept

    def _absent(
        self, analyses: Sequence[Analysis], rows: Sequence[NDArray[np.float32]], links: Sequence[Link]
    ) -> list[Finding]:
        if "omission" not in self.kinds:
            return []
        silences = find_silences(analyses, rows=rows, links=links, weights=self._weights["omission"])
        shown = [s for s in silences if s.confidence >= self.thresholds["omission"]]
        told: dict[tuple[str, int], list[Silence]] = {}
        for s in shown:
            told.setdefault((s.article, s.omission.sentence), []).append(s)
        by_id = {a.document.id: a for a in analyses}
        ranked = []
        for (article, index), found in told.items():
            sentence = by_id[article].by_index[index]
            surest = max(found, key=lambda s: s.confidence)
            mean = round(fsum(s.confidence for s in found) / len(found), 4)
            finding = Finding(
                "omission", ((article, index, surest.omission.span),), tuple(s.absent for s in found), mean
            )
            rank = consequence(sentence) * mean * (1 + len(found))
            ranked.append((-rank, sentence.sentence.text, index, finding))
        ranked.sort(key=lambda r: r[:3])
        return [r[3] for r in ranked][: self.omissions_per_article * len(analyses)]


def _both_say_both(
    c: Candidate, a: SentenceAnalysis, b: SentenceAnalysis, in_a: frozenset[str], in_b: frozenset[str]
) -> bool:
    """True where each report also uses the other's words: then the two do not differ in using them."""
    x, y = (
        {t.lemma for t in s.tokens if t.content and r[0] <= t.start < r[1]} for s, r in ((a, c.a), (b, c.b))
    )  # fmt: skip
    return x <= in_b and y <= in_a


def _overlap(x: Range, y: Range) -> bool:
    return x[0] < y[1] and y[0] < x[1]
