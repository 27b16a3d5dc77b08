import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from eval_made import options, write_config, write_framediff

from eval.__main__ import main
from eval.config import EvalConfig
from eval.record import RunFolder, read_predictions, without_nan
from eval.run import read_results, run
from eval.systems import CosineCompare
from toolkit.errors import ResultError

ROOT = Path(__file__).parents[2]
NAMES = ["p1", "p2", "p3"]


@pytest.fixture
def config(tmp_path):
    return EvalConfig.model_validate(options(write_framediff(tmp_path / "set", NAMES)))


def test_a_run_leaves_its_record(config, tmp_path):
    done = run(config, out=tmp_path / "runs")
    assert done.well
    (result,) = done.results
    assert (result.status, result.items, result.failed, result.metrics["alignment_f1"].n) == ("scored", 3, 0, 3)
    assert next(iter(result.metrics)) == "difference_kind_f1"
    assert set(result.units) == set(NAMES)
    record = json.loads((done.folder / "record.json").read_text(encoding="utf-8"))
    assert {"commit", "dirty", "versions", "machine", "data", "code"} <= record.keys()
    assert EvalConfig.model_validate(yaml.safe_load((done.folder / "config.yaml").read_text())) == config
    written = json.loads((done.folder / "predictions/framediff" / result.system / "p1.json").read_text())
    assert written["id"] == "p1"
    assert ["A0", "B0"] in written["alignments"]


def test_the_record_is_the_results(config, tmp_path):
    done = run(config, out=tmp_path)
    again = read_results(RunFolder(done.folder))
    assert str(again) == str(list(done.results))  # NaN differs from itself, its text does not


def test_only_the_metrics_asked_for_are_recorded(config, tmp_path):
    config = config.model_copy(update={"metrics": ("alignment_f1",)})
    (result,) = run(config, out=tmp_path).results
    both = ["difference_kind_f1", "alignment_f1"]
    assert list(result.metrics) == both
    assert all(list(row) == both for row in result.units.values())


def test_a_finished_run_predicts_nothing_anew(config, tmp_path, monkeypatch):
    first = run(config, out=tmp_path)
    monkeypatch.setattr(CosineCompare, "predict", lambda *_: pytest.fail("predicted again"))
    assert run(config, out=tmp_path).folder == first.folder


def test_other_options_and_other_data_have_folders_of_their_own(config, tmp_path):
    first = run(config, out=tmp_path / "runs").folder
    assert run(config.model_copy(update={"seed": 1}), out=tmp_path / "runs").folder != first
    write_framediff(tmp_path / "set", [*NAMES, "p4"])
    assert run(config, out=tmp_path / "runs").folder != first


def test_a_system_that_breaks_on_one_item_is_recorded_and_counted(config, tmp_path, monkeypatch, capsys):
    real = CosineCompare.predict

    def breaks(self, item):
        if item.id == "p2":
            raise RuntimeError("cannot do\nthis one")
        return real(self, item)

    monkeypatch.setattr(CosineCompare, "predict", breaks)
    done = run(config, out=tmp_path)
    (result,) = done.results
    assert not done.well
    assert (result.status, result.failed, result.metrics["alignment_f1"].n) == ("scored", 1, 2)
    (file,) = done.folder.glob("predictions/*/*.jsonl")
    assert read_predictions(file)["p2"] == {"id": "p2", "error": "RuntimeError: cannot do this one"}


def test_what_is_no_json_number_is_a_failure(config, tmp_path, monkeypatch):
    monkeypatch.setattr(CosineCompare, "predict", lambda *_: [float("nan")])
    (result,) = run(config, out=tmp_path).results
    assert result.status == "failed"
    assert "no item could be scored" in result.reason


@pytest.mark.parametrize("damage", ["missing", "truncated", "columns"])
def test_a_task_with_wrong_data_fails_alone(tmp_path, damage, capsys):
    folder = write_framediff(tmp_path / "set", NAMES)
    file = folder / "pairs" / "p1.json"
    text = {"missing": "", "truncated": '{"articles": [', "columns": '{"texts": []}'}[damage]
    file.write_text(text, encoding="utf-8")
    if damage == "missing":
        file.unlink()
    tasks = [{"kind": "framediff", "data_dir": str(folder)}, {"kind": "nulls", "split": "examples", "limit": 1}]
    path = write_config(tmp_path / "c.yaml", options(folder, tasks=tasks))
    assert main([str(path), "--out", str(tmp_path / "runs"), "--quiet"]) == 1
    said = capsys.readouterr()
    assert "framediff / " in said.err
    assert "p1.json" in said.err
    results = read_results(RunFolder(Path(said.out.strip())))
    assert [r.status for r in results] == ["failed", "scored"]


def test_a_system_that_is_not_installed_is_skipped_and_said_so(config, tmp_path, monkeypatch):
    monkeypatch.setattr(CosineCompare, "missing", lambda _: "needs pip install it")
    done = run(config, out=tmp_path)
    assert [(r.status, r.reason) for r in done.results] == [("skipped", "needs pip install it")]
    assert done.well


def test_a_wrong_config_is_two(tmp_path, capsys):
    path = write_config(tmp_path / "c.yaml", {"name": "x"})
    assert main([str(path)]) == 2
    assert "tasks: needed" in capsys.readouterr().err


def test_a_torn_last_line_is_cut_off(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "a", "prediction": 1}\n{"id": "b", "predi', encoding="utf-8")
    assert list(read_predictions(path)) == ["a"]
    assert path.read_text(encoding="utf-8").endswith("1}\n")


def test_a_spoiled_line_in_the_middle_is_refused(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "a", \n{"id": "b", "prediction": 1}\n', encoding="utf-8")
    with pytest.raises(ResultError, match=r"x\.jsonl:1"):
        read_predictions(path)


def test_nan_is_null_in_the_record():
    assert without_nan({"a": [float("nan"), 1.0], "b": (float("inf"),)}) == {"a": [None, 1.0], "b": [None]}


def started(path, out, code):
    words = [sys.executable, "-m", "eval", str(path), "--out", str(out), "--quiet"]
    return subprocess.Popen(words, cwd=code, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def everything(out):
    return {
        str(f.relative_to(out)): f.read_bytes()
        for f in sorted(out.rglob("*"))
        if f.is_file() and f.name != "timings.json" and not f.name.endswith(".tmp")
    }


def test_killed_ten_times_and_resumed_the_record_is_that_of_an_undisturbed_run(tmp_path):
    total, rng = 100, random.Random(7)
    # A copy of the code: the hash of the record is over it, and nobody edits this one. It runs without weights.
    code = tmp_path / "code"
    for package in ("eval", "toolkit"):
        shutil.copytree(ROOT / package, code / package, ignore=shutil.ignore_patterns("__pycache__", "models"))
    folder = write_framediff(tmp_path / "set", [f"p{n:03}" for n in range(total)])
    path = write_config(tmp_path / "c.yaml", options(folder, bootstrap=200))
    calm, rough = tmp_path / "calm", tmp_path / "rough"
    whole = started(path, calm, code)
    said, _ = whole.communicate()
    assert whole.returncode == 0, said
    marks, killed = sorted(rng.sample(range(1, total), 9)), 0
    for mark in [0, *marks]:
        run_ = started(path, rough, code)
        # A seeded moment: some while after a seeded number of items stands in the record.
        while run_.poll() is None and sum(f.read_bytes().count(b"\n") for f in rough.rglob("*.jsonl")) < mark:
            time.sleep(0.002)
        time.sleep(rng.uniform(0, 0.01))
        if run_.poll() is None:
            run_.send_signal(signal.SIGKILL)
            killed += 1
        run_.communicate()
    last = started(path, rough, code)
    said, _ = last.communicate()
    assert last.returncode == 0, said
    assert killed == 10
    assert everything(rough) == everything(calm)
