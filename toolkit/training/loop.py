"""The loop that adapts the packaged MiniLM: batches of like lengths, two learning rates, a linear schedule."""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

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


def recipe_arguments(
    what: str, recipe: Recipe, weights: Path, argv: Sequence[str] | None
) -> tuple[Recipe, argparse.Namespace]:
    """The command line of a recipe that trains one model on all its data: where that is, epochs, and where to write."""
    parser = argparse.ArgumentParser(description=f"trains the {what}")
    parser.add_argument("--shared", type=Path, required=True, help="the folder with data/")
    parser.add_argument("--epochs", type=int, default=recipe.epochs, help="times over the sentences")
    parser.add_argument("--out", type=Path, default=weights, help="the file to write")
    args = parser.parse_args(argv)
    return replace(recipe, epochs=args.epochs), args


@dataclass(frozen=True)
class Pace:
    """How many updates there are, in how many of them the learning rate rises, and its peak for layers and head."""

    steps: int
    warm: int
    rate: float
    head_rate: float


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
    steps = max(1, len(lengths) * recipe.epochs // recipe.batch)
    model.train()
    mean, first = AveragedModel(model) if recipe.average else None, steps - int(steps * recipe.average)
    sizes = np.array(lengths)
    waiting: list[Indices] = []

    def loss_at(step: int) -> Tensor:
        if not waiting:
            waiting.extend(dealt(sizes, recipe.batch, rng))
        return loss_of(waiting.pop(), rng)

    def averaged(step: int) -> None:
        if mean is not None and step > first and (step - first) % 10 == 1:
            mean.update_parameters(model)

    pace = Pace(steps, max(1, min(30, steps // 10)), recipe.rate, recipe.head_rate)
    optimise(layers, head, loss_at, pace, name=name, after=averaged)
    if mean is not None:
        model.load_state_dict(mean.module.state_dict())
    model.eval()


def optimise(
    layers: Sequence[nn.Parameter], head: Sequence[nn.Parameter], loss_at: Callable[[int], Tensor], pace: Pace, *,
    name: str, after: Callable[[int], None] = lambda step: None,
) -> None:  # fmt: skip
    """AdamW with a linear schedule and clipped gradients; logs the mean loss every fifty updates.

    Args:
        layers: Parameters of the encoder.
        head: All others.
        loss_at: The loss of an update, counted from 1.
        pace: How many updates, and how large.
        name: What the log calls it.
        after: Called after each update.
    """
    optimizer = torch.optim.AdamW(
        [{"params": layers, "lr": pace.rate}, {"params": head, "lr": pace.head_rate}], weight_decay=0.01
    )  # fmt: skip
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min(1, (n + 1) / pace.warm) * max(0.02, 1 - n / pace.steps)
    )  # fmt: skip
    started, losses = time.monotonic(), []
    for step in range(1, pace.steps + 1):
        loss = loss_at(step)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([*layers, *head], 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        after(step)
        if step % 50 == 0:
            spent = time.monotonic() - started
            print(f"{name}: step {step} of {pace.steps}, loss {np.mean(losses[-50:]):.3f}, {spent:.0f} s", flush=True)


def dealt(lengths: Indices, size: int, rng: np.random.Generator) -> list[Indices]:
    """Batches of all items, those of like lengths together within a few hundred."""
    order = rng.permutation(len(lengths))
    out = []
    for at in range(0, len(order), 8 * size):
        near = order[at : at + 8 * size]
        near = near[np.argsort(lengths[near], kind="stable")]
        out += [near[k : k + size] for k in range(0, len(near), size)]
    return [out[k] for k in rng.permutation(len(out))]
