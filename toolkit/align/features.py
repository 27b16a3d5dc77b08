"""What two sentences of different articles share, as numbers: the inputs of the trained pair scorer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from toolkit.analyse import Analysis, SentenceAnalysis

FEATURES = (
    "cosine", "centred", "tfidf", "chars", "names", "numbers", "quote", "lemmas", "contained",
    "near_gap", "far_gap", "low_rank", "high_rank", "tfidf_near_gap", "tfidf_far_gap", "context", "length",
)  # fmt: skip
MATCH_FEATURES = (
    "match", "match_near_gap", "match_far_gap", "match_low_rank", "match_high_rank", "match_diagonal", "match_beside",
    "match_fewer", "match_more", "match_share",
)  # fmt: skip
UNREAD = -6.0  # log-odds of a pair too unlike for its tokens to be compared


def story_similarities(analyses: Sequence[Analysis], rows: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float64]]:
    """Four similarity matrices over the body sentences of a story, (n, n) each: two cosines, words, characters.

    The centred cosine takes the story's mean vector off, which removes the topic that all its sentences share.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    stacked = np.vstack(rows).astype(np.float64)
    centred = stacked - stacked.mean(axis=0)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    lemmas = [" ".join(t.lemma for t in s.tokens if t.content) for a in analyses for s in a.sentences]
    texts = [s.sentence.text for a in analyses for s in a.sentences]
    out = [stacked @ stacked.T, centred @ centred.T]
    for vectorizer, source in (
        (TfidfVectorizer(token_pattern=r"\S+", sublinear_tf=True), lemmas),
        (TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True), texts),
    ):
        try:
            matrix = vectorizer.fit_transform(source)
            out.append(np.asarray((matrix @ matrix.T).todense(), dtype=np.float64))
        except ValueError:  # no words at all
            out.append(np.zeros((len(source), len(source))))
    return out


def pair_features(a: Analysis, b: Analysis, *, similarities: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Features of every sentence pair of two articles.

    Args:
        a: One article of n sentences.
        b: Another of m.
        similarities: Four (n, m) matrices in the order of `story_similarities`.

    Returns:
        Shape (n, m, len(FEATURES)); those of (b, a) are the same, transposed.
    """
    raw, centred, words, chars = similarities
    n, m = raw.shape
    names = _overlap([s.names for s in a.sentences], [s.names for s in b.sentences])
    numbers = _overlap([s.numbers for s in a.sentences], [s.numbers for s in b.sentences])
    quote = _overlap([quoted(s) for s in a.sentences], [quoted(s) for s in b.sentences])
    lemmas = _overlap([s.lemmas for s in a.sentences], [s.lemmas for s in b.sentences])
    contained = _overlap([s.lemmas for s in a.sentences], [s.lemmas for s in b.sentences], smaller=True)
    sizes = [np.array([len(s.lemmas) for s in side.sentences], dtype=np.float64) for side in (a, b)]
    length = np.log1p(np.minimum(sizes[0][:, None], sizes[1][None, :]))
    return np.stack(
        [
            raw, centred, words, chars, names, numbers, quote, lemmas, contained,
            *_competition(centred), *_competition(words)[:2], _context(centred), length,
        ],
        axis=-1,
    ).reshape(n, m, len(FEATURES))  # fmt: skip


def match_features(match: NDArray[np.float64]) -> NDArray[np.float64]:
    """How the token match of each pair stands among those of its article pair.

    Args:
        match: Log-odds of every pair of sentences of two articles, shape (n, m); UNREAD where tokens were not compared.

    Returns:
        Shape (n, m, len(MATCH_FEATURES)): the log-odds, the distance to the best and the rank of either sentence, the
        best among the pairs diagonally before and after and among those beside, how many other counterparts either
        sentence is expected to have, and the expected number of pairs by article length.
    """
    n, m = match.shape
    padded = np.pad(match, 1, constant_values=UNREAD)
    diagonal = np.maximum(padded[:-2, :-2], padded[2:, 2:])
    beside = np.maximum.reduce([padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]])
    expected = 1 / (1 + np.exp(-match))
    rows, columns = (expected.sum(axis=axis, keepdims=True) - expected for axis in (1, 0))
    share = np.full((n, m), expected.sum() / np.sqrt(n * m))
    return np.stack(
        [
            match, *_competition(match), diagonal, beside, np.minimum(rows, columns), np.maximum(rows, columns), share,
        ],
        axis=-1,
    )  # fmt: skip


def quoted(s: SentenceAnalysis) -> frozenset[str]:
    """Lemmas of the content words inside quotation marks."""
    return frozenset(t.lemma for t in s.tokens if t.content and any(b <= t.start < e for b, e in s.quotes))


def _competition(matrix: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Distance to the best of the row and of the column, the smaller first, and the two ranks, the lower first."""
    gaps, ranks = ([of(matrix, axis) for axis in (1, 0)] for of in (_gap, _rank))
    return np.minimum(*gaps), np.maximum(*gaps), np.minimum(*ranks), np.maximum(*ranks)


def _overlap(
    left: Sequence[frozenset[str]], right: Sequence[frozenset[str]], *, smaller: bool = False
) -> NDArray[np.float64]:
    """Jaccard overlap of sets, or the share of the smaller set that is in the other; shape (n, m)."""
    vocabulary = {w: i for i, w in enumerate(sorted(frozenset().union(*left, *right)))}
    x, y = (np.zeros((len(side), len(vocabulary) + 1)) for side in (left, right))
    for matrix, side in ((x, left), (y, right)):
        for i, words in enumerate(side):
            matrix[i, [vocabulary[w] for w in words]] = 1
    both = x @ y.T
    sizes = x.sum(axis=1)[:, None], y.sum(axis=1)[None, :]
    below = np.minimum(*sizes) if smaller else sizes[0] + sizes[1] - both
    return np.asarray(both / np.maximum(below, 1))


def _gap(matrix: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """How far each cell is from the best of its row or column; 0 for the best."""
    return np.asarray(matrix.max(axis=axis, keepdims=True) - matrix)


def _rank(matrix: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """1 / (1 + number of strictly better cells in the row or column)."""
    lines = matrix if axis == 1 else matrix.T
    ordered = np.sort(lines, axis=1)
    better = np.stack([len(x) - np.searchsorted(o, x, side="right") for x, o in zip(lines, ordered, strict=True)])
    return np.asarray(1 / (1 + (better if axis == 1 else better.T)))


def _context(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean similarity of the sentences before and of the sentences after."""
    padded = np.pad(matrix, 1)
    return (padded[:-2, :-2] + padded[2:, 2:]) / 2
