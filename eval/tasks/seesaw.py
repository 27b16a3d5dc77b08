"""SEESAW: which of many articles tell one story (AllSides triples, Zhang et al. 2022)?

The stories are mixed in batches that follow each other in time, by the date of the story: neighbours share persons and
topics, as the news of a few weeks does. The dates themselves are not shown to a system.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.tasks._stories import StoriesTask, Told, batch_item, batches
from eval.tasks._support import dataset, read_json
from eval.types import Item

if TYPE_CHECKING:
    from datasets import Dataset

_FILE = re.compile(r"(.+)_DOCUMENT_(\d+)\.json")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Seesaw(StoriesTask):
    """Three articles a story, from left to right.

    Args:
        split: As named in the set's `meta` files (train, valid, test), or all.
        batch: About how many stories are mixed.
    """

    kind: Literal["seesaw"] = "seesaw"
    split: str = "all"
    batch: Annotated[int, Field(ge=2)] = 12

    unit: ClassVar[str] = "batch of stories"
    folder: ClassVar[str] = "seesaw"
    source: ClassVar[str] = "https://github.com/launchnlp/SEESAW (SEESAW; CC BY-NC-SA 4.0)"

    @property
    def name(self) -> str:
        """What the record calls it."""
        parts = [self.split] * (self.split != "all") + [f"batch{self.batch}"] * (self.batch != 12)
        return "-".join([self.kind, *parts])

    def files(self, root: Path) -> list[Path]:
        """Every article, and the `meta` file of its story.

        Raises:
            SourceError: If a folder is missing or there is no article.
        """
        home = self._home(root)
        need(home / "articles", source=self.source)
        need(home / "meta", source=self.source)
        articles = sorted(p for p in (home / "articles").iterdir() if _FILE.fullmatch(p.name))
        if not articles:
            raise wrong(home / "articles", "no file is named as in <story>_DOCUMENT_<number>.json")
        stories = sorted({_story(p) for p in articles})
        return articles + [need(home / "meta" / f"{s}.json", source=self.source) for s in stories]

    def load(self, root: Path) -> "Dataset":
        """One row an article: its published title and text, and its story's id, date and split.

        Raises:
            SourceError: If a file is missing, truncated or has other fields.
        """
        files = self.files(root)
        home = self._home(root)
        about = {p.stem: _meta(p) for p in files if p.parent.name == "meta"}
        rows = [_row(p, about[_story(p)]) for p in files if p.parent.name == "articles"]
        splits = sorted({r["split"] for r in rows})
        kept = [r for r in rows if self.split in {"all", r["split"]}]
        if not kept:
            raise wrong(home / "meta", f"no story of the split {self.split!r}; there are {', '.join(splits)}")
        return dataset(home, kept, columns={"title": str, "text": list})

    def items(self, data: "Dataset") -> list[Item]:
        """One item a batch of stories."""
        told: dict[str, list[Told]] = {}
        dates = {}
        for row in data:
            text = "\n".join(s["text"] for s in row["text"])
            told.setdefault(row["story"], []).append(Told(row["story"], row["title"], text))
            dates[row["story"]] = row["date"]
        parts = batches(dates, size=self.batch)[: self.limit or None]
        return [batch_item(f"from-{part[0]}", [a for s in part for a in told[s]]) for part in parts]


def _story(path: Path) -> str:
    match = _FILE.fullmatch(path.name)
    return match[1] if match else ""


def _meta(path: Path) -> dict[str, Any]:
    meta = read_json(path)
    if not isinstance(meta, dict) or not {"story_time", "Split"} <= meta.keys():
        raise wrong(path, "expected an object with story_time and Split")
    return meta


def _row(path: Path, meta: dict[str, Any]) -> dict[str, Any]:
    raw = read_json(path)
    if not isinstance(raw, dict) or not {"title", "text"} <= raw.keys():
        raise wrong(path, "expected an object with title and text")
    if not all(isinstance(s, dict) and isinstance(s.get("text"), str) for s in raw["text"]):
        raise wrong(path, "text is not a list of objects with text")
    text = [{"id": s.get("id", n), "text": s["text"]} for n, s in enumerate(raw["text"])]
    about = {"story": _story(path), "file": path.name, "date": str(meta["story_time"]), "split": str(meta["Split"])}
    return {**about, "title": raw["title"] or "", "text": text}
