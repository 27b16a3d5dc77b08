import numpy as np
import pytest
from pydantic import ValidationError

from toolkit.testing import FakeEncoder


def test_unrelated_texts_are_far_apart():
    a, b = FakeEncoder(dim=1024).encode(["alpha beta gamma", "delta epsilon zeta"])
    assert abs(float(a @ b)) < 0.15


def test_case_and_order_make_no_difference():
    a, b = FakeEncoder().encode(["The Dog barks", "barks the dog"])
    np.testing.assert_array_equal(a, b)


def test_width_is_the_readers():
    assert FakeEncoder(dim=16).encode(["a", "b"]).shape == (2, 16)
    assert FakeEncoder(dim=16).name == "fake-16"


@pytest.mark.parametrize("wrong", [{"dim": 1}, {"dims": 64}])
def test_wrong_options_are_refused(wrong):
    with pytest.raises(ValidationError):
        FakeEncoder(**wrong)
