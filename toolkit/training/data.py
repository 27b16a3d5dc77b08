"""Annotated stories (framediff/train*.jsonl) as Documents; the text itself never ships."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.errors import SourceError
from toolkit.segment import mark_boilerplate
from toolkit.types import Document

ANNOTATIONS = Path(__file__).parent / "annotations"


def annotated(name: str) -> Iterator[dict[str, Any]]:
    """The rows of one of the files annotated or written for this project."""
    yield from map(json.loads, (ANNOTATIONS / name).read_text(encoding="utf-8").splitlines())


@dataclass(frozen=True)
class AnnotatedStory:
    """A story with its aligned sentence pairs and differences.

    Args:
        id: Name of the story.
        fold: What to keep apart in cross-validation (the ECB+ topic, else the story).
        documents: Its articles, `A`, `B` (and `C`).
        alignments: Pairs of names such as `("A3", "B1")`.
        differences: Dicts with kind, a, b, a_span, b_span; an omission has None on one side.
    """

    id: str
    fold: str
    documents: tuple[Document, ...]
    alignments: frozenset[tuple[str, str]]
    differences: tuple[dict[str, Any], ...]


def read_stories(path: Path) -> Iterator[AnnotatedStory]:
    """Reads train.jsonl or train_full.jsonl.

    Raises:
        SourceError: If the file is missing.
    """
    if not path.exists():
        raise SourceError(f"{path}: no such file; the annotated stories come with the project's shared data")
    for line in path.read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        documents = tuple(
            mark_boilerplate(Document.from_sentences(a["sentences"], article_id="ABC"[i]))
            for i, a in enumerate(raw["articles"])
        )
        differences = tuple(
            {
                "kind": d["kind"],
                "a": d.get("a", d.get("x")),
                "b": d.get("b", d.get("y")),
                "a_span": d.get("a_span", d.get("x_span")),
                "b_span": d.get("b_span", d.get("y_span")),
            }
            for d in raw["differences"]
        )
        fold = raw["ecbplus"][0].split("_")[0] if "ecbplus" in raw else raw["id"]
        yield AnnotatedStory(raw["id"], fold, documents, frozenset(tuple(p) for p in raw["alignments"]), differences)
