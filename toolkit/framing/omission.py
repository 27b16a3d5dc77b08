"""omission: what one report tells and another does not, where it matters.

A clause is a candidate when its own words are not covered by any linked sentence of the other report; a trained weight
ranks candidates by how likely an analyst is to report the silence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from toolkit.analyse import Analysis, SentenceAnalysis, subtree
from toolkit.framing.base import Range, chars
from toolkit.framing.phrases import charge_of
from toolkit.linear import LinearWeights
from toolkit.types import Absence, Grade, Link

_WEIGHTY = frozenset(
    [
        "deny",
        "denial",
        "reject",
        "refuse",
        "accuse",
        "allege",
        "kill",
        "die",
        "arrest",
        "charge",
        "investigate",
        "warn",
        "threaten",
        "pledge",
        "condemn",
        "oppose",
        "criticize",
        "criticise",
        "sanction",
        "violate",
        "illegal",
        "fail",
        "lie",
        "protest",
        "never",
        "no",
        "not",
    ]
)


Near = Mapping[int, Sequence[tuple[int, float]]]  # by sentence of one report: those linked to it, with the probability
_CLAUSES = frozenset({"conj", "advcl", "relcl", "ccomp", "acl", "parataxis"})


@dataclass(frozen=True, slots=True)
class Omission:
    """A clause told by one article and absent from another, with its features."""

    sentence: int
    span: Range
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """An omission judged: what `article` tells and another does not, with what was found there."""

    article: str
    omission: Omission
    confidence: float
    absence: Absence


def find_silences(
    analyses: Sequence[Analysis], *, rows: Sequence[NDArray[np.float32]], links: Sequence[Link], threshold: float,
    weights: LinearWeights,
) -> list[Silence]:  # fmt: skip
    """Every omission between any two articles of a story, judged; what the other report says word for word is none.

    Args:
        analyses: One an article.
        rows: One an article: the vectors of its analysed sentences, shape (n, dim).
        links: Between sentences of different articles, weak ones too.
        threshold: Lowest probability of a link that covers a sentence.
        weights: The trained scorer of omissions.
    """
    out = []
    for i, j, near, found in all_omissions(analyses, rows=rows, links=links, threshold=threshold):
        told, other = analyses[i], analyses[j]
        judged = weights.probability(np.array([o.features for o in found]))
        for o, p in zip(found, judged, strict=True):
            if told.by_index[o.sentence].plain not in other.plain:
                found_there = absence(told, other, o, near.get(o.sentence, ()), threshold)
                out.append(Silence(told.document.id, o, round(float(p), 4), found_there))
    return out


def absence(
    told: Analysis, other: Analysis, omission: Omission, near: Sequence[tuple[int, float]], threshold: float
) -> Absence:
    """What the search for an omitted clause found in the other report: how it is absent, and the nearest sentence.

    Args:
        told: The report that tells it.
        other: The one that does not.
        omission: Where, in `told`.
        near: Indices of the sentences of `other` that are linked to its sentence, with the probability.
        threshold: Lowest probability of a link that makes the same point.
    """
    index, chance = max(near, key=lambda n: (n[1], -n[0]), default=(-1, 0.0))
    grade: Grade = "absent"
    sure = 1 - chance
    if chance >= threshold:
        x, y = (a.by_index[n].voices for a, n in ((told, omission.sentence), (other, index)))
        grade = "attributed elsewhere" if x and y and not x & y else "weaker"
        sure = _news(told.by_index[omission.sentence], omission.span, other)
    if _before(other.document.published, told.document.published):
        grade = "not yet known"
    nearest = other.by_index[index].sentence if index >= 0 else None
    place = other.document.span(nearest.start, nearest.end, sentence=index) if nearest else None
    return Absence(other.document.id, grade, round(sure, 4), place)


def _news(s: SentenceAnalysis, span: Range, other: Analysis) -> float:
    """Share of a clause's content words that the other report has nowhere."""
    words = {t.lemma for t in s.tokens if t.content and span[0] <= t.start < span[1]}
    return len(words - other.lemmas) / len(words) if words else 0.0


def _before(one: str, other: str) -> bool:
    """Whether a publication time is before another: by the minute where both have one in one zone, else by the day."""
    try:
        x, y = datetime.fromisoformat(one), datetime.fromisoformat(other)
    except ValueError:
        return False
    timed = "T" in one and "T" in other and (x.tzinfo is None) == (y.tzinfo is None)
    return x < y if timed else x.date() < y.date()


def all_omissions(
    analyses: Sequence[Analysis], *, rows: Sequence[NDArray[np.float32]], links: Sequence[Link], threshold: float
) -> Iterator[tuple[int, int, Near, list[Omission]]]:
    """For every ordered pair of articles (by place), its links, and what the first alone tells, unjudged."""
    stacked = np.vstack(rows).astype(np.float64)
    centred = stacked - stacked.mean(axis=0)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    at = np.cumsum([0, *(len(r) for r in rows)])
    for i, j in permutations(range(len(analyses)), 2):
        if analyses[i].sentences and analyses[j].sentences:
            cosines = centred[at[i] : at[i + 1]] @ centred[at[j] : at[j + 1]].T
            near = _partners(links, analyses[i].document.id, analyses[j].document.id)
            if found := omissions(
                analyses[i], analyses[j], rows=rows[i], cosines=cosines, near=near, threshold=threshold
            ):
                yield i, j, near, found


def consequence(s: SentenceAnalysis) -> float:
    """How much more a denial by a source weighs than another silence when only so many can be shown."""
    denied = any(t.dep == "neg" or t.lemma in {"no", "deny", "reject"} for t in s.tokens)
    return 1.5 if s.cue >= 0 and denied else 1.0


def omissions(
    told: Analysis, other: Analysis, *, rows: NDArray[np.float32], cosines: NDArray[np.float64],
    near: Near, threshold: float,
) -> list[Omission]:  # fmt: skip
    """What `told` tells and `other` does not: at most one a sentence, unjudged.

    Args:
        told: The article that tells.
        other: The one searched.
        rows: Vectors of `told`, shape (n, dim).
        cosines: Centred cosines, shape (n, m).
        near: Index of a sentence of `told` -> indices of sentences of `other` linked to it, with the probability.
        threshold: Lowest probability of a link that covers a sentence.
    """
    centre = rows.mean(axis=0)
    central = rows @ (centre / max(float(np.linalg.norm(centre)), 1e-9))
    charge = charge_of(rows)
    everything = other.lemmas
    everyone = frozenset().union(*(s.names for s in other.sentences))
    out = []
    for place, s in enumerate(told.sentences):
        chances = sorted((p for _, p in near.get(s.sentence.index, ())), reverse=True)
        partners = [j for j, p in near.get(s.sentence.index, ()) if p >= threshold]
        theirs = frozenset().union(*(other.by_index[j].lemmas for j in partners))
        tokens = _untold(s, theirs) if partners else _core(s)
        words = {t.lemma for t in s.tokens[slice(*tokens)] if t.content}
        if len(s.lemmas) < 2 or (partners and len(words - theirs) < 3):
            continue
        features = (
            float(bool(partners)),
            float(cosines[place].max()),
            len(s.lemmas & everything) / len(s.lemmas),
            len(words - everything) / max(len(words), 1),
            place / len(told.sentences),
            float(place <= 2),
            min(len(s.tokens), 50) / 50,
            float(bool(s.quotes)),
            float(s.cue >= 0),
            float(central[place]),
            float(charge[place]),
            float(bool(_WEIGHTY & {t.lemma for t in s.tokens})),
            float(any(t.dep == "neg" or t.lemma in {"no", "deny", "denial"} for t in s.tokens)),
            float(s.cue >= 0 and not s.quotes),
            len(s.names - everyone) / max(len(s.names), 1),
            float(bool(s.names)),
            float(bool(s.numbers)),
            len(told.sentences) / 40,
            *(*chances, 0.0, 0.0)[:2],
        )
        out.append(Omission(s.sentence.index, chars(s, tokens), features))
    return out


def _partners(links: Sequence[Link], told: str, other: str) -> dict[int, list[tuple[int, float]]]:
    out: dict[int, list[tuple[int, float]]] = {}
    for k in links:
        for x, y in ((k.a, k.b), (k.b, k.a)):
            if x.article == told and y.article == other:
                out.setdefault(x.index, []).append((y.index, k.probability))
    return out


def _core(s: SentenceAnalysis) -> Range:
    """The sentence without its closing mark."""
    end = len(s.tokens)
    while end > 1 and s.tokens[end - 1].pos in {"PUNCT", "SPACE"} and s.tokens[end - 1].text not in {"”", '"'}:
        end -= 1
    start = 0
    while start < end - 1 and s.tokens[start].pos == "SPACE":
        start += 1
    return start, end


def _untold(s: SentenceAnalysis, theirs: frozenset[str]) -> Range:
    """The clause with the largest number of words the other side does not use."""
    best, most = _core(s), -1
    for start, _ in s.predicates:
        if s.tokens[start].pos != "VERB" or s.tokens[start].dep not in _CLAUSES:
            continue
        span = subtree(s.tokens, start)
        new = len({t.lemma for t in s.tokens[slice(*span)] if t.content} - theirs)
        if new > most:
            best, most = span, new
    return best
