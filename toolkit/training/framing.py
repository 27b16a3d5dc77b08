"""Trains the framing scorers.

python -m toolkit.training.framing --stories ../shared/framediff --out runs/framing reader --fold 0     (then all)
python -m toolkit.training.framing --stories ../shared/framediff --out runs/framing families --fold 0   (then all)
python -m toolkit.training.framing --stories ../shared/framediff --out runs/framing scorers --aligners runs/align

`reader` trains the difference reader (`toolkit.framing.reader`) on the annotated stories outside a fold, `all` on all;
`families` trains a second one on them and on the sentence families (`toolkit.training.families`) together.
`scorers` fits the charge of a phrase (was it part of an annotated naming or wording difference, or another phrase of an
aligned sentence); one logistic regression a kind over the candidates of the aligned pairs, where a candidate is right
when an annotated difference of that kind stands at the pair and touches its spans; and one a kind that weighs the
detector with the readers, over the pairs of those folds whose readers have not seen them; and when to abstain
(`toolkit.training.abstain`). Data: train.jsonl, train_full.jsonl, the families, and the neutral rewrites.
"""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from toolkit.align.trained import TrainedAligner
from toolkit.analyse import Analysis, SpacyAnalyser
from toolkit.attributions import with_attributions
from toolkit.encode import MiniLM
from toolkit.errors import SourceError
from toolkit.framing.base import Detector, Meaning
from toolkit.framing.judge import DETECTORS, READERS, Framing, rule_confidence
from toolkit.framing.omission import all_omissions
from toolkit.framing.phrases import MODELS, meaning_of, phrases_of
from toolkit.framing.weigh import READ, proposals
from toolkit.training.abstain import Analysed, Proposed, fit_abstention, read_rewrites, weighed_proposals
from toolkit.training.data import AnnotatedStory, read_stories
from toolkit.training.families import read_families
from toolkit.training.fit import fit
from toolkit.training.folds import ALL, FOLDS, add_fold, fold_folder, fold_of, save_tensors
from toolkit.training.pairing import Pair, aligned_pairs, content_words, family_pairs, touches

if TYPE_CHECKING:
    from toolkit.framing.reader import PairReading


EPOCHS = {"reader": 4, "families": 3}  # of each step that trains a reader


def train_charge(pairs: Sequence[Pair], encoder: MiniLM) -> None:
    """Fits and writes the phrase scorer."""
    marked: set[str] = set()
    plain: set[str] = set()
    for p in pairs:
        for s, other, side in ((p.a, p.b, "a_span"), (p.b, p.a, "b_span")):
            spans = [content_words(d[side]) for d in p.differences if d["kind"] in {"naming", "wording", "stance"}]
            for text in phrases_of(s, other):
                words = content_words(text)
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
        _analysed(read_stories(args.stories / name), analyser) for name in ("train.jsonl", "train_full.jsonl")
    )
    pairs = [p for story, analyses in (*leads, *whole) for p in aligned_pairs(story, analyses)]
    if args.step != "reader":
        pairs += family_pairs(list(read_families()), analyser)
    if args.step in EPOCHS:
        _train_reader(pairs, args)
    else:
        whole = [x for x in whole if x[0].alignments]
        _train_scorers(pairs, whole, args)
        _train_abstention(whole, _analysed(read_rewrites(), analyser), args)


def _analysed(stories: Iterable[AnnotatedStory], analyser: SpacyAnalyser) -> list[Analysed]:
    return [(s, with_attributions([analyser.analyse(d) for d in s.documents])) for s in stories]


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


def _train_scorers(pairs: Sequence[Pair], whole: Sequence[Analysed], args: argparse.Namespace) -> None:
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


def _train_abstention(
    stories: Sequence[Analysed], rewrites: Sequence[Analysed], args: argparse.Namespace
) -> None:  # fmt: skip
    """Over the real stories of each fold under readers and aligner that have not seen it, and the rewrites."""
    encoder = MiniLM()
    real: list[Proposed] = []
    neutral: list[Proposed] = []
    for fold in _folds_read(args.out):
        aligner = _aligner(_held_out_aligner(args.aligners, fold))
        framing = Framing(weights=str(fold_folder(args.out, fold)))
        held_out = [x for x in stories if fold_of(x[0].fold) == fold]
        real += weighed_proposals(held_out, framing=framing, aligner=aligner, encoder=encoder)
        if not neutral:
            neutral += weighed_proposals(rewrites, framing=framing, aligner=aligner, encoder=encoder)
    weights = fit_abstention(real, neutral)
    weights.save(MODELS / "abstention.safetensors")
    print(
        f"abstention: {len(real)} real pairs of reports, {len(neutral)} rewrites, density to the {weights.coef[1]:.2f}"
    )


def _folds_read(out: Path) -> list[int]:
    """The folds that have both readers.

    Raises:
        SourceError: If there is none.
    """
    folds = [n for n in range(FOLDS) if all((fold_folder(out, n) / name).exists() for name in READERS)]
    if not folds:
        raise SourceError(
            f"{out}: no readers of any fold; run first: toolkit.training.framing … reader --fold 0, and families"
        )
    return folds


def _held_out_readings(pairs: Sequence[Pair], out: Path) -> "dict[int, tuple[PairReading, ...]]":
    """By place among the pairs, what the readers of their fold say of them, for the folds that have both."""
    from toolkit.framing.reader import DifferenceReader

    found: dict[int, tuple[PairReading, ...]] = {}
    for fold in _folds_read(out):
        at = [n for n, p in enumerate(pairs) if p.fold == fold]
        texts = [(pairs[n].a.sentence.text, pairs[n].b.sentence.text) for n in at]
        read = [DifferenceReader.load(fold_folder(out, fold) / name).read(texts) for name in READERS]
        found |= dict(zip(at, zip(*read, strict=True), strict=True))
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
    aligner = _aligner(_held_out_aligner(aligners, fold_of(story.fold)))
    links = aligner.links(analyses, rows)
    gold = {d["a"] or d["b"] for d in story.differences if d["kind"] == "omission"}
    return [
        (o.features, f"{'AB'[i]}{o.sentence}" in gold)
        for i, _, _, found in all_omissions(analyses, rows=rows, links=links, threshold=aligner.threshold)
        for o in found
    ]


def _held_out_aligner(aligners: Path, fold: int) -> str:
    """Where the aligner is that has not seen a fold; empty for the one that ships, where there is none."""
    folder = fold_folder(aligners, fold)
    return str(folder) if folder.exists() else ""


@cache
def _aligner(weights: str) -> TrainedAligner:
    return TrainedAligner(weights=weights)


if __name__ == "__main__":
    main()
