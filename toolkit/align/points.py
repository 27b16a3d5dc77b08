"""Links -> Points: sentences grouped so that no chain of weak links joins two points."""

from collections.abc import Mapping, Sequence
from math import fsum

from toolkit.align.spans import parts_of
from toolkit.analyse import Analysis, SentenceAnalysis
from toolkit.types import Document, Link, Point, PointSentence, SentenceRef


def group_points(
    documents: Sequence[Document], links: Sequence[Link], *, analyses: Sequence[Analysis] = ()
) -> tuple[Point, ...]:
    """Groups linked sentences; every link stands inside at least one point, every body sentence in at least one.

    Links are taken strongest first. A sentence joins a point when it is linked to more than half of the point's
    sentences that stand in other articles, else the link opens a point of its own; so a sentence that makes two
    points stands in both.

    Args:
        documents: The story, in the order the reader gave.
        links: Between sentences of different documents.
        analyses: Of the documents, in any order, to find the clauses that make the point; without them every member
            is a whole sentence.

    Returns:
        Points in the order of the story (mean relative position of each article's first sentence), `p1` first.
    """
    place = {d.id: i for i, d in enumerate(documents)}
    by_id = {d.id: d for d in documents}
    by_ref = {SentenceRef(a.document.id, s.sentence.index): s for a in analyses for s in a.sentences}
    linked = {(x, y) for k in links for x, y in ((k.a, k.b), (k.b, k.a))}

    def words(ref: SentenceRef) -> str:
        return by_id[ref.article].sentences[ref.index].text

    ordered = sorted(links, key=lambda k: (-k.probability, *sorted((words(k.a), words(k.b))), k.a.index, k.b.index))
    groups: list[set[SentenceRef]] = []
    for link in ordered:
        if any(link.a in g and link.b in g for g in groups):
            continue
        home = next((g for g in groups if _fits(link, g, linked)), None)
        if home is None:
            groups.append({link.a, link.b})
        else:
            home |= {link.a, link.b}
    covered = set().union(*groups)
    groups += [{r} for d in documents for s in d.body if (r := SentenceRef(d.id, s.index)) not in covered]

    def order(group: set[SentenceRef]) -> tuple[float, list[tuple[str, int]]]:
        # fsum is exact, so the order of a set of ids, which differs between runs, does not show
        first: dict[str, int] = {}
        for r in group:
            first[r.article] = min(r.index, first.get(r.article, r.index))
        spot = fsum(i / len(by_id[a].sentences) for a, i in first.items()) / len(first)
        return spot, sorted((words(r), r.index) for r in group)

    groups.sort(key=order)
    return tuple(
        _point(f"p{n}", sorted(g, key=lambda r: (place[r.article], r.index)), links, by_id, by_ref)
        for n, g in enumerate(groups, 1)
    )


def _fits(link: Link, group: set[SentenceRef], linked: set[tuple[SentenceRef, SentenceRef]]) -> bool:
    if link.a not in group and link.b not in group:
        return False
    new = link.b if link.a in group else link.a
    others = [r for r in group if r.article != new.article]
    return sum((new, r) in linked for r in others) * 2 > len(others)


def _point(
    name: str,
    members: list[SentenceRef],
    links: Sequence[Link],
    by_id: dict[str, Document],
    by_ref: Mapping[SentenceRef, SentenceAnalysis],
) -> Point:
    inside = set(members)
    held = tuple(k for k in links if k.a in inside and k.b in inside)
    weight = dict.fromkeys(members, 0.0)
    for k in held:
        weight[k.a] += k.probability
        weight[k.b] += k.probability
    title = min(members, key=lambda r: (-weight[r], by_id[r.article].sentences[r.index].text))
    parts = {r: (s.start, s.end) for r in members for s in [by_id[r.article].sentences[r.index]]}
    if by_ref:
        parts |= parts_of(by_ref, held)
    start, end = parts[title]
    sentences = tuple(PointSentence(r.article, r.index, *parts[r]) for r in members)
    return Point(name, by_id[title.article].text[start:end], sentences, held)
