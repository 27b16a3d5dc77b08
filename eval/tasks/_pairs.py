"""What the pair tasks share: files, pairs of one unit with their labels, ranking metrics, thresholds from elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.data import wrong
from eval.types import Item, Unit

if TYPE_CHECKING:
    from datasets import Dataset
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Scored:
    """One unit's pairs.

    Args:
        bins: Of each pair, the rank of its score among all distinct scores of the task, the highest 0.
        positive: Of each pair, whether it is one.
        hits: True positives, false positives and false negatives at the threshold tuned on the other units.
    """

    bins: "NDArray[np.int64]"
    positive: "NDArray[np.bool_]"
    hits: tuple[float, float, float] = (float("nan"),) * 3


def place(root: Path, data_dir: str, name: str) -> Path:
    """The folder of the set: its own, or the one in the data root."""
    return Path(data_dir).expanduser() if data_dir else root / name


def dataset(path: Path, rows: Sequence[Mapping[str, Any]]) -> "Dataset":
    """The rows as a Dataset.

    Raises:
        SourceError: If there are none, or a column holds values of several types.
    """
    from datasets import Dataset

    if not rows:
        raise wrong(path, "there is no row in it")
    try:
        return Dataset.from_list([dict(r) for r in rows])
    except (TypeError, ValueError) as error:  # pyarrow's errors are both
        raise wrong(path, f"values of several types in a column ({error})") from error


def columns(path: Path, row: Mapping[str, Any], expected: Iterable[str], *, where: str) -> None:
    """Checks that a row has these columns; more are let be.

    Raises:
        SourceError: If one is missing.
    """
    lacking = [c for c in expected if row.get(c) is None]
    if lacking:
        found = ", ".join(str(k) for k in row)
        raise wrong(path, f"{where}: no {', '.join(map(repr, lacking))}; there are {found or 'no columns'}")


def scores(item: Item, prediction: Any) -> "NDArray[np.float64]":
    """The prediction of an item as one number a pair.

    Raises:
        ValueError: If it is not a finite number a pair.
    """
    expected = len(item.data["pairs"])
    given = np.asarray(prediction, dtype=np.float64)
    if given.shape != (expected,) or not np.isfinite(given).all():
        raise ValueError(f"{item.id}: expected a finite number for each of {expected} pairs, got shape {given.shape}")
    return given


def pair_units(items: Sequence[Item], predictions: Mapping[str, Any]) -> list[Unit]:
    """One unit an item whose gold is `{"labels": [0 or 1 a pair]}`; the F1 threshold is tuned on all other items."""
    kept = [i for i in items if i.id in predictions]
    if not kept:
        return []
    values = [scores(i, predictions[i.id]) for i in kept]
    labels = [np.asarray(i.gold["labels"], dtype=np.bool_) for i in kept]
    _, ranks = np.unique(-np.concatenate(values), return_inverse=True)
    bins = np.split(ranks, np.cumsum([len(v) for v in values])[:-1])
    out = []
    for n, item in enumerate(kept):
        row = Scored(bins[n], labels[n])
        if len(kept) > 1:
            others = [m for m in range(len(kept)) if m != n]
            threshold = best_f1_threshold(
                np.concatenate([values[m] for m in others]), np.concatenate([labels[m] for m in others])
            )
            said = values[n] >= threshold
            counts = (said & labels[n]).sum(), (said & ~labels[n]).sum(), (~said & labels[n]).sum()
            row = replace(row, hits=(float(counts[0]), float(counts[1]), float(counts[2])))
        out.append(Unit(item.id, row))
    return out


def best_f1_threshold(values: "NDArray[np.float64]", positive: "NDArray[np.bool_]") -> float:
    """Half way between the two neighbouring scores that part these pairs with the best F1; the highest such."""
    order = np.argsort(-values, kind="stable")
    ranked, right = values[order], np.cumsum(positive[order])
    ends = np.append(np.nonzero(np.diff(ranked))[0], len(ranked) - 1)
    f1 = 2 * right[ends] / np.maximum(ends + 1 + right[-1], 1)
    best = int(ends[int(np.argmax(f1))])
    return float((ranked[best] + ranked[best + 1]) / 2) if best + 1 < len(ranked) else float(ranked[best])


def rank_metrics(units: Sequence[Unit]) -> dict[str, float]:
    """AP, AUC and F1 of all pairs of these units together.

    AP and AUC are scikit-learn's definitions, taken from counts a bin: no sort is made a thousand times a bootstrap.
    """
    bins = np.concatenate([u.rows.bins for u in units])
    positive = np.concatenate([u.rows.positive for u in units])
    ups = np.bincount(bins, weights=positive)
    downs = np.bincount(bins, weights=~positive)
    true, false = np.cumsum(ups), np.cumsum(downs)
    nan = float("nan")
    total, negatives = float(true[-1]), float(false[-1])
    ap = float((ups * true / np.maximum(true + false, 1)).sum() / total) if total else nan
    auc = float((downs * (true - ups / 2)).sum() / (total * negatives)) if total and negatives else nan
    right, wrongly, missed = np.sum([u.rows.hits for u in units], axis=0)
    below = 2 * right + wrongly + missed
    return {"ap": ap, "auc": auc, "f1": float(2 * right / below) if below else nan, "base": float(positive.mean())}
