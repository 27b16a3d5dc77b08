import json

import pytest

from eval.tasks.basil import Basil
from toolkit.errors import SourceError

BODIES = [
    [["The mayor spoke.", "She rambled for an hour."], ["Critics were not invited."]],
    [["The mayor gave a speech on Monday."], ["It was about water."]],
    [["A bold speech by the mayor."]],
]
SPANS = [
    [("p1", "lex", "rambled"), ("p2", "inf", "Critics were not invited."), ("title", "lex", "Mayor")],
    [],
    [("p0", "lex", "bold"), ("p0", "lex", "speech"), ("p0", "inf", "A bold speech by the mayor.")],
]


def write(folder, triples=("t-one", "t-two", "t-three"), year="2031"):
    for triple in triples:
        for n, (body, spans) in enumerate(zip(BODIES, SPANS, strict=True), 1):
            article = {"uuid": f"{triple}-{n}", "triplet-uuid": triple, "source": "Gazette", "title": "Mayor speaks",
                       "main-entities": ["Mayor"], "body-paragraphs": body}  # fmt: skip
            marks = [{"id": i, "bias": b, "txt": t, "start": 0, "end": len(t), "polarity": "neg"} for i, b, t in spans]
            notes = {"uuid": f"{triple}-{n}", "pair-uuid": triple, "article-level-annotations": {},
                     "phrase-level-annotations": marks}  # fmt: skip
            save(folder / "articles" / year / f"{triple}_{n}.json", article)
            save(folder / "annotations" / year / f"{triple}_{n}_ann.json", notes)


def save(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def change(path, **fields):
    save(path, json.loads(path.read_text()) | fields)


@pytest.mark.parametrize(
    ("bias", "marked"),
    [
        ("lexical", {"She rambled for an hour.", "A bold speech by the mayor."}),
        ("informational", {"Critics were not invited.", "A bold speech by the mayor."}),
    ],
)
def test_sentences_of_a_triple_stay_in_one_fold(tmp_path, bias, marked):
    write(tmp_path / "basil")
    task = Basil(bias=bias)
    items = task.items(task.load(tmp_path))
    assert len(items) == 3
    for i in items:
        assert len(set(i.gold["units"])) == 1
        assert len(i.data["texts"]) == 6
        assert len(i.data["train_texts"]) == 12
        assert {t for t, y in zip(i.data["texts"], i.gold["labels"], strict=True) if y == "yes"} == marked


def test_f1_is_of_the_biased_sentences(tmp_path):
    write(tmp_path / "basil")
    task = Basil()
    items = task.items(task.load(tmp_path))
    units = task.units(items, {i.id: ["yes"] * 6 for i in items})
    assert sorted(u.id for u in units) == ["t-one", "t-three", "t-two"]
    assert task.measure(units) == {"f1": 0.5, "precision": pytest.approx(1 / 3), "recall": 1.0}
    assert tuple(task.measure(units)) == task.metrics


def test_rows_hold_the_published_fields(tmp_path):
    write(tmp_path / "basil", ["t"])
    data = Basil().load(tmp_path)
    assert data[0]["body-paragraphs"] == BODIES[0]
    assert data[0]["triplet-uuid"] == "t"
    assert [s["txt"] for s in data[0]["phrase-level-annotations"]] == ["rambled", "Critics were not invited.", "Mayor"]


def test_another_folder_year_and_limit(tmp_path):
    write(tmp_path / "held", ["x", "y"], year="2040")
    write(tmp_path / "held", ["z"], year="2041")
    task = Basil(data_dir=str(tmp_path / "held"))
    assert len(task.items(task.load(tmp_path))) == 3
    assert len(task.files(tmp_path)) == 18
    year = Basil(data_dir=str(tmp_path / "held"), split="2040")
    assert year.load(tmp_path).num_rows == 6
    few = Basil(data_dir=str(tmp_path / "held"), limit=2)
    assert {u for i in few.items(few.load(tmp_path)) for u in i.gold["units"]} == {"x", "y"}
    assert (task.name, year.name) == ("basil-informational", "basil-informational-2040")


def test_missing_files_say_where_they_are_from(tmp_path):
    with pytest.raises(SourceError, match="launchnlp/BASIL"):
        Basil().load(tmp_path)
    write(tmp_path / "basil")
    (tmp_path / "basil/annotations/2031/t-two_2_ann.json").unlink()
    with pytest.raises(SourceError, match=r"t-two_2_ann.json: no such file"):
        Basil().load(tmp_path)
    for path in (tmp_path / "basil" / "articles").rglob("*.json"):
        path.unlink()
    with pytest.raises(SourceError, match="no articles"):
        Basil().load(tmp_path)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"body-paragraphs": ["one", "two"]}, "not a list of paragraphs of sentences"),
        ({"body-paragraphs": [["Only one."]]}, "annotation id 'p1', but the article has 1 sentences"),
    ],
)
def test_a_changed_article_is_refused(tmp_path, fields, said):
    write(tmp_path / "basil")
    change(tmp_path / "basil/articles/2031/t-one_1.json", **fields)
    with pytest.raises(SourceError, match=said):
        Basil().load(tmp_path)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ({"id": "p0", "bias": "tone", "txt": "x"}, "bias 'tone'; there are lex, inf"),
        ({"id": "s0", "bias": "lex", "txt": "x"}, "annotation id 's0'; expected 'title' or 'p'"),
        ({"id": "p0", "txt": "x"}, "no field 'bias'"),
        ("p0", "published form"),
    ],
)
def test_a_changed_annotation_is_refused(tmp_path, span, said):
    write(tmp_path / "basil")
    change(tmp_path / "basil/annotations/2031/t-one_1_ann.json", **{"phrase-level-annotations": [span]})
    with pytest.raises(SourceError, match=said):
        Basil().load(tmp_path)


def test_a_truncated_file_or_a_missing_field_is_refused(tmp_path):
    write(tmp_path / "basil")
    path = tmp_path / "basil/articles/2031/t-one_1.json"
    text = path.read_text()
    path.write_text(text[:-30])
    with pytest.raises(SourceError, match=r"t-one_1.json: not in the set's published form"):
        Basil().load(tmp_path)
    path.write_text("[]")
    with pytest.raises(SourceError, match="expected an object, got list"):
        Basil().load(tmp_path)
    path.write_text(text.replace("body-paragraphs", "body"))
    with pytest.raises(SourceError, match="no field body-paragraphs; its fields are uuid"):
        Basil().load(tmp_path)
