"""Lets the API pages see what pydantic makes as the dataclass that it amounts to, with its fields as parameters."""

from collections.abc import Sequence
from typing import Any

from griffe import (
    Attribute,
    Class,
    Decorator,
    Expr,
    ExprCall,
    ExprKeyword,
    ExprName,
    ExprSubscript,
    ExprTuple,
    Extension,
)

DATACLASS = "pydantic.dataclasses.dataclass"
MODEL = "pydantic.BaseModel"


class PydanticDataclasses(Extension):
    """Adds the decorator that griffe knows to every pydantic dataclass and model."""

    def on_class_instance(self, *, cls: Class, **kwargs: Any) -> None:
        """Gives the standard library's decorator the arguments of pydantic's; a model takes keywords alone."""
        for given in cls.decorators:
            if isinstance(given.value, Expr) and given.value.canonical_path == DATACLASS:
                return _decorate(cls, given.value.arguments if isinstance(given.value, ExprCall) else [])
        if any(isinstance(base, Expr) and base.canonical_path == MODEL for base in cls.bases):
            known = ExprName("dataclass", "dataclasses")
            return _decorate(cls, [ExprKeyword("kw_only", "True", function=known)])
        return None

    def on_class_members(self, *, cls: Class, **kwargs: Any) -> None:
        """Shows a model's fields by type and default, without the validators behind them."""
        if any(isinstance(base, Expr) and base.canonical_path == MODEL for base in cls.bases):
            for member in cls.members.values():
                if isinstance(member, Attribute):
                    member.annotation = _bare(member.annotation)
                    member.value = _made(member.value)


def _decorate(cls: Class, arguments: Sequence[Any]) -> None:
    known = ExprCall(ExprName("dataclass", "dataclasses"), arguments)
    cls.decorators.append(Decorator(known, lineno=cls.lineno, endlineno=cls.lineno))


def _bare(annotation: Any) -> Any:
    """The type of `Annotated[type, …]`, however deep."""
    while isinstance(annotation, ExprSubscript) and annotation.canonical_path.endswith("Annotated"):
        inside = annotation.slice
        annotation = inside.elements[0] if isinstance(inside, ExprTuple) else inside
    return annotation


def _made(value: Any) -> Any:
    """`X()` for a field whose default X makes."""
    if isinstance(value, ExprCall):
        for argument in value.arguments:
            made_by = (
                argument.value if isinstance(argument, ExprKeyword) and argument.name == "default_factory" else None
            )
            if isinstance(made_by, Expr):
                return ExprCall(made_by, [])
    return value
