import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.segment import segment
from toolkit.summarize import Extractive, Lead
from toolkit.summarize.length import OVER, taken, words_in
from toolkit.testing import FakeEncoder
from toolkit.types import Article

TEXTS = ["one two three four", "five six", "seven eight nine", "ten"]


def test_words_are_runs_of_letters_and_digits():
    assert words_in("The UN’s 1,200 well-fed cats — 3.5 each.") == 7
    assert words_in("…") == 0


def test_a_choice_passes_over_what_is_too_long_and_a_lead_ends_there():
    assert taken([1, 0, 3], TEXTS, sentences=1, words=3, ratio=0, fits=lambda place, kept: True) == [1, 3]
    assert taken([1, 0, 3], TEXTS, sentences=1, words=3, ratio=0) == [1]


def test_the_first_is_taken_however_long_and_the_lesser_budget_holds():
    assert taken([0, 1], TEXTS, sentences=3, words=1, ratio=0) == [0]
    assert taken([1, 3, 2], TEXTS, sentences=3, words=100, ratio=0.3) == [1, 3]


def test_without_a_budget_it_is_a_count():
    assert taken([2, 1, 0], TEXTS, sentences=2, words=0, ratio=0) == [2, 1]


@pytest.mark.parametrize("kind", [Extractive, Lead])
@given(
    texts=st.lists(st.lists(st.sampled_from(["Cats", "sleep", "long", "ferries", "12"]), min_size=4, max_size=9)),
    words=st.integers(1, 40), ratio=st.sampled_from([0.0, 0.2, 0.9]),
)  # fmt: skip
def test_a_summary_keeps_to_its_budget(kind, texts, words, ratio):
    document = segment(Article("\n\n".join(" ".join(t) + "." for t in texts), id="a"))
    rows = FakeEncoder().encode([s.text for s in document.sentences])
    made = kind(words=words, ratio=ratio).summarize(document, rows).sentences
    used = sum(words_in(s.text) for s in made)
    whole = sum(words_in(t) for t in {s.text for s in document.body})
    assert len(made) <= 1 or used <= OVER * min(b for b in (words, ratio * whole) if b)
