"""Baselines that learn labels from a fold's training texts: logistic regression on frozen vectors or words, a constant.

Where the label is about a part of the text, that part is masked first, so that a name's usual label cannot be learnt
and the classifier knows which of several is meant.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.systems.pairs import EncoderName, encoder_of, missing_encoder
from eval.types import Family, Item
from toolkit.encode import MiniLM, SentenceTransformers

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

_FAMILIES: frozenset[Family] = frozenset({"classify", "stance"})


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Logistic:
    """Logistic regression, classes balanced, on an encoder's vectors; the encoder is left as it is.

    Args:
        encoder: Sentence vectors: one of the two that are compared everywhere here, or any that the toolkit has.
        c: Inverse strength of the L2 penalty.
        mask: Stands for the target of a text that has one.
    """

    families: ClassVar[frozenset[Family]] = _FAMILIES

    kind: Literal["logistic"] = "logistic"
    encoder: EncoderName | Annotated[MiniLM | SentenceTransformers, Field(discriminator="kind")] = "minilm"
    c: Annotated[float, Field(gt=0)] = 1.0
    mask: str = "TARGET"

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return f"logistic {self.encoder if isinstance(self.encoder, str) else self.encoder.name}"

    def missing(self) -> str:
        """The packages of an encoder that are not installed."""
        return missing_encoder(self.encoder) if isinstance(self.encoder, str) else ""

    def predict(self, item: Item) -> list[str]:
        """A label a text."""
        train, texts = (masked(item.data[key], mask=self.mask) for key in ("train_texts", "texts"))
        labels = list(item.data["train_labels"])
        if only := _only(labels):
            return [only] * len(texts)
        encoder = encoder_of(self.encoder) if isinstance(self.encoder, str) else self.encoder
        model = _logistic(self.c).fit(encoder.encode(train), labels)
        return [str(label) for label in model.predict(encoder.encode(texts))]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class TfidfLogistic:
    """Logistic regression, classes balanced, on the TF-IDF weights of words and word pairs.

    Args:
        ngrams: Longest run of words that is a feature.
        c: Inverse strength of the L2 penalty.
        mask: Stands for the target of a text that has one.
    """

    families: ClassVar[frozenset[Family]] = _FAMILIES

    kind: Literal["tfidf-logistic"] = "tfidf-logistic"
    ngrams: Annotated[int, Field(ge=1, le=5)] = 2
    c: Annotated[float, Field(gt=0)] = 1.0
    mask: str = "TARGET"

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return "logistic tf-idf"

    def missing(self) -> str:
        """Nothing: the toolkit's own dependencies do."""
        return ""

    def predict(self, item: Item) -> list[str]:
        """A label a text."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        train, texts = (masked(item.data[key], mask=self.mask) for key in ("train_texts", "texts"))
        labels = list(item.data["train_labels"])
        if only := _only(labels):
            return [only] * len(texts)
        # Words of one letter count, so that a text always has a word as long as it has a letter.
        words = TfidfVectorizer(ngram_range=(1, self.ngrams), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")
        model = _logistic(self.c).fit(words.fit_transform(train), labels)
        return [str(label) for label in model.predict(words.transform(texts))]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Constant:
    """The same label for every text.

    Args:
        label: Which: the training texts' `majority` or `rarest` label (for a detection task, the positive one).
    """

    families: ClassVar[frozenset[Family]] = _FAMILIES

    kind: Literal["constant-label"] = "constant-label"
    label: Literal["majority", "rarest"] = "majority"

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return f"always {self.label}"

    def missing(self) -> str:
        """Nothing."""
        return ""

    def predict(self, item: Item) -> list[str]:
        """The label, once a text."""
        counts = Counter(item.data["train_labels"])
        sign = 1 if self.label == "rarest" else -1
        return [min(counts, key=lambda label: (sign * counts[label], label))] * len(item.data["texts"])


def masked(texts: Sequence[str | Mapping[str, Any]], *, mask: str) -> list[str]:
    """Plain texts as they are; of `{"text", "target"}`, the text with the target's span (or its words) replaced."""
    out = []
    for text in texts:
        if isinstance(text, str):
            out.append(text)
        elif isinstance(text["target"], str):
            out.append(text["text"].replace(text["target"], mask, 1))
        else:
            start, end = text["target"]
            out.append(text["text"][:start] + mask + text["text"][end:])
    return out


def _only(labels: Sequence[str]) -> str:
    """The label that all training texts have, if they do: there is nothing to be fitted then."""
    return labels[0] if len(set(labels)) == 1 else ""


def _logistic(c: float) -> "LogisticRegression":
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=c, class_weight="balanced", max_iter=2000)
