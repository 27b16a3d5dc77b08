"""Trains the pair scorer: `python -m toolkit.training.align ../shared/framediff`.

Logistic regression on every sentence pair of the whole-article stories (train_full.jsonl), features of
`toolkit.align.features`; the threshold is the one that gives the best F1 in cross-validation over ECB+ topics.
"""

import argparse
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from toolkit.align.aligner import WEIGHTS
from toolkit.align.pair_features import pair_features, story_similarities
from toolkit.analyse import SpacyAnalyser
from toolkit.encode import MiniLM
from toolkit.training.data import AnnotatedStory, read_stories
from toolkit.training.fit import best_threshold, fit

Table = tuple[NDArray[np.float64], NDArray[np.bool_]]


def story_table(story: AnnotatedStory, *, analyser: SpacyAnalyser, encoder: MiniLM) -> Table:
    """Features (n_pairs, n_features) and labels of every pair of body sentences of a story."""
    analyses = [analyser.analyse(d) for d in story.documents]
    rows = [encoder.encode([s.sentence.text for s in a.sentences]) for a in analyses]
    similarities = story_similarities(analyses, rows)
    at = np.cumsum([0, *(len(r) for r in rows)])
    x, y = [], []
    for p, q in combinations(range(len(analyses)), 2):
        block = [s[at[p] : at[p + 1], at[q] : at[q + 1]] for s in similarities]
        features = pair_features(analyses[p], analyses[q], similarities=block)
        for i, a in enumerate(analyses[p].sentences):
            for j, b in enumerate(analyses[q].sentences):
                names = f"{'ABC'[p]}{a.sentence.index}", f"{'ABC'[q]}{b.sentence.index}"
                x.append(features[i, j])
                y.append(names in story.alignments or names[::-1] in story.alignments)
    return np.array(x), np.array(y)


def main() -> None:
    """Trains, cross-validates, writes the weights and says what it saw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    stories = list(read_stories(parser.parse_args().folder / "train_full.jsonl"))
    analyser, encoder = SpacyAnalyser(), MiniLM()
    tables = [story_table(s, analyser=analyser, encoder=encoder) for s in stories]
    folds = np.concatenate([[s.fold] * len(t[1]) for s, t in zip(stories, tables, strict=True)])
    x, y = np.vstack([t[0] for t in tables]), np.concatenate([t[1] for t in tables])
    held_out = np.zeros(len(y))
    for fold in sorted(set(folds)):
        inside = folds == fold
        held_out[inside] = fit(x[~inside], y[~inside]).probability(x[inside])
    threshold, f1 = best_threshold(held_out, y)
    print(f"{len(stories)} stories, {len(y)} pairs, {y.sum()} aligned; held-out F1 {f1:.3f} at {threshold}")
    fit(x, y).save(WEIGHTS)


if __name__ == "__main__":
    main()
