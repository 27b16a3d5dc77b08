import numpy as np
import pytest

from toolkit import Article, summarize_story
from toolkit.align.points import group_points
from toolkit.summarize.story import story_summary
from toolkit.types import Document, Link, SentenceRef

STATE = ["The noble council reopened the harbour to all ships on Friday.", "Ferries run again from Monday morning on."]
WIRE = ["The harbour was reopened to all ships by the council on Friday.", "Gulls were seen over the empty quay again."]
LOCAL = ["It reopened the harbour on Friday.", "Ferries are to run from Monday morning on, its owner said."]
LINKS = [(("s", 0), ("w", 0)), (("s", 0), ("l", 0)), (("w", 0), ("l", 0)), (("s", 1), ("l", 1))]


def story(*, origin=None, sentences=5, words=0, order="swl", charge=None, same=None):
    by_id = {n: Document.from_sentences(t, article_id=n) for n, t in zip("swl", (STATE, WIRE, LOCAL), strict=True)}
    documents = [by_id[n] for n in order]
    links = [Link(SentenceRef(*a), SentenceRef(*b), 0.8) for a, b in LINKS]
    refs = [SentenceRef(d.id, s.index) for d in documents for s in d.sentences]
    rows = dict(zip(refs, np.eye(len(refs)), strict=True))
    rows |= {SentenceRef(*a): rows[SentenceRef(*b)] for a, b in (same or {}).items()}
    known = {SentenceRef("s", 0): 0.9, SentenceRef("s", 1): 0.1, **(charge or {})}
    return story_summary(
        documents, group_points(documents, links), rows=rows, charge={r: known.get(r, 0.3) for r in refs},
        origin=origin or {"s": 0, "w": 1, "l": 2}, sentences=sentences, words=words,
    )  # fmt: skip


def test_what_all_tell_comes_first_in_the_least_loaded_words_that_stand_alone():
    found = story()
    assert [s.text for s in found.agreed] == [WIRE[0]]
    (first,) = found.agreed
    assert (first.articles, first.agreement) == (("s", "w", "l"), 0.8)
    assert [e.text for e in first.evidence] == [WIRE[0], STATE[0], LOCAL[0]]


def test_then_what_most_tell_then_what_one_tells():
    assert [(s.text, s.articles, s.agreement) for s in story().partly] == [
        (STATE[1], ("s", "l"), 0.8), (WIRE[1], ("w",), 1.0),
    ]  # fmt: skip


def test_copies_of_one_report_are_one_outlet():
    found = story(origin={"s": 0, "w": 1, "l": 0})
    assert [s.text for s in found.agreed] == [WIRE[0]]
    assert [s.text for s in story(origin={"s": 0, "w": 0, "l": 2}).agreed] == [WIRE[0], STATE[1]]


def test_the_order_given_changes_no_sentence():
    one, two = story(), story(order="lws")
    assert [s.text for s in one.agreed + one.partly] == [s.text for s in two.agreed + two.partly]


def test_length_by_sentences_and_by_words():
    assert len(story(sentences=1).partly) == 1
    assert [s.text for s in story(words=8).partly] == [STATE[1]]


def test_room_that_the_points_leave_goes_to_what_else_an_outlet_says_of_one():
    found = story(words=50)
    assert [s.text for s in found.agreed] == [WIRE[0]]
    assert [(s.text, s.articles) for s in found.partly[:2]] == [(STATE[1], ("s", "l")), (WIRE[1], ("w",))]
    assert {(s.text, s.articles) for s in found.partly[2:]} == {
        (STATE[0], ("s",)), (LOCAL[0], ("l",)), (LOCAL[1], ("l",)),
    }  # fmt: skip
    assert all([e.text for e in s.evidence] == [s.text] and s.agreement == 1 for s in found.partly[2:])
    assert not {STATE[0], LOCAL[0], LOCAL[1]} & {s.text for s in story().partly}
    again = story(words=50, same={("l", 1): ("s", 1), ("s", 0): ("w", 0)})
    assert [s.text for s in again.partly] == [STATE[1], WIRE[1], LOCAL[0]]


def test_of_two_points_that_as_many_tell_the_one_told_earlier_comes_first():
    documents = [Document.from_sentences(t, article_id=n) for n, t in zip("sw", (STATE, WIRE), strict=True)]
    refs = [SentenceRef(d.id, s.index) for d in documents for s in d.sentences]
    axes = dict(zip(refs, np.eye(len(refs)), strict=True))
    found = story_summary(
        documents, group_points(documents, []), rows=axes, charge=dict.fromkeys(refs, 0.3), origin={"s": 0, "w": 1},
        sentences=5,
    )  # fmt: skip
    assert {s.text for s in found.partly[:2]} == {STATE[0], WIRE[0]}
    assert {s.text for s in found.partly[2:]} == {STATE[1], WIRE[1]}


def test_of_two_outlets_with_the_same_words_the_first_given_speaks():
    same = [Article("The council reopened the harbour to all ships on Friday.", outlet=o) for o in "ABCDEF"]
    (sentence,) = summarize_story(same).agreed
    assert [e.article for e in sentence.evidence] == list(sentence.articles)


def test_a_sentence_that_says_the_same_again_is_passed_over():
    same = [Article("The council reopened the harbour on Friday. Ships may come in again.", outlet=o) for o in "AB"]
    found = summarize_story(same)
    assert len({s.text for s in found.agreed}) == len(found.agreed) == 2
    assert found.partly == ()


def test_a_headline_in_the_text_tells_nothing():
    head = "Harbour reopened to all ships"
    found = summarize_story([Article(f"{head}\n\n{' '.join(t)}", outlet=n) for n, t in (("A", STATE), ("B", WIRE))])
    assert head not in {s.text for s in found.agreed + found.partly}


@pytest.mark.parametrize("sentences", [1, 3])
def test_every_sentence_is_verbatim_with_its_outlets(sentences):
    articles = [Article(" ".join(t), outlet=n) for n, t in (("State", STATE), ("Wire", WIRE), ("Local", LOCAL))]
    found = summarize_story(articles, sentences=sentences)
    for s in found.agreed + found.partly:
        assert any(s.text in a.text for a in articles)
        assert s.evidence[0].text == s.text
        assert set(s.articles) == {e.article for e in s.evidence}
    assert len(found.agreed) <= sentences
