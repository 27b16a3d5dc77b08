import json

import pytest

from eval.tasks.summac_bench import SummaCBench
from toolkit.errors import SourceError

ROWS = {
    "factcc_0": {"claim": "a cat sat.", "label": 1, "document": "A cat sat. It slept.", "annotations": [1]},
    "factcc_1": {"claim": "a dog sat.", "label": 0, "document": "A cat sat. It slept.", "annotations": [0]},
    "factcc_7": {"claim": "rain fell.", "label": 1, "document": "Rain fell all day.", "annotations": [1]},
}


def write(folder, rows, split="factcc"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{split}.json").write_text(rows if isinstance(rows, str) else json.dumps(rows), encoding="utf-8")


def test_items_by_document(tmp_path):
    write(tmp_path / "summac_bench", ROWS)
    task = SummaCBench()
    data = task.load(tmp_path)
    items = task.items(data)
    assert data[2]["key"] == "factcc_7"
    assert [(i.id, i.gold["labels"]) for i in items] == [("factcc_0", [1, 0]), ("factcc_7", [1])]
    assert items[0].data == {"source": ["A cat sat.", "It slept."], "claims": ["a cat sat.", "a dog sat."]}
    units = task.units(items, {"factcc_0": [0.9, 0.5], "factcc_7": [0.4]})
    assert task.measure(units)["auc"] == 0.5


def test_another_part_in_another_folder(tmp_path):
    write(tmp_path / "else", {"new_3": {**ROWS["factcc_7"], "cut": "test"}}, split="newpart")
    task = SummaCBench(data_dir=str(tmp_path / "else"), split="newpart")
    assert task.name == "summac_bench-newpart"
    assert [i.id for i in task.items(task.load(tmp_path))] == ["new_3"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (json.dumps(ROWS)[:100], "not whole JSON"),
        ({"factcc_0": {"claim": "x", "label": 1}}, "row 0 has no document"),
        ({"factcc_0": 3}, "row 0 is not an object"),
        ([1, 2], "no rows"),
    ],
)
def test_a_changed_file_is_refused(tmp_path, content, said):
    write(tmp_path / "summac_bench", content)
    with pytest.raises(SourceError, match=said):
        SummaCBench().load(tmp_path)


def test_a_missing_part_says_where_to_get_it(tmp_path):
    with pytest.raises(SourceError, match=r"xsumfaith\.json: no such file; get it from .*tingofurro/summac"):
        SummaCBench(split="xsumfaith").files(tmp_path)
