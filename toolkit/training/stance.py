"""Training of the stance model on NewsMTSC's train file (MIT).

    python -m toolkit.training.stance --shared ../shared

writes `toolkit/models/stance/target.safetensors`; half an hour on one core.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from toolkit.errors import SourceError
from toolkit.stance import WEIGHTS
from toolkit.training.classify import train_classifier
from toolkit.training.loop import Recipe
from toolkit.types import Targeted

RECIPE = Recipe(epochs=3, rate=1e-4, average=0.5)
_LABELS = {2.0: "negative", 4.0: "neutral", 6.0: "positive"}


def read_newsmtsc(path: Path) -> list[tuple[Targeted, str]]:
    """Every target of every sentence of a file of the set, with its label.

    Raises:
        SourceError: If the file is missing.
    """
    if not path.exists():
        raise SourceError(f"{path}: no such file; it comes from https://github.com/fhamborg/NewsMTSC (MIT)")
    rows = map(json.loads, filter(str.strip, path.read_text(encoding="utf-8").split("\n")))
    return [
        (Targeted(row["sentence_normalized"], int(t["from"]), int(t["to"])), _LABELS[float(t["polarity"])])
        for row in rows for t in row["targets"]
    ]  # fmt: skip


def main(argv: Sequence[str] | None = None) -> None:
    """Trains and writes the weights that ship."""
    from safetensors.torch import save_file

    parser = argparse.ArgumentParser(description="trains the stance model")
    parser.add_argument("--shared", type=Path, required=True, help="the folder with data/")
    parser.add_argument("--epochs", type=int, default=RECIPE.epochs, help="times over the sentences")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="the file to write")
    args = parser.parse_args(argv)
    texts, labels = zip(*read_newsmtsc(args.shared / "data" / "newsmtsc" / "train.jsonl"), strict=True)
    recipe = replace(RECIPE, epochs=args.epochs)
    classes, model = train_classifier(texts, labels, recipe, dropout=0.1, hidden=0.05, smoothing=0.0, name="stance")
    args.out.parent.mkdir(parents=True, exist_ok=True)
    save_file(model.learned(rank=recipe.rank), args.out, metadata={"labels": ",".join(classes)})


if __name__ == "__main__":
    main()
