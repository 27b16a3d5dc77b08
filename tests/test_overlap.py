import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.overlap import Lexicon

TOKENS = st.lists(st.integers(0, 9), max_size=8)


def test_rare_tokens_weigh_more():
    lexicon = Lexicon([[1, 2], [1, 3], [1, 4]])
    common, rare = 1.0, math.log(4 / 2) + 1
    unknown = math.log(4) + 1
    assert lexicon.weights([1, 9]) == pytest.approx([common / (common + unknown), unknown / (common + unknown)])
    assert lexicon.weights([2, 2, 2]) == pytest.approx([1 / 3] * 3)
    assert lexicon.weights([2, 1])[0] == pytest.approx(rare / (rare + common))


def test_cosine_is_one_for_the_same_tokens_and_nothing_for_none():
    lexicon = Lexicon([[1, 2], [3], []])
    assert lexicon.cosines([2, 1, 1]) == pytest.approx([1, 0, 0])
    assert lexicon.cosines([]) == [0, 0, 0]
    assert Lexicon([]).cosines([1]) == []
    assert Lexicon([]).weights([1]) == [1]
    assert lexicon.weights([]) == []


@given(st.lists(TOKENS, max_size=5), TOKENS)
def test_all_are_shares(sentences, claim):
    lexicon = Lexicon(sentences)
    assert all(0 <= x <= 1 + 1e-9 for x in [*lexicon.weights(claim), *lexicon.cosines(claim)])
    assert sum(lexicon.weights(claim)) == pytest.approx(1 if claim else 0)
