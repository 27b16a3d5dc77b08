"""Faithfulness: the toolkit's checker, and as floors how close the nearest sentence of the source comes to a claim."""

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.types import Family, Item
from toolkit.encode import MiniLM, SentenceTransformers
from toolkit.segment import segment
from toolkit.types import Article

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class _Nearest:
    """Best similarity of each sentence of a claim to a sentence of the source.

    Args:
        pool: How the sentences of one claim are put together: their mean, or the least of them.
    """

    pool: Literal["mean", "min"] = "mean"

    families: ClassVar[frozenset[Family]] = frozenset({"support"})

    def missing(self) -> str:
        """Nothing is."""
        return ""

    def predict(self, item: Item) -> list[Any]:
        """One score a claim; with the nearest source sentences where the item asks for evidence."""
        source, claims = item.data["source"], [_sentences(c) for c in item.data["claims"]]
        wanted = int(item.data.get("evidence", 0))
        if not source or not any(claims):
            return [{"score": 0.0, "evidence": []} if wanted else 0.0 for _ in claims]
        near = self._similarity(source, [s for c in claims for s in c])
        out: list[Any] = []
        at = 0
        for claim in claims:
            rows = near[at : at + len(claim)]
            at += len(claim)
            best = rows.max(axis=1) if len(claim) else np.zeros(1)
            score = round(float(best.mean() if self.pool == "mean" else best.min()), 6)
            ranked = np.argsort(-rows.max(axis=0), kind="stable")[:wanted] if len(claim) else ()
            out.append({"score": score, "evidence": [int(i) for i in ranked]} if wanted else score)
        return out

    def _similarity(self, source: "Sequence[str]", sentences: "Sequence[str]") -> "NDArray[np.float64]":
        raise NotImplementedError


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class SupportCosine(_Nearest):
    """Cosine of sentence vectors.

    Args:
        encoder: What makes the vectors.
        candidates: Encode only so many source sentences for each sentence of a claim, the nearest by TF-IDF; 0 for
            all. Saves time on long sources, at the price of evidence in other words.
    """

    kind: Literal["support-cosine"] = "support-cosine"
    encoder: Annotated[MiniLM | SentenceTransformers, Field(discriminator="kind")] = Field(default_factory=MiniLM)
    candidates: Annotated[int, Field(ge=0)] = 0

    @property
    def name(self) -> str:
        """What tables call it."""
        options = [self.pool] * (self.pool != "mean") + [f"top{self.candidates}"] * (self.candidates > 0)
        return "-".join([self.kind, self.encoder.name, *options])

    def _similarity(self, source: "Sequence[str]", sentences: "Sequence[str]") -> "NDArray[np.float64]":
        kept = np.arange(len(source))
        if 0 < self.candidates < len(source):
            ranked = np.argsort(-_tfidf(source, sentences), axis=1, kind="stable")
            kept = np.unique(ranked[:, : self.candidates])
        rows = self.encoder.encode([*sentences, *(source[i] for i in kept.tolist())]).astype(np.float64)
        out = np.full((len(sentences), len(source)), -1.0)
        out[:, kept] = rows[: len(sentences)] @ rows[len(sentences) :].T
        return out


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class SupportTfidf(_Nearest):
    """Cosine of TF-IDF vectors, weighed over the source and its claims, so that words new in a claim count too."""

    kind: Literal["support-tfidf"] = "support-tfidf"

    @property
    def name(self) -> str:
        """What tables call it."""
        return "-".join([self.kind, *[self.pool] * (self.pool != "mean")])

    def _similarity(self, source: "Sequence[str]", sentences: "Sequence[str]") -> "NDArray[np.float64]":
        return _tfidf(source, sentences)


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Checker:
    """The toolkit's support checker (`toolkit.support`): each sentence of a claim beside the nearest of the source.

    Args:
        pool: How the sentences of one claim are put together: their mean, or the least of them.
        encoder: What finds the nearest, together with the words that they share.
    """

    kind: Literal["support-checker"] = "support-checker"
    pool: Literal["mean", "min"] = "min"
    encoder: Annotated[MiniLM | SentenceTransformers, Field(discriminator="kind")] = Field(default_factory=MiniLM)
    families: ClassVar[frozenset[Family]] = frozenset({"support"})

    @property
    def name(self) -> str:
        """What tables call it."""
        return "-".join([self.kind, *[self.pool] * (self.pool != "min")])

    def missing(self) -> str:
        """Nothing is."""
        return ""

    def predict(self, item: Item) -> list[Any]:
        """One score a claim; with the nearest source sentences where the item asks for evidence."""
        from toolkit.support import NEAREST, support_checker

        source, claims = list(item.data["source"]), [_sentences(c) for c in item.data["claims"]]
        wanted = int(item.data.get("evidence", 0))
        texts = [s for c in claims for s in c]
        if not source or not texts:
            return [{"score": 0.0, "evidence": []} if wanted else 0.0 for _ in claims]
        checker, rows = support_checker(), self.encoder.encode([*texts, *source])
        order = checker.reader.nearest(texts, source, rows[: len(texts)], rows[len(texts) :])
        places = [row[:NEAREST] for row in order]
        told = [[source[i] for i in some] for some in places]
        found = checker.verdicts(texts, told, [source] * len(texts))
        out: list[Any] = []
        at = 0
        for claim in claims:
            likely = [v.support for v in found[at : at + len(claim)]] or [0.0]
            score = round(float(np.mean(likely) if self.pool == "mean" else min(likely)), 6)
            near = list(dict.fromkeys(i for some in places[at : at + len(claim)] for i in some))[:wanted]
            out.append({"score": score, "evidence": near} if wanted else score)
            at += len(claim)
        return out


def _tfidf(source: "Sequence[str]", sentences: "Sequence[str]") -> "NDArray[np.float64]":
    from sklearn.feature_extraction.text import TfidfVectorizer

    try:
        rows = TfidfVectorizer(sublinear_tf=True).fit_transform([*sentences, *source])
    except ValueError:  # no text has a word
        return np.zeros((len(sentences), len(source)))
    return np.asarray((rows[: len(sentences)] @ rows[len(sentences) :].T).toarray())


@lru_cache(maxsize=4096)
def _sentences(claim: str) -> tuple[str, ...]:
    return tuple(s.text for s in segment(Article(claim)).sentences)
