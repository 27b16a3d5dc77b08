"""The recipes run from annotated stories to weights that load; what they learn is measured by the harness, not here."""

import json

import numpy as np
import pytest

from toolkit.errors import SourceError
from toolkit.framing.judge import READERS
from toolkit.framing.reader import DifferenceReader
from toolkit.linear import LinearWeights
from toolkit.training import framing as framing_recipe
from toolkit.training.abstain import read_rewrites
from toolkit.training.data import read_stories
from toolkit.training.families import read_families
from toolkit.training.fit import best_threshold, fit

A = [
    "The ministry said the port would close on Friday.",
    "Officials in Oslo slammed the strike as reckless after 12 ships were turned away.",
    "The mayor denied that he had sold the harbour.",
    "Fishermen will lose a week of work.",
]
B = [
    "The port could close on Friday, according to the ministry.",
    "The walkout in Oslo was criticised by officials after “at least 30 ships” were turned away.",
    "A new ferry was ordered in spring.",
    "Schools stay open during the storm.",
]
ALIGNMENTS = [["A0", "B0"], ["A1", "B1"]]
DIFFERENCES = [
    ("naming", "the strike", "The walkout"),
    ("wording", "slammed the strike", "criticised by officials"),
    ("attribution", "Officials slammed", "The walkout in Oslo was criticised"),
    ("quotation", "12 ships were turned away", "“at least 30 ships”"),
    ("figure", "12 ships", "at least 30 ships"),
    ("stance", "slammed the strike as reckless", "criticised by officials after “at least 30 ships” were turned away"),
]


def story(name, topic):
    differences = [
        {"kind": k, "a": "A1", "b": "B1", "a_span": x, "b_span": y, "strength": 1} for k, x, y in DIFFERENCES
    ]
    differences += [
        {"kind": "certainty", "a": "A0", "b": "B0", "a_span": "would close", "b_span": "could close", "strength": 2},
        {"kind": "omission", "a": "A2", "b": None, "a_span": "denied that he had sold", "b_span": None, "strength": 3},
    ]
    # Each story names its own port, so that no two are the same text.
    articles = [
        {"id": i, "sentences": [s.replace("port", f"port of {topic}") for s in x]}
        for i, x in zip("AB", (A, B), strict=True)
    ]
    files = [f"{topic}_1ecb.xml", f"{topic}_2ecb.xml"]
    return {
        "id": name, "ecbplus": files, "articles": articles, "alignments": ALIGNMENTS, "differences": differences,
    }  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    lines = [json.dumps(story(f"e{n}", t)) for n, t in enumerate(("Arle", "Bren", "Corm"))]
    (tmp_path / "train_full.jsonl").write_text("\n".join(lines), encoding="utf-8")
    # The same alignments with no difference reported, so that there is something to tell apart.
    plain = [json.dumps({**story(f"t{n}", t), "differences": []}) for n, t in enumerate(("Dane", "Esk"))]
    (tmp_path / "train.jsonl").write_text("\n".join(plain), encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def test_stories_are_read_with_fold_and_both_sides(folder):
    stories = list(read_stories(folder / "train_full.jsonl"))
    assert [s.fold for s in stories] == ["Arle", "Bren", "Corm"]
    assert stories[0].alignments == {("A0", "B0"), ("A1", "B1")}
    assert stories[0].differences[-1]["b"] is None


def test_missing_stories_are_named(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        list(read_stories(tmp_path / "none.jsonl"))


def test_every_framing_scorer_is_trained_and_written(folder, monkeypatch, capsys):
    monkeypatch.setattr(framing_recipe, "MODELS", folder)
    some = list(read_families())[:3]
    monkeypatch.setattr(framing_recipe, "read_families", lambda: some)
    rewrites = list(read_rewrites())[:1]
    monkeypatch.setattr(framing_recipe, "read_rewrites", lambda: rewrites)
    recipe = ["--stories", str(folder), "--out", str(folder / "out")]
    with pytest.raises(SourceError, match="no readers of any fold"):
        framing_recipe.main([*recipe, "scorers"])
    for fold in ("0", "1", "2", "3", "all"):
        for step in ("reader", "families"):
            framing_recipe.main([*recipe, step, "--fold", fold, "--epochs", "1"])
    framing_recipe.main([*recipe, "scorers"])
    said = capsys.readouterr().out
    for kind in ("naming", "wording", "attribution", "quotation", "certainty", "figure", "stance"):
        assert f"{kind}: " in said
        assert LinearWeights.load(folder / f"{kind}.rules.safetensors").coef.shape == (1,)
        assert LinearWeights.load(folder / f"{kind}.calibration.safetensors").coef.shape == (16,)
    assert LinearWeights.load(folder / "omission.safetensors").coef.shape == (20,)
    assert LinearWeights.load(folder / "abstention.safetensors").coef.shape == (2,)
    for name in READERS:
        (read,) = DifferenceReader.load(folder / name).read([(A[1], B[1])])
        assert read.kinds.shape == (7,)
        assert len(read.b.words) == len(read.b.logits)


def test_a_fit_separates_what_can_be_separated():
    x = np.array([[0.0], [0.1], [0.9], [1.0]])
    weights = fit(x, np.array([False, False, True, True]), strength=10)
    assert (weights.probability(x) > 0.5).tolist() == [False, False, True, True]


def test_the_best_threshold_is_the_one_with_the_best_f1():
    assert best_threshold(np.array([0.2, 0.45, 0.5]), np.array([False, True, True])) == (0.44, 1.0)
