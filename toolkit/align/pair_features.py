"""What two sentences of different articles share, as numbers: the inputs of the trained pair scorer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from toolkit.analyse import Analysis, SentenceAnalysis

FEATURES = (
    "cosine", "centred", "tfidf", "chars", "names", "numbers", "quote", "lemmas", "contained",
    "row_gap", "column_gap", "row_rank", "column_rank", "tfidf_row_gap", "tfidf_column_gap", "context", "length",
)  # fmt: skip


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
        Shape (n, m, len(FEATURES)).
    """
    raw, centred, words, chars = similarities
    n, m = raw.shape
    names = _overlap([s.names for s in a.sentences], [s.names for s in b.sentences])
    numbers = _overlap([s.numbers for s in a.sentences], [s.numbers for s in b.sentences])
    quote = _overlap([_quoted(s) for s in a.sentences], [_quoted(s) for s in b.sentences])
    lemmas = _overlap([s.lemmas for s in a.sentences], [s.lemmas for s in b.sentences])
    contained = _overlap([s.lemmas for s in a.sentences], [s.lemmas for s in b.sentences], smaller=True)
    sizes = [np.array([len(s.lemmas) for s in side.sentences], dtype=np.float64) for side in (a, b)]
    length = np.log1p(np.minimum(sizes[0][:, None], sizes[1][None, :]))
    return np.stack(
        [
            raw, centred, words, chars, names, numbers, quote, lemmas, contained,
            _gap(centred, 1), _gap(centred, 0), _rank(centred, 1), _rank(centred, 0), _gap(words, 1), _gap(words, 0),
            _context(centred), length,
        ],
        axis=-1,
    ).reshape(n, m, len(FEATURES))  # fmt: skip


def _quoted(s: SentenceAnalysis) -> frozenset[str]:
    return frozenset(t.lemma for t in s.tokens if t.content and any(b <= t.start < e for b, e in s.quotes))


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
    return np.asarray(matrix - matrix.max(axis=axis, keepdims=True))


def _rank(matrix: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """1 / (1 + number of strictly better cells in the row or column)."""
    other = np.sort(matrix, axis=axis)
    better = np.empty_like(matrix)
    for i in range(matrix.shape[1 - axis]):
        line, order = (matrix[i], other[i]) if axis == 1 else (matrix[:, i], other[:, i])
        count = len(line) - np.searchsorted(order, line, side="right")
        better[(i, slice(None)) if axis == 1 else (slice(None), i)] = count
    return 1 / (1 + better)


def _context(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean similarity of the sentences before and of the sentences after."""
    padded = np.pad(matrix, 1)
    return (padded[:-2, :-2] + padded[2:, 2:]) / 2
