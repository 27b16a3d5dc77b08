import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.framing.abstain import density, features, weighed
from toolkit.framing.phrases import MODELS
from toolkit.linear import LinearWeights

SURE = st.lists(st.floats(0, 1), max_size=30)


@pytest.fixture(scope="module")
def shipped():
    return LinearWeights.load(MODELS / "abstention.safetensors")


def test_density_is_a_sum_over_what_was_compared_in_any_order():
    assert density([0.5, 0.3, 0.001], 4) == pytest.approx(0.2)
    assert density([0.3, 0.5], 4) == density([0.5, 0.3], 4)
    assert density([], 0) == 0


@given(SURE, st.floats(0, 1))
def test_features_are_finite(confidences, dense):
    found = features(confidences, dense)
    assert found.shape == (len(confidences), 2)
    assert np.isfinite(found).all()


@given(SURE)
def test_the_same_finding_is_surer_between_reports_that_differ_much(shipped, confidences):
    few, many = weighed(confidences, 0.05, shipped), weighed(confidences, 0.3, shipped)
    assert all(0 <= x <= y <= 1 for x, y in zip(few, many, strict=True))


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30))
def test_the_order_of_confidences_stays(shipped, confidences):
    found = weighed(sorted(confidences), 0.1, shipped)
    assert found == sorted(found)
