"""Trains the framing scorers.

python -m toolkit.training.framing --stories ../shared/framediff --out runs/framing reader --fold 0     (then all)
python -m toolkit.training.framing --stories ../shared/framediff --out runs/framing families --fold 0   (then all)
python -m toolkit.training.framing --stories ../shared/framediff --out runs/framing scorers --aligners runs/align

`reader` trains the difference reader (`toolkit.framing.reader`) on the annotated stories outside a fold, `all` on all;
`families` trains a second one on them and on the sentence families (`toolkit.training.families`) together.
`scorers` fits the charge of a phrase (was it part of an annotated naming or wording difference, or another phrase of an
aligned sentence); one logistic regression a kind over the candidates of the aligned pairs, where a candidate is right
when an annotated difference of that kind stands at the pair and touches its spans; and one a kind that weighs the
detector with the readers, over the pairs of those folds whose readers have not seen them. Data: train.jsonl,
train_full.jsonl, and the families.
"""

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.align.trained import TrainedAligner
from toolkit.analyse import Analysis, SentenceAnalysis, SpacyAnalyser
from toolkit.encode import MiniLM
from toolkit.errors import SourceError
from toolkit.framing.base import Detector, Meaning, Range
from toolkit.framing.judge import DETECTORS, READERS, rule_confidence
from toolkit.framing.omission import all_omissions
from toolkit.framing.phrases import MODELS, meaning_of, phrases_of
from toolkit.framing.weigh import READ, proposals
from toolkit.training.data import AnnotatedStory, read_stories
from toolkit.training.families import Family, read_families
from toolkit.training.fit import fit
from toolkit.training.folds import ALL, FOLDS, add_fold, fold_folder, fold_of, save_tensors
from toolkit.types import Document, Kind

if TYPE_CHECKING:
    from toolkit.framing.reader import PairReading


EPOCHS = {"reader": 4, "families": 3}  # of each step that trains a reader


@dataclass(frozen=True)
class Pair:
    """A gold-aligned sentence pair with the differences annotated at it."""

    a: SentenceAnalysis
    b: SentenceAnalysis
    differences: tuple[dict[str, Any], ...]
    fold: int


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
        out.append(Pair(a, b, here, fold_of(story.fold)))
    return out


def family_pairs(family: Family, analyser: SpacyAnalyser) -> list[Pair]:
    """The pairs of a family, that without a difference twice, since there are four with one."""
    told = analyser.analyse(Document.from_sentences(family.tellings, article_id=family.id)).by_index
    pairs = [Pair(told[i], told[j], found, fold_of(family.id)) for i, j, found in family.pairs]
    return [pairs[0], *pairs]


def touches(kind: Kind, a: Range, b: Range, pair: Pair) -> bool:
    """True where an annotated difference of the kind shares a word with these character ranges on both sides."""
    sides = (pair.a, a), (pair.b, b)
    texts = [s.sentence.text[r[0] - s.sentence.start : r[1] - s.sentence.start] for s, r in sides]
    return any(
        d["kind"] == kind and _words(d["a_span"]) & _words(texts[0]) and _words(d["b_span"]) & _words(texts[1])
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


def main(argv: Sequence[str] | None = None) -> None:
    """Runs one step of the recipe."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=Path, required=True, help="folder with train.jsonl and train_full.jsonl")
    parser.add_argument("--out", type=Path, default=Path("runs/framing"), help="folder of the readers of each fold")
    steps = parser.add_subparsers(dest="step", required=True)
    for name, epochs in EPOCHS.items():
        reader = steps.add_parser(name)
        add_fold(reader)
        reader.add_argument("--epochs", type=int, default=epochs, help="times over the pairs")
    scorers = steps.add_parser("scorers")
    scorers.add_argument("--aligners", type=Path, default=Path("runs/align"), help="the aligners of each fold")
    args = parser.parse_args(argv)
    analyser = SpacyAnalyser()
    leads, whole = (
        [(s, [analyser.analyse(d) for d in s.documents]) for s in read_stories(args.stories / name)]
        for name in ("train.jsonl", "train_full.jsonl")
    )
    pairs = [p for story, analyses in (*leads, *whole) for p in aligned_pairs(story, analyses)]
    if args.step != "reader":
        pairs += [p for family in read_families() for p in family_pairs(family, analyser)]
    if args.step in EPOCHS:
        _train_reader(pairs, args)
    else:
        _train_scorers(pairs, [x for x in whole if x[0].alignments], args)


def _train_reader(pairs: Sequence[Pair], args: argparse.Namespace) -> None:
    from toolkit.training.loop import Recipe
    from toolkit.training.reader import AlignedTexts, train_reader

    texts = [
        AlignedTexts(
            p.a.sentence.text, p.b.sentence.text,
            tuple((d["kind"], d["a_span"] or "", d["b_span"] or "") for d in p.differences if d["kind"] in READ),
        )
        for p in pairs if str(p.fold) != args.fold
    ]  # fmt: skip
    tensors = train_reader(texts, READ, Recipe(epochs=args.epochs))
    save_tensors(tensors, fold_folder(args.out, args.fold) / f"{args.step}.safetensors")


def _train_scorers(
    pairs: Sequence[Pair], whole: Sequence[tuple[AnnotatedStory, Sequence[Analysis]]], args: argparse.Namespace
) -> None:
    encoder = MiniLM()
    train_charge(pairs, encoder)
    meaning = meaning_of(((p.a, p.b) for p in pairs), encoder=encoder)
    read = _held_out_readings(pairs, args.out)
    for detector in DETECTORS:
        train_kind(detector, pairs, meaning, read)
    silence = [x for story, analyses in whole for x in told_alone(story, analyses, encoder, args.aligners)]
    x, y = np.array([f for f, _ in silence]), np.array([t for _, t in silence])
    fit(x, y).save(MODELS / "omission.safetensors")
    print(f"omission: {len(y)} clauses, {y.sum()} annotated")
    for name in READERS:
        shipped = fold_folder(args.out, ALL) / name
        if shipped.exists():
            (MODELS / name).write_bytes(shipped.read_bytes())


def _held_out_readings(pairs: Sequence[Pair], out: Path) -> "dict[int, tuple[PairReading, ...]]":
    """By place among the pairs, what the readers of their fold say of them, for the folds that have both."""
    from toolkit.framing.reader import DifferenceReader

    found: dict[int, tuple[PairReading, ...]] = {}
    for fold in range(FOLDS):
        paths = [fold_folder(out, fold) / name for name in READERS]
        if all(p.exists() for p in paths):
            at = [n for n, p in enumerate(pairs) if p.fold == fold]
            texts = [(pairs[n].a.sentence.text, pairs[n].b.sentence.text) for n in at]
            read = [DifferenceReader.load(p).read(texts) for p in paths]
            found |= dict(zip(at, zip(*read, strict=True), strict=True))
    if not found:
        raise SourceError(
            f"{out}: no readers of any fold; run first: toolkit.training.framing … reader --fold 0, and families"
        )
    return found


def train_kind(
    detector: Detector, pairs: Sequence[Pair], meaning: Meaning, read: "Mapping[int, tuple[PairReading, ...]]"
) -> None:  # fmt: skip
    """Fits and writes the three scorers of one kind: candidates, what their best is worth, and that with the reader."""
    kind = detector.kind
    proposed = [detector.candidates(p.a, p.b, meaning) for p in pairs]
    plain = [[c for c in found if not c.prior] for found in proposed]
    x = np.array([c.features for found in plain for c in found])
    y = np.array([touches(kind, c.a, c.b, p) for p, found in zip(pairs, plain, strict=True) for c in found])
    weights = fit(x, y)
    best = [
        (p, float(weights.score(np.array([c.features for c in found])).max()))
        for p, found in zip(pairs, plain, strict=True) if found
    ]  # fmt: skip
    reported = np.array([any(d["kind"] == kind for d in p.differences) for p, _ in best])
    rules = fit(np.array([[s] for _, s in best]), reported)
    both, right = [], []
    for n, readings in read.items():
        p = pairs[n]
        for q in proposals(kind, rule_confidence(proposed[n], weights, rules), readings, p.a, p.b):
            both.append(q.features)
            right.append(touches(kind, q.a, q.b, p))
    weights.save(MODELS / f"{kind}.safetensors")
    rules.save(MODELS / f"{kind}.rules.safetensors")
    fit(np.array(both), np.array(right)).save(MODELS / f"{kind}.calibration.safetensors")
    print(
        f"{kind}: {len(y)} candidates, {y.sum()} annotated; {len(best)} pairs, {reported.sum()} reported; "
        f"{len(right)} proposals, {sum(right)} right"
    )


def told_alone(
    story: AnnotatedStory, analyses: Sequence[Analysis], encoder: MiniLM, aligners: Path
) -> list[tuple[tuple[float, ...], bool]]:
    """Features and labels of every omission candidate of a story, under an aligner that has not seen it."""
    rows = [encoder.encode([s.sentence.text for s in a.sentences]) for a in analyses]
    held_out = fold_folder(aligners, fold_of(story.fold))
    aligner = _aligner(str(held_out) if held_out.exists() else "")
    links = aligner.links(analyses, rows)
    gold = {d["a"] or d["b"] for d in story.differences if d["kind"] == "omission"}
    return [
        (o.features, f"{'AB'[i]}{o.sentence}" in gold)
        for i, _, found in all_omissions(analyses, rows=rows, links=links, threshold=aligner.threshold)
        for o in found
    ]


@cache
def _aligner(weights: str) -> TrainedAligner:
    return TrainedAligner(weights=weights)


if __name__ == "__main__":
    main()
