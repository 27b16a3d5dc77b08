from math import isnan

import pytest

from eval.stats import estimates
from eval.tasks.polnear import Polnear
from toolkit.errors import SourceError

TEXT = 'Harbour to close\n\nThe mayor said the harbour would close. Nobody objected.\n"It is late," a sailor told us.\n'


def note(key, role, words, text=TEXT):
    begin = text.index(words)
    return f"{key}\t{role} {begin} {begin + len(words)}\t{words}"


NOTES = "\n".join(
    [
        note("T1", "Source", "The mayor"),
        note("T2", "Cue", "said"),
        note("T3", "Content", "the harbour would close"),
        note("T4", "Attribution", "said"),
        "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1",
        "#1\tAnnotatorNotes T4\tsure",
        "of it",
        note("T5", "Content", "It is"),
        note("T6", "Content", "late,"),
        note("T7", "Cue", "told us"),
        note("T8", "Source", "a sailor"),
        note("T9", "Attribution", "told us"),
        "E2\tAttribution:T9 Content:T5 Cue:T7 Source:T8 Content2:T6",
        "",
    ]
)


def write(root, *, split="dev", name="a_2031-01-01_x", text=TEXT, notes=NOTES, annotator="zz"):
    for folder, file, body in (("text", f"{name}.txt", text), ("attributions", f"{name}_{annotator}.ann", notes)):
        place = root / "polnear" / split / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / file).write_text(body, encoding="utf-8", newline="")


def test_load_reads_the_standoff_format(tmp_path):
    write(tmp_path)
    row = Polnear().load(tmp_path)[0]
    assert (row["doc_id"], row["annotator"], row["text"]) == ("a_2031-01-01_x", "zz", TEXT)
    first, second = row["attributions"]
    assert [TEXT[b:e] for b, e in first["source"] + first["cue"]] == ["The mayor", "said"]
    assert [TEXT[b:e] for b, e in second["content"]] == ["It is", "late,"]


def test_items_hold_tokens_by_sentence_and_their_places(tmp_path):
    write(tmp_path)
    task = Polnear()
    (item,) = task.items(task.load(tmp_path))
    words, starts = item.data["sentences"], item.data["starts"]
    assert [s[0] for s in words] == ["Harbour", "The", "Nobody", '"']
    assert all(
        TEXT[b : b + len(w)] == w for s, at in zip(words, starts, strict=True) for w, b in zip(s, at, strict=True)
    )
    assert item.gold[0] == item.gold[2] == []
    assert item.gold[1] == [{"source": [0, 1], "cue": [2], "content": [3, 4, 5, 6]}]
    assert [words[3][i] for i in item.gold[3][0]["content"]] == ["It", "is", "late", ","]


def test_the_first_reader_by_name_counts_and_limit_cuts(tmp_path):
    write(tmp_path, annotator="bb", notes="")
    write(tmp_path, annotator="aa")
    write(tmp_path, name="b_2031-01-02_y", notes="")
    assert [r["annotator"] for r in Polnear().load(tmp_path)] == ["aa", "zz"]
    assert len(Polnear(limit=1).load(tmp_path)) == 1
    assert len(Polnear().files(tmp_path)) == 4


def test_another_folder_and_split(tmp_path):
    write(tmp_path, split="test", name="other_paper")
    task = Polnear(data_dir=str(tmp_path / "polnear"), split="test")
    assert task.name == "polnear-test"
    assert task.load(tmp_path / "nowhere")["doc_id"] == ["other_paper"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"notes": NOTES[: NOTES.index("E2")]}, "T9 has no event line"),
        ({"notes": NOTES.replace("T5\tContent", "T55\tContent")}, "E2 names 'T5'"),
        ({"notes": NOTES.replace("\tThe mayor", "")}, "between tabs"),
        ({"text": TEXT[:40]}, "the text has"),
        ({"text": "\n" + TEXT}, "the text has"),
    ],
)
def test_truncated_and_changed_files(tmp_path, change, said):
    write(tmp_path, **change)
    with pytest.raises(SourceError, match=said):
        Polnear().load(tmp_path)


def test_missing_files_name_the_repository(tmp_path):
    with pytest.raises(SourceError, match="networkdynamics/PolNeAR"):
        Polnear().load(tmp_path)
    write(tmp_path)
    texts = tmp_path / "polnear/dev/text"
    (texts / "lone.txt").write_text("A word.", encoding="utf-8")
    with pytest.raises(SourceError, match=r"lone_\*\.ann is missing"):
        Polnear().load(tmp_path)
    for file in texts.iterdir():
        file.unlink()
    with pytest.raises(SourceError, match=r"no \.txt"):
        Polnear().load(tmp_path)
    (texts / "lone.txt").write_bytes(b"\xff")
    with pytest.raises(SourceError, match="which has attributions"):
        Polnear().load(tmp_path)


def test_not_utf8(tmp_path):
    write(tmp_path)
    (tmp_path / "polnear/dev/text/a_2031-01-01_x.txt").write_bytes(TEXT.encode() + b"\xff")
    with pytest.raises(SourceError, match="UTF-8"):
        Polnear().load(tmp_path)


def test_metrics_by_hand(tmp_path):
    write(tmp_path)
    task = Polnear()
    items = task.items(task.load(tmp_path))
    # Sentence 1 right but for half the source, a cue too many in sentence 2, sentence 3 not found.
    prediction = [[], [{"source": [1], "cue": [2], "content": [3, 4, 5, 6]}], [{"cue": [1], "source": [0]}], []]
    scores = task.measure(task.units(items, {items[0].id: prediction}))
    assert tuple(scores) == task.metrics
    assert scores["cue_sentence_precision"] == scores["cue_sentence_recall"] == scores["cue_sentence_f1"] == 0.5
    assert scores["attributed_f1"] == 0.5
    assert scores["source_overlap_f1"] == 0.5  # "mayor" of two predicted; "The mayor" of two gold
    assert scores["source_span_f1"] == 0
    assert scores["cue_span_f1"] == 0.5
    assert scores["source_token_f1"] == pytest.approx(2 / 6)  # 1 of 2 predicted, of 4 gold
    assert scores["source_character_f1"] == pytest.approx(2 * 5 / (11 + 15))  # mayor; +Nobody; The mayor a sailor
    assert scores["content_token_f1"] == pytest.approx(2 * 4 / (4 + 8))
    assert scores["content_span_f1"] == pytest.approx(2 / 3)


def test_perfect_empty_and_no_predictions(tmp_path):
    write(tmp_path)
    write(tmp_path, name="b_2031-01-02_y")
    task = Polnear()
    items = task.items(task.load(tmp_path))
    units = task.units(items, {i.id: i.gold for i in items})
    assert all(e.value == e.low == 1 and e.n == 2 for e in estimates(units, task.measure, rounds=10).values())
    assert task.measure(task.units(items, {i.id: [[]] * 4 for i in items}))["cue_sentence_f1"] == 0
    assert task.units(items, {}) == []
    assert all(isnan(x) for x in task.measure([]).values())
    with pytest.raises(ValueError, match="expected 4 sentences"):
        task.units(items, {items[0].id: []})
