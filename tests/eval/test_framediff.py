import json
from pathlib import Path

import pytest

from eval import gate
from eval.framediff import Score, counts, evaluate, prediction, read_pairs, scores
from toolkit.comparison import Comparison, Coverage
from toolkit.types import Difference, Document, Link, Point, PointSentence, SentenceRef


def naming(a, b):
    return {"kind": "naming", "a": a, "b": b}


def reading(alignments, differences):
    return {"alignments": alignments, "differences": differences}


ONE = reading(
    [["A0", "B0"], ["A1", "B1"], ["A2", "B2"]],
    [naming("A0", "B0"), {"kind": "figure", "a": "A1", "b": "B1"}, {"kind": "omission", "a": "A3", "b": None}],
)
TWO = reading(
    [["A0", "B0"], ["A1", "B1"], ["A3", "B3"]],
    [naming("A0", "B0"), naming("A1", "B1"), {"kind": "omission", "a": "A3", "b": None},
     {"kind": "omission", "a": None, "b": "B4"}],
)  # fmt: skip
PREDICTED = reading(
    [["A0", "B0"], ["A2", "B2"], ["A4", "B4"]],
    [naming("A0", "B0"), naming("A2", "B2"), {"kind": "omission", "a": None, "b": "B4"}],
)


def test_counts_by_hand():
    # Right: in either reading; found: in both; core: what both have.
    assert counts(PREDICTED, (ONE, TWO)) == {
        "alignments": (2, 3, 1, 2),
        "differences": (1, 2, 1, 1),
        "omissions": (1, 1, 0, 1),
    }


def test_scores_by_hand():
    result = scores([counts(PREDICTED, (ONE, TWO))], rounds=20)
    align, differ, omit = (result[k] for k in ("alignments", "differences", "omissions"))
    assert (align.precision, align.recall) == (pytest.approx(2 / 3), pytest.approx(1 / 2))
    assert align.f1 == pytest.approx(4 / 7)
    assert (differ.precision, differ.recall, differ.f1) == (0.5, 1.0, pytest.approx(2 / 3))
    assert (omit.precision, omit.recall, omit.f1) == (1.0, 0.0, 0.0)
    assert (align.low, align.high, align.n) == (pytest.approx(4 / 7), pytest.approx(4 / 7), 1)


def test_scores_pool_the_pairs_and_give_an_interval():
    rows = [{"alignments": (2, 2, 2, 2)}, {"alignments": (0, 2, 0, 2)}]
    score = scores(rows, rounds=200)["alignments"]
    assert (score.precision, score.recall, score.f1, score.n) == (0.5, 0.5, 0.5, 2)
    assert (score.low, score.high) == (0.0, 1.0)
    assert scores(rows, rounds=200)["alignments"] == score


def test_a_perfect_and_an_empty_prediction():
    empty = reading([], [])
    perfect = scores([counts(ONE, (ONE, ONE))], rounds=5)
    assert all(s.f1 == 1 for s in perfect.values())
    nothing = scores([counts(empty, (ONE, ONE))], rounds=5)
    assert all((s.precision, s.recall, s.f1) == (1, 0, 0) for s in nothing.values())


def made_comparison() -> Comparison:
    a = Document.from_sentences(["Rioters were held.", "It rained."], article_id="A")
    b = Document.from_sentences(["Protesters were held."], article_id="B")
    link = Link(SentenceRef("B", 0), SentenceRef("A", 0), 0.9)
    members = PointSentence("A", 0, 0, 18), PointSentence("B", 0, 0, 21)
    points = (
        Point("p1", "Rioters were held.", members, (link,)),
        Point("p2", "It rained.", (PointSentence("A", 1, 19, 29),)),
    )
    differences = (
        Difference("d1", "naming", "p1", (a.span(0, 7, sentence=0), b.span(0, 10, sentence=0)), (), 2, 0.5, "x"),
        Difference("d2", "omission", "p2", (a.span(19, 28, sentence=1),), ("B",), 1, 0.3, "y"),
    )
    coverage = Coverage(("A", "B"), ("p1", "p2"), ((True, True), (True, False)))
    return Comparison((a, b), (), points, differences, coverage, ())


def test_prediction_is_in_the_annotators_format():
    result = prediction(made_comparison())
    assert result["alignments"] == [["A0", "B0"]]
    assert result["differences"] == [
        {
            "kind": "naming",
            "strength": 2,
            "why": "x",
            "a": "A0",
            "a_span": "Rioters",
            "b": "B0",
            "b_span": "Protesters",
        },
        {"kind": "omission", "strength": 1, "why": "y", "a": "A1", "a_span": "It rained", "b": None, "b_span": None},
    ]


@pytest.fixture
def gold(tmp_path) -> Path:
    folder = tmp_path / "framediff"
    sides = [{"sentences": ["Rioters were held.", "It rained."]}, {"sentences": ["Protesters were held."]}]
    made = reading([["A0", "B0"]], [naming("A0", "B0"), {"kind": "omission", "a": "A1", "b": None}])
    files = {"pairs/p01.json": {"articles": sides}, "gold/p01.1.json": made, "gold/p01.2.json": made}
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_evaluate_reads_compares_scores_and_writes(gold, tmp_path, monkeypatch):
    monkeypatch.setattr("eval.framediff.compare", lambda documents, config: made_comparison())
    (pair,) = read_pairs(gold)
    assert [d.id for d in pair.documents] == ["A", "B"]
    result = evaluate(gold, write=tmp_path / "out")
    assert {k: s.f1 for k, s in result.items()} == {"alignments": 1, "differences": 1, "omissions": 1}
    written = json.loads((tmp_path / "out" / "p01.json").read_text(encoding="utf-8"))
    assert written["id"] == "p01"
    assert len(written["differences"]) == 2


@pytest.fixture
def floors(gold, tmp_path, monkeypatch):
    """Sets the floor of the alignments and what is measured; gives the file."""
    path = tmp_path / "baselines.json"

    def put(floor: float, measured: float, data: str | None = None) -> Path:
        seen = gate.data_hash(gold) if data is None else data
        path.write_text(json.dumps({"data": seen, "floors": {"alignments": floor}}), encoding="utf-8")
        score = Score(measured, measured, measured, measured, measured, 1)
        monkeypatch.setattr(gate, "evaluate", lambda folder, **_: {"alignments": score})
        monkeypatch.setattr(gate, "BASELINES", path)
        return path

    return put


def test_gate_passes_at_or_above_the_floor(floors, tmp_path):
    floors(0.5, 0.5)
    assert gate.main(["--data", str(tmp_path)]) == 0


def test_gate_fails_below_the_floor_and_says_which(floors, tmp_path, capsys):
    floors(0.9, 0.5)
    assert gate.main(["--data", str(tmp_path)]) == 1
    assert "alignments: F1 0.500 is below the floor 0.900" in capsys.readouterr().out


def test_gate_fails_when_the_data_has_changed(floors, tmp_path, capsys):
    floors(0.1, 0.5, data="another")
    assert gate.main(["--data", str(tmp_path)]) == 1
    assert "the data has changed" in capsys.readouterr().out


@pytest.mark.parametrize(("flags", "floor"), [([], 0.9), (["--allow-lower"], 0.48)])
def test_update_lowers_a_floor_only_when_told_to(floors, tmp_path, flags, floor):
    path = floors(0.9, 0.5)
    assert gate.main(["--data", str(tmp_path), "--update", *flags]) == 0
    assert json.loads(path.read_text(encoding="utf-8"))["floors"] == {"alignments": floor}


@pytest.mark.parametrize(("ci", "code"), [("1", 1), ("", 0)])
def test_gate_without_data_fails_only_in_ci(tmp_path, monkeypatch, ci, code):
    monkeypatch.setenv("CI", ci)
    assert gate.main(["--data", str(tmp_path / "none")]) == code
