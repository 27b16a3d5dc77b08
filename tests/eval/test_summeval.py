import json

import pytest

from eval.tasks.summeval import SummEval
from toolkit.errors import SourceError

SOURCE = (
    "( PA ) A ferry ran aground on Monday . `` Nobody is hurt . '' the captain said . Tugs came at 5 p.m. that day ."
)
ROW = {
    "src": SOURCE,
    "ref_summ": "A ferry ran aground .",
    "ref_summs": ["A ferry ran aground .", "Tugs helped a ferry ."],
    "sys_summs": {"M0": {"sys_summ": "A ferry .", "scores": {"coherence": 1.5, "relevance": 2}}},
}


def write(folder, rows):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "data.json").write_text(json.dumps(rows), encoding="utf-8")


def test_one_item_an_article(tmp_path):
    other = {**ROW, "sys_summs": {"M9": {"sys_summ": "Tugs .", "scores": {"coherence": 2, "relevance": 1.5}}}}
    write(tmp_path / "summeval", {"cnn-1": ROW, "dm-2": other})
    task = SummEval()
    data = task.load(tmp_path)
    assert data.column_names == ["id", "src", "ref_summ", "ref_summs", "sys_summs"]
    assert data[0]["sys_summs"]["M0"]["scores"]["coherence"] == 1.5
    one, two = task.items(data)
    assert (one.id, two.id) == ("cnn-1", "dm-2")
    assert one.data["sentences"] == [
        "( PA ) A ferry ran aground on Monday .",
        "`` Nobody is hurt . ''",
        "the captain said .",
        "Tugs came at 5 p.m. that day .",
    ]
    assert one.data["text"] == SOURCE
    assert one.gold == {"references": ["A ferry ran aground .", "Tugs helped a ferry ."]}
    assert len(SummEval(limit=1).items(data)) == 1
    assert (SummEval().name, SummEval(words=60).name) == ("summeval", "summeval-60w")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "expected entries by article id"),
        ({"a": {**ROW, "src": None}}, "expected text under 'src'"),
        ({"a": {**ROW, "ref_summs": []}}, "under 'ref_summs'"),
        ({"a": {**ROW, "ref_summs": "one"}}, "under 'ref_summs'"),
        ({"a": {k: v for k, v in ROW.items() if k != "sys_summs"}}, "under 'sys_summs'"),
    ],
)
def test_a_changed_file_is_said(tmp_path, rows, said):
    write(tmp_path, rows)
    with pytest.raises(SourceError, match="not in the set's published form") as error:
        SummEval(data_dir=str(tmp_path)).load(tmp_path)
    assert said in str(error.value)


def test_a_truncated_or_missing_file_is_said(tmp_path):
    with pytest.raises(SourceError, match="neulab/BARTScore"):
        SummEval().files(tmp_path)
    (tmp_path / "data.json").write_text('{"a": {"src"', encoding="utf-8")
    with pytest.raises(SourceError, match="not in the set's published form"):
        SummEval(data_dir=str(tmp_path)).load(tmp_path)
