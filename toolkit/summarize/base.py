"""What a summarizer is, and how a run calls one."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from toolkit.types import Document, Summary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Progress = Callable[[int, int], None]


class Summarizer(Protocol):
    """Anything that summarises a document whose sentences are encoded.

    One that works faster on many has `summarize_all(documents, progress=…)` besides, as the generating ones do.
    """

    def summarize(self, document: Document, rows: "NDArray[np.floating[Any]]") -> Summary:
        """A summary, grounded or yet to be; `rows` has one unit row a sentence, boilerplate too."""
        ...


def summaries_of(
    summarizer: Summarizer, documents: Sequence[Document], rows: "Sequence[NDArray[np.floating[Any]]]", *,
    progress: Progress | None = None,
) -> list[Summary]:  # fmt: skip
    """One summary a document, in order.

    Args:
        summarizer: Any.
        documents: The articles.
        rows: Of each, its sentences' vectors.
        progress: Called with (done, total) by a summarizer that takes its time.
    """
    together = getattr(summarizer, "summarize_all", None)
    if together is not None:
        return list(together(documents, progress=progress))
    return [summarizer.summarize(d, r) for d, r in zip(documents, rows, strict=True)]
