"""framediff-open: stories, planted pairs and null pairs written for this project, which ship (CC BY 4.0).

Stories are scored as framediff is, every two of a story's three reports against two independent readings; planted pairs
against what was placed in them. Their data card is `eval/data/framediff-open/README.md`; null pairs are a split of the
task `nulls`.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.tasks.framediff import FrameDiff, difference_table, read_json
from eval.types import Family, Item, Unit

if TYPE_CHECKING:
    from datasets import Dataset

OPEN = Path(__file__).parents[1] / "data" / "framediff-open"


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class FrameDiffOpen:
    """Alignments, differences and omissions on the open stories, or on the pairs with planted differences.

    Args:
        data_dir: Folder with `stories/` and `planted/`; empty for the one that ships.
        part: `stories` has two readings of every pair of reports; `planted` has what was placed in a rewrite.
        split: `test` is the third that nothing may be tuned on.
        limit: First n stories or planted pairs; 0 for all.
    """

    kind: Literal["framediff-open"] = "framediff-open"
    data_dir: str = ""
    part: Literal["stories", "planted"] = "stories"
    split: Literal["dev", "test", "all"] = "dev"
    limit: int = 0

    family: ClassVar[Family] = "compare"
    unit: ClassVar[str] = "story"
    metrics: ClassVar[tuple[str, ...]] = FrameDiff.metrics
    lower_is_better: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str] = (
        "this repository, eval/data/framediff-open (CC BY 4.0; written and annotated by language models)"
    )

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return f"{self.kind}-{self.part}-{self.split}"

    def files(self, root: Path) -> list[Path]:
        """One file a story or planted pair, of all splits.

        Raises:
            SourceError: If there is none.
        """
        folder = need((Path(self.data_dir) if self.data_dir else OPEN) / self.part, source=self.source)
        files = sorted(folder.glob("*.json"))
        if not files:
            raise wrong(folder, "no .json file")
        return files

    def load(self, root: Path) -> "Dataset":
        """One row a pair of reports: id, story, two articles, the readings.

        Raises:
            SourceError: If a file is missing or of another form.
        """
        from datasets import Dataset

        stories = [s for f in self.files(root) if (s := _read(f))["part"] == self.split or self.split == "all"]
        return Dataset.from_list([row for s in stories[: self.limit or None] for row in _pairs(s)])

    def items(self, data: "Dataset") -> list[Item]:
        """One item a pair of reports; gold has the story and its readings."""
        return [Item(r["id"], {"a": r["a"], "b": r["b"]}, {k: r[k] for k in ("story", "readings")}) for r in data]

    def units(self, items: Sequence[Item], predictions: Mapping[str, Any]) -> list[Unit]:
        """Counts by story, shape (rows, 8)."""
        tables: dict[str, Any] = {}
        for i in items:
            if i.id in predictions:
                table = difference_table(predictions[i.id], *i.gold["readings"])
                tables[i.gold["story"]] = tables.get(i.gold["story"], 0) + table
        return [Unit(story, np.asarray(table)) for story, table in tables.items()]

    def measure(self, units: Sequence[Unit]) -> dict[str, float]:
        """As `framediff`; of planted pairs the readings agree by construction."""
        return FrameDiff().measure(units)


def _read(path: Path) -> dict[str, Any]:
    raw = read_json(path)
    try:
        articles, readings = raw["articles"], raw.get("readings") or [raw, raw]
        sentences = {f"{'ABC'[n]}{i}": s for n, a in enumerate(articles) for i, s in enumerate(a["sentences"])}
        for reading in readings:
            for x, y, x_span, y_span in map(_ends, reading["differences"]):
                if (x and x_span not in sentences[x]) or (y and y_span not in sentences[y]):
                    raise ValueError(f"a span that is not in {x} or {y}")
        return {"id": raw["id"], "part": raw["part"], "articles": articles, "readings": readings}
    except KeyError as error:
        raise wrong(path, f"no {error.args[0]!r}") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise wrong(path, error) from error


def _ends(d: Mapping[str, Any]) -> tuple[Any, Any, Any, Any]:
    """Both sides of a difference, named `x` and `y` in a story, `a` and `b` in a planted pair."""
    x, y = ("x", "y") if "x" in d else ("a", "b")
    return d[x], d[y], d[f"{x}_span"], d[f"{y}_span"]


def _pairs(story: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    articles = story["articles"]
    for one, two in combinations("ABC"[: len(articles)], 2):
        yield {
            "id": f"{story['id']}-{one}{two}",
            "story": story["id"],
            "a": articles["ABC".index(one)]["sentences"],
            "b": articles["ABC".index(two)]["sentences"],
            "readings": [_of_pair(r, one, two) for r in story["readings"]],
        }


def _of_pair(reading: Mapping[str, Any], one: str, two: str) -> dict[str, Any]:
    """What a reading says of two of the reports, in framediff's form."""

    def here(name: str) -> str:
        return ("A" if name[0] == one else "B") + name[1:]

    differences = []
    for d in reading["differences"]:
        x, y, x_span, y_span = _ends(d)
        told = [(n, s) for n, s in ((x, x_span), (y, y_span)) if n]
        silent = set(d.get("absent_in") or ("A", "B")) - {n[0] for n, _ in told}
        if not all(n[0] in {one, two} for n, _ in told) or (len(told) == 1 and not silent & {one, two}):
            continue
        sides: dict[str, Any] = {"a": None, "b": None, "a_span": None, "b_span": None}
        for n, s in told:
            side = here(n)[0].lower()
            sides |= {side: here(n), f"{side}_span": s}
        differences.append({"kind": d["kind"], **sides})
    pairs = [[here(x), here(y)] for x, y in reading["alignments"] if {x[0], y[0]} == {one, two}]
    return {"alignments": pairs, "differences": differences}
