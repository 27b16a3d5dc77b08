"""A sentence classifier over the packaged MiniLM, with or without a target in the sentence.

The layers are adapted by low-rank updates (Hu et al. 2022). The target is set off by markers, as entities are for
relation extraction (Baldini Soares et al. 2019), and a small head reads the first token, the mean over the target's
tokens (over the sentence where there is no target) and the maximum over all.

This module imports torch; it is itself imported where a model is first used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from toolkit.lowrank import AdaptedMiniLM, by_length, padded
from toolkit.types import Targeted

LONGEST = 128  # tokens
_MARK = " * "


@dataclass(frozen=True, slots=True)
class Tokens:
    """A sentence as the model reads it: token ids, and which of them are the target's."""

    ids: tuple[int, ...]
    focus: tuple[bool, ...]

    def without(self, hidden: Sequence[int], mask: int) -> "Tokens":
        """The same with the tokens at some places hidden, never the target's and the special ones."""
        ids = list(self.ids)
        for n in hidden:
            if 0 < n < len(ids) - 1 and not self.focus[n]:
                ids[n] = mask
        return Tokens(tuple(ids), self.focus)


class ClassifierModel(AdaptedMiniLM):
    """The packaged MiniLM under the head.

    Args:
        classes: How many there are.
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.classes = classes
        self.head = nn.Sequential(
            nn.Dropout(0.1), nn.Linear(3 * self.width, self.width), nn.Tanh(), nn.Dropout(0.1),
            nn.Linear(self.width, classes),
        )  # fmt: skip

    def encoded(self, texts: Sequence[Targeted]) -> list[Tokens]:
        """The sentences as token ids, cut at LONGEST; a sentence too long for its target is cut around it."""
        return [self._encoded(t) for t in texts]

    def _encoded(self, t: Targeted) -> Tokens:
        parts = (t.text,) if t.start >= t.end else (t.text[: t.start], t.text[t.start : t.end], t.text[t.end :])
        clean = [p.encode("utf-8", "replace").decode() for p in parts]
        if len(clean) == 3:
            clean = [clean[0] + _MARK, clean[1], _MARK + clean[2]]
        ids: list[list[int]] = self.tokenizer(clean, add_special_tokens=False, verbose=False)["input_ids"]
        room = LONGEST - 2
        if len(ids) == 3:
            ids[1] = ids[1][: room // 2]
            left = room - len(ids[1])
            before = min(len(ids[0]), max(left // 2, left - len(ids[2])))
            ids[0] = ids[0][len(ids[0]) - before :]
            ids[2] = ids[2][: left - before]
        else:
            ids[0] = ids[0][:room]
        first, last = self.tokenizer.cls_token_id, self.tokenizer.sep_token_id
        focus = [len(ids) == 3 and n == 1 for n, part in enumerate(ids) for _ in part]
        return Tokens((first, *(i for part in ids for i in part), last), (False, *focus, False))

    def forward(self, some: Sequence[Tokens]) -> Tensor:
        """Log-odds up to a constant, shape (n, classes)."""
        states, there = self.states([t.ids for t in some])
        focus = padded([t.focus for t in some]).bool()
        asked = torch.where(focus.any(1, keepdim=True), focus, there)[..., None]
        mean = (states * asked).sum(1) / asked.sum(1)
        most = states.masked_fill(~there[..., None], -1e4).amax(1)
        logits: Tensor = self.head(torch.cat([states[:, 0], mean, most], 1))
        return logits


class Classifier:
    """A trained classifier.

    Args:
        labels: Names of the classes, in the order of the head.
        weights: Tensors as `ClassifierModel.learned` names them.
    """

    def __init__(self, labels: Sequence[str], weights: Mapping[str, Tensor]) -> None:
        self.labels = tuple(labels)
        self.model = ClassifierModel(len(self.labels))
        self.model.recall(weights)

    @classmethod
    def load(cls, path: Path) -> "Classifier":
        """Reads a safetensors file; its metadata names the labels."""
        from safetensors import safe_open

        with safe_open(path, framework="pt") as file:
            labels = file.metadata()["labels"].split(",")
            return cls(labels, {k: file.get_tensor(k) for k in file.keys()})  # noqa: SIM118

    def probabilities(self, texts: Sequence[Targeted]) -> NDArray[np.float64]:
        """Of each class, shape (n, classes), rows summing to 1."""
        return probabilities(self.model, texts)


@torch.inference_mode()
def probabilities(model: ClassifierModel, texts: Sequence[Targeted]) -> NDArray[np.float64]:
    """Of each class, shape (n, classes), rows summing to 1, by a model in evaluation mode."""
    out = np.zeros((len(texts), model.classes))
    encoded = model.encoded(texts)
    for places in by_length([t.ids for t in encoded], 64):
        out[places] = model([encoded[n] for n in places]).softmax(-1).double().numpy()
    return out
