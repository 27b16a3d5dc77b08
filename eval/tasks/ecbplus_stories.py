"""ECB+ as stories: a topic holds reports of two events of one kind (Cybulska & Vossen 2014); which report is of which?

Documents `<topic>_<number>ecb.xml` are of the one event, `<topic>_<number>ecbplus.xml` of the other. The latter open
with their web address and the former never do, which would give them away: that line is left out.
"""

import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from xml.etree import ElementTree

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.tasks._stories import StoriesTask, Told, batch_item
from eval.tasks._support import dataset
from eval.types import Item

if TYPE_CHECKING:
    from datasets import Dataset

_FILE = re.compile(r"(\d+)_(\d+)(ecb|ecbplus)\.xml")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class EcbPlusStories(StoriesTask):
    """The documents of one topic's two events; nothing of the annotation is used.

    Args:
        split: all, or the first and last topic, as in 36-45.
    """

    kind: Literal["ecbplus_stories"] = "ecbplus_stories"
    split: str = "all"

    unit: ClassVar[str] = "topic"
    folder: ClassVar[str] = "ecbplus"
    source: ClassVar[str] = "https://github.com/cltl/ecbPlus (ECB+_LREC2014; CC BY 3.0)"

    @property
    def name(self) -> str:
        """What the record calls it."""
        return self.kind if self.split == "all" else f"{self.kind}-{self.split}"

    def files(self, root: Path) -> list[Path]:
        """Every document of the split's topics.

        Raises:
            SourceError: If the folder is missing or has no document of these topics.
        """
        folder = need(self._home(root) / "ECB+", source=self.source)
        named = {p: m for p in folder.glob("*/*.xml") if (m := _FILE.fullmatch(p.name))}
        if not named:
            raise wrong(folder, "no file is named as in 1/1_2ecbplus.xml")
        bounds = re.fullmatch(r"(\d+)-(\d+)", self.split)
        if self.split != "all" and not bounds:
            raise wrong(folder, f"split {self.split!r}: expected all, or the first and last topic as in 36-45")
        low, high = (int(bounds[1]), int(bounds[2])) if bounds else (0, 10**9)
        kept = [p for p, m in named.items() if low <= int(m[1]) <= high]
        if not kept:
            topics = sorted({int(m[1]) for m in named.values()})
            raise wrong(folder, f"no topic of {self.split}; there are {topics[0]} to {topics[-1]}")
        return sorted(kept, key=lambda p: (int(named[p][1]), named[p][3], int(named[p][2])))

    def load(self, root: Path) -> "Dataset":
        """One row a document: topic, event (ecb or ecbplus), document, and its sentences as lists of tokens.

        Raises:
            SourceError: If a file is missing, truncated or has other elements.
        """
        return dataset(self._home(root), [_row(p) for p in self.files(root)], columns={"sentences": list})

    def items(self, data: "Dataset") -> list[Item]:
        """One item a topic."""
        items = []
        for topic, rows in groupby(data, key=lambda r: str(r["topic"])):
            told = [Told(f"{topic}-{r['event']}", "", _text(r["sentences"])) for r in rows]
            items.append(batch_item(topic, told))
        return items[: self.limit or None]


def _row(path: Path) -> dict[str, Any]:
    match = _FILE.fullmatch(path.name)
    topic, _, event = match.groups() if match else ("", "", "")
    sentences: dict[str, list[str]] = {}
    try:
        for token in ElementTree.parse(path).getroot().iter("token"):
            sentences.setdefault(token.attrib["sentence"], []).append(token.text or "")
    except ElementTree.ParseError as error:
        raise wrong(path, f"not whole XML ({error})") from error
    except KeyError as error:
        raise wrong(path, f"a token has no attribute {error}") from error
    if not sentences:
        raise wrong(path, "there is no token in it")
    return {"topic": topic, "event": event, "doc": path.name, "sentences": list(sentences.values())}


def _text(sentences: list[list[str]]) -> str:
    return "\n".join(" ".join(s) for s in sentences if s[0].lower() not in {"http", "https"})
