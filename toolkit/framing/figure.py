"""figure: numbers, amounts, dates, durations and counts about the same thing differ ("weeklong" / "six-day")."""

import re
from dataclasses import dataclass
from typing import ClassVar

from toolkit.analyse import SentenceAnalysis
from toolkit.framing.base import Candidate, Meaning, Range, chars, text_of
from toolkit.types import Kind

_UNITS = ("day", "week", "month", "year", "hour", "minute", "percent", "dollar", "euro", "pound", "mile", "kilometer")
_DURATION = re.compile(r"^(\w+-)?(day|week|month|year|hour|minute)s?-?(long)?$", re.IGNORECASE)
_VAGUE = frozenset({
    "dozen", "dozens", "hundred", "hundreds", "thousand", "thousands", "several", "many", "few", "some", "scores",
})  # fmt: skip
_CLASSES = {"CARDINAL", "MONEY", "PERCENT", "QUANTITY", "TIME", "DATE", "ORDINAL"}
_WEEKDAY = re.compile(
    r"\b(mon|tues|wednes|thurs|fri|satur|sun)day|\btoday|\byesterday|\bearlier|\blater", re.IGNORECASE
)


@dataclass(frozen=True)
class Figure:
    """Pairs unlike figures of one class; features: class, what is counted, values, vagueness, likeness."""

    kind: ClassVar[Kind] = "figure"
    vouches: ClassVar[bool] = False

    def candidates(self, a: SentenceAnalysis, b: SentenceAnalysis, meaning: Meaning) -> list[Candidate]:
        """See `Detector.candidates`."""
        out = []
        left, right = figures(a), figures(b)
        texts = {text_of(a, x).lower() for x, _ in left} & {text_of(b, y).lower() for y, _ in right}
        for x, cx in left:
            for y, cy in right:
                tx, ty = text_of(a, x), text_of(b, y)
                if (
                    tx.lower() in texts
                    or ty.lower() in texts
                    or cx != cy
                    or bool(_WEEKDAY.search(tx)) != bool(_WEEKDAY.search(ty))
                ):
                    continue
                nx, ny = _counted(a, x), _counted(b, y)
                same = float(bool(nx & ny))
                exact = bool(re.findall(r"\d+", tx)) and re.findall(r"\d+", tx) == re.findall(r"\d+", ty)
                features = (
                    same, meaning.cosine(phrase_of(a, x), phrase_of(b, y)),
                    float(cx == "DATE"), float(cx == "MONEY"), float(cx == "DURATION"),
                    float(bool(_VAGUE & {*tx.lower().split(), *ty.lower().split()})), float(exact),
                    float(bool(_WEEKDAY.search(tx))), 1 / max(len(left) * len(right), 1),
                    len(a.lemmas & b.lemmas) / max(min(len(a.lemmas), len(b.lemmas)), 1),
                )  # fmt: skip
                out.append(Candidate(self.kind, chars(a, x), chars(b, y), features))
        return out


def phrase_of(s: SentenceAnalysis, tokens: Range) -> str:
    """The noun phrase the figure stands in as text, empty where it stands alone."""
    around = next((r for r in s.noun_phrases if r[0] <= tokens[0] and tokens[1] <= r[1]), None)
    return text_of(s, around) if around else ""


def figures(s: SentenceAnalysis) -> list[tuple[Range, str]]:
    """Figures as token ranges with their class."""
    out: list[tuple[Range, str]] = []
    i = 0
    while i < len(s.tokens):
        t = s.tokens[i]
        start = i
        if t.entity in _CLASSES:
            while i + 1 < len(s.tokens) and s.tokens[i + 1].entity == t.entity:
                i += 1
            words = {u.lemma for u in s.tokens[start : i + 1]}
            kind = "DURATION" if _duration(s, (start, i + 1)) else "CARDINAL" if words & _VAGUE else t.entity
            out.append(((start, i + 1), kind))
        elif _DURATION.match(t.text) and (t.text.lower().endswith("long") or "-" in t.text):
            out.append(((i, i + 1), "DURATION"))
        elif t.lemma in _VAGUE - {"some", "many", "few"} or t.pos == "NUM":
            out.append(((i, i + 1), "CARDINAL"))
        i += 1
    return out


def _duration(s: SentenceAnalysis, tokens: Range) -> bool:
    text = text_of(s, tokens).lower().replace(" - ", "-")
    return bool(re.search(r"(\w+[- ](day|week|month|year|hour|minute)s?\b|\blong\b)", text)) and not re.search(
        r"last|this|next|ago|earlier|past|every|each", text
    )


def _counted(s: SentenceAnalysis, tokens: Range) -> frozenset[str]:
    """Lemmas of what the figure counts or measures: its head, and the units inside it."""
    heads = {s.tokens[s.tokens[i].head].lemma for i in range(*tokens) if not tokens[0] <= s.tokens[i].head < tokens[1]}
    return frozenset(heads | ({t.lemma for t in s.tokens[tokens[0] : tokens[1]]} & set(_UNITS)))
