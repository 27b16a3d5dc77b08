from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.align.points import group_points
from toolkit.types import Document, Link, SentenceRef

SIZE = 4


def story(count: int) -> tuple[Document, ...]:
    return tuple(
        Document.from_sentences([f"Sentence {i} of {n}." for i in range(SIZE)], article_id=n) for n in "abcd"[:count]
    )


def link(a: str, b: str, probability: float = 0.9) -> Link:
    """`a0` and `b1` are sentences of articles a and b."""
    return Link(SentenceRef(a[0], int(a[1:])), SentenceRef(b[0], int(b[1:])), probability)


def members(point) -> set[str]:
    return {f"{s.article}{s.index}" for s in point.sentences}


def test_chain_of_links_does_not_join_two_points():
    points = group_points(story(3), [link("a0", "b0"), link("b0", "c0", 0.8), link("c0", "a1", 0.7)])
    assert not any({"a0", "a1"} <= members(p) for p in points)
    assert not any({"a0", "b0", "c0", "a1"} <= members(p) for p in points)


def test_triangle_is_one_point():
    points = group_points(story(3), [link("a0", "b0"), link("b0", "c0", 0.8), link("a0", "c0", 0.7)])
    assert [members(p) for p in points if len(p.links) > 0] == [{"a0", "b0", "c0"}]


def test_sentence_that_is_told_in_two_is_one_point_of_three():
    points = group_points(story(2), [link("a0", "b0"), link("a0", "b1", 0.8)])
    assert {"a0", "b0", "b1"} in [members(p) for p in points]


def test_sentences_without_links_are_points_of_their_own():
    points = group_points(story(2), [])
    assert len(points) == 2 * SIZE
    assert all(len(p.sentences) == 1 and not p.links for p in points)


REFS = st.tuples(st.sampled_from([(0, 1), (0, 2), (1, 2), (0, 3), (2, 3)]), st.integers(0, 3), st.integers(0, 3))


@settings(max_examples=10, deadline=None)
@given(st.dictionaries(REFS, st.floats(0.3, 1), max_size=25))
def test_every_link_stands_inside_a_point_and_every_body_sentence_in_one(found):
    documents = story(4)
    links = [link(f"{'abcd'[x]}{i}", f"{'abcd'[y]}{j}", p) for ((x, y), i, j), p in found.items()]
    points = group_points(documents, links)
    for k in links:
        assert any(k in p.links for p in points)
    assert set().union(*map(members, points)) == {f"{d.id}{s.index}" for d in documents for s in d.body}
    assert [p.id for p in points] == [f"p{n}" for n in range(1, len(points) + 1)]
