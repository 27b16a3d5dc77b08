import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from eval.tasks._pairs import best_f1_threshold
from eval.tasks.claimdiff import ClaimDiff
from eval.types import Item
from toolkit.errors import SourceError


def pair(n, topic, a, b, relation):
    return {
        "topic": topic, "date": "2031-01-01", "pair_id": f"p{n}", "claim_a": a, "claim_b": b, "article_a": "Dam fails",
        "article_b": "Dam fails", "relation": relation, "rationale": [],
    }  # fmt: skip


def write(folder: Path, split, rows, weak=None):
    other = weak if weak is not None else [{**r, "relation": int(r["pair_id"] == "p1")} for r in rows]
    for name, data in {"ClaimDiff-S/ClaimDiff-strength": rows, "ClaimDiff-W/ClaimDiff-weak": other}.items():
        path = folder / f"{name}-{split}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"data": data, "ver": "1"}), encoding="utf-8")
    return folder


ROWS = [
    pair(0, "Dam", "It broke.", "It burst.", 1),
    pair(1, "Dam", "It broke.", "It held.", 0),
    pair(2, "Dam", "Rain fell.", "It held.", 0),
    pair(3, "Vote", "She won.", "He lost.", 1),
]


def test_topics_hold_each_claim_once_and_the_sides_apart(tmp_path):
    write(tmp_path / "claimdiff", "train", ROWS)
    task = ClaimDiff()
    dam, vote = task.items(task.load(tmp_path))
    assert dam.data["documents"] == [["It broke.", "Rain fell."], ["It burst.", "It held."]]
    assert dam.data["pairs"] == [[0, 0, 1, 0], [0, 0, 1, 1], [0, 1, 1, 1]]
    assert dam.gold["labels"] == [1, 1, 0]
    assert vote.id == "Vote"
    assert len(ClaimDiff(limit=1).items(task.load(tmp_path))) == 1


def test_another_folder_and_split(tmp_path):
    folder = write(tmp_path / "hidden", "test-full", [pair(7, "Strike", "It ended.", "It goes on.", 0)])
    task = ClaimDiff(data_dir=str(folder), split="test-full")
    assert [i.id for i in task.items(task.load(tmp_path))] == ["Strike"]
    assert task.name == "claimdiff-test-full"


def test_metrics_are_scikit_learns():
    rng = np.random.default_rng(1)
    items, predictions = [], {}
    for n in range(5):
        labels = [int(x) for x in rng.random(30) < 0.4]
        items.append(Item(f"t{n}", {"pairs": [[0, 0, 1, 0]] * 30}, {"labels": labels}))
        predictions[f"t{n}"] = [float(x) for x in rng.integers(0, 12, 30) / 12]  # with ties
    task = ClaimDiff()
    units = task.units(items, predictions)
    drawn = [0, 2, 2, 4]
    labels = np.concatenate([items[n].gold["labels"] for n in drawn])
    values = np.concatenate([predictions[f"t{n}"] for n in drawn])
    found = task.measure([units[n] for n in drawn])
    assert found["auc"] == pytest.approx(roc_auc_score(labels, values))
    assert found["ap"] == pytest.approx(average_precision_score(labels, values))
    said = []
    for n in drawn:
        others = [m for m in range(5) if m != n]
        threshold = best_f1_threshold(
            np.concatenate([predictions[f"t{m}"] for m in others]),
            np.concatenate([items[m].gold["labels"] for m in others]).astype(bool),
        )
        said.append(np.array(predictions[f"t{n}"]) >= threshold)
    assert found["f1"] == pytest.approx(f1_score(labels, np.concatenate(said)))


def test_best_f1_threshold_by_hand():
    values, labels = np.array([0.9, 0.2, 0.6, 0.4]), np.array([True, False, True, False])
    assert best_f1_threshold(values, labels) == pytest.approx(0.5)
    assert best_f1_threshold(values, np.ones(4, dtype=bool)) == pytest.approx(0.2)


def test_one_topic_has_no_tuned_threshold(tmp_path):
    write(tmp_path / "claimdiff", "train", ROWS[:3])
    task = ClaimDiff()
    items = task.items(task.load(tmp_path))
    found = task.measure(task.units(items, {"Dam": [3.0, 2.0, 1.0]}))
    assert np.isnan(found["f1"])
    assert found["auc"] == 1.0
    with pytest.raises(ValueError, match="each of 3 pairs"):
        task.units(items, {"Dam": [1.0]})


def test_missing_truncated_changed(tmp_path):
    with pytest.raises(SourceError, match="kaistAI/ClaimDiff"):
        ClaimDiff().load(tmp_path)
    folder = write(tmp_path / "claimdiff", "train", ROWS, weak=ROWS[:3])
    with pytest.raises(SourceError, match="1 pairs are not in both"):
        ClaimDiff().load(tmp_path)
    path = folder / "ClaimDiff-S" / "ClaimDiff-strength-train.json"
    text = path.read_text(encoding="utf-8")
    for changed, said in (
        (text[:50], "not whole JSON"),
        (text.replace("claim_a", "first"), "pair 0: no 'claim_a'"),
        (text.replace('"relation": 1', '"relation": 5'), "relation is 5"),
        (text.replace("p1", "p0"), "pair_id of another"),
        ('{"rows": []}', "expected a list"),
    ):
        path.write_text(changed, encoding="utf-8")
        with pytest.raises(SourceError, match=said):
            ClaimDiff().load(tmp_path)
