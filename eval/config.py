"""The options of an evaluation: one YAML names the tasks, the systems, the seed and the size of the bootstrap."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from eval.systems import AnySystem
from eval.tasks import AnyTask
from eval.types import System, Task
from toolkit.validation import read_yaml


class EvalConfig(BaseModel):
    """Tasks and systems; every system runs on every task whose family it has.

    Args:
        name: Of the run; the folder of its records.
        data_dir: Root of the data sets, one folder a set; a task may have a `data_dir` of its own.
        seed: Of the bootstrap.
        bootstrap: Resamples an interval.
        tasks: What is measured on.
        systems: What is measured.
        metrics: Only these, beside each task's main one; empty for every metric of each task.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.-]*$")]
    data_dir: str = "../shared/data"
    seed: Annotated[int, Field(ge=0)] = 0
    bootstrap: Annotated[int, Field(ge=10, le=100_000)] = 1000
    tasks: Annotated[list[AnyTask], Field(min_length=1)]
    systems: Annotated[list[AnySystem], Field(min_length=1)]
    metrics: tuple[str, ...] = ()

    @property
    def root(self) -> Path:
        """The data root."""
        return Path(self.data_dir)

    @property
    def cells(self) -> list[tuple[Task, System]]:
        """Every task with every system that has its family, in the order of the file."""
        return [(t, s) for t in self.tasks for s in self.systems if t.family in s.families]

    def metrics_of(self, task: Task) -> tuple[str, ...]:
        """The metrics of a task that are asked for, the main one first."""
        if not self.metrics:
            return task.metrics
        return tuple(m for place, m in enumerate(task.metrics) if place == 0 or m in self.metrics)

    @model_validator(mode="after")
    def _names_tell_apart(self) -> Self:
        for field, parts in (("tasks", self.tasks), ("systems", self.systems)):
            names = Counter(p.name for p in parts)
            twice = sorted(n for n, k in names.items() if k > 1)
            if twice:
                raise ValueError(f"{field}: the name {twice[0]!r} stands there more than once")
        for n, task in enumerate(self.tasks):
            if not any(task.family in s.families for s in self.systems):
                raise ValueError(f"tasks.{n}: no system here can do {task.name!r}, whose family is {task.family!r}")
        known = list(dict.fromkeys(m for t in self.tasks for m in t.metrics))
        for metric in self.metrics:
            if metric not in known:
                raise ValueError(f"metrics: no task here has {metric!r}; there are {', '.join(known)}")
        return self

    @classmethod
    def from_yaml(cls, path: str | Path) -> Self:
        """Reads a YAML file.

        Raises:
            ConfigError: If it cannot be read or an option is wrong; names the file, each dotted key and the choices.
        """
        return read_yaml(cls, path)
