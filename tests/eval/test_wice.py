import json

import pytest

from eval.tasks.wice import WiCE
from toolkit.errors import SourceError


def row(name, title, label, supporting):
    return {
        "label": label,
        "supporting_sentences": supporting,
        "claim": f"Claim {name}.",
        "evidence": ["One.", "Two.", "Three."],
        "meta": {"id": name, "claim_title": title, "claim_section": "Life.", "claim_context": "Before."},
    }


ROWS = [
    row("dev1", "Ada", "supported", [[0, 1], [0, 2]]),
    row("dev2", "Ada", "partially_supported", [[2]]),
    row("dev3", "Bo", "not_supported", [[]]),
    row("dev4", "Cy", "supported", [[1]]),
]


def write(folder, rows, split="dev"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{split}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return folder / f"{split}.jsonl"


def test_one_item_a_claim_asking_for_evidence(tmp_path):
    write(tmp_path / "wice" / "claim", ROWS)
    task = WiCE()
    items = task.items(task.load(tmp_path))
    assert items[0].data == {"source": ["One.", "Two.", "Three."], "claims": ["Claim dev1."], "evidence": 5}
    assert [i.gold["labels"] for i in items] == [[1], [0], [0], [1]]
    assert items[2].gold["evidence"] == []


@pytest.mark.parametrize(("partial", "labels"), [("supported", [1, 1, 0, 1]), ("left out", [1, 0, 1])])
def test_partly_supported_claims(tmp_path, partial, labels):
    write(tmp_path / "wice" / "claim", ROWS)
    task = WiCE(partial=partial)
    assert [i.gold["labels"][0] for i in task.items(task.load(tmp_path))] == labels
    assert task.name == f"wice-partial-{partial.replace(' ', '-')}"


def test_evidence_counts_against_the_best_valid_set(tmp_path):
    write(tmp_path / "wice" / "claim", ROWS)
    task = WiCE()
    items = task.items(task.load(tmp_path))
    said = {"dev1": [{"score": 0.9, "evidence": [2]}], "dev2": [{"score": 0.4, "evidence": [0, 2]}]}
    units = task.units(items, {**said, "dev3": [{"score": 0.1, "evidence": [1]}], "dev4": [0.8]})
    assert [u.id for u in units] == ["Ada", "Bo", "Cy"]
    scores = task.measure(units)
    assert scores["evidence_recall_5"] == 0.75  # one of two, one of one; dev3 has none, dev4 names none
    assert scores["auc"] == 1.0


def test_another_split_level_and_folder(tmp_path):
    write(tmp_path / "subclaim", [row("test9-1", "Di", "supported", [[0]])], split="test")
    task = WiCE(data_dir=str(tmp_path), split="test", level="subclaim")
    assert task.name == "wice-subclaim-test"
    assert [i.id for i in task.items(task.load(tmp_path / "none"))] == ["test9-1"]


def test_a_changed_file_is_refused(tmp_path):
    path = write(tmp_path / "wice" / "claim", ROWS)
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole[:-20], encoding="utf-8")
    with pytest.raises(SourceError, match="line 4 is not whole JSON"):
        WiCE().load(tmp_path)
    path.write_text(whole.replace("not_supported", "refuted"), encoding="utf-8")
    with pytest.raises(SourceError, match="line 3: label 'refuted'"):
        WiCE().load(tmp_path)
    path.write_text(whole.replace("claim_title", "page"), encoding="utf-8")
    with pytest.raises(SourceError, match="line 1: meta has no id or claim_title"):
        WiCE().load(tmp_path)
    path.write_text(whole.replace('"evidence"', '"passages"'), encoding="utf-8")
    with pytest.raises(SourceError, match="row 0 has no evidence"):
        WiCE().load(tmp_path)


def test_a_missing_file_says_where_to_get_it(tmp_path):
    with pytest.raises(SourceError, match="ryokamoi/wice"):
        WiCE().files(tmp_path)
