"""The harness's words: an Item to predict, a Task that makes and scores items, a System that predicts them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

if TYPE_CHECKING:
    from datasets import Dataset

Family = Literal[
    "pairs", "compare", "summary", "story_summary", "classify", "stance", "support", "attribute", "mentions", "stories"
]


@dataclass(frozen=True)
class Item:
    """One thing to predict.

    Args:
        id: Unique within the task; names the item in the record.
        data: What a system sees: plain JSON values, by family (docs/evaluation.md).
        gold: What only the task sees: plain JSON values.
    """

    id: str
    data: Mapping[str, Any]
    gold: Any


@dataclass(frozen=True)
class Unit:
    """What is resampled for an interval: a topic, a question, a story, a document.

    Args:
        id: Its name.
        rows: The unit's part of every metric, in the task's own form.
    """

    id: str
    rows: Any


class Task(Protocol):
    """One data set with its metrics. A task is a frozen pydantic dataclass in a file of its own.

    Class attributes:
        family: What a system must be able to do.
        unit: Name of what is resampled.
        metrics: Names of the metrics, the main one first; higher is better unless listed in `lower_is_better`.
        source: Repository that has the data, and its licence, for the message about a missing file.
    """

    family: ClassVar[Family]
    unit: ClassVar[str]
    metrics: ClassVar[tuple[str, ...]]
    lower_is_better: ClassVar[frozenset[str]]
    source: ClassVar[str]

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        ...

    def files(self, root: Path) -> list[Path]:
        """The files it reads below the data root, for hashing.

        Raises:
            SourceError: If one is missing; says which repository has it, its licence, and where to put it.
        """
        ...

    def load(self, root: Path) -> "Dataset":
        """The data set's rows as they are published.

        Raises:
            SourceError: If a file is missing, truncated or has other columns than expected.
        """
        ...

    def items(self, data: "Dataset") -> list[Item]:
        """What is to be predicted, in a fixed order."""
        ...

    def units(self, items: Sequence[Item], predictions: Mapping[str, Any]) -> list[Unit]:
        """Predictions beside gold, by unit; what is tuned is tuned on other units. Unpredicted items are left out."""
        ...

    def measure(self, units: Sequence[Unit]) -> dict[str, float]:
        """Every metric over these units (some may stand there twice); NaN where it is not defined."""
        ...


class System(Protocol):
    """Something measured: a frozen pydantic dataclass that predicts one item at a time, from its data alone.

    A system whose weights were trained on the items of some tasks names those in `trained_on` (a set of task names),
    which the results page marks.
    """

    families: ClassVar[frozenset[Family]]

    @property
    def name(self) -> str:
        """What the record and tables call it; tells apart two configurations of one kind."""
        ...

    def missing(self) -> str:
        """Why it cannot run here (an extra that is not installed), or the empty string."""
        ...

    def predict(self, item: Item) -> Any:
        """A prediction as plain JSON values, in the form of the item's family."""
        ...
