"""Which reports come from one origin: a wire copy printed by two outlets is one witness, and not two."""

from collections.abc import Sequence

from toolkit.analyse import Analysis
from toolkit.framing.same import plain, spoken

COPIED = 0.5  # least share of the shorter report's characters that stand in the other word for word
_LONG = 6  # words of a sentence that does not stand in two reports by chance


def origins_of(analyses: Sequence[Analysis]) -> tuple[int, ...]:
    """The number of each report's origin, by first appearance; reports with one number carry the same text.

    Args:
        analyses: One an article.
    """
    said = [spoken(a) for a in analyses]
    origin = list(range(len(analyses)))
    for i in range(len(analyses)):
        for j in range(i):
            if origin[i] != origin[j] and max(_copied(analyses[i], said[j]), _copied(analyses[j], said[i])) >= COPIED:
                first, second = sorted((origin[i], origin[j]))
                origin = [first if n == second else n for n in origin]
    return tuple(origin)


def _copied(analysis: Analysis, said: str) -> float:
    """Share of a report's characters in sentences that the other report has word for word."""
    total = sum(len(s.sentence.text) for s in analysis.sentences)
    same = sum(
        len(s.sentence.text) for s in analysis.sentences
        if len((words := plain(s.sentence.text)).split()) >= _LONG and words in said
    )  # fmt: skip
    return same / total if total else 0.0
