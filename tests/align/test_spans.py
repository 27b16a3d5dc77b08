import pytest

from toolkit.align.points import group_points
from toolkit.align.spans import clauses, shared_part
from toolkit.types import Link, SentenceRef

LONG = (
    "The harbour master closed the port of Arle on Friday after a barge sank, while farmers in the northern hills "
    "complained that the price of barley had fallen for a third month."
)
PORT = "The port of Arle was closed on Friday by the harbour master."
BARLEY = "Farmers in the hills complained about the falling price of barley."


def test_every_word_is_in_one_clause(story):
    (a,), _ = story([LONG])
    found = clauses(a.sentences[0])
    assert len(found) > 2
    assert sorted(n for c in found for n in c) == list(range(len(a.sentences[0].tokens)))


@pytest.mark.parametrize(
    ("other", "inside", "outside"), [(PORT, "closed the port", "barley"), (BARLEY, "barley", "closed")]
)
def test_the_part_is_the_clauses_that_are_shared(story, other, inside, outside):
    (a, b), _ = story([LONG], [other])
    start, end = shared_part(a.sentences[0], b.sentences)
    part = a.document.text[start:end]
    assert inside in part
    assert outside not in part


@pytest.mark.parametrize("other", ["Something quite different.", LONG, "!!!"])
def test_the_whole_sentence_where_unsure_or_all_is_shared(story, other):
    (a, b), _ = story([LONG], [other])
    sentence = a.sentences[0].sentence
    assert shared_part(a.sentences[0], b.sentences) == (sentence.start, sentence.end)


def test_a_sentence_of_two_points_has_its_part_in_each_and_the_title_is_verbatim(story):
    analyses, _ = story([LONG], [PORT, BARLEY])
    links = [Link(SentenceRef("a", 0), SentenceRef("b", n), 0.9) for n in (0, 1)]
    points = group_points([a.document for a in analyses], links[:1], analyses=analyses)
    (shared,) = [p for p in points if p.links]
    member = next(s for s in shared.sentences if s.article == "a")
    assert "barley" not in analyses[0].document.text[member.start : member.end]
    assert any(shared.title in a.document.text for a in analyses)
