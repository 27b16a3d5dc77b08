import pytest

from eval.tasks.ecbplus_stories import EcbPlusStories
from toolkit.errors import SourceError


def write(folder, name, *sentences):
    topic = name.split("_")[0]
    (folder / "ECB+" / topic).mkdir(parents=True, exist_ok=True)
    tokens = "".join(
        f'<token t_id="1" sentence="{s}" number="{n}">{word}</token>'
        for s, sentence in enumerate(sentences)
        for n, word in enumerate(sentence.split())
    )
    path = folder / "ECB+" / topic / name
    path.write_text(f'<Document doc_name="{name}">{tokens}<Markables/></Document>', encoding="utf-8")
    return path


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "ecbplus"
    write(folder, "51_1ecb.xml", "A ship sank .")
    write(folder, "51_2ecbplus.xml", "http : / / news . example", "A boat sank &amp; burnt .", "Two swam .")
    write(folder, "7_3ecb.xml", "A bank fell .")
    write(folder, "7_10ecb.xml", "The bank fell .")
    return folder


def test_a_topic_is_a_batch_and_its_events_are_the_stories(home):
    task = EcbPlusStories()
    data = task.load(home.parent)
    items = task.items(data)
    assert data["doc"][:2] == ["7_3ecb.xml", "7_10ecb.xml"]
    assert [i.id for i in items] == ["7", "51"]
    assert items[0].gold == ["7-ecb", "7-ecb"]
    assert sorted(items[1].gold) == ["51-ecb", "51-ecbplus"]
    assert {"title": "", "text": "A boat sank & burnt .\nTwo swam ."} in items[1].data["articles"]
    assert len(EcbPlusStories(limit=1).items(data)) == 1


def test_a_range_of_topics_in_another_folder(home):
    task = EcbPlusStories(data_dir=str(home), split="36-60")
    assert task.name == "ecbplus_stories-36-60"
    assert [i.id for i in task.items(task.load(home / "none"))] == ["51"]
    with pytest.raises(SourceError, match="no topic of 1-2; there are 7 to 51"):
        EcbPlusStories(split="1-2").files(home.parent)
    with pytest.raises(SourceError, match="expected all, or the first and last topic"):
        EcbPlusStories(split="test").files(home.parent)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('<Document><token sentence="0">A</tok', "not whole XML"),
        ('<Document><token line="0">A</token></Document>', "a token has no attribute 'sentence'"),
        ("<Document/>", "there is no token"),
    ],
)
def test_a_changed_file_is_refused(home, content, said):
    (home / "ECB+" / "7" / "7_3ecb.xml").write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        EcbPlusStories().load(home.parent)


def test_missing_files(tmp_path):
    with pytest.raises(SourceError, match="cltl/ecbPlus"):
        EcbPlusStories().load(tmp_path)
    (tmp_path / "ecbplus" / "ECB+").mkdir(parents=True)
    with pytest.raises(SourceError, match="no file is named"):
        EcbPlusStories().load(tmp_path)
