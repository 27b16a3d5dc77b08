"""SuperPAL (Ernst et al. 2021): which sentences of the reports does a proposition of a summary rest on?

A query is a span of a topic's summary; its candidates are all document sentences of the topic that are aligned with any
span, wherever they stand; right are those aligned with this span. Among equal scores the wrong ones come first, so that
a system that cannot tell gains nothing.
"""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.tasks._pairs import columns, dataset, place, scores
from eval.types import Family, Item, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datasets import Dataset

_COLUMNS = (
    "database", "topic", "summaryFile", "scuSentCharIdx", "scuSentence", "documentFile", "docSentCharIdx",
    "docSentText", "docSpanOffsets", "summarySpanOffsets", "docSpanText", "summarySpanText",
)  # fmt: skip


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class SuperPal:
    """Summary spans against the aligned document sentences of their topic, in Multi-News.

    Args:
        data_dir: Folder of `<split>_MN_only.csv`; empty for `<root>/superpal`.
        split: dev or test, as in the file's name.
        limit: First so many topics; 0 for all.
    """

    kind: Literal["superpal"] = "superpal"
    data_dir: str = ""
    split: Annotated[str, Field(pattern=r"^[\w.-]+$")] = "dev"
    limit: Annotated[int, Field(ge=0)] = 0

    family: ClassVar[Family] = "pairs"
    unit: ClassVar[str] = "topic"
    metrics: ClassVar[tuple[str, ...]] = ("mrr", "hit_1", "recall_1", "recall_5")
    lower_is_better: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str] = "https://github.com/oriern/SuperPAL (manual_datasets; Apache-2.0)"

    @property
    def name(self) -> str:
        """What the record calls it."""
        return self.kind if self.split == "dev" else f"{self.kind}-{self.split}"

    def files(self, root: Path) -> list[Path]:
        """One table.

        Raises:
            SourceError: If it is missing.
        """
        return [need(place(root, self.data_dir, "superpal") / f"{self.split}_MN_only.csv", source=self.source)]

    def load(self, root: Path) -> "Dataset":
        """One row an alignment of a summary span and a document span, with the published columns.

        Raises:
            SourceError: If the file is missing, truncated or has other columns.
        """
        (path,) = self.files(root)
        rows = []
        with path.open(encoding="utf-8-sig", newline="") as file:
            try:
                for n, row in enumerate(csv.DictReader(file, strict=True), start=1):
                    columns(path, row, _COLUMNS, where=f"row {n}")
                    if not row["docSentCharIdx"].isdecimal():
                        raise wrong(path, f"row {n}: docSentCharIdx is {row['docSentCharIdx']!r}, expected a number")
                    rows.append({c: row[c] for c in _COLUMNS} | {"docSentCharIdx": int(row["docSentCharIdx"])})
            except (csv.Error, UnicodeDecodeError) as error:
                raise wrong(path, f"not a whole table ({error})") from error
        return dataset(path, rows)

    def items(self, data: "Dataset") -> list[Item]:
        """One item a topic: the summary's spans as one document, beside the documents' aligned sentences."""
        topics: dict[str, list[Any]] = {}
        for row in data:
            topics.setdefault(row["topic"], []).append(row)
        return [_item(topic, rows) for topic, rows in list(topics.items())[: self.limit or None]]

    def units(self, items: "Sequence[Item]", predictions: "Mapping[str, Any]") -> list[Unit]:
        """One unit a topic: an array with a row a span, of the metrics in their order."""
        return [
            Unit(item.id, ranked(scores(item, predictions[item.id]), np.asarray(item.gold["labels"], dtype=np.bool_)))
            for item in items
            if item.id in predictions
        ]

    def measure(self, units: "Sequence[Unit]") -> dict[str, float]:
        """Means over all spans: reciprocal rank of the first right sentence, whether it is first, recall at 1 and 5."""
        means = np.vstack([u.rows for u in units]).mean(axis=0)
        return {name: float(x) for name, x in zip(self.metrics, means, strict=True)}


def ranked(values: "np.ndarray[Any, Any]", labels: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """The metrics of each span; `labels` is (spans, candidates), `values` is the same, flat."""
    rows = []
    for line, right in zip(values.reshape(labels.shape), labels, strict=True):
        ordered = right[np.lexsort((right, -line))]
        first = int(np.argmax(ordered)) + 1
        rows.append([1 / first, first == 1, ordered[:1].sum() / right.sum(), ordered[:5].sum() / right.sum()])
    return np.array(rows, dtype=np.float64)


def _item(topic: str, rows: "Sequence[Mapping[str, Any]]") -> Item:
    spans: dict[str, str] = {}
    sentences: dict[tuple[str, int], str] = {}
    right = set()
    for row in rows:
        place_of = row["documentFile"], row["docSentCharIdx"]
        spans.setdefault(row["summarySpanOffsets"], row["summarySpanText"])
        sentences.setdefault(place_of, row["docSentText"])
        right.add((row["summarySpanOffsets"], place_of))
    documents: dict[str, list[str]] = {}
    candidates, at = sorted(sentences), []
    for file, start in candidates:
        held = documents.setdefault(file, [])
        at.append([len(documents), len(held)])
        held.append(sentences[file, start])
    pairs = [[0, i, *where] for i in range(len(spans)) for where in at]
    labels = [[int((span, c) in right) for c in candidates] for span in spans]
    asked = {"documents": [list(spans.values()), *documents.values()], "pairs": pairs}
    return Item(topic, asked, {"labels": labels})
