"""Training of the difference reader: `train_reader` gives the tensors that `DifferenceReader` reads."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from toolkit.framing.reader import Encoded, PairTagger, body_of, reader_weights

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


@dataclass(frozen=True)
class ReaderRecipe:
    """What the training does.

    Args:
        epochs: Times over the pairs.
        batch: Pairs an update.
        rate: Peak learning rate of the layers.
        head_rate: Likewise, of the head.
        rank: Of the updates that are kept.
        seed: Of the draws and the head's first weights.
    """

    epochs: int = 4
    batch: int = 32
    rate: float = 1.5e-4
    head_rate: float = 1e-3
    rank: int = 48
    seed: int = 0


def train_reader(pairs: Sequence[AlignedTexts], kinds: Sequence[str], recipe: ReaderRecipe) -> dict[str, Tensor]:
    """Trains on all of these pairs; each is read in either order, drawn anew every time.

    Args:
        pairs: What to learn from.
        kinds: The kinds, in the order of the head.
        recipe: How.
    """
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    model = PairTagger(len(kinds))
    orders = [model.encoded([(p.a, p.b) for p in pairs]), model.encoded([(p.b, p.a) for p in pairs])]
    targets = [[_targets(p, e, kinds, swapped=n > 0) for p, e in zip(pairs, orders[n], strict=True)] for n in (0, 1)]
    layers = [p for p in model.bert.parameters() if p.requires_grad]
    head = [*model.head.parameters(), model.strongest]
    optimizer = torch.optim.AdamW(
        [{"params": layers, "lr": recipe.rate}, {"params": head, "lr": recipe.head_rate}], weight_decay=0.01
    )
    steps = max(1, len(pairs) * recipe.epochs // recipe.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min(1, (n + 1) / 30) * max(0.02, 1 - n / steps)
    )  # fmt: skip
    model.train()
    lengths = np.array([len(e.ids) for e in orders[0]])
    waiting: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
    started, losses = time.monotonic(), []
    for step in range(1, steps + 1):
        if not waiting:
            waiting = _dealt(lengths, recipe.batch, rng)
        chosen = [(int(n), int(rng.integers(2))) for n in waiting.pop()]
        some = [orders[o][n] for n, o in chosen]
        longest = max(len(e.ids) for e in some)
        said, tags = model(some)
        wanted = torch.stack(
            [functional.pad(targets[o][n], (0, 0, 0, longest - len(targets[o][n]))) for n, o in chosen]
        )
        loss = _loss(said, tags, wanted, body_of(some, longest))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([*layers, *head], 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if step % 50 == 0:
            spent = time.monotonic() - started
            print(f"reader: step {step} of {steps}, loss {np.mean(losses[-50:]):.3f}, {spent:.0f} s", flush=True)
    return reader_weights(model, rank=recipe.rank)


def _dealt(
    lengths: "np.ndarray[tuple[int], np.dtype[np.int64]]", size: int, rng: np.random.Generator
) -> "list[np.ndarray[tuple[int], np.dtype[np.int64]]]":
    """Batches of all pairs, those of like lengths together within a few hundred."""
    order = rng.permutation(len(lengths))
    out = []
    for at in range(0, len(order), 8 * size):
        near = order[at : at + 8 * size]
        near = near[np.argsort(lengths[near], kind="stable")]
        out += [near[k : k + size] for k in range(0, len(near), size)]
    return [out[k] for k in rng.permutation(len(out))]


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
