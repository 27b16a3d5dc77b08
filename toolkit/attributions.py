"""Who is given as the source of what: source, cue and content of every attribution of a document.

The packaged MiniLM, adapted by low-rank updates (Hu et al. 2022), tags the tokens of each sentence, read between the
end of the one before and the beginning of the next, as source, cue, content or none: PolNeAR's scheme (Newell, Margolin
and Ruths, LREC 2018), in which a token belongs to one attribution at most, so that a tag sequence says it all.

This module imports torch; it is itself imported where a model is first used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from toolkit.analyse import Analysis
from toolkit.lowrank import AdaptedMiniLM, by_length
from toolkit.telling import Attribution, Range
from toolkit.voices import with_voices

ROLES = ("none", "source", "cue", "content")
BEFORE, AFTER, LONGEST = 24, 10, 160  # tokens of the neighbours, and of the sentence itself
_BEYOND = 0.5  # log-odds by which a cue or a content may trail the strongest role: readers miss more than they invent
WEIGHTS = Path(__file__).parent / "models" / "attributions" / "tagger.safetensors"


@dataclass(frozen=True, slots=True)
class Window:
    """A sentence as the model reads it, between its neighbours.

    Args:
        ids: Token ids with the special ones.
        first: Place of the sentence's first token.
        offsets: Character range in the sentence of each of its tokens.
    """

    ids: tuple[int, ...]
    first: int
    offsets: tuple[Range, ...]


class AttributionModel(AdaptedMiniLM):
    """The packaged MiniLM under a head of four roles."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(self.width, len(ROLES))
        self.rest = nn.Dropout(0.1)

    def windows(self, sentences: Sequence[str]) -> list[Window]:
        """The sentences of a document, in order, each between its neighbours."""
        if not sentences:
            return []
        clean = [t.encode("utf-8", "replace").decode() for t in sentences]
        out = self.tokenizer(clean, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        ids, offsets = out["input_ids"], out["offset_mapping"]
        first, last = self.tokenizer.cls_token_id, self.tokenizer.sep_token_id
        windows = []
        for n, own in enumerate(ids):
            before = ids[n - 1][-BEFORE:] if n else []
            after = ids[n + 1][:AFTER] if n + 1 < len(ids) else []
            row = (first, *before, last, *own[:LONGEST], last, *after, last)
            windows.append(Window(row, len(before) + 2, tuple(map(tuple, offsets[n][:LONGEST]))))
        return windows

    def forward(self, some: Sequence[Window]) -> Tensor:
        """Log-odds up to a constant of the roles of all tokens, shape (n, length, roles)."""
        types = [[int(w.first <= n < w.first + len(w.offsets)) for n in range(len(w.ids))] for w in some]
        states, _ = self.states([w.ids for w in some], types)
        logits: Tensor = self.head(self.rest(states))
        return logits


class AttributionTagger:
    """The trained tagger.

    Args:
        weights: Tensors as `AttributionModel.learned` names them.
    """

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        self.model = AttributionModel()
        self.model.recall(weights)

    @classmethod
    def load(cls, path: Path) -> "AttributionTagger":
        """Reads a safetensors file."""
        from safetensors.torch import load_file

        return cls(load_file(path))

    @torch.inference_mode()
    def attributions(self, documents: Sequence[Sequence[str]]) -> list[list[tuple[Attribution, ...]]]:
        """Of every sentence of every document, in order.

        Args:
            documents: Each as the sentences of its text, in order.
        """
        windows = [self.model.windows(d) for d in documents]
        found = [[_NOTHING] * len(w) for w in windows]
        flat = [(d, n) for d, some in enumerate(windows) for n in range(len(some))]
        for some in by_length([windows[d][n].ids for d, n in flat], 48):
            logits = self.model([windows[flat[k][0]][flat[k][1]] for k in some]).double().numpy()
            for k, scores in zip(some, logits, strict=True):
                d, n = flat[k]
                w = windows[d][n]
                found[d][n] = read_roles(documents[d][n], w, scores[w.first : w.first + len(w.offsets)])
        return found


@lru_cache(maxsize=1)
def attribution_tagger() -> AttributionTagger:
    """The shipped tagger."""
    return AttributionTagger.load(WEIGHTS)


def with_attributions(analyses: Sequence[Analysis]) -> tuple[Analysis, ...]:
    """The analyses with what is attributed in each sentence (`SentenceAnalysis.said`), and to which voice."""
    found = attribution_tagger().attributions([[s.sentence.text for s in a.sentences] for a in analyses])
    return tuple(with_voices(a, said) for a, said in zip(analyses, found, strict=True))


def read_roles(text: str, window: Window, logits: NDArray[np.float64]) -> tuple[Attribution, ...]:
    """The attributions that the roles of a sentence's tokens spell.

    Each run of cue words is one attribution; a run of source or content goes to the nearest cue, a second source to one
    of its own. Runs are whole words, without white space at the ends.

    Args:
        text: The sentence.
        window: As it was read.
        logits: Of its tokens, shape (n, roles).
    """
    favour = np.array([0.0, 0.0, _BEYOND, _BEYOND])
    runs: list[tuple[str, int, int]] = []
    for role, (start, end) in zip((logits + favour).argmax(1).tolist(), window.offsets, strict=True):
        name = ROLES[role]
        if runs and _joined(text, runs[-1], start):
            name = runs[-1][0]  # a word has the role of its first piece
        if runs and runs[-1][0] == name:
            runs[-1] = name, runs[-1][1], end
        else:
            runs.append((name, start, end))
    return _grouped([r for r in runs if r[0] != "none" and any(c.isalnum() for c in text[r[1] : r[2]])])


_NOTHING: tuple[Attribution, ...] = ()


def _joined(text: str, run: tuple[str, int, int], start: int) -> bool:
    return run[2] == start and start > 0 and text[start - 1].isalnum() and text[start].isalnum()


def _grouped(runs: Sequence[tuple[str, int, int]]) -> tuple[Attribution, ...]:
    cues = [(s, e) for role, s, e in runs if role == "cue"]
    if not cues:
        sources = [(s, e) for role, s, e in runs if role == "source"]
        content = tuple((s, e) for role, s, e in runs if role == "content")
        return (Attribution(sources[0] if sources else None, None, content),) if content else ()
    sources_of: list[Range | None] = [None] * len(cues)
    content_of: list[list[Range]] = [[] for _ in cues]
    for role, start, end in runs:
        order = sorted(range(len(cues)), key=lambda n: _gap(cues[n], (start, end)))
        if role == "source":
            free = next((n for n in order if sources_of[n] is None), None)
            if free is not None:
                sources_of[free] = (start, end)
        elif role == "content":
            content_of[order[0]].append((start, end))
    return tuple(Attribution(s, c, tuple(x)) for s, c, x in zip(sources_of, cues, content_of, strict=True))


def _gap(x: Range, y: Range) -> int:
    return max(x[0] - y[1], y[0] - x[1], 0)
