"""Multi-News+ (Choi et al. 2024): clusters of news reports, cleansed of unrelated ones, with an editor's summary."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.tasks._summary import StoryTask, strings
from eval.types import Item

if TYPE_CHECKING:
    from datasets import Dataset


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class MultiNewsPlus(StoryTask):
    """A summary of a story, as many words long at most as the reference, or as many.

    The set cuts its documents off itself and lower-cases most names. ROUGE hardly tells systems apart here, so a part
    is enough: 150 clusters are scored in seconds, and their intervals are some ±1 point wide.

    Args:
        data_dir: The set's own folder; empty for `multi_news_plus` below the data root.
        limit: The first so many clusters; 0 for all.
        semantic: Whether to score by vectors too; off, since long texts take MPNet a second each on two cores.
        equal_words: Whether every summary has the words of the reference, give or take a twentieth.
        split: Start or part of the file's name: `val` reads `val.json`, or the one `*val*.json` that there is.
        documents: The reports kept by the set's annotation, or all.
        least: How many reports a cluster must have; the set leaves none in some and one in many.
    """

    limit: Annotated[int, Field(ge=0)] = 150
    semantic: bool = False
    kind: Literal["multi_news_plus"] = "multi_news_plus"
    split: Annotated[str, Field(pattern=r"^[\w.-]+$")] = "val"
    documents: Literal["cleansed", "raw"] = "cleansed"
    least: Annotated[int, Field(ge=1)] = 2

    source: ClassVar[str] = "https://github.com/c-juhwan/multi_news_plus (Multi-News: non-commercial use)"
    folder: ClassVar[str] = "multi_news_plus"

    @property
    def name(self) -> str:
        """What tables call it."""
        return self._named(self.kind)

    def files(self, root: Path) -> list[Path]:
        """The split's file."""
        home = self._home(root)
        found = sorted(home.glob(f"*{self.split}*.json"))
        exact = home / f"{self.split}.json"
        if len(found) > 1 and exact not in found:
            raise wrong(home, f"several files for split {self.split!r}: {', '.join(f.name for f in found)}")
        return [need(exact if exact in found or not found else found[0], source=self.source)]

    def load(self, root: Path) -> "Dataset":
        """One row a cluster: `idx`, `split`, `summary` and its documents, cleansed and raw."""
        from datasets import Dataset

        (path,) = self.files(root)
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise wrong(path, error) from error
        if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) for r in rows):
            raise wrong(path, "expected a list of clusters")
        return Dataset.from_list([_checked(path, row) for row in rows])

    def items(self, data: "Dataset") -> list[Item]:
        """One item a cluster of enough reports, in the order of the file."""
        items = []
        for row in data:
            articles = self._articles(row[f"{self.documents}_document"])
            if len(articles) >= self.least:
                items.append(self._item(str(row["idx"]), articles, row["summary"]))
        return self._first(items)


def _checked(path: Path, row: dict[str, Any]) -> dict[str, Any]:
    strings(path, row, ("summary", "split"))
    if not isinstance(row.get("idx"), int):
        raise wrong(path, "expected a number under 'idx'")
    for name in ("cleansed_document", "raw_document"):
        texts = row.get(name)
        if not isinstance(texts, list) or not all(isinstance(t, str) for t in texts):
            raise wrong(path, f"expected a list of texts under {name!r}")
    return {name: row[name] for name in ("idx", "split", "summary", "cleansed_document", "raw_document")}
