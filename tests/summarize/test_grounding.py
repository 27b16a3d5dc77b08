import numpy as np
import pytest

from toolkit.analyse import SpacyAnalyser
from toolkit.summarize import Grounding
from toolkit.support import SupportChecker, Verdict, support_checker
from toolkit.testing import FakeEncoder
from toolkit.types import Document, Summary, SummarySentence

ENCODER, ANALYSER = FakeEncoder(), SpacyAnalyser()
ARTICLE = (
    "Crews of the Orrin Bay ferries will stop work for two dozen hours on Friday, their union said on Tuesday.",
    "“Nobody should work eleven days in a row,” said union secretary Dana Pell of the United Ferry Workers.",
    "The operator did not offer a raise, and about 4,000 people cross the bay on a working day.",
    "Russian tourists had booked most of the boats for the weekend.",
)


@pytest.fixture
def checker(monkeypatch):
    """A checker that supports everything: what is found then, the other checks found."""
    said = {"support": 0.9, "weakest": (0, 3)}

    class Agreeable(SupportChecker):
        def __init__(self, reader):
            self.reader = reader

        def verdicts(self, claims, evidence, articles):
            return [Verdict(**said) for _ in claims]

    agreeable = Agreeable(support_checker().reader)
    monkeypatch.setattr("toolkit.support.support_checker", lambda: agreeable)
    return said


def grounded(*texts, **options):
    document = Document.from_sentences(ARTICLE, article_id="a", title="Ferry strike in Orrin Bay")
    rows = ENCODER.encode(ARTICLE)
    summary = Summary("a", "test", tuple(SummarySentence(t, 0.0, ()) for t in texts))
    return Grounding(**options).ground(summary, document, rows, encoder=ENCODER, analyser=ANALYSER)


def doubted(summary):
    return [[(d.what, s.text[d.start : d.end]) for d in s.doubts] for s in summary.sentences]


class TestEvidence:
    def test_a_verbatim_sentence_rests_on_itself_without_a_model(self, monkeypatch):
        monkeypatch.setattr("toolkit.support.support_checker", None)
        (s,) = grounded(ARTICLE[1]).sentences
        assert (s.support, s.evidence[0].sentence, s.evidence[0].text, s.doubts) == (1.0, 1, ARTICLE[1], ())

    def test_a_verbatim_part_with_other_spaces_does_too(self):
        (s,) = grounded("about 4,000  people cross the bay").sentences
        assert s.evidence[0].text == "about 4,000 people cross the bay"

    def test_another_rests_on_the_nearest_sentences_by_offset(self, checker):
        (s,) = grounded("The ferries of Orrin Bay will stop on Friday.").sentences
        assert s.support == 0.9
        assert s.evidence[0].sentence == 0
        assert all(ARTICLE[e.sentence] == e.text for e in s.evidence)

    def test_nothing_to_ground(self, checker):
        assert grounded().sentences == ()


class TestChecks:
    @pytest.mark.parametrize(
        "text",
        [
            "The ferries of Orrin Bay will stop for 24 hours on Friday.",
            "Some four thousand people cross the bay every day.",
            "Dana Pell said nobody should work “eleven days in a row”.",
            "The UFW said so.",
            "Tourists from Russia had booked boats.",
            "The operator didn't offer a raise.",
        ],
    )
    def test_what_the_article_says_in_other_words_stands(self, checker, text):
        assert doubted(grounded(text)) == [[]]

    @pytest.mark.parametrize(
        ("text", "doubt"),
        [
            ("The ferries of Orrin Bay will stop for 36 hours on Friday.", ("number", "36 hours")),
            ("Crews of the Halvik Bay ferries will stop work.", ("name", "Halvik")),
            ("Dana Pell said “everybody is tired of this”.", ("quotation", "everybody is tired of this")),
            ("The operator offered a raise.", ("negation", "offered")),
            ("The tourists had not booked any boats.", ("negation", "booked")),
        ],
    )
    def test_what_it_does_not_say_is_found(self, checker, text, doubt):
        assert doubt in doubted(grounded(text))[0]

    def test_too_little_support_is_a_doubt_at_the_weakest_words(self, checker):
        checker["support"] = 0.2
        assert doubted(grounded("The ferries will stop on Friday.")) == [[("support", "The")]]
        assert doubted(grounded("The ferries will stop on Friday.", threshold=0.1)) == [[]]


class TestUnsupported:
    TEXTS = ("Crews of the Halvik Bay ferries will stop work on Friday.", ARTICLE[1])

    def test_marked(self, checker):
        assert [bool(s.doubts) for s in grounded(*self.TEXTS).sentences] == [True, False]

    def test_dropped(self, checker):
        assert [s.text for s in grounded(*self.TEXTS, on_unsupported="drop").sentences] == [ARTICLE[1]]
        assert grounded(self.TEXTS[0], on_unsupported="drop").sentences == ()

    def test_replaced_by_the_nearest_sentence_that_is_not_there_yet(self, checker):
        made = grounded(*self.TEXTS, on_unsupported="replace")
        assert [s.text for s in made.sentences] == [ARTICLE[0], ARTICLE[1]]
        assert [s.support for s in made.sentences] == [1.0, 1.0]
        twice = grounded(self.TEXTS[0], self.TEXTS[0].replace("Halvik", "Tresk"), on_unsupported="replace")
        assert len({s.text for s in twice.sentences}) == 2

    def test_more_bad_sentences_than_the_article_has_good_ones(self, checker):
        bad = [f"Halvik has {n} ferries." for n in range(50, 56)]
        assert len(grounded(*bad, on_unsupported="replace").sentences) == len(ARTICLE)


def test_rows_of_boilerplate_are_no_matter(checker):
    document = Document.from_sentences(["", *ARTICLE], article_id="a")
    rows = np.vstack([np.zeros((1, 256), dtype=np.float32), ENCODER.encode(ARTICLE)])
    summary = Summary("a", "test", (SummarySentence("The ferries of Orrin Bay will stop on Friday.", 0.0, ()),))
    (s,) = Grounding().ground(summary, document, rows, encoder=ENCODER, analyser=ANALYSER).sentences
    assert s.evidence[0].sentence == 1
