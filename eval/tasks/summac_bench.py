"""SummaC benchmark: is a sentence of a summary consistent with its article (Laban et al. 2022)?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.tasks._support import SupportTask, dataset, document_items, read_json
from eval.types import Item

if TYPE_CHECKING:
    from datasets import Dataset

_COLUMNS: dict[str, type] = {"document": str, "claim": str, "label": int}


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class SummaCBench(SupportTask):
    """Summaries by systems, judged by people.

    Args:
        split: The part, as in the file's name `<split>.json`: factcc, xsumfaith and others.
    """

    kind: Literal["summac_bench"] = "summac_bench"
    split: Annotated[str, Field(pattern=r"^[\w.-]+$")] = "factcc"

    folder: ClassVar[str] = "summac_bench"
    source: ClassVar[str] = "https://github.com/tingofurro/summac (Apache-2.0)"

    @property
    def name(self) -> str:
        """What the record calls it."""
        return f"{self.kind}-{self.split}"

    def load(self, root: Path) -> "Dataset":
        """One row a claim, with the published fields and its key in the file as `key`.

        Raises:
            SourceError: If the file is missing, truncated or has other columns.
        """
        (path,) = self.files(root)
        rows = read_json(path)
        named = rows.items() if isinstance(rows, dict) else ()
        keyed = [{"key": key, **row} if isinstance(row, dict) else row for key, row in named]
        return dataset(path, keyed, columns=_COLUMNS)

    def items(self, data: "Dataset") -> list[Item]:
        """One item a document, with all claims about it."""
        return document_items(data, document="document", claim="claim", name="key", limit=self.limit)

    def _file(self, folder: Path) -> Path:
        return folder / f"{self.split}.json"
