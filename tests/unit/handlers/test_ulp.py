import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.compare.floats import gap_of, ulps
from mvlake.handlers.distance import Distance
from mvlake.handlers.ulp import furthest
from mvlake.records.closeness import MOST_ULP

KINDS = {"float64": np.float64, "float32": np.float32, "float16": np.float16}
finite = st.floats(allow_nan=False, allow_infinity=False)


def apart(a, b, precision="float64"):
    kind = KINDS.get(precision, np.float32)
    return furthest(np.array([a], kind), np.array([b], kind), precision)


@pytest.mark.parametrize("precision", KINDS)
def test_neighbours_are_one_apart_at_every_size(precision):
    kind = KINDS[precision]
    least = np.finfo(kind).smallest_subnormal
    for number in (0.0, float(least), float(np.finfo(kind).tiny), 1.0, -1.0, 3.7, float(np.finfo(kind).max) / 2):
        here = kind(number)
        assert apart(here, np.nextafter(here, kind(np.inf)), precision) == 1
        assert apart(np.nextafter(here, kind(-np.inf)), here, precision) == 1
    assert apart(0.0, -0.0, precision) == 0
    assert apart(least, -least, precision) == 2
    assert apart(np.nan, 1.0, precision) == apart(np.inf, 1.0, precision) == apart(np.inf, -np.inf, precision) == 0


def test_the_whole_line_is_measured_without_overflow():
    assert apart(np.finfo(np.float16).max, -np.finfo(np.float16).max, "float16") == 2 * 0x7BFF
    assert apart(np.finfo(np.float32).max, -np.finfo(np.float32).max, "float32") == 2 * 0x7F7FFFFF
    assert apart(np.finfo(np.float64).max, -np.finfo(np.float64).max) == MOST_ULP


def test_bfloat16_is_counted_in_its_own_steps():
    one, next_one = 1.0, 1.0 + 2.0**-7
    assert apart(one, next_one, "bfloat16") == 1
    assert apart(-one, one, "bfloat16") == 2 * 0x3F80
    assert apart(one, next_one, "float32") == 1 << 16


def test_the_other_byte_order_and_complex_numbers_are_measured():
    one = np.array([1.0, 2.0], ">f8")
    assert furthest(one, np.nextafter(one, 3), "float64") == 1
    assert furthest(np.array([1 + 1j]), np.array([1 + np.nextafter(1, 2) * 1j]), "float64") == 1
    assert furthest(np.array([], "f8"), np.array([], "f8"), "float64") == 0
    assert furthest(np.array([1], np.longdouble), np.array([2], np.longdouble), "float128") == 0


@given(a=finite, b=finite)
def test_one_float_is_measured_like_an_array_of_them_and_from_both_sides(a, b):
    assert apart(a, b) == ulps(a, b) == ulps(b, a) == ulps(-a, -b)
    tally = Distance()
    tally.add(np.array([a]), np.array([b]))
    found = tally.closeness().gaps
    assert found == (() if a == b else (gap_of(a, b, 1e-12),))


@given(a=finite, steps=st.integers(0, 50))
def test_so_many_steps_are_so_many_ulps(a, steps):
    b = a
    for _ in range(steps):
        b = math.nextafter(b, math.inf)
    assert ulps(a, b) == (steps if math.isfinite(b) else 0)
