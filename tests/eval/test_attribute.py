import pytest

from eval.systems.attribute import AttributeConstant, AttributeRule, SpacyVerbs
from eval.types import Item

SENTENCES = [
    ["The", "mayor", "said", "the", "harbour", "would", "close", "."],
    ["Rain", "fell", "."],
    ["According", "to", "the", "police", ",", "two", "boats", "sank", "."],
    ["“", "We", "are", "tired", ",", "”", "a", "sailor", "told", "reporters", "."],
]


def words(relation, sentence, role):
    return [sentence[i] for i in relation[role]]


@pytest.mark.parametrize("system", [AttributeRule(), SpacyVerbs(), AttributeConstant()], ids=lambda s: s.name)
def test_contract(system):
    out = system.predict(Item("x", {"sentences": SENTENCES}, None))
    assert system.families == {"attribute"}
    assert system.missing() == ""
    assert len(out) == len(SENTENCES)
    for relations, sentence in zip(out, SENTENCES, strict=True):
        for r in relations:
            assert set(r) == {"source", "cue", "content"}
            assert r["cue"]
            assert all(type(i) is int and 0 <= i < len(sentence) for role in r.values() for i in role)
    assert system.predict(Item("x", {"sentences": []}, None)) == []


@pytest.mark.parametrize("system", [AttributeRule(), SpacyVerbs()], ids=lambda s: s.name)
def test_source_cue_and_content(system):
    first, none, accord, quote = system.predict(Item("x", {"sentences": SENTENCES}, None))
    assert none == []
    assert words(first[0], SENTENCES[0], "source") == ["The", "mayor"]
    assert words(first[0], SENTENCES[0], "cue") == ["said"]
    assert words(first[0], SENTENCES[0], "content") == ["the", "harbour", "would", "close"]
    assert words(accord[0], SENTENCES[2], "source") == ["the", "police"]
    assert words(accord[0], SENTENCES[2], "cue") == ["According", "to"]
    assert words(accord[0], SENTENCES[2], "content") == ["two", "boats", "sank"]
    assert words(quote[0], SENTENCES[3], "source") == ["a", "sailor"]
    assert {"We", "are", "tired"} <= set(words(quote[0], SENTENCES[3], "content"))


def test_own_text_is_parsed_where_the_item_has_it():
    text = "Rain fell.\nThe mayor’s aide said it’s over."
    sentences = [["Rain", "fell", "."], ["The", "mayor", "’s", "aide", "said", "it", "’s", "over", "."]]
    starts = [[0, 5, 9], [11, 15, 20, 23, 28, 33, 35, 38, 42]]
    item = Item("x", {"sentences": sentences, "text": text, "starts": starts}, None)
    none, (found,) = AttributeRule().predict(item)
    assert none == []
    assert words(found, sentences[1], "source") == ["The", "mayor", "’s", "aide"]
    assert words(found, sentences[1], "content") == ["it", "’s", "over"]


def test_always_yes():
    out = AttributeConstant().predict(Item("x", {"sentences": SENTENCES[1:2]}, None))
    assert out == [[{"source": [], "cue": [0], "content": [0, 1, 2]}]]
