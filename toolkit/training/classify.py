"""Training of sentence classifiers: `train_classifier` gives a model that `toolkit.classifier` reads."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from toolkit.classifier import ClassifierModel
from toolkit.training.loop import Indices, Recipe, train
from toolkit.types import Targeted


def train_classifier(
    texts: Sequence[Targeted], labels: Sequence[str], recipe: Recipe, *,
    dropout: float = 0.15, hidden: float = 0.12, smoothing: float = 0.1, name: str = "classifier",
) -> tuple[tuple[str, ...], ClassifierModel]:  # fmt: skip
    """The classes in order, and the trained model; rarer classes weigh more, by the square root of their rarity.

    Args:
        texts: What to learn from.
        labels: Of each text.
        recipe: How.
        dropout: In the layers and the head.
        hidden: Share of the tokens hidden at every reading.
        smoothing: Of the labels.
        name: What the log calls it.
    """
    torch.manual_seed(recipe.seed)
    classes = tuple(sorted(set(labels)))
    model = ClassifierModel(len(classes))
    for part in model.modules():
        if isinstance(part, nn.Dropout):
            part.p = dropout
    encoded = model.encoded(texts)
    wanted = torch.tensor([classes.index(label) for label in labels])
    share = torch.bincount(wanted, minlength=len(classes)).float() / len(wanted)
    weight = share**-0.5 / (share**0.5).sum()

    mask = int(model.tokenizer.mask_token_id)

    def loss_of(places: Indices, rng: np.random.Generator) -> Tensor:
        some = [encoded[n] for n in places]
        some = [t.without(np.flatnonzero(rng.random(len(t.ids)) < hidden).tolist(), mask) for t in some]
        return functional.cross_entropy(model(some), wanted[places], weight=weight, label_smoothing=smoothing)

    train(model, [len(t.ids) for t in encoded], loss_of, recipe, name=name)
    return classes, model
