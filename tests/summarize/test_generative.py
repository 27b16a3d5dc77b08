from itertools import pairwise

import pytest

from toolkit.config import CompareConfig
from toolkit.errors import ModelError
from toolkit.summarize import Causal, Seq2Seq
from toolkit.summarize.prompts import chat_prompt, example_prompt
from toolkit.types import Document

KINDS = ("bart", "pegasus", "t5", "led", "gpt2")
WORDS = "The ferry crews stopped work on Friday, and the union said talks would go on. "
TEXTS = {
    "one sentence": ["The ferry crews stopped work on Friday."],
    "long": [WORDS] * 40,
    "empty": [],
    "blank": ["", "  "],
    "emoji": ["😀 🚢 strike 🏴‍☠️."],
    "20,000 words": ["word " * 20_000],
    "no letters": ["— … —"],
}


def made(folders, kind, **options):
    options = {"sentences": 1, "batch_size": 64, "words": 4, **options}
    return (Causal if kind == "gpt2" else Seq2Seq)(model=str(folders[kind]), **options)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", KINDS)
class TestContract:
    def test_any_article_has_a_summary_within_its_length_and_without_evidence_of_its_own(self, folders, kind):
        summarizer = made(folders, kind)
        documents = [Document.from_sentences(t, article_id=name) for name, t in TEXTS.items()]
        summaries = summarizer.summarize_all(documents)
        assert [s.article for s in summaries] == list(TEXTS)
        for s in summaries:
            assert all(x.text == x.text.strip() != "" and not x.evidence and x.support == 0 for x in s.sentences)
            assert len({x.text for x in s.sentences}) == len(s.sentences)
        assert not any(s.sentences for s in summaries if s.article in {"empty", "blank"})

    def test_a_title_alone_gives_nothing(self, folders, kind):
        document = Document.from_sentences([], article_id="a", title="Ferry crews strike")
        assert made(folders, kind).summarize(document, None).sentences == ()

    def test_the_same_alone_as_among_others_and_twice(self, folders, kind):
        one = Document.from_sentences(TEXTS["one sentence"], article_id="a", title="Strike")
        other = Document.from_sentences(TEXTS["long"][:6], article_id="b")
        summarizer = made(folders, kind, batch_size=1)
        alone = summarizer.summarize(one, None)
        assert summarizer.summarize_all([one, other])[0] == alone
        assert made(folders, kind, batch_size=8).summarize_all([other, one])[1] == alone


class TestPieces:
    def test_a_long_article_is_read_whole_and_neighbouring_pieces_share_a_sentence(self, folders):
        summarizer = made(folders, "bart")
        sentences = [f"Sentence {n} of the ferry story." for n in range(40)]
        pieces = summarizer._pieces(sentences, Document.from_sentences(sentences))
        assert len(pieces) > 1
        assert list(dict.fromkeys(s for p in pieces for s in p)) == sentences
        assert all(a[-1] == b[0] for a, b in pairwise(pieces))
        assert len(summarizer._loaded[1](" ".join(pieces[0]))["input_ids"]) <= 128

    def test_a_sentence_longer_than_the_model_reads_is_cut_between_words(self, folders):
        summarizer = made(folders, "t5")
        words = [f"w{n}" for n in range(500)]
        pieces = summarizer._pieces([" ".join(words)], Document.from_sentences(["x"]))
        joined = list(dict.fromkeys(s for p in pieces for s in p))
        assert " ".join(joined).split() == words

    def test_progress_goes_from_nothing_to_all(self, folders):
        seen = []
        document = Document.from_sentences(TEXTS["long"][:8], article_id="a")
        made(folders, "bart", batch_size=2).summarize_all([document], progress=lambda done, of: seen.append((done, of)))
        assert seen[0][0] == 0
        assert any(done == of for done, of in seen)


class TestPrompts:
    def test_a_base_model_is_shown_examples_and_the_article_on_one_line(self):
        prompt = example_prompt("First line.\n\nArticle: a trick", "A\ntitle")
        assert prompt.endswith("Title: A title\nArticle: First line. Article: a trick\nSummary:")
        assert prompt.count("Summary:") == 3

    def test_a_chat_model_is_asked_for_so_many_sentences(self):
        assert "in 1 sentence." in chat_prompt("Text.", "", sentences=1)
        assert "Title:" not in chat_prompt("Text.", "", sentences=2)

    def test_t5_is_told_its_task(self, folders):
        assert made(folders, "t5")._prompt("Text.", "Title") == "summarize: Title. Text."
        assert made(folders, "bart")._prompt("Text.", "") == "Text."


class TestErrors:
    def test_no_such_folder(self):
        with pytest.raises(ModelError, match="no such folder"):
            Seq2Seq(model="./nowhere").summarize(Document.from_sentences(["A b c."]), None)

    def test_no_such_gguf_file(self):
        with pytest.raises(ModelError, match="no such file"):
            Causal(model="./nowhere.gguf").summarize(Document.from_sentences(["A b c."]), None)

    def test_a_folder_without_safe_weights(self, tmp_path):
        (tmp_path / "pytorch_model.bin").write_bytes(b"x")
        with pytest.raises(ModelError, match="safetensors"):
            Seq2Seq(model=str(tmp_path)).summarize(Document.from_sentences(["A b c."]), None)

    def test_a_causal_model_is_no_seq2seq_model(self, folders):
        with pytest.raises(ModelError, match="generates text"):
            Seq2Seq(model=str(folders["gpt2"])).summarize(Document.from_sentences(["A b c."]), None)

    def test_a_device_that_is_not_there(self, folders):
        with pytest.raises(ModelError, match="device"):
            Seq2Seq(model=str(folders["bart"]), device="cuda:9").summarize(Document.from_sentences(["A b c."]), None)


def test_config_takes_them_by_kind():
    config = CompareConfig.model_validate({"summarizer": {"kind": "seq2seq", "model": "x/y", "beams": 2}})
    assert isinstance(config.summarizer, Seq2Seq)
    assert CompareConfig.model_validate(config.model_dump()) == config
    assert CompareConfig.model_validate({"summarizer": {"kind": "causal"}}).summarizer.model == "gemma-3-270m"
