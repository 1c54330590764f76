import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.compare.diff import Change, Direction, Outcome
from mvlake.compare.metrics import compare_metrics
from mvlake.records.asked import Repeated
from mvlake.records.facts import Metric, MetricSource
from mvlake.records.plain import to_plain

NAN, INF = math.nan, math.inf


def row(build, a, b, name="val_auc"):
    return compare_metrics(build.dossier("x", metrics={name: a}), build.dossier("x", metrics={name: b}))[0]


def test_a_metric_tells_its_difference_and_what_it_means(build):
    told = row(build, 0.5, 0.75)
    assert (told.change, told.delta, told.relative) == (Change.CHANGED, 0.25, 0.5)
    assert (told.direction, told.outcome) == (Direction.HIGHER, Outcome.BETTER)


@pytest.mark.parametrize(
    ("name", "a", "b", "outcome"),
    [
        ("auc", 0.9, 0.8, Outcome.WORSE),
        ("loss", 0.9, 0.8, Outcome.BETTER),
        ("loss", INF, 0.8, Outcome.BETTER),
        ("loss", 0.8, INF, Outcome.WORSE),
        ("log_likelihood", -INF, -3.5, Outcome.BETTER),
        ("loss", NAN, NAN, Outcome.SAME),
        ("loss", 0.8, NAN, Outcome.WORSE),
        ("loss", NAN, 0.8, Outcome.BETTER),
        ("loss", INF, INF, Outcome.SAME),
        ("loss", 1, 1.0, Outcome.SAME),
        ("answer", 42, 42, Outcome.SAME),
        ("answer", 42, 43, None),
        ("answer", "text", "other", None),
        ("auc", True, False, None),
    ],
)
def test_the_outcome_follows_the_direction(build, name, a, b, outcome):
    assert row(build, a, b, name).outcome is outcome


RUNS = (0.80, 0.81, 0.79, 0.80, 0.82, 0.80)


def repeated(build, value, *runs, name="auc", missing=0):
    return replace(build.dossier("x", metrics={name: value}), repeats=(Repeated(name, runs, missing),) if runs else ())


@pytest.mark.parametrize(
    ("a", "b", "outcome"),
    [
        (0.80, 0.83, Outcome.WITHIN_NOISE),
        (0.80, 0.78, Outcome.WITHIN_NOISE),
        (0.80, 0.90, Outcome.BETTER),
        (0.80, 0.70, Outcome.WORSE),
        (0.80, 0.80, Outcome.SAME),
        (0.80, NAN, Outcome.WORSE),
    ],
)
def test_a_change_that_the_runs_of_a_version_show_too_is_noise(build, a, b, outcome):
    told = compare_metrics(repeated(build, a, *RUNS), repeated(build, b))[0]
    back = compare_metrics(repeated(build, b), repeated(build, a, *RUNS))[0]
    assert told.outcome is outcome
    assert (told.a_band.runs, told.b_band, back.b_band) == (6, None, told.a_band)
    assert back.outcome is {Outcome.BETTER: Outcome.WORSE, Outcome.WORSE: Outcome.BETTER}.get(outcome, outcome)


def test_the_band_of_either_version_is_enough_for_noise(build):
    told = compare_metrics(repeated(build, 0.80, *RUNS), repeated(build, 0.90, 0.7, 0.9, 0.8, 0.85, 0.95))[0]
    assert told.outcome is Outcome.WITHIN_NOISE
    assert (told.a_band.runs, told.b_band.runs) == (6, 5)


def test_noise_is_told_of_a_metric_of_which_nobody_knows_what_is_better(build):
    told = compare_metrics(repeated(build, 41, 40, 41, 43, 42, 44, name="answer"), repeated(build, 42, name="answer"))[0]
    assert (told.direction, told.outcome) == (None, Outcome.WITHIN_NOISE)


def test_the_last_repeats_that_were_enough_tell_the_band(build):
    several = (Repeated("auc", (0.1,) * 5), Repeated("auc", RUNS), Repeated("auc", RUNS[:2]))
    before = replace(build.dossier("x", metrics={"auc": 0.8}), repeats=several)
    told = compare_metrics(before, build.dossier("x", metrics={"auc": 0.81}))[0]
    assert (told.outcome, told.a_band.runs) == (Outcome.WITHIN_NOISE, 6)


def test_too_few_runs_tell_no_band_nor_do_runs_without_the_metric(build):
    for before in (
        repeated(build, 0.8, *RUNS[:4]),
        repeated(build, 0.8, *RUNS, missing=1),
        repeated(build, 0.8, *([1e308, -1e308] * 3)),
    ):
        told = compare_metrics(before, repeated(build, 0.81))[0]
        assert (told.outcome, told.a_band) == (Outcome.BETTER, None)


@pytest.mark.parametrize(
    ("a", "b", "delta", "relative"),
    [
        (0.0, 1.0, 1.0, None),
        (NAN, 1.0, None, None),
        (INF, INF, None, None),
        (-INF, 1.0, None, None),
        (-1e308, 1e308, None, None),
        (5e-324, 1.0, 1.0, None),
        (-2.0, -1.0, 1.0, 0.5),
        (10**400, 10**400 + 1, 1.0, None),
        (0, 10**400, None, None),
        (2**60, 2**60 + 2**50, float(2**50), 2**-10),
        (0.0, -0.0, 0.0, None),
    ],
)
def test_what_cannot_be_said_as_a_number_is_not_said(build, a, b, delta, relative):
    told = row(build, a, b)
    assert (told.delta, told.relative) == (delta, relative)


def test_two_nan_are_unchanged(build):
    assert row(build, NAN, NAN).change is Change.UNCHANGED


def test_an_integer_that_became_a_float_has_changed_and_says_so(build):
    told = row(build, 1, 1.0)
    assert (told.change, told.note) == (Change.CHANGED, "int became float; the value is equal")


def test_a_metric_on_one_side_has_no_outcome(build):
    told = compare_metrics(build.dossier("x", metrics={"auc": 0.5}), build.dossier("x", metrics={"f1": 0.5}))
    assert {(one.name, one.change, one.outcome, one.delta) for one in told} == {
        ("auc", Change.REMOVED, None, None),
        ("f1", Change.ADDED, None, None),
    }
    assert all(one.direction is Direction.HIGHER for one in told)


def curve(value, steps):
    return Metric("val_loss", to_plain(value), MetricSource.CURVE, steps=steps)


def test_a_longer_curve_has_changed_even_if_it_ends_alike(build):
    told = row(build, curve(0.5, 10), curve(0.5, 20), "val_loss")
    assert (told.change, told.outcome, told.a_steps, told.b_steps) == (Change.CHANGED, Outcome.SAME, 10, 20)
    assert told.note == "10 → 20 steps"


def test_a_metric_that_another_function_measured_says_so(build):
    a = Metric("quality", 0.5, MetricSource.FUNCTION, function="accuracy_score")
    b = Metric("quality", 0.25, MetricSource.FUNCTION, function="log_loss")
    told = row(build, a, b, "quality")
    assert told.note == "measured by accuracy_score, then by log_loss"
    assert (told.direction, told.outcome) == (None, None)


@pytest.mark.parametrize(
    "value", [{"$": "float", "v": "no"}, {"$": "int", "v": 5}, {"$": "fraction", "v": ["0x1", "0x0"]}, {"$": "what"}, [1], None]
)
def test_a_value_that_is_no_number_is_shown_and_not_counted(build, value):
    told = row(build, Metric("val_auc", value, MetricSource.STATED), 0.5)
    assert (told.a, told.delta, told.outcome, told.change) == (value, None, None, Change.CHANGED)


@given(a=st.floats(allow_nan=False), b=st.floats(allow_nan=False))
def test_better_in_one_reading_is_worse_in_the_other(a, b, build):
    there, back = row(build, a, b), row(build, b, a)
    pairs = {(Outcome.BETTER, Outcome.WORSE), (Outcome.WORSE, Outcome.BETTER), (Outcome.SAME, Outcome.SAME)}
    assert (there.outcome, back.outcome) in pairs
    assert (there.outcome is Outcome.SAME) == (a == b)
