"""What a proposed difference must survive: a look at both reports, and not at the two sentences alone.

The check knows no story and no words of its own; for each kind it asks whether the reports do differ in what the kind
is about: figures in their values, attributions in who vouches, stances in how good a light someone stands in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from toolkit.analyse import Analysis, SentenceAnalysis
from toolkit.framing.attribution import beside, is_pronoun, lemmas_said, nouns_of
from toolkit.framing.base import Range
from toolkit.quantities import Quantity, quantities
from toolkit.telling import Said
from toolkit.types import Kind

_BESIDE = frozenset({"compound", "appos", "nmod"})
Side = tuple[SentenceAnalysis, Range]  # a sentence and a character range in its article


@dataclass(frozen=True)
class Report:
    """One report as the check looks at it."""

    analysis: Analysis

    @cached_property
    def figures(self) -> frozenset[str]:
        """Every reading of every quantity in it."""
        return frozenset().union(*(q for s in self.analysis.sentences for q in quantities(s.sentence.text)))

    @cached_property
    def companions(self) -> Mapping[str, frozenset[str]]:
        """By the lemma of a name, the nouns that stand with it as title or apposition anywhere in the report."""
        out: dict[str, set[str]] = {}
        for s in self.analysis.sentences:
            for i, t in enumerate(s.tokens):
                for j in (t.head, *(k for k, u in enumerate(s.tokens) if u.head == i and u.dep in _BESIDE)):
                    if j != i and (j != t.head or t.dep in _BESIDE):
                        names, other = sorted((t, s.tokens[j]), key=lambda x: x.pos != "PROPN")
                        if names.pos == "PROPN":
                            out.setdefault(names.lemma, set()).add(other.lemma)
        return {name: frozenset(found) for name, found in out.items()}


def survives(kind: Kind, a: Side, b: Side, reports: tuple[Report, Report]) -> bool:
    """Whether two spans still differ in what the kind is about, when both whole reports are looked at.

    Args:
        kind: The kind.
        a: In the one report.
        b: In the other.
        reports: The two reports, in the same order.
    """
    check = _CHECKS.get(kind)
    return check is None or check(a, b, reports)


def source_dropped(pair: tuple[SentenceAnalysis, SentenceAnalysis], reports: tuple[Report, Report]) -> bool:
    """Whether one of two sentences gives a source that the other one's whole report never mentions."""
    return any(
        s.voices and not other.said and not s.voices & report.analysis.lemmas
        for s, other, report in zip(pair, pair[::-1], reports[::-1], strict=True)
    )


def _words(side: Side) -> frozenset[str]:
    s, span = side
    return frozenset(t.lemma for t in s.tokens if t.content and span[0] <= t.start < span[1])


def _text(side: Side) -> str:
    s, span = side
    return s.sentence.text[span[0] - s.sentence.start : span[1] - s.sentence.start]


def _names(a: Side, b: Side, reports: tuple[Report, Report]) -> bool:
    """Two reports that each use the other's words too do not differ in using them."""
    return not (_words(a) <= reports[1].analysis.lemmas and _words(b) <= reports[0].analysis.lemmas)


def _figures(a: Side, b: Side, reports: tuple[Report, Report]) -> bool:
    """Both sides tell a quantity, and one of them tells one that the other report has nowhere."""
    x, y = quantities(_text(a)), quantities(_text(b))
    if not x or not y:
        return False
    return not (_known(x, reports[1]) and _known(y, reports[0]))


def _known(found: Sequence[Quantity], report: Report) -> bool:
    return all(q & report.figures for q in found)


def _sources(a: Side, b: Side, reports: tuple[Report, Report]) -> bool:
    """What the sentences share is attributed on one side, and on the other to nobody or to another voice."""
    x, y = a[0], b[0]
    shared = x.lemmas & y.lemmas
    for one, other, own, their in ((x, y, reports[0], reports[1]), (y, x, reports[1], reports[0])):
        for said, counterpart in beside(one, other):
            if 2 * len(lemmas_said(one, said) & shared) < len(shared):
                continue
            if counterpart is None:
                if said.kind != "document" or not said.words <= other.lemmas:
                    return True
            elif not _same_voice((one, said, own), (other, counterpart, their)):
                return True
    return False


_Told = tuple[SentenceAnalysis, Said, Report]


def _same_voice(one: _Told, other: _Told) -> bool:
    """Whether two attributions may be to the same voice, by whatever name, pronoun or part of its name."""
    if not one[1].words and not other[1].words:
        return True
    for (s, x, own), (t, y, their) in ((one, other), (other, one)):
        if x.words & (y.words | t.lemmas) or nouns_of(s, x) & nouns_of(t, y):
            return True
        if any(x.words & r.companions.get(n, frozenset()) for n in y.words for r in (own, their)):
            return True
        # A pronoun may stand for whomever its report names.
        if is_pronoun(s, x) and y.words & own.analysis.lemmas:
            return True
    return False


_CHECKS: Mapping[Kind, Callable[[Side, Side, tuple[Report, Report]], bool]] = {
    "naming": _names, "wording": _names, "figure": _figures, "attribution": _sources,
}  # fmt: skip
