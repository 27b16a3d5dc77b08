"""SummEdits: is an edited summary still consistent with its article (Laban et al. 2023)?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.tasks._support import SupportTask, dataset, document_items, read_json
from eval.types import Item

if TYPE_CHECKING:
    from datasets import Dataset

_COLUMNS: dict[str, type] = {"id": str, "doc": str, "summary": str, "label": int}


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class SummEdits(SupportTask):
    """Summaries and their edits, by article.

    Args:
        split: The domain, as in the file's name `summedits_<split>.json`.
    """

    kind: Literal["summedits"] = "summedits"
    split: Annotated[str, Field(pattern=r"^[\w.-]+$")] = "news"

    folder: ClassVar[str] = "summedits"
    source: ClassVar[str] = "https://github.com/salesforce/factualNLG (data/summedits; Apache-2.0)"

    @property
    def name(self) -> str:
        """What the record calls it."""
        return self.kind if self.split == "news" else f"{self.kind}-{self.split}"

    def load(self, root: Path) -> "Dataset":
        """One row a summary, with the published fields.

        Raises:
            SourceError: If the file is missing, truncated or has other columns.
        """
        (path,) = self.files(root)
        rows = read_json(path)
        return dataset(path, rows if isinstance(rows, list) else [], columns=_COLUMNS)

    def items(self, data: "Dataset") -> list[Item]:
        """One item an article, with all its summaries as claims."""
        return document_items(data, document="doc", claim="summary", name="id", limit=self.limit)

    def _file(self, folder: Path) -> Path:
        return folder / f"summedits_{self.split}.json"
