"""Gun Violence Corpus: telling look-alike events apart (Vossen et al. 2018).

Read from the CoNLL form of Bugert et al. (2021): one token a line, documents named topic/incident/document. A document
opens with its date, which orders the incidents into batches and is not shown to a system; the headline comes next.
"""

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.tasks._stories import StoriesTask, Told, batch_item, batches
from eval.tasks._support import dataset
from eval.types import Item

if TYPE_CHECKING:
    from datasets import Dataset

_KEY = "topic/subtopic_name/doc"
_COLUMNS = (_KEY, "sent_id", "token_id", "token", "reference")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_PARAGRAPH = "//n"


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Gvc(StoriesTask):
    """Reports of shootings; a story is one incident.

    Args:
        split: train, val or test, as in `<split>/conll.csv`.
        batch: About how many incidents are mixed.
    """

    kind: Literal["gvc"] = "gvc"
    split: Annotated[str, Field(pattern=r"^[\w.-]+$")] = "val"
    batch: Annotated[int, Field(ge=2)] = 12

    unit: ClassVar[str] = "batch of incidents"
    folder: ClassVar[str] = "gvc"
    source: ClassVar[str] = (
        "https://github.com/cltl/GunViolenceCorpus, as CoNLL in "
        "https://github.com/anastasia-zhukova/Diverse_CDCR_datasets (no licence stated)"
    )

    @property
    def name(self) -> str:
        """What the record calls it."""
        parts = [self.split] * (self.split != "val") + [f"batch{self.batch}"] * (self.batch != 12)
        return "-".join([self.kind, *parts])

    def files(self, root: Path) -> list[Path]:
        """The one file it reads.

        Raises:
            SourceError: If it is missing.
        """
        return [need(self._home(root) / self.split / "conll.csv", source=self.source)]

    def load(self, root: Path) -> "Dataset":
        """One row a document: topic, incident (`subtopic`), document, and its sentences as lists of tokens.

        Raises:
            SourceError: If the file is missing, truncated or has other columns.
        """
        (path,) = self.files(root)
        documents: dict[str, dict[str, list[str]]] = {}
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            if absent := set(_COLUMNS) - set(reader.fieldnames or ()):
                raise wrong(path, f"no column {', '.join(sorted(absent))}; there are {reader.fieldnames}")
            for n, row in enumerate(reader, start=2):
                if any(row[c] is None for c in _COLUMNS) or row[_KEY].count("/") != 2:
                    raise wrong(path, f"line {n} is not whole")
                documents.setdefault(row[_KEY], {}).setdefault(row["sent_id"], []).append(row["token"])
        return dataset(path, [_row(key, s) for key, s in documents.items()], columns={"sentences": list})

    def items(self, data: "Dataset") -> list[Item]:
        """One item a batch of incidents."""
        told: dict[str, list[Told]] = {}
        dates: dict[str, str] = {}
        for row in data:
            story, lines = f"{row['topic']}/{row['subtopic']}", [" ".join(s) for s in row["sentences"]]
            date = lines.pop(0) if _DATE.fullmatch(lines[0]) else ""
            text = "\n".join(lines[1:]).replace(_PARAGRAPH, "\n")
            told.setdefault(story, []).append(Told(story, lines[0] if lines else "", text))
            dates[story] = min(date, dates.get(story, date))
        parts = batches(dates, size=self.batch)[: self.limit or None]
        return [batch_item(f"from-{part[0]}", [a for s in part for a in told[s]]) for part in parts]


def _row(key: str, sentences: dict[str, list[str]]) -> dict[str, Any]:
    topic, subtopic, document = key.split("/")
    return {"topic": topic, "subtopic": subtopic, "doc": document, "sentences": list(sentences.values())}
