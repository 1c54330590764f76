"""What is said of numbers: equal to what numpy and pandas say of few, within the stated bounds of many."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mvlake.handlers.profiling.distinct import ERROR, MOST, Distinct
from mvlake.handlers.profiling.numbers import AT, BLOCK, EXACT, SAMPLE, flat_blocks, number_facts

NUMBERS = st.sampled_from(["f8", "f4", "i8", "i1", "u8", "u2"])


def facts(array, **options):
    return number_facts(flat_blocks(array)(), array.size, **options)


@settings(deadline=None, max_examples=150)
@given(st.data(), NUMBERS)
def test_of_few_numbers_everything_is_what_numpy_says(data, dtype):
    some = st.floats(width=16).map(float) if dtype[0] == "f" else None
    array = data.draw(arrays.arrays(dtype, st.integers(0, 60), elements=some))
    found, finite = facts(array), array[np.isfinite(array)]
    assert (found.count, found.nans) == (len(finite), int(np.isnan(array).sum()))
    assert found.infinities == int(np.isinf(array).sum())
    if not len(finite):
        assert found.low is None
        return
    assert (found.low, found.high) == (finite.min(), finite.max())
    assert (found.distinct, found.error, found.seen) == (pd.Series(finite).nunique(), 0.0, 0)
    floats = finite.astype("f8")
    assert found.mean == pytest.approx(floats.mean(), rel=1e-9, abs=1e-9)
    assert found.std == (pytest.approx(floats.std(ddof=1), rel=1e-9, abs=1e-6) if len(finite) > 1 else None)
    assert found.quantiles == pytest.approx(np.quantile(floats, AT), rel=1e-9, abs=1e-12)
    if found.counts:
        assert sum(found.counts) == len(finite)
        assert (
            list(found.counts) == np.histogram(finite.astype("f4") if dtype == "f4" else finite, np.array(found.edges))[0].tolist()
            or dtype == "f4"
        )


def test_many_numbers_are_within_the_bounds_that_are_stated():
    random = np.random.default_rng(7)
    array = random.gamma(2.0, 3.0, 3 * EXACT + 17)
    array[::1000] = np.nan
    array[5] = -np.inf
    found, finite = facts(array), np.sort(array[np.isfinite(array)])
    assert (found.low, found.high, found.count) == (finite[0], finite[-1], len(finite))
    assert found.mean == pytest.approx(finite.mean(), rel=1e-12)
    assert found.std == pytest.approx(finite.std(ddof=1), rel=1e-12)
    assert found.error == ERROR
    assert found.distinct == pytest.approx(len(finite), rel=4 * ERROR)
    assert 0.99 * SAMPLE < found.seen < SAMPLE
    shares = np.searchsorted(finite, found.quantiles) / len(finite)
    assert shares == pytest.approx(AT, abs=0.008)
    exact = np.histogram(finite, found.edges)[0] / len(finite)
    assert np.array(found.counts) / found.seen == pytest.approx(exact, abs=0.016)
    assert facts(array) == found  # equal content has an equal profile


@pytest.mark.parametrize("different", [1, 3, 100, MOST - 1])
def test_few_different_values_among_many_are_counted_exactly(different):
    array = np.random.default_rng(1).integers(0, different, 2 * EXACT).astype("f8") / 7
    found = facts(array)
    assert (found.distinct, found.error) == (len(np.unique(array)), 0.0)


def test_zero_and_minus_zero_are_one_value_and_so_is_each_width_of_a_number():
    for array in (np.array([0.0, -0.0] * EXACT), np.array([1, 2] * EXACT, "i1"), np.array([True, False] * EXACT)):
        distinct = Distinct()
        for block in flat_blocks(array)():
            distinct.add_numbers(block)
        assert distinct.count() == (len(np.unique(array)), 0.0)


@pytest.mark.parametrize("size", [10**4, 10**5, 10**6])
def test_the_estimate_of_different_values_is_off_by_no_more_than_a_few_of_its_errors(size):
    random = np.random.default_rng(size)
    for _ in range(3):
        distinct, base = Distinct(), random.integers(0, 2**40)
        for start in range(0, size, BLOCK):
            distinct.add_numbers(np.arange(base + start, base + min(start + BLOCK, size)))
        found, error = distinct.count()
        assert found == pytest.approx(size, rel=4 * error)


def test_numbers_too_large_for_a_mean_or_a_range_leave_these_out():
    found = facts(np.array([1.7e308, -1.7e308, 1.7e308]))
    assert (found.std, found.counts) == (None, ())
    assert (found.low, found.high) == (-1.7e308, 1.7e308)


def test_a_strided_array_and_one_in_fortran_order_say_what_their_copy_says():
    array = np.arange(24.0).reshape(4, 6)
    for view in (array[::2, ::3], array.T, np.asfortranarray(array)):
        assert facts(view) == facts(view.copy())


def test_a_brief_look_counts_and_sorts_nothing_out():
    found = facts(np.arange(100.0), is_brief=True)
    assert (found.distinct, found.low, found.high, found.quantiles, found.counts) == (100, 0.0, 99.0, (), ())
