"""NAnCo (Laban et al. 2022, Discord Questions): do two outlets' answers to a question say the same?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass as plain
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.tasks._pairs import columns, dataset, place, scores
from eval.types import Family, Item, Unit

if TYPE_CHECKING:
    from datasets import Dataset
    from numpy.typing import NDArray

_FILE = "nanco_dataset.json"
_COLUMNS = ("qid", "Answer", "Paragraph", "Article URL", "cluster_global")


@plain(frozen=True)
class Question:
    """Balanced accuracies of one question: at the threshold from the others, and at its own best threshold."""

    tuned: float
    best: float


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class NAnCo:
    """All pairs of answers to a question; positive if the annotators' final clustering puts them together.

    Args:
        data_dir: Folder of `nanco_dataset.json`; empty for `<root>/nanco`.
        split: all, or question ids as in `Q2,Q3`.
        tune_dir: Folder of another `nanco_dataset.json`: its questions tune the threshold and are not measured. Empty
            to tune on the other questions of this one, leaving one out.
        limit: First so many questions; 0 for all.
    """

    kind: Literal["nanco"] = "nanco"
    data_dir: str = ""
    split: Annotated[str, Field(pattern=r"^[\w.-]+(,[\w.-]+)*$")] = "all"
    tune_dir: str = ""
    limit: Annotated[int, Field(ge=0)] = 0

    family: ClassVar[Family] = "pairs"
    unit: ClassVar[str] = "question"
    metrics: ClassVar[tuple[str, ...]] = ("balanced_accuracy", "balanced_accuracy_own_threshold")
    lower_is_better: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str] = "https://github.com/salesforce/discord_questions (nanco_dataset.json; BSD-3-Clause)"

    @property
    def name(self) -> str:
        """What the record calls it."""
        tuned = f"-tuned-on-{Path(self.tune_dir).name}" if self.tune_dir else ""
        return (self.kind if self.split == "all" else f"{self.kind}-{self.split}") + tuned

    def files(self, root: Path) -> list[Path]:
        """One JSON file, or two with `tune_dir`.

        Raises:
            SourceError: If it is missing.
        """
        folders = [place(root, self.data_dir, "nanco"), *([Path(self.tune_dir).expanduser()] if self.tune_dir else [])]
        return [need(f / _FILE, source=self.source) for f in folders]

    def load(self, root: Path) -> "Dataset":
        """One row an answer, with the published fields of answer and question, and `tune`: only for the threshold.

        Raises:
            SourceError: If a file is missing, truncated or has other fields, or a question of the split is not there.
        """
        files = self.files(root)
        rows = [{**row, "tune": n > 0} for n, path in enumerate(files) for row in _answers(path)]
        if self.split != "all":
            wanted = set(self.split.split(","))
            there = {r["qid"] for r in rows if not r["tune"]}
            if wanted - there:
                raise wrong(files[0], f"no question {', '.join(sorted(wanted - there))}; there are {sorted(there)}")
            rows = [r for r in rows if r["tune"] or r["qid"] in wanted]
        return dataset(files[0], rows)

    def items(self, data: "Dataset") -> list[Item]:
        """One item a question; each answer is a document of one sentence."""
        questions: dict[tuple[bool, str], list[Any]] = {}
        for row in data:
            questions.setdefault((row["tune"], row["qid"]), []).append(row)
        measured: list[Item] = []
        tuning: list[Item] = []
        for (tune, question), answers in questions.items():
            if len(answers) < 2:
                continue
            at = list(combinations(range(len(answers)), 2))
            labels = [int(answers[a]["cluster_global"] == answers[b]["cluster_global"]) for a, b in at]
            asked = {"documents": [[x["Answer"]] for x in answers], "pairs": [[a, 0, b, 0] for a, b in at]}
            item = Item(f"tune-{question}" if tune else question, asked, {"labels": labels, "tune": tune})
            (tuning if tune else measured).append(item)
        return measured[: self.limit or None] + tuning

    def units(self, items: Sequence[Item], predictions: Mapping[str, Any]) -> list[Unit]:
        """One unit a question, at the threshold that is best on average over the other (or the tuning) questions."""
        held = [
            (i, scores(i, predictions[i.id]), np.asarray(i.gold["labels"], dtype=np.bool_))
            for i in items
            if i.id in predictions
        ]
        out = []
        for item, values, labels in held:
            if item.gold["tune"]:
                continue
            others = [h[1:] for h in held if h[0].id != item.id and h[0].gold["tune"] == bool(self.tune_dir)]
            threshold = best_threshold(others)
            tuned = float(balanced_accuracies(values, labels, np.array([threshold]))[0])
            best = float(balanced_accuracies(values, labels, np.array([best_threshold([(values, labels)])]))[0])
            out.append(Unit(item.id, Question(tuned, best)))
        return out

    def measure(self, units: Sequence[Unit]) -> dict[str, float]:
        """Means over the questions that have pairs of both kinds; the second is an upper mark, tuned on itself."""
        rows = np.array([[u.rows.tuned, u.rows.best] for u in units])
        known = rows[~np.isnan(rows[:, 1])]
        means = known.mean(axis=0) if len(known) else np.full(2, np.nan)
        return {name: float(x) for name, x in zip(self.metrics, means, strict=True)}


def balanced_accuracies(
    values: "NDArray[np.float64]", positive: "NDArray[np.bool_]", thresholds: "NDArray[np.float64]"
) -> "NDArray[np.float64]":
    """Balanced accuracy of `values >= threshold`, for each threshold; NaN where all pairs are of one kind."""
    if positive.all() or not positive.any():
        return np.full(len(thresholds), np.nan)
    up, down = np.sort(values[positive]), np.sort(values[~positive])
    found = 1 - np.searchsorted(up, thresholds, side="left") / len(up)
    out: NDArray[np.float64] = (found + np.searchsorted(down, thresholds, side="left") / len(down)) / 2
    out[np.isnan(thresholds)] = np.nan
    return out


def best_threshold(questions: Sequence[tuple["NDArray[np.float64]", "NDArray[np.bool_]"]]) -> float:
    """Half way between two neighbouring scores, where the mean balanced accuracy is best; NaN without questions."""
    known = [(v, y) for v, y in questions if y.any() and not y.all()]
    if not known:
        return float("nan")
    seen = np.unique(np.concatenate([v for v, _ in known]))
    cuts = np.concatenate([seen[:1], (seen[1:] + seen[:-1]) / 2])
    return float(cuts[int(np.argmax(np.mean([balanced_accuracies(v, y, cuts) for v, y in known], axis=0)))])


def _answers(path: Path) -> list[dict[str, Any]]:
    try:
        questions = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise wrong(path, f"not whole JSON ({error})") from error
    if not isinstance(questions, list) or not all(isinstance(q, dict) for q in questions):
        raise wrong(path, "expected a list of questions")
    rows = []
    for n, question in enumerate(questions):
        columns(path, question, ("question", "answers"), where=f"question {n}")
        for m, answer in enumerate(question["answers"]):
            columns(path, answer, _COLUMNS, where=f"question {n}, answer {m}")
            rows.append({"question": question["question"], **{c: answer[c] for c in _COLUMNS}})
    return rows
