"""Sentence pairs with the differences annotated at them, as the framing recipes read them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.analyse import Analysis, SentenceAnalysis, SpacyAnalyser
from toolkit.attributions import with_attributions
from toolkit.framing.base import Range
from toolkit.training.data import AnnotatedStory
from toolkit.training.families import Family
from toolkit.training.folds import fold_of
from toolkit.types import Document, Kind


@dataclass(frozen=True)
class Pair:
    """A gold-aligned sentence pair with the differences annotated at it."""

    a: SentenceAnalysis
    b: SentenceAnalysis
    differences: tuple[dict[str, Any], ...]
    fold: int


def aligned_pairs(story: AnnotatedStory, analyses: Sequence[Analysis]) -> list[Pair]:
    """The gold-aligned pairs of a story, in a fixed order."""
    out = []
    for x, y in sorted(story.alignments):
        a, b = (analyses["ABC".index(n[0])].by_index.get(int(n[1:])) for n in (x, y))
        if a is None or b is None:  # boilerplate
            continue
        out.append(Pair(a, b, differences_at(story, x, y), fold_of(story.fold)))
    return out


def differences_at(story: AnnotatedStory, x: str, y: str) -> tuple[dict[str, Any], ...]:
    """Those annotated at two sentences (`A3`, `B5`), with the spans of `x` as `a_span`."""
    return tuple(
        d if (d["a"], d["b"]) == (x, y) else {**d, "a_span": d["b_span"], "b_span": d["a_span"]}
        for d in story.differences
        if (d["a"], d["b"]) in {(x, y), (y, x)}
    )


def family_pairs(families: Sequence[Family], analyser: SpacyAnalyser) -> Iterator[Pair]:
    """The pairs of each family, that without a difference twice, since there are four with one."""
    texts = [(f.id, t) for f in families for t in f.tellings]
    read = with_attributions([analyser.analyse(Document.from_sentences([t], article_id=n)) for n, t in texts])
    for k, f in enumerate(families):
        told = [a.sentences[0] for a in read[4 * k : 4 * k + 4]]
        pairs = [Pair(told[i], told[j], found, fold_of(f.id)) for i, j, found in f.pairs]
        yield from (pairs[0], *pairs)


def touches(kind: Kind, a: Range, b: Range, pair: Pair) -> bool:
    """True where an annotated difference of the kind shares a word with these character ranges on both sides."""
    sides = (pair.a, a), (pair.b, b)
    texts = [s.sentence.text[r[0] - s.sentence.start : r[1] - s.sentence.start] for s, r in sides]
    return any(
        d["kind"] == kind
        and content_words(d["a_span"]) & content_words(texts[0])
        and content_words(d["b_span"]) & content_words(texts[1])
        for d in pair.differences
    )


def content_words(text: str | None) -> set[str]:
    """Lower-cased words without the commonest."""
    return set(re.findall(r"\w+", (text or "").lower())) - {"the", "a", "of", "to", "in", "and"}
