from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from toolkit.summarize import Extractive, Lead
from toolkit.testing import FakeEncoder
from toolkit.types import Document

ENCODER = FakeEncoder()
STORY = (
    "Harbour workers end strike",
    "Dock workers in the harbour ended their nine-day strike on Friday after a vote on a new pay deal.",
    "The pay deal gives the dock workers a raise of six per cent over two years, the union said on Friday.",
    "The pay deal gives the dock workers a raise of six per cent over two years, the port said on Friday.",
    "Gulls circled over the empty quay while somebody played an accordion near the old lighthouse.",
    "Share this story with your friends.",
    "The strike had kept forty ships waiting outside the harbour, and dock workers now begin to unload them.",
)


def rows_of(document):
    return ENCODER.encode([s.text for s in document.sentences])


def marked(document, *indices):
    return replace(
        document,
        sentences=tuple(replace(s, boilerplate=s.boilerplate or s.index in indices) for s in document.sentences),
    )


def chosen(summary):
    return [s.evidence[0].sentence for s in summary.sentences]


@pytest.fixture
def story():
    return marked(Document.from_sentences(STORY, article_id="a1", outlet="A"), 5)


@pytest.fixture(params=[Extractive, Lead])
def summarizer(request):
    return request.param()


class TestContract:
    @given(
        texts=st.lists(st.text(max_size=60), max_size=12),
        boilerplate=st.sets(st.integers(0, 11)),
        sentences=st.integers(1, 5),
    )
    @pytest.mark.parametrize("kind", [Extractive, Lead])
    def test_every_sentence_is_verbatim_in_order_and_never_boilerplate(self, kind, texts, boilerplate, sentences):
        document = marked(Document.from_sentences(texts, article_id="a1"), *boilerplate)
        summary = kind(sentences=sentences).summarize(document, rows_of(document))
        assert len(summary.sentences) <= sentences
        assert chosen(summary) == sorted(set(chosen(summary)))
        for sentence in summary.sentences:
            (span,) = sentence.evidence
            assert span.article == "a1"
            assert document.text[span.start : span.end] == span.text == sentence.text
            assert document.sentences[span.sentence].text == span.text
            assert not document.sentences[span.sentence].boilerplate
            assert sentence.support == 1.0

    def test_says_which_system_made_it(self, summarizer, story):
        summary = summarizer.summarize(story, rows_of(story))
        assert (summary.article, summary.system) == ("a1", summarizer.kind)

    def test_twice_is_the_same(self, summarizer, story):
        assert summarizer.summarize(story, rows_of(story)) == summarizer.summarize(story, rows_of(story))

    def test_a_headline_in_the_text_is_not_picked(self, summarizer, story):
        assert 0 not in chosen(summarizer.summarize(story, rows_of(story)))

    def test_the_title_in_the_text_is_not_picked(self, summarizer, story):
        titled = replace(story, title=STORY[1], sentences=marked(story, 0).sentences)
        assert 1 not in chosen(summarizer.summarize(titled, rows_of(titled)))

    def test_a_headline_alone_is_the_summary(self, summarizer):
        document = Document.from_sentences(["Harbour workers end strike"])
        assert chosen(summarizer.summarize(document, rows_of(document))) == [0]

    def test_nothing_but_boilerplate_is_an_empty_summary(self, summarizer, story):
        document = marked(story, *range(len(STORY)))
        assert summarizer.summarize(document, rows_of(document)).sentences == ()

    def test_a_document_without_sentences_is_an_empty_summary(self, summarizer):
        document = Document(text="")
        assert summarizer.summarize(document, np.zeros((0, 8), dtype=np.float32)).sentences == ()

    @pytest.mark.parametrize("shape", [(3, 8), (8,)])
    def test_rows_must_match_the_sentences(self, summarizer, story, shape):
        with pytest.raises(ValueError, match=r"rows must have shape \(7, dim\)"):
            summarizer.summarize(story, np.zeros(shape, dtype=np.float32))

    @pytest.mark.parametrize("wrong", [{"sentences": 0}, {"sentences": 51}, {"nonsense": 1}])
    def test_wrong_options_are_refused(self, summarizer, wrong):
        with pytest.raises(ValidationError):
            type(summarizer)(**wrong)


class TestExtractive:
    def test_a_repeat_is_passed_over(self, story):
        picked = chosen(Extractive().summarize(story, rows_of(story)))
        assert not {2, 3} <= set(picked)

    def test_an_aside_is_not_central(self, story):
        assert 4 not in chosen(Extractive().summarize(story, rows_of(story)))

    def test_position_alone_is_the_lead(self, story):
        rows = rows_of(story)
        alone = Extractive(position=1, redundancy=1).summarize(story, rows)
        assert chosen(alone) == chosen(Lead().summarize(story, rows))

    def test_ties_go_to_the_earlier_sentence(self):
        document = Document.from_sentences([f"Number {word} stands here." for word in ("one", "two", "six", "ten")])
        rows = np.eye(4, dtype=np.float32)
        assert chosen(Extractive(sentences=2, position=0).summarize(document, rows)) == [0, 1]

    def test_float_noise_in_the_rows_changes_nothing(self, story):
        rows = rows_of(story)
        noise = np.random.default_rng(7).normal(0, 1e-7, rows.shape).astype(np.float32)
        assert Extractive().summarize(story, rows) == Extractive().summarize(story, rows + noise)


def test_lead_takes_the_first_sentences_of_the_report(story):
    assert chosen(Lead(sentences=2).summarize(story, rows_of(story))) == [1, 2]
