"""The difference reader: two aligned sentences read together, with what kind of difference stands there, and where.

The packaged MiniLM reads both sentences at once, as a cross-encoder does (Reimers and Gurevych 2019); its layers are
adapted by low-rank updates (Hu et al. 2022). A head gives every token the log-odds of standing in a difference of each
kind, as a tagger does, and the pair the log-odds of having one. Both orders are read and averaged, so order changes
nothing. What it finds is a proposal beside those of the detectors; `toolkit.framing.judge` weighs both.

This module imports torch; it is itself imported where a model is first used.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from toolkit.framing.base import Range
from toolkit.lowrank import AdaptedMiniLM, by_length

LONGEST = 200  # tokens of both sentences
_WORD = re.compile(r"\w+(?:['’.,-]\w+)*|[“”\"]")
_NOWHERE = -8.0  # log-odds of a word the model did not read
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Tagged:
    """The words of a sentence and what the reader says of each.

    Args:
        words: Character range of each of n words in the sentence.
        logits: Log-odds of standing in a difference, by kind, shape (n, kinds).
    """

    words: tuple[Range, ...]
    logits: Floats

    def inside(self, span: Range, kind: int) -> Floats:
        """Log-odds of the words of a character range, shape (m,), m at least one."""
        found = [self.logits[n, kind] for n, w in enumerate(self.words) if w[0] < span[1] and span[0] < w[1]]
        return np.array(found or [_NOWHERE])

    def span(self, kind: int) -> Range | None:
        """The stretch of words that most likely carries a difference of a kind, as a character range."""
        if not self.words:
            return None
        gain = self.logits[:, kind] - max(min(-1.0, self.logits[:, kind].max() - 2.0), -6.0)
        best, start, total, span = -np.inf, 0, 0.0, (0, 0)
        for n, g in enumerate(gain):
            if total <= 0:
                total, start = 0.0, n
            total += g
            if total > best:
                best, span = total, (start, n)
        return self.words[span[0]][0], self.words[span[1]][1]


@dataclass(frozen=True)
class PairReading:
    """What the reader says of two sentences.

    Args:
        kinds: Log-odds that a difference of each kind stands there, shape (kinds,).
        a: Of the one sentence.
        b: Of the other.
    """

    kinds: Floats
    a: Tagged
    b: Tagged


@dataclass(frozen=True)
class Encoded:
    """Two sentences as the model reads them.

    Args:
        ids: Token ids with the special ones.
        types: 0 for the first sentence, 1 for the second.
        offsets: Character range of each token in its sentence; empty for special tokens.
    """

    ids: tuple[int, ...]
    types: tuple[int, ...]
    offsets: tuple[Range, ...]


class PairTagger(AdaptedMiniLM):
    """The packaged MiniLM under a head that tags tokens and judges the pair."""

    def __init__(self, kinds: int) -> None:
        super().__init__()
        heads = {n: nn.Linear(self.width, kinds) for n in ("tag", "weigh", "value", "first")}
        nn.init.constant_(heads["tag"].bias, -3.0)
        nn.init.constant_(heads["first"].bias, -2.5)
        self.head = nn.ModuleDict(heads)
        self.strongest = nn.Parameter(torch.zeros(kinds))
        self.rest = nn.Dropout(0.1)

    def encoded(self, pairs: Sequence[tuple[str, str]]) -> list[Encoded]:
        """The pairs as token ids, cut at LONGEST, the longer sentence first."""
        if not pairs:
            return []
        clean = [[t.encode("utf-8", "replace").decode() for t in p] for p in pairs]
        out = self.tokenizer(
            [a for a, _ in clean], [b for _, b in clean], truncation=True, max_length=LONGEST,
            return_offsets_mapping=True,
        )  # fmt: skip
        parts = zip(out["input_ids"], out["token_type_ids"], out["offset_mapping"], strict=True)
        return [Encoded(tuple(i), tuple(t), tuple(map(tuple, o))) for i, t, o in parts]

    def forward(self, some: Sequence[Encoded]) -> tuple[Tensor, Tensor]:
        """Log-odds of the pairs, (n, kinds), and of their tokens, (n, length, kinds)."""
        states, there = self.states([e.ids for e in some], [e.types for e in some])
        states = self.rest(states)
        body = body_of(some, there.shape[1])[..., None]
        tags = self.head["tag"](states)
        weight = torch.softmax(self.head["weigh"](states).masked_fill(~body, -1e4), 1)
        top = tags.masked_fill(~body, -1e4).amax(1)
        pooled = (weight * self.head["value"](states)).sum(1)
        return pooled + self.head["first"](states[:, 0]) + self.strongest * (top + 3), tags


def body_of(some: Sequence[Encoded], longest: int) -> Tensor:
    """Where there is a token of a sentence, neither special nor padding; shape (n, longest)."""
    return torch.tensor([[n < len(e.ids) and e.offsets[n][1] > e.offsets[n][0] for n in range(longest)] for e in some])


class DifferenceReader:
    """The trained reader.

    Args:
        weights: Tensors of the updates and the head, as `PairTagger.learned` names them.
    """

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        self.model = PairTagger(len(weights["strongest"]))
        self.model.recall(weights)

    @classmethod
    def load(cls, path: Path) -> "DifferenceReader":
        """Reads a safetensors file."""
        from safetensors.torch import load_file

        return cls(load_file(path))

    @torch.inference_mode()
    def read(self, pairs: Sequence[tuple[str, str]]) -> list[PairReading]:
        """What it says of each pair of sentences; that of (b, a) is the same with the sides changed."""
        both = [*pairs, *((b, a) for a, b in pairs)]
        encoded = self.model.encoded(both)
        found: list[Any] = [None] * len(both)
        for places in by_length([e.ids for e in encoded], 32):
            kinds, tags = self.model([encoded[n] for n in places])
            for n, k, t in zip(places, kinds.double().numpy(), tags.double().numpy(), strict=True):
                found[n] = k, [_tagged(text, encoded[n], t, side) for side, text in enumerate(both[n])]
        out = []
        for there, back in zip(found[: len(pairs)], found[len(pairs) :], strict=True):
            one, two = (
                Tagged(x.words, (x.logits + y.logits) / 2) for x, y in zip(there[1], back[1][::-1], strict=True)
            )  # fmt: skip
            out.append(PairReading((there[0] + back[0]) / 2, one, two))
        return out


def _tagged(text: str, e: Encoded, tags: Floats, side: int) -> Tagged:
    words = tuple((m.start(), m.end()) for m in _WORD.finditer(text))
    logits = np.full((len(words), tags.shape[1]), _NOWHERE)
    at = 0
    for n, (start, end) in enumerate(e.offsets):
        if e.types[n] != side or end <= start:
            continue
        while at < len(words) and words[at][1] <= start:
            at += 1
        if at < len(words) and words[at][0] < end:
            logits[at] = np.maximum(logits[at], tags[n])
    return Tagged(words, logits)
