"""certainty: modality, hedges and negation differ ("would violate" / "could defy", "alleged" / "did")."""

from dataclasses import dataclass
from typing import ClassVar

from toolkit.analyse import HEDGES, MODALS, SentenceAnalysis, Token
from toolkit.framing.base import TEXTBOOK, Candidate, Meaning, Range, chars, clause
from toolkit.types import Kind

N_FEATURES = 12


@dataclass(frozen=True)
class Certainty:
    """Pairs each modal, hedge or negation with its counterpart; features: kinds of marks, verbs' likeness, levels."""

    kind: ClassVar[Kind] = "certainty"
    vouches: ClassVar[bool] = True

    def candidates(self, a: SentenceAnalysis, b: SentenceAnalysis, meaning: Meaning) -> list[Candidate]:
        """See `Detector.candidates`."""
        out = [Candidate(self.kind, x, y, f) for x, y, f in _one_way(a, b, meaning)]
        seen = {(c.a, c.b) for c in out}
        out += [Candidate(self.kind, y, x, f) for x, y, f in _one_way(b, a, meaning) if (y, x) not in seen]
        textbook = [(_stretch(a, i), _stretch(b, j)) for i, j in _textbook(a, b)]
        out = [c for c in out if (c.a, c.b) not in textbook]
        flat = (0.0,) * N_FEATURES
        return [*(Candidate(self.kind, x, y, flat, TEXTBOOK) for x, y in textbook), *out]


def _textbook(a: SentenceAnalysis, b: SentenceAnalysis) -> list[tuple[int, int]]:
    """Modals of clearly different force whose verbs take the same object: `would violate …`, `could defy …`."""
    return [
        (i, j)
        for i, t in enumerate(a.tokens)
        for j, u in enumerate(b.tokens)
        if t.text.lower() in MODALS
        and u.text.lower() in MODALS
        and {MODALS[t.text.lower()] >= 2, MODALS[u.text.lower()] >= 2} == {True, False}
        and _objects(a, _verb(a, i)) & _objects(b, _verb(b, j))
    ]


def _objects(s: SentenceAnalysis, verb: int) -> set[str]:
    return {t.lemma for t in s.tokens if t.head == verb and t.dep in {"dobj", "attr"}}


def _verb(s: SentenceAnalysis, i: int) -> int:
    return s.tokens[i].head if s.tokens[i].pos in {"AUX", "ADV", "PART"} or s.tokens[i].dep == "neg" else i


def _level(t: Token) -> float:
    return MODALS.get(t.text.lower(), 0 if t.dep == "neg" else 1) / 3


def _one_way(
    a: SentenceAnalysis, b: SentenceAnalysis, meaning: Meaning
) -> list[tuple[Range, Range, tuple[float, ...]]]:
    out: list[tuple[Range, Range, tuple[float, ...]]] = []
    if not b.tokens:
        return out
    theirs = b.marked
    same_words = {b.tokens[j].lemma for j in theirs}
    for i in a.marked:
        mark, verb = a.tokens[i], _verb(a, i)
        if mark.lemma in same_words:
            continue
        twin = max(
            theirs, default=None,
            key=lambda j: meaning.cosine(a.tokens[verb].lemma, b.tokens[_verb(b, j)].lemma),
        )  # fmt: skip
        near = max(
            range(len(b.tokens)), key=lambda j: (b.tokens[j].pos == "VERB") * (
                (b.tokens[j].lemma == a.tokens[verb].lemma) + meaning.cosine(a.tokens[verb].lemma, b.tokens[j].lemma)
            ),
        )  # fmt: skip
        other = b.tokens[_verb(b, twin)] if twin is not None else b.tokens[near]
        theirs_verb = _verb(b, twin) if twin is not None else near
        alike = meaning.cosine(a.tokens[verb].lemma, other.lemma)
        same = float(other.lemma == a.tokens[verb].lemma)
        level = abs(_level(mark) - (_level(b.tokens[twin]) if twin is not None else 1.0))
        features = (
            float(twin is not None), alike, same, level, float(mark.dep == "neg"), float(mark.text.lower() in MODALS),
            float(mark.lemma in HEDGES and mark.text.lower() not in MODALS), len(a.marked) / 4, len(theirs) / 4,
            len(a.lemmas & b.lemmas) / max(min(len(a.lemmas), len(b.lemmas)), 1),
            len(_governed(a, verb) & _governed(b, theirs_verb)) / 2,
            float(twin is not None and {mark.text.lower(), b.tokens[twin].text.lower()} <= set(MODALS)),
        )  # fmt: skip
        place = _stretch(b, twin) if twin is not None else _around(b, near)
        out.append((_stretch(a, i), place, features))
    return out


def _governed(s: SentenceAnalysis, verb: int) -> frozenset[str]:
    """Lemmas of the content words the verb governs."""
    inside = {verb}
    for _ in range(4):
        inside |= {i for i, t in enumerate(s.tokens) if t.head in inside}
    return frozenset(s.tokens[i].lemma for i in inside if i != verb and s.tokens[i].content)


def _stretch(s: SentenceAnalysis, i: int) -> Range:
    verb = _verb(s, i)
    return chars(s, (min(i, verb), max(i, verb) + 1)) if abs(i - verb) <= 5 else chars(s, (i, i + 1))


def _around(s: SentenceAnalysis, i: int) -> Range:
    return chars(s, (i, i + 1)) if s.tokens[i].pos == "VERB" else chars(s, clause(s))
