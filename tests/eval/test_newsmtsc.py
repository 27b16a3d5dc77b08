import json

import pytest

from eval.tasks.newsmtsc import Newsmtsc
from toolkit.errors import SourceError

TRAIN = [("Crowds cheered Ann.", [("Ann", 6.0)]), ("Ben cheated Ann.", [("Ben", 2.0), ("Ann", 4.0)])]
TEST = [("Cem praised Dee.", [("Cem", 4.0), ("Dee", 6.0)]), ("Eve fumbled\u2028again.", [("Eve", 2.0)])]


def write(folder, name, rows):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.jsonl"
    lines = []
    for n, (text, targets) in enumerate(rows):
        marks = [{"Input.gid": f"g{n}{m}", "from": text.index(m), "to": text.index(m) + len(m), "mention": m,
                  "polarity": p} for m, p in targets]  # fmt: skip
        raw = {"primary_gid": f"g{n}", "sentence_normalized": text, "targets": marks}
        lines.append(json.dumps(raw, ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def root(tmp_path):
    write(tmp_path / "newsmtsc", "train", TRAIN)
    write(tmp_path / "newsmtsc", "devtest_mt", TEST)
    return tmp_path


def test_a_target_is_a_text_of_its_own(root):
    task = Newsmtsc()
    (item,) = task.items(task.load(root))
    assert item.data["train_labels"] == ["positive", "negative", "neutral"]
    assert item.data["texts"][1] == {"text": "Cem praised Dee.", "target": [12, 15]}
    assert item.gold["labels"] == ["neutral", "positive", "negative"]
    assert len(set(item.gold["units"])) == 2


def test_scores_over_targets(root):
    task = Newsmtsc()
    items = task.items(task.load(root))
    units = task.units(items, {"devtest_mt": ["neutral", "neutral", "negative"]})
    assert len(units) == 2
    assert task.measure(units) == pytest.approx(
        {"macro_f1": (2 / 3 + 1 + 0) / 3, "weighted_f1": (2 / 3 + 1 + 0) / 3, "accuracy": 2 / 3}
    )
    assert tuple(task.measure(units)) == task.metrics
    assert task.units(items, {}) == []


def test_rows_are_as_published(root):
    data = Newsmtsc().load(root)
    assert [r["part"] for r in data] == ["train", "train", "test", "test"]
    assert data[3]["sentence_normalized"] == TEST[1][0]
    assert data[0]["targets"] == [{"from": 15, "to": 18, "mention": "Ann", "polarity": 6.0}]


def test_another_split_in_another_folder_is_trained_on_the_usual_file(root):
    held = root / "held"
    write(held, "other_rw", TEST[:1])
    task = Newsmtsc(data_dir=str(held), split="other_rw")
    assert task.files(root) == [root / "newsmtsc" / "train.jsonl", held / "other_rw.jsonl"]
    assert task.items(task.load(root))[0].id == "other_rw"
    own = write(held, "train", TRAIN[:1])
    assert task.files(root)[0] == own
    assert task.name == "newsmtsc-other_rw"


def test_limit_takes_the_first_sentences(root):
    task = Newsmtsc(limit=1)
    (item,) = task.items(task.load(root))
    assert (len(item.data["train_texts"]), len(item.data["texts"])) == (1, 2)


def test_a_missing_file_says_where_it_is_from(root):
    with pytest.raises(SourceError, match=r"devtest_xy.jsonl: no such file; get it from .*fhamborg/NewsMTSC \(MIT\)"):
        Newsmtsc(split="devtest_xy").load(root)
    (root / "newsmtsc" / "train.jsonl").unlink()
    with pytest.raises(SourceError, match=r"train.jsonl: no such file"):
        Newsmtsc().load(root)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"polarity": 2.0', '"polarity": 3.0', "line 2: polarity 3.0; there are 2.0, 4.0, 6.0"),
        ('"to": 3', '"to": 300', "line 1: target 0–300 is outside its sentence of 16 characters"),
        ('"mention"', '"name"', "line 1 has no field 'mention'"),
        ("sentence_normalized", "sentence", "line 1 has no field 'sentence_normalized'"),
        ('"targets": [', '"targets": [7, ', "line 1: "),
        ('2.0}]}\n', '2.0', "line 2: "),
    ],
)  # fmt: skip
def test_another_form_is_refused(root, old, new, said):
    path = root / "newsmtsc" / "devtest_mt.jsonl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SourceError, match=said) as caught:
        Newsmtsc().load(root)
    assert str(path) in str(caught.value)


def test_an_empty_file_is_refused(root):
    (root / "newsmtsc" / "train.jsonl").write_text("\n")
    with pytest.raises(SourceError, match="there are no rows"):
        Newsmtsc().load(root)
