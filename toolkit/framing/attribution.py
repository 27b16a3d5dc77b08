"""attribution: stated as fact on one side and attributed on the other, or attributed to different sources.

Source, cue and content are the tagger's (`toolkit.attributions`), after the scheme of PARC and PolNeAR, with the voice
made out over the whole report. An attribution on one side is set beside what the other side says about its content.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from toolkit.analyse import SentenceAnalysis, Token
from toolkit.framing.base import Candidate, Meaning, Range, chars, clause
from toolkit.telling import Said
from toolkit.types import Kind

_NEAR = 60  # characters that source and cue may span together and be shown as one
_Pair = tuple[Said | None, Said | None]


@dataclass(frozen=True)
class Attribution:
    """A candidate for each attribution, unless both sides give the content to the same voice.

    Features: attributed on both sides, likeness and kinds of the sources, how much of the content the other side has,
    room of the content, names, quotations, a plain verb, no source, the other side's own and earlier voices.
    """

    kind: ClassVar[Kind] = "attribution"
    vouches: ClassVar[bool] = False

    def candidates(self, a: SentenceAnalysis, b: SentenceAnalysis, meaning: Meaning) -> list[Candidate]:
        """See `Detector.candidates`."""
        if not a.tokens or not b.tokens:
            return []
        pairs: set[_Pair] = {*beside(a, b), *((x, y) for y, x in beside(b, a))}
        return [
            Candidate(self.kind, _span(a, x, b), _span(b, y, a), _features((a, x), (b, y), meaning))
            for x, y in sorted(pairs, key=lambda p: [s.content or ((-1, -1),) if s else () for s in p])
            if not (x and y and (x.words & y.words or not (x.words or y.words)))
        ]


def beside(a: SentenceAnalysis, b: SentenceAnalysis) -> Iterator[tuple[Said, Said | None]]:
    """Each attribution of the one sentence with the other's of the same content; None where that is stated as fact."""
    for x in a.said:
        shared = lemmas_said(a, x) & b.lemmas
        inside = [(len(shared & lemmas_said(b, y)), y) for y in b.said]
        most, y = max(inside, key=lambda f: f[0], default=(0, None))
        yield x, y if y is not None and (2 * most >= len(shared)) else None


def lemmas_said(s: SentenceAnalysis, said: Said) -> set[str]:
    """Lemmas of the content words of what is attributed."""
    return {t.lemma for t in s.tokens if t.content and any(_holds(s, r, t) for r in said.content)}


def nouns_of(s: SentenceAnalysis, said: Said) -> set[str]:
    """Lemmas of the names and nouns of the source, as it stands in the sentence."""
    return {t.lemma for t in s.tokens if said.source and _holds(s, said.source, t) and t.pos in {"NOUN", "PROPN"}}


def is_pronoun(s: SentenceAnalysis, said: Said) -> bool:
    """Whether the source is a pronoun, or only words such as `its`."""
    return said.source is not None and not nouns_of(s, said)


def _holds(s: SentenceAnalysis, span: Range, t: Token) -> bool:
    return span[0] <= t.start - s.sentence.start < span[1]


def _features(
    left: tuple[SentenceAnalysis, Said | None], right: tuple[SentenceAnalysis, Said | None], meaning: Meaning
) -> tuple[float, ...]:
    (a, x), (b, y) = left, right
    told = [(s, said, other) for s, said, other in ((a, x, b), (b, y, a)) if said]
    both = len(told) == 2
    shared, room = [], []
    for s, said, other in told:
        words = lemmas_said(s, said)
        shared.append(len(words & other.lemmas) / max(len(words), 1))
        room.append(sum(end - start for start, end in said.content) / max(len(s.sentence.text), 1))
    sources = [_source(s, said) for s, said, _ in told]
    known = [bool(said.words & other.vouched) for _, said, other in told]
    return (
        float(both),
        meaning.cosine(*sources) if both else 0.0,
        float(both and told[0][1].kind != told[1][1].kind),
        max(shared),
        sum(room) / len(room),
        float(sum(said.kind == "named" for _, said, _ in told)),
        float(sum(said.source is None for _, said, _ in told)),
        float(sum(_cue(s, said) in {"said", "says"} for s, said, _ in told)),
        float(bool(a.quotes)) + float(bool(b.quotes)),
        float(bool(a.quotes) != bool(b.quotes)),
        float(not both and bool(told[0][2].said)),
        float(not both and any(known)),
        float(not both and bool(told[0][2].vouched)),
    )


def _source(s: SentenceAnalysis, said: Said) -> str:
    return s.sentence.text[slice(*said.source)] if said.source else ""


def _cue(s: SentenceAnalysis, said: Said) -> str:
    return s.sentence.text[slice(*said.cue)].lower() if said.cue else ""


def _span(s: SentenceAnalysis, said: Said | None, other: SentenceAnalysis) -> Range:
    """Source and cue where they stand together, else the cue alone; the clause where nothing is attributed."""
    ends = [r for r in (said.source, said.cue) if r] if said else []
    if said and not ends:
        ends = [said.content[0]]
    if not ends:
        return chars(s, clause(s, _verb(s, other)))
    start, end = min(b for b, _ in ends), max(e for _, e in ends)
    if end - start > _NEAR and said and said.cue:
        start, end = said.cue
    return s.sentence.start + start, s.sentence.start + end


def _verb(s: SentenceAnalysis, other: SentenceAnalysis) -> int:
    """The verb over most of what the sentences share; -1 for the main one."""
    over: dict[int, int] = {}
    for t in s.tokens:
        if t.content and t.lemma in other.lemmas:
            at = t.head
            while s.tokens[at].pos not in {"VERB", "AUX"} and s.tokens[at].head != at:
                at = s.tokens[at].head
            over[at] = over.get(at, 0) + 1
    return max(over, key=lambda at: (over[at], -at), default=-1)
