"""How far a summary departs from its article in stance, hedging and attribution, and where.

Shares of the summary are set beside those of the whole article; a place is named where a sentence of the summary,
beside the very passage that it rests on, has lost the source or the hedge, or puts someone in another light. A sentence
taken over verbatim can lose its source too: that of a quotation which an earlier sentence attributes.
"""

from collections.abc import Callable, Mapping, Sequence
from math import fsum

from toolkit.analyse import Analysis, SentenceAnalysis
from toolkit.telling import Drift, DriftPlace
from toolkit.types import Span, Summary

FAR = 0.8  # least difference of two lights that is told
Actors = Mapping[str, Sequence[tuple[int, float]]]  # by actor: place of the sentence that names it, its light


def drift_of(article: tuple[Analysis, Actors], summary: tuple[Analysis, Actors], made: Summary) -> Drift:
    """The drift of one summary.

    Args:
        article: Parse with what is attributed, and the lights of the main actors.
        summary: Likewise, of the summary read as a text of its own, a sentence for each of `made`'s.
        made: The summary, for its evidence.
    """
    known, shown = article[1], summary[1]
    both = [k for k in known if shown.get(k)]
    stance = fsum(abs(_mean(shown[k]) - _mean(known[k])) for k in both) / len(both) if both else 0.0
    return Drift(
        made.article,
        round(stance, 3),
        round(_share(summary[0].sentences, _hedged) - _share(article[0].sentences, _hedged), 3),
        round(_share(summary[0].sentences, _attributed) - _share(article[0].sentences, _attributed), 3),
        tuple(_places(article, summary, made)),
    )  # fmt: skip


def _places(article: tuple[Analysis, Actors], summary: tuple[Analysis, Actors], made: Summary) -> list[DriftPlace]:
    analysis, lights = article
    place_of = {s.sentence.index: n for n, s in enumerate(analysis.sentences)}
    out = []
    for n, (sentence, own) in enumerate(zip(made.sentences, summary[0].sentences, strict=True)):
        rests = [place_of[e.sentence] for e in sentence.evidence if e.sentence in place_of]
        if not rests:
            continue
        best = rests[0]
        passage = analysis.sentences[best]
        if not any(x.cue for x in own.said) and (lost := _source_at(analysis, best, rests, made)):
            out.append(DriftPlace(n, "attribution", lost))
        if not _hedged(own) and (hedges := _hedges(passage)):
            start, end = passage.tokens[hedges[0]].start, passage.tokens[hedges[0]].end
            out.append(DriftPlace(n, "hedge", analysis.document.span(start, end, sentence=passage.sentence.index)))
        for actor, found in summary[1].items():
            here = [x for k, x in found if k == n]
            there = [x for k, x in lights.get(actor, ()) if k == best]
            if here and there and abs(here[0] - there[0]) >= FAR:
                s = passage.sentence
                out.append(DriftPlace(n, "stance", analysis.document.span(s.start, s.end, sentence=s.index)))
                break
    return out


def _source_at(analysis: Analysis, place: int, rests: Sequence[int], made: Summary) -> Span | None:
    """Who vouches for the passage at a place, where the article says so: there, or where its quotation began."""
    attributed = [s.said for s in analysis.sentences]
    if not attributed[place]:
        return None
    at = place
    while at > 0 and attributed[at] and not any(x.cue for x in attributed[at]):
        at -= 1
    told = {e.sentence for s in made.sentences for e in s.evidence}
    sentence = analysis.sentences[at].sentence
    if at != place and sentence.index in told:
        return None
    cues = [x for x in attributed[at] if x.cue]
    if not cues:
        return None
    ends = [r for r in (cues[0].source, cues[0].cue) if r]
    start, end = min(r[0] for r in ends), max(r[1] for r in ends)
    return analysis.document.span(sentence.start + start, sentence.start + end, sentence=sentence.index)


def _attributed(s: SentenceAnalysis) -> bool:
    return bool(s.said)


def _hedged(s: SentenceAnalysis) -> bool:
    return bool(_hedges(s))


def _hedges(s: SentenceAnalysis) -> list[int]:
    return [i for i in s.marked if s.tokens[i].dep != "neg"]


def _mean(lights: Sequence[tuple[int, float]]) -> float:
    return fsum(x for _, x in lights) / len(lights)


def _share(items: Sequence[object], holds: Callable[..., bool]) -> float:
    return sum(holds(x) for x in items) / len(items) if items else 0.0
