import pytest

from eval.tasks.neus import Neus
from toolkit.errors import SourceError

LEADS = (
    "TITLE=> Budget passes. ARTICLE=> The council passed the budget. It was close. [SEP] "
    "TITLE=> Taxes up. ARTICLE=> Taxes rise under a new budget. [SEP] "
    "TITLE=> Vote. ARTICLE=> A vote was held."
)
NEUTRAL = "TITLE=> Council votes. ARTICLE=> The council passed a budget that raises taxes."


def write(folder, sources, targets, split="val"):
    folder.mkdir(parents=True, exist_ok=True)
    for side, lines in (("source", sources), ("target", targets)):
        (folder / f"{split}.{side}").write_text("".join(f"{x}\n" for x in lines), encoding="utf-8")


def test_one_item_a_story(tmp_path):
    write(tmp_path / "neus", [LEADS, LEADS], [NEUTRAL, NEUTRAL])
    task = Neus()
    data = task.load(tmp_path)
    assert data.to_list()[0] == {"source": LEADS, "target": NEUTRAL}
    first, second = task.items(data)
    assert (first.id, second.id) == ("val-0", "val-1")
    assert first.data == {
        "articles": [
            ["The council passed the budget.", "It was close."],
            ["Taxes rise under a new budget."],
            ["A vote was held."],
        ],
        "words": 8,
    }
    assert first.gold == {"references": ["The council passed a budget that raises taxes."]}
    assert len(Neus(limit=1).items(data)) == 1


def test_another_folder_and_split(tmp_path):
    write(tmp_path, [LEADS], [NEUTRAL], split="test")
    task = Neus(data_dir=str(tmp_path), split="test")
    assert [i.id for i in task.items(task.load(tmp_path / "nowhere"))] == ["test-0"]
    assert (Neus().name, task.name) == ("neus", "neus-test")
    assert Neus(equal_words=True).name == "neus-equal"
    with pytest.raises(SourceError, match="HLTCHKUST/framing-bias-metric"):
        Neus(data_dir=str(tmp_path)).files(tmp_path)


@pytest.mark.parametrize(
    ("sources", "targets", "said"),
    [
        ([LEADS, LEADS], [NEUTRAL], "1 lines for the 2 of val.source"),
        (["Just a line."], [NEUTRAL], "line 1: expected 'TITLE=> … ARTICLE=> …', got 'Just a line.'"),
        ([LEADS], ["TITLE=> No article"], "line 1: expected"),
        ([], [], "it is empty"),
    ],
)
def test_a_changed_or_truncated_file_is_said(tmp_path, sources, targets, said):
    write(tmp_path, sources, targets)
    with pytest.raises(SourceError, match="not in the set's published form") as error:
        Neus(data_dir=str(tmp_path)).load(tmp_path)
    assert said in str(error.value)
