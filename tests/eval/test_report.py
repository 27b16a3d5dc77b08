import os
import re

import pytest
from eval_made import options, write_framediff

from eval.__main__ import main
from eval.config import EvalConfig
from eval.record import RunFolder
from eval.report import results_page
from eval.run import run
from eval.systems import CosineCompare
from toolkit.errors import ResultError

SYSTEMS = [{"kind": "cosine-compare", "encoder": {"kind": "fake"}, "threshold": t} for t in (1.0, 0.4)]
BETTER, WORSE = "cosine-fake-256-0.4", "cosine-fake-256-1"


@pytest.fixture
def folder(tmp_path):
    return write_framediff(tmp_path / "set", [f"p{n}" for n in range(8)])


def made(folder, tmp_path, **changes):
    config = EvalConfig.model_validate(options(folder, **{"systems": SYSTEMS, **changes}))
    return run(config, out=tmp_path / "runs").folder


def test_the_page_has_what_was_run_the_scores_and_the_sources(folder, tmp_path):
    place = made(folder, tmp_path, metrics=["alignment_f1", "alignment_recall"])
    out = tmp_path / "README.md"
    assert main(["report", str(place), "--out", str(out)]) == 0
    page = out.read_text("utf-8")
    assert page == results_page([place])
    assert f"python -m eval runs/made/{place.name}/config.yaml" in page
    assert re.search(r"config made, seed 0, 50 resamples; commit \w+.*; \d{4}-\d\d-\d\d, .* cores; python 3", page)
    assert "| system | difference_kind_f1 | n (pairs) | alignment_recall | alignment_f1 |" in page
    assert "annotated by language models" in page
    assert "Nothing was skipped" in page
    assert str(tmp_path) not in page


def test_systems_stand_by_rank_and_what_the_first_beats_is_marked(folder, tmp_path, monkeypatch):
    real = CosineCompare.predict

    def right(self, item):
        said = {"kind": "naming", "a": "A1", "b": "B1", "a_span": "rioters", "b_span": "protesters"}
        more = [{**said, "strength": 2, "why": ""}] if self.threshold < 1 else []
        return {**real(self, item), "differences": more}

    monkeypatch.setattr(CosineCompare, "predict", right)
    page = results_page([made(folder, tmp_path)])
    table = page[page.index("## framediff") :]
    assert table.index(BETTER) < table.index(WORSE)
    assert f"| {WORSE} | 0.000ᵃ [" in table
    assert "| metric | cosine-fake-256-0.4 | cosine-fake-256-1 |" in table  # many metrics: a table of their own


def test_a_system_trained_on_the_task_is_marked(folder, tmp_path, monkeypatch):
    trained = property(lambda s: {"framediff"} if s.threshold == 1 else set())
    monkeypatch.setattr(CosineCompare, "trained_on", trained, raising=False)
    page = results_page([made(folder, tmp_path)])
    assert f"| {WORSE}‡ |" in page
    assert f"| {BETTER} |" in page


def test_what_has_no_score_is_listed_with_its_reason(folder, tmp_path, monkeypatch):
    real = CosineCompare.predict
    monkeypatch.setattr(CosineCompare, "missing", lambda s: "needs pip install it" if s.threshold == 1 else "")

    def breaks(self, item):
        if item.id == "p2":
            raise KeyError(item.id)
        return real(self, item)

    monkeypatch.setattr(CosineCompare, "predict", breaks)
    page = results_page([made(folder, tmp_path)])
    assert f"- {WORSE}: skipped on framediff: needs pip install it" in page
    assert f"- {BETTER} on framediff: 1 of 8 items failed: KeyError: 'p2' (1×)" in page


def test_several_runs_are_one_page(folder, tmp_path):
    one = made(folder, tmp_path, name="one", systems=SYSTEMS[:1])
    two = made(folder, tmp_path, name="two")
    page = results_page([one, two])
    assert page.count(f"\n| {WORSE} |") == page.count(f"\n| {BETTER} |") == 1
    limited = made(folder, tmp_path, tasks=[{"kind": "framediff", "data_dir": str(folder), "limit": 2}])
    with pytest.raises(ResultError, match="report apart"):
        results_page([one, limited])


def test_a_record_that_is_no_longer_true_is_refused(folder, tmp_path):
    place = made(folder, tmp_path)
    scores = RunFolder(place).scores
    scores.write_text(scores.read_text("utf-8").replace('"value": 0.0', '"value": 0.5'), encoding="utf-8")
    with pytest.raises(ResultError, match="run it again"):
        results_page([place])


def test_the_day_of_an_older_record_is_that_of_its_scores(folder, tmp_path):
    place = made(folder, tmp_path)
    RunFolder(place).timings.unlink()
    os.utime(RunFolder(place).scores, (0, 0))
    assert "1970-01-01, 0 s" in results_page([place])
