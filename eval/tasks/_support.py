"""What the faithfulness sets share: reading, items, balanced accuracy at a threshold tuned on other documents, AUC.

A threshold is tuned on one half of the units and used on the other. One halving of a dozen documents is a matter of
luck, so there are twenty seeded ones, and a claim counts as right by the share of them in which it was judged right.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass as plain_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.types import Family, Item, Unit
from toolkit.segment import segment
from toolkit.types import Article

if TYPE_CHECKING:
    from datasets import Dataset
    from numpy.typing import NDArray

HALVINGS = 20


@plain_dataclass(frozen=True)
class Judged:
    """The claims of one unit.

    Args:
        labels: 1 where a claim is supported, else 0.
        scores: The system's, higher = supported.
        right: Share of the halvings in which the claim was judged right; NaN where no threshold could be tuned.
        extra: Further values by metric, one a claim that has them.
    """

    labels: "NDArray[np.int64]"
    scores: "NDArray[np.float64]"
    right: "NDArray[np.float64]"
    extra: Mapping[str, list[float]]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class SupportTask:
    """A set of claims about sources.

    Args:
        data_dir: The set's own folder; empty for the one of its name below the data root.
        limit: The first so many items; 0 for all.
    """

    data_dir: str = ""
    limit: Annotated[int, Field(ge=0)] = 0

    family: ClassVar[Family] = "support"
    unit: ClassVar[str] = "document"
    metrics: ClassVar[tuple[str, ...]] = ("balanced_accuracy", "auc")
    lower_is_better: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str] = ""
    folder: ClassVar[str] = ""

    def files(self, root: Path) -> list[Path]:
        """The one file it reads.

        Raises:
            SourceError: If it is missing.
        """
        return [need(self._file(Path(self.data_dir) if self.data_dir else root / self.folder), source=self.source)]

    def units(self, items: Sequence[Item], predictions: Mapping[str, Any]) -> list[Unit]:
        """The claims of each unit, with thresholds from other units; claims scored NaN are left out.

        Raises:
            ValueError: If a prediction has not one entry a claim.
        """
        claims: dict[str, list[tuple[int, float, dict[str, float]]]] = {}
        for item in items:
            if item.id not in predictions:
                continue
            entries = predictions[item.id]
            if not isinstance(entries, list) or len(entries) != len(item.data["claims"]):
                got = len(entries) if isinstance(entries, list) else type(entries).__name__
                raise ValueError(f"{item.id}: expected one score for each of {len(item.data['claims'])}, got {got}")
            for i, entry in enumerate(entries):
                score = float(entry["score"] if isinstance(entry, Mapping) else entry)
                if not math.isnan(score):
                    extra = self._extra(item, i, entry)
                    claims.setdefault(item.gold["unit"], []).append((item.gold["labels"][i], score, extra))
        return _judged(dict(sorted(claims.items())))

    def measure(self, units: Sequence[Unit]) -> dict[str, float]:
        """Balanced accuracy, AUC and what the set adds."""
        if not units:
            return dict.fromkeys(self.metrics, math.nan)
        labels, scores, right = (
            np.concatenate([getattr(u.rows, part) for u in units]) for part in ("labels", "scores", "right")
        )
        out = {"balanced_accuracy": _balanced(labels, right), "auc": _auc(labels, scores)}
        for name in self.metrics[2:]:
            values = [v for u in units for v in u.rows.extra.get(name, ())]
            out[name] = float(np.mean(values)) if values else math.nan
        return out

    def _file(self, folder: Path) -> Path:
        raise NotImplementedError

    def _extra(self, item: Item, claim: int, entry: Any) -> dict[str, float]:
        return {}


def best_threshold(labels: "NDArray[np.int64]", scores: "NDArray[np.float64]") -> float:
    """The threshold (at or above is supported) with the best balanced accuracy, halfway between two scores."""
    from sklearn.metrics import roc_curve

    false, true, thresholds = roc_curve(labels, scores, drop_intermediate=False)
    best = int(np.argmax(true - false))
    if best == 0 or best == len(thresholds) - 1:
        return float(thresholds[best])
    return float((thresholds[best] + thresholds[best + 1]) / 2)


def document_items(
    data: "Dataset", *, document: str, claim: str, name: str, positive: Any = 1, limit: int = 0
) -> list[Item]:
    """One item a document, with all claims about it; `document`, `claim` and `name` are columns."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in data:
        groups.setdefault(row[document], []).append(row)
    items = []
    for text, rows in list(groups.items())[: limit or None]:
        labels = [int(r["label"] == positive) for r in rows]
        claims = {"source": sentences_of(text), "claims": [r[claim] for r in rows]}
        items.append(Item(rows[0][name], claims, {"unit": rows[0][name], "labels": labels}))
    return items


def sentences_of(text: str) -> list[str]:
    """The sentences of a text without boilerplate (with it, if there is nothing else)."""
    cut = segment(Article(text)).sentences
    return [s.text for s in cut if not s.boilerplate] or [s.text for s in cut]


def read_json(path: Path) -> Any:
    """A JSON file.

    Raises:
        SourceError: If it is truncated or not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise wrong(path, f"not whole JSON ({error})") from error


def dataset(path: Path, rows: Sequence[Any], *, columns: Mapping[str, type]) -> "Dataset":
    """The rows as a Dataset, once each has these columns in these types.

    Raises:
        SourceError: If there are no rows, or one lacks a column or has another type in it.
    """
    from datasets import Dataset

    if not rows:
        raise wrong(path, "there are no rows in it")
    for n, row in enumerate(rows):
        if not isinstance(row, dict):
            raise wrong(path, f"row {n} is not an object")
        if absent := sorted(columns.keys() - row.keys()):
            raise wrong(path, f"row {n} has no {', '.join(absent)}; it has {', '.join(sorted(row))}")
        for column, kind in columns.items():
            if not isinstance(row[column], kind):
                raise wrong(path, f"row {n}: {column} is {row[column]!r:.60}, expected {kind.__name__}")
    try:
        return Dataset.from_list(list(rows))
    except (TypeError, ValueError) as error:  # pyarrow's errors are among them
        raise wrong(path, f"a column changes its type ({error})") from error


def _judged(claims: Mapping[str, list[tuple[int, float, dict[str, float]]]]) -> list[Unit]:
    names = list(claims)
    labels = [np.array([c[0] for c in claims[n]], dtype=np.int64) for n in names]
    scores = [np.array([c[1] for c in claims[n]], dtype=np.float64) for n in names]
    hits = [np.zeros(len(part)) for part in labels]
    rounds = np.zeros(len(names))
    rng = np.random.default_rng(0)
    for _ in range(HALVINGS if len(names) > 1 else 0):
        order = rng.permutation(len(names))
        halves = order[: len(names) // 2], order[len(names) // 2 :]
        for tuned, used in (halves, halves[::-1]):
            known = np.concatenate([labels[i] for i in tuned])
            if known.min() == known.max():
                continue  # a half without supported, or without unsupported, claims says nothing of a threshold
            threshold = best_threshold(known, np.concatenate([scores[i] for i in tuned]))
            for i in used:
                hits[i] += (scores[i] >= threshold) == labels[i]
                rounds[i] += 1
    units = []
    for i, name in enumerate(names):
        right = hits[i] / rounds[i] if rounds[i] else np.full(len(labels[i]), np.nan)
        extra: dict[str, list[float]] = {}
        for claim in claims[name]:
            for metric, value in claim[2].items():
                extra.setdefault(metric, []).append(value)
        units.append(Unit(name, Judged(labels[i], scores[i], right, extra)))
    return units


def _balanced(labels: "NDArray[np.int64]", right: "NDArray[np.float64]") -> float:
    # scikit-learn's counts a claim as right or wrong; here it is right by a share.
    parts = [right[(labels == value) & ~np.isnan(right)] for value in (0, 1)]
    return float(np.mean([p.mean() for p in parts])) if all(len(p) for p in parts) else math.nan


def _auc(labels: "NDArray[np.int64]", scores: "NDArray[np.float64]") -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(labels, scores)) if 0 < labels.sum() < len(labels) else math.nan
