"""benchmark_llm_summarization (Zhang et al. 2024): CNN/DM and XSum articles with summaries by freelance writers."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.tasks._summary import ArticleTask, strings
from eval.types import Item

if TYPE_CHECKING:
    from datasets import Dataset

_FIELDS = ("article_id", "article", "summary")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class BenchLlmSumm(ArticleTask):
    """One article with one to four writers' summaries.

    Lines are paragraphs; within them sentencex cuts, so that every system chooses among the same sentences.

    Args:
        data_dir: The set's own folder; empty for `bench_llm_summ` below the data root.
        limit: The first so many articles; 0 for all.
        semantic: Whether to score by vectors too.
        n_sentences: How many sentences a summary has.
        words: In place of it, how many words at most; 0 for by sentences.
        equal_words: Whether every summary has the words of the article's first `n_sentences`, give or take a twentieth.
        split: The set has one file.
    """

    kind: Literal["bench_llm_summ"] = "bench_llm_summ"
    split: Literal["all"] = "all"

    source: ClassVar[str] = "https://github.com/Tiiiger/benchmark_llm_summarization (no licence stated)"
    folder: ClassVar[str] = "bench_llm_summ"

    @property
    def name(self) -> str:
        """What tables call it."""
        return self._named(self.kind)

    def files(self, root: Path) -> list[Path]:
        """The writers' summaries, with the articles."""
        return [need(self._home(root) / "writer_summaries.json", source=self.source)]

    def load(self, root: Path) -> "Dataset":
        """One row a summary: `article_id`, `article`, `summary`."""
        from datasets import Dataset

        (path,) = self.files(root)
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise wrong(path, error) from error
        if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) for r in rows):
            raise wrong(path, "expected a list of entries")
        for row in rows:
            strings(path, row, _FIELDS)
        return Dataset.from_list([{f: r[f] for f in _FIELDS} for r in rows])

    def items(self, data: "Dataset") -> list[Item]:
        """One item an article, in the order of the file."""
        articles: dict[str, tuple[str, list[str]]] = {}
        for row in data:
            articles.setdefault(row["article_id"], (row["article"], []))[1].append(row["summary"].strip())
        return self._first(
            [
                self._item(name, text=text, sentences=_sentences(text), references=references)
                for name, (text, references) in articles.items()
            ]
        )


def _sentences(text: str) -> list[str]:
    from sentencex import segment

    cut = (s.strip() for line in text.split("\n") if line.strip() for s in segment("en", line))
    return [s for s in cut if s]
