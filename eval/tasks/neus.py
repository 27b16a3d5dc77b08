"""NeuS (Lee et al. 2022): three leads on one event, from left, centre and right, and a neutral summary of it."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.tasks._summary import StoryTask
from eval.types import Item

if TYPE_CHECKING:
    from datasets import Dataset

_PART = re.compile(r"\s*TITLE=>(?P<title>.*?)ARTICLE=>(?P<text>.*)", re.DOTALL)


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Neus(StoryTask):
    """A neutral summary of a story from its leads, as many words long at most as the reference, or as many.

    Headlines are left out on both sides; the unit is the story.

    Args:
        data_dir: The set's own folder; empty for `neus` below the data root.
        limit: The first so many stories; 0 for all.
        semantic: Whether to score by vectors too.
        equal_words: Whether every summary has the words of the reference, give or take a twentieth.
        split: Which part.
    """

    kind: Literal["neus"] = "neus"
    split: Literal["train", "val", "test"] = "val"

    source: ClassVar[str] = "https://github.com/HLTCHKUST/framing-bias-metric (MIT)"
    folder: ClassVar[str] = "neus"

    @property
    def name(self) -> str:
        """What tables call it."""
        return self._named(self.kind if self.split == "val" else f"{self.kind}-{self.split}")

    def files(self, root: Path) -> list[Path]:
        """The leads and the summaries, line by line."""
        return [need(self._home(root) / f"{self.split}.{side}", source=self.source) for side in ("source", "target")]

    def load(self, root: Path) -> "Dataset":
        """One row a story: `source` and `target`, a line each, as they are."""
        from datasets import Dataset

        paths = self.files(root)
        sides = []
        for path in paths:
            try:
                lines = path.read_text(encoding="utf-8").split("\n")
            except ValueError as error:
                raise wrong(path, error) from error
            lines = lines[:-1] if lines[-1] == "" else lines
            for n, line in enumerate(lines, 1):
                if not all(_PART.fullmatch(part) for part in line.split("[SEP]")):
                    raise wrong(path, f"line {n}: expected 'TITLE=> … ARTICLE=> …', got {line[:60]!r}")
            sides.append(lines)
        if len(sides[0]) != len(sides[1]):
            raise wrong(paths[1], f"{len(sides[1])} lines for the {len(sides[0])} of {paths[0].name}")
        if not sides[0]:
            raise wrong(paths[0], "it is empty")
        return Dataset.from_dict({"source": sides[0], "target": sides[1]})

    def items(self, data: "Dataset") -> list[Item]:
        """One item a story, in the order of the file."""
        items = []
        for n, row in enumerate(data):
            articles = self._articles(_body(part) for part in row["source"].split("[SEP]"))
            reference = _body(row["target"])
            if articles and reference:
                items.append(self._item(f"{self.split}-{n}", articles, reference))
        return self._first(items)


def _body(part: str) -> str:
    found = _PART.fullmatch(part)
    return found["text"].strip() if found else ""
