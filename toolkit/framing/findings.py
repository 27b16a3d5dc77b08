"""Findings -> Differences: told once each, merged over outlets, ranked, with verbatim sides and a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from toolkit.framing.judge import Finding
from toolkit.types import Absence, Difference, Document, Grade, Kind, Point, Span, names_of

_SAYS: dict[Kind, str] = {
    "naming": "named differently",
    "wording": "worded differently",
    "attribution": "attributed differently",
    "quotation": "quoted differently",
    "certainty": "stated with different certainty",
    "figure": "different figures",
    "stance": "put in a different light",
    "omission": "told by one side only",
}
_SILENT: dict[Grade, str] = {
    "absent": "not told by",
    "weaker": "this part not told by",
    "attributed elsewhere": "this part not told, and the point given to another voice, by",
    "not yet known": "not told, and perhaps not yet known when it came out, by",
}


def differences_of(
    findings: Sequence[Finding], *, documents: Sequence[Document], points: Sequence[Point]
) -> tuple[Difference, ...]:
    """Ranks findings and makes Differences of them.

    A span is told once for each kind and pair of outlets; findings of one kind at one point that share a side become
    one Difference with a side an outlet.

    Args:
        findings: Judged, in any order.
        documents: The story, in the order the reader gave.
        points: Their points.
    """
    by_id = {d.id: d for d in documents}
    place = {d.id: i for i, d in enumerate(documents)}
    names = names_of(documents)
    articles_at = {p.id: p.articles for p in points}

    def spans(f: Finding) -> list[Span]:
        return [by_id[a].span(*r, sentence=i) for a, i, r in f.sides]

    def order(f: Finding) -> tuple[float, str, list[str], list[int]]:
        return -worth(f), f.kind, sorted(s.text for s in spans(f)), sorted(s.start for s in spans(f))

    groups: list[tuple[Finding, str, list[Span]]] = []
    used: set[tuple[str, str, str, str]] = set()
    for f in sorted(findings, key=order):
        sides = spans(f)
        if len(sides) == 2:
            keys = {(f.kind, x.article, y.article, x.text.casefold()) for x, y in (sides, sides[::-1])}
            if keys & used or sides[0].text.casefold() == sides[1].text.casefold():
                continue
            used |= keys
        point = _point_of(sides, points)
        home = next((g for g in groups if g[0].kind == f.kind and g[1] == point and _joins(f, sides, g)), None)
        if home is None:
            groups.append((f, point, sides))
        elif f.kind != "omission":
            home[2].extend(s for s in sides if s not in home[2])
    out = []
    for n, (f, point, sides) in enumerate(groups, 1):
        shown = tuple(sorted(sides, key=lambda s: (place[s.article], s.start)))
        there = articles_at[point]
        absences = tuple(
            replace(a, grade="weaker") if a.grade == "absent" and a.article in there else a
            for a in sorted(f.absent, key=lambda a: place[a.article])
        )
        absent = tuple(a.article for a in absences)
        reason = _reason(f.kind, shown, absences, names=names)
        out.append(Difference(f"d{n}", f.kind, point, shown, absent, strength(f), f.confidence, reason, absences))
    return tuple(out)


def worth(f: Finding) -> float:
    """What the rank goes by: strength, then confidence."""
    return strength(f) + f.confidence


def strength(f: Finding) -> int:
    """1 to 3 by how sure analysts are to report it: what nearly all report is what changes a reader's belief most."""
    return 1 + (f.confidence >= 0.45) + (f.confidence >= 0.7)


def _joins(f: Finding, sides: Sequence[Span], group: tuple[Finding, str, list[Span]]) -> bool:
    """Whether a finding says the same as the group, for one outlet more.

    Two-sided findings share a span with it; an omission is another outlet's telling of what the same outlets leave
    out, and adds nothing: the Point shows who tells it.
    """
    told = {s.article for s in group[2]}
    if f.kind == "omission":
        silent = [{a.article for a in x.absent} for x in (f, group[0])]
        return silent[0] == silent[1] and sides[0].article not in told
    return any(s in group[2] for s in sides) and all(s in group[2] or s.article not in told for s in sides)


def _point_of(sides: Sequence[Span], points: Sequence[Point]) -> str:
    wanted = {(s.article, s.sentence) for s in sides}
    for p in points:
        if wanted <= {(m.article, m.index) for m in p.sentences}:
            return p.id
    raise AssertionError(f"no point holds {wanted}")


def _reason(kind: Kind, sides: Sequence[Span], absences: Sequence[Absence], *, names: Mapping[str, str]) -> str:
    words = "; ".join(f"{names[s.article]}: {_short(s.text)}" for s in sides)
    if kind != "omission":
        return f"{words} ({_SAYS[kind]})."
    parts = [
        f"{says} {', '.join(group)}"
        for grade, says in _SILENT.items()
        if (group := [names[a.article] for a in absences if a.grade == grade])
    ]
    return f"{words}; {'; '.join(parts)}."


def _short(text: str) -> str:
    """The words in quotation marks; where they are cut, the cut stands outside the marks."""
    text = " ".join(text.split())
    return f"‘{text}’" if len(text) <= 160 else f"‘{text[:157].rsplit(' ', 1)[0]}’ …"
