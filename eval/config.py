"""The options of an evaluation: one YAML names the tasks, the systems, the seed and the size of the bootstrap."""

import dataclasses
from collections import Counter
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Self, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eval.systems import AnySystem
from eval.tasks import AnyTask
from eval.types import System, Task
from toolkit.errors import ConfigError


class EvalConfig(BaseModel):
    """Tasks and systems; every system runs on every task whose family it has.

    Args:
        name: Of the run; the folder of its records.
        data_dir: Root of the data sets, one folder a set; a task may have a `data_dir` of its own.
        seed: Of the bootstrap.
        bootstrap: Resamples an interval.
        tasks: What is measured on.
        systems: What is measured.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.-]*$")]
    data_dir: str = "../shared/data"
    seed: Annotated[int, Field(ge=0)] = 0
    bootstrap: Annotated[int, Field(ge=10, le=100_000)] = 1000
    tasks: Annotated[list[AnyTask], Field(min_length=1)]
    systems: Annotated[list[AnySystem], Field(min_length=1)]

    @property
    def root(self) -> Path:
        """The data root."""
        return Path(self.data_dir)

    @property
    def cells(self) -> list[tuple[Task, System]]:
        """Every task with every system that has its family, in the order of the file."""
        return [(t, s) for t in self.tasks for s in self.systems if t.family in s.families]

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
        return self

    @classmethod
    def from_yaml(cls, path: str | Path) -> Self:
        """Reads a YAML file.

        Raises:
            ConfigError: If it cannot be read or an option is wrong; names the file, each dotted key and the choices.
        """
        import yaml

        try:
            raw = yaml.safe_load(Path(path).read_text(encoding="utf-8")) or {}
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise ConfigError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
        except yaml.YAMLError as error:
            raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
        if not isinstance(raw, dict):
            raise ConfigError(f"{path}: expected options as 'key: value' lines, got {type(raw).__name__}")
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            raise ConfigError(f"{path}: " + "; ".join(_said(cls, e) for e in error.errors())) from error


def _said(model: Any, error: Any) -> str:
    *parents, last = error["loc"] or ("",)
    keys, here = [], model
    for part in parents:
        here, is_tag = _below(here, part)
        keys += [] if is_tag else [str(part)]
    dotted = ".".join([*keys, str(last)])
    if error["type"] in {"extra_forbidden", "unexpected_keyword_argument"}:
        return f"unknown option {dotted!r}; there are {', '.join(sorted(_fields(here)))}"
    if error["type"] == "missing":
        return f"{dotted}: needed, and not there"
    if error["type"] == "union_tag_not_found":
        kinds = ", ".join(sorted(_members(_below(here, last)[0])))
        return f"{dotted}: needs a kind; there are {kinds}"
    message = error["msg"].removeprefix("Value error, ")
    return f"{dotted}: {message}, got {error['input']!r}" if error["loc"] else message


def _below(kind: Any, part: Any) -> tuple[Any, bool]:
    """The type under a key of a type, and whether the key was only the tag of a union's member."""
    if (members := _members(kind)) and part in members:
        return members[part], True
    kind = _bare(kind)
    if isinstance(part, int):
        return (get_args(kind) or (Any,))[0], False
    return _fields(kind).get(str(part), Any), False


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _members(kind: Any) -> dict[str, Any]:
    kind = _bare(kind)
    if get_origin(kind) not in {Union, UnionType}:
        return {}
    hints = [(member, _fields(member).get("kind")) for member in get_args(kind)]
    return {tag: member for member, hint in hints if get_origin(hint) is Literal for tag in get_args(hint)}


def _fields(kind: Any) -> dict[str, Any]:
    kind = _bare(kind)
    if isinstance(kind, type) and (issubclass(kind, BaseModel) or dataclasses.is_dataclass(kind)):
        hints = get_type_hints(kind, include_extras=True)
        own = kind.model_fields if issubclass(kind, BaseModel) else {f.name for f in dataclasses.fields(kind)}
        return {name: hint for name, hint in hints.items() if name in own}
    return {}
