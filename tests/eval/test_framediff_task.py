import json
import subprocess
import sys
from pathlib import Path

import pytest
from eval_made import naming, options, write_framediff

from eval.config import EvalConfig
from eval.run import run
from eval.stats import estimates
from eval.tasks import FrameDiff
from toolkit.errors import SourceError

SHARED = Path(__file__).parents[3] / "shared" / "framediff"
LEVELS = ("place", "kind", "span")


def scored(folder, predictions):
    task = FrameDiff(data_dir=str(folder))
    items = task.items(task.load(Path("nowhere")))
    return task.measure(task.units(items, {i.id: predictions for i in items}))


def test_by_hand(tmp_path):
    folder = write_framediff(tmp_path, ["q1"])
    predicted = {
        "alignments": [["A0", "B0"], ["A3", "B0"]],
        "differences": [naming("A1", "B1", "rioters", "someone"), naming("A1", "B1", kind="wording")],
    }
    got = scored(folder, predicted)
    assert (got["alignment_precision"], got["alignment_recall"]) == (0.5, 1.0)
    assert got["alignment_annotators"] == pytest.approx(2 / 3)
    assert (got["difference_kind_precision"], got["difference_kind_recall"]) == (0.5, 1.0)
    assert got["difference_kind_f1"] == pytest.approx(2 / 3)
    assert got["difference_place_f1"] == 1.0  # both stand where the readings have one
    assert got["difference_span_f1"] == 0.0  # "someone" touches no span
    assert got["omission_kind_f1"] == 1.0  # none predicted, none core: the set's own rule
    assert got["naming_f1"] == 1.0
    assert got["wording_precision"] == 0.0
    assert got["stance_f1"] != got["stance_f1"]  # nobody names one: not defined


def test_every_metric_named_is_measured(tmp_path):
    task = FrameDiff()
    got = scored(write_framediff(tmp_path, ["q1", "q2"]), {"alignments": [], "differences": []})
    assert tuple(got) == task.metrics
    assert task.metrics[0] == "difference_kind_f1"


@pytest.mark.skipif(not SHARED.is_dir(), reason="no shared data here")
def test_figures_are_those_of_the_sets_own_program_digit_for_digit(tmp_path):
    options_ = options(SHARED, systems=[{"kind": "cosine-compare", "encoder": {"kind": "fake"}, "threshold": 0.4}])
    config = EvalConfig.model_validate(options_)
    # The fake system finds no differences, so one reading of each pair, somewhat spoiled, is scored too.
    (record,) = run(config, out=tmp_path).folder.glob("predictions/framediff/*/")
    spoiled = tmp_path / "spoiled"
    spoiled.mkdir()
    for file in SHARED.glob("gold/*.1.json"):
        raw = json.loads(file.read_text(encoding="utf-8"))
        raw["differences"] = [
            {**d, "kind": "wording"} if n % 3 == 1 and d["kind"] != "omission" else {**d, "a_span": "zz"} if n % 5 == 2
            else d for n, d in enumerate(raw["differences"]) if n % 4
        ]  # fmt: skip
        raw["alignments"] = [*raw["alignments"][::2], ["A0", "B9"]]
        (spoiled / file.name.replace(".1.", ".")).write_text(json.dumps(raw), encoding="utf-8")
    task = FrameDiff(data_dir=str(SHARED))
    items = task.items(task.load(SHARED))
    for folder in (record, spoiled):
        predictions = {f.stem: json.loads(f.read_text(encoding="utf-8")) for f in folder.glob("*.json")}
        units = task.units(items, predictions)
        ours = {k: e.value for k, e in estimates(units, task.measure, rounds=10).items()}
        done = subprocess.run(
            [sys.executable, SHARED / "score.py", folder, "--json"], capture_output=True, text=True, check=True
        )
        theirs = json.loads(done.stdout)
        names = {"alignments": "alignment"} | {
            f"{g}s / {lv}": f"{g}_{lv}" for g in ("difference", "omission") for lv in LEVELS
        }
        assert theirs.keys() == names.keys()
        for key, row in theirs.items():
            for figure in ("precision", "recall", "f1", "annotators"):
                assert ours[f"{names[key]}_{figure}"] == row[figure], (key, figure)


def test_another_folder_with_other_pairs_works(tmp_path):
    folder = write_framediff(tmp_path / "other", ["zz-9", "k"])
    data = FrameDiff(data_dir=str(folder)).load(tmp_path)
    assert data["id"] == ["k", "zz-9"]
    assert len(FrameDiff(data_dir=str(folder), limit=1).load(tmp_path)) == 1


def test_default_folder_is_beside_the_root(tmp_path):
    write_framediff(tmp_path / "framediff", ["q"])
    assert len(FrameDiff().files(tmp_path / "data")) == 3


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("gold/q.2.json", None, "no such file"),
        ("gold/q.1.json", '{"alignments": [["A', "published form"),
        ("gold/q.1.json", '{"alignment": []}', "alignments"),
        ("pairs/q.json", '{"articles": [{"sents": []}]}', "sentences"),
        ("pairs/q.json", '{"articles": [{"sentences": ["x"]}]}', "two articles"),
    ],
)
def test_missing_truncated_and_changed_files_are_named(tmp_path, file, text, said):
    folder = write_framediff(tmp_path, ["q"])
    if text is None:
        (folder / file).unlink()
    else:
        (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=said) as caught:
        FrameDiff(data_dir=str(folder)).load(tmp_path)
    assert file.rpartition("/")[2] in str(caught.value)
