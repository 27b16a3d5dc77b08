"""framediff: alignments, differences and omissions against two independent readings of each pair.

An item is core when both readings have it; precision counts an item right when either has it, recall is over core
items (the set's own rule). Differences are matched by place, by place and kind, and by kind and touching spans. The
readers are large language models working under a guide, not people, so their agreement is an upper mark.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

import numpy as np
from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.types import Family, Item, Unit
from toolkit.types import Kind

if TYPE_CHECKING:
    from datasets import Dataset

Reading = Mapping[str, Any]
_KINDS: tuple[str, ...] = tuple(k for k in get_args(Kind) if k != "omission")
_LEVELS = ("place", "kind", "span")
# Each row of counts: right, predicted, found, core. Then the same four for one reading against the other.
_ROWS = ("alignment", *(f"{g}_{lv}" for g in ("difference", "omission") for lv in _LEVELS), *_KINDS)
_SPLIT = {"difference": lambda kind: kind != "omission", "omission": lambda kind: kind == "omission"}


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class FrameDiff:
    """Real pairs of reports, each read twice; figures are those of the set's `score.py`.

    Args:
        data_dir: Folder with `pairs/` and `gold/`; empty for `framediff` beside the data root.
        split: The set is not divided.
        limit: First n pairs; 0 for all.
    """

    kind: Literal["framediff"] = "framediff"
    data_dir: str = ""
    split: Literal["all"] = "all"
    limit: int = 0

    family: ClassVar[Family] = "compare"
    unit: ClassVar[str] = "pair"
    metrics: ClassVar[tuple[str, ...]] = (
        "difference_kind_f1",
        *(f"{row}_{m}" for row in _ROWS for m in ("precision", "recall", "f1", "annotators")
          if (row, m) != ("difference_kind", "f1")),
    )  # fmt: skip
    lower_is_better: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str] = "this project's shared framediff folder (texts as in BASIL; annotated by language models)"

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return self.kind

    def files(self, root: Path) -> list[Path]:
        """The pairs and both readings of each.

        Raises:
            SourceError: If one is missing.
        """
        folder = framediff_folder(self.data_dir, root)
        need(folder / "gold", source=self.source)
        names = sorted(f.name.removesuffix(".1.json") for f in (folder / "gold").glob("*.1.json"))
        if not names:
            raise wrong(folder / "gold", "no file named <pair>.1.json")
        names = names[: self.limit or None]
        wanted = [(f"pairs/{n}.json", f"gold/{n}.1.json", f"gold/{n}.2.json") for n in names]
        return [need(folder / file, source=self.source) for three in wanted for file in three]

    def load(self, root: Path) -> "Dataset":
        """One row a pair: id, event, two articles, two readings.

        Raises:
            SourceError: If a file is missing, truncated or of another form.
        """
        from datasets import Dataset

        files = self.files(root)
        rows = []
        for pair, one, two in zip(files[::3], files[1::3], files[2::3], strict=True):
            raw = read_pair(pair)
            rows.append({"id": pair.stem, **raw, "readings": [_reading(one), _reading(two)]})
        return Dataset.from_list(rows)

    def items(self, data: "Dataset") -> list[Item]:
        """One item a pair; the sentences are the set's own, so that their numbers are."""
        return [
            Item(row["id"], {k: a["sentences"] for k, a in zip("ab", row["articles"], strict=True)}, row["readings"])
            for row in data
        ]

    def units(self, items: Sequence[Item], predictions: Mapping[str, Any]) -> list[Unit]:
        """Counts by pair, shape (rows, 8)."""
        return [Unit(i.id, difference_table(predictions[i.id], *i.gold)) for i in items if i.id in predictions]

    def measure(self, units: Sequence[Unit]) -> dict[str, float]:
        """Precision, recall and F1 pooled over pairs, and one reading's F1 against the other's.

        A kind that nobody names in any of the pairs is not defined (NaN).
        """
        table = np.sum([u.rows for u in units], axis=0)
        values: dict[str, float] = {}
        for row, counts in zip(_ROWS, table.tolist(), strict=True):
            unseen = row in _KINDS and not any(counts)
            precision, recall, f1 = (float("nan"),) * 3 if unseen else prf(*counts[:4])
            values |= {f"{row}_precision": precision, f"{row}_recall": recall, f"{row}_f1": f1}
            values[f"{row}_annotators"] = float("nan") if unseen else prf(*counts[4:])[2]
        return {name: values[name] for name in self.metrics}


def framediff_folder(data_dir: str, root: Path) -> Path:
    """The set's folder: as given, or beside the data root."""
    return Path(data_dir) if data_dir else root.parent / "framediff"


def read_pair(path: Path) -> dict[str, Any]:
    """The event and the two articles of a pair's file.

    Raises:
        SourceError: If it is truncated or of another form.
    """
    raw = read_json(path)
    try:
        articles = [
            {"source": str(a.get("source", "")), "title": str(a.get("title", "")), "sentences": a["sentences"]}
            for a in raw["articles"]
        ]
        if len(articles) != 2 or not all(isinstance(s, str) for a in articles for s in a["sentences"]):
            raise ValueError("expected two articles, each with sentences as strings")
        return {"event": str(raw.get("event", "")), "articles": articles}
    except KeyError as error:
        raise wrong(path, f"no {error.args[0]!r} where an article was expected") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise wrong(path, error) from error


def prf(right: float, predicted: float, found: float, core: float) -> tuple[float, float, float]:
    """Precision, recall and F1; of nothing, 1 (the set's own rule)."""
    p = right / predicted if predicted else 1.0
    r = found / core if core else 1.0
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def read_json(path: Path) -> Any:
    """What a file of the set holds.

    Raises:
        SourceError: If it cannot be read, or is not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise wrong(path, error) from error


def _reading(path: Path) -> dict[str, Any]:
    raw = read_json(path)
    try:
        return {
            "alignments": [[str(a), str(b)] for a, b in raw["alignments"]],
            "differences": [
                {k: d[k] for k in ("kind", "a", "b")} | {k: d.get(k) for k in ("a_span", "b_span")}
                for d in raw["differences"]
            ],
        }
    except KeyError as error:
        raise wrong(path, f"no {error.args[0]!r} where a reading has one") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise wrong(path, error) from error


def difference_table(predicted: Reading, one: Reading, two: Reading) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Counts of one pair, shape (rows, 8): right, predicted, found, core; then one reading's against the other's."""
    p, g1, g2 = ({tuple(x) for x in r["alignments"]} for r in (predicted, one, two))
    both = g1 & g2
    rows: list[tuple[int, ...]] = [
        (len(p & (g1 | g2)), len(p), len(p & both), len(both), len(both), len(g1), len(both), len(g2))
    ]
    for keep in _SPLIT.values():
        rows += [_eight(predicted, one, two, keep=keep, level=level) for level in _LEVELS]
    rows += [_eight(predicted, one, two, keep=lambda k, kind=kind: k == kind, level="kind") for kind in _KINDS]
    return np.array(rows, dtype=np.int64)


def _eight(*readings: Reading, keep: Any, level: str) -> tuple[int, ...]:
    p, one, two = ([d for d in r["differences"] if keep(d["kind"])] for r in readings)
    core = [d for d in one if _any(d, two, level)]
    agreed = len(core), len(one), sum(_any(d, one, level) for d in two), len(two)
    right, found = sum(_any(d, [*one, *two], level) for d in p), sum(_any(d, p, level) for d in core)
    return right, len(p), found, len(core), *agreed


def _any(d: Reading, others: Sequence[Reading], level: str) -> bool:
    return any(_same(d, other, level) for other in others)


def _same(x: Reading, y: Reading, level: str) -> bool:
    omissions = (x["kind"] == "omission") == (y["kind"] == "omission")
    if not omissions or (x["a"], x["b"]) != (y["a"], y["b"]):
        return False
    if level == "place":
        return True
    return x["kind"] == y["kind"] and (level == "kind" or _touch(x, y))


def _touch(x: Reading, y: Reading) -> bool:
    spans = [(x.get(k), y.get(k)) for k in ("a_span", "b_span")]
    return all(not s or not t or _words(s) & _words(t) for s, t in spans)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
