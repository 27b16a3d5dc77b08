"""NewsMTSC: sentiment toward a target in a news sentence (Hamborg & Donnay 2021, https://aclanthology.org/2021.eacl-main.142).

Trained on the set's train file, measured on the split. A sentence may have several targets, each with its own label.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.tasks._classify import Example, confusion_units, first_units, item, macro_scores
from eval.types import Family, Item, Unit
from toolkit.stance import POLARITY

if TYPE_CHECKING:
    from datasets import Dataset


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Newsmtsc:
    """Negative, neutral or positive toward the target; one item, trained on `train.jsonl`; a unit is a sentence.

    Args:
        data_dir: Folder of the set; empty for `newsmtsc` below the data root. Without a `train.jsonl` of its own, the
            one below the data root is trained on.
        split: Name of the file measured on, without `.jsonl`.
        limit: Only the first n sentences, of training and of the split alike; 0 for all.
    """

    family: ClassVar[Family] = "stance"
    unit: ClassVar[str] = "sentence"
    metrics: ClassVar[tuple[str, ...]] = ("macro_f1", "weighted_f1", "accuracy")
    lower_is_better: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str] = "github.com/fhamborg/NewsMTSC (MIT)"

    kind: Literal["newsmtsc"] = "newsmtsc"
    data_dir: str = ""
    split: Annotated[str, Field(pattern=r"^[\w.-]+$")] = "devtest_mt"
    limit: Annotated[int, Field(ge=0)] = 0

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return f"newsmtsc-{self.split}"

    def files(self, root: Path) -> list[Path]:
        """The training file and the split's.

        Raises:
            SourceError: If one is missing.
        """
        usual = root / "newsmtsc"
        folder = Path(self.data_dir).expanduser() if self.data_dir else usual
        test = need(folder / f"{self.split}.jsonl", source=self.source)
        own, common = folder / "train.jsonl", usual / "train.jsonl"
        return [need(common if common.exists() and not own.exists() else own, source=self.source), test]

    def load(self, root: Path) -> "Dataset":
        """The published rows of both files, `part` telling which they are from.

        Raises:
            SourceError: If a file is missing, truncated or has other fields.
        """
        from datasets import Dataset

        train, test = self.files(root)
        return Dataset.from_list([*_rows(train, part="train"), *_rows(test, part="test")])

    def items(self, data: "Dataset") -> list[Item]:
        """One item: the split, to be predicted from the training part."""
        parts: dict[str, list[Example]] = {"train": [], "test": []}
        for n, row in enumerate(data):
            for target in row["targets"]:
                text = {"text": row["sentence_normalized"], "target": [target["from"], target["to"]]}
                unit = f"{n:06d} {row['primary_gid']}"
                parts[row["part"]].append(Example(text, POLARITY[target["polarity"]], unit))
        train, test = (first_units(parts[part], self.limit) for part in ("train", "test"))
        return [item(self.split, train=train, test=test)]

    def units(self, items: Sequence[Item], predictions: Mapping[str, Any]) -> list[Unit]:
        """A confusion matrix a sentence."""
        return confusion_units(items, predictions, labels=tuple(POLARITY.values()))

    def measure(self, units: Sequence[Unit]) -> dict[str, float]:
        """Scores over all targets of these sentences."""
        return macro_scores(units)


def _rows(path: Path, *, part: str) -> list[dict[str, Any]]:
    rows = []
    for n, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            rows.append(_row(json.loads(line), part=part))
        except KeyError as error:
            raise wrong(path, f"line {n} has no field {error}") from error
        except (TypeError, ValueError) as error:
            raise wrong(path, f"line {n}: {error}") from error
    if not rows:
        raise wrong(path, "there are no rows")
    return rows


def _row(raw: Any, *, part: str) -> dict[str, Any]:
    text, targets = raw["sentence_normalized"], []
    for target in raw["targets"]:
        start, end, polarity = int(target["from"]), int(target["to"]), float(target["polarity"])
        if not 0 <= start < end <= len(text):
            raise ValueError(f"target {start}–{end} is outside its sentence of {len(text)} characters")
        if polarity not in POLARITY:
            raise ValueError(f"polarity {polarity}; there are {', '.join(map(str, POLARITY))}")
        targets.append({"from": start, "to": end, "mention": str(target["mention"]), "polarity": polarity})
    return {"part": part, "primary_gid": str(raw["primary_gid"]), "sentence_normalized": text, "targets": targets}
