import math

import pytest

from eval.systems import pairs
from eval.tasks import _summary
from eval.tasks.summeval import SummEval
from eval.types import Item


@pytest.fixture(autouse=True)
def no_mpnet(monkeypatch):
    monkeypatch.setattr(pairs, "missing_encoder", lambda name: "not here")


def item(name, references, **data):
    return Item(name, {"title": "", "text": "", "sentences": [], "n_sentences": 3, "words": 0, **data},
                {"references": references})  # fmt: skip


def test_rouge_by_hand():
    # Four of five words, two of four bigrams; longest common subsequence four of five.
    rows = _summary.rouge("the boat left the harbour", ["the boat left a harbour"])
    assert rows["rouge1"] == pytest.approx(4 / 5)
    assert rows["rouge2"] == pytest.approx(2 / 4)
    assert rows["rougeL"] == pytest.approx(4 / 5)


def test_rouge_stems():
    assert _summary.rouge("boats leaving", ["boat leaves"])["rouge2"] == 1


def test_each_rouge_has_its_nearest_reference_and_a_mean():
    rows = _summary.rouge("the boat left", ["the boat left", "cranes stood idle"])
    assert (rows["rouge1"], rows["rouge1_mean"]) == (1.0, 0.5)
    assert (rows["rouge2"], rows["rouge2_mean"]) == (1.0, 0.5)
    assert (rows["rougeL"], rows["rougeL_mean"]) == (1.0, 0.5)


def test_measure_is_the_mean_over_documents_and_counts_repeats():
    task = SummEval()
    items = [item("a", ["the boat left"]), item("b", ["cranes stood idle"]), item("c", ["unpredicted"])]
    units = task.units(items, {"a": {"text": "the boat left"}, "b": {"text": "nothing"}})
    assert [u.id for u in units] == ["a", "b"]
    got = task.measure(units)
    assert (got["rouge1"], got["rouge2"], got["words"]) == (0.5, 0.5, 2.0)
    assert math.isnan(got["semantic"])
    assert task.measure([units[0], units[0], units[1]])["rouge1"] == pytest.approx(2 / 3)
    assert set(got) == set(task.metrics)
    assert all(math.isnan(v) for v in task.measure([]).values())


def test_semantic_score_is_the_mean_cosine_over_references(monkeypatch):
    import numpy as np

    vectors = {"boat": (1.0, 0.0), "ship": (0.6, 0.8), "crane": (0.0, 1.0), "": (1.0, 0.0)}

    class Fake:
        name = "fake"

        def encode(self, texts):
            return np.array([vectors[t] for t in texts], dtype=np.float32)

    monkeypatch.setattr(pairs, "missing_encoder", lambda name: "")
    monkeypatch.setattr(pairs, "encoder_of", lambda name: Fake())
    got = _summary.semantic_scores(["boat", "", "boat"], [["ship", "crane"], ["boat"], []])
    assert got[:2] == [pytest.approx(0.3), 0.0]
    assert math.isnan(got[2])
    task = SummEval(semantic=False)
    assert math.isnan(task.measure(task.units([item("a", ["ship"])], {"a": {"text": "boat"}}))["semantic"])


def test_a_prediction_without_text_is_said():
    with pytest.raises(ValueError, match="a: expected a prediction like"):
        SummEval().units([item("a", ["x"])], {"a": "just words"})


SENTENCES = ["the mayor spoke at noon", "rain fell on the quay", "the boat left the harbour", "it was a long day"]


def test_oracle_takes_what_raises_rouge_2_and_stops():
    references = ["the boat left the harbour rain fell on the quay"]
    assert _summary.greedy_oracle(SENTENCES, references, count=3, words=0) == [1, 2]
    assert _summary.greedy_oracle(SENTENCES, references, count=1, words=0) == [1]
    assert _summary.greedy_oracle(SENTENCES, references, count=0, words=9) == [1]
    assert _summary.greedy_oracle(SENTENCES, references, count=0, words=2) == [1]
    assert _summary.greedy_oracle([], references, count=3, words=0) == []


def test_oracle_predicts_for_articles_and_stories():
    references = ["the boat left the harbour"]
    article = item("a", references, sentences=SENTENCES)
    story = Item("s", {"articles": [SENTENCES[:2], SENTENCES[2:]], "words": 5}, {"references": references})
    assert SummEval().oracle([article, story]) == {
        "a": {"text": "the boat left the harbour"},
        "s": {"text": "the boat left the harbour"},
    }
