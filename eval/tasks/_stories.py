"""What the story sets share: batches of articles, and how well they are grouped into stories.

BCubed (Bagga & Baldwin 1998) and pairwise scores are pooled over the batches; average precision is that of a batch's
article pairs by similarity, then the mean over the batches that have a same-story pair. Articles stand in an item in
the order of a hash of their text, so that their order tells nothing.
"""

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass as plain_dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.types import Family, Item, Unit


@plain_dataclass(frozen=True)
class Grouped:
    """One batch, scored.

    Args:
        articles: How many there are.
        precision: Sum of the articles' BCubed precisions.
        recall: Sum of the articles' BCubed recalls.
        both: Pairs that are of one story and were put together.
        guessed: Pairs that were put together.
        real: Pairs of one story.
        ap: Average precision of the pairs by similarity; NaN without a pair of one story.
    """

    articles: int
    precision: float
    recall: float
    both: int
    guessed: int
    real: int
    ap: float


@plain_dataclass(frozen=True)
class Told:
    """One article.

    Args:
        story: Which story it tells.
        title: Its headline, if known.
        text: The rest.
    """

    story: str
    title: str
    text: str


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class StoriesTask:
    """A set of articles of several stories.

    Args:
        data_dir: The set's own folder; empty for the one of its name below the data root.
        limit: The first so many batches; 0 for all.
    """

    data_dir: str = ""
    limit: Annotated[int, Field(ge=0)] = 0

    family: ClassVar[Family] = "stories"
    unit: ClassVar[str] = "batch"
    metrics: ClassVar[tuple[str, ...]] = ("bcubed_f1", "pairwise_f1", "ap")
    lower_is_better: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str] = ""
    folder: ClassVar[str] = ""

    def units(self, items: Sequence[Item], predictions: Mapping[str, Any]) -> list[Unit]:
        """One unit a batch; the system's own threshold made its groups, none is tuned here.

        Raises:
            ValueError: If a prediction has not one group and one row of similarities an article.
        """
        return [Unit(i.id, _grouped(i, predictions[i.id])) for i in items if i.id in predictions]

    def measure(self, units: Sequence[Unit]) -> dict[str, float]:
        """BCubed F1, pairwise F1, average precision."""
        rows: list[Grouped] = [u.rows for u in units]
        n = sum(r.articles for r in rows)
        precision, recall = sum(r.precision for r in rows), sum(r.recall for r in rows)
        either = sum(r.guessed + r.real for r in rows)
        known = [r.ap for r in rows if not math.isnan(r.ap)]
        return {
            "bcubed_f1": 2 * precision * recall / (precision + recall) / n if n else math.nan,
            "pairwise_f1": 2 * sum(r.both for r in rows) / either if either else math.nan,
            "ap": sum(known) / len(known) if known else math.nan,
        }

    def _home(self, root: Path) -> Path:
        return Path(self.data_dir) if self.data_dir else root / self.folder


def bcubed(gold: Sequence[Hashable], guess: Sequence[Hashable]) -> tuple[list[float], list[float]]:
    """BCubed precision and recall of each article, given its story and its group."""
    both, stories, groups = Counter(zip(gold, guess, strict=True)), Counter(gold), Counter(guess)
    cells = list(zip(gold, guess, strict=True))
    return [both[g, p] / groups[p] for g, p in cells], [both[g, p] / stories[g] for g, p in cells]


def batches(stories: Mapping[str, str], *, size: int) -> list[list[str]]:
    """Stories, each with its date, in batches of about `size` that follow each other in time."""
    order = sorted(stories, key=lambda s: (stories[s], s))
    count = max(1, math.ceil(len(order) / size))
    return [[order[i] for i in part] for part in np.array_split(np.arange(len(order)), count)]


def batch_item(name: str, articles: Sequence[Told]) -> Item:
    """One item: its articles in an order that tells nothing, their stories as gold."""
    mixed = sorted(articles, key=lambda a: sha256(f"{a.title}\n{a.text}".encode("utf-8", "replace")).hexdigest())
    return Item(name, {"articles": [{"title": a.title, "text": a.text} for a in mixed]}, [a.story for a in mixed])


def _grouped(item: Item, prediction: Mapping[str, Any]) -> Grouped:
    from sklearn.metrics import average_precision_score

    gold, guess = item.gold, prediction["groups"]
    n = len(gold)
    similarity = np.asarray(prediction["similarity"], dtype=np.float64)
    if len(guess) != n or similarity.shape != (n, n):
        raise ValueError(f"{item.id}: expected {n} groups and {n} × {n} similarities, got {len(guess)} groups and "
                         f"similarities of shape {similarity.shape}")  # fmt: skip
    precision, recall = bcubed(gold, guess)
    upper = np.triu_indices(n, k=1)
    real, put = (np.array([side[i] == side[j] for i, j in zip(*upper, strict=True)], dtype=bool)
                 for side in (gold, guess))  # fmt: skip
    ap = float(average_precision_score(real, similarity[upper])) if real.any() else math.nan
    return Grouped(n, sum(precision), sum(recall), int((real & put).sum()), int(put.sum()), int(real.sum()), ap)
