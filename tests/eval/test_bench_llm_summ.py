import json

import pytest

from eval.tasks.bench_llm_summ import BenchLlmSumm
from toolkit.errors import SourceError

ARTICLE = "A ferry ran aground off Port Ellis.\n\nNobody was hurt. Tugs pulled it free by noon.\n\nAn inquiry opened."
ROWS = [
    {"article_id": "one", "article": ARTICLE, "summary": " A ferry ran aground. "},
    {"article_id": "two", "article": "The council met. It voted.", "summary": "A vote was held."},
    {"article_id": "one", "article": ARTICLE, "summary": "Tugs freed a stranded ferry."},
]


def write(folder, rows):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "writer_summaries.json").write_text(json.dumps(rows), encoding="utf-8")


def test_one_item_an_article_with_all_its_references(tmp_path):
    write(tmp_path / "bench_llm_summ", ROWS)
    task = BenchLlmSumm()
    data = task.load(tmp_path)
    assert data.column_names == ["article_id", "article", "summary"]
    one, two = task.items(data)
    assert one.id == "one"
    assert one.gold == {"references": ["A ferry ran aground.", "Tugs freed a stranded ferry."]}
    assert one.data == {
        "title": "",
        "text": ARTICLE,
        "sentences": [
            "A ferry ran aground off Port Ellis.",
            "Nobody was hurt.",
            "Tugs pulled it free by noon.",
            "An inquiry opened.",
        ],
        "n_sentences": 3,
        "words": 0,
    }
    assert two.data["sentences"] == ["The council met.", "It voted."]


def test_options(tmp_path):
    write(tmp_path / "elsewhere", ROWS)
    task = BenchLlmSumm(data_dir=str(tmp_path / "elsewhere"), limit=1, words=60, semantic=False)
    (item,) = task.items(task.load(tmp_path))
    assert (item.data["words"], task.name) == (60, "bench_llm_summ-60w")
    assert (BenchLlmSumm().name, BenchLlmSumm(n_sentences=5).name) == ("bench_llm_summ", "bench_llm_summ-5s")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[{", "Expecting"),
        ("[]", "expected a list of entries"),
        ('{"a": 1}', "expected a list of entries"),
        ('[{"article_id": "one", "article": "x"}]', "expected text under 'summary'"),
        ('[{"article_id": 1, "article": "x", "summary": "y"}]', "expected text under 'article_id', got int"),
    ],
)
def test_a_changed_or_truncated_file_is_said(tmp_path, text, said):
    (tmp_path / "writer_summaries.json").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match="not in the set's published form") as error:
        BenchLlmSumm(data_dir=str(tmp_path)).load(tmp_path)
    assert said in str(error.value)


def test_a_missing_file_names_its_repository(tmp_path):
    with pytest.raises(SourceError, match="Tiiiger/benchmark_llm_summarization"):
        BenchLlmSumm().files(tmp_path)
