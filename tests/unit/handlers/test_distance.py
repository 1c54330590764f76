import numpy as np
import pytest

from mvlake.handlers.lookup import handler_for
from mvlake.handlers.numpy import handler
from mvlake.records.tolerance import Tolerance


def closeness(a, b):
    return handler.closeness(np.array(a), np.array(b))


def test_noise_about_zero_beside_noise_about_a_large_number_is_within_the_tolerance():
    found = closeness([0.0, 1e3], [1e-17, 1e3 * (1 + 1e-14)])
    assert found.differing == 2
    assert found.max_rel == pytest.approx(1e-14, rel=0.2)
    assert all(map(Tolerance().accepts, found.gaps))


def test_a_number_where_zero_was_is_as_far_apart_as_can_be():
    assert closeness([0.0], [1e-6]).max_rel == float("inf")


def test_infinity_and_nan_against_numbers_are_never_negligible():
    assert closeness([np.inf], [1.0]).max_rel == float("inf")
    assert closeness([np.nan], [0.0]).max_rel == float("inf")
    assert closeness([np.nan], [np.nan]).differing == 0


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (["a"], ["b"], "[0] is another text"),
        ([1], [2], "[0] is another integer"),
        ([True], [False], "[0] is another truth value"),
        ({"k": b"x"}, {"k": b"y"}, "['k'] holds other bytes"),
    ],
)
def test_what_is_no_float_is_another_or_the_same(before, after, reason):
    found = handler_for(before)
    assert found.closeness(before, after).reason == reason
    assert not found.closeness(before, list(before) if isinstance(before, list) else dict(before)).reason
