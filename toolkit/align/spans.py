"""Which part of a long sentence makes the point: the clauses whose words its counterparts share.

A sentence is cut into clauses by the parse (each word belongs to the nearest verb above it that heads a clause). Of a
sentence with several, the part kept runs from the first to the last clause that its counterparts cover; where they
cover all, or where too few words are shared to tell, the whole sentence is kept.
"""

from collections.abc import Mapping, Sequence

from toolkit.analyse import SentenceAnalysis
from toolkit.types import Link, SentenceRef

_HEADS = frozenset({"ROOT", "advcl", "relcl", "ccomp", "parataxis", "acl", "conj"})
_EDGES = frozenset({"PUNCT", "CCONJ", "SPACE"})
Part = tuple[int, int]


def parts_of(by_ref: Mapping[SentenceRef, SentenceAnalysis], links: Sequence[Link]) -> dict[SentenceRef, Part]:
    """Characters `start:end` of the part of each linked sentence that makes the point.

    Args:
        by_ref: The analysis of every linked sentence.
        links: Those of one point.
    """
    others: dict[SentenceRef, list[SentenceAnalysis]] = {}
    for k in links:
        others.setdefault(k.a, []).append(by_ref[k.b])
        others.setdefault(k.b, []).append(by_ref[k.a])
    return {ref: shared_part(by_ref[ref], counterparts) for ref, counterparts in others.items()}


def clauses(s: SentenceAnalysis) -> tuple[tuple[int, ...], ...]:
    """Token indices of each clause, in the order of their first words."""
    heads = {i for i, t in enumerate(s.tokens) if t.dep in _HEADS and (t.pos in {"VERB", "AUX"} or t.dep == "ROOT")}
    members: dict[int, list[int]] = {}
    for i in range(len(s.tokens)):
        at = i
        for _ in s.tokens:
            if at in heads or s.tokens[at].head == at:
                break
            at = s.tokens[at].head
        members.setdefault(at, []).append(i)
    return tuple(sorted(map(tuple, members.values())))


def shared_part(s: SentenceAnalysis, counterparts: Sequence[SentenceAnalysis]) -> Part:
    """Characters `start:end` of what a sentence shares with its counterparts; the whole sentence where unsure."""
    whole = s.sentence.start, s.sentence.end
    theirs: frozenset[str] = frozenset().union(*(_words(c) for c in counterparts))
    weights = {c: _shared(s, c, theirs) for c in clauses(s)}
    total = sum(got for got, _ in weights.values())
    held = [c for c, (got, words) in weights.items() if got and (got >= total / 3 or got >= 0.6 * words)]
    if total < 2 or not held:
        return whole
    inner = [i for c in held for i in c if s.tokens[i].pos not in _EDGES]
    first, last = min(inner), max(inner)
    kept = sum(t.content for t in s.tokens[first : last + 1])
    if kept >= 0.8 * sum(t.content for t in s.tokens):
        return whole
    return s.tokens[first].start, s.tokens[last].end


def _words(s: SentenceAnalysis) -> frozenset[str]:
    return s.lemmas | s.names | s.numbers


def _shared(s: SentenceAnalysis, clause: Sequence[int], theirs: frozenset[str]) -> tuple[int, int]:
    """How many content words of a clause the counterparts have, and how many it has."""
    words = [t for t in (s.tokens[i] for i in clause) if t.content]
    return sum(t.lemma in theirs or t.text.lower() in theirs for t in words), len(words)
