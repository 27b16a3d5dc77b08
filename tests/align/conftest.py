import pytest

from toolkit.analyse import SpacyAnalyser
from toolkit.encode import MiniLM
from toolkit.types import Document, Sentence


@pytest.fixture(scope="session")
def minilm(tmp_path_factory):
    return MiniLM(cache_dir=str(tmp_path_factory.mktemp("vectors")))


@pytest.fixture(scope="session")
def story(minilm):
    """Makes analyses and rows of articles given as lists of sentences; one that starts with `Photo:` is boilerplate."""

    def make(*articles):
        analyses = []
        for name, sentences in zip("abcdefghijklmnop", articles, strict=False):
            plain = Document.from_sentences(sentences, article_id=name)
            cut = [
                Sentence(s.index, s.start, s.end, s.text, s.paragraph, s.boilerplate or s.text.startswith("Photo:"))
                for s in plain.sentences
            ]
            analyses.append(SpacyAnalyser().analyse(Document(text=plain.text, id=name, sentences=tuple(cut))))
        rows = [minilm.encode([s.sentence.text for s in a.sentences]) for a in analyses]
        return analyses, rows

    return make


@pytest.fixture(scope="session")
def cross_encoder(tmp_path_factory):
    """Folder of a tiny cross-encoder with random weights; told how many outputs it has."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast, set_seed

    def make(outputs=1):
        folder = tmp_path_factory.mktemp("cross")
        words = [
            "[PAD]",
            "[UNK]",
            "[CLS]",
            "[SEP]",
            "[MASK]",
            *"abcdefghijklmnopqrstuvwxyz",
            *(f"##{c}" for c in "aeinorst"),
        ]
        (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
        BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
        set_seed(0)
        sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
        config = BertConfig(vocab_size=len(words), num_labels=outputs, **sizes)
        BertForSequenceClassification(config).save_pretrained(folder)
        return folder

    return make
