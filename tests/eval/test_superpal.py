import csv
from pathlib import Path

import numpy as np
import pytest

from eval.tasks.superpal import SuperPal, ranked
from toolkit.errors import SourceError


def row(topic, span, file, at, **other):
    return {
        "database": "MultiNews", "topic": topic, "summaryFile": "s", "scuSentCharIdx": "0", "scuSentence": "A dam.",
        "scuOffsets": "0, 5", "scuText": "A dam", "documentFile": file, "docSentCharIdx": str(at),
        "docSentText": f"Sentence {file} {at}.", "docSpanOffsets": "0, 3", "summarySpanOffsets": span,
        "docSpanText": "Sen", "summarySpanText": f"span {span}",
    } | other  # fmt: skip


def write(path: Path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


ROWS = [row("t1", "0, 4", "b", 10), row("t1", "0, 4", "a", 90), row("t1", "5, 9", "a", 20), row("t2", "0, 4", "a", 3)]


def test_candidates_are_the_topics_aligned_sentences(tmp_path):
    write(tmp_path / "superpal" / "dev_MN_only.csv", [*ROWS, ROWS[0]])
    task = SuperPal()
    one, two = task.items(task.load(tmp_path))
    assert one.data["documents"] == [
        ["span 0, 4", "span 5, 9"], ["Sentence a 20.", "Sentence a 90."], ["Sentence b 10."],
    ]  # fmt: skip
    assert one.data["pairs"][:3] == [[0, 0, 1, 0], [0, 0, 1, 1], [0, 0, 2, 0]]
    assert one.gold["labels"] == [[0, 1, 1], [1, 0, 0]]
    assert two.gold["labels"] == [[1]]


def test_ranks_by_hand():
    labels = np.array([[0, 1, 1], [1, 0, 0]], dtype=bool)
    # The first span: 2nd and 3rd of three; the second: all scores are equal, so the right one comes last.
    found = ranked(np.array([0.9, 0.5, 0.1, 0.2, 0.2, 0.2]), labels)
    assert found.tolist() == [[0.5, 0, 0, 1.0], [pytest.approx(1 / 3), 0, 0, 1.0]]
    assert ranked(np.array([0.1, 0.5, 0.2, 0.9, 0.2, 0.2]), labels).tolist() == [[1, 1, 0.5, 1], [1, 1, 1, 1]]


def test_means_are_over_spans(tmp_path):
    path = write(tmp_path / "x" / "test_MN_only.csv", ROWS)
    task = SuperPal(data_dir=str(path.parent), split="test")
    items = task.items(task.load(tmp_path))
    units = task.units(items, {"t1": [3.0, 2.0, 1.0, 3.0, 2.0, 1.0], "t2": [0.0]})
    assert task.measure(units)["mrr"] == pytest.approx((0.5 + 1 + 1) / 3)
    assert task.measure(units)["hit_1"] == pytest.approx(2 / 3)
    assert [u.id for u in task.units(items, {"t2": [0.0]})] == ["t2"]


def test_missing_truncated_changed(tmp_path):
    with pytest.raises(SourceError, match="oriern/SuperPAL"):
        SuperPal().load(tmp_path)
    path = write(tmp_path / "superpal" / "dev_MN_only.csv", ROWS)
    text = path.read_text(encoding="utf-8")
    for changed, said in (
        (text[:-40], "row 4: no"),
        (text.replace("docSentText", "sentence"), "row 1: no 'docSentText'"),
        (text.replace(",90,", ",x,"), "expected a number"),
        (text + 'MultiNews,"t', "not a whole table"),
        (text.splitlines()[0], "no row"),
    ):
        path.write_text(changed, encoding="utf-8")
        with pytest.raises(SourceError, match=said):
            SuperPal().load(tmp_path)
