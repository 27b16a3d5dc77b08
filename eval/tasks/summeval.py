"""SummEval (Fabbri et al. 2021): CNN/DM articles with eleven reference summaries each."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.tasks._summary import ArticleTask, strings
from eval.types import Item

if TYPE_CHECKING:
    from datasets import Dataset

# The articles are cut into tokens: a full stop stands alone, and one that stands alone ends a sentence.
_END = re.compile(r"(?<= [.!?]) (?!'')|(?<= [.!?] '') ")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class SummEval(ArticleTask):
    """One article with eleven references: CNN/DM's highlights and ten by paid writers.

    Args:
        data_dir: The set's own folder; empty for `summeval` below the data root.
        limit: The first so many articles; 0 for all.
        semantic: Whether to score by vectors too.
        n_sentences: How many sentences a summary has.
        words: In place of it, how many words at most; 0 for by sentences.
        equal_words: Whether every summary has the words of the article's first `n_sentences`, give or take a twentieth.
        split: The set has one file.
    """

    kind: Literal["summeval"] = "summeval"
    split: Literal["all"] = "all"

    source: ClassVar[str] = (
        "https://github.com/neulab/BARTScore, SUM/SummEval/data.json (Apache-2.0), "
        "after https://github.com/Yale-LILY/SummEval (MIT)"
    )
    folder: ClassVar[str] = "summeval"

    @property
    def name(self) -> str:
        """What tables call it."""
        return self._named(self.kind)

    def files(self, root: Path) -> list[Path]:
        """Articles, references and systems in one file."""
        return [need(self._home(root) / "data.json", source=self.source)]

    def load(self, root: Path) -> "Dataset":
        """One row an article: `id`, `src`, `ref_summ`, `ref_summs`, `sys_summs`."""
        from datasets import Dataset

        (path,) = self.files(root)
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise wrong(path, error) from error
        if not isinstance(raw, dict) or not raw or not all(isinstance(r, dict) for r in raw.values()):
            raise wrong(path, "expected entries by article id")
        return Dataset.from_list([{"id": name, **_checked(path, row)} for name, row in raw.items()])

    def items(self, data: "Dataset") -> list[Item]:
        """One item an article, in the order of the file."""
        rows = data.select_columns(["id", "src", "ref_summs"])
        return self._first(
            [
                self._item(r["id"], text=r["src"], sentences=_sentences(r["src"]), references=r["ref_summs"])
                for r in rows
            ]
        )


def _checked(path: Path, row: dict[str, Any]) -> dict[str, Any]:
    strings(path, row, ("src", "ref_summ"))
    references, systems = row.get("ref_summs"), row.get("sys_summs")
    if not isinstance(references, list) or not references or not all(isinstance(r, str) for r in references):
        raise wrong(path, "expected a list of summaries under 'ref_summs'")
    if not isinstance(systems, dict):
        raise wrong(path, "expected summaries by system under 'sys_summs'")
    return {"src": row["src"], "ref_summ": row["ref_summ"], "ref_summs": references, "sys_summs": systems}


def _sentences(text: str) -> list[str]:
    return [s.strip() for s in _END.split(text) if s.strip()]
