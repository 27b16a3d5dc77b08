import csv

import pytest

from eval.systems.classify import Constant
from eval.tasks.babe import Babe
from toolkit.errors import SourceError

HEADER = ["text", "news_link", "outlet", "topic", "type", "label_bias", "label_opinion", "biased_words"]
ROWS = [
    ["The council met; it voted.", "http://1.example", "Post", "parks", "center", "Non-biased", "f", "[]"],
    ['A "new" plan, hatched in haste.', "http://1.example", "Post", "parks", "center", "Biased", "o", "['hatched']"],
    ["Members disagreed.", "http://2.example", "Herald", "parks", "left", "No agreement", "f", "[]"],
    ["A glorious triumph for common sense.", "", "Herald", "parks", "left", "Biased", "o", "['glorious']"],
    ["The bridge is 90 metres long.", "", "Herald", "roads", "left", "Non-biased", "f", "[]"],
    ["It opens in May.", "http://3.example", "Courier", "roads", "right", "Non-biased", "f", "[]"],
    ["Another costly fiasco looms.", "http://4.example", "Courier", "roads", "right", "Biased", "o", "['fiasco']"],
]  # fmt: skip


def write(folder, rows=ROWS, header=HEADER, split="SG2"):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"final_labels_{split}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([header, *rows])
    return path


def test_rows_are_as_published(tmp_path):
    write(tmp_path / "babe")
    data = Babe().load(tmp_path)
    assert data.column_names == HEADER
    assert [list(r.values()) for r in data] == ROWS


@pytest.mark.parametrize("folds_by", ["sentence", "article"])
def test_each_settled_sentence_is_predicted_once(tmp_path, folds_by):
    write(tmp_path / "babe")
    task = Babe(folds=2, folds_by=folds_by)
    items = task.items(task.load(tmp_path))
    assert sorted(t for i in items for t in i.data["texts"]) == sorted(r[0] for r in ROWS if r[5] != "No agreement")
    gold = {t: y for i in items for t, y in zip(i.data["texts"], i.gold["labels"], strict=True)}
    assert gold[ROWS[0][0]] == "Non-biased"
    units = task.units(items, {i.id: i.gold["labels"] for i in items})
    assert sorted(u.id for u in units) == ["http://1.example", "http://3.example", "http://4.example", "row 3", "row 4"]
    assert task.measure(units) == {"macro_f1": 1.0, "weighted_f1": 1.0, "accuracy": 1.0}
    assert tuple(task.measure(units)) == task.metrics
    if folds_by == "article":
        assert sum({ROWS[0][0], ROWS[1][0]} <= set(i.data["texts"]) for i in items) == 1


def test_a_constant_gets_half(tmp_path):
    write(tmp_path / "babe")
    task = Babe(folds=3)
    items = task.items(task.load(tmp_path))
    found = task.measure(task.units(items, {i.id: ["Biased"] * len(i.data["texts"]) for i in items}))
    assert found == {"macro_f1": pytest.approx(1 / 3), "weighted_f1": pytest.approx(1 / 3), "accuracy": 0.5}
    assert Constant().predict(items[0])


def test_another_folder_split_and_limit(tmp_path):
    write(tmp_path / "elsewhere", ROWS[3:], split="SG1")
    task = Babe(data_dir=str(tmp_path / "elsewhere"), split="SG1", folds=2, limit=2)
    items = task.items(task.load(tmp_path / "nothing"))
    assert sum(len(i.data["texts"]) for i in items) == 2
    assert task.files(tmp_path) == [tmp_path / "elsewhere" / "final_labels_SG1.csv"]
    assert (task.name, Babe().name, Babe(folds_by="article").name) == ("babe-sg1", "babe-sg2", "babe-sg2-by-article")


def test_a_missing_file_says_where_it_is_from(tmp_path):
    with pytest.raises(SourceError, match=r"final_labels_SG2.csv: no such file; get it from .*BABE.*AGPL"):
        Babe().load(tmp_path)


@pytest.mark.parametrize(
    ("rows", "header", "said"),
    [
        (ROWS, [*HEADER[:5], "label", *HEADER[6:]], "no column label_bias; its columns are text"),
        (ROWS, HEADER[:-1], "no column biased_words"),
        ([*ROWS, ROWS[0][:4]], HEADER, "line 9 has 4 cells instead of 8"),
        ([[*ROWS[0][:5], "Slanted", *ROWS[0][6:]]], HEADER, "line 2 has label_bias 'Slanted'; there are Biased"),
        ([[*ROWS[0][:7], "['hat"]], HEADER, "ends in the middle of biased_words"),
        ([], HEADER, "there are no rows"),
    ],
)
def test_another_form_is_refused(tmp_path, rows, header, said):
    path = write(tmp_path / "babe", rows, header)
    with pytest.raises(SourceError, match=said) as caught:
        Babe().load(tmp_path)
    assert str(path) in str(caught.value)


def test_a_file_cut_anywhere_in_its_last_row_is_refused(tmp_path):
    path = write(tmp_path / "babe")
    whole = path.read_bytes().rstrip()
    last = whole.rindex(b"\n") + 1
    for end in range(last + 1, len(whole)):
        path.write_bytes(whole[:end])
        with pytest.raises(SourceError):
            Babe().load(tmp_path)


def test_a_cut_in_a_quoted_text_is_refused(tmp_path):
    path = write(tmp_path / "babe")
    path.write_bytes(path.read_bytes()[: path.read_bytes().index(b"hatched in")])
    with pytest.raises(SourceError, match="published form"):
        Babe().load(tmp_path)


def test_an_empty_file_is_refused(tmp_path):
    path = write(tmp_path / "babe")
    path.write_bytes(b"")
    with pytest.raises(SourceError, match="no column text"):
        Babe().load(tmp_path)
