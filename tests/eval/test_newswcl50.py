from math import isnan

import pytest

from eval.stats import estimates
from eval.tasks.newswcl50 import Newswcl50, bcubed, pair_counts, same_length
from toolkit.errors import SourceError

HEAD = ",topic/subtopic_name,doc_id,sent_id,token_id,token,reference"
# Event, outlet, sentence, token, reference.
TOKENS = [
    ("7", "L", 1, "Reckless", "(7_Ferry_OBJECT"),
    ("7", "L", 1, "ferry", "7_Ferry_OBJECT)"),
    ("7", "L", 1, "hit", "-"),
    ("7", "L", 1, "Dover", "(7_Dover_COUNTRY)"),
    ("7", "L", 1, "\\n", "-"),
    ("7", "L", 2, "It", "(7_Ferry_OBJECT)| (7_Crash_EVENT"),
    ("7", "L", 2, "sank", "7_Crash_EVENT)"),
    ("7", "R", 0, "Ferry", "(7_Ferry_OBJECT)"),
    ("7", "R", 0, "leaves", "-"),
    ("9", "R", 0, "Dover", "(9_Dover_COUNTRY)"),
]
NOTES = [
    r"7_L_0000,OBJECT,Boats\Ferry,Reckless ferry,,7,L,0,0,0,1",
    "7_L_0001,PROPERTY,Aggressor,Reckless,Ferry,7,L,0,0,0,0",
    "7_L_0002,PROPERTY,Other,ferry hit,Ferry,7,L,0,0,1,2",
    "7_R_0000,OBJECT,Boats\\Ferry,Ferry,,7,R,0,0,0,0",
]
NOTES_HEAD = "id,code_type,code_name,code_mention,target_concept,event_id,publisher_id,paragraph,sentence,start,end"


def tokens(rows=TOKENS, head=HEAD):
    lines = [f"k{i},{e}/-/{e}_{o},{e}_{o},{s},{i},{t},{r}" for i, (e, o, s, t, r) in enumerate(rows)]
    return "\n".join([head, *lines]) + "\n"


def write(folder, *, conll=None, notes=None):
    (folder / "orig").mkdir(parents=True, exist_ok=True)
    (folder / "conll.csv").write_text(tokens() if conll is None else conll, encoding="utf-8")
    body = "\r\n".join(["sep=,", NOTES_HEAD, *NOTES]) + "\r\n" if notes is None else notes
    (folder / "orig" / "Annotations.csv").write_text(body, encoding="utf-8", newline="")


def test_items_hold_articles_mentions_and_chains(tmp_path):
    write(tmp_path / "newswcl50")
    task = Newswcl50()
    data = task.load(tmp_path)
    assert data.column_names[:6] == HEAD.split(",")[1:]
    seven, nine = task.items(data)
    assert (seven.id, nine.id) == ("7", "9")
    documents = seven.data["documents"]
    assert documents == [[["Reckless", "ferry", "hit", "Dover", "\\n"], ["It", "sank"]], [["Ferry", "leaves"]]]
    texts = [m["text"] for m in seven.data["mentions"]]
    assert texts == ["Reckless ferry", "Dover", "It", "It sank", "Ferry"]
    for m in seven.data["mentions"]:
        assert " ".join(documents[m["doc"]][m["sentence"]][m["start"] : m["end"]]) == m["text"]
    assert [c.split("_")[1] for c in seven.gold["chains"]] == ["Ferry", "Dover", "Ferry", "Crash", "Ferry"]
    assert seven.gold["evaluative"] == [True, False, False, False, False]


def test_limit_and_another_folder(tmp_path):
    write(tmp_path / "mine", conll=tokens([("lake", "M", 0, "Boat", "(lake_Boat_GROUP)")]))
    task = Newswcl50(data_dir=str(tmp_path / "mine"))
    (item,) = task.items(task.load(tmp_path))
    assert item.id == "lake"
    assert item.gold == {"chains": ["lake_Boat_GROUP"], "evaluative": [False]}
    write(tmp_path / "newswcl50")
    assert len(Newswcl50(limit=1).items(Newswcl50(limit=1).load(tmp_path))) == 1
    assert len(Newswcl50().files(tmp_path)) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"conll": tokens(head=HEAD.replace("reference", "ref"))}, "no column 'reference'"),
        ({"conll": tokens()[:-30]}, "one value a column"),
        ({"conll": tokens(TOKENS[:1])}, "not closed"),
        ({"conll": tokens(TOKENS[1:])}, "closed but not opened"),
        ({"conll": tokens([("7", "L", "x", "a", "-")])}, "expected a number as 'sent_id'"),
        ({"conll": tokens(TOKENS[2:3])}, "no mention"),
        ({"conll": ""}, "no column"),
        ({"conll": HEAD + "\n"}, "no rows"),
        ({"conll": HEAD + '\nk,7/-/7_L,7_L,0,0,"a'}, "row 1: unexpected end"),
        ({"notes": NOTES_HEAD.replace("start", "begin") + "\n" + NOTES[0]}, "no column 'start'"),
        ({"notes": NOTES_HEAD + "\n" + NOTES[0][:-4]}, "one value a column"),
    ],
)
def test_truncated_and_changed_files(tmp_path, change, said):
    write(tmp_path / "newswcl50", **change)
    with pytest.raises(SourceError, match=said):
        Newswcl50().load(tmp_path)


def test_missing_file_and_not_utf8(tmp_path):
    with pytest.raises(SourceError, match=r"fhamborg/NewsWCL50.*CC BY-SA"):
        Newswcl50().load(tmp_path)
    write(tmp_path / "newswcl50")
    (tmp_path / "newswcl50/conll.csv").write_bytes(tokens().encode() + b"\xff")
    with pytest.raises(SourceError, match="UTF-8"):
        Newswcl50().load(tmp_path)


def test_bcubed_and_pairs_by_hand():
    # Groups {a, a, b} and {b}; chains of two each.
    groups, chains = [0, 0, 0, 1], ["a", "a", "b", "b"]
    precision, recall = bcubed(groups, chains)
    assert precision == pytest.approx(2 / 3 + 2 / 3 + 1 / 3 + 1)
    assert recall == pytest.approx(1 + 1 + 1 / 2 + 1 / 2)
    assert pair_counts(groups, chains) == (1, 3, 2)


def test_same_length_compares_within_a_length():
    assert same_length([0.9, 0.1, 0.5, 0.5], [True, False, True, False], [1, 1, 2, 2]) == (1.5, 2)
    assert same_length([0.9, 0.1], [True, False], [2, 1]) == (0, 0)


def test_metrics_by_hand(tmp_path):
    write(tmp_path / "newswcl50")
    task = Newswcl50()
    items = task.items(task.load(tmp_path))
    predictions = {
        "7": {"groups": [0, 0, 0, 1, 2], "charge": [0.5, 0.9, 0.1, 0.2, 0.3]},
        "9": {"groups": [0], "charge": [0.5]},
    }
    units = task.units(items, predictions)
    scores = task.measure(units)
    assert tuple(scores) == task.metrics
    precision, recall = (2 / 3 * 2 + 1 / 3 + 1 + 1 + 1) / 6, (2 / 3 * 2 + 1 / 3 + 1 + 1 + 1) / 6
    assert scores["bcubed_precision"] == pytest.approx(precision)
    assert scores["bcubed_recall"] == pytest.approx(recall)
    assert scores["bcubed_f1"] == pytest.approx(precision)
    assert scores["pairwise_f1"] == pytest.approx(2 * 1 / (3 + 3))
    assert scores["charge_auc"] == 0.75  # event 9 has nothing to rank
    assert scores["charge_ap"] == 0.5
    assert scores["charge_same_length_auc"] == 1
    assert estimates(units, task.measure, rounds=20)["bcubed_f1"].n == 2
    alone = task.measure(units[1:])
    assert alone["bcubed_f1"] == 1
    assert isnan(alone["pairwise_f1"])
    assert isnan(alone["charge_auc"])
    assert all(isnan(x) for x in task.measure([]).values())
    assert task.units(items, {}) == []
    with pytest.raises(ValueError, match="expected 5 groups"):
        task.units(items, {"7": {"groups": [], "charge": []}})
