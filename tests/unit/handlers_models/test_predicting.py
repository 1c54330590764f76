"""What two models say of the same rows: formulas against their sources, and what holds of any two models."""

from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import ks_2samp
from sklearn.calibration import calibration_curve
from sklearn.cluster import KMeans
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from mvlake.compare.predicted import EvaluatedOn, PredictionDiff, ScoreKind
from mvlake.handlers.predicting.asked import asked, first_of
from mvlake.handlers.predicting.calibration import calibration_of
from mvlake.handlers.predicting.compared import Rows, compared
from mvlake.handlers.predicting.labels import labels_of
from mvlake.handlers.predicting.rows import count_rows, first_rows, only_column, rows_at
from mvlake.handlers.predicting.rows_in_common import rows_in_common
from mvlake.handlers.predicting.slices import smallest_slice
from mvlake.handlers.predicting.truth import truths_of
from mvlake.handlers.predictions import Predictions, predictions_of
from mvlake.records.digest import Digest

rng = np.random.default_rng(0)
X = rng.normal(size=(120, 2))
LABELS = np.where(X[:, 0] > 0, "yes", "no")
KINDS = rng.integers(0, 3, 120)
ABOUT = PredictionDiff("X", EvaluatedOn.BOTH, Digest("b3:" + "0" * 64), 120, 120, truth="y")


def told(a, b, *, truth=None, data=X, places=None):
    return compared(ABOUT, a, b, Rows(data, truth, places))


def of_labels(labels, scores=None, classes=None):
    return Predictions(np.asarray(labels), scores, (np.asarray(classes),) if classes is not None else ())


ROWS = 40
SAID = st.one_of(
    arrays(np.int64, ROWS, elements=st.integers(0, 3)).map(of_labels),
    arrays(object, ROWS, elements=st.sampled_from(["a", "b", "", "é", 1, True, None])).map(of_labels),
    arrays(np.float64, ROWS, elements=st.floats(allow_nan=True)).map(lambda numbers: Predictions(None, numbers)),
    arrays(np.float64, (ROWS, 2), elements=st.floats(-1e3, 1e3)).map(lambda numbers: Predictions(None, numbers)),
    st.tuples(
        arrays(np.int64, ROWS, elements=st.integers(0, 1)),
        arrays(np.float64, (ROWS, 2), elements=st.floats(0, 1) | st.just(np.nan)),
    ).map(lambda both: of_labels(both[0], both[1], [0, 1])),
)
TRUTH = st.none() | arrays(np.int64, ROWS, elements=st.integers(0, 3)) | arrays(np.float64, ROWS)


INFINITE = np.full(ROWS, np.inf)
UNSAID = of_labels([0] * ROWS, np.full((ROWS, 2), np.nan), [0, 1])


@settings(max_examples=80, deadline=None)
@given(said=SAID, truth=TRUTH)
@example(said=Predictions(None, INFINITE), truth=INFINITE)
def test_a_model_against_itself_flips_and_moves_nothing(said, truth):
    for found in told(said, said, truth=truth, data=X[:ROWS]):
        assert found.labels is None or (found.labels.flipped, found.labels.flips, found.labels.more) == (0, (), 0)
        assert found.numbers is None or (found.numbers.moved, found.numbers.most) == (0, ())
        assert found.slices == ()
        assert all(not one.psi and not one.ks and not one.js for one in found.scores)


@settings(max_examples=80, deadline=None)
@given(a=SAID, b=SAID, truth=TRUTH)
@example(a=Predictions(None, INFINITE), b=Predictions(None, -INFINITE), truth=INFINITE)
@example(a=UNSAID, b=UNSAID, truth=None)
def test_the_reverse_comparison_is_the_mirror_image(a, b, truth):
    there, back = told(a, b, truth=truth, data=X[:ROWS]), told(b, a, truth=truth, data=X[:ROWS])
    assert len(there) == len(back)
    for one, other in zip(there, back, strict=True):
        assert (one.labels is None, one.numbers is None) == (other.labels is None, other.numbers is None)
        if one.labels is not None:
            assert (one.labels.flipped, one.labels.a_accuracy) == (other.labels.flipped, other.labels.b_accuracy)
            assert (one.labels.mended, one.labels.a_only) == (other.labels.broken, other.labels.b_only)
            assert [(x.row, x.a, x.b) for x in one.labels.flips] == [(x.row, x.b, x.a) for x in other.labels.flips]
            assert {(x.a, x.b, x.rows) for x in one.labels.agreement} == {(x.b, x.a, x.rows) for x in other.labels.agreement}
            assert one.labels.a_calibration == other.labels.b_calibration
        if one.numbers is not None:
            assert (one.numbers.moved, one.numbers.apart) == (other.numbers.moved, other.numbers.apart)
            assert one.numbers.a_residuals == other.numbers.b_residuals
        assert [(x.column, x.value, x.rows, x.apart) for x in one.slices] == [
            (x.column, x.value, x.rows, x.apart) for x in other.slices
        ]
        assert [(x.label, x.ks, x.a) for x in one.scores] == [(x.label, x.ks, x.b) for x in other.scores]


def test_labels_of_different_types_that_read_alike_are_the_same():
    (found,) = told(of_labels([1, 0, 1]), of_labels(np.array(["1", "0", "0"])), data=X[:3])
    assert [(one.row, one.a, one.b) for one in found.labels.flips] == [(2, "1", "0")]
    assert labels_of(np.array([1.0, 2.5])).names == ("1", "2.5")


def test_scores_go_by_label_whatever_the_order_of_the_classes_is():
    scores = rng.random((50, 1))
    both = np.hstack([1 - scores, scores])
    labels = np.where(both[:, 1] > 0.5, "yes", "no")
    (found,) = told(
        of_labels(labels, both, ["no", "yes"]), of_labels(labels, both[:, ::-1], ["yes", "no"]), truth=labels, data=X[:50]
    )
    (score,) = found.scores
    assert (score.kind, score.label, score.ks, score.psi) == (ScoreKind.PROBABILITY, "yes", 0, 0)
    assert found.labels.a_calibration == found.labels.b_calibration


def test_the_distance_of_scores_is_that_of_kolmogorov_and_smirnov():
    one, other = rng.random(300), rng.random(300) ** 2
    (found,) = told(Predictions(None, one), Predictions(None, other), data=None)
    assert found.scores[0].ks == pytest.approx(ks_2samp(one, other).statistic)
    assert sum(found.scores[0].histogram.a) == sum(found.scores[0].histogram.b) == 300
    assert found.numbers.shift.mean == pytest.approx(np.mean(other - one))
    assert found.numbers.shift.median == pytest.approx(np.median(other - one))


def test_calibration_agrees_with_its_formula_and_with_scikit_learn():
    scores = rng.random(1000)
    came = rng.random(1000) < scores**2
    found = calibration_of(scores, came, "yes")
    share, mean = calibration_curve(came, scores, n_bins=10)
    assert [one.share for one in found.bins] == pytest.approx(share)
    assert [one.score for one in found.bins] == pytest.approx(mean)
    weights = np.array([one.rows for one in found.bins]) / 1000
    assert found.error == pytest.approx(np.sum(weights * np.abs(share - mean)))
    assert sum(one.rows for one in found.bins) == found.rows == 1000


def test_scores_that_are_no_probabilities_are_in_no_bin():
    found = calibration_of(np.array([np.nan, -0.1, 1.1, 0.0, 1.0]), np.array([True] * 5), "")
    assert found.rows == 2
    assert [(one.low, one.rows) for one in found.bins] == [(0.0, 1), (0.9, 1)]
    assert calibration_of(np.array([np.nan]), np.array([True]), "") is None


def test_the_truth_tells_what_was_mended_and_what_was_broken():
    truth = np.array(["x", "x", "y", "y", "y"])
    (found,) = told(of_labels(["x", "y", "y", "x", "x"]), of_labels(["x", "x", "x", "y", "z"]), truth=truth, data=X[:5])
    labels = found.labels
    assert (labels.a_accuracy, labels.b_accuracy, labels.mended, labels.broken) == (0.4, 0.6, 2, 1)
    assert [(one.row, one.truth) for one in labels.flips] == [(1, "x"), (2, "y"), (3, "y"), (4, "y")]


def test_where_the_truth_is_missing_nothing_is_held_against_it():
    truth = np.array([1.0, np.nan, 0.0])
    (found,) = told(of_labels([1, 1, 1]), of_labels([1, 0, 0]), truth=truth, data=X[:3])
    assert (found.labels.a_accuracy, found.labels.b_accuracy) == (0.5, 1.0)
    assert [one.truth for one in found.labels.flips] == [None, "0"]
    (found,) = told(Predictions(None, np.zeros(3)), Predictions(None, np.ones(3)), truth=truth, data=X[:3])
    assert found.numbers.b_residuals.rmse == pytest.approx(0.5**0.5)
    assert found.numbers.b_residuals.spread.unsaid == 1
    nothing = np.array([None, np.nan, pd.NA], dtype=object)
    (found,) = told(of_labels([1, 1, 1]), of_labels([1, 0, 0]), truth=nothing, data=X[:3])
    assert found.labels.a_accuracy is None


def test_a_truth_of_another_form_is_no_truth():
    assert truths_of(np.zeros((3, 2)), 1) == [None]
    assert truths_of(np.zeros(3), 2) == [None, None]
    assert len(truths_of(np.zeros((3, 2)), 2)) == 2
    assert truths_of({"a": 1}, 1) == [None]


def test_numbers_that_are_no_numbers_are_counted_apart():
    one, other = np.array([1.0, np.nan, np.inf, 3.0]), np.array([1.0, np.nan, np.inf, np.nan])
    (found,) = told(Predictions(None, one), Predictions(None, other), data=X[:4])
    assert (found.numbers.moved, found.numbers.shift.unsaid) == (1, 1)
    assert [(moved.row, moved.a, moved.b) for moved in found.numbers.most] == [(3, 3.0, None)]


def test_the_rows_that_moved_most_come_first():
    one = np.zeros(100)
    (found,) = told(Predictions(None, one), Predictions(None, np.arange(100.0)), data=X[:100])
    assert [moved.row for moved in found.numbers.most] == list(range(99, 79, -1))
    assert (found.numbers.moved, found.numbers.apart) == (99, 49.5)


def test_outputs_are_compared_one_by_one_and_no_more_than_five():
    labels = np.stack([KINDS, KINDS > 0], axis=1)
    one, other = (RandomForestClassifier(n, random_state=0).fit(X, labels) for n in (2, 5))
    found = told(predictions_of(one, X), predictions_of(other, X), truth=labels)
    assert [each.output for each in found] == [1, 2]
    for place, each in enumerate(found):
        wanted = one.predict(X)[:, place] != other.predict(X)[:, place]
        assert each.labels.flipped == wanted.sum()
        assert each.labels.a_accuracy == pytest.approx(np.mean(one.predict(X)[:, place] == labels[:, place]))
        assert each.scores
    many = Predictions(None, np.zeros((10, 8)))
    found = told(many, many, data=X[:10])
    assert len(found) == 5
    assert "3 more outputs are not compared" in found[-1].note
    assert "a has 8 outputs, b has 2" in told(many, Predictions(None, np.zeros((10, 2))), data=X[:10])[0].note


def test_groups_go_by_the_rows_that_they_share_and_not_by_their_numbers():
    one = KMeans(3, random_state=0, n_init=1).fit(X)
    other = KMeans(3, random_state=0, n_init=1).fit(X)
    other.cluster_centers_ = np.ascontiguousarray(one.cluster_centers_[[2, 0, 1]])
    (found,) = told(predictions_of(one, X), predictions_of(other, X))
    assert (one.predict(X) != other.predict(X)).all()
    assert found.labels.flipped == 0
    assert "which they share most rows" in found.note


def test_margins_stand_where_there_are_no_probabilities():
    one, other = (LinearSVC(C=c).fit(X, LABELS) for c in (1, 1e-4))
    (found,) = told(predictions_of(one, X), predictions_of(other, X), truth=LABELS)
    assert [(score.kind, score.label) for score in found.scores] == [(ScoreKind.MARGIN, "yes")]
    assert found.labels.a_calibration is None
    one, other = (IsolationForest(n_estimators=10, random_state=seed).fit(X) for seed in (0, 1))
    (found,) = told(predictions_of(one, X), predictions_of(other, X))
    assert {name for each in found.labels.agreement for name in (each.a, each.b)} == {"-1", "1"}
    assert found.note == ""


def test_labels_and_numbers_are_not_held_against_each_other():
    (found,) = told(of_labels([1, 2]), Predictions(None, np.zeros(2)), data=X[:2])
    assert (found.labels, found.numbers, found.truth) == (None, None, "")
    assert found.note == "a says labels, and b numbers"


def test_slices_are_where_the_models_disagree_most():
    data = pd.DataFrame({"sex": np.repeat(["f", "m"], 60), "email": np.repeat(["a@x.org", "b@x.org"], 60), "age": np.arange(120.0)})
    one = np.zeros(120, int)
    other = np.where((data["sex"] == "m") & (data["age"] >= 90), 1, 0)
    (found,) = told(of_labels(one), of_labels(other), truth=one, data=data)
    assert {each.column for each in found.slices} == {"sex", "age"}  # and no address of a person
    first = found.slices[0]
    assert (first.column, first.rows, first.apart, first.a_quality, first.b_quality) == ("age", 30, 1.0, 1.0, 0.0)
    assert found.slice_rows == smallest_slice(120) == 20
    assert all(each.rows >= 20 for each in found.slices)


@pytest.mark.parametrize("form", [pd.DataFrame, pl.from_pandas, pa.Table.from_pandas], ids=["pandas", "polars", "arrow"])
def test_slices_of_every_library_are_the_same(form):
    plain = pd.DataFrame({"kind": np.repeat(["x", "y", None], 40), "ok": np.tile([True, False], 60), "n": np.arange(120)})
    other = np.where(plain["kind"].isna(), 1, 0)
    (found,) = told(of_labels(np.zeros(120, int)), of_labels(other), data=form(plain))
    assert [(one.column, one.value, one.rows) for one in found.slices][:2] == [("kind", "missing", 40), ("n", "89.25 to 119", 30)]


@pytest.mark.parametrize("form", [pd.DataFrame, pl.from_pandas, pa.Table.from_pandas], ids=["pandas", "polars", "arrow"])
def test_rows_in_common_are_found_in_every_library(form):
    plain = pd.DataFrame({"x": [1.0, np.nan, 3.0, 4.0], "s": ["long text with an end"] * 3 + [None]})
    other = plain.iloc[[3, 0, 1, 0]].reset_index(drop=True)
    other.loc[3, "s"] = "long text WITH an end"  # the same ends, which keys alone take for the same
    assert rows_in_common(form(plain), form(other)).tolist() == [0, 1, 2]
    assert rows_in_common(form(plain), form(other.rename(columns={"x": "z"}))).tolist() == []
    assert rows_in_common(form(plain[:0]), form(other)).tolist() == []
    assert rows_in_common(X, X[[5, 3]]).tolist() == [0, 1]


def test_rows_are_taken_by_place_from_every_library():
    frame = pd.DataFrame({"x": range(5)}, index=[9.0, 8.0, 7.0, 6.0, 5.0])
    for data in (frame, pl.from_pandas(frame), pa.Table.from_pandas(frame, preserve_index=False), list(range(5)), np.arange(5)):
        assert count_rows(data) == 5
        assert count_rows(first_rows(data, 1, 3)) == 2
        assert count_rows(rows_at(data, np.array([4, 0]))) == 2
        if hasattr(data, "shape") and len(data.shape) == 2:
            assert list(np.asarray(only_column(rows_at(data, np.array([4, 0]))))) == [4, 0]


def test_a_slow_model_is_asked_about_as_many_rows_as_there_is_time_for():
    asked_about = []

    def ask(rows):
        asked_about.append(len(rows))
        return Predictions(None, rows[:, 0])

    data = rng.normal(size=(5000, 2))
    found, rows = asked(ask, data, 5000, seconds=0)
    assert (rows, asked_about) == (1000, [1000])
    found, rows = asked(ask, data, 5000, seconds=60)
    assert rows == 5000
    assert np.array_equal(found.scores, data[:, 0])
    assert len(first_of(found, 7).scores) == 7
    assert asked(lambda _: None, data, 5000) == (None, 0)


def test_blocks_of_labels_with_longer_and_longer_names_become_one():
    model = LogisticRegression().fit(X, LABELS)
    data = rng.normal(size=(3000, 2))
    found, rows = asked(lambda some: predictions_of(model, some), data, 3000)
    assert rows == 3000
    assert np.array_equal(found.labels, model.predict(data))
    assert np.array_equal(found.scores, model.predict_proba(data))


def test_rows_in_common_are_numbered_as_they_are_in_the_data():
    (found,) = told(of_labels([1, 1]), of_labels([1, 0]), data=X[[7, 9]], places=np.array([7, 9]))
    assert [one.row for one in found.labels.flips] == [9]
    (found,) = told(Predictions(None, np.zeros(2)), Predictions(None, np.ones(2)), data=X[[7, 9]], places=np.array([7, 9]))
    assert [one.row for one in found.numbers.most] == [7, 9]


def test_nothing_is_said_of_no_rows():
    (found,) = told(of_labels(np.zeros(0, int)), of_labels(np.zeros(0, int)), data=X[:0], truth=np.zeros(0))
    assert (found.labels.rows, found.labels.share, found.labels.a_accuracy) == (0, 0.0, None)
    (found,) = told(Predictions(None, np.zeros(0)), Predictions(None, np.zeros(0)), data=X[:0])
    assert (found.numbers.moved, found.numbers.shift.mean, found.numbers.shifts.edges) == (0, None, ())


def test_what_is_told_of_data_stays_told():
    about = replace(ABOUT, note="as the column policy left it")
    (found,) = compared(about, of_labels([1]), Predictions(None, np.zeros(1)), Rows(X[:1]))
    assert found.note.startswith("as the column policy left it; ")
