"""What a proposed difference must survive: a look at both reports, and not at the two sentences alone.

The check knows no story and no words of its own; for each kind it asks whether the reports do differ in what the kind
is about: figures in their values, attributions in who vouches, stances in how good a light someone stands in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from toolkit.analyse import Analysis, SentenceAnalysis
from toolkit.framing.base import Range
from toolkit.framing.quantities import Quantity, quantities
from toolkit.types import Kind

_PRONOUNS = frozenset({"he", "she", "it", "they", "who", "which", "i", "we"})
Side = tuple[SentenceAnalysis, Range]  # a sentence and a character range in its article


@dataclass(frozen=True)
class Report:
    """One report as the check looks at it."""

    analysis: Analysis

    @cached_property
    def lemmas(self) -> frozenset[str]:
        """Lemmas of its content words."""
        return frozenset().union(*(s.lemmas for s in self.analysis.sentences))

    @cached_property
    def figures(self) -> frozenset[str]:
        """Every reading of every quantity in it."""
        return frozenset().union(*(q for s in self.analysis.sentences for q in quantities(s.sentence.text)))

    @cached_property
    def vouching(self) -> Mapping[int, frozenset[str]]:
        """By sentence index, lemmas of the names and nouns of its source; a pronoun is the source before."""
        out: dict[int, frozenset[str]] = {}
        last: frozenset[str] = frozenset()
        for s in self.analysis.sentences:
            if s.source is None:
                continue
            tokens = s.tokens[slice(*s.source)]
            named = frozenset(t.lemma for t in tokens if t.pos in {"NOUN", "PROPN"})
            pronoun = any(t.text.lower() in _PRONOUNS for t in tokens)
            if named:
                last = named
            out[s.sentence.index] = named or (last if pronoun else frozenset())
        return out


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


def _words(side: Side) -> frozenset[str]:
    s, span = side
    return frozenset(t.lemma for t in s.tokens if t.content and span[0] <= t.start < span[1])


def _text(side: Side) -> str:
    s, span = side
    return s.sentence.text[span[0] - s.sentence.start : span[1] - s.sentence.start]


def _names(a: Side, b: Side, reports: tuple[Report, Report]) -> bool:
    """Two reports that each use the other's words too do not differ in using them."""
    return not (_words(a) <= reports[1].lemmas and _words(b) <= reports[0].lemmas)


def _figures(a: Side, b: Side, reports: tuple[Report, Report]) -> bool:
    """Both sides tell a quantity, and one of them tells one that the other report has nowhere."""
    x, y = quantities(_text(a)), quantities(_text(b))
    if not x or not y:
        return False
    return not (_known(x, reports[1]) and _known(y, reports[0]))


def _known(found: Sequence[Quantity], report: Report) -> bool:
    return all(q & report.figures for q in found)


def _sources(a: Side, b: Side, reports: tuple[Report, Report]) -> bool:
    """Where both sentences have a source, it is not the same one."""
    x, y = (r.vouching.get(s.sentence.index, frozenset()) for (s, _), r in zip((a, b), reports, strict=True))
    return not (x and y and x & y)


_CHECKS: Mapping[Kind, Callable[[Side, Side, tuple[Report, Report]], bool]] = {
    "naming": _names, "wording": _names, "figure": _figures, "attribution": _sources,
}  # fmt: skip
