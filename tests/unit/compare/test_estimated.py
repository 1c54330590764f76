"""Two profiles brought together: what is said to be exact is, and what is estimated lies within its bounds."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from mvlake.compare.column_drift import with_drift
from mvlake.compare.diff import Change, ColumnDiff
from mvlake.compare.distribution import Basis, Shift
from mvlake.compare.estimated import counted_of_profiles
from mvlake.handlers.profiling.column import profile_arrow
from mvlake.handlers.profiling.privacy import withheld
from mvlake.handlers.profiling.values import ColumnValues
from mvlake.records.digest import Digest

DIGEST = Digest("b3:" + "0" * 64)


def profiled(values, name="x"):
    array = values if isinstance(values, pa.Array) else pa.array(values)
    return profile_arrow(ColumnValues(name, DIGEST, array, array.null_count), is_brief=False)


def compared(a, b, name="x"):
    sides = profiled(a, name), profiled(b, name)
    found = with_drift(ColumnDiff(name, Change.CHANGED, "", ""), *sides, counted_of_profiles(*sides))
    return found.distribution, {one.name: one for one in found.drift}


NUMBERS = st.lists(st.one_of(st.integers(-3, 3).map(float), st.floats(-100, 100), st.just(1e6)), min_size=1, max_size=80)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # scipy's, of its p-value
@settings(max_examples=200, deadline=None)
@given(NUMBERS, NUMBERS)
def test_an_estimate_lies_between_its_bounds_and_so_does_the_truth(a, b):
    told, drift = compared(a, b)
    if "kolmogorov_smirnov" in drift:
        one = drift["kolmogorov_smirnov"]
        exact = ks_2samp(a, b, method="asymp").statistic
        assert one.low - 1e-9 <= exact <= one.high + 1e-9
        assert one.low <= one.value <= one.high
    if told is not None and told.labels:
        assert sum(told.a) == pytest.approx(1)
        assert sum(told.b) == pytest.approx(1)


@settings(max_examples=100, deadline=None)
@given(NUMBERS, NUMBERS)
def test_the_shares_of_bins_are_no_further_off_than_is_said(a, b):
    told, _ = compared(a, b)
    if told is None or not told.edges:
        return
    edges = np.array(told.edges)
    for values, shares in ((a, told.a), (b, told.b)):
        places = np.clip(np.searchsorted(edges[1:-1], values, side="right"), 0, len(edges) - 2)
        truth = np.bincount(places, minlength=len(edges) - 1) / len(values)
        assert np.abs(truth - shares).max() <= told.error + 1e-9


def test_a_normal_column_that_moved_has_moved():
    random = np.random.default_rng(1)
    told, drift = compared(random.normal(0, 1, 5000), random.normal(1, 1, 5000))
    assert told.basis is Basis.ESTIMATED
    assert 0 < told.error < 0.2
    assert [drift[name].shift for name in ("population_stability_index", "kolmogorov_smirnov", "jensen_shannon")] == [
        Shift.STRONG
    ] * 3
    assert [one.at for one in told.quantiles] == [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]


def test_the_same_column_drawn_twice_has_not():
    random = np.random.default_rng(1)
    for size in (30, 300, 3000):
        _, drift = compared(random.normal(0, 1, size), random.normal(0, 1, size))
        assert {one.shift for one in drift.values()} == {Shift.NONE}


def test_one_value_far_away_does_not_hide_the_rest():
    random = np.random.default_rng(1)
    told, _ = compared(random.normal(0, 1, 5000), [*random.normal(0, 1, 5000), 1e9])
    assert max(told.a) < 0.5
    assert told.edges[-1] == 1e9


def test_numbers_of_few_values_are_counted_exactly():
    told, drift = compared([1] * 50 + [2] * 50, [1] * 80 + [3] * 20)
    assert (told.labels, told.a, told.b) == (("1", "2", "3"), (0.5, 0.5, 0.0), (0.8, 0.0, 0.2))
    assert told.basis is Basis.EXACT
    assert drift["kolmogorov_smirnov"].value == pytest.approx(0.3)
    assert "new_category_rate" not in drift


def test_categories_that_are_new_and_gone_are_told():
    told, drift = compared(["de"] * 60 + ["fr"] * 40, ["de"] * 60 + ["it"] * 30 + ["rare"])
    assert told.labels[0] == "de"
    assert told.labels[-1] == "others"
    assert drift["vanished_category_rate"].value == pytest.approx(0.4)
    assert drift["new_category_rate"].low <= 31 / 91 <= drift["new_category_rate"].high
    assert drift["new_category_rate"].shift is Shift.STRONG
    assert "kolmogorov_smirnov" not in drift


def test_truth_values_and_times_have_measures():
    _, drift = compared([True, False] * 500, [True] * 900 + [False] * 100)
    assert drift["population_stability_index"].shift is Shift.STRONG
    days = pa.array(np.datetime64("2026-01-01") + np.arange(100)), pa.array(np.datetime64("2026-03-01") + np.arange(100))
    told, drift = compared(*days)
    assert told.labels[0].startswith("2026-01-01 to 2026-01-")
    assert drift["kolmogorov_smirnov"].low <= 0.59 <= drift["kolmogorov_smirnov"].high


def test_missing_values_and_nan_are_rates_of_their_own():
    _, drift = compared([1.0, 2.0, None, float("nan")] * 50, [1.0, 2.0, None, None] * 50)
    assert drift["null_rate_change"].value == pytest.approx(0.25)
    assert drift["nan_rate_change"].value == pytest.approx(-0.25)
    assert drift["null_rate_change"].shift is Shift.STRONG


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (pa.array([], pa.int64()), pa.array([], pa.int64())),
        (pa.array([None, None], pa.float64()), pa.array([1.0, 2.0])),
        ([float("inf")] * 9, [1.0] * 9),
        ([float("inf"), 1.0, 2.0, 3.0], [-1e308, 1e308]),
        ([1.0], [2.0]),
        ([7] * 10, [7] * 9),
        ([[1], [2, 3]], [[1]]),
        ([b"x"], [b"y"]),
        (["a", "b"], [1, 2]),
        ([2**63 - 1, -(2**63)], [0, 1]),
    ],
)
def test_odd_columns_have_finite_figures_and_no_error(a, b):
    told, drift = compared(a, b)
    for one in drift.values():
        assert np.isfinite([one.value, one.chance or 0, one.low or 0, one.high or 0]).all()
    if told is not None:
        assert np.isfinite([*told.a, *told.b, *told.edges, told.error]).all()
        assert len(told.labels) == len(told.a) == len(told.b)


def test_what_is_withheld_is_not_told():
    salaries = withheld(profiled([1000.0, 2000.0, 3500.0] * 20), "its name says that it holds incomes")
    others = profiled([1.0, 2.0, 5.0] * 20)
    found = with_drift(ColumnDiff("x", Change.CHANGED, "", ""), salaries, others, counted_of_profiles(salaries, others))
    assert (found.distribution.labels, found.distribution.quantiles) == ((), ())
    assert found.distribution.note == "not told: its name says that it holds incomes"
    assert [one.name for one in found.drift] == ["null_rate_change"]
