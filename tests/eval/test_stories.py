import numpy as np
import pytest

from eval.systems.stories import StoriesCosine, StoriesTfidf, average_linkage
from eval.types import Item

ARTICLES = [
    {"title": "Storm floods the harbour", "text": "The storm flooded the harbour at night. Boats sank."},
    {"title": "Bakers win a prize", "text": "Two bakers won a prize for their rye bread."},
    {"title": "Harbour under water after storm", "text": "Boats sank as the storm flooded the harbour."},
]


@pytest.mark.parametrize("system", [StoriesTfidf(), StoriesCosine()], ids=lambda s: s.kind)
def test_articles_of_one_story_are_grouped(system):
    found = system.predict(Item("x", {"articles": ARTICLES}, None))
    similarity = np.array(found["similarity"])
    assert found["groups"] == [0, 1, 0]
    assert similarity.shape == (3, 3)
    assert (similarity == similarity.T).all()
    assert system.missing() == ""


@pytest.mark.parametrize("system", [StoriesTfidf(), StoriesCosine()], ids=lambda s: s.kind)
def test_one_article_is_one_group(system):
    assert system.predict(Item("x", {"articles": ARTICLES[:1]}, None))["groups"] == [0]


def test_texts_without_words_are_alone():
    found = StoriesTfidf().predict(Item("x", {"articles": [{"title": "", "text": "?"}] * 2}, None))
    assert found["groups"] == [0, 1]


def test_average_linkage_cuts_at_the_threshold():
    similarity = np.array([[1, 0.6, 0.1], [0.6, 1, 0.3], [0.1, 0.3, 1]])
    assert average_linkage(similarity, threshold=0.6) == [0, 0, 1]
    assert average_linkage(similarity, threshold=0.61) == [0, 1, 2]
    assert average_linkage(similarity, threshold=0.2) == [0, 0, 0]  # the third is at .2 on average


def test_names_tell_options_apart():
    assert StoriesTfidf(threshold=0.3).name == "stories-tfidf-0.3"
    assert StoriesCosine(lead=1).name == "stories-cosine-all-MiniLM-L6-v2-0.55-lead1"
