"""Sentences made untrue by rule: another name, number or date, a negation put in or left out, a verb turned round."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from toolkit.analyse import SentenceAnalysis, SpacyAnalyser
from toolkit.types import Document

Range = tuple[int, int]
_SWAPPED = frozenset({"PERSON", "ORG", "GPE", "NORP", "DATE", "LOC", "FAC"})
_NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w-])")
_NEGATED = re.compile(r"\b(?:did|do|does|has|have|had|is|are|was|were|will|would|could|can|should) not\b|n['’]t\b")
_AUXILIARY = re.compile(r"\b(?:has|have|had|is|are|was|were|will|would|could|can|should)\b(?! not\b|n['’]t)")
_TURNED = {
    "rose": "fell", "increased": "decreased", "won": "lost", "accepted": "rejected", "approved": "rejected",
    "supported": "opposed", "before": "after", "more": "fewer", "first": "last", "agreed": "refused", "up": "down",
    "began": "ended", "confirmed": "denied", "arrested": "released", "raised": "lowered", "higher": "lower",
    "most": "few", "killed": "injured", "allowed": "banned", "passed": "blocked", "better": "worse",
    "backed": "opposed", "praised": "criticized", "praising": "criticizing", "support": "oppose",
    "increase": "decrease", "hired": "fired", "against": "for", "former": "current", "largest": "smallest",
    "often": "rarely", "open": "closed", "early": "late",
}  # fmt: skip
_EITHER = {**_TURNED, **{b: a for a, b in _TURNED.items() if b not in _TURNED}}


class Corrupter:
    """Changes sentences of stories, the same in every run.

    Args:
        stories: The sentences of each; names are taken from the same story where it has others of their kind.
    """

    def __init__(self, stories: Sequence[Sequence[str]]) -> None:
        analyser = SpacyAnalyser()
        parsed = [analyser.analyse(Document.from_sentences(story)).sentences for story in stories]
        self._entities = {s.sentence.text: list(_entities(s)) for story in parsed for s in story}
        self._names = [_names([self._entities[s.sentence.text] for s in story]) for story in parsed]
        self._everywhere = _names(list(self._entities.values()))
        self._rng = np.random.default_rng(0)

    def changed(self, story: int, sentences: Sequence[str]) -> tuple[str, str, Range] | None:
        """One of the sentences, the same made untrue, and where; None where no rule fits any.

        Args:
            story: Its place.
            sentences: Of it.
        """
        rules = (self._name, self._figure, self._negation, self._turned, self._name)
        for place in self._rng.permutation(len(sentences)).tolist():
            text = sentences[place]
            for rule in self._rng.permutation(len(rules)).tolist():
                made = rules[rule](text, story)
                if made is not None:
                    return text, *made
        return None

    def _name(self, text: str, story: int) -> tuple[str, Range] | None:
        found = self._entities.get(text, [])
        for place in self._rng.permutation(len(found)).tolist():
            label, name, at = found[place]
            for known in (self._names[story], self._everywhere):
                others = [n for n in known.get(label, ()) if not _akin(n, name) and n not in text]
                if others:
                    return _put(text, at, others[int(self._rng.integers(len(others)))])
        return None

    def _figure(self, text: str, story: int) -> tuple[str, Range] | None:
        found = list(_NUMBER.finditer(text))
        if not found:
            return None
        m = found[int(self._rng.integers(len(found)))]
        value = float(m.group().replace(",", ""))
        year = value.is_integer() and 1900 <= value <= 2100 and "," not in m.group()
        by = self._rng.choice([-3, -2, -1, 1, 2, 3]) if year else max(1, round(value * self._rng.choice([0.1, 0.3, 1])))
        other = value + float(by)
        digits = f"{other:.1f}" if "." in m.group() else f"{int(other):,}" if "," in m.group() else str(int(other))
        return _put(text, m.span(), digits)

    def _negation(self, text: str, story: int) -> tuple[str, Range] | None:
        if m := _NEGATED.search(text):
            word = m.group()
            whole = {"n't": "", "n’t": ""}.get(word, word.removesuffix(" not"))
            if not whole and text[: m.start()].endswith(("wo", "ca", "Wo", "Ca")):
                return None
            text = text[: m.start()] + whole + text[m.end() :]
            start = text.rfind(" ", 0, m.start()) + 1
            return text, (start, max(m.start() + len(whole), start + 1))
        if m := _AUXILIARY.search(text):
            return _put(text, m.span(), f"{m.group()} not")
        return None

    def _turned(self, text: str, story: int) -> tuple[str, Range] | None:
        found = [w for w in re.finditer(r"[a-z]+", text) if w.group() in _EITHER]
        if not found:
            return None
        m = found[int(self._rng.integers(len(found)))]
        return _put(text, m.span(), _EITHER[m.group()])


def _put(text: str, at: Range, words: str) -> tuple[str, Range]:
    return text[: at[0]] + words + text[at[1] :], (at[0], at[0] + len(words))


def _entities(s: SentenceAnalysis) -> Iterator[tuple[str, str, Range]]:
    """Kind, text and character range in the sentence of each name that may be swapped."""
    for label, run in groupby(s.tokens, key=lambda t: t.entity):
        if label in _SWAPPED:
            tokens = list(run)
            at = tokens[0].start - s.sentence.start, tokens[-1].end - s.sentence.start
            yield label, s.sentence.text[slice(*at)], at


def _names(found: Sequence[Sequence[tuple[str, str, Range]]]) -> dict[str, list[str]]:
    out: dict[str, dict[str, None]] = {}
    for some in found:
        for label, name, _ in some:
            out.setdefault(label, {})[name] = None
    return {label: list(names) for label, names in out.items()}


def _akin(a: str, b: str) -> bool:
    return bool({w.lower() for w in a.split()} & {w.lower() for w in b.split()})
