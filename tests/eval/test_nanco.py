import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score

from eval.tasks.nanco import NAnCo, balanced_accuracies, best_threshold
from toolkit.errors import SourceError


def question(qid, clusters):
    answers = [
        {"qid": qid, "Answer": f"answer {n}", "Paragraph": f"It is answer {n}.", "Article URL": f"https://x.org/{n}",
         "cluster_global": c, "cluster_Phil": "1"}
        for n, c in enumerate(clusters)
    ]  # fmt: skip
    return {"question": f"Why {qid}?", "answers": answers}


def write(folder: Path, questions):
    folder.mkdir(parents=True)
    (folder / "nanco_dataset.json").write_text(json.dumps(questions), encoding="utf-8")
    return folder


def test_items_are_questions_with_all_pairs(tmp_path):
    write(tmp_path / "nanco", [question("K1", [0, 0, 4]), question("K2", [1, 2])])
    task = NAnCo()
    items = task.items(task.load(tmp_path))
    assert [i.id for i in items] == ["K1", "K2"]
    assert items[0].data["documents"] == [["answer 0"], ["answer 1"], ["answer 2"]]
    assert items[0].data["pairs"] == [[0, 0, 1, 0], [0, 0, 2, 0], [1, 0, 2, 0]]
    assert items[0].gold["labels"] == [1, 0, 0]
    assert len(NAnCo(limit=1).items(task.load(tmp_path))) == 1


def test_threshold_comes_from_the_other_questions(tmp_path):
    write(tmp_path / "nanco", [question("K1", [0, 0, 4]), question("K2", [1, 1, 2])])
    task = NAnCo()
    items = task.items(task.load(tmp_path))
    predictions = {"K1": [0.8, 0.6, 0.1], "K2": [0.4, 0.2, 0.1]}
    # K1 at K2's 0.3: one of two negatives is above; K2 at K1's 0.7: its positive is below.
    units = {u.id: u.rows for u in task.units(items, predictions)}
    assert units["K1"].tuned == pytest.approx(0.75)
    assert units["K2"].tuned == pytest.approx(0.5)
    assert task.measure(task.units(items, predictions)) == {
        "balanced_accuracy": pytest.approx(0.625), "balanced_accuracy_own_threshold": pytest.approx(1.0),
    }  # fmt: skip


def test_threshold_from_another_part(tmp_path):
    here = write(tmp_path / "here", [question("T1", [0, 0, 4])])
    there = write(tmp_path / "there", [question("D1", [0, 0, 4])])
    task = NAnCo(data_dir=str(here), tune_dir=str(there))
    items = task.items(task.load(tmp_path))
    assert [i.id for i in items] == ["T1", "tune-D1"]
    (unit,) = task.units(items, {"T1": [0.5, 0.3, 0.3], "tune-D1": [0.9, 0.7, 0.1]})
    assert unit.rows.tuned == 0.5
    assert len(task.files(tmp_path)) == 2
    assert task.name == "nanco-tuned-on-there"


def test_balanced_accuracy_is_scikit_learns():
    rng = np.random.default_rng(0)
    values, labels = rng.integers(0, 9, 60) / 9, rng.random(60) < 0.3
    for t in (0.0, 0.3, 5 / 9, 2.0):
        expected = balanced_accuracy_score(labels, values >= t)
        assert balanced_accuracies(values, labels, np.array([t]))[0] == pytest.approx(expected)
    best = best_threshold([(values, labels)])
    every = balanced_accuracies(values, labels, np.unique(values))
    assert balanced_accuracies(values, labels, np.array([best]))[0] == pytest.approx(every.max())


def test_nan_where_nothing_is_defined(tmp_path):
    write(tmp_path / "nanco", [question("K1", [0, 0]), question("K2", [1, 1, 2])])
    task = NAnCo()
    items = task.items(task.load(tmp_path))
    units = task.units(items, {"K1": [0.4], "K2": [0.3, 0.2, 0.1]})
    assert np.isnan(task.measure(units)["balanced_accuracy"])
    assert np.isnan(task.measure(units[:1])["balanced_accuracy"])


def test_missing_truncated_changed(tmp_path):
    with pytest.raises(SourceError, match="salesforce/discord_questions"):
        NAnCo().load(tmp_path)
    folder = write(tmp_path / "nanco", [question("K1", [0, 0, 4])])
    with pytest.raises(SourceError, match="no question Z9"):
        NAnCo(split="Z9").load(tmp_path)
    assert len(NAnCo(split="K1").load(tmp_path)) == 3
    path = folder / "nanco_dataset.json"
    text = path.read_text(encoding="utf-8")
    for changed, said in (
        (text[:-20], "not whole JSON"),
        (text.replace("cluster_global", "cluster"), "question 0, answer 0: no 'cluster_global'"),
        (text.replace('"answers"', '"replies"'), "question 0: no 'answers'"),
        ("{}", "expected a list"),
        ("[]", "no row"),
    ):
        path.write_text(changed, encoding="utf-8")
        with pytest.raises(SourceError, match=said):
            NAnCo().load(tmp_path)
