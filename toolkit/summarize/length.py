"""How long a summary is: so many sentences, so many words, or a share of the article's words."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated

from pydantic import Field

Count = Annotated[int, Field(ge=1, le=50)]
Words = Annotated[int, Field(ge=0, le=10_000)]
Share = Annotated[float, Field(ge=0, le=1)]
OVER = 1.05  # how far a summary may pass its budget of words
_WORD = re.compile(r"\w+(?:[’'.,-]\w+)*")


def words_in(text: str) -> int:
    """Number of words: runs of letters and digits, with what joins them."""
    return len(_WORD.findall(text))


def taken(
    order: Iterable[int], texts: Sequence[str], *, sentences: int, words: int, ratio: float,
    fits: Callable[[int, Sequence[int]], bool] | None = None,
) -> list[int]:  # fmt: skip
    """The places of an order that a summary takes, the best first.

    Where a sentence would pass a budget of words by more than a twentieth, it is left out for a shorter one or, where
    `fits` is None, ends the summary; the first is taken in any case.

    Args:
        order: Places, the best first.
        texts: The sentences.
        sentences: How many at most, where there is no budget of words.
        words: Budget of words; 0 for none.
        ratio: Budget as a share of the words of all sentences; 0 for none. The lesser budget holds.
        fits: Whether a place may join those chosen; None where every one may, and none is passed over.
    """
    sizes = [words_in(t) for t in texts]
    budgets = [b for b in (float(words), ratio * sum(sizes)) if b > 0]
    chosen: list[int] = []
    used = 0
    for place in order:
        if len(chosen) == sentences and not budgets:
            break
        if budgets and chosen and used + sizes[place] > OVER * min(budgets):
            if fits is None:
                break
        elif fits is None or fits(place, chosen):
            chosen.append(place)
            used += sizes[place]
    return chosen
