"""Options from YAML files, and what is wrong with them in words: the file, each dotted key, the choices."""

import dataclasses
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ValidationError

from toolkit.errors import ConfigError

Model = TypeVar("Model", bound=BaseModel)


def read_yaml(model: type[Model], path: str | Path) -> Model:
    """A file's options as an instance of a model.

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
        return model.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(f"{path}: " + "; ".join(_said(model, e) for e in error.errors())) from error


def _said(model: Any, error: Any) -> str:
    """One error of pydantic's as words: the dotted key as the reader wrote it, what was got, and the choices."""
    if not error["loc"]:
        return str(error["msg"].removeprefix("Value error, "))
    keys, parent, here = [], model, model
    for part in error["loc"]:
        below, is_tag = _below(here, part)
        parent, here = (parent if is_tag else here), below
        keys += [] if is_tag else [str(part)]
    dotted = ".".join(keys)
    if error["type"] in {"extra_forbidden", "unexpected_keyword_argument"}:
        return f"unknown option {dotted!r}; there are {', '.join(sorted(_fields(parent)))}"
    if error["type"] == "missing":
        return f"{dotted}: needed, and not there"
    if error["type"].startswith("union_tag"):
        return f"{dotted}: expected a 'kind' among {', '.join(_members(here))}, got {error['input']!r}"
    return f"{dotted}: {error['msg'].removeprefix('Value error, ')}, got {error['input']!r}"


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
    """A union's members by their `kind`."""
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
