import json

import pytest
from eval_made import options, write_config, write_framediff

from eval import gate
from eval.config import EvalConfig
from eval.record import data_hashes

SYSTEM = "cosine-fake-256-0.6"


@pytest.fixture
def floors(tmp_path, monkeypatch):
    """Sets the floor of the alignments, whose measured F1 is 0.667 or more; gives a function that runs the gate."""
    raw = options(write_framediff(tmp_path / "set", ["p1", "p2"]))
    path = write_config(tmp_path / "gate.yaml", raw)
    baselines, changelog = tmp_path / "baselines.json", tmp_path / "CHANGELOG.md"
    monkeypatch.setattr(gate, "BASELINES", baselines)
    monkeypatch.setattr(gate, "CHANGELOG", changelog)

    def put(floor, *flags, metric="alignment_f1", data=None, changed="## [Unreleased]\n"):
        seen = data_hashes(EvalConfig.model_validate(raw))["framediff"] if data is None else data
        known = {"framediff": {"data": seen, "floors": {SYSTEM: {metric: floor}}}}
        baselines.write_text(json.dumps(known), encoding="utf-8")
        changelog.write_text(changed, encoding="utf-8")
        code = gate.main(["--config", str(path), "--out", str(tmp_path / "runs"), *flags])
        return code, json.loads(baselines.read_text(encoding="utf-8"))["framediff"]["floors"][SYSTEM][metric]

    return put


def test_passes_at_or_above_the_floor(floors, capsys):
    assert floors(0.1)[0] == 0
    assert "n=2 pairs  floor 0.100" in capsys.readouterr().out


def test_fails_below_the_floor_and_says_which(floors, capsys):
    assert floors(1.1)[0] == 1
    assert "is below the floor 1.100" in capsys.readouterr().out


def test_fails_when_the_data_has_changed(floors, capsys):
    assert floors(0.1, data="another")[0] == 1
    assert "the data has changed" in capsys.readouterr().out


@pytest.mark.parametrize("metric", ["no_such", "stance_f1"])
def test_what_is_not_measured_or_not_defined_is_no_pass(floors, metric):
    assert floors(0.1, metric=metric)[0] == 1


def test_update_raises_by_itself(floors):
    code, floor = floors(0.1, "--update")
    assert code == 0
    assert floor > 0.1


def test_update_does_not_lower_by_itself(floors):
    assert floors(1.1, "--update") == (0, 1.1)


@pytest.mark.parametrize(
    "changed", ["", "## [Unreleased]\n\n- Speed.\n\n## [0.1.0]\n\n- framediff\n", "## [Unreleased]\n- framediffs\n"]
)
def test_lowering_needs_a_line_in_the_changelog(floors, changed, capsys):
    assert floors(1.1, "--update", "--allow-lower", changed=changed) == (1, 1.1)
    assert "names framediff" in capsys.readouterr().out


def test_lowering_with_the_flag_and_the_line(floors):
    code, floor = floors(1.1, "--update", "--allow-lower", changed="## [Unreleased]\n\n- The framediff floor falls.\n")
    assert code == 0
    assert floor < 1.1


@pytest.mark.parametrize(("ci", "code"), [("1", 1), ("", 0)])
def test_without_data_fails_only_in_ci(tmp_path, monkeypatch, ci, code):
    monkeypatch.setenv("CI", ci)
    path = write_config(tmp_path / "gate.yaml", options(tmp_path / "none"))
    assert gate.main(["--config", str(path), "--out", str(tmp_path)]) == code


def test_a_wrong_config_is_two(tmp_path):
    assert gate.main(["--config", str(tmp_path / "none.yaml")]) == 2
