import pytest

from eval.systems.support import Checker, SupportCosine, SupportTfidf
from eval.types import Item

SOURCE = ["The council closed the old bridge on Friday.", "Bakers sold out of bread."]
CLAIMS = ["The council closed the bridge.", "A whale sang. The council closed the bridge."]


def item(**more):
    return Item("x", {"source": SOURCE, "claims": CLAIMS, **more}, None)


@pytest.mark.parametrize("kind", [SupportTfidf, SupportCosine])
@pytest.mark.parametrize("pool", ["mean", "min"])
def test_nearer_claims_score_higher(kind, pool):
    system = kind(pool=pool)
    near, half = system.predict(item())
    assert 0.4 < near <= 1
    assert half < near
    assert system.missing() == ""


@pytest.mark.parametrize("kind", [SupportTfidf, SupportCosine, Checker])
def test_evidence_comes_where_it_is_asked_for(kind):
    first, _ = kind().predict(item(evidence=1))
    assert first["evidence"] == [0]


@pytest.mark.parametrize("kind", [SupportTfidf, SupportCosine])
def test_nothing_to_go_by_scores_nothing(kind):
    assert kind().predict(Item("x", {"source": [], "claims": ["Yes."]}, None)) == [0.0]
    assert kind().predict(Item("x", {"source": SOURCE, "claims": [""], "evidence": 2}, None)) == [
        {"score": 0.0, "evidence": []}
    ]
    assert kind().predict(Item("x", {"source": SOURCE, "claims": ["", SOURCE[0]]}, None)) == pytest.approx([0, 1])


def test_candidates_spare_the_encoder():
    whole, part = SupportCosine(), SupportCosine(candidates=1)
    one = Item("x", {"source": SOURCE, "claims": CLAIMS[:1], "evidence": 2}, None)
    assert part.predict(one) == whole.predict(one)
    assert part.name == "support-cosine-all-MiniLM-L6-v2-top1"


def test_texts_without_words():
    assert SupportTfidf().predict(Item("x", {"source": ["…"], "claims": ["?!"]}, None)) == [0.0]


def test_names_tell_options_apart():
    assert SupportTfidf().name == "support-tfidf"
    assert SupportTfidf(pool="min").name == "support-tfidf-min"
    assert SupportCosine().name == "support-cosine-all-MiniLM-L6-v2"
