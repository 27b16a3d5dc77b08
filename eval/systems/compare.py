"""Systems that compare two reports: samestory itself, and plain cosine as its baseline."""

from hashlib import sha256
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import ConfigDict, Field, field_validator
from pydantic.dataclasses import dataclass

from eval.types import Family, Item
from toolkit.comparison import Comparison
from toolkit.config import CompareConfig
from toolkit.encode import MiniLM, SentenceTransformers
from toolkit.testing import FakeEncoder
from toolkit.types import Document

_CLOSED = ConfigDict(extra="forbid")


@dataclass(frozen=True, config=_CLOSED)
class SameStory:
    """The toolkit's own comparison, with any of its options.

    Args:
        config: Options, or the path of a YAML file of them (configs/compare/default.yaml).
        label: Name in the tables; empty for `samestory`, with a few digits of the options' hash where they are
            not the default ones.
    """

    kind: Literal["samestory"] = "samestory"
    config: CompareConfig = Field(default_factory=CompareConfig)
    label: str = ""

    families: ClassVar[frozenset[Family]] = frozenset({"compare"})

    @field_validator("config", mode="before")
    @classmethod
    def _from_file(cls, value: Any) -> Any:
        return CompareConfig.from_yaml(value) if isinstance(value, str) else value

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        if self.label or self.config == CompareConfig():
            return self.label or self.kind
        return f"{self.kind}-{sha256(self.config.model_dump_json().encode()).hexdigest()[:6]}"

    def missing(self) -> str:
        """Nothing: it comes with the installation."""
        return ""

    def predict(self, item: Item) -> dict[str, Any]:
        """Alignments and differences in the annotators' format."""
        from toolkit.compare import compare

        documents = [
            Document.from_sentences(item.data[side.lower()], article_id=side, outlet=side) for side in ("A", "B")
        ]
        return annotated(compare(documents, config=self.config))


@dataclass(frozen=True, config=_CLOSED)
class CosineCompare:
    """Baseline: sentences whose vectors are close make the same point; no differences are looked for.

    Args:
        encoder: Where the vectors come from; `fake` is a bag of words that loads no model.
        threshold: Lowest cosine that aligns two sentences, -1 to 1.
        centred: Whether to take the mean vector of the two reports off first.
    """

    kind: Literal["cosine-compare"] = "cosine-compare"
    encoder: Annotated[MiniLM | SentenceTransformers | FakeEncoder, Field(discriminator="kind")] = Field(
        default_factory=MiniLM
    )
    threshold: Annotated[float, Field(ge=-1, le=1)] = 0.6
    centred: bool = False

    families: ClassVar[frozenset[Family]] = frozenset({"compare"})

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return f"cosine-{self.encoder.name.rsplit('/', 1)[-1]}-{self.threshold:g}{'-centred' * self.centred}"

    def missing(self) -> str:
        """Nothing: the packaged encoder comes with the installation, others are fetched by name."""
        return ""

    def predict(self, item: Item) -> dict[str, Any]:
        """Alignments at or above the threshold; empty sentences align with nothing."""
        a, b = item.data["a"], item.data["b"]
        rows = self.encoder.encode([*a, *b])
        if self.centred:
            rows = rows - rows.mean(axis=0)
            rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        close = rows[: len(a)] @ rows[len(a) :].T >= self.threshold
        pairs = [[f"A{i}", f"B{j}"] for i, j in np.argwhere(close).tolist() if a[i].strip() and b[j].strip()]
        return {"alignments": pairs, "differences": []}


def annotated(comparison: Comparison) -> dict[str, Any]:
    """A comparison of articles `A` and `B` in the annotators' format."""
    names = {(k.a.article, k.a.index, k.b.article, k.b.index) for p in comparison.points for k in p.links}
    alignments = sorted({tuple(sorted((f"{a}{i}", f"{b}{j}"))) for a, i, b, j in names})
    differences = []
    for d in comparison.differences:
        side = {s.article: s for s in d.sides}
        row: dict[str, Any] = {"kind": d.kind, "strength": d.strength, "why": d.reason}
        for key, article in (("a", "A"), ("b", "B")):
            s = side.get(article)
            row[key], row[f"{key}_span"] = (f"{article}{s.sentence}", s.text) if s else (None, None)
        differences.append(row)
    return {"alignments": [list(x) for x in alignments], "differences": differences}
