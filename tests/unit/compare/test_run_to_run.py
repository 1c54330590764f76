"""Whether a recorded metric is one that runs with other random states give."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.compare.band import FEWEST, band
from mvlake.compare.run_to_run import judge_runs, within_bands
from mvlake.records.asked import Repeated
from mvlake.records.events import Verdict, VerdictItem

FIVE = (0.8, 0.82, 0.81, 0.79, 0.8)


@pytest.mark.parametrize(
    ("value", "repeated", "verdict", "said"),
    [
        (0.85, Repeated("auc", FIVE), Verdict.STATISTICAL, "5 runs gave 0.79 to 0.82"),
        (0.87, Repeated("auc", FIVE), Verdict.DRIFTED, "the band is 0.7"),
        (0.8, Repeated("auc", (0.8,) * 3), Verdict.IDENTICAL, "the same in 3 runs"),
        (0.81, Repeated("auc", (0.8,) * 5), Verdict.DRIFTED, "the band is 0.8 to 0.8"),
        (0.8, Repeated("auc", FIVE[:4]), Verdict.NOT_COMPARABLE, "takes 5 runs to know, and there are 4"),
        (0.8, Repeated("auc", FIVE, missing=1), Verdict.DRIFTED, "no number in 1 run"),
        (0.8, Repeated("other", FIVE), Verdict.DRIFTED, "no number in any run"),
        (1.7e308, Repeated("auc", (1.7e308, -1.7e308) * 3), Verdict.STATISTICAL, "the band is -1.7e+308 to 1.7e+308"),
    ],
)
def test_a_recorded_value_is_judged_by_the_band_of_its_runs(value, repeated, verdict, said):
    (item,) = judge_runs({"auc": value}, (repeated,))
    assert (item.kind, item.name, item.verdict) == ("metric", "auc", verdict)
    assert said in item.reason


@given(st.lists(st.floats(-1e6, 1e6), min_size=FEWEST, max_size=100))
def test_a_band_holds_the_mean_and_more_than_two_deviations(values):
    low, high = band(values)
    mean, deviation = statistics.fmean(values), statistics.stdev(values)
    assert low <= mean + 1e-9
    assert high >= mean - 1e-9
    assert high - low >= 4 * deviation


@pytest.mark.parametrize(
    ("item", "value", "repeats", "verdict"),
    [
        (("metric", "auc", Verdict.DRIFTED), 0.85, (Repeated("auc", FIVE),), Verdict.STATISTICAL),
        (("metric", "auc", Verdict.DRIFTED), 0.95, (Repeated("auc", FIVE),), Verdict.DRIFTED),
        (("metric", "auc", Verdict.DRIFTED), 0.85, (Repeated("auc", FIVE[:4]),), Verdict.DRIFTED),
        (("metric", "auc", Verdict.DRIFTED), 0.85, (Repeated("auc", FIVE), Repeated("auc", (0.1,) * 5)), Verdict.DRIFTED),
        (("metric", "auc", Verdict.DRIFTED), 0.85, (Repeated("auc", FIVE, missing=1),), Verdict.DRIFTED),
        (("metric", "auc", Verdict.DRIFTED), None, (Repeated("auc", FIVE),), Verdict.DRIFTED),
        (("metric", "loss", Verdict.DRIFTED), 0.85, (Repeated("auc", FIVE),), Verdict.DRIFTED),
        (("output", "auc", Verdict.DRIFTED), 0.85, (Repeated("auc", FIVE),), Verdict.DRIFTED),
        (("metric", "auc", Verdict.FAILED), 0.85, (Repeated("auc", FIVE),), Verdict.FAILED),
    ],
)
def test_a_drifted_metric_within_the_band_of_earlier_runs_is_statistical(item, value, repeats, verdict):
    one = VerdictItem(*item, "0.8 and 0.85 differ")
    (found,) = within_bands((one,), {} if value is None else {"auc": value, "loss": value}, repeats)
    assert found.verdict is verdict
    assert (found == one) is (verdict is not Verdict.STATISTICAL)


def test_too_few_runs_have_no_band():
    assert band(FIVE[:4]) is None
