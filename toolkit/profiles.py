"""What each report, and each group that the reader named, is made of: counts, voices and tones, never a score."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import sqrt

import numpy as np

from toolkit.analyse import Analysis, SentenceAnalysis
from toolkit.comparison import Coverage, GroupProfile, Profile
from toolkit.stance import lights
from toolkit.telling import Tone, Voice
from toolkit.types import Difference, Targeted

ACTORS = 6  # main actors of a story, at most
_ACTING = frozenset({"PERSON", "ORG", "GPE", "NORP"})
Lights = Mapping[str, Sequence[tuple[int, float]]]  # by actor: place of a sentence that names it, and the light there


def actors_of(analyses: Sequence[Analysis]) -> dict[str, str]:
    """The main actors of a story, names that several reports use: what `lights_of` finds them by -> as mostly written.

    Args:
        analyses: One an article.
    """
    told: dict[str, set[int]] = defaultdict(set)
    called: dict[str, Counter[str]] = defaultdict(Counter)
    for n, a in enumerate(analyses):
        for s in a.sentences:
            for key, (start, end) in _named(s).items():
                told[key].add(n)
                called[key][a.document.text[start:end]] += 1
    main = [k for k, where in told.items() if len(where) > 1]
    main.sort(key=lambda k: (-called[k].total(), k))
    return {k: min(called[k].items(), key=lambda c: (-c[1], -len(c[0]), c[0]))[0] for k in main[:ACTORS]}


def lights_of(analyses: Sequence[Analysis], actors: Mapping[str, str]) -> list[Lights]:
    """In how good a light each sentence puts each actor that it names, in [-1, 1]; one mapping an analysis.

    Args:
        analyses: Of articles, summaries or both.
        actors: As `actors_of` gives them.
    """
    asked, where = [], []
    for n, a in enumerate(analyses):
        for k, s in enumerate(a.sentences):
            for key, (start, end) in _named(s).items():
                if key in actors:
                    asked.append(Targeted(s.sentence.text, start - s.sentence.start, end - s.sentence.start))
                    where.append((n, actors[key], k))
    out: list[dict[str, list[tuple[int, float]]]] = [{} for _ in analyses]
    for (n, actor, k), light in zip(where, lights(asked) if asked else (), strict=True):
        out[n].setdefault(actor, []).append((k, round(float(light), 4)))
    return [{k: tuple(x[k]) for k in actors.values() if k in x} for x in out]


def _named(s: SentenceAnalysis) -> dict[str, tuple[int, int]]:
    """By last word of a name, lower-cased, where it first stands in the sentence."""
    out: dict[str, tuple[int, int]] = {}
    n = 0
    while n < len(s.tokens):
        end = n
        while end < len(s.tokens) and s.tokens[end].entity in _ACTING and s.tokens[end].entity == s.tokens[n].entity:
            end += 1
        run = [t for t in s.tokens[n:end] if t.pos == "PROPN" or t.entity == "NORP"]
        if run:
            out.setdefault(run[-1].lemma.removesuffix("s") if run[-1].entity == "NORP" else run[-1].text.lower(),
                           (run[0].start, run[-1].end))  # fmt: skip
        n = max(end, n + 1)
    return out


def tone(actor: str, lights: Sequence[float]) -> Tone:
    """The mean with its 95 % interval by Student's t; of one sentence nothing is known but that it is in [-1, 1]."""
    from scipy.stats import t

    n, mean = len(lights), float(np.mean(lights))
    half = 2.0 if n < 2 else float(t.ppf(0.975, n - 1)) * max(float(np.std(lights, ddof=1)), 0.05) / sqrt(n)
    low, high = max(-1.0, mean - half), min(1.0, mean + half)
    return Tone(actor, round(mean, 3), round(low, 3), round(high, 3), n)


def profiles_of(
    analyses: Sequence[Analysis], *, coverage: Coverage, differences: Sequence[Difference],
    voices: Sequence[Sequence[Voice]], light: Sequence[Lights],
) -> tuple[Profile, ...]:  # fmt: skip
    """One an article, in the order of the analyses.

    Args:
        analyses: One an article.
        coverage: Which article tells which point.
        differences: All of the story.
        voices: One list an article.
        light: One an article, as `lights_of` gives them.
    """
    out = []
    for column, (a, heard, seen) in enumerate(zip(analyses, voices, light, strict=True)):
        d = a.document
        told = [row for row in coverage.told if row[column]]
        shared = sum(sum(row) > 1 for row in told)
        counts = Counter(x.kind for x in differences if any(s.article == d.id for s in x.sides))
        out.append(
            Profile(
                article=d.id, outlet=d.outlet, group=d.group, sentences=len(d.body),
                boilerplate=len(d.sentences) - len(d.body), points=len(told), shared=shared, alone=len(told) - shared,
                untold=len(coverage.told) - len(told), quoted=round(a.quoted, 4), attributed=round(a.attributed, 4),
                differences={str(k): n for k, n in sorted(counts.items())}, voices=tuple(heard),
                tones=_tones([seen]),
            )
        )  # fmt: skip
    return tuple(out)


def groups_of(
    profiles: Sequence[Profile], *, coverage: Coverage, differences: Sequence[Difference], light: Sequence[Lights]
) -> tuple[GroupProfile, ...]:
    """One a label that the reader gave, in the order they first stand; none unless there are two labels.

    Args:
        profiles: One an article.
        coverage: Which article tells which point.
        differences: All of the story.
        light: One a profile, as `lights_of` gives them.
    """
    labels = list(dict.fromkeys(p.group for p in profiles if p.group))
    if len(labels) < 2:
        return ()
    group = {p.article: p.group for p in profiles}
    out = []
    for label in labels:
        own = [p for p in profiles if p.group == label]
        ids = {p.article for p in own}
        between = Counter(
            d.kind for d in differences
            if (held := {group[s.article] for s in d.sides}) and label in held
            and {*held, *(group[a] for a in d.absent)} - {label, ""}
        )  # fmt: skip
        alone = sum({a for a, told in zip(coverage.articles, row, strict=True) if told} <= ids for row in coverage.told)
        total = sum(p.sentences for p in own)
        room: dict[str, float] = defaultdict(float)
        for p in own:
            for v in p.voices:
                room[v.kind] += v.share * p.sentences / total
        out.append(
            GroupProfile(
                group=label, articles=tuple(p.article for p in own), sentences=total, alone=alone,
                quoted=round(sum(p.quoted * p.sentences for p in own) / total, 4),
                attributed=round(sum(p.attributed * p.sentences for p in own) / total, 4),
                differences={str(k): n for k, n in sorted(between.items())},
                voices={k: round(x, 4) for k, x in sorted(room.items())},
                tones=_tones([x for p, x in zip(profiles, light, strict=True) if p.group == label]),
            )
        )  # fmt: skip
    return tuple(out)


def _tones(light: Sequence[Lights]) -> tuple[Tone, ...]:
    """Toward each actor, over all these reports."""
    pooled: dict[str, list[float]] = {}
    for seen in light:
        for actor, some in seen.items():
            pooled.setdefault(actor, []).extend(x for _, x in some)
    return tuple(tone(k, x) for k, x in pooled.items())
