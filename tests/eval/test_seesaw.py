import json
import math

import pytest

from eval.tasks._stories import batches, bcubed
from eval.tasks.seesaw import Seesaw
from toolkit.errors import SourceError

STORIES = {"TRIPLET_004": ("2020-03-01", "train"), "TRIPLET_001": ("2020-02-01", "valid"), "X_9": ("2020-01-01", "new")}


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "seesaw"
    (folder / "articles").mkdir(parents=True)
    (folder / "meta").mkdir()
    for story, (date, split) in STORIES.items():
        meta = {"story_title": story, "story_time": date, "Split": split}
        (folder / "meta" / f"{story}.json").write_text(json.dumps(meta), encoding="utf-8")
        for n in range(2):
            text = [{"id": 0, "text": f"First of {story}."}, {"id": 1, "text": f"Second, by outlet {n}."}]
            path = folder / "articles" / f"{story}_DOCUMENT_{n}.json"
            path.write_text(json.dumps({"title": f"{story} {n}", "text": text}), encoding="utf-8")
    return folder


def test_batches_follow_the_dates(home):
    task = Seesaw(batch=2)
    data = task.load(home.parent)
    items = task.items(data)
    assert data.num_rows == 6
    assert [i.id for i in items] == ["from-X_9", "from-TRIPLET_004"]
    assert sorted(items[0].gold) == ["TRIPLET_001", "TRIPLET_001", "X_9", "X_9"]
    for article, story in zip(items[0].data["articles"], items[0].gold, strict=True):
        assert article["title"].startswith(story)
        assert article["text"].startswith(f"First of {story}.\nSecond")
        assert set(article) == {"title", "text"}
    assert len(Seesaw(batch=2, limit=1).items(data)) == 1


def test_scores_by_hand(home):
    task = Seesaw(batch=2)
    items = task.items(task.load(home.parent))
    of = {story: n for n, story in enumerate(STORIES)}
    right = {"groups": [of[g] for g in items[0].gold], "similarity": sames(items[0].gold)}
    one = {"groups": [0, 0], "similarity": [[1, 0.5], [0.5, 1]]}
    units = task.units(items, {items[0].id: right, items[1].id: one})
    assert task.measure(units) == {"bcubed_f1": 1.0, "pairwise_f1": 1.0, "ap": 1.0}
    together = {"groups": [0] * 4, "similarity": [[1.0] * 4] * 4}
    scores = task.measure(task.units(items, {items[0].id: together}))
    # Precision 1/2 and recall 1 an article; 2 of 6 pairs right, all 2 found; AP of six ties is the base rate.
    assert scores == pytest.approx({"bcubed_f1": 2 / 3, "pairwise_f1": 2 * 2 / (6 + 2), "ap": 2 / 6})
    assert all(math.isnan(v) for v in task.measure([]).values())


def test_a_misshapen_prediction_is_named(home):
    task = Seesaw()
    items = task.items(task.load(home.parent))
    with pytest.raises(ValueError, match="expected 6 groups and 6 × 6 similarities, got 1 groups"):
        task.units(items, {items[0].id: {"groups": [0], "similarity": [[1.0]]}})


def test_bcubed_by_hand():
    precision, recall = bcubed(["a", "a", "a", "b"], [0, 0, 1, 1])
    assert precision == [1, 1, 0.5, 0.5]
    assert recall == pytest.approx([2 / 3, 2 / 3, 1 / 3, 1])


def test_batches_are_even():
    assert [len(b) for b in batches({str(n): "" for n in range(10)}, size=4)] == [4, 3, 3]


def test_one_split_of_another_folder(home):
    task = Seesaw(data_dir=str(home), split="valid")
    assert task.name == "seesaw-valid"
    assert set(task.load(home / "none")["story"]) == {"TRIPLET_001"}
    with pytest.raises(SourceError, match="no story of the split 'test'; there are new, train, valid"):
        Seesaw(data_dir=str(home), split="test").load(home)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("articles/X_9_DOCUMENT_0.json", '{"title": "a", "te', "X_9_DOCUMENT_0.json.*not whole JSON"),
        ("articles/X_9_DOCUMENT_0.json", '{"title": "a", "body": []}', "expected an object with title and text"),
        ("articles/X_9_DOCUMENT_0.json", '{"title": "a", "text": ["b"]}', "text is not a list of objects"),
        ("meta/X_9.json", "[]", "expected an object with story_time and Split"),
    ],
)
def test_a_changed_file_is_refused(home, file, content, said):
    (home / file).write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        Seesaw().load(home.parent)


def test_missing_files(home, tmp_path):
    (home / "meta" / "X_9.json").unlink()
    with pytest.raises(SourceError, match=r"X_9\.json: no such file; get it from .*launchnlp/SEESAW"):
        Seesaw().load(home.parent)
    with pytest.raises(SourceError, match="launchnlp/SEESAW"):
        Seesaw(data_dir=str(tmp_path / "none")).files(tmp_path)
    (tmp_path / "articles").mkdir()
    (tmp_path / "meta").mkdir()
    with pytest.raises(SourceError, match="no file is named"):
        Seesaw(data_dir=str(tmp_path)).files(tmp_path)


def sames(gold):
    return [[float(a == b) for b in gold] for a in gold]
