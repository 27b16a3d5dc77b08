from pathlib import Path

import pytest

from eval.tasks.ecbplus import EcbPlus
from toolkit.errors import SourceError


def document(sentences, mentions, *, kind="ACTION_OCCURRENCE"):
    """Each mention is (sentence, word, chain)."""
    tokens, ids = [], {}
    for s, text in enumerate(sentences):
        for w, word in enumerate(text.split()):
            ids[s, w] = len(tokens) + 1
            tokens.append(f'<token t_id="{len(tokens) + 1}" sentence="{s}" number="{w}">{word}</token>')
    marks, relations = [], []
    for n, (s, w, chain) in enumerate(mentions):
        marks.append(f'<{kind} m_id="{n}"><token_anchor t_id="{ids[s, w]}"/></{kind}>')
        marks.append(f'<{kind} m_id="{n + 100}" RELATED_TO="" TAG_DESCRIPTOR="x" instance_id="{chain}" />')
        ends = f'<source m_id="{n}"/><target m_id="{n + 100}"/>'
        relations.append(f'<CROSS_DOC_COREF r_id="{n}" note="{chain}">{ends}</CROSS_DOC_COREF>')
    inside = f"<Markables>{''.join(marks)}</Markables><Relations>{''.join(relations)}</Relations>"
    return f'<Document doc_name="d" doc_id="1">{"".join(tokens)}{inside}</Document>'


def write(folder: Path, topic: int, rows=None):
    home = folder / "ECB+" / str(topic)
    home.mkdir(parents=True)
    one = document(["Floods hit Ulm .", "A dyke broke ."], [(0, 1, "ACT1"), (1, 2, "ACT2")])
    two = document(["Water struck Ulm .", "Rain fell ."], [(0, 1, "ACT1")])
    three = document(["http : //x.org", "Floods hit Bonn ."], [(1, 1, "ACT9")])
    place = document(["Ulm was hit ."], [(0, 0, "ACT1")], kind="LOC_GEO")
    for name, text in {"1ecb": one, "2ecb": two, "1ecbplus": three, "2ecbplus": place}.items():
        (home / f"{topic}_{name}.xml").write_text(text, encoding="utf-8")
    listed = rows or [f"{topic},{x}" for x in ("1ecb,0", "1ecb,1 ", "2ecb,0", "1ecbplus,1", "2ecbplus,0")]
    head = "Topic,File,Sentence Number"
    (folder / "ECBplus_coreference_sentences.csv").write_text("\r\n".join([head, *listed]), encoding="utf-8")
    return folder


def test_pairs_of_both_events_are_positive_by_shared_action_only(tmp_path):
    write(tmp_path / "ecbplus", 71)
    task = EcbPlus()
    (item,) = task.items(task.load(tmp_path))
    assert item.id == "71"
    assert item.data["documents"] == [
        ["Floods hit Ulm .", "A dyke broke ."], ["Water struck Ulm ."], ["Floods hit Bonn ."], ["Ulm was hit ."],
    ]  # fmt: skip
    positive = [p for p, label in zip(item.data["pairs"], item.gold["labels"], strict=True) if label]
    assert positive == [[0, 0, 1, 0]]
    assert len(item.data["pairs"]) == 9
    assert not any(a == b for a, _, b, _ in item.data["pairs"])
    assert len(task.files(tmp_path)) == 5


def test_another_folder_and_a_split(tmp_path):
    write(tmp_path / "other", 98)
    task = EcbPlus(data_dir=str(tmp_path / "other"), split="2,90-99")
    assert [i.id for i in task.items(task.load(Path("nowhere")))] == ["98"]
    with pytest.raises(SourceError, match="no sentence of split '1-3'"):
        EcbPlus(data_dir=str(tmp_path / "other"), split="1-3").load(tmp_path)


def test_perfect_scores_and_the_threshold_from_other_topics(tmp_path):
    task, items = EcbPlus(data_dir=str(tmp_path)), []
    for topic in (3, 4):
        folder = write(tmp_path / str(topic), topic)
        one = EcbPlus(data_dir=str(folder))
        items += one.items(one.load(tmp_path))
    units = task.units(items, {i.id: [float(x) for x in i.gold["labels"]] for i in items})
    assert task.measure(units) == {"ap": 1.0, "f1": 1.0, "base": pytest.approx(1 / 9)}
    assert task.units(items, {}) == []


@pytest.mark.parametrize(
    ("rows", "said"),
    [(["71,1ecb"], "no 'Sentence Number'"), (["a,1ecb,0"], "expected numbers"), (["71,1ecb,8"], "sentence 8")],
)
def test_changed_list(tmp_path, rows, said):
    write(tmp_path / "ecbplus", 71, rows)
    with pytest.raises(SourceError, match=said):
        EcbPlus().load(tmp_path)


def test_missing_and_truncated_documents(tmp_path):
    with pytest.raises(SourceError, match=r"get it from .*cltl/ecbPlus"):
        EcbPlus().files(tmp_path)
    write(tmp_path / "ecbplus", 71)
    path = tmp_path / "ecbplus" / "ECB+" / "71" / "71_2ecb.xml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: len(text) // 2], encoding="utf-8")
    with pytest.raises(SourceError, match="not whole XML"):
        EcbPlus().load(tmp_path)
    path.write_text(text.replace('instance_id="ACT1"', ""), encoding="utf-8")
    with pytest.raises(SourceError, match="instance_id"):
        EcbPlus().load(tmp_path)
    path.unlink()
    with pytest.raises(SourceError, match="no such file"):
        EcbPlus().load(tmp_path)
