"""The loop that adapts the packaged MiniLM: batches of like lengths, two learning rates, a linear schedule."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Recipe:
    """What a training does.

    Args:
        epochs: Times over the items.
        batch: Items an update.
        rate: Peak learning rate of the layers.
        head_rate: Likewise, of the head.
        rank: Of the low-rank updates that are kept.
        seed: Of the draws and the head's first weights.
        average: Share of the last updates whose weights are averaged (Izmailov et al. 2018); 0 keeps the very last.
    """

    epochs: int = 4
    batch: int = 32
    rate: float = 1.5e-4
    head_rate: float = 1e-3
    rank: int = 48
    seed: int = 0
    average: float = 0.0


def train(
    model: nn.Module, lengths: Sequence[int], loss_of: Callable[[Indices, np.random.Generator], Tensor],
    recipe: Recipe, *, name: str,
) -> None:  # fmt: skip
    """Trains the layers of `model.bert` that require gradients, and everything else in `model`, in place.

    Args:
        model: With the encoder as `bert`.
        lengths: Of each item, in tokens: items of like lengths are dealt together.
        loss_of: The loss of the items at some places, given also the generator of all draws.
        recipe: How.
        name: What the log calls it.
    """
    rng = np.random.default_rng(recipe.seed)
    layers = [p for n, p in model.named_parameters() if n.startswith("bert.") and p.requires_grad]
    head = [p for n, p in model.named_parameters() if not n.startswith("bert.")]
    optimizer = torch.optim.AdamW(
        [{"params": layers, "lr": recipe.rate}, {"params": head, "lr": recipe.head_rate}], weight_decay=0.01
    )
    steps = max(1, len(lengths) * recipe.epochs // recipe.batch)
    warm = max(1, min(30, steps // 10))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min(1, (n + 1) / warm) * max(0.02, 1 - n / steps)
    )  # fmt: skip
    model.train()
    mean, first = AveragedModel(model) if recipe.average else None, steps - int(steps * recipe.average)
    sizes = np.array(lengths)
    waiting: list[Indices] = []
    started, losses = time.monotonic(), []
    for step in range(1, steps + 1):
        if not waiting:
            waiting = _dealt(sizes, recipe.batch, rng)
        loss = loss_of(waiting.pop(), rng)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([*layers, *head], 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if mean is not None and step > first and (step - first) % 10 == 1:
            mean.update_parameters(model)
        if step % 50 == 0:
            spent = time.monotonic() - started
            print(f"{name}: step {step} of {steps}, loss {np.mean(losses[-50:]):.3f}, {spent:.0f} s", flush=True)
    if mean is not None:
        model.load_state_dict(mean.module.state_dict())
    model.eval()


def _dealt(lengths: Indices, size: int, rng: np.random.Generator) -> list[Indices]:
    """Batches of all items, those of like lengths together within a few hundred."""
    order = rng.permutation(len(lengths))
    out = []
    for at in range(0, len(order), 8 * size):
        near = order[at : at + 8 * size]
        near = near[np.argsort(lengths[near], kind="stable")]
        out += [near[k : k + size] for k in range(0, len(near), size)]
    return [out[k] for k in rng.permutation(len(out))]
