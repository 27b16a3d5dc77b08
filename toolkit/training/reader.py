"""Training of the difference reader: `train_reader` gives the tensors that `DifferenceReader` reads."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from toolkit.framing.reader import Encoded, PairTagger, body_of
from toolkit.training.loop import Indices, Recipe, train

Marked = tuple[str, str, str]  # kind, span in the one sentence, span in the other


@dataclass(frozen=True)
class AlignedTexts:
    """Two sentences that make the same point, with the differences annotated there.

    Args:
        a: The one.
        b: The other.
        marked: Kind and the two spans of each difference.
    """

    a: str
    b: str
    marked: tuple[Marked, ...]


def train_reader(pairs: Sequence[AlignedTexts], kinds: Sequence[str], recipe: Recipe) -> dict[str, Tensor]:
    """Trains on all of these pairs; each is read in either order, drawn anew every time.

    Args:
        pairs: What to learn from.
        kinds: The kinds, in the order of the head.
        recipe: How.
    """
    torch.manual_seed(recipe.seed)
    model = PairTagger(len(kinds))
    orders = [model.encoded([(p.a, p.b) for p in pairs]), model.encoded([(p.b, p.a) for p in pairs])]
    targets = [[_targets(p, e, kinds, swapped=n > 0) for p, e in zip(pairs, orders[n], strict=True)] for n in (0, 1)]

    def loss_of(places: Indices, rng: np.random.Generator) -> Tensor:
        chosen = [(int(n), int(rng.integers(2))) for n in places]
        some = [orders[o][n] for n, o in chosen]
        longest = max(len(e.ids) for e in some)
        said, tags = model(some)
        wanted = [functional.pad(targets[o][n], (0, 0, 0, longest - len(targets[o][n]))) for n, o in chosen]
        return _loss(said, tags, torch.stack(wanted), body_of(some, longest))

    train(model, [len(e.ids) for e in orders[0]], loss_of, recipe, name="reader")
    return model.learned(rank=recipe.rank)


def _targets(p: AlignedTexts, e: Encoded, kinds: Sequence[str], *, swapped: bool) -> Tensor:
    """Which tokens stand in a marked span of each kind, shape (length, kinds)."""
    out = torch.zeros(len(e.ids), len(kinds))
    for kind, *spans in p.marked:
        for place, (text, span) in enumerate(zip((p.a, p.b), spans, strict=True)):
            start = text.find(span) if span else -1
            if start < 0:
                continue
            side = 1 - place if swapped else place
            for n, (left, right) in enumerate(e.offsets):
                if e.types[n] == side and left < right and left < start + len(span) and start < right:
                    out[n, kinds.index(kind)] = 1
    return out


def _loss(said: Tensor, tags: Tensor, wanted: Tensor, body: Tensor) -> Tensor:
    """Of the pairs, and of the tokens, which count most where the pair has a difference of the kind."""
    present = wanted.amax(1)
    pairs = functional.binary_cross_entropy_with_logits(said, present)
    tokens = functional.binary_cross_entropy_with_logits(tags, wanted, reduction="none", pos_weight=torch.tensor(2.0))
    weight = body[..., None].float() * (0.15 + present[:, None, :])
    return pairs + (tokens * weight).sum() / weight.sum()
