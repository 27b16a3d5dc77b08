"""omission: what one report tells and another does not, where it matters.

A clause is a candidate when its own words are not covered by any linked sentence of the other report; a trained weight
ranks candidates by how likely an analyst is to report the silence.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from toolkit.analyse import Analysis, SentenceAnalysis
from toolkit.framing.base import Range, chars
from toolkit.framing.base import predicates as find_predicates
from toolkit.framing.phrases import charge_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

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


@dataclass(frozen=True, slots=True)
class Omission:
    """A clause told by one article and absent from another, with its features."""

    sentence: int
    span: Range
    features: tuple[float, ...]


def omissions(
    told: Analysis, other: Analysis, *, rows: NDArray[np.float32], cosines: NDArray[np.float64],
    linked: dict[int, tuple[int, ...]],
) -> list[Omission]:  # fmt: skip
    """What `told` tells and `other` does not: at most one a sentence, unjudged.

    Args:
        told: The article that tells.
        other: The one searched.
        rows: Vectors of `told`, shape (n, dim).
        cosines: Centred cosines, shape (n, m).
        linked: Sentence of `told` -> linked sentences of `other`.
    """
    body = [s.sentence.index for s in told.sentences if not s.sentence.boilerplate]
    if not body or not any(not s.sentence.boilerplate for s in other.sentences):
        return []
    centre = rows[body].mean(axis=0)
    central = rows @ (centre / max(float(np.linalg.norm(centre)), 1e-9))
    scorer = charge_weights()
    fits = rows.shape[1] == scorer.coef.shape[0]
    charge = scorer.probability(rows.astype(np.float64)) if fits else np.zeros(len(rows))
    everything = frozenset().union(*(s.lemmas for s in other.sentences))
    everyone = frozenset().union(*(s.names for s in other.sentences))
    out = []
    for place, i in enumerate(body):
        s = told.sentences[i]
        if len(s.lemmas) < 2:
            continue
        partners = linked.get(i, ())
        theirs = frozenset().union(*(other.sentences[j].lemmas for j in partners))
        tokens = _untold(s, theirs) if partners else _core(s)
        words = {t.lemma for t in s.tokens[slice(*tokens)] if t.content}
        if partners and len(words - theirs) < 3:
            continue
        features = (
            float(bool(partners)),
            float(cosines[i].max()),
            len(s.lemmas & everything) / len(s.lemmas),
            len(words - everything) / max(len(words), 1),
            place / len(body),
            float(place <= 2),
            min(len(s.tokens), 50) / 50,
            float(bool(s.quotes)),
            float(s.cue >= 0),
            float(central[i]),
            float(charge[i]),
            float(bool(_WEIGHTY & {t.lemma for t in s.tokens})),
            float(any(t.dep == "neg" or t.lemma in {"no", "deny", "denial"} for t in s.tokens)),
            float(s.cue >= 0 and not s.quotes),
            len(s.names - everyone) / max(len(s.names), 1),
            float(bool(s.names)),
            float(bool(s.numbers)),
            len(body) / 40,
        )
        out.append(Omission(i, chars(s, tokens), features))
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
    heads: Sequence[Range] = [r for r in find_predicates(s) if s.tokens[r[0]].pos == "VERB"]
    for start, _ in heads:
        if s.tokens[start].dep not in {"conj", "advcl", "relcl", "ccomp", "acl", "parataxis"}:
            continue
        inside = [i for i in range(len(s.tokens)) if _under(s, i, start)]
        span = min(inside), max(inside) + 1
        new = len({t.lemma for t in s.tokens[slice(*span)] if t.content} - theirs)
        if new > most:
            best, most = span, new
    return best


def _under(s: SentenceAnalysis, i: int, head: int) -> bool:
    for _ in range(len(s.tokens)):
        if i == head:
            return True
        if s.tokens[i].head == i:
            return False
        i = s.tokens[i].head
    return False
