"""Classifiers that adapt the packaged MiniLM: the shipped stance model, and the same architecture trained on a fold."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.types import Family, Item

if TYPE_CHECKING:
    from toolkit.classifier import Classifier
    from toolkit.types import Targeted


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class StanceModel:
    """The stance model that ships (`toolkit.stance`), trained on NewsMTSC's train file; the item's is not looked at."""

    kind: Literal["stance"] = "stance"

    families: ClassVar[frozenset[Family]] = frozenset({"stance"})

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return "stance"

    def missing(self) -> str:
        """Nothing beyond the package is needed."""
        return ""

    @cached_property
    def _model(self) -> "Classifier":
        from toolkit.stance import stance_model

        return stance_model()

    def predict(self, item: Item) -> list[str]:
        """A label a text."""
        said = self._model.probabilities(targeted(item.data["texts"]))
        return [self._model.labels[n] for n in said.argmax(1)]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Adapted:
    """The stance model's architecture (`toolkit.classifier`), trained on the fold's training texts; nothing is kept.

    Args:
        epochs: Times over the texts.
        members: Models trained, each from another seed; their probabilities are averaged.
        rate: Peak learning rate of the layers.
        average: Share of the last updates whose weights are averaged.
        hidden: Share of the words hidden from the model while it learns.
        smoothing: Of the labels, while it learns.
        tuned: Of two classes, whether the rarer one is predicted from that probability on with the best F1 on every
            tenth training text, which the model then does not learn from; else the likelier class is predicted.
    """

    kind: Literal["adapted"] = "adapted"
    epochs: Annotated[int, Field(ge=1, le=50)] = 4
    members: Annotated[int, Field(ge=1, le=20)] = 1
    rate: Annotated[float, Field(gt=0)] = 1e-4
    average: Annotated[float, Field(ge=0, lt=1)] = 0.5
    hidden: Annotated[float, Field(ge=0, lt=1)] = 0.05
    smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.0
    tuned: bool = False

    families: ClassVar[frozenset[Family]] = frozenset({"classify", "stance"})

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return f"adapted minilm x{self.members}" if self.members > 1 else "adapted minilm"

    def missing(self) -> str:
        """Nothing beyond the package is needed."""
        return ""

    def predict(self, item: Item) -> list[str]:
        """A label a text."""
        from toolkit.classifier import probabilities
        from toolkit.training.classify import train_classifier
        from toolkit.training.fit import best_threshold
        from toolkit.training.loop import Recipe

        train, texts, labels = (
            targeted(item.data["train_texts"]),
            targeted(item.data["texts"]),
            item.data["train_labels"],
        )
        if len(set(labels)) == 1:
            return [labels[0]] * len(texts)
        kept = [n for n in range(len(train)) if not self.tuned or n % 10]
        asked = [*texts, *(train[n] for n in range(len(train)) if self.tuned and not n % 10)]
        total: Any = 0.0
        classes: tuple[str, ...] = ()
        for seed in range(self.members):
            recipe = Recipe(epochs=self.epochs, rate=self.rate, seed=seed, average=self.average)
            classes, model = train_classifier(
                [train[n] for n in kept], [labels[n] for n in kept], recipe,
                hidden=self.hidden, smoothing=self.smoothing, name=item.id,
            )  # fmt: skip
            total = total + probabilities(model, asked) / self.members
        own, rest = total[: len(texts)], total[len(texts) :]
        if not self.tuned or len(classes) != 2:
            return [classes[n] for n in own.argmax(1)]
        rare = int(labels.count(classes[1]) < labels.count(classes[0]))
        least, _ = best_threshold(rest[:, rare], np.array([x == classes[rare] for x in labels[::10]]))
        return [classes[rare if p >= least else 1 - rare] for p in own[:, rare]]


def targeted(texts: Sequence[str | Mapping[str, Any]]) -> "list[Targeted]":
    """Texts as the classifier takes them; a target named by its words is where they first stand."""
    from toolkit.types import Targeted

    out = []
    for text in texts:
        if isinstance(text, str):
            out.append(Targeted(text))
        elif isinstance(text["target"], str):
            start = text["text"].find(text["target"])
            out.append(Targeted(text["text"], max(start, 0), max(start, 0) + len(text["target"])))
        else:
            out.append(Targeted(text["text"], *text["target"]))
    return out
