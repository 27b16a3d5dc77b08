"""Fits the screen and the judge of the trained aligner, and says how good they are on stories they have not seen.

The tokens of each story's likely pairs are compared by the late interaction of its fold, which was trained without it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from toolkit.align.base import article_pairs
from toolkit.align.features import FEATURES, MATCH_FEATURES, UNREAD, match_features
from toolkit.align.late import LateInteraction
from toolkit.align.trained import JUDGE, LATE, SCREEN, TrainedAligner, likely_pairs, story_features, token_match
from toolkit.linear import LinearWeights
from toolkit.training.fit import best_threshold, fit
from toolkit.training.folds import ALL, FOLDS, fold_folder
from toolkit.training.pairs import Prepared

# How much each source weighs, all its pairs together. What the first calls the same point is what counts: of the
# others, how often they call it so is fitted apart and thrown away.
SHARES = {
    "articles": 0.3, "ecbplus-articles": 0.2, "leads": 0.12, "neus": 0.1, "ecbplus": 0.2, "nanco": 0.04,
    "superpal": 0.04,
}  # fmt: skip
SETS = {"whole articles": {"articles", "ecbplus-articles"}, "leads": {"leads", "neus"}, "ECB+": {"ecbplus"}}
SIGNALS: dict[str, tuple[str, ...]] = {
    "all": (),
    "token match": MATCH_FEATURES,
    "token match among the others": MATCH_FEATURES[1:],
    "meaning (sentence vectors)": ("cosine", "centred", "near_gap", "far_gap", "low_rank", "high_rank", "context"),
    "words": ("tfidf", "chars", "lemmas", "contained", "tfidf_near_gap", "tfidf_far_gap"),
    "names": ("names",),
    "numbers": ("numbers",),
    "quotes": ("quote",),
    "ranks and gaps": (
        "near_gap", "far_gap", "low_rank", "high_rank", "tfidf_near_gap", "tfidf_far_gap", "match_near_gap",
        "match_far_gap", "match_low_rank", "match_high_rank",
    ),
    "neighbours": ("context", "match_diagonal", "match_beside"),
}  # fmt: skip
_COLUMNS = (*FEATURES, *MATCH_FEATURES)
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PairTable:
    """Every labelled pair of the training stories.

    Args:
        features: Shape (n, len(FEATURES) + len(MATCH_FEATURES)).
        labels: Whether it makes the same point, shape (n,).
        read: Whether its tokens were compared, shape (n,).
        story: Number of its story, shape (n,).
        source: Name of its source, shape (n,).
        fold: Shape (n,).
    """

    features: Floats
    labels: Bools
    read: Bools
    story: NDArray[np.int64]
    source: NDArray[np.str_]
    fold: NDArray[np.int64]


def pair_table(stories: Sequence[Prepared], late: Mapping[int, LateInteraction]) -> PairTable:
    """Features of all labelled pairs, each story by the late interaction of its fold."""
    known = [story_features(s.analyses, s.rows) for s in stories]
    sources = [s.story.source for s in stories]
    plain = np.vstack([f[s.at[:, 0], s.at[:, 1]] for f, s in zip(known, stories, strict=True)])
    labels = np.concatenate([s.labels for s in stories])
    counts = [len(s.labels) for s in stories]
    screen = _fitted(plain, labels, np.repeat(sources, counts))
    beside = []
    for f, s in zip(known, stories, strict=True):
        likely = likely_pairs(s.analyses, f, screen, best=TrainedAligner().candidates)
        match = token_match(s.analyses, likely, late[s.story.fold])
        table = np.zeros((*match.shape, len(MATCH_FEATURES)))
        for _, _, (left, right) in article_pairs(s.analyses):
            table[left, right] = match_features(match[left, right])
        beside.append(table[s.at[:, 0], s.at[:, 1]])
    compared = np.vstack(beside)
    return PairTable(
        np.hstack([plain, compared]),
        labels,
        compared[:, 0] > UNREAD,
        np.repeat(np.arange(len(stories)), counts),
        np.repeat(sources, counts),
        np.repeat([s.story.fold for s in stories], counts),
    )


def fit_both(t: PairTable, rows: Bools, *, without: Sequence[str] = ()) -> tuple[LinearWeights, LinearWeights]:
    """The screen and the judge, from these rows, with the named features set to 0."""
    x = _without(t.features, without)
    plain = x[:, : len(FEATURES)]
    judged = rows & t.read
    screen = _fitted(plain[rows], t.labels[rows], t.source[rows])
    return screen, _fitted(x[judged], t.labels[judged], t.source[judged])


def held_out(t: PairTable, *, without: Sequence[str] = ()) -> Floats:
    """The probability of every pair by the screen and judge of its fold, shape (n,)."""
    out = np.zeros(len(t.labels))
    x = _without(t.features, without)
    for fold in range(FOLDS):
        inside = t.fold == fold
        screen, judge = fit_both(t, ~inside, without=without)
        some = x[inside]
        screened = screen.probability(some[:, : len(FEATURES)])
        out[inside] = np.where(t.read[inside], judge.probability(some), screened)
    return out


def train_judges(stories: Sequence[Prepared], out: Path) -> None:
    """Writes the screen and the judge of every fold and of all, and what was seen in cross-validation."""
    late = {fold: LateInteraction.load(fold_folder(out, fold) / LATE) for fold in range(FOLDS)}
    t = pair_table(stories, late)
    parts: dict[int | str, Bools] = {ALL: t.fold >= 0, **{fold: t.fold != fold for fold in range(FOLDS)}}
    for fold, rows in parts.items():
        screen, judge = fit_both(t, rows)
        screen.save(fold_folder(out, fold) / SCREEN)
        judge.save(fold_folder(out, fold) / JUDGE)
    seen = {}
    for signal, names in SIGNALS.items():
        probability = held_out(t, without=names)
        seen[signal] = {name: _scores(t, probability, sources) for name, sources in SETS.items()}
        print(signal, json.dumps(seen[signal]))
    reliability = _reliability(t, held_out(t), SETS["whole articles"])
    (out / "held-out.json").write_text(json.dumps({"scores": seen, "reliability": reliability}, indent=1))


def calibration_error(probability: Floats, y: Bools, *, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width (Naeini et al. 2015), weighted by pairs."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    gaps = [abs(probability[place == b].mean() - y[place == b].mean()) * (place == b).mean() for b in np.unique(place)]
    return float(sum(gaps))


def _fitted(x: Floats, y: Bools, source: NDArray[np.str_]) -> LinearWeights:
    """A logistic regression in which every source has its share, and a base rate of its own that is left out."""
    names, counts = np.unique(source, return_counts=True)
    total = dict(zip(names.tolist(), counts.tolist(), strict=True))
    weight = np.array([SHARES[s] / total[s] for s in source.tolist()])
    apart = np.stack([source == s for s in list(SHARES)[1:]], axis=1).astype(np.float64)
    n = x.shape[1]
    both = fit(np.hstack([x, apart]), y, strength=0.1, weight=weight / weight.mean())
    intercept = both.intercept - (both.mean[n:] / both.scale[n:]) @ both.coef[n:]
    return LinearWeights(both.mean[:n], both.scale[:n], both.coef[:n], intercept)


def _without(x: Floats, names: Sequence[str]) -> Floats:
    if not names:
        return x
    out = x.copy()
    out[:, [_COLUMNS.index(n) for n in names]] = 0
    return out


def _scores(t: PairTable, probability: Floats, sources: set[str]) -> dict[str, float]:
    """AP, best F1 and its threshold, calibration error, and a 95 % interval of the AP over stories (200 resamples)."""
    from sklearn.metrics import average_precision_score

    inside = np.isin(t.source, list(sources))
    p, y, story = probability[inside], t.labels[inside], t.story[inside]
    if not y.any():
        return {}
    threshold, f1 = best_threshold(p, y)
    rng = np.random.default_rng(0)
    of_story = [np.flatnonzero(story == s) for s in np.unique(story)]
    drawn = [np.concatenate([of_story[n] for n in rng.integers(len(of_story), size=len(of_story))]) for _ in range(200)]
    resampled = [average_precision_score(y[d], p[d]) for d in drawn if y[d].any()]
    low, high = np.percentile(resampled, [2.5, 97.5])
    values = {
        "ap": average_precision_score(y, p), "low": low, "high": high, "f1": f1, "threshold": threshold,
        "calibration_error": calibration_error(p, y), "stories": len(of_story), "pairs": len(y), "aligned": y.sum(),
    }  # fmt: skip
    return {k: round(float(v), 4) for k, v in values.items()}


def _reliability(t: PairTable, probability: Floats, sources: set[str]) -> list[dict[str, float]]:
    inside = np.isin(t.source, list(sources))
    p, y = probability[inside], t.labels[inside]
    place = np.minimum((p * 10).astype(int), 9)
    return [
        {"said": float(p[place == b].mean()), "true": float(y[place == b].mean()), "pairs": int((place == b).sum())}
        for b in np.unique(place)
    ]
