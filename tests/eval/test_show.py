import pytest
from eval_made import options, write_framediff

from eval.__main__ import main
from eval.compare import Contest, compare_runs, comparison_table, superscript
from eval.config import EvalConfig
from eval.plots import interval_chart, reliability_chart, unit_chart
from eval.run import run
from eval.show import load_run, load_runs, table
from eval.stats import PairedTest
from toolkit.errors import ResultError

SYSTEMS = [{"kind": "cosine-compare", "encoder": {"kind": "fake"}, "threshold": t} for t in (0.4, 1.0)]


@pytest.fixture
def made(tmp_path):
    folder = write_framediff(tmp_path / "set", [f"p{n}" for n in range(8)])
    return run(EvalConfig.model_validate(options(folder, systems=SYSTEMS)), out=tmp_path / "runs").folder


def test_a_run_loads_as_frames(made):
    frames = load_run(made)
    assert set(frames.scores["system"]) == {"cosine-fake-256-0.4", "cosine-fake-256-1"}
    assert frames.scores[frames.scores["main"]]["metric"].unique().tolist() == ["difference_kind_f1"]
    assert len(frames.items) == 16
    assert (frames.items["error"] == "").all()
    assert set(frames.units["unit"]) == {f"p{n}" for n in range(8)}
    assert repr(frames).startswith("<RunFrames made/")


def test_show_prints_and_writes(made, tmp_path, capsys):
    files = {kind: tmp_path / f"t.{kind}" for kind in ("markdown", "csv", "html")}
    flags = [word for kind, path in files.items() for word in (f"--{kind}", str(path))]
    assert main(["show", str(made), *flags]) == 0
    assert "framediff" in capsys.readouterr().out
    assert "| framediff | cosine-fake-256-0.4 | difference_kind_f1 | 0.000 [" in files["markdown"].read_text("utf-8")
    assert "alignment_recall" in files["csv"].read_text("utf-8")
    page = files["html"].read_text("utf-8")
    assert "<svg" in page
    assert "http" not in page.replace("http://www.w3.org", "")


def test_metrics_that_the_config_names_are_all_shown(tmp_path):
    names = ["alignment_f1", "alignment_recall", "alignment_precision", "difference_span_f1"]
    folder = write_framediff(tmp_path / "set", ["p1"])
    config = EvalConfig.model_validate(options(folder, metrics=names))
    shown = table(load_run(run(config, out=tmp_path / "runs").folder))["metric"].tolist()
    assert sorted(shown) == sorted({*names, "difference_kind_f1"})


def test_two_runs_stand_in_one_table(made):
    assert table(load_runs([made, made])).columns[0] == "task"  # the same run twice is one
    assert len(table(load_run(made))) == 2


def test_plots_of_units_and_of_a_named_metric(made):
    frames = load_run(made)
    assert "alignment_f1" in interval_chart(frames.scores, "framediff", metric="alignment_f1").to_json()
    assert "p3" in unit_chart(frames.units, "framediff", "alignment_f1").to_json()
    with pytest.raises(ValueError, match="no scores"):
        interval_chart(frames.scores, "none")


def test_reliability_of_a_bin_has_its_share_interval_and_n():
    chart = reliability_chart([0.05, 0.1, 0.15, 0.9, 1.0], truths=[False, False, True, True, True])
    (rows,) = [d for d in chart.to_dict()["datasets"].values() if "share" in d[0]]
    assert [(round(r["said"], 2), round(r["share"], 2), r["n"]) for r in rows] == [
        (0.1, 0.33, "n 3"),
        (0.95, 1.0, "n 2"),
    ]
    assert all(0 <= r["low"] < r["share"] <= r["high"] <= 1 for r in rows)
    with pytest.raises(ValueError, match="got 1 and 2"):
        reliability_chart([0.5], truths=[True, False])
    with pytest.raises(ValueError, match="got 0 and 0"):
        reliability_chart([], truths=[])


def test_compare_tests_the_systems_of_a_run(made, tmp_path, capsys):
    flags = [word for kind in ("markdown", "csv", "html") for word in (f"--{kind}", str(tmp_path / f"c.{kind}"))]
    assert main(["compare", str(made), *flags]) == 0
    (contest,) = compare_runs([str(made)])
    ((pair, test),) = contest.tests.items()
    assert pair == ("cosine-fake-256-0.4", "cosine-fake-256-1")
    assert (test.n, test.p) == (8, 1.0)
    assert "p_holm" in (tmp_path / "c.csv").read_text("utf-8")
    page = (tmp_path / "c.html").read_text("utf-8")
    assert page.count("<table>") == 2
    assert "<svg" in page


def test_compare_of_one_system_with_itself_in_another_run(made):
    (contest,) = compare_runs([f"{made}:cosine-fake-256-1", f"{made}:cosine-fake-256-0.4"])
    assert len(contest.tests) == 1


def test_letters_name_the_systems_that_are_beaten():
    better = PairedTest(-0.3, -0.4, -0.2, 0.01, 9)
    level = PairedTest(0.0, -0.1, 0.1, 0.9, 9)
    tests = {("one", "two"): better, ("one", "three"): level, ("two", "three"): level}
    scores = {"one": 0.1, "two": 0.4, "three": 0.1}
    lower = Contest("t", "m", True, scores, tests)
    assert comparison_table([lower])["value"].tolist() == ["0.100ᵇ", "0.400", "0.100"]
    assert Contest("t", "m", False, scores, tests).beaten("two") == ["one"]
    assert superscript("ab") == "ᵃᵇ"


@pytest.mark.parametrize("words", [["show", "none"], ["compare", "none"], ["compare", "none:x"]])
def test_what_is_no_run_is_refused(words, capsys):
    assert main(words) == 2
    assert "none" in capsys.readouterr().err


def test_an_unknown_system_is_refused_with_the_choices(made):
    with pytest.raises(ResultError, match=r"no system 'x'; there are cosine-fake"):
        compare_runs([f"{made}:x"])
