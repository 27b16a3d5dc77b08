"""Which reports come from one origin: a wire copy printed by two outlets is one witness, and not two."""

from collections.abc import Sequence

from toolkit.analyse import Analysis

COPIED = 0.5  # least share of the shorter report's characters that stand in the other word for word
_LONG = 6  # words of a sentence that does not stand in two reports by chance


def origins_of(analyses: Sequence[Analysis]) -> tuple[int, ...]:
    """The number of each report's origin, by first appearance; reports with one number carry the same text.

    Args:
        analyses: One an article.
    """
    origin = list(range(len(analyses)))
    for i in range(len(analyses)):
        for j in range(i):
            if origin[i] != origin[j] and _copied(analyses[i], analyses[j]) >= COPIED:
                first, second = sorted((origin[i], origin[j]))
                origin = [first if n == second else n for n in origin]
    return tuple(origin)


def _copied(one: Analysis, other: Analysis) -> float:
    """Share of a report's characters in sentences that the other has word for word, of whichever report it is more."""
    shares = [0.0]
    for a, b in ((one, other), (other, one)):
        total = sum(len(s.sentence.text) for s in a.sentences)
        same = sum(len(s.sentence.text) for s in a.sentences if len(s.plain.split()) >= _LONG and s.plain in b.plain)
        shares += [same / total] * (total > 0)
    return max(shares)
