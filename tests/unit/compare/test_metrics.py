import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.compare.diff import Change, Direction, Outcome
from mvlake.compare.metrics import compare_metrics
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
    assert told.note == "a curve of 10 steps, then a curve of 20 steps"


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
