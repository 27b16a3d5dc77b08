"""Floors for stories: similarity of whole articles, then average-linkage clustering cut at a fixed threshold."""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.types import Family, Item
from toolkit.encode import MiniLM, SentenceTransformers
from toolkit.segment import segment
from toolkit.types import Article

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

Cut = Annotated[float, Field(ge=-1, le=1)]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class _Clustered:
    """Groups articles whose average similarity is at or above a threshold."""

    threshold: Cut = 0.5

    families: ClassVar[frozenset[Family]] = frozenset({"stories"})

    def missing(self) -> str:
        """Nothing is."""
        return ""

    def predict(self, item: Item) -> dict[str, Any]:
        """Similarities (six decimals, symmetric) and a group an article."""
        articles = item.data["articles"]
        similarity = np.round(self._similarity(articles), 6)
        similarity = (similarity + similarity.T) / 2
        return {"similarity": similarity.tolist(), "groups": average_linkage(similarity, threshold=self.threshold)}

    def _similarity(self, articles: "Sequence[Mapping[str, str]]") -> "NDArray[np.float64]":
        raise NotImplementedError


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class StoriesTfidf(_Clustered):
    """Cosine of TF-IDF vectors of title and text, weighed over the articles of the batch.

    Args:
        threshold: Least average similarity within a group.
    """

    kind: Literal["stories-tfidf"] = "stories-tfidf"
    threshold: Cut = 0.15

    @property
    def name(self) -> str:
        """What tables call it."""
        return f"{self.kind}-{self.threshold:g}"

    def _similarity(self, articles: "Sequence[Mapping[str, str]]") -> "NDArray[np.float64]":
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english")
        try:
            rows = vectorizer.fit_transform([f"{a['title']}\n{a['text']}" for a in articles])
        except ValueError:  # no text has a word
            return np.eye(len(articles))
        return np.asarray((rows @ rows.T).toarray(), dtype=np.float64)


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class StoriesCosine(_Clustered):
    """Cosine of the vectors of title and first sentences, encoded as one text an article.

    Args:
        threshold: Least average similarity within a group.
        lead: How many sentences after the title.
        encoder: What makes the vectors.
    """

    kind: Literal["stories-cosine"] = "stories-cosine"
    threshold: Cut = 0.55
    lead: Annotated[int, Field(ge=0)] = 3
    encoder: Annotated[MiniLM | SentenceTransformers, Field(discriminator="kind")] = Field(default_factory=MiniLM)

    @property
    def name(self) -> str:
        """What tables call it."""
        return f"{self.kind}-{self.encoder.name}-{self.threshold:g}" + f"-lead{self.lead}" * (self.lead != 3)

    def _similarity(self, articles: "Sequence[Mapping[str, str]]") -> "NDArray[np.float64]":
        rows = self.encoder.encode([self._opening(a) for a in articles]).astype(np.float64)
        return rows @ rows.T

    def _opening(self, article: "Mapping[str, str]") -> str:
        sentences = [s.text for s in segment(Article(article["text"])).sentences if not s.boilerplate]
        return "\n".join(t for t in (article["title"], *sentences[: self.lead]) if t)


def average_linkage(similarity: "NDArray[np.float64]", *, threshold: float) -> list[int]:
    """A group number an article, numbered in order of first appearance."""
    from sklearn.cluster import AgglomerativeClustering

    if len(similarity) < 2:
        return [0] * len(similarity)
    cluster = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=np.nextafter(1 - threshold, 3)
    )
    found = cluster.fit_predict(np.clip(1 - similarity, 0, 2))
    numbers: dict[int, int] = {}
    return [numbers.setdefault(int(g), len(numbers)) for g in found]
