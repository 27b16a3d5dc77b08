"""Doubles that tests share, ours and yours: the toolkit's protocols without a model."""

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class FakeEncoder:
    """A deterministic hashed bag of words: texts that share words are close, and no model is loaded.

    Every word adds a fixed pseudo-random direction, so unrelated texts have cosines near 0 and equal texts 1.

    Args:
        dim: Length of a row, from 8 to 4096.
    """

    kind: Literal["fake"] = "fake"
    dim: Annotated[int, Field(ge=8, le=4096)] = 256

    @property
    def name(self) -> str:
        """What a record calls it."""
        return f"fake-{self.dim}"

    def encode(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """One unit row a text, float32, shape (n, dim); case and word order make no difference."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float64)
        for place, text in enumerate(texts):
            for word in sorted(_WORD.findall(text.casefold())) or [""]:
                rows[place] += self._direction(word)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.maximum(norms, 1e-12), dtype=np.float32)

    def _direction(self, word: str) -> "NDArray[np.float64]":
        digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return np.random.default_rng(int.from_bytes(digest, "little")).standard_normal(self.dim)
