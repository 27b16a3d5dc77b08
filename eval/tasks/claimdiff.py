"""ClaimDiff (Ko et al. 2023): does one report's claim bear on another's, by strengthening or weakening it?"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.tasks._pairs import columns, dataset, pair_units, place, rank_metrics
from eval.types import Family, Item, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datasets import Dataset

_COLUMNS = ("topic", "date", "pair_id", "claim_a", "claim_b", "article_a", "article_b", "relation")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class ClaimDiff:
    """Pairs of claims of two presses on a topic; related if the one strengthens or weakens the other.

    Args:
        data_dir: Folder with `ClaimDiff-S/` and `ClaimDiff-W/`; empty for `<root>/claimdiff`.
        split: train, test or test-full, as in `ClaimDiff-strength-<split>.json`.
        limit: First so many topics; 0 for all.
    """

    kind: Literal["claimdiff"] = "claimdiff"
    data_dir: str = ""
    split: Annotated[str, Field(pattern=r"^[\w.-]+$")] = "train"
    limit: Annotated[int, Field(ge=0)] = 0

    family: ClassVar[Family] = "pairs"
    unit: ClassVar[str] = "topic"
    metrics: ClassVar[tuple[str, ...]] = ("auc", "ap", "f1", "base")
    lower_is_better: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str] = "https://github.com/kaistAI/ClaimDiff (no licence stated)"

    @property
    def name(self) -> str:
        """What the record calls it."""
        return self.kind if self.split == "train" else f"{self.kind}-{self.split}"

    def files(self, root: Path) -> list[Path]:
        """The file of strengthening and the file of weakening.

        Raises:
            SourceError: If one is missing.
        """
        folder = place(root, self.data_dir, "claimdiff")
        names = f"ClaimDiff-S/ClaimDiff-strength-{self.split}.json", f"ClaimDiff-W/ClaimDiff-weak-{self.split}.json"
        return [need(folder / name, source=self.source) for name in names]

    def load(self, root: Path) -> "Dataset":
        """One row a pair: the published fields, with `strengthen` and `weaken` in place of `relation`.

        Raises:
            SourceError: If a file is missing, truncated or has other fields, or the two hold different pairs.
        """
        one, two = self.files(root)
        strong, weak = _pairs(one), _pairs(two)
        if strong.keys() != weak.keys():
            raise wrong(two, f"{len(strong.keys() ^ weak.keys())} pairs are not in both this file and {one.name}")
        rows = []
        for key, row in strong.items():
            kept = {c: str(row[c]) for c in _COLUMNS if c != "relation"}
            rows.append({**kept, "strengthen": int(row["relation"]), "weaken": int(weak[key]["relation"])})
        return dataset(one, rows)

    def items(self, data: "Dataset") -> list[Item]:
        """One item a topic: its articles, each with the claims that stand in a pair, in the order of the file."""
        topics: dict[str, list[Any]] = {}
        for row in data:
            topics.setdefault(row["topic"], []).append(row)
        return [_item(topic, rows) for topic, rows in list(topics.items())[: self.limit or None]]

    def units(self, items: "Sequence[Item]", predictions: "Mapping[str, Any]") -> list[Unit]:
        """One unit a topic; the threshold of F1 is tuned on the other topics."""
        return pair_units(items, predictions)

    def measure(self, units: "Sequence[Unit]") -> dict[str, float]:
        """AUC and AP over all pairs, F1 at the tuned thresholds, and the share of related pairs (AP of chance)."""
        found = rank_metrics(units)
        return {name: found[name] for name in self.metrics}


def _item(topic: str, rows: "Sequence[Mapping[str, Any]]") -> Item:
    places: dict[tuple[str, str], int] = {}
    claims: list[dict[str, int]] = []

    def at(side: str, row: "Mapping[str, Any]") -> list[int]:
        # Two presses may run one headline: the side tells their articles apart.
        document = places.setdefault((side, row[f"article_{side}"]), len(places))
        if document == len(claims):
            claims.append({})
        return [document, claims[document].setdefault(row[f"claim_{side}"], len(claims[document]))]

    pairs = [at("a", row) + at("b", row) for row in rows]
    labels = [int(row["strengthen"] or row["weaken"]) for row in rows]
    return Item(topic, {"documents": [list(c) for c in claims], "pairs": pairs}, {"labels": labels})


def _pairs(path: Path) -> dict[str, dict[str, Any]]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise wrong(path, f"not whole JSON ({error})") from error
    rows = raw.get("data") if isinstance(raw, dict) else raw
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise wrong(path, "expected a list of pairs under 'data'")
    found = {}
    for n, row in enumerate(rows):
        columns(path, row, _COLUMNS, where=f"pair {n}")
        if row["relation"] not in (0, 1):
            raise wrong(path, f"pair {n}: relation is {row['relation']!r}, expected 0 or 1")
        found[row["pair_id"]] = row
    if len(found) != len(rows):
        raise wrong(path, f"{len(rows) - len(found)} pairs have the pair_id of another")
    return found
