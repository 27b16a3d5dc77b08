"""Lets the API pages see a pydantic dataclass as the dataclass that it is, with its fields as parameters."""

from typing import Any

from griffe import Class, Decorator, Expr, ExprCall, ExprName, Extension

PYDANTIC = "pydantic.dataclasses.dataclass"


class PydanticDataclasses(Extension):
    """Marks every class that pydantic makes a dataclass of."""

    def on_class_instance(self, *, cls: Class, **kwargs: Any) -> None:
        """Adds the standard library's decorator, which griffe knows, with the arguments of pydantic's."""
        for given in cls.decorators:
            if isinstance(given.value, Expr) and given.value.canonical_path == PYDANTIC:
                arguments = given.value.arguments if isinstance(given.value, ExprCall) else []
                known = ExprCall(ExprName("dataclass", "dataclasses"), arguments)
                cls.decorators.append(Decorator(known, lineno=given.lineno, endlineno=given.endlineno))
                return
