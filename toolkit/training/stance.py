"""Training of the stance model on NewsMTSC's train file (MIT).

    python -m toolkit.training.stance --shared ../shared

writes `toolkit/models/stance/target.safetensors`; a quarter of an hour on one core.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from toolkit.errors import SourceError
from toolkit.stance import POLARITY, WEIGHTS
from toolkit.training.classify import train_classifier
from toolkit.training.folds import save_tensors
from toolkit.training.loop import Recipe, recipe_arguments
from toolkit.types import Targeted

RECIPE = Recipe(epochs=3, rate=1e-4, average=0.5)


def read_newsmtsc(path: Path) -> list[tuple[Targeted, str]]:
    """Every target of every sentence of a file of the set, with its label.

    Raises:
        SourceError: If the file is missing.
    """
    if not path.exists():
        raise SourceError(f"{path}: no such file; it comes from https://github.com/fhamborg/NewsMTSC (MIT)")
    rows = map(json.loads, filter(str.strip, path.read_text(encoding="utf-8").split("\n")))
    return [
        (Targeted(row["sentence_normalized"], int(t["from"]), int(t["to"])), POLARITY[float(t["polarity"])])
        for row in rows for t in row["targets"]
    ]  # fmt: skip


def main(argv: Sequence[str] | None = None) -> None:
    """Trains and writes the weights that ship."""
    recipe, args = recipe_arguments("stance model", RECIPE, WEIGHTS, argv)
    texts, labels = zip(*read_newsmtsc(args.shared / "data" / "newsmtsc" / "train.jsonl"), strict=True)
    classes, model = train_classifier(texts, labels, recipe, dropout=0.1, hidden=0.05, smoothing=0.0, name="stance")
    save_tensors(model.learned(rank=recipe.rank), args.out, metadata={"labels": ",".join(classes)})


if __name__ == "__main__":
    main()
