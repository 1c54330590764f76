"""Measures of drift: against scipy, and what they must hold for any numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2, kstwobign, norm

from mvlake.compare import chance
from mvlake.compare.distribution import Shift
from mvlake.compare.drift import (
    JS,
    KS,
    PSI,
    effect_of_rates,
    jensen_shannon,
    new_category_rate,
    population_stability_index,
)
from mvlake.compare.shift import RATES, SLIGHT_AND_STRONG, shift_of
from mvlake.handlers.distributions.numbers import kolmogorov_smirnov

SHARES = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=30).filter(
    lambda pairs: any(a for a, _ in pairs) and any(b for _, b in pairs)
)


def shares(pairs):
    a, b = np.array(pairs, float).T
    return (a / a.sum()).tolist(), (b / b.sum()).tolist()


@given(SHARES)
def test_the_distance_of_jensen_and_shannon_is_that_of_scipy(pairs):
    a, b = shares(pairs)
    assert jensen_shannon(a, b) == pytest.approx(jensenshannon(a, b, base=2), abs=2e-8)


@given(SHARES)
def test_measures_of_equal_shares_are_nothing_and_the_order_of_sides_says_nothing(pairs):
    a, b = shares(pairs)
    for measure in (population_stability_index, jensen_shannon):
        assert measure(a, a) == 0
        assert measure(a, b) == pytest.approx(measure(b, a))
        assert measure(a, b) >= 0
        assert math.isfinite(measure(a, b))


@given(SHARES)
def test_the_rate_of_new_categories_is_a_share(pairs):
    a, b = shares(pairs)
    new = sum(q for p, q in zip(a, b, strict=True) if p == 0)
    assert new_category_rate(a, b) == pytest.approx(new)


def test_the_thresholds_agree_on_a_normal_distribution_whose_mean_moves():
    x = np.linspace(-12, 12, 100_001)
    for place, index in enumerate(SLIGHT_AND_STRONG[PSI]):
        moved_by = math.sqrt(index)
        a, b = (one / one.sum() for one in (norm.pdf(x), norm.pdf(x - moved_by)))
        assert np.sum((b - a) * np.log(b / a)) == pytest.approx(index, abs=1e-6)
        assert SLIGHT_AND_STRONG[KS][place] == pytest.approx(np.abs(np.cumsum(a) - np.cumsum(b)).max(), abs=5e-4)
        assert SLIGHT_AND_STRONG[JS][place] == pytest.approx(jensen_shannon(a.tolist(), b.tolist()), abs=5e-4)


@pytest.mark.parametrize(
    ("value", "word"), [(0.0999, Shift.NONE), (0.1, Shift.SLIGHT), (0.2499, Shift.SLIGHT), (0.25, Shift.STRONG)]
)
def test_a_word_begins_at_its_threshold(value, word):
    assert shift_of(value, SLIGHT_AND_STRONG[PSI], is_chance=False) is word
    assert shift_of(value, SLIGHT_AND_STRONG[PSI], is_chance=True) is Shift.NONE


def test_rates_are_judged_alike_at_both_ends():
    assert effect_of_rates(0.0, 0.01) == pytest.approx(effect_of_rates(1.0, 0.99))
    assert effect_of_rates(0.0, 0.01) >= RATES[0] > effect_of_rates(0.5, 0.55)


@pytest.mark.parametrize("bins", [2, 5, 10, 20])
def test_chance_is_that_of_scipy(bins):
    assert chance.of_bins(bins, 300, 700) == pytest.approx(chi2.ppf(0.99, bins - 1) * (1 / 300 + 1 / 700), rel=0.02)
    assert chance.of_cumulative(300, 700) == pytest.approx(kstwobign.ppf(0.99) * math.sqrt(1 / 300 + 1 / 700))


def test_one_distribution_is_above_chance_as_seldom_as_is_said():
    random = np.random.default_rng(7)
    above = np.zeros(3)
    tries, size, bins = 2000, 400, 10
    for _ in range(tries):
        a, b = random.integers(0, bins, (2, size))
        p, q = ((np.bincount(side, minlength=bins) / size).tolist() for side in (a, b))
        above += (
            population_stability_index(p, q) > chance.of_bins(bins, size, size),
            jensen_shannon(p, q) > chance.of_distance(bins, size, size),
            kolmogorov_smirnov(np.sort(a), np.sort(b)) > chance.of_cumulative(size, size),
        )
    assert above[0] / tries == pytest.approx(0.01, abs=0.01)
    assert above[1] / tries == pytest.approx(0.01, abs=0.01)
    assert above[2] / tries <= 0.015  # of few different values it is seldom reached


def test_a_moved_column_is_above_chance():
    random = np.random.default_rng(8)
    for _ in range(50):
        edges = np.linspace(-4, 4, 11)
        p, q = (np.histogram(side, edges)[0] / 1000 for side in (random.normal(0, 1, 1000), random.normal(0.6, 1, 1000)))
        assert population_stability_index(p.tolist(), q.tolist()) > max(chance.of_bins(10, 1000, 1000), 0.2)
