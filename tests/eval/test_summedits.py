import json
import math

import numpy as np
import pytest

from eval.tasks._support import best_threshold
from eval.tasks.summedits import SummEdits
from toolkit.errors import SourceError

PARK = "The park opens on Monday. The mayor will cut the ribbon."
BRIDGE = "The bridge is closed. Repairs take two weeks."


def row(name, doc, summary, label):
    return {"id": name, "doc": doc, "summary": summary, "label": label, "original_summary": summary, "edit_types": []}


ROWS = [
    row("a_og", PARK, "A park opens.", 1),
    row("a_0", PARK, "A park closes.", 0),
    row("b_og", BRIDGE, "The bridge is closed.", 1),
    row("b_0", BRIDGE, "The bridge is open.", 0),
]


@pytest.fixture
def root(tmp_path):
    (tmp_path / "summedits").mkdir()
    (tmp_path / "summedits" / "summedits_news.json").write_text(json.dumps(ROWS), encoding="utf-8")
    return tmp_path


def test_items_hold_the_claims_of_one_article(root):
    task = SummEdits()
    data = task.load(root)
    items = task.items(data)
    assert data.num_rows == 4
    assert [i.id for i in items] == ["a_og", "b_og"]
    assert items[0].data == {
        "source": ["The park opens on Monday.", "The mayor will cut the ribbon."],
        "claims": ["A park opens.", "A park closes."],
    }
    assert items[0].gold["labels"] == [1, 0]
    assert len(SummEdits(limit=1).items(data)) == 1


def test_each_half_is_judged_by_the_others_threshold(root):
    task = SummEdits()
    items = task.items(task.load(root))
    # Tuned on b (halfway between .3 and .5) a's claims are right; tuned on a (halfway .2 and .9) b's true one is not.
    units = task.units(items, {"a_og": [0.9, 0.2], "b_og": [0.5, 0.3]})
    assert [u.id for u in units] == ["a_og", "b_og"]
    assert units[0].rows.right.tolist() == [1, 1]
    assert units[1].rows.right.tolist() == [0, 1]
    assert task.measure(units) == {"balanced_accuracy": 0.75, "auc": 1.0}
    assert task.measure(units[1:]) == {"balanced_accuracy": 0.5, "auc": 1.0}


def test_what_is_not_predicted_or_not_a_number_is_left_out(root):
    task = SummEdits()
    items = task.items(task.load(root))
    (unit,) = task.units(items, {"a_og": [0.9, math.nan]})
    assert unit.rows.labels.tolist() == [1]
    assert all(math.isnan(v) for v in task.measure([unit]).values())
    assert all(math.isnan(v) for v in task.measure([]).values())
    with pytest.raises(ValueError, match="a_og: expected one score for each of 2, got 1"):
        task.units(items, {"a_og": [0.9]})


def test_best_threshold_is_halfway():
    assert best_threshold(np.array([1, 1, 0, 0]), np.array([0.9, 0.6, 0.4, 0.1])) == pytest.approx(0.5)
    assert best_threshold(np.array([1, 0]), np.array([0.5, 0.5])) in {0.5, math.inf}


def test_another_folder_and_domain(tmp_path):
    (tmp_path / "summedits_tales.json").write_text(json.dumps(ROWS[2:]), encoding="utf-8")
    task = SummEdits(data_dir=str(tmp_path), split="tales")
    assert task.name == "summedits-tales"
    assert [i.id for i in task.items(task.load(tmp_path / "elsewhere"))] == ["b_og"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (json.dumps(ROWS)[:-40], "not whole JSON"),
        (json.dumps([{k: v for k, v in ROWS[0].items() if k != "doc"}]), "row 0 has no doc"),
        (json.dumps([{**ROWS[0], "label": "yes"}]), "label is 'yes', expected int"),
        (json.dumps([*ROWS, "x"]), "row 4 is not an object"),
        ("{}", "no rows"),
        (json.dumps([{**ROWS[0], "edit_types": 1}, ROWS[1]]), "a column changes its type"),
    ],
)
def test_a_changed_file_is_refused(root, content, said):
    (root / "summedits" / "summedits_news.json").write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        SummEdits().load(root)


def test_a_missing_file_says_where_to_get_it(tmp_path):
    with pytest.raises(SourceError, match=r"salesforce/factualNLG.*Apache-2\.0"):
        SummEdits().load(tmp_path)
