"""From links to judged findings: every detector proposes, its trained weight says how sure, the unsure are left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic.dataclasses import dataclass as component

from toolkit.analyse import Analysis, SentenceAnalysis
from toolkit.encode import Encoder
from toolkit.errors import ModelError
from toolkit.framing.abstain import density, weighed
from toolkit.framing.attribution import Attribution
from toolkit.framing.base import Candidate, Detector, Meaning, Range
from toolkit.framing.certainty import Certainty
from toolkit.framing.figure import Figure
from toolkit.framing.naming import Naming
from toolkit.framing.omission import Silence, consequence, find_silences
from toolkit.framing.origins import origins_of
from toolkit.framing.phrases import MODELS, meaning_of
from toolkit.framing.quotation import Quotation
from toolkit.framing.stance import Stance, shared_targets
from toolkit.framing.survives import Report, source_dropped, survives
from toolkit.framing.weigh import Proposal, proposals
from toolkit.framing.wording import Wording
from toolkit.linear import LinearWeights
from toolkit.stance import lights
from toolkit.types import KINDS, Absence, Kind, Link, Targeted

if TYPE_CHECKING:
    from toolkit.framing.reader import DifferenceReader, PairReading

    Readings = tuple[PairReading, ...]

DETECTORS: Sequence[Detector] = (
    Naming(), Wording(), Attribution(), Quotation(), Certainty(), Figure(), Stance(),
)  # fmt: skip

READERS = ("reader.safetensors", "families.safetensors")  # trained on annotated stories; on sentence families too
COMPARED = frozenset({"figure", "attribution"})  # values, voices: what the detector is sure of needs no reader
STANCE_GAP = 0.4  # least difference of two lights, of 2, that is a stance
_Sided = TypeVar("_Sided", Candidate, Proposal)
_Worth = TypeVar("_Worth")
# Of differences: where precision and recall by kind meet on planted pairs (framediff-open, development part), and the
# F1 by kind on framediff does not rise any more; docs/framing.md has the curve.
THRESHOLDS: Mapping[Kind, float] = {**dict.fromkeys(KINDS, 0.27), "omission": 0.15}
RULES_THRESHOLDS: Mapping[Kind, float] = {**dict.fromkeys(KINDS, 0.12), "omission": 0.15}


@dataclass(frozen=True, slots=True)
class Finding:
    """A judged candidate: sides as (article, sentence, character range), and what it is worth."""

    kind: Kind
    sides: tuple[tuple[str, int, Range], ...]
    absent: tuple[Absence, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is proposed at two linked sentences: how sure it is by itself, and what its pattern deserves at least."""

    kind: Kind
    sides: tuple[tuple[str, int, Range], ...]
    confidence: float
    prior: float


def _over_defaults(given: Any, info: ValidationInfo) -> Any:
    return {**_defaults(info.data), **given} if isinstance(given, Mapping) else given


def _defaults(chosen: Mapping[str, Any]) -> dict[Kind, float]:
    return dict(RULES_THRESHOLDS if chosen.get("method") == "rules" else THRESHOLDS)


@component(frozen=True, config=ConfigDict(extra="forbid"))
class Framing:
    """Which kinds are looked for, and how sure each must be.

    Args:
        kinds: The kinds to look for.
        method: `trained` weighs what the detectors propose with what two difference readers
            (`toolkit.framing.reader`) say, which propose too; `rules` goes by the detectors alone, is faster, and shows
            far more that is not there (docs/framing.md).
        thresholds: Lowest confidence shown, by kind, in [0, 1]; a kind left out has its default for the
            method (THRESHOLDS, RULES_THRESHOLDS).
        omissions_per_article: At most this many omissions are kept for each article of the story.
        weights: Folder of difference readers trained by `toolkit.training.framing`; empty for those that ship.
    """

    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)] = KINDS
    method: Literal["rules", "trained"] = "trained"
    thresholds: Annotated[Mapping[Kind, Annotated[float, Field(ge=0, le=1)]], BeforeValidator(_over_defaults)] = Field(
        default_factory=_defaults
    )
    omissions_per_article: int = Field(default=3, ge=0, le=50)
    weights: str = ""

    @cached_property
    def _weights(self) -> dict[str, LinearWeights]:
        return {k: LinearWeights.load(MODELS / f"{k}.safetensors") for k in self.kinds}

    @cached_property
    def _rules(self) -> dict[str, LinearWeights]:
        return {k: LinearWeights.load(MODELS / f"{k}.rules.safetensors") for k in self.kinds if k != "omission"}

    @cached_property
    def _calibration(self) -> dict[str, LinearWeights]:
        return {k: LinearWeights.load(MODELS / f"{k}.calibration.safetensors") for k in self.kinds if k != "omission"}

    @cached_property
    def _abstention(self) -> LinearWeights:
        return LinearWeights.load(MODELS / "abstention.safetensors")

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
        return (
            *self._paired(analyses, links, threshold, encoder), *self._absent(analyses, rows, links, threshold)
        )  # fmt: skip

    def _paired(
        self, analyses: Sequence[Analysis], links: Sequence[Link], threshold: float, encoder: Encoder
    ) -> list[Finding]:
        by_id = {a.document.id: a for a in analyses}
        out = []
        for proposed, compared in self.proposed(analyses, links=links, threshold=threshold, encoder=encoder).values():
            sure = [p.confidence for p in proposed]
            if self.method == "trained":
                sure = weighed(sure, density(sure, compared), self._abstention)
            for p, reported in zip(proposed, sure, strict=True):
                confidence = round(max(reported, p.prior), 4)
                if confidence >= self.thresholds[p.kind]:
                    out.append(Finding(p.kind, p.sides, (), confidence))
        return [f for f, held in zip(out, self._held(out, by_id), strict=True) if held]

    def proposed(
        self, analyses: Sequence[Analysis], *, links: Sequence[Link], threshold: float, encoder: Encoder
    ) -> dict[tuple[str, str], tuple[list[Weighed], int]]:  # fmt: skip
        """Between any two linked articles, what is proposed and how many pairs of sentences were compared.

        Args:
            analyses: One an article.
            links: Between sentences of different articles, weak ones too.
            threshold: Lowest probability of a link that stands without a difference.
            encoder: For the phrases inside linked sentences.
        """
        by_id = {a.document.id: a for a in analyses}
        reports = {a.document.id: Report(a) for a in analyses}
        pairs = []
        for k in links:
            a, b = by_id[k.a.article].by_index[k.a.index], by_id[k.b.article].by_index[k.b.index]
            # A report that also carries the other's very sentence does not differ from it there, but in who says it.
            same = a.plain in by_id[k.b.article].plain or b.plain in by_id[k.a.article].plain
            both = reports[k.a.article], reports[k.b.article]
            if not same or source_dropped((a, b), both):
                pairs.append((k, (a, b), both, {*self.kinds} & {"attribution"} if same else {*self.kinds}))
        strong = [n for n, (k, *_) in enumerate(pairs) if k.probability >= threshold]
        meaning = meaning_of((pairs[n][1] for n in strong), encoder=encoder)
        readings = dict(zip(strong, self._readings([pairs[n][1] for n in strong]), strict=True))
        out: dict[tuple[str, str], tuple[list[Weighed], int]] = {}
        for n, (k, pair, both, kinds) in enumerate(pairs):
            weak = k.probability < threshold
            between = k.a.article, k.b.article
            found, compared = out.get(between, ([], 0))
            for detector in DETECTORS:
                if detector.kind in kinds and (detector.vouches or not weak):
                    found += self._at(detector, k, pair, both, meaning, readings.get(n, ()), weak)
            out[between] = found, compared + (not weak)
        return out

    def _at(
        self, detector: Detector, link: Link, pair: tuple[SentenceAnalysis, SentenceAnalysis],
        reports: tuple[Report, Report], meaning: Meaning, readings: "Readings", weak: bool,
    ) -> Iterator[Weighed]:  # fmt: skip
        """What is proposed of one kind at one pair of sentences."""
        a, b = pair
        rules = [
            c for c in detector.candidates(a, b, meaning)
            if (c.prior or not weak) and survives(detector.kind, (a, c.a), (b, c.b), reports)
        ]  # fmt: skip
        found = self._judged(detector.kind, rules, readings, a, b)
        found = [(p, r) for p, r in found if survives(detector.kind, (a, p.a), (b, p.b), reports)]
        for p, reported in _apart(sorted(found, key=lambda f: (-f[0].prior, -f[1], f[0].a, f[0].b))):
            sides = (link.a.article, link.a.index, p.a), (link.b.article, link.b.index, p.b)
            # A textbook difference also vouches for the link that it stands at.
            prior = p.prior * min(1.0, link.probability + 0.4)
            yield Weighed(detector.kind, sides, reported * link.probability, prior)

    def _held(self, findings: Sequence[Finding], by_id: Mapping[str, Analysis]) -> list[bool]:
        """Whether each finding stands: one of stance only where someone both name is in another light."""
        asked: list[Targeted] = []
        places: list[list[tuple[int, int]]] = []
        for f in findings:
            places.append([])
            if f.kind == "stance":
                (a, i, _), (b, j, _) = f.sides
                for x, y in shared_targets(by_id[a].by_index[i], by_id[b].by_index[j]):
                    places[-1].append((len(asked), len(asked) + 1))
                    asked += [x, y]
        light = lights(asked) if asked else ()
        return [
            f.kind != "stance" or any(abs(light[x] - light[y]) >= STANCE_GAP for x, y in some)
            for f, some in zip(findings, places, strict=True)
        ]

    def _readings(self, pairs: Sequence[tuple[SentenceAnalysis, SentenceAnalysis]]) -> "Sequence[Readings]":
        if self.method == "rules" or not pairs:
            return [()] * len(pairs)
        texts = [(a.sentence.text, b.sentence.text) for a, b in pairs]
        readers = readers_in(Path(self.weights).expanduser() if self.weights else MODELS)
        return list(zip(*(reader.read(texts) for reader in readers), strict=True))

    def _judged(
        self, kind: Kind, candidates: Sequence[Candidate], readings: "Readings",
        a: SentenceAnalysis, b: SentenceAnalysis,
    ) -> list[tuple[Proposal, float]]:  # fmt: skip
        """What is proposed at a pair, each with the confidence that an analyst reports it there."""
        rules = rule_confidence(candidates, self._weights[kind], self._rules[kind])
        if not readings:
            return [(Proposal(c.a, c.b, (), c.prior), sure) for c, sure in rules]
        proposed = proposals(kind, rules, readings, a, b)
        if not proposed:
            return []
        sure = np.round(self._calibration[kind].probability(np.array([p.features for p in proposed])), 6)
        if kind in COMPARED:
            known = {(c.a, c.b): s for c, s in rules}
            sure = np.maximum(sure, [known.get((p.a, p.b), 0.0) for p in proposed])
        return list(zip(proposed, sure.tolist(), strict=True))

    def _absent(
        self, analyses: Sequence[Analysis], rows: Sequence[NDArray[np.float32]], links: Sequence[Link], threshold: float
    ) -> list[Finding]:
        if "omission" not in self.kinds:
            return []
        silences = find_silences(
            analyses, rows=rows, links=links, threshold=threshold, weights=self._weights["omission"]
        )
        shown = [s for s in silences if s.confidence >= self.thresholds["omission"]]
        told: dict[tuple[str, int], list[Silence]] = {}
        for s in shown:
            told.setdefault((s.article, s.omission.sentence), []).append(s)
        by_id = {a.document.id: a for a in analyses}
        origin = dict(zip(by_id, origins_of(analyses), strict=True))
        ranked = []
        for (article, index), found in told.items():
            sentence = by_id[article].by_index[index]
            surest = max(found, key=lambda s: s.confidence)
            mean = round(fsum(s.confidence for s in found) / len(found), 4)
            finding = Finding(
                "omission", ((article, index, surest.omission.span),), tuple(s.absence for s in found), mean
            )
            silent = len({origin[s.absence.article] for s in found})  # copies of one report are silent once
            ranked.append((-consequence(sentence) * mean * (1 + silent), sentence.sentence.text, index, finding))
        ranked.sort(key=lambda r: r[:3])
        return [r[3] for r in ranked][: self.omissions_per_article * len(set(origin.values()))]


@lru_cache(maxsize=2)
def readers_in(folder: Path) -> "tuple[DifferenceReader, ...]":
    """The readers of a folder, loaded once.

    Raises:
        ModelError: If one is missing.
    """
    from toolkit.framing.reader import DifferenceReader

    if missing := [name for name in READERS if not (folder / name).exists()]:
        raise ModelError(f"framing: no {missing[0]} in {folder}; write it with: python -m toolkit.training.framing")
    return tuple(DifferenceReader.load(folder / name) for name in READERS)


def rule_confidence(
    candidates: Sequence[Candidate], weights: LinearWeights, rules: LinearWeights
) -> list[tuple[Candidate, float]]:
    """A detector's likeliest two candidates that do not overlap, each with the confidence that an analyst reports it.

    Args:
        candidates: Of one kind, at one pair.
        weights: Which candidate is right.
        rules: What that score is worth.
    """
    if not candidates:
        return []
    score = np.round(weights.score(np.array([c.features for c in candidates])), 6)
    order = sorted(range(len(candidates)), key=lambda i: (-candidates[i].prior, -score[i], i))
    kept = _apart([(candidates[n], score[n : n + 1]) for n in order])
    return [(c, max(rules.probability(s).item(), c.prior)) for c, s in kept]


def _apart(ordered: Sequence[tuple[_Sided, _Worth]]) -> list[tuple[_Sided, _Worth]]:
    """The first two that do not overlap, each with its worth."""
    kept: list[tuple[_Sided, _Worth]] = []
    for c, worth in ordered:
        if len(kept) < 2 and not any(_overlap(c.a, k.a) or _overlap(c.b, k.b) for k, _ in kept):
            kept.append((c, worth))
    return kept


def _overlap(x: Range, y: Range) -> bool:
    return x[0] < y[1] and y[0] < x[1]
