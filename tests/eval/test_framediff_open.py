"""The benchmark that ships is whole, and is scored as framediff is."""

import json
from pathlib import Path

import pytest

from eval.tasks import FrameDiffOpen, Nulls
from eval.tasks.framediff_open import OPEN
from toolkit.errors import SourceError
from toolkit.types import KINDS

NOWHERE = Path("nowhere")


def raw(part):
    return [json.loads(f.read_text(encoding="utf-8")) for f in sorted((OPEN / part).glob("*.json"))]


@pytest.fixture(scope="module", params=["stories", "planted"])
def task(request):
    return FrameDiffOpen(part=request.param, split="all")


def test_what_ships_is_what_the_card_says():
    stories, planted, nulls = raw("stories"), raw("planted"), raw("nulls")
    assert (len(stories), len(planted), len(nulls)) == (15, 16, 12)
    assert [sum(x["part"] == "test" for x in part) for part in (stories, planted, nulls)] == [5, 5, 4]
    assert all(150 <= len(" ".join(a["sentences"]).split()) <= 350 for s in stories for a in s["articles"])
    assert len({s["region"] for s in stories}) >= 12
    assert {d["kind"] for p in planted for d in p["differences"]} == set(KINDS)


def test_every_span_is_verbatim_and_every_pair_is_aligned(task):
    for item in task.items(task.load(NOWHERE)):
        for reading in item.gold["readings"]:
            aligned = {tuple(x) for x in reading["alignments"]}
            for d in reading["differences"]:
                for side in "ab":
                    if d[side]:
                        assert d[f"{side}_span"] in item.data[side][int(d[side][1:])]
                        assert d[side][0] == side.upper()
                assert d["kind"] == "omission" or (d["a"], d["b"]) in aligned


def test_a_reading_against_both_is_right_and_nothing_is_nothing(task):
    items = task.items(task.load(NOWHERE))
    perfect = task.measure(task.units(items, {i.id: i.gold["readings"][0] for i in items}))
    assert perfect["alignment_precision"] == perfect["difference_kind_precision"] == 1.0
    assert perfect["difference_kind_recall"] == 1.0
    assert tuple(perfect) == task.metrics
    empty = task.measure(task.units(items, {i.id: {"alignments": [], "differences": []} for i in items}))
    assert empty["difference_kind_f1"] == 0.0


def test_a_unit_is_a_story_with_its_three_pairs():
    task = FrameDiffOpen(limit=2)
    items = task.items(task.load(NOWHERE))
    assert [i.id for i in items] == ["o01-AB", "o01-AC", "o01-BC", "o02-AB", "o02-AC", "o02-BC"]
    units = task.units(items, {i.id: {"alignments": [], "differences": []} for i in items})
    assert [u.id for u in units] == ["o01", "o02"]


def test_an_omission_stands_only_in_pairs_with_the_report_that_lacks_it():
    every = FrameDiffOpen(split="all")
    items = {i.id: i for i in every.items(every.load(NOWHERE))}
    for story in raw("stories"):
        for n, reading in enumerate(story["readings"]):
            for d in (d for d in reading["differences"] if d["kind"] == "omission"):
                for other in set("ABC") - {d["x"][0]}:
                    pair = "".join(sorted((d["x"][0], other)))
                    found = items[f"{story['id']}-{pair}"].gold["readings"][n]["differences"]
                    spans = {x["a_span"] or x["b_span"] for x in found if x["kind"] == "omission"}
                    if other in d["absent_in"]:
                        assert d["x_span"] in spans


def test_the_nulls_that_ship_are_a_split():
    task = Nulls(split="open")
    items = task.items(task.load(NOWHERE))
    assert len(items) == 12
    assert all(i.data["a"] != i.data["b"] for i in items)


def test_a_broken_file_is_named(tmp_path):
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "o01.json").write_text('{"id": "o01"}', encoding="utf-8")
    with pytest.raises(SourceError, match=r"o01\.json: not in the set's published form: no 'articles'"):
        FrameDiffOpen(data_dir=str(tmp_path)).load(NOWHERE)
