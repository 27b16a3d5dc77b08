"""Whether the parts of a saved comparison hold together."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toolkit.comparison import Comparison


def loose_end(c: "Comparison") -> str:
    """The first thing that points at nothing or quotes what its article does not say; empty if all holds."""
    for check in (_names, _shapes, _ranges, _places):
        for problem in check(c):
            return problem
    return ""


def _names(c: "Comparison") -> Iterator[str]:
    articles, points = [d.id for d in c.articles], [p.id for p in c.points]
    named = [
        *(s.article for s in c.summaries),
        *(p.article for p in c.profiles),
        *(a for g in c.groups for a in g.articles),
        *(d.article for d in c.drifts),
        *c.coverage.articles,
        *(a for d in c.differences for a in d.absent),
    ]
    yield from (f"there is no article {a!r}" for a in sorted({*named} - {*articles}))
    pointed = {*(d.point for d in c.differences), *c.coverage.points}
    yield from (f"there is no point {p!r}" for p in sorted(pointed - {*points}))
    for what, ids in (
        ("articles", articles),
        ("points", points),
        ("differences", [d.id for d in c.differences]),
        ("referents", [r.id for r in c.referents]),
    ):
        if len({*ids}) != len(ids):
            yield f"two {what} have one id"


def _shapes(c: "Comparison") -> Iterator[str]:
    rows = c.coverage.told
    if len(rows) != len(c.coverage.points) or any(len(r) != len(c.coverage.articles) for r in rows):
        yield "the coverage has not one row a point and one column an article"
    yield from (f"difference {d.id!r} has no side" for d in c.differences if not d.sides)
    for d in c.differences:
        if tuple(a.article for a in d.absences) != d.absent:
            yield f"difference {d.id!r} has other articles in its absences than in absent"


def _ranges(c: "Comparison") -> Iterator[str]:
    for d in c.differences:
        if not 1 <= d.strength <= 3 or not 0 <= d.confidence <= 1:
            yield f"difference {d.id!r} has a strength outside 1 to 3 or a confidence outside 0 to 1"
    told = [s for x in c.summaries for s in x.sentences]
    if any(not 0 <= d.start <= d.end <= len(s.text) for s in told for d in s.doubts):
        yield "a doubt is not inside its summary's sentence"
    if any(not 0 <= k.probability <= 1 for p in c.points for k in p.links):
        yield "a link has a probability outside 0 to 1"


def _places(c: "Comparison") -> Iterator[str]:
    by_id = {d.id: d for d in c.articles}
    spans = [s for d in c.differences for s in d.sides]
    spans += [a.nearest for d in c.differences for a in d.absences if a.nearest]
    spans += [e for x in c.summaries for s in x.sentences for e in s.evidence]
    spans += [p for r in c.referents for n in r.names for p in n.places]
    spans += [p for x in c.profiles for v in x.voices for p in v.places]
    spans += [p.evidence for d in c.drifts for p in d.places]
    places = [(r.article, r.index, None) for p in c.points for k in p.links for r in (k.a, k.b)]
    within = [(m.article, m.index, (m.start, m.end)) for p in c.points for m in p.sentences]
    within += [(s.article, s.sentence, (s.start, s.end)) for s in spans]
    for article, index, span in [*places, *within]:
        if article not in by_id or not 0 <= index < len(by_id[article].sentences):
            yield f"there is no sentence {index} of article {article!r}"
            return
        sentence = by_id[article].sentences[index]
        if span and not sentence.start <= span[0] <= span[1] <= sentence.end:
            yield f"{span[0]}:{span[1]} is not inside sentence {index} of article {article!r}"
    for s in spans:
        if by_id[s.article].text[s.start : s.end] != s.text:
            yield f"article {s.article!r} does not say {s.text[:60]!r} at {s.start}:{s.end}"
