"""From links to judged findings: every detector proposes, its trained weight says how sure, the unsure are left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass as component

from toolkit.analyse import Analysis, SentenceAnalysis
from toolkit.encode import Encoder
from toolkit.framing.attribution import Attribution
from toolkit.framing.base import Candidate, Detector, Range
from toolkit.framing.certainty import Certainty
from toolkit.framing.figure import Figure
from toolkit.framing.naming import Naming
from toolkit.framing.omission import omissions
from toolkit.framing.phrases import MODELS, meaning_of
from toolkit.framing.quotation import Quotation
from toolkit.framing.stance import Stance
from toolkit.framing.wording import Wording
from toolkit.linear import LinearWeights
from toolkit.types import KINDS, Kind, Link

DETECTORS: Sequence[Detector] = (
    Naming(), Wording(), Attribution(), Quotation(), Certainty(), Figure(), Stance(),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """A judged candidate: sides as (article, sentence, character range), and what it is worth."""

    kind: Kind
    sides: tuple[tuple[str, int, Range], ...]
    absent: tuple[str, ...]
    confidence: float


@component(frozen=True, config=ConfigDict(extra="forbid"))
class Framing:
    """Which kinds are looked for, and how sure each must be.

    Args:
        kinds: The kinds to look for.
        thresholds: Lowest confidence shown, by kind.
        omissions_per_article: At most this many omissions are kept for each article of the story.
    """

    kinds: tuple[Kind, ...] = KINDS
    thresholds: Mapping[Kind, float] = Field(
        default_factory=lambda: {**dict.fromkeys(KINDS, 0.15), "attribution": 0.12}
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
        sayings = {a.document.id: {_plain(s.sentence.text) for s in a.sentences} for a in analyses}
        used = {a.document.id: frozenset().union(*(s.lemmas for s in a.sentences)) for a in analyses}
        pairs = []
        for k in links:
            a, b = by_id[k.a.article].sentences[k.a.index], by_id[k.b.article].sentences[k.b.index]
            # A report that also carries the other's very sentence does not differ from it there.
            if _plain(a.sentence.text) in sayings[k.b.article] or _plain(b.sentence.text) in sayings[k.a.article]:
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
                    if confidence >= self.thresholds.get(detector.kind, 0.5):
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
            reported = max(reported, c.prior)
            kept.append((c, round(reported * min(1.0, probability + 0.4), 4)))
            if len(kept) == 2:
                break
        return kept

    def _absent(
        self, analyses: Sequence[Analysis], rows: Sequence[NDArray[np.float32]], links: Sequence[Link]
    ) -> list[Finding]:
        if "omission" not in self.kinds or len(analyses) < 2:
            return []
        stacked = np.vstack(rows).astype(np.float64)
        centred = stacked - stacked.mean(axis=0)
        centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
        at = np.cumsum([0, *(len(r) for r in rows)])
        found: dict[tuple[str, int], list[tuple[str, Range, float]]] = {}
        for i, told in enumerate(analyses):
            for j, other in enumerate(analyses):
                if i == j:
                    continue
                cosines = centred[at[i] : at[i + 1]] @ centred[at[j] : at[j + 1]].T
                linked = _partners(links, told.document.id, other.document.id)
                options = omissions(told, other, rows=rows[i], cosines=cosines, linked=linked)
                if not options:
                    continue
                judged = self._weights["omission"].probability(np.array([o.features for o in options]))
                said = {_plain(s.sentence.text) for s in other.sentences}
                for o, p in zip(options, judged, strict=True):
                    if _plain(told.sentences[o.sentence].sentence.text) in said:
                        continue
                    place = told.document.id, o.sentence
                    found.setdefault(place, []).append((other.document.id, o.span, round(float(p), 4)))
        kept = [
            Finding("omission", ((article, index, max(spots, key=lambda x: x[2])[1]),), tuple(x[0] for x in strong),
                    round(sum(x[2] for x in strong) / len(strong), 4))
            for (article, index), spots in found.items()
            if (strong := [x for x in spots if x[2] >= self.thresholds.get("omission", 0.5)])
        ]  # fmt: skip
        by_id = {a.document.id: a for a in analyses}
        texts = {(a.document.id, s.sentence.index): s.sentence.text for a in analyses for s in a.sentences}
        kept.sort(
            key=lambda f: (
                -_consequence(f, by_id) * f.confidence * (1 + len(f.absent)),
                texts[f.sides[0][:2]],
                f.sides[0][1],
            )
        )
        return kept[: self.omissions_per_article * len(analyses)]


def _consequence(f: Finding, by_id: Mapping[str, Analysis]) -> float:
    """How much more a denial by a source weighs than another silence when only so many can be shown."""
    article, index, _ = f.sides[0]
    s = by_id[article].sentences[index]
    denied = any(t.dep == "neg" or t.lemma in {"no", "deny", "reject"} for t in s.tokens)
    return 1.5 if s.cue >= 0 and denied else 1.0


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


def _plain(text: str) -> str:
    return " ".join("".join(c for c in text.lower() if c.isalnum() or c.isspace()).split())


def _partners(links: Sequence[Link], told: str, other: str) -> dict[int, tuple[int, ...]]:
    out: dict[int, tuple[int, ...]] = {}
    for k in links:
        for x, y in ((k.a, k.b), (k.b, k.a)):
            if x.article == told and y.article == other:
                out[x.index] = (*out.get(x.index, ()), y.index)
    return out
