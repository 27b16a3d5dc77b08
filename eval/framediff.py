"""framediff: alignments, differences and omissions against two independent readings of each pair.

An item is core when both readings have it; precision counts an item right when either has it, recall is over core
items (the set's own rule, framediff/README.md). Intervals are bootstrap percentiles over pairs.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.compare import compare
from toolkit.comparison import Comparison
from toolkit.config import CompareConfig
from toolkit.types import Document

Record = dict[str, Any]


@dataclass(frozen=True)
class GoldPair:
    """Two articles and their two readings."""

    id: str
    documents: tuple[Document, Document]
    readings: tuple[Record, Record]


@dataclass(frozen=True)
class Score:
    """Precision, recall and F1 over n pairs, with a 95 % bootstrap interval of F1."""

    precision: float
    recall: float
    f1: float
    low: float
    high: float
    n: int


def read_pairs(folder: Path) -> list[GoldPair]:
    """Reads `pairs/*.json` and `gold/*.json`."""
    out = []
    for file in sorted((folder / "pairs").glob("*.json")):
        raw = json.loads(file.read_text(encoding="utf-8"))
        a, b = (
            Document.from_sentences(x["sentences"], article_id=side, outlet=side)
            for side, x in zip("AB", raw["articles"], strict=True)
        )
        one, two = (json.loads((folder / "gold" / f"{file.stem}.{n}.json").read_text(encoding="utf-8")) for n in (1, 2))
        out.append(GoldPair(file.stem, (a, b), (one, two)))
    return out


def prediction(comparison: Comparison) -> Record:
    """A comparison of articles `A` and `B` in the annotators' format."""
    names = {(k.a.article, k.a.index, k.b.article, k.b.index) for p in comparison.points for k in p.links}
    alignments = sorted({tuple(sorted((f"{a}{i}", f"{b}{j}"))) for a, i, b, j in names})
    differences = []
    for d in comparison.differences:
        side = {s.article: s for s in d.sides}
        row: Record = {"kind": d.kind, "strength": d.strength, "why": d.reason}
        for key, article in (("a", "A"), ("b", "B")):
            s = side.get(article)
            row[key], row[f"{key}_span"] = (f"{article}{s.sentence}", s.text) if s else (None, None)
        differences.append(row)
    return {"alignments": [list(x) for x in alignments], "differences": differences}


def counts(predicted: Record, readings: Sequence[Record]) -> dict[str, tuple[int, int, int, int]]:
    """Right, predicted, found and core counts of alignments, differences by kind, and omissions."""
    out = {}
    keep: dict[str, Callable[[Record], set[Any]]] = {
        "alignments": lambda g: {tuple(x) for x in g["alignments"]},
        "differences": lambda g: {(d["kind"], d["a"], d["b"]) for d in g["differences"] if d["kind"] != "omission"},
        "omissions": lambda g: {(d["a"], d["b"]) for d in g["differences"] if d["kind"] == "omission"},
    }
    for name, items in keep.items():
        p, (g1, g2) = items(predicted), [items(g) for g in readings]
        out[name] = len(p & (g1 | g2)), len(p), len(p & g1 & g2), len(g1 & g2)
    return out


def scores(
    rows: Sequence[dict[str, tuple[int, int, int, int]]], *, seed: int = 0, rounds: int = 1000
) -> dict[str, Score]:
    """Pooled scores with intervals from resampling the pairs."""
    rng = np.random.default_rng(seed)
    out = {}
    for name in rows[0]:
        table = np.array([r[name] for r in rows], dtype=np.float64)
        drawn = table[rng.integers(0, len(table), size=(rounds, len(table)))].sum(axis=1)
        low, high = np.quantile([_prf(x)[2] for x in drawn], [0.025, 0.975])
        out[name] = Score(*_prf(table.sum(axis=0)), float(low), float(high), len(table))
    return out


def _prf(x: Any) -> tuple[float, float, float]:
    right, predicted, found, core = map(float, x)
    p = right / predicted if predicted else 1.0
    r = found / core if core else 1.0
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def evaluate(folder: Path, *, config: CompareConfig | None = None, write: Path | None = None) -> dict[str, Score]:
    """Compares every pair and scores it; predictions go to `write`, one JSON file a pair, where it is given."""
    rows = []
    for pair in read_pairs(folder):
        predicted = prediction(compare(pair.documents, config=config))
        rows.append(counts(predicted, pair.readings))
        if write is not None:
            write.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"id": pair.id, **predicted}, ensure_ascii=False, indent=1)
            (write / f"{pair.id}.json").write_text(text, encoding="utf-8")
    return scores(rows)
