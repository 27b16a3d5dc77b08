import pytest

from toolkit.analyse import SpacyAnalyser
from toolkit.encode import MiniLM
from toolkit.framing.judge import Finding
from toolkit.framing.referents import referents_of
from toolkit.types import Document, Link, SentenceRef

TEXTS = {
    "a": ["The invasion of Norway began in April.", "The invasion went on.", "A cat slept."],
    "b": ["The conflict in Norway began in April.", "The gifts were opened.", "A dog barked."],
}


@pytest.fixture(scope="module")
def story():
    analyser = SpacyAnalyser()
    analyses = [analyser.analyse(Document.from_sentences(t, article_id=k)) for k, t in TEXTS.items()]
    a, b = TEXTS["a"][0], TEXTS["b"][0]
    x, y = a.index("invasion"), b.index("conflict")
    naming = Finding("naming", (("a", 0, (x, x + 8)), ("b", 0, (y, y + 8))), (), 0.6)
    return analyses, [Link(SentenceRef("a", 0), SentenceRef("b", 0), 0.9)], [naming]


def test_a_difference_of_naming_makes_one_referent_of_all_mentions(story):
    analyses, links, findings = story
    (found,) = referents_of(analyses, links=links, findings=findings, encoder=MiniLM())
    assert [n.places[0].text.split()[0] for n in found.names] == ["invasion", "conflict"]
    invasion, conflict = found.names
    assert (invasion.count("a"), invasion.count("b"), conflict.count("a"), conflict.count("b")) == (2, 0, 0, 1)


def test_every_place_is_verbatim(story):
    analyses, links, findings = story
    texts = {a.document.id: a.document.text for a in analyses}
    for r in referents_of(analyses, links=links, findings=findings, encoder=MiniLM()):
        assert all(texts[p.article][p.start : p.end] == p.text for n in r.names for p in n.places)


def test_the_order_of_the_articles_changes_only_the_order_of_places(story):
    analyses, links, findings = story
    one = referents_of(analyses, links=links, findings=findings, encoder=MiniLM())
    two = referents_of(analyses[::-1], links=links, findings=findings, encoder=MiniLM())
    assert [[(n.text, set(n.places)) for n in r.names] for r in one] == [
        [(n.text, set(n.places)) for n in r.names] for r in two
    ]


def test_nothing_linked_is_nothing_named_twice(story):
    assert referents_of(story[0], links=[], findings=[], encoder=MiniLM()) == ()
