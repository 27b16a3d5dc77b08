"""Trains the framing scorers: `python -m toolkit.training.framing ../shared/framediff`.

First the charge of a phrase (was it part of an annotated naming or wording difference, or another phrase of an aligned
sentence), then one logistic regression a kind over the candidates of the gold-aligned pairs: a candidate is right when
an annotated difference of that kind stands at the pair and touches its spans. Data: train.jsonl and train_full.jsonl.
"""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.align.trained import TrainedAligner
from toolkit.analyse import Analysis, SentenceAnalysis, SpacyAnalyser
from toolkit.encode import MiniLM
from toolkit.framing.base import Candidate, Meaning
from toolkit.framing.judge import DETECTORS
from toolkit.framing.omission import all_omissions
from toolkit.framing.phrases import MODELS, meaning_of, phrases_of
from toolkit.training.data import AnnotatedStory, read_stories
from toolkit.training.fit import fit


@dataclass(frozen=True)
class Pair:
    """A gold-aligned sentence pair with the differences annotated at it."""

    a: SentenceAnalysis
    b: SentenceAnalysis
    differences: tuple[dict[str, Any], ...]


def aligned_pairs(story: AnnotatedStory, analyses: Sequence[Analysis]) -> list[Pair]:
    """The gold-aligned pairs of a story, in a fixed order."""
    out = []
    for x, y in sorted(story.alignments):
        a, b = (analyses["ABC".index(n[0])].by_index.get(int(n[1:])) for n in (x, y))
        if a is None or b is None:  # boilerplate
            continue
        here = tuple(
            d if (d["a"], d["b"]) == (x, y) else {**d, "a_span": d["b_span"], "b_span": d["a_span"]}
            for d in story.differences
            if (d["a"], d["b"]) in {(x, y), (y, x)}
        )
        out.append(Pair(a, b, here))
    return out


def touches(candidate: Candidate, pair: Pair) -> bool:
    """True where an annotated difference of the candidate's kind shares a word with it on both sides."""
    sides = (pair.a, candidate.a), (pair.b, candidate.b)
    texts = [s.sentence.text[r[0] - s.sentence.start : r[1] - s.sentence.start] for s, r in sides]
    return any(
        d["kind"] == candidate.kind
        and _words(d["a_span"]) & _words(texts[0])
        and _words(d["b_span"]) & _words(texts[1])
        for d in pair.differences
    )


def _words(text: str | None) -> set[str]:
    return set(re.findall(r"\w+", (text or "").lower())) - {"the", "a", "of", "to", "in", "and"}


def train_charge(pairs: Sequence[Pair], encoder: MiniLM) -> None:
    """Fits and writes the phrase scorer."""
    marked: set[str] = set()
    plain: set[str] = set()
    for p in pairs:
        for s, other, side in ((p.a, p.b, "a_span"), (p.b, p.a, "b_span")):
            spans = [_words(d[side]) for d in p.differences if d["kind"] in {"naming", "wording", "stance"}]
            for text in phrases_of(s, other):
                words = _words(text)
                hit = any(words and len(words & w) / len(words) >= 0.5 for w in spans)
                (marked if hit else plain).add(text)
    texts = sorted(marked | plain)
    x = encoder.encode(texts).astype(np.float64)
    fit(x, np.array([t in marked for t in texts]), strength=0.003).save(MODELS / "charge.safetensors")


def main() -> None:
    """Trains and writes every framing scorer and says what it saw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    analyser, encoder = SpacyAnalyser(), MiniLM()
    pairs: list[Pair] = []
    silence: list[tuple[tuple[float, ...], bool]] = []
    stories = []
    for name in ("train.jsonl", "train_full.jsonl"):
        for story in read_stories(folder / name):
            analyses = [analyser.analyse(d) for d in story.documents]
            pairs += aligned_pairs(story, analyses)
            if name == "train_full.jsonl" and story.alignments:
                stories.append((story, analyses))
    train_charge(pairs, encoder)
    meaning = meaning_of(((p.a, p.b) for p in pairs), encoder=encoder)
    for detector in DETECTORS:
        train_kind(detector.kind, pairs, meaning)
    for story, analyses in stories:
        silence += told_alone(story, analyses, encoder)
    x, y = np.array([f for f, _ in silence]), np.array([t for _, t in silence])
    fit(x, y).save(MODELS / "omission.safetensors")
    print(f"omission: {len(y)} clauses, {y.sum()} annotated")


def train_kind(kind: str, pairs: Sequence[Pair], meaning: Meaning) -> None:
    """Fits and writes the scorer of one kind, and what its best score at a pair is worth."""
    detector = next(d for d in DETECTORS if d.kind == kind)
    proposed = [(p, [c for c in detector.candidates(p.a, p.b, meaning) if not c.prior]) for p in pairs]
    x = np.array([c.features for _, found in proposed for c in found])
    y = np.array([touches(c, p) for p, found in proposed for c in found])
    weights = fit(x, y)
    weights.save(MODELS / f"{kind}.safetensors")
    best = [(p, float(weights.score(np.array([c.features for c in found])).max())) for p, found in proposed if found]
    reported = np.array([any(d["kind"] == kind for d in p.differences) for p, _ in best])
    calibration = fit(np.array([[s] for _, s in best]), reported)
    calibration.save(MODELS / f"{kind}.calibration.safetensors")
    print(f"{kind}: {len(y)} candidates, {y.sum()} annotated; {len(best)} pairs, {reported.sum()} reported")


def told_alone(
    story: AnnotatedStory, analyses: Sequence[Analysis], encoder: MiniLM
) -> list[tuple[tuple[float, ...], bool]]:
    """Features and labels of every omission candidate of a story, under the aligner's own links."""
    rows = [encoder.encode([s.sentence.text for s in a.sentences]) for a in analyses]
    aligner = TrainedAligner()
    links = [k for k in aligner.links(analyses, rows) if k.probability >= aligner.threshold]
    gold = {d["a"] or d["b"] for d in story.differences if d["kind"] == "omission"}
    return [
        (o.features, f"{'AB'[i]}{o.sentence}" in gold)
        for i, _, found in all_omissions(analyses, rows=rows, links=links)
        for o in found
    ]


if __name__ == "__main__":
    main()
