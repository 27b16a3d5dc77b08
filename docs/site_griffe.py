"""Lets the API pages see a pydantic dataclass as the dataclass that it is, with its fields as parameters."""

from typing import Any

from griffe import Class, Decorator, Expr, ExprName, Extension

PYDANTIC = "pydantic.dataclasses.dataclass"


class PydanticDataclasses(Extension):
    """Marks every class that pydantic makes a dataclass of."""

    def on_class(self, *, cls: Class, **kwargs: Any) -> None:
        """Adds the standard library's decorator, which griffe knows, to pydantic's."""
        found = [d for d in cls.decorators if isinstance(d.value, Expr) and d.value.canonical_path == PYDANTIC]
        if found:
            known = ExprName("dataclass", "dataclasses")
            cls.decorators.append(Decorator(known, lineno=found[0].lineno, endlineno=found[0].endlineno))
