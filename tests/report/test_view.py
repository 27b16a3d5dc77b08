import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.report.view import outlet_names, percent, safe_href, segments, view, visible
from toolkit.types import Article, Sentence, Span


def test_points_mark_each_outlets_words(bridge):
    row = view(bridge).points[1]
    marked = {line.outlet: [s.text for s in line.segments if s.marked] for line in row.lines}
    assert marked == {"State Agency": ["a brief pause"], "Wire": ["a precaution"], "Regional Paper": ["a failure"]}
    assert row.differences == ("d1",)
    assert row.lines[0].segments[1].kinds == ("naming",)


def test_lines_give_the_whole_sentence_back(bridge):
    v = view(bridge)
    for document, row in zip(bridge.articles, v.articles, strict=True):
        assert [line.text for lines in row.paragraphs for line in lines] == [s.text for s in document.sentences]


def test_omission_names_who_does_not_tell(bridge):
    row = view(bridge).differences[2]
    assert row.absent == ("State Agency", "Wire")
    assert [s.outlet for s in row.sides] == ["Regional Paper"]


def test_alone_coverage_and_boilerplate(bridge):
    v = view(bridge)
    assert [(a.outlet, [p.id for p in a.points]) for a in v.alone] == [("Regional Paper", ["p4"])]
    assert [c.told for c in v.coverage] == [(True,) * 3, (True,) * 3, (True, True, False), (False, False, True)]
    assert v.points[2].absent == ("Regional Paper",)
    assert v.articles[1].boilerplate == ("Sign up for our morning letter.",)


def test_overlapping_marks_share_their_stretch():
    sentence = Sentence(0, 10, 20, "abcdefghij")
    marks = [
        (Span("a", 0, 12, 16, "cdef"), "d1", "naming"),
        (Span("a", 0, 14, 25, "efghij"), "d2", "wording"),
        (Span("a", 0, 30, 31, "z"), "d3", "figure"),
    ]
    cut = segments(sentence, marks)
    assert [(s.text, s.differences) for s in cut] == [
        ("ab", ()),
        ("cd", ("d1",)),
        ("ef", ("d1", "d2")),
        ("ghij", ("d2",)),
    ]


@given(st.text(), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40))), st.integers(0, 9))
def test_marks_never_change_the_sentence(text, ranges, start):
    sentence = Sentence(0, start, start + len(text), text)
    marks = [(Span("a", 0, a, b, ""), f"d{n}", "naming") for n, (a, b) in enumerate(ranges) if a < b]
    cut = segments(sentence, marks)
    assert "".join(s.text for s in cut) == visible(text)
    assert all(s.text for s in cut)


def test_names_that_come_again_get_a_number():
    articles = [Article("a", id="1", outlet="A"), Article("b", id="2", outlet="A"), Article("c", id="3")]
    assert outlet_names(articles) == {"1": "A", "2": "A (2)", "3": "3"}


def test_unseen_characters_are_shown():
    assert visible("a\u202eb\x00c\td\ne\ud800") == "a⟦U+202E⟧b⟦U+0000⟧c\td\ne⟦U+D800⟧"
    assert visible("naïve 👩‍👧 می‌خواهم") == "naïve 👩‍👧 می‌خواهم"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/x", True),
        ("HTTP://a.example", True),
        ("javascript:alert(1)", False),
        (" java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example/x", False),
        ("https://[bad", False),
        ("", False),
    ],
)
def test_only_http_addresses_become_links(url, kept):
    assert bool(safe_href(url)) is kept


def test_percent():
    assert (percent(0.815), percent(float("nan"))) == ("82 %", "–")
