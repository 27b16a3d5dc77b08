import importlib.util
import sys

import numpy as np
import pytest
from pydantic import ValidationError

from eval.systems import summary
from eval.systems.summary import (
    BertExtractive,
    ExtractiveSummary,
    LeadSentences,
    RandomSentences,
    Summa,
    Sumy,
    fitted,
    round_robin,
)
from eval.types import Item
from toolkit.encode import MiniLM
from toolkit.summarize import Extractive

SENTENCES = [
    "The ferry Aurora ran aground off the harbour of Port Ellis on Monday morning.",
    "Rescuers took all forty passengers off the ferry Aurora before noon on Monday.",
    "Nobody was hurt, the harbour office of Port Ellis said in a short statement.",
    "Two tugs from Port Ellis pulled the ferry Aurora free in the late afternoon.",
    "The company that runs the ferry Aurora has promised to pay back every fare.",
    "An inquiry into the grounding of the ferry off Port Ellis opens next week.",
]
SYSTEMS = [
    LeadSentences(),
    RandomSentences(),
    ExtractiveSummary(encoder=MiniLM(cache=False)),
    Sumy(method="lexrank"),
    Sumy(method="textrank"),
    Sumy(method="lsa"),
    Summa(),
    BertExtractive(encoder=MiniLM(cache=False)),
]


def article(*, name="a", sentences=SENTENCES, count=3, words=0):
    text = " ".join(sentences)
    data = {"title": "", "text": text, "sentences": sentences, "n_sentences": count, "words": words}
    return Item(name, data, None)


def story(words, articles=(SENTENCES[:3], SENTENCES[3:])):
    return Item("s", {"articles": [list(a) for a in articles], "words": words}, None)


@pytest.fixture(params=SYSTEMS, ids=lambda s: s.name)
def system(request):
    if why := request.param.missing():
        pytest.skip(why)
    return request.param


def picked(text):
    return [i for i, s in enumerate(SENTENCES) if s in text]


def test_contract_sentences_in_order_within_the_budget(system):
    text = system.predict(article())["text"]
    assert len(picked(text)) == 3
    assert text == " ".join(SENTENCES[i] for i in picked(text))
    assert system.predict(article()) == {"text": text}
    assert len(system.predict(article(words=30))["text"].split()) <= 30
    assert len(picked(system.predict(article(words=3))["text"])) == 1


def test_contract_stories(system):
    text = system.predict(story(45))["text"]
    assert 2 <= len(picked(text)) <= 3
    assert len(text.split()) <= 45
    assert {"summary", "story_summary"} == system.families


def test_contract_short_and_empty_articles(system):
    assert system.predict(article(sentences=SENTENCES[:1]))["text"] == SENTENCES[0]
    assert system.predict(article(sentences=[]))["text"] == ""


def test_lead_takes_the_first_and_turns_between_the_articles_of_a_story():
    lead = LeadSentences()
    assert picked(lead.predict(article())["text"]) == [0, 1, 2]
    assert picked(lead.predict(story(45))["text"]) == [0, 1, 3]


def test_random_depends_on_the_item_and_the_seed():
    drawn = {RandomSentences(seed=s).predict(article(name=n))["text"] for s in range(3) for n in "abcde"}
    assert len(drawn) > 5
    assert (RandomSentences().name, RandomSentences(seed=4).name) == ("random", "random-4")


def test_extractive_is_the_toolkit_s_summary():
    from toolkit.types import Document

    encoder = MiniLM(cache=False)
    document = Document.from_sentences(SENTENCES)
    expected = Extractive(sentences=2).summarize(document, encoder.encode(SENTENCES)).text
    assert ExtractiveSummary(encoder=encoder).predict(article(count=2))["text"] == expected


def test_extractive_does_not_say_a_thing_twice_in_a_story(monkeypatch):
    class Fake:
        kind = name = "fake"

        def encode(self, texts):
            axes = {"river": 0, "bridge": 1, "school": 2}
            rows = np.zeros((len(texts), 3), dtype=np.float32)
            for row, text in zip(rows, texts, strict=True):
                row[next(axes[w] for w in axes if w in text)] = 1
            return rows

    system = ExtractiveSummary()
    object.__setattr__(system, "encoder", Fake())
    articles = [["The river rose by a metre on Monday."], ["By a metre the river rose, said police.",
                                                            "A bridge was closed to all traffic."]]  # fmt: skip
    assert system.predict(story(60, articles))["text"] == f"{articles[0][0]} {articles[1][1]}"


def test_names_tell_configurations_apart():
    names = [s.name for s in SYSTEMS] + [ExtractiveSummary(label="flat").name]
    assert len(set(names)) == len(names)
    assert "extractive-flat" in names
    with pytest.raises(ValidationError):
        Sumy(method="kl")
    with pytest.raises(ValidationError):
        LeadSentences(sentences=3)


@pytest.mark.parametrize(("system", "module"), [(Sumy(), "sumy"), (Summa(), "summa"), (BertExtractive(), "summarizer")])
def test_a_peer_that_is_not_installed_says_so(monkeypatch, system, module):
    found = importlib.util.find_spec
    monkeypatch.setattr(summary, "find_spec", lambda name: None if name == module else found(name))
    assert "is not installed; run: pip install samestory[peers]" in system.missing()


def test_a_peer_that_does_not_load_says_so(monkeypatch):
    monkeypatch.setattr(summary, "find_spec", lambda name: True)
    monkeypatch.setitem(sys.modules, "summarizer", None)
    monkeypatch.delitem(sys.modules, "summarizer.summary_processor", raising=False)
    assert "bert-extractive-summarizer does not load" in BertExtractive().missing()


def test_names_lent_to_transformers_are_taken_back():
    import transformers

    had = hasattr(transformers, "TransfoXLModel")
    with summary._old_names():
        assert transformers.TransfoXLModel
    assert hasattr(transformers, "TransfoXLModel") == had


def test_fitted_and_round_robin():
    texts = ["one two three", "four five", "six seven eight nine", "ten"]
    order = [1, 0, 2, 3]
    assert fitted(order, texts.__getitem__, count=2, words=0) == [1, 0]
    assert fitted(order, texts.__getitem__, count=0, words=6) == [1, 0]
    assert fitted(order, texts.__getitem__, count=0, words=1) == [1]
    assert fitted([], texts.__getitem__, count=3, words=0) == []
    assert round_robin([[1, 2, 3], [4], [5, 6]]) == [1, 4, 5, 2, 6, 3]


class TestEqualWords:
    TEXTS = ("one two three four five", "six " * 9, "seven eight nine ten", "eleven twelve")

    def chosen(self, order, words):
        return fitted(order, self.TEXTS.__getitem__, count=3, words=words, slack=0.05)

    def test_a_sentence_that_does_not_fit_is_passed_over(self):
        assert self.chosen([0, 1, 2, 3], 11) == [0, 2, 3]

    def test_it_is_done_within_a_twentieth(self):
        assert self.chosen([1, 3, 0, 2], 9) == [1]

    def test_without_slack_it_ends_there(self):
        assert fitted([0, 1, 2, 3], self.TEXTS.__getitem__, count=3, words=11) == [0]
