"""WiCE: is a sentence of Wikipedia supported by the article it cites, and where (Kamoi et al. 2023)?

As in the paper, the two classes are supported and the rest: a partially supported claim counts as not supported
(option `partial`). A system is asked for `evidence` source sentences too, and may answer each claim with
`{"score": float, "evidence": [source indices, best first]}` instead of a float.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.data import wrong
from eval.tasks._support import SupportTask, dataset
from eval.types import Item

if TYPE_CHECKING:
    from datasets import Dataset

EVIDENCE = 5
_COLUMNS: dict[str, type] = {"label": str, "supporting_sentences": list, "claim": str, "evidence": list, "meta": dict}
_LABELS = ("supported", "partially_supported", "not_supported")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class WiCE(SupportTask):
    """Claims of Wikipedia with the sentences of the pages they cite.

    `evidence_recall_5` is the share of a valid set of supporting sentences among the first five named, the best over
    the valid sets, averaged over the claims that have one.

    Args:
        split: train, dev or test, as in `<level>/<split>.jsonl`.
        level: Whole claims, or claims cut into subclaims by a model.
        partial: What a partially supported claim counts as.
    """

    kind: Literal["wice"] = "wice"
    split: Annotated[str, Field(pattern=r"^[\w.-]+$")] = "dev"
    level: Literal["claim", "subclaim"] = "claim"
    partial: Literal["unsupported", "supported", "left out"] = "unsupported"

    unit: ClassVar[str] = "Wikipedia page"
    metrics: ClassVar[tuple[str, ...]] = ("balanced_accuracy", "auc", "evidence_recall_5")
    folder: ClassVar[str] = "wice"
    source: ClassVar[str] = (
        "https://github.com/ryokamoi/wice (data/entailment_retrieval; ODC-BY, Wikipedia's text CC BY-SA)"
    )

    @property
    def name(self) -> str:
        """What the record calls it."""
        parts = [self.level] * (self.level != "claim") + [self.split] * (self.split != "dev")
        parts += [f"partial-{self.partial.replace(' ', '-')}"] * (self.partial != "unsupported")
        return "-".join([self.kind, *parts])

    def load(self, root: Path) -> "Dataset":
        """One row a claim, with the published fields.

        Raises:
            SourceError: If the file is missing, truncated or has other columns.
        """
        (path,) = self.files(root)
        rows = []
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                rows.append(json.loads(line))
            except ValueError as error:
                raise wrong(path, f"line {n} is not whole JSON ({error})") from error
        data = dataset(path, rows, columns=_COLUMNS)
        for n, row in enumerate(rows, start=1):
            if row["label"] not in _LABELS:
                raise wrong(path, f"line {n}: label {row['label']!r}, expected one of {', '.join(_LABELS)}")
            if not {"id", "claim_title"} <= row["meta"].keys():
                raise wrong(path, f"line {n}: meta has no id or claim_title; it has {', '.join(sorted(row['meta']))}")
        return data

    def items(self, data: "Dataset") -> list[Item]:
        """One item a claim."""
        positive = {"supported", "partially_supported"} if self.partial == "supported" else {"supported"}
        items = []
        for row in data:
            if self.partial == "left out" and row["label"] == "partially_supported":
                continue
            gold = {
                "unit": row["meta"]["claim_title"],
                "labels": [int(row["label"] in positive)],
                "evidence": [s for s in row["supporting_sentences"] if s],
            }
            asked = {"source": row["evidence"], "claims": [row["claim"]], "evidence": EVIDENCE}
            items.append(Item(row["meta"]["id"], asked, gold))
        return items[: self.limit or None]

    def _file(self, folder: Path) -> Path:
        return folder / self.level / f"{self.split}.jsonl"

    def _extra(self, item: Item, claim: int, entry: Any) -> dict[str, float]:
        if not isinstance(entry, Mapping) or not item.gold["evidence"]:
            return {}
        named = set(entry["evidence"][:EVIDENCE])
        return {"evidence_recall_5": max(len(named & set(valid)) / len(valid) for valid in item.gold["evidence"])}
