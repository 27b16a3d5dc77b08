"""One summary of a whole story: what all outlets agree on, then what only some tell, each sentence with its outlets."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toolkit.summarize.extractive import candidates, earliness
from toolkit.summarize.length import taken, words_in
from toolkit.telling import StorySentence, StorySummary
from toolkit.types import Document, Point, SentenceRef

REPEATS = 0.7  # cosine from which a sentence says again what one chosen says
OWN = 0.3  # what a point weighs that nobody else tells, where one that all tell weighs 1 more
POSITION = 0.4  # weight of standing early in its report against being central to all of them
_LEANS = re.compile(r"[\"“]?(he|she|it|they|this|that|these|those|but|and|however|his|her|their|its)\b", re.I)
_SHORT = 6  # words under which a sentence hardly stands alone


def story_summary(
    documents: Sequence[Document], points: Sequence[Point], *, rows: Mapping[SentenceRef, NDArray[np.floating[Any]]],
    charge: Mapping[SentenceRef, float], origin: Mapping[str, int], sentences: int, words: int = 0,
) -> StorySummary:  # fmt: skip
    """The summary; every sentence verbatim, no headline and no boilerplate among them.

    A point matters by how many outlets tell it, and by how early in its report and how central to all reports the
    sentence is that tells it: that of the member that stands alone and that the others agree with most, and then of the
    least charged words. Copies of one report count as one outlet. Where a budget of words has room when the points are
    told, it goes to what else an outlet says of them, in sentences that repeat none of those chosen.

    Args:
        documents: The story, in the order the reader gave.
        points: Of it.
        rows: Unit vector of each sentence.
        charge: How loaded each sentence is, in [0, 1].
        origin: Number of each article's origin, by id.
        sentences: How many of each part at most, where there is no budget of words.
        words: Budget of words for what all tell, and again for the rest; 0 for none.
    """
    by_id = {d.id: d for d in documents}
    whole = len({origin[d.id] for d in documents})

    def told_by(point: Point) -> int:
        return len({origin[a] for a in point.articles})

    open_to = {
        SentenceRef(d.id, s.index): float(early)
        for d in documents
        for own in [candidates(d)]
        for s, early in zip(own, earliness(len(own)), strict=True)
    }
    middle = np.mean(list(rows.values()), axis=0)
    middle = middle / max(float(np.linalg.norm(middle)), 1e-9)

    def weight(point: Point, ref: SentenceRef) -> float:
        salience = (1 - POSITION) * max(float(rows[ref] @ middle), 0.0) + POSITION * open_to[ref]
        return (OWN + told_by(point) / whole) * salience

    def spoken(point: Point) -> SentenceRef:
        def order(ref: SentenceRef) -> tuple[bool, float, float, str]:
            text = by_id[ref.article].sentences[ref.index].text
            alone = not _LEANS.match(text) and words_in(text) >= _SHORT
            return not alone, -round(_agreement(point, ref), 1), round(charge[ref], 4), text

        return min(_open(point, open_to), key=order)

    def best(some: Iterable[tuple[Point, SentenceRef]]) -> list[tuple[Point, SentenceRef]]:
        return sorted(some, key=lambda x: (-round(weight(*x), 5), _text(by_id, x[1])))

    heard = [(p, spoken(p)) for p in points if _open(p, open_to)]
    ranked = best(heard)
    others = best((p, r) for p, first in heard for r in _open(p, open_to) if r != first)
    refs = [r for _, r in (*ranked, *others)]
    texts = [_text(by_id, r) for r in refs]
    used: list[int] = []

    def fits(place: int, chosen: Sequence[int]) -> bool:
        own = rows[refs[place]]
        return all(float(own @ rows[refs[n]]) <= REPEATS for n in (*used, *chosen))

    parts = []
    for everyone in (True, False):
        some = [n for n, (p, _) in enumerate(ranked) if (told_by(p) == whole) == everyone]
        # A budget of words that the points leave open goes to what else an outlet says of one of them.
        some += range(len(ranked), len(refs)) if words and not everyone else ()
        chosen = taken(some, texts, sentences=sentences, words=words, ratio=0, fits=fits)
        used += chosen
        parts.append(chosen)
    at = {p.id: n for n, p in enumerate(points)}
    agreed = sorted((ranked[n] for n in parts[0]), key=lambda x: at[x[0].id])
    told = tuple(_sentence(p, r, by_id) for p, r in agreed)
    rest = tuple(_sentence(*ranked[n], by_id) if n < len(ranked) else _alone(refs[n], by_id) for n in parts[1])
    return StorySummary(told, rest)


def _open(point: Point, open_to: Container[SentenceRef]) -> list[SentenceRef]:
    """The members that may speak for a point, in its own order: of two with the same words the first does."""
    return [r for m in point.sentences if (r := SentenceRef(m.article, m.index)) in open_to]


def _text(by_id: Mapping[str, Document], ref: SentenceRef) -> str:
    return by_id[ref.article].sentences[ref.index].text


def _sentence(point: Point, ref: SentenceRef, by_id: Mapping[str, Document]) -> StorySentence:
    places = [ref, *(r for m in point.sentences if (r := SentenceRef(m.article, m.index)) != ref)]
    evidence = []
    for r in places:
        s = by_id[r.article].sentences[r.index]
        evidence.append(by_id[r.article].span(s.start, s.end, sentence=s.index))
    return StorySentence(_text(by_id, ref), point.articles, round(_agreement(point, ref), 4), tuple(evidence))


def _alone(ref: SentenceRef, by_id: Mapping[str, Document]) -> StorySentence:
    """A sentence that stands for what its own outlet says."""
    document, s = by_id[ref.article], by_id[ref.article].sentences[ref.index]
    return StorySentence(s.text, (ref.article,), 1.0, (document.span(s.start, s.end, sentence=s.index),))


def _agreement(point: Point, ref: SentenceRef) -> float:
    """Mean probability that the other members make the same point as one; 1 where there is no other."""
    likely = [k.probability for k in point.links if ref in (k.a, k.b)]
    return fsum(likely) / len(likely) if likely else 1.0
