import csv

import pytest

from eval.tasks.gvc import Gvc
from toolkit.errors import SourceError

HEADER = ["", "topic/subtopic_name/doc", "sent_id", "token_id", "token", "reference"]
DOCUMENTS = {
    "0/71/aa": ["2016-05-02", "Man , hurt", "Shots fell . //n Police came ."],
    "0/71/ab": ["2016-05-01", "Shots", "A man was hurt ."],
    "0/80/ba": ["2016-04-01", "Boy found", 'He said " no " .'],
    "3/90/ca": ["No date here", "Only text ."],
}


def write(folder, *, header=HEADER, documents=DOCUMENTS):
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        [key, s, t, token, "-"]
        for key, sentences in documents.items()
        for s, sentence in enumerate(sentences)
        for t, token in enumerate(sentence.split())
    ]
    with (folder / "conll.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header, *([n, *row] for n, row in enumerate(rows))])
    return folder / "conll.csv"


def test_documents_and_batches(tmp_path):
    write(tmp_path / "gvc" / "val")
    task = Gvc(batch=2)
    data = task.load(tmp_path)
    assert data[0]["subtopic"] == "71"
    assert data[0]["sentences"][1] == ["Man", ",", "hurt"]
    items = task.items(data)
    assert [sorted(i.gold) for i in items] == [["0/80", "3/90"], ["0/71", "0/71"]]
    assert {"title": "Man , hurt", "text": "Shots fell . \n Police came ."} in items[1].data["articles"]
    assert {"title": "No date here", "text": "Only text ."} in items[0].data["articles"]
    assert "2016" not in str([i.data for i in items])
    assert len(Gvc(batch=2, limit=1).items(data)) == 1


def test_another_split_and_folder(tmp_path):
    write(tmp_path / "test", documents={"5/1/z": ["2020-01-01", "Title", "Text ."]})
    task = Gvc(data_dir=str(tmp_path), split="test", batch=5)
    assert task.name == "gvc-test-batch5"
    assert [i.id for i in task.items(task.load(tmp_path / "none"))] == ["from-5/1"]


def test_a_changed_file_is_refused(tmp_path):
    path = write(tmp_path / "gvc" / "val", header=["", "doc", *HEADER[2:]])
    with pytest.raises(SourceError, match="no column topic/subtopic_name/doc"):
        Gvc().load(tmp_path)
    path = write(tmp_path / "gvc" / "val")
    whole = path.read_text(encoding="utf-8").strip()
    path.write_text(whole[:-4], encoding="utf-8")
    with pytest.raises(SourceError, match=f"line {len(whole.splitlines())} is not whole"):
        Gvc().load(tmp_path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(SourceError, match="no column"):
        Gvc().load(tmp_path)


def test_a_missing_file_says_where_to_get_it(tmp_path):
    with pytest.raises(SourceError, match="cltl/GunViolenceCorpus"):
        Gvc().load(tmp_path)
