import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mvlake.compare.band import FEWEST, band, student

runs = st.lists(st.floats(-1e6, 1e6), min_size=FEWEST, max_size=40)


@pytest.mark.parametrize("freedom", [*range(1, 41), 99, 100, 999, 1000])
def test_the_quantile_is_students(freedom):
    assert student(freedom) == pytest.approx(stats.t.ppf(0.995, freedom), rel=1e-9)


def test_very_many_runs_cost_no_more_than_many():
    assert student(10**12) == student(10_000) == pytest.approx(stats.norm.ppf(0.995), rel=1e-3)


@given(runs)
def test_a_band_is_the_prediction_interval_about_the_mean(values):
    low, high = band(values)
    reach = stats.t.ppf(0.995, len(values) - 1) * statistics.stdev(values) * math.sqrt(1 + 1 / len(values))
    assert high - low == pytest.approx(2 * reach, rel=1e-6, abs=1e-6)
    assert (low + high) / 2 == pytest.approx(sum(values) / len(values), rel=1e-6, abs=1e-6)


@given(runs.map(lambda values: values[: FEWEST - 1]))
def test_fewer_runs_give_no_band(values):
    assert band(values) is None


def test_equal_runs_allow_nothing_else_and_odd_ones_nothing_beyond_them():
    assert band([0.5] * 9) == (0.5, 0.5)
    assert band([math.nan] * 9) is band([0.5] * 8 + [math.inf]) is None
    assert band([1.7e308, -1.7e308] * 3) == (-1.7e308, 1.7e308)
