import pytest

from eval.systems.mentions import HeadLemma, MentionsEmbedding, Singletons
from eval.types import Item
from toolkit.encode import MiniLM

TEXTS = ["the old ferry", "ferries", "the old ferry", "a disgraceful, reckless wreck", "Dover"]


def item(texts):
    return Item("e", {"documents": [], "mentions": [{"text": t} for t in texts]}, None)


SYSTEMS = [Singletons(), HeadLemma(), MentionsEmbedding(encoder=MiniLM(cache=False))]


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda s: s.kind)
def test_contract(system):
    out = system.predict(item(TEXTS))
    assert system.families == {"mentions"}
    assert system.missing() == ""
    assert system.name
    assert [type(g) for g in out["groups"]] == [int] * 5
    assert [type(c) for c in out["charge"]] == [float] * 5
    assert system.predict(item([])) == {"groups": [], "charge": []}
    assert len(system.predict(item(TEXTS[:1]))["groups"]) == 1


def test_head_lemma_groups_and_length():
    assert HeadLemma().predict(item(TEXTS)) == {"groups": [0, 0, 0, 1, 2], "charge": [3.0, 1.0, 3.0, 4.0, 1.0]}


def test_embedding_threshold_and_charge():
    encoder = MiniLM(cache=False)
    loose = MentionsEmbedding(encoder=encoder, threshold=2).predict(item(TEXTS))
    strict = MentionsEmbedding(encoder=encoder, threshold=0.001).predict(item(TEXTS))
    assert len(set(loose["groups"])) == 1
    assert len(set(strict["groups"])) == 4
    assert strict["groups"][0] == strict["groups"][2]
    assert strict["charge"][3] > strict["charge"][4]
    assert MentionsEmbedding(threshold=0.25).name.endswith("-0.25")
