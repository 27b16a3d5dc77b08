import math

import numpy as np
import pytest
from sklearn.metrics import f1_score, precision_score

from eval.stats import estimates
from eval.systems.classify import Constant, Logistic, TfidfLogistic, masked
from eval.tasks._classify import (
    Example,
    confusion_units,
    deal,
    first_units,
    fold_items,
    item,
    macro_scores,
    positive_scores,
)
from toolkit.encode import MiniLM

LABELS = ("yes", "no")
PLAIN = [("A shameless, reckless stunt", "yes"), ("The vote was at noon", "no")]
FOLD = item(
    "f",
    train=[Example(t, y, f"u{n}") for n, (t, y) in enumerate([*PLAIN, ("The vote was on Monday", "no")])],
    test=[Example("A reckless stunt", "yes", "u8"), Example("The vote is on Monday", "no", "u9")],
)
TARGETS = item(
    "t",
    train=[
        Example({"text": "Crowds cheered Ann", "target": [15, 18]}, "positive", "a"),
        Example({"text": "Ben lied to Ann", "target": [0, 3]}, "negative", "b"),
    ],
    test=[Example({"text": "Cem lied to Dee", "target": [0, 3]}, "negative", "c")],
)


def one_fold(gold, units, predicted):
    it = item("i", train=[], test=[Example("x", g, u) for g, u in zip(gold, units, strict=True)])
    return confusion_units([it], {"i": predicted}, labels=LABELS)


def test_scores_are_those_counted_by_hand():
    units = one_fold(["yes", "yes", "no", "no", "no"], "aabbb", ["yes", "no", "yes", "no", "no"])
    assert positive_scores(units, positive=0) == {"f1": 0.5, "precision": 0.5, "recall": 0.5}
    assert macro_scores(units) == pytest.approx({
        "macro_f1": (1 / 2 + 2 / 3) / 2,
        "weighted_f1": (2 * 1 / 2 + 3 * 2 / 3) / 5,
        "accuracy": 3 / 5,
    })  # fmt: skip
    assert positive_scores([units[0], units[0]], positive=0) == {"f1": 2 / 3, "precision": 1.0, "recall": 0.5}


def test_scores_are_scikit_learns_whatever_the_labels():
    rng = np.random.default_rng(0)
    for n in range(1, 40):
        gold, predicted = (rng.choice(["no", "yes"], n).tolist() for _ in range(2))
        units = one_fold(gold, [str(i % 3) for i in range(n)], predicted)
        got = macro_scores(units)
        assert got["macro_f1"] == pytest.approx(f1_score(gold, predicted, average="macro"))
        assert got["weighted_f1"] == pytest.approx(f1_score(gold, predicted, average="weighted"))
        if "yes" in predicted:
            positive = positive_scores(units, positive=0)
            assert positive["f1"] == pytest.approx(f1_score(gold, predicted, pos_label="yes"))
            assert positive["precision"] == pytest.approx(precision_score(gold, predicted, pos_label="yes"))


def test_a_label_the_task_does_not_have_is_a_miss():
    units = one_fold(["yes", "no"], "ab", ["perhaps", None])
    assert macro_scores(units)["accuracy"] == 0
    assert positive_scores(units, positive=0)["recall"] == 0


def test_scores_of_nothing_are_nan():
    assert all(math.isnan(v) for v in macro_scores([]).values())
    assert all(math.isnan(v) for v in positive_scores([], positive=0).values())


def test_a_prediction_of_another_length_is_refused():
    with pytest.raises(ValueError, match="item i: expected a list of 2 labels, got 1"):
        one_fold(["yes", "no"], "ab", ["yes"])
    with pytest.raises(ValueError, match="got str"):
        one_fold(["yes", "no"], "ab", "yn")


def test_a_unit_predicted_in_part_is_left_out():
    items = fold_items([Example("x", "no", u) for u in "aabbcc"], [0, 0, 0, 1, 1, 1])
    units = confusion_units(items, {"fold-0": ["no"] * 3}, labels=LABELS)
    assert [u.id for u in units] == ["a"]


def test_groups_stay_together_and_labels_are_spread():
    labels = ["yes"] * 20 + ["no"] * 30
    fold = deal([str(i) for i in range(50)], labels, folds=5, seed=1)
    assert [sum(f == n for f in fold) for n in range(5)] == [10] * 5
    assert [sum(f == n and y == "yes" for f, y in zip(fold, labels, strict=True)) for n in range(5)] == [4] * 5
    groups = [str(i // 5) for i in range(50)]
    together = deal(groups, labels, folds=5, seed=1)
    assert len(set(zip(groups, together, strict=True))) == 10
    assert fold == deal([str(i) for i in range(50)], labels, folds=5, seed=1)
    assert fold != deal([str(i) for i in range(50)], labels, folds=5, seed=2)


def test_folds_cover_every_example_once_and_never_train_on_it():
    examples = [Example(f"t{i}", LABELS[i % 2], f"u{i}") for i in range(7)]
    items = fold_items(examples, deal([e.unit for e in examples], [e.label for e in examples], folds=3, seed=0))
    assert sorted(t for i in items for t in i.data["texts"]) == [e.text for e in examples]
    assert all(not set(i.data["texts"]) & set(i.data["train_texts"]) for i in items)
    assert fold_items(examples[:1], [0]) == []


def test_limit_counts_units():
    examples = [Example("t", "no", u) for u in "abacb"]
    assert [e.unit for e in first_units(examples, 2)] == ["a", "b", "a", "b"]
    assert first_units(examples, 0) == examples


def test_the_target_is_masked():
    texts = ["plain", {"text": "Ann met Ann", "target": [8, 11]}, {"text": "Ann met Ben", "target": "Ben"}]
    assert masked(texts, mask="X") == ["plain", "Ann met X", "Ann met X"]


@pytest.mark.parametrize("system", [Logistic(encoder=MiniLM(cache=False)), TfidfLogistic()], ids=lambda s: s.kind)
def test_a_classifier_learns_from_its_fold(system):
    assert system.missing() == ""
    assert system.families == {"classify", "stance"}
    assert system.predict(FOLD) == ["yes", "no"]
    assert system.predict(TARGETS) == ["negative"]


@pytest.mark.parametrize("system", [Logistic(), TfidfLogistic()], ids=lambda s: s.kind)
def test_with_one_label_there_is_nothing_to_fit(system):
    assert system.predict(item("i", train=[Example("a", "no", "u")], test=[Example("b", "yes", "v")])) == ["no"]


def test_a_constant_is_the_majority_or_the_rarest_label():
    assert Constant().predict(FOLD) == ["no", "no"]
    assert Constant(label="rarest").predict(FOLD) == ["yes", "yes"]
    assert Constant().predict(TARGETS) == ["negative"]  # of equally many, the first of the alphabet


def test_names_tell_configurations_apart():
    systems = (
        Logistic(),
        Logistic(encoder="mpnet"),
        Logistic(encoder=MiniLM()),
        TfidfLogistic(),
        Constant(),
        Constant(label="rarest"),
    )
    assert len({s.name for s in systems}) == 6


def test_an_unknown_option_is_refused():
    with pytest.raises(ValueError, match="penalty"):
        Logistic(penalty="l1")


def test_units_have_an_interval():
    gold = ["yes", "no"] * 20
    units = one_fold(gold, [str(i) for i in range(40)], ["yes", "no", "no", "no"] * 10)
    e = estimates(units, macro_scores, rounds=100)["macro_f1"]
    assert e.n == 40
    assert e.low < e.value < e.high
