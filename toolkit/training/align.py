"""Trains the aligner.

python -m eval items configs/eval/align.yaml --out runs/align/items.jsonl
python -m toolkit.training.align --shared ../shared --out runs/align late --fold 0     (then 1, 2, 3 and all)
python -m toolkit.training.align --shared ../shared --out runs/align judge

`late` trains the late interaction on everything outside a fold (see `toolkit.training.pairs`); `all` keeps nothing
apart. `judge` then fits the screen and the judge, each story's tokens compared by the model that has not seen it, says
what was seen in cross-validation, and writes a folder of weights a fold, for `weights:` of the trained aligner, and the
one that ships (`--ship`).
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from toolkit.align.trained import JUDGE, LATE, SCREEN, WEIGHTS
from toolkit.analyse import SpacyAnalyser
from toolkit.encode import MiniLM
from toolkit.training.folds import ALL, add_fold, fold_folder, save_tensors
from toolkit.training.pairs import Prepared, cosines, prepare, read_pair_stories


def main(argv: Sequence[str] | None = None) -> None:
    """Runs one step of the recipe."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="folder with framediff/ and data/")
    parser.add_argument("--out", type=Path, default=Path("runs/align"), help="folder of the weights, with items.jsonl")
    parser.add_argument("--ship", action="store_true", help="with judge: copy the weights of `all` into the package")
    steps = parser.add_subparsers(dest="step", required=True)
    late = steps.add_parser("late")
    add_fold(late)
    late.add_argument("--steps", type=int, default=0, help="updates, in place of the recipe's")
    steps.add_parser("judge")
    args = parser.parse_args(argv)
    analyser, encoder = SpacyAnalyser(), MiniLM()
    stories = [
        prepare(s, analyser=analyser, encoder=encoder) for s in read_pair_stories(args.shared, args.out / "items.jsonl")
    ]
    if args.step == "late":
        _train_late(stories, args)
        return
    from toolkit.training.judge import train_judges

    train_judges(stories, args.out)
    if args.ship:
        for name in (LATE, SCREEN, JUDGE):
            (WEIGHTS / name).write_bytes((fold_folder(args.out, ALL) / name).read_bytes())


def _train_late(stories: Sequence[Prepared], args: argparse.Namespace) -> None:
    from toolkit.training.late import LateRecipe, train_late

    kept = [s for s in stories if str(s.story.fold) != args.fold]
    recipe = LateRecipe(steps=args.steps) if args.steps else LateRecipe()
    tensors = train_late([s.story for s in kept], {(s.story.source, s.story.id): cosines(s) for s in kept}, recipe)
    save_tensors(tensors, fold_folder(args.out, args.fold) / LATE)


if __name__ == "__main__":
    main()
