"""What the classification tasks share: folds dealt by group, items of a fold, and F1 from summed confusion counts."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.types import Item, Unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

Text = str | dict[str, Any]


@dataclass(frozen=True)
class Example:
    """One text with its label.

    Args:
        text: The text, or `{"text", "target": [start, end]}` where the label is about a part of it.
        label: Its gold label.
        unit: Name of the unit that is resampled with it.
    """

    text: Text
    label: str
    unit: str


def first_units(examples: Sequence[Example], limit: int) -> list[Example]:
    """The examples of the first `limit` units, in order of appearance; all of them for 0."""
    kept = set(list(dict.fromkeys(e.unit for e in examples))[: limit or None])
    return [e for e in examples if e.unit in kept]


def deal(groups: Sequence[str], labels: Sequence[str], *, folds: int, seed: int) -> list[int]:
    """The fold of each row: groups of one prevailing label are shuffled and dealt in turn, so that folds are alike.

    Rows of one group share a fold. With fewer groups than folds, some folds stay empty.
    """
    held: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for group, label in zip(groups, labels, strict=True):
        held[group][label] += 1
    strata: defaultdict[str, list[str]] = defaultdict(list)
    for group, counts in held.items():
        strata[min(counts, key=lambda label: (-counts[label], label))].append(group)
    rng, order = np.random.default_rng(seed), list[str]()
    for stratum in sorted(strata):
        order += [strata[stratum][i] for i in rng.permutation(len(strata[stratum]))]
    fold = {group: i % folds for i, group in enumerate(order)}
    return [fold[group] for group in groups]


def fold_items(examples: Sequence[Example], fold: Sequence[int]) -> list[Item]:
    """One item a fold, to be predicted from all the others; folds with nothing to train on or to test are left out."""
    items = []
    for n in sorted(set(fold)):
        test = [e for e, f in zip(examples, fold, strict=True) if f == n]
        train = [e for e, f in zip(examples, fold, strict=True) if f != n]
        if train and test:
            items.append(item(f"fold-{n}", train=train, test=test))
    return items


def item(item_id: str, *, train: Sequence[Example], test: Sequence[Example]) -> Item:
    """Train on these, predict those."""
    data = {
        "train_texts": [e.text for e in train],
        "train_labels": [e.label for e in train],
        "texts": [e.text for e in test],
    }
    return Item(item_id, data, {"labels": [e.label for e in test], "units": [e.unit for e in test]})


def confusion_units(items: Sequence[Item], predictions: Mapping[str, Any], *, labels: Sequence[str]) -> list[Unit]:
    """A confusion matrix a unit, gold in rows, predicted in columns, the last column for labels the task doesn't have.

    A unit that is only partly predicted is left out, so that two systems' units of one name hold the same texts.

    Raises:
        ValueError: If a prediction has another number of labels than its item has texts.
    """
    at = {label: i for i, label in enumerate(labels)}
    counts: dict[str, NDArray[np.int64]] = {}
    partial: set[str] = set()
    for it in items:
        gold, names = it.gold["labels"], it.gold["units"]
        if it.id not in predictions:
            partial.update(names)
            continue
        predicted = predictions[it.id]
        if not isinstance(predicted, list) or len(predicted) != len(gold):
            got = f"{len(predicted)}" if isinstance(predicted, list) else type(predicted).__name__
            raise ValueError(f"item {it.id}: expected a list of {len(gold)} labels, got {got}")
        for name, want, have in zip(names, gold, predicted, strict=True):
            matrix = counts.setdefault(name, np.zeros((len(labels), len(labels) + 1), dtype=np.int64))
            matrix[at[want], at.get(have, len(labels)) if isinstance(have, str) else len(labels)] += 1
    return [Unit(name, matrix) for name, matrix in counts.items() if name not in partial]


def positive_scores(units: Sequence[Unit], *, positive: int) -> dict[str, float]:
    """F1, precision and recall of one class over the units' texts; NaN where nothing is such and nothing is guessed."""
    hit, guessed, real = (int(x[positive]) for x in _totals(units))
    return {
        "f1": _ratio(2 * hit, guessed + real),
        "precision": _ratio(hit, guessed),
        "recall": _ratio(hit, real),
    }


def macro_scores(units: Sequence[Unit]) -> dict[str, float]:
    """Macro-F1, F1 weighted by class, accuracy, over the units' texts pooled; classes seen nowhere are left out."""
    hit, guessed, real = _totals(units)
    seen = guessed + real > 0
    if not seen.any() or not real.sum():
        return dict.fromkeys(("macro_f1", "weighted_f1", "accuracy"), float("nan"))
    f1 = 2 * hit[seen] / (guessed + real)[seen]
    return {
        "macro_f1": float(f1.mean()),
        "weighted_f1": float(np.average(f1, weights=real[seen])),
        "accuracy": float(hit.sum() / real.sum()),
    }


def _totals(units: Sequence[Unit]) -> "tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]":
    total = np.sum([u.rows for u in units], axis=0) if units else np.zeros((1, 2), dtype=np.int64)
    square = total[:, :-1]
    return np.diag(square), square.sum(axis=0), total.sum(axis=1)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
