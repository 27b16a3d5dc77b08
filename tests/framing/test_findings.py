"""Findings become differences: told once each, merged over outlets, ranked, with names in the reason."""

from toolkit.align.points import group_points
from toolkit.framing.findings import differences_of
from toolkit.framing.judge import Finding
from toolkit.types import Absence, Document, Link, SentenceRef

A = Document.from_sentences(["The siege ended.", "Marr denied it."], article_id="a", outlet="Gull")
B = Document.from_sentences(["The blockade ended.", "Marr denied all."], article_id="b", outlet="Wire")
C = Document.from_sentences(["The visit ended.", "Ferries ran."], article_id="c", outlet="Gull")
STORY = (A, B, C)
PAIRS = (("a", "b", 0), ("a", "c", 0), ("b", "c", 0), ("a", "b", 1))
LINKS = tuple(Link(SentenceRef(x, i), SentenceRef(y, i), 0.9) for x, y, i in PAIRS)
POINTS = group_points(STORY, LINKS)


GONE = {a: Absence(a, "absent", 0.9, None) for a in "abc"}


def side(document, index, words):
    start = document.text.index(words, document.sentences[index].start)
    return document.id, index, (start, start + len(words))


def naming(x, y, confidence):
    return Finding("naming", (x, y), (), confidence)


def test_what_several_outlets_put_differently_is_told_once():
    siege, blockade, visit = side(A, 0, "siege"), side(B, 0, "blockade"), side(C, 0, "visit")
    found = [naming(siege, blockade, 0.4), naming(siege, visit, 0.3), naming(blockade, visit, 0.2)]
    (one,) = differences_of(found, documents=STORY, points=POINTS)
    assert [s.text for s in one.sides] == ["siege", "blockade", "visit"]
    assert one.confidence == 0.4
    assert one.reason == "Gull: ‘siege’; Wire: ‘blockade’; Gull (2): ‘visit’ (named differently)."


def test_an_omission_told_by_two_outlets_is_told_once():
    found = [
        Finding("omission", (side(A, 1, "Marr denied it"),), (GONE["c"],), 0.5),
        Finding("omission", (side(B, 1, "Marr denied all"),), (GONE["c"],), 0.4),
    ]
    (one,) = differences_of(found, documents=STORY, points=POINTS)
    assert [s.text for s in one.sides] == ["Marr denied it"]
    assert one.absent == ("c",)
    assert one.reason.endswith("not told by Gull (2).")


def test_an_outlet_that_tells_the_rest_is_said_to_lack_this_part():
    found = [Finding("omission", (side(A, 0, "siege"),), (GONE["b"],), 0.5)]
    (one,) = differences_of(found, documents=STORY, points=POINTS)
    assert one.reason == "Gull: ‘siege’; this part not told by Wire."


def test_the_same_words_on_both_sides_are_no_difference():
    assert differences_of([naming(side(A, 0, "ended"), side(B, 0, "ended"), 0.9)], documents=STORY, points=POINTS) == ()


def test_long_words_are_cut_outside_the_marks():
    long = Document.from_sentences(["word " * 60 + "end."], article_id="l", outlet="Long")
    story = (long, B)
    point = group_points(story, ())
    (one,) = differences_of(
        [Finding("omission", (("l", 0, (0, len(long.text))),), (GONE["b"],), 0.5)], documents=story, points=point
    )
    assert "word’ …; not told by Wire." in one.reason
    assert one.sides[0].text == long.text


def test_an_absence_is_graded_in_the_reason():
    graded = tuple(Absence(a, g, 0.9, None) for a, g in (("b", "attributed elsewhere"), ("c", "not yet known")))
    (one,) = differences_of(
        [Finding("omission", (side(A, 1, "Marr denied it"),), graded, 0.5)], documents=STORY, points=POINTS
    )
    assert [a.grade for a in one.absences] == ["attributed elsewhere", "not yet known"]
    assert "given to another voice, by Wire; " in one.reason
    assert one.reason.endswith("not yet known when it came out, by Gull (2).")


def test_what_stands_at_the_same_point_is_weaker_there_and_not_absent():
    (one,) = differences_of(
        [Finding("omission", (side(A, 0, "siege"),), (GONE["b"],), 0.5)], documents=STORY, points=POINTS
    )
    assert [a.grade for a in one.absences] == ["weaker"]
