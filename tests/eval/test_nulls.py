import pytest
from eval_made import write_framediff

from eval.tasks import Nulls
from eval.tasks.nulls import redated, requoted, spaced, swapped
from toolkit.errors import SourceError


def test_edits_change_form_alone():
    assert redated(["On 6 March it rained.", "On March 6 too.", "In March 6, 2025, or May 2020."]) == [
        "On March 6 it rained.", "On 6 March too.", "In March 6, 2025, or May 2020."]  # fmt: skip
    assert requoted(['He said "no".']) == ["He said “no”."]
    assert requoted(["He said “no”."]) == ['He said "no".']
    assert spaced(["One, two 3 km."]) == ["One,  two 3\u00a0km."]


def test_only_sentences_that_lean_on_nothing_change_places():
    neutral = [f"Number {n} stands here on its own." for n in range(3)]
    assert swapped(["The lead of the report.", *neutral]) == [
        "The lead of the report.", neutral[1], neutral[0], neutral[2]]  # fmt: skip
    leaning = ["The lead.", "A man came to the harbour.", "He went to the harbour again.", "But it was closed by then."]
    assert swapped(leaning) == leaning


def test_measure_by_hand():
    task = Nulls(split="examples")
    items = task.items(task.load(None))
    assert "harbour.rewrite" in {i.id for i in items}
    shown = {i.id: {"differences": []} for i in items}
    shown[items[0].id] = {"differences": [{}, {}, {}]}
    shown[items[1].id] = {"differences": [{}]}
    got = task.measure(task.units(items, shown))
    assert got["false_differences_per_pair"] == pytest.approx(4 / len(items))
    assert got["pairs_with_any"] == pytest.approx(2 / len(items))


def test_pairs_are_made_of_any_folder_and_given_pairs_are_taken_as_they_are(tmp_path):
    folder = str(write_framediff(tmp_path, ["z1", "z2"]))
    made = Nulls(data_dir=folder, split="framediff").load(tmp_path)
    assert set(made["report"]) == {"z1.A", "z1.B", "z2.A", "z2.B"}
    given = Nulls(data_dir=folder, split="pairs").load(tmp_path)
    assert given["id"] == ["z1.given", "z2.given"]


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(SourceError, match="data_dir"):
        Nulls().load(tmp_path / "data")
