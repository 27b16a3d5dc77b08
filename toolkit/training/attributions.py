"""Training of the attribution tagger on sentences annotated for this project (NeuS, MIT; ECB+, CC BY 3.0).

    python -m toolkit.training.attributions --shared ../shared

reads `toolkit/training/annotations/attributions.jsonl` and writes `toolkit/models/attributions/tagger.safetensors`.
"""

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from toolkit.attributions import ROLES, WEIGHTS, AttributionModel, Range, Window
from toolkit.errors import SourceError
from toolkit.training.folds import save_tensors
from toolkit.training.loop import Indices, Recipe, train
from toolkit.training.pairs import ANNOTATIONS, digest, ecbplus_sentences, neus_sentences

RECIPE = Recipe(epochs=6, rate=1.5e-4)
_SKIPPED = -100


@dataclass(frozen=True)
class AttributedDocument:
    """Sentences in order, with the character ranges that have a role in each.

    Args:
        sentences: Their texts.
        roles: Of each sentence: (role, range), where no two overlap.
    """

    sentences: tuple[str, ...]
    roles: tuple[tuple[tuple[str, Range], ...], ...]


def train_attributions(documents: Sequence[AttributedDocument], recipe: Recipe = RECIPE) -> AttributionModel:
    """A tagger trained on all of these documents."""
    torch.manual_seed(recipe.seed)
    model = AttributionModel()
    windows = [model.windows(d.sentences) for d in documents]
    flat = [w for some in windows for w in some]
    wanted = [
        _targets(w, roles)
        for d, some in zip(documents, windows, strict=True) for w, roles in zip(some, d.roles, strict=True)
    ]  # fmt: skip

    def loss_of(places: Indices, _: np.random.Generator) -> Tensor:
        said = model([flat[n] for n in places])
        right = [functional.pad(wanted[n], (0, said.shape[1] - len(wanted[n])), value=_SKIPPED) for n in places]
        return functional.cross_entropy(said.flatten(0, 1), torch.stack(right).flatten(), ignore_index=_SKIPPED)

    train(model, [len(w.ids) for w in flat], loss_of, recipe, name="attributions")
    return model


def read_attributed(shared: Path) -> list[AttributedDocument]:
    """The annotated documents, with the texts as they stand in NeuS.

    Raises:
        SourceError: If the file is missing, or a text is not the one that was annotated.
    """
    neus, ecbplus = shared / "data" / "neus" / "train.source", shared / "data" / "ecbplus" / "ECB+"
    for path, source in ((neus, "HLTCHKUST/framing-bias-metric (MIT)"), (ecbplus, "cltl/ecbPlus (CC BY 3.0)")):
        if not path.exists():
            raise SourceError(f"{path}: not there; it comes from https://github.com/{source}")
    lines = neus.read_text(encoding="utf-8").split("\n")
    out = []
    for text in (ANNOTATIONS / "attributions.jsonl").read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(text)
        if "line" in row:
            sentences = neus_sentences(lines[row["line"] - 1])[row["article"]]
        else:
            file = ecbplus / row["file"].split("_")[0] / row["file"]
            sentences = [with_quotation_marks(s) for s in ecbplus_sentences(file, row["sentences"])]
        if digest([sentences]) != row["digest"]:
            raise SourceError(f"{shared}: {row.get('file', row.get('line'))} is not the text that was annotated")
        roles = tuple(tuple((ROLES[r], (s, e)) for r, s, e in found) for found in row["roles"])
        out.append(AttributedDocument(tuple(sentences), roles))
    return out


def with_quotation_marks(text: str) -> str:
    """The text with its ``quotations'' in “quotation marks”."""
    return re.sub(r"\s*''", "”", re.sub(r"``\s*", "“", text))


def main(argv: Sequence[str] | None = None) -> None:
    """Trains and writes the weights that ship."""
    parser = argparse.ArgumentParser(description="trains the attribution tagger")
    parser.add_argument("--shared", type=Path, required=True, help="the folder with data/")
    parser.add_argument("--epochs", type=int, default=RECIPE.epochs, help="times over the sentences")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="the file to write")
    args = parser.parse_args(argv)
    documents = read_attributed(args.shared)
    print(f"{len(documents)} documents, {sum(len(d.sentences) for d in documents)} sentences")
    recipe = Recipe(epochs=args.epochs, rate=RECIPE.rate)
    save_tensors(train_attributions(documents, recipe).learned(rank=recipe.rank), args.out)


def _targets(window: Window, roles: Sequence[tuple[str, Range]]) -> Tensor:
    """The number of the role of each token that is the sentence's own, shape (length,)."""
    out = torch.full((len(window.ids),), _SKIPPED)
    for n, (start, end) in enumerate(window.offsets, window.first):
        found = next((ROLES.index(role) for role, (s, e) in roles if start < e and s < end), 0)
        out[n] = found
    return out


if __name__ == "__main__":
    main()
