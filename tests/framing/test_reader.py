"""The difference reader, with weights made here: what it gives is well formed and blind to order."""

import numpy as np
import pytest

from toolkit.framing.reader import DifferenceReader, PairTagger, Tagged
from toolkit.framing.weigh import READ

A = "Officials in Oslo slammed the “reckless” strike after 12 ships were turned away."
B = "The walkout was criticised by officials after at least 30 ships were turned away."


@pytest.fixture(scope="module")
def reader():
    return DifferenceReader(PairTagger(len(READ)).learned(rank=2))


def test_order_changes_nothing_but_the_sides(reader):
    (there,), (back,) = reader.read([(A, B)]), reader.read([(B, A)])
    assert np.array_equal(there.kinds, back.kinds)
    assert np.array_equal(there.a.logits, back.b.logits)
    assert there.b.words == back.a.words
    assert [A[s:e] for s, e in there.a.words][3:7] == ["slammed", "the", "“", "reckless"]


def test_what_stands_beside_a_pair_changes_little(reader):
    alone, beside = reader.read([(A, B)])[0], reader.read([(B, B), (A, B), (A, "x " * 900)])[1]
    assert np.allclose(alone.kinds, beside.kinds, atol=0.1)


@pytest.mark.parametrize("text", ["", "…", "🚢" * 50, "word " * 1000, "\ud83d", "x" * 10_000])
def test_odd_sentences_break_nothing(reader, text):
    (read,) = reader.read([(text, B)])
    assert np.isfinite(read.kinds).all()
    assert len(read.a.words) == len(read.a.logits)


def test_no_pair_is_no_reading(reader):
    assert reader.read([]) == []


def test_the_span_is_where_the_log_odds_are_high():
    words = tuple((5 * n, 5 * n + 4) for n in range(6))
    logits = np.array([[-6.0], [-5.0], [1.0], [2.0], [-4.0], [-6.0]])
    assert Tagged(words, logits).span(0) == (10, 19)
    assert Tagged((), np.zeros((0, 1))).span(0) is None
