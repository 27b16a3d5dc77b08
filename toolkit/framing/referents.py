"""The naming table of a story: who calls the same person, act or thing what, and how often.

Noun phrases are put together over all reports: those with one head word, those that share a person's last name, and
those that a difference of naming, or a linked pair of sentences with phrases of close meaning in the same role, says
are the same. A group under more than one name is a referent. (Groups of namings of one concept across outlets: Hamborg,
Zhukova and Gipp, JCDL 2019.)
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from toolkit.analyse import Analysis, SentenceAnalysis
from toolkit.encode import Encoder
from toolkit.framing.base import Range, chars, head_of, text_of
from toolkit.framing.judge import Finding
from toolkit.framing.phrases import charge_of
from toolkit.telling import Name, Referent
from toolkit.types import Link, Span

SAME = 0.72  # least cosine of two phrases in one role of linked sentences
SURE = 0.25  # least confidence of a difference of naming that puts two names together
_VAGUE = frozenset({
    "people", "man", "woman", "year", "day", "week", "month", "time", "thing", "way", "part", "number", "percent",
    "place", "lot", "one", "case", "today", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    "sunday", "hour", "minute", "morning", "night", "end", "side", "area", "kind", "others", "million", "billion",
    "dollar",
})  # fmt: skip
_TIMES = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY"})


@dataclass(frozen=True, slots=True)
class _Mention:
    head: str
    name: bool
    text: str
    span: Span


def referents_of(
    analyses: Sequence[Analysis], *, links: Sequence[Link], findings: Sequence[Finding], encoder: Encoder
) -> tuple[Referent, ...]:
    """The referents that have two names or more, the most often named first.

    Args:
        analyses: One an article, in the order given.
        links: Between sentences that make the same point.
        findings: What was judged; those of naming say which phrases are of one referent.
        encoder: For the phrases.
    """
    from scipy.cluster.hierarchy import DisjointSet

    mentions = [m for a in analyses for s in a.sentences for m in _mentions(a, s)]
    groups = DisjointSet(m.head for m in mentions)
    for x, y in _same_heads(analyses, links, findings, encoder):
        if x in groups and y in groups:
            groups.merge(x, y)
    held: dict[str, list[_Mention]] = defaultdict(list)
    for m in mentions:
        held[groups[m.head]].append(m)
    found = []
    for some in held.values():
        heads = Counter(m.head for m in some)
        if len(heads) > 1 and len({m.span.article for m in some}) > 1:
            found.append(some)
    texts = sorted({m.text for some in found for m in some})
    charge = dict(zip(texts, map(float, charge_of(encoder.encode(texts))), strict=True)) if texts else {}
    found.sort(key=lambda some: (-len(some), min(m.text for m in some)))
    return tuple(Referent(f"r{n}", _names(some, charge)) for n, some in enumerate(found, 1))


def _names(some: Sequence[_Mention], charge: Mapping[str, float]) -> tuple[Name, ...]:
    by_head: dict[str, list[_Mention]] = defaultdict(list)
    for m in some:
        by_head[m.head].append(m)
    names = []
    for own in by_head.values():
        text = min(Counter(m.text for m in own).items(), key=lambda c: (-c[1], len(c[0]), c[0]))[0]
        names.append(Name(text, round(max(charge[m.text] for m in own), 4), tuple(m.span for m in own)))
    names.sort(key=lambda n: (-len(n.places), n.text))
    return tuple(names)


def _mentions(a: Analysis, s: SentenceAnalysis) -> Iterator[_Mention]:
    for r in s.noun_phrases:
        head = head_of(s, r)
        if head.lemma in _VAGUE or head.entity in _TIMES or not any(c.isalpha() for c in head.text):
            continue
        start, end = chars(s, r)
        yield _Mention(
            head.lemma, head.pos == "PROPN", text_of(s, r), a.document.span(start, end, sentence=s.sentence.index)
        )


def _same_heads(
    analyses: Sequence[Analysis], links: Sequence[Link], findings: Sequence[Finding], encoder: Encoder
) -> Iterator[tuple[str, str]]:
    """Pairs of head words that name one referent."""
    by_id = {a.document.id: a for a in analyses}
    for f in findings:
        if f.kind == "naming" and len(f.sides) == 2 and f.confidence >= SURE:
            ends = [_phrase_at(by_id[a].by_index[i], r) for a, i, r in f.sides]
            if ends[0] and ends[1]:
                yield ends[0], ends[1]
    alike = []
    for k in links:
        a, b = by_id[k.a.article].by_index[k.a.index], by_id[k.b.article].by_index[k.b.index]
        alike += [(a, x, b, y) for x in a.noun_phrases for y in b.noun_phrases if _one_role(a, x, b, y)]
    texts = sorted({text_of(s, r) for a, x, b, y in alike for s, r in ((a, x), (b, y))})
    if not texts:
        return
    rows = dict(zip(texts, encoder.encode(texts), strict=True))
    for a, x, b, y in alike:
        if float(rows[text_of(a, x)] @ rows[text_of(b, y)]) >= SAME:
            yield head_of(a, x).lemma, head_of(b, y).lemma


def _one_role(a: SentenceAnalysis, x: Range, b: SentenceAnalysis, y: Range) -> bool:
    """Whether two phrases with unlike heads stand in the same role, and neither is the name of another thing."""
    hx, hy = head_of(a, x), head_of(b, y)
    if hx.lemma == hy.lemma or {hx.entity, hy.entity} & _TIMES or {hx.lemma, hy.lemma} & _VAGUE:
        return False
    both_names = hx.pos == "PROPN" and hy.pos == "PROPN"
    wx, wy = (text_of(s, r).lower() for s, r in ((a, x), (b, y)))
    return not both_names and hx.dep == hy.dep and wx not in wy and wy not in wx


def _phrase_at(s: SentenceAnalysis, span: Range) -> str:
    """The head word of the noun phrase that a span names most of, or nothing."""
    best, most = "", 0
    for r in s.noun_phrases:
        start, end = chars(s, r)
        shared = min(end, span[1]) - max(start, span[0])
        head = head_of(s, r)
        if shared > most and span[0] <= head.start < span[1] and head.lemma not in _VAGUE:
            best, most = head.lemma, shared
    return best
