"""A comparison made by hand, in own words: three reports, a pairwise and a three-sided difference, an omission."""

from dataclasses import replace
from itertools import pairwise

from toolkit.comparison import Comparison, Coverage, GroupProfile, Profile
from toolkit.telling import Drift, DriftPlace, Name, Referent, Tone, Voice
from toolkit.types import (
    Absence,
    Difference,
    Document,
    Doubt,
    Link,
    Point,
    PointSentence,
    Sentence,
    SentenceRef,
    Span,
    Summary,
    SummarySentence,
)

STATE = (
    "Road crews restored order at the Veldern bridge on Monday.",
    "The minister said the closure was a brief pause.",
    "The works will finish in six days.",
)
WIRE = (
    "Engineers shut the Veldern bridge on Monday after finding cracks.",
    "The minister called the closure a precaution.",
    "The works could last a week, two engineers said.",
    "Sign up for our morning letter.",
)
PAPER = (
    "The Veldern bridge was shut on Monday.",
    "The minister admitted the closure was a failure.",
    "Farmers said nobody had warned them.",
)


def document(sentences, *, boilerplate=(), **header) -> Document:
    cut, at = [], 0
    for index, text in enumerate(sentences):
        cut.append(Sentence(index, at, at + len(text), text, index, index in boilerplate))
        at += len(text) + 1
    return Document(text="\n".join(sentences), sentences=tuple(cut), **header)


def span(doc: Document, sentence: int, words: str) -> Span:
    start = doc.text.index(words, doc.sentences[sentence].start)
    return doc.span(start, start + len(words), sentence=sentence)


def point(name: str, *members: tuple[Document, int]) -> Point:
    parts = tuple(PointSentence(d.id, i, d.sentences[i].start, d.sentences[i].end) for d, i in members)
    refs = [SentenceRef(d.id, i) for d, i in members]
    links = tuple(Link(a, b, 0.9) for a, b in pairwise(refs))
    first, index = members[0]
    return Point(name, first.sentences[index].text, parts, links)


def summary(doc: Document, index: int = 0, support: float = 1.0) -> Summary:
    sentence = doc.sentences[index]
    evidence = doc.span(sentence.start, sentence.end, sentence=index)
    doubts = (Doubt("support", 0, 6),) if support < 0.5 else ()
    return Summary(doc.id, "extractive", (SummarySentence(sentence.text, support, (evidence,), doubts),))


def assemble(documents, points, differences=(), *, notes=(), support=1.0) -> Comparison:
    ids = tuple(d.id for d in documents)
    told = tuple(tuple(i in p.articles for i in ids) for p in points)
    profiles = []
    for column, d in enumerate(documents):
        tells = [p for p, row in zip(points, told, strict=True) if row[column]]
        shared = sum(len(p.articles) > 1 for p in tells)
        counts: dict[str, int] = {}
        for difference in differences:
            if d.id in {s.article for s in difference.sides}:
                counts[difference.kind] = counts.get(difference.kind, 0) + 1
        body = len(d.body)
        profiles.append(
            Profile(
                *(d.id, d.outlet, d.group, body, len(d.sentences) - body, len(tells), shared),
                *(len(tells) - shared, len(points) - len(tells), 0.0, 0.5, counts),
            )
        )
    return Comparison(
        articles=tuple(documents),
        summaries=tuple(summary(d, support=support) for d in documents),
        points=tuple(points),
        differences=tuple(differences),
        coverage=Coverage(ids, tuple(p.id for p in points), told),
        profiles=tuple(profiles),
        notes=tuple(notes),
        versions={"samestory": "0.1.0"},
    )


def bridge() -> Comparison:
    state = document(STATE, id="s", outlet="State Agency", title="Calm at the bridge", group="state")
    wire = document(
        WIRE, boilerplate={3}, id="w", outlet="Wire", title="Bridge shut", url="https://wire.example/bridge?a=1&b=2"
    )
    paper = document(PAPER, id="p", outlet="Regional Paper", published="2031-04-07")
    points = (
        point("p1", (state, 0), (wire, 0), (paper, 0)),
        point("p2", (state, 1), (wire, 1), (paper, 1)),
        point("p3", (state, 2), (wire, 2)),
        point("p4", (paper, 2)),
    )
    three = (span(state, 1, "a brief pause"), span(wire, 1, "a precaution"), span(paper, 1, "a failure"))
    differences = (
        Difference("d1", "naming", "p2", three, (), 3, 0.81, "State Agency: 'a brief pause'; Wire: 'a precaution'."),
        Difference(
            *("d2", "figure", "p3", (span(state, 2, "six days"), span(wire, 2, "a week")), (), 2, 0.66),
            "State Agency says 'six days', Wire 'a week'.",
        ),
        Difference(
            *("d3", "omission", "p4", (span(paper, 2, PAPER[2]),), ("s", "w"), 1, 0.5),
            "Only Regional Paper tells that farmers were not warned.",
            (Absence("s", "weaker", 0.7, span(state, 2, STATE[2])), Absence("w", "not yet known", 1.0, None)),
        ),
    )
    return with_voices(assemble((state, wire, paper), points, differences, notes=("One line was set aside.",)), three)


def with_voices(c: Comparison, sides: tuple[Span, ...], *, actor: str = "Marr", group: str = "state") -> Comparison:
    """The same with a referent named by each side, a voice and a tone in every profile, two groups and a drift."""
    names = tuple(Name(s.text, 0.25, (s,)) for s in sides)
    profiles = tuple(
        replace(p, voices=(Voice(s.text, "role", 2, 0.4, (s,)),), tones=(Tone(actor, 0.5, -0.1, 1.0, 3),))
        for p, s in zip(c.profiles, sides, strict=True)
    )
    ids = [p.article for p in profiles]
    groups = (
        GroupProfile(group, (ids[0],), 3, 0, 0.0, 0.5, {"naming": 1}, {"role": 0.4}),
        GroupProfile("rest", tuple(ids[1:]), 6, 1, 0.0, 0.5, {"naming": 1}, {"role": 0.4}),
    )
    drift = Drift(ids[0], 0.0, -0.1, 0.2, (DriftPlace(0, "attribution", sides[0]),))
    quiet = Drift(ids[1], 0.0, 0.0, 0.0, ())
    return replace(c, profiles=profiles, referents=(Referent("r1", names),), groups=groups, drifts=(drift, quiet))


def twins() -> Comparison:
    one = document(STATE, id="x", outlet="Copy")
    two = document(STATE, id="y", outlet="Copy")
    points = tuple(point(f"p{i + 1}", (one, i), (two, i)) for i in range(len(STATE)))
    return assemble((one, two), points, notes=("These two reports are identical.",))


HOSTILE = "<script>alert(\"x\")</script> & [bold red]'quoted'[/] \u202eevil\x00\x1b[31m"


def hostile() -> Comparison:
    """Text that tries to be markup, in every place where text can stand."""
    one = document((HOSTILE, "=1+1 is a sum."), boilerplate={1}, id="h1", outlet=HOSTILE, title=HOSTILE, group=HOSTILE)
    two = document(
        (f"Said: {HOSTILE}",),
        id="h2",
        outlet="=cmd()",
        title='"><img src=x onerror=alert(1)>',
        url="javascript:alert(1)",
    )
    points = (point("p1", (one, 0), (two, 0)),)
    sides = (span(one, 0, HOSTILE), span(two, 0, HOSTILE))
    differences = (Difference("d1", "wording", "p1", sides, (), 1, 0.5, HOSTILE),)
    made = assemble((one, two), points, differences, notes=(HOSTILE,), support=0.2)
    return with_voices(made, sides, actor=HOSTILE, group=HOSTILE)
