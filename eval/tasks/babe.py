"""BABE: is the wording of a news sentence biased (Spinde et al. 2021, https://aclanthology.org/2021.findings-emnlp.101).

Sentences on which the annotators reached no majority are left out, as in the paper. Folds are dealt by sentence, which
is the published protocol; `folds_by: article` keeps an article's sentences together, which is the stricter one.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.tasks._classify import Example, confusion_units, deal, first_units, fold_items, macro_scores
from eval.types import Family, Item, Unit

if TYPE_CHECKING:
    from datasets import Dataset

_COLUMNS = ("text", "news_link", "outlet", "topic", "type", "label_bias", "label_opinion", "biased_words")
_LABELS = ("Biased", "Non-biased")
_UNSETTLED = "No agreement"


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Babe:
    """Biased or non-biased, sentence by sentence; an item is a fold, a unit is an article.

    Args:
        data_dir: Folder of the set; empty for `babe` below the data root.
        split: Annotator group: SG1 (eight experts) or SG2 (five experts, more sentences).
        limit: Only the first n articles; 0 for all.
        folds: Number of folds.
        folds_by: What is dealt to folds.
        seed: Of the dealing.
    """

    family: ClassVar[Family] = "classify"
    unit: ClassVar[str] = "article"
    metrics: ClassVar[tuple[str, ...]] = ("macro_f1", "weighted_f1", "accuracy")
    lower_is_better: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str] = "github.com/Media-Bias-Group (BABE, data/final_labels_*.csv; AGPL-3.0)"

    kind: Literal["babe"] = "babe"
    data_dir: str = ""
    split: Literal["SG1", "SG2"] = "SG2"
    limit: Annotated[int, Field(ge=0)] = 0
    folds: Annotated[int, Field(ge=2)] = 5
    folds_by: Literal["sentence", "article"] = "sentence"
    seed: Annotated[int, Field(ge=0)] = 0

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return f"babe-{self.split.lower()}" + ("-by-article" if self.folds_by == "article" else "")

    def files(self, root: Path) -> list[Path]:
        """The labels' CSV file.

        Raises:
            SourceError: If it is missing.
        """
        folder = Path(self.data_dir).expanduser() if self.data_dir else root / "babe"
        return [need(folder / f"final_labels_{self.split}.csv", source=self.source)]

    def load(self, root: Path) -> "Dataset":
        """The published rows.

        Raises:
            SourceError: If the file is missing, truncated or has other columns.
        """
        from datasets import Dataset

        (path,) = self.files(root)
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                reader = csv.reader(stream, delimiter=";", strict=True)
                header = next(reader, [])
                if absent := [c for c in _COLUMNS if c not in header]:
                    raise wrong(path, f"there is no column {', '.join(absent)}; its columns are {', '.join(header)}")
                rows = [_row(path, reader.line_num, header, cells) for cells in reader]
        except (csv.Error, UnicodeDecodeError) as error:
            raise wrong(path, error) from error
        if not rows:
            raise wrong(path, "there are no rows")
        return Dataset.from_list(rows)

    def items(self, data: "Dataset") -> list[Item]:
        """One item a fold."""
        rows = [(n, r) for n, r in enumerate(data) if r["label_bias"] in _LABELS]
        # A sentence without a link is a unit of its own: nothing says which article it is from.
        examples = [Example(r["text"], r["label_bias"], r["news_link"].strip() or f"row {n}") for n, r in rows]
        examples = first_units(examples, self.limit)
        by_article = self.folds_by == "article"
        groups = [e.unit if by_article else str(n) for n, e in enumerate(examples)]
        return fold_items(examples, deal(groups, [e.label for e in examples], folds=self.folds, seed=self.seed))

    def units(self, items: Sequence[Item], predictions: Mapping[str, Any]) -> list[Unit]:
        """A confusion matrix an article, of those that are predicted whole."""
        return confusion_units(items, predictions, labels=_LABELS)

    def measure(self, units: Sequence[Unit]) -> dict[str, float]:
        """Scores over all sentences of these articles, folds pooled."""
        return macro_scores(units)


def _row(path: Path, line: int, header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise wrong(path, f"line {line} has {len(cells)} cells instead of {len(header)}")
    row = dict(zip(header, cells, strict=True))
    if row["label_bias"] not in {*_LABELS, _UNSETTLED}:
        choices = ", ".join((*_LABELS, _UNSETTLED))
        raise wrong(path, f"line {line} has label_bias {row['label_bias']!r}; there are {choices}")
    if not (row["biased_words"].startswith("[") and row["biased_words"].endswith("]")):
        raise wrong(path, f"line {line} ends in the middle of biased_words: {row['biased_words'][:40]!r}")
    return {column: row[column] for column in _COLUMNS}
