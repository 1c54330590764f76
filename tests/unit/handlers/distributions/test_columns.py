"""Two Arrow columns counted side by side: exactly, and no more told than profiles tell."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from mvlake.compare.distribution import Basis
from mvlake.compare.estimated import counted_of_profiles
from mvlake.handlers.distributions.columns import count_columns, drawn_rows, is_countable
from mvlake.handlers.profiling.column import profile_arrow
from mvlake.handlers.profiling.numbers import SAMPLE
from mvlake.handlers.profiling.values import ColumnValues
from mvlake.records.digest import Digest

DIGEST = Digest("b3:" + "0" * 64)
NUMBERS = st.lists(st.one_of(st.integers(-3, 3).map(float), st.floats(-100, 100), st.just(1e6)), min_size=1, max_size=80)


def profiled(values):
    return profile_arrow(ColumnValues("x", DIGEST, values, values.null_count), is_brief=False)


def counted(a, b, **asked):
    sides = [one if isinstance(one, pa.Array | pa.ChunkedArray) else pa.array(one) for one in (a, b)]
    return count_columns(*sides, tuple(map(profiled, sides)), **asked)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # scipy's, of its p-value
@settings(max_examples=150, deadline=None)
@given(NUMBERS, NUMBERS)
def test_numbers_are_as_far_apart_as_scipy_says_and_each_is_in_a_bin(a, b):
    found = counted(a, b)
    assert found.furthest.value == pytest.approx(ks_2samp(a, b, method="asymp").statistic, abs=1e-12)
    assert found.is_exact
    if found.labels:
        assert (sum(found.a), sum(found.b)) == (len(a), len(b))
        edges = np.array(found.edges)
        assert np.all(np.diff(edges) > 0)
        places = np.clip(np.searchsorted(edges[1:-1], a, side="right"), 0, len(edges) - 2)
        assert found.a == tuple(np.bincount(places, minlength=len(edges) - 1))
    else:
        assert len({*a, *b}) == 1


@settings(max_examples=60, deadline=None)
@given(NUMBERS, NUMBERS)
def test_sides_exchanged_are_the_same_counts(a, b):
    one, other = counted(a, b), counted(b, a)
    assert (one.a, one.b, one.furthest) == (other.b, other.a, other.furthest)


@pytest.mark.parametrize(
    ("values", "label"),
    [
        (pa.array(np.arange(1000, dtype=np.int8) % 7), "0"),
        (pa.array(np.arange(1000, dtype=np.uint64) * np.uint64(2**50) + np.uint64(2**63)), "9.22"),
        (pa.array([dt.date(2026, 1, 1) + dt.timedelta(days=day) for day in range(100)]), "2026-01-01"),
        (pa.array([dt.datetime(2026, 1, 1) + dt.timedelta(hours=hour) for hour in range(100)]), "2026-01-01T00:00:00"),
        (pa.array([dt.timedelta(seconds=second) for second in range(100)]), "0 s"),
        (pa.array([dt.time(hour) for hour in range(24)]), "1970-01-01T00:00:00"),
        (pa.array([1.5, 2.5, None] * 30, pa.float32()), "1.5"),
        (pa.chunked_array([pa.array([1, None, 3]), pa.array([9])]), "1"),
        (pa.array(["1", "2"] * 9).cast(pa.int64()).dictionary_encode(), "1"),
    ],
)
def test_every_kind_of_number_is_counted(values, label):
    found = counted(values, values)
    assert found.labels[0].startswith(label)
    assert found.furthest.value == 0
    assert found.a == found.b
    assert sum(found.a) == len(values) - values.null_count


def test_moments_of_two_units_lie_on_one_axis():
    days = np.datetime64("2026-01-01") + np.arange(50)
    found = counted(pa.array(days.astype("datetime64[s]")), pa.array(days.astype("datetime64[ns]")))
    assert found.furthest.value == 0
    assert found.labels[0].startswith("2026-01-01 to ")


def test_infinities_and_nan_are_in_no_bin():
    found = counted([1.0, 2.0, float("inf")] * 5, [float("nan"), 1.0, 2.0] * 5)
    assert (sum(found.a), sum(found.b)) == (10, 10)
    assert counted([float("inf")], [1.0, 2.0]) is None


def test_a_sample_says_that_it_is_one_and_the_truth_is_within_its_bounds():
    random = np.random.default_rng(5)
    a, b = pa.array(random.normal(0, 1, 400_000)), pa.array(random.normal(0.1, 1, 300_000))
    exact = counted(a, b)
    drawn = [drawn_rows((side.slice(start, 50_000) for start in range(0, len(side), 50_000)), len(side)) for side in (a, b)]
    assert [len(side) for side in drawn] == [SAMPLE, SAMPLE]
    found = count_columns(*drawn, (profiled(a), profiled(b)), is_sample=(True, True))
    assert found.basis is Basis.SAMPLE
    assert found.furthest.low <= exact.furthest.value <= found.furthest.high
    assert found.furthest.high - found.furthest.low < 0.05


def test_texts_are_counted_by_value_and_new_ones_exactly():
    found = counted(["de"] * 60 + ["fr"] * 40 + ["once"], ["de"] * 60 + ["it"] * 30 + ["rare"] * 2)
    assert found.labels == ("de", "fr", "it", "others")
    assert (found.a, found.b) == ((60, 40, 0, 1), (60, 0, 30, 2))
    assert found.new.value == pytest.approx(32 / 92)
    assert found.vanished.value == pytest.approx(41 / 101)
    assert found.is_exact


def test_a_value_of_few_rows_is_not_told_though_the_other_side_tells_it():
    found = counted(["de"] * 60 + ["it"] * 2, ["de"] * 60 + ["it"] * 30)
    assert found.labels == ("de", "it", "others")
    assert found.a == (60, 0, 2)
    assert found.new.value == 0


def test_identifiers_have_no_distribution():
    found = counted([f"id-{one}" for one in range(500)], [f"id-{one}" for one in range(300, 900)])
    assert found.labels == ()
    assert "nearly every value" in found.note
    assert found.new is None


def test_many_categories_are_bounded():
    random = np.random.default_rng(5)
    a, b = ([f"c{one}" for one in random.integers(0, 3000, 20_000)] for _ in range(2))
    assert len(counted(a, b).labels) <= 21


@pytest.mark.parametrize(
    ("a", "b", "is_worth"),
    [
        ([1.0, 2.5, 3.0] * 50, [1.0, 2.5, 4.0] * 50, False),  # a few numbers, which profiles count
        (np.linspace(0, 1, 90), np.linspace(0, 2, 90), True),
        (["x", "y"] * 50, ["x", "z"] * 50, False),
        (["x", "y"] * 50 + ["rare"], ["x", "z"] * 50, True),
        ([True], [False], False),
        ([[1]], [[2]], False),
        ([1.0], ["1"], False),
        ([None], [None], False),
    ],
)
def test_rows_are_read_only_where_profiles_do_not_tell_all(a, b, is_worth):
    sides = [profiled(pa.array(one)) for one in (a, b)]
    assert is_countable(*sides, counted_of_profiles(*sides)) is is_worth
