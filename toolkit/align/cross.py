"""A cross-encoder of the reader's choice, which reads the two sentences of each likely pair together."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass as component

from toolkit.align.base import article_pairs, links_above
from toolkit.align.features import story_similarities
from toolkit.align.plain import among_best
from toolkit.analyse import Analysis
from toolkit.errors import ModelError
from toolkit.hub import load_model
from toolkit.types import Link

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


@component(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class CrossEncoderAligner:
    """Any sentence-transformers cross-encoder with one output, by folder or by its name on the Hugging Face Hub.

    Both orders of a pair are read and the mean of the two probabilities is taken, so that order changes nothing. Only
    the `best` counterparts of each sentence in each other report are read, by the similarity that `hybrid` uses. Only
    safetensors weights are loaded, and no code that comes with a model is run.

    Args:
        model: A folder, or a Hub name such as `cross-encoder/stsb-distilroberta-base`, which is fetched on first use.
        threshold: Lowest probability that makes a link. What a good one is depends on the model.
        best: How many counterparts of a sentence in one other report are read.
        batch_size: Pairs a forward pass, from 1 to 1024; changes speed and memory only.
    """

    model: Annotated[str, Field(min_length=1)]
    kind: Literal["cross-encoder"] = "cross-encoder"
    threshold: float = Field(default=0.5, ge=0, le=1)
    best: int = Field(default=5, ge=1)
    batch_size: Annotated[int, Field(ge=1, le=1024)] = 32

    @property
    def name(self) -> str:
        """What a record calls it."""
        return self.model

    @cached_property
    def _model(self) -> "CrossEncoder":
        loaded = load_model(self.model, _load, what="cross-encoder")
        if loaded.num_labels != 1:
            raise ModelError(
                f"cross-encoder {self.model!r}: expected one output, got {loaded.num_labels}; choose a model that "
                "gives a pair one score (an STS or a paraphrase model, not an NLI model)"
            )
        return loaded

    def links(self, analyses: Sequence[Analysis], rows: Sequence[NDArray[np.float32]]) -> tuple[Link, ...]:
        """See `Aligner.links`.

        Raises:
            ModelError: If the model cannot be loaded, or gives more than one score a pair.
        """
        _, centred, words, chars = story_similarities(analyses, rows)
        likely = among_best(analyses, np.clip((centred + words + chars) / 3, 0, 1), self.best) > 0
        texts = [s.sentence.text for a in analyses for s in a.sentences]
        across = np.zeros_like(likely)
        for _, _, place in article_pairs(analyses):
            across[place] = True
        at = np.argwhere(likely & across)
        probability = np.zeros(likely.shape)
        if len(at):
            there = self._read([(texts[i], texts[j]) for i, j in at])
            back = self._read([(texts[j], texts[i]) for i, j in at])
            probability[at[:, 0], at[:, 1]] = (there + back) / 2
        return links_above(analyses, probability, self.threshold)

    def _read(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        import torch

        raw = self._model.predict(
            list(pairs), batch_size=self.batch_size, show_progress_bar=False, activation_fn=torch.nn.Sigmoid()
        )
        return np.asarray(raw, dtype=np.float64).reshape(-1)


def _load(place: str, local: bool) -> "CrossEncoder":
    from sentence_transformers import CrossEncoder

    return CrossEncoder(  # type: ignore[no-any-return]
        place,
        device="cpu",
        local_files_only=local,
        trust_remote_code=False,
        max_length=512,
        model_kwargs={"use_safetensors": True},
    )
