"""The late interaction is trained from labelled pairs to weights that judge; how well is not measured here."""

import numpy as np

from toolkit.align.late import LateInteraction
from toolkit.analyse import SpacyAnalyser
from toolkit.encode import MiniLM
from toolkit.training.folds import fold_of
from toolkit.training.judge import fit_both, pair_table
from toolkit.training.late import LateRecipe, train_late
from toolkit.training.pairs import PairStory, cosines, digest, prepare

A = ("The ministry said the port would close on Friday.", "Officials slammed the strike.", "Fish was sold.", "Rain.")
B = (
    "The port could close on Friday, the ministry said.",
    "The strike was criticised.",
    "A ferry came.",
    "Schools open.",
)


def test_the_aligner_is_trained_and_judges(tmp_path):
    pairs = np.array([(0, i, 1, j) for i in range(4) for j in range(4)])
    labels = np.array([i == j and i < 2 for _, i, _, j in pairs])
    analyser, encoder = SpacyAnalyser(), MiniLM(cache_dir=str(tmp_path))
    stories = [
        prepare(PairStory("articles", n, n, (A, B), pairs, labels), analyser=analyser, encoder=encoder)
        for n in ("one", "two")
    ]
    hardness = {(s.story.source, s.story.id): cosines(s) for s in stories}
    late = LateInteraction(train_late([s.story for s in stories], hardness, LateRecipe(steps=2, pairs=8)))
    table = pair_table(stories, {s.story.fold: late for s in stories})
    assert table.labels.sum() == 4
    screen, judge = fit_both(table, table.fold >= 0)
    assert (screen.coef.shape, judge.coef.shape) == ((17,), (27,))
    probability = judge.probability(table.features)
    assert probability[table.labels].mean() > probability[~table.labels].mean()


def test_folds_and_digests_are_the_same_everywhere():
    assert [fold_of(k) for k in ("Q2", "Q3", "Q5", "Q6")] == [2, 0, 1, 3]
    assert digest([["One.", "Two."], ["Three."]]) != digest([["One."], ["Two.", "Three."]])
