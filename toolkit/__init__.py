"""samestory: one event, several reports, and how they differ in putting it.

    >>> from toolkit import Article, compare
    >>> comparison = compare([Article(text_a, outlet="A"), Article(text_b, outlet="B")])

Nothing heavy is imported until it is used.
"""

import logging
import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolkit.compare import align, compare, summarize, summarize_story, summarize_stream
    from toolkit.comparison import Comparison
    from toolkit.config import CompareConfig
    from toolkit.errors import SamestoryError
    from toolkit.sources import read_articles
    from toolkit.types import KINDS, Article, Difference, Document, Point, Span, Summary

_HOMES = {
    "align": "compare",
    "compare": "compare",
    "summarize": "compare",
    "summarize_story": "compare",
    "summarize_stream": "compare",
    "Comparison": "comparison",
    "CompareConfig": "config",
    "SamestoryError": "errors",
    "read_articles": "sources",
    "KINDS": "types",
    "Article": "types",
    "Difference": "types",
    "Document": "types",
    "Point": "types",
    "Span": "types",
    "Summary": "types",
}

__all__ = [
    "KINDS",
    "Article",
    "CompareConfig",
    "Comparison",
    "Difference",
    "Document",
    "Point",
    "SamestoryError",
    "Span",
    "Summary",
    "align",
    "compare",
    "read_articles",
    "summarize",
    "summarize_story",
    "summarize_stream",
]
__version__ = "0.1.0"

logging.getLogger(__name__).addHandler(logging.NullHandler())


class _Package(ModuleType):
    """Keeps `compare`, `align` and `summarize` the functions when the modules of these names are imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in {"align", "compare", "summarize"} and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'toolkit' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"toolkit.{_HOMES[name]}"), name)
