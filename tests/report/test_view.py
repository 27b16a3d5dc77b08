import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.report.view import outlet_names, percent, safe_href, segments, view, visible
from toolkit.types import Article, Difference, Sentence, Span


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
    assert [(a.outlet, a.found, a.nearest and a.nearest.text) for a in row.absent] == [
        ("State Agency", "makes the point without this part (confidence 70 %)", row.absent[0].nearest.text),
        ("Wire", "came out before any report that tells it (confidence 100 %)", None),
    ]
    assert [s.outlet for s in row.sides] == ["Regional Paper"]


def test_alone_coverage_and_boilerplate(bridge):
    v = view(bridge)
    assert [(a.outlet, [p.id for p in a.points]) for a in v.alone] == [("Regional Paper", ["p4"])]
    assert [c.told for c in v.coverage] == [(True,) * 3, (True,) * 3, (True, True, False), (False, False, True)]
    assert v.points[2].absent == ("Regional Paper",)
    assert v.articles[1].boilerplate == ("Sign up for our morning letter.",)


def test_overlapping_marks_are_one():
    sentence = Sentence(0, 10, 20, "abcdefghij")
    marks = [
        (Span("a", 0, 12, 16, "cdef"), "d1", "naming"),
        (Span("a", 0, 14, 25, "efghij"), "d2", "wording"),
        (Span("a", 0, 30, 31, "z"), "d3", "figure"),
    ]
    cut = segments(sentence, marks)
    assert [(s.text, s.differences) for s in cut] == [
        ("ab", ()),
        ("cdefghij", ("d1", "d2")),
    ]


def test_space_at_the_end_of_a_mark_is_plain():
    sentence = Sentence(0, 0, 9, "ab cd  ef")
    cut = segments(
        sentence, [(Span("a", 0, 2, 7, " cd  "), "d1", "naming"), (Span("a", 0, 5, 7, "  "), "d2", "figure")]
    )
    assert [(s.text, s.differences) for s in cut] == [("ab ", ()), ("cd", ("d1",)), ("  ef", ())]


def test_an_omission_does_not_swallow_other_marks(stories):
    wire, paper = stories.document(stories.WIRE, id="w"), stories.document(stories.PAPER, id="p")
    sides = (stories.span(wire, 1, "a precaution"), stories.span(paper, 1, "a failure"))
    differences = (
        Difference("d1", "omission", "p1", (stories.span(wire, 1, stories.WIRE[1]),), ("p",), 1, 0.5, ""),
        Difference("d2", "naming", "p1", sides, (), 1, 0.4, ""),
    )
    first, _ = (
        view(stories.assemble((wire, paper), [stories.point("p1", (wire, 1), (paper, 1))], differences)).points[0].lines
    )
    assert [s.text for s in first.segments if s.marked] == ["a precaution"]
    assert first.refs == ("d1",)


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
