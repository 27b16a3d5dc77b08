"""BASIL: sentences with lexical or informational bias (Fan et al. 2019, https://arxiv.org/abs/1909.02670).

Triples of articles about one event; folds are dealt by triple, as sentences of one event tell about each other.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.tasks._classify import Example, confusion_units, deal, first_units, fold_items, positive_scores
from eval.types import Family, Item, Unit

if TYPE_CHECKING:
    from datasets import Dataset

_LABELS = ("yes", "no")
_CODES = {"lexical": "lex", "informational": "inf"}
_SPAN_FIELDS = ("id", "bias", "txt")
_TEXTS = ("source", "title", "date", "url", "main-event")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Basil:
    """Does a sentence have bias of this kind; an item is a fold, a unit is a triple of articles.

    Args:
        data_dir: Folder of the set, with `articles` and `annotations`; empty for `basil` below the data root.
        split: A year's folder below those two, or all.
        bias: By choice of words, or by what is told.
        limit: Only the first n triples; 0 for all.
        folds: Number of folds.
        seed: Of the dealing.
    """

    family: ClassVar[Family] = "classify"
    unit: ClassVar[str] = "triple"
    metrics: ClassVar[tuple[str, ...]] = ("f1", "precision", "recall")
    lower_is_better: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str] = "github.com/launchnlp/BASIL (no licence stated)"

    kind: Literal["basil"] = "basil"
    data_dir: str = ""
    split: str = "all"
    bias: Literal["lexical", "informational"] = "informational"
    limit: Annotated[int, Field(ge=0)] = 0
    folds: Annotated[int, Field(ge=2)] = 5
    seed: Annotated[int, Field(ge=0)] = 0

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return f"basil-{self.bias}" + (f"-{self.split}" if self.split != "all" else "")

    def files(self, root: Path) -> list[Path]:
        """Every article and its annotations, in turn.

        Raises:
            SourceError: If a folder or an article's annotations are missing.
        """
        folder = Path(self.data_dir).expanduser() if self.data_dir else root / "basil"
        part = Path() if self.split == "all" else Path(self.split)
        articles = need(folder / "articles" / part, source=self.source)
        annotations = need(folder / "annotations" / part, source=self.source)
        out = []
        for path in sorted(articles.rglob("*.json")):
            twin = annotations / path.relative_to(articles).with_name(f"{path.stem}_ann.json")
            out += [path, need(twin, source=self.source)]
        if not out:
            raise wrong(articles, f"there are no articles; get them from {self.source}")
        return out

    def load(self, root: Path) -> "Dataset":
        """A row an article, with its phrase-level annotations.

        Raises:
            SourceError: If a file is missing, truncated or has other fields.
        """
        from datasets import Dataset

        files = self.files(root)
        return Dataset.from_list([_row(a, b) for a, b in zip(files[::2], files[1::2], strict=True)])

    def items(self, data: "Dataset") -> list[Item]:
        """One item a fold; titles are no sentences of the body, and left out."""
        examples = []
        for row in sorted(data, key=lambda r: (r["triplet-uuid"], r["uuid"])):
            spans = [s for s in row["phrase-level-annotations"] if s["bias"] == _CODES[self.bias]]
            marked = {_sentence(s["id"]) for s in spans}
            sentences = [s for paragraph in row["body-paragraphs"] for s in paragraph]
            examples += [
                Example(s, "yes" if n in marked else "no", row["triplet-uuid"]) for n, s in enumerate(sentences)
            ]
        examples = first_units(examples, self.limit)
        # Every triple in one stratum: how much bias one holds is what is to be found.
        fold = deal([e.unit for e in examples], ["" for _ in examples], folds=self.folds, seed=self.seed)
        return fold_items(examples, fold)

    def units(self, items: Sequence[Item], predictions: Mapping[str, Any]) -> list[Unit]:
        """A confusion matrix a triple."""
        return confusion_units(items, predictions, labels=_LABELS)

    def measure(self, units: Sequence[Unit]) -> dict[str, float]:
        """F1, precision and recall of the biased sentences, folds pooled."""
        return positive_scores(units, positive=0)


def _sentence(span_id: str) -> int | None:
    """Sentence number of an annotation, counted from 0 through all paragraphs; None for the title."""
    if span_id == "title":
        return None
    if not re.fullmatch(r"p\d+", span_id):
        raise ValueError(f"annotation id {span_id!r}; expected 'title' or 'p' and a sentence's number")
    return int(span_id[1:])


def _row(article: Path, annotation: Path) -> dict[str, Any]:
    told = _read(article, ("uuid", "triplet-uuid", "body-paragraphs"))
    marked = _read(annotation, ("phrase-level-annotations",))
    body = told["body-paragraphs"]
    if not (isinstance(body, list) and all(isinstance(p, list) and all(isinstance(s, str) for s in p) for p in body)):
        raise wrong(article, "body-paragraphs is not a list of paragraphs of sentences")
    count = sum(len(p) for p in body)
    try:
        spans = [{field: str(span[field]) for field in _SPAN_FIELDS} for span in marked["phrase-level-annotations"]]
        for span in spans:
            if span["bias"] not in _CODES.values():
                raise ValueError(f"bias {span['bias']!r}; there are {', '.join(_CODES.values())}")
            if (_sentence(span["id"]) or 0) >= count:
                raise ValueError(f"annotation id {span['id']!r}, but the article has {count} sentences")
    except (KeyError, TypeError, ValueError) as error:
        raise wrong(annotation, f"no field {error}" if isinstance(error, KeyError) else error) from error
    texts = {field: str(told.get(field, "")) for field in ("uuid", "triplet-uuid", *_TEXTS)}
    return {**texts, "body-paragraphs": body, "phrase-level-annotations": spans}


def _read(path: Path, fields: Sequence[str]) -> dict[str, Any]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise wrong(path, error) from error
    if not isinstance(raw, dict):
        raise wrong(path, f"expected an object, got {type(raw).__name__}")
    if absent := [f for f in fields if f not in raw]:
        raise wrong(path, f"there is no field {', '.join(absent)}; its fields are {', '.join(raw)}")
    return raw
