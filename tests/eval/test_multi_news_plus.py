import json

import pytest

from eval.tasks.multi_news_plus import MultiNewsPlus
from toolkit.errors import SourceError


def cluster(number, cleansed, *, raw=None, summary="A ferry ran aground off the coast."):
    return {
        "idx": number,
        "document_num": len(cleansed),
        "summary": summary,
        "split": "val",
        "cleansed_document": cleansed,
        "raw_document": raw or cleansed,
        "reasons": ["two reports"],
        "vote_count": {"0": 0},
    }


TWO = ["A ferry ran aground. Nobody was hurt.", "Tugs freed a ferry by noon."]
ROWS = [cluster(7, TWO), cluster(8, TWO[:1], raw=TWO), cluster(9, [], raw=TWO), cluster(10, [*TWO, " "])]


def write(file, rows):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(rows), encoding="utf-8")


def test_one_item_a_cluster_of_two_reports(tmp_path):
    write(tmp_path / "multi_news_plus" / "val_12.json", ROWS)
    task = MultiNewsPlus()
    data = task.load(tmp_path)
    assert data.column_names == ["idx", "split", "summary", "cleansed_document", "raw_document"]
    items = task.items(data)
    assert [i.id for i in items] == ["7", "10"]
    assert items[0].data == {
        "articles": [["A ferry ran aground.", "Nobody was hurt."], ["Tugs freed a ferry by noon."]],
        "words": 7,
    }
    assert items[0].gold == {"references": ["A ferry ran aground off the coast."]}
    assert items[1].data["articles"] == items[0].data["articles"]
    assert [i.id for i in MultiNewsPlus(least=1).items(data)] == ["7", "8", "10"]
    assert [i.id for i in MultiNewsPlus(documents="raw", limit=3).items(data)] == ["7", "8", "9"]
    equal = MultiNewsPlus(equal_words=True)
    assert equal.name == "multi_news_plus-equal"
    assert equal.items(data)[0].data == {**items[0].data, "slack": 0.05}
    assert (task.name, task.family, task.semantic) == ("multi_news_plus", "story_summary", False)


def test_the_split_names_a_file_or_a_part_of_its_name(tmp_path):
    for name in ("test.json", "test_3.json", "other_val.json"):
        write(tmp_path / name, ROWS)

    def file(split):
        return MultiNewsPlus(data_dir=str(tmp_path), split=split).files(tmp_path)[0].name

    assert (file("test"), file("test_3"), file("val")) == ("test.json", "test_3.json", "other_val.json")
    write(tmp_path / "val_b.json", ROWS)
    with pytest.raises(SourceError, match=r"several files for split 'val': other_val.json, val_b.json"):
        file("val")
    with pytest.raises(SourceError, match="c-juhwan/multi_news_plus"):
        file("train")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"idx": 1', "Expecting"),
        ("{}", "expected a list of clusters"),
        (json.dumps([{**ROWS[0], "idx": "seven"}]), "a number under 'idx'"),
        (json.dumps([{**ROWS[0], "summary": None}]), "text under 'summary'"),
        (json.dumps([{**ROWS[0], "cleansed_document": "one text"}]), "under 'cleansed_document'"),
    ],
)
def test_a_changed_or_truncated_file_is_said(tmp_path, text, said):
    (tmp_path / "val.json").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match="not in the set's published form") as error:
        MultiNewsPlus(data_dir=str(tmp_path)).load(tmp_path)
    assert said in str(error.value)
