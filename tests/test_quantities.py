import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.quantities import quantities


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a dozen", "12"), ("12,000", "twelve thousand"), ("1.5 million", "1,500,000"), ("half", "50 percent"),
        ("a quarter of a percentage point", "0.25"), ("about a fifth", "roughly one fifth"),
        ("two-thirds", "two thirds"),
        ("forty-seven", "47"), ("weeklong", "seven days"), ("a week", "7-day"), ("a year", "12 months"),
        ("half a dozen", "six"), ("two hundred and", "200"), ("$740 million", "740 million dollars"),
        ("on Friday", "Friday"),
        ("a hundred", "100"), ("three quarters", "75 %"), ("six-day", "six days"), ("a fortnight", "two weeks"),
    ],
)  # fmt: skip
def test_equal_quantities_share_a_reading(one, other):
    (x, *_), found = quantities(one), quantities(other)
    assert any(x & y for y in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("six-day", "weeklong"), ("12", "at least 40"), ("dozens", "47"), ("9 percent", "15 percent"),
        ("Friday", "Saturday"), ("a third", "a quarter"), ("two days", "two weeks"), ("1.5 million", "1.5 billion"),
    ],
)  # fmt: skip
def test_unlike_quantities_share_none(one, other):
    assert not any(x & y for x in quantities(one) for y in quantities(other))


def test_words_without_a_quantity_have_none():
    assert quantities("the items that it was said to need") == []
    assert quantities("Geran-25 and COVID-19") == []


def test_quantities_come_in_order():
    assert [sorted(q)[0] for q in quantities("Between 5.2 and 5.6 tonnes in June")] == ["5.2", "5.6", "june"]


@given(st.text(max_size=30))
def test_any_text_can_be_read(text):
    assert all(q for q in quantities(text))


def test_a_superscript_counts_nothing():
    assert quantities("¹ȴ x²") == []
    assert quantities("٣ ships") == quantities("3 ships")
