"""Training of the attribution tagger on sentences annotated for this project (NeuS, MIT; ECB+, CC BY 3.0).

    python -m toolkit.training.attributions --shared ../shared

reads `toolkit/training/annotations/attributions.jsonl` and writes `toolkit/models/attributions/tagger.safetensors`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from toolkit.attributions import ROLES, WEIGHTS, AttributionModel, Window
from toolkit.telling import Range
from toolkit.training.data import annotated
from toolkit.training.folds import save_tensors
from toolkit.training.loop import Indices, Recipe, recipe_arguments, train
from toolkit.training.pairs import checked_text, ecbplus_folder, ecbplus_sentences, neus_file, neus_sentences

RECIPE = Recipe(epochs=5)
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
    """The annotated documents, with the texts as they stand in NeuS and ECB+.

    Raises:
        SourceError: If the file is missing, or a text is not the one that was annotated.
    """
    neus, ecbplus = neus_file(shared), ecbplus_folder(shared)
    lines = neus.read_text(encoding="utf-8").split("\n")
    out = []
    for row in annotated("attributions.jsonl"):
        if "line" in row:
            path, name = neus, f"line {row['line']}"
            sentences = neus_sentences(lines[row["line"] - 1])[row["article"]]
        else:
            path, name = ecbplus, row["file"]
            file = ecbplus / name.split("_")[0] / name
            sentences = [with_quotation_marks(s) for s in ecbplus_sentences(file, row["sentences"])]
        checked_text(path, row, [sentences], name=name)
        roles = tuple(tuple((ROLES[r], (s, e)) for r, s, e in found) for found in row["roles"])
        out.append(AttributedDocument(tuple(sentences), roles))
    return out


def with_quotation_marks(text: str) -> str:
    """The text with its ``quotations'' in “quotation marks”."""
    return re.sub(r"\s*''", "”", re.sub(r"``\s*", "“", text))


def main(argv: Sequence[str] | None = None) -> None:
    """Trains and writes the weights that ship."""
    recipe, args = recipe_arguments("attribution tagger", RECIPE, WEIGHTS, argv)
    documents = read_attributed(args.shared)
    print(f"{len(documents)} documents, {sum(len(d.sentences) for d in documents)} sentences")
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
