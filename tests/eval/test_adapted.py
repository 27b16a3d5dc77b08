import numpy as np
import pytest

from eval.systems import Adapted, AttributeTagger, StanceModel
from eval.systems.adapted import targeted
from eval.types import Item

GOOD = ["A brave and generous act.", "She was praised by all.", "A splendid, kind deed.", "They cheered the hero."]
BAD = ["A cruel and greedy act.", "She was blamed by all.", "A vile, mean deed.", "They booed the liar."]


def test_what_is_learnt_from_the_fold_is_said_of_its_texts():
    data = {
        "train_texts": [*GOOD, *BAD] * 8, "train_labels": (["good"] * 4 + ["bad"] * 4) * 8,
        "texts": ["They cheered the kind hero.", "They booed the cruel liar."],
    }  # fmt: skip
    assert Adapted(epochs=4).predict(Item("x", data, None)) == ["good", "bad"]


def test_one_label_needs_no_training():
    assert Adapted().predict(Item("x", {"train_texts": ["a"], "train_labels": ["n"], "texts": ["b", "c"]}, None)) == [
        "n", "n",
    ]  # fmt: skip


def test_targets_by_place_or_by_words():
    by_place, by_words, none = targeted(
        [{"text": "Ann met Bo.", "target": [8, 10]}, {"text": "Ann met Bo.", "target": "Bo"}, "Ann."]
    )
    assert by_place == by_words
    assert (none.start, none.end) == (0, 0)


def test_the_shipped_model_labels_targets():
    texts = [{"text": "Critics called Holm a corrupt and cruel liar.", "target": "Holm"}]
    assert StanceModel().predict(Item("x", {"texts": texts}, None)) == ["negative"]


def test_names_tell_configurations_apart():
    assert Adapted(members=3).name != Adapted().name
    assert AttributeTagger(train_dir="x").name != AttributeTagger().name


def test_training_data_that_is_not_there_is_named(tmp_path):
    assert "no such folder" in AttributeTagger(train_dir=str(tmp_path)).missing()


def test_the_tagger_gives_tokens_of_the_item():
    words = ["The", "mayor", "said", "the", "port", "was", "closed", "."]
    (relations,) = AttributeTagger().predict(Item("x", {"sentences": [words]}, None))
    (found,) = relations
    assert [words[n] for n in found["source"]] == ["The", "mayor"]
    assert [words[n] for n in found["cue"]] == ["said"]
    assert {"port", "closed"} <= {words[n] for n in found["content"]}


@pytest.mark.parametrize("system", [Adapted(), StanceModel(), AttributeTagger()])
def test_everything_needed_is_here(system):
    assert system.missing() == ""


def test_a_rare_class_is_told_by_a_threshold_from_texts_that_were_not_learned_from(monkeypatch):
    chance = {"low": 0.05, "middle": 0.3, "high": 0.45}
    learned = []

    def trained(texts, labels, recipe, **options):
        learned.extend(t.text for t in texts)
        return ("no", "yes"), None

    monkeypatch.setattr("toolkit.training.classify.train_classifier", trained)
    monkeypatch.setattr(
        "toolkit.classifier.probabilities",
        lambda model, texts: np.array([[1 - chance[t.text], chance[t.text]] for t in texts]),
    )
    # Every tenth text is kept aside: two of "middle" with the rare label, and one of "low" without.
    texts = ["high" if n % 10 else ("middle" if n < 20 else "low") for n in range(30)]
    labels = ["yes" if n in {0, 10} else "no" for n in range(30)]
    data = {"train_texts": texts, "train_labels": labels, "texts": ["low", "middle", "high"]}
    assert Adapted(tuned=True).predict(Item("x", data, None)) == ["no", "yes", "yes"]
    assert learned == ["high"] * 27
    assert Adapted().predict(Item("x", data, None)) == ["no"] * 3
