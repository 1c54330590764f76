import pickle
from itertools import count

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from mvlake.compare.diff import Change
from mvlake.lake.dossier import read_dossier
from mvlake.lake.evaluation import evaluation_data, evaluations
from mvlake.lake.history import find
from mvlake.lake.lake import Lake
from mvlake.lake.load import revive

rng = np.random.default_rng(0)
X = pd.DataFrame(rng.normal(size=(200, 3)), columns=["age", "fare", "size"])
Y = pd.Series(np.where(X["age"] + 0.3 * X["fare"] > 0, "yes", "no"), name="y")
TARGET = X.to_numpy() @ [1.0, 2.0, 3.0]
DEPTHS = count()
SOURCE = "m.fit(X, y)\nauc = m.score(X_test, y_test)"
ONE = LogisticRegression().fit(X, Y)
OTHER = LogisticRegression(C=0.001).fit(X, Y)
OTHER.intercept_ = OTHER.intercept_ + 0.5


@pytest.fixture
def told(lake, commit):
    """What a comparison tells of the model `m`, in two versions, each of them with these inputs."""

    def compare(a=ONE, b=OTHER, *, source=SOURCE, inputs=None, later=None):
        inputs = {"X_test": X, "y_test": Y} if inputs is None else inputs
        sources = (source, source) if isinstance(source, str) else source
        refs = [
            commit(lake, source=text, inputs=given, models={"m": model}, depth=next(DEPTHS)).ref
            for model, given, text in zip((a, b), (inputs, later or inputs), sources, strict=True)
        ]
        (found,) = lake.compare(*refs).models
        return found

    return compare


def test_labels_that_flipped_are_counted_and_shown(told):
    (found,) = told().predictions
    before, after = ONE.predict(X), OTHER.predict(X)
    wanted = np.flatnonzero(before != after)
    assert len(wanted)
    assert (found.data, found.on.value, found.total, found.rows, found.truth) == ("X_test", "both", 200, 200, "y_test")
    assert (found.labels.flipped, found.labels.share) == (len(wanted), len(wanted) / 200)
    assert [one.row for one in found.labels.flips] == wanted[:20].tolist()
    assert [one.truth for one in found.labels.flips] == Y[wanted[:20]].tolist()
    assert sum(one.rows for one in found.labels.agreement) == 200
    assert (found.labels.a_accuracy, found.labels.b_accuracy) == (np.mean(before == Y), np.mean(after == Y))
    assert found.labels.a_calibration.of == "yes"
    (score,) = found.scores
    assert score.a.mean == pytest.approx(ONE.predict_proba(X)[:, 1].mean())


def test_numbers_that_moved_are_told_by_how_far(told):
    one, other = (LinearRegression().fit(X, TARGET) for _ in range(2))
    other.intercept_ = one.intercept_ + 2
    (found,) = told(one, other, inputs={"X_test": X, "y_test": TARGET}).predictions
    assert (found.numbers.rows, found.numbers.moved) == (200, 200)
    assert found.numbers.apart == pytest.approx(2)
    assert found.numbers.b_residuals.rmse == pytest.approx(2)
    assert found.numbers.b_residuals.spread.mean == pytest.approx(-2)


def test_what_was_learned_is_told_beside(told):
    found = told()
    told_of = {one.kind.value: one for one in found.weights}
    assert {row.name for row in told_of["coefficients"].rows} == set(X.columns)
    assert told_of["intercepts"].rows[0].b == pytest.approx(OTHER.intercept_[0])


def test_a_quick_look_loads_no_model(lake, told):
    told()
    (quick,) = lake.compare("fraud:v1", "fraud:v2", quick=True).models
    assert (quick.predictions, quick.weights) == ((), ())


def test_an_unchanged_model_is_not_asked(lake, commit):
    for depth in (1, 2):
        commit(lake, source=SOURCE, inputs={"X_test": X, "y_test": Y}, models={"m": ONE}, depth=depth)
    (found,) = lake.compare("fraud:v1", "fraud:v2").models
    assert (found.change, found.predictions, found.weights) == (Change.UNCHANGED, (), ())


def test_pipelines_are_asked_about_frames(told):
    frame = X.assign(sex=np.where(X["size"] > 0, "f", "m"))

    def pipe(c):
        columns = ColumnTransformer([("num", StandardScaler(), ["age"]), ("cat", OneHotEncoder(), ["sex"])])
        return make_pipeline(columns, LogisticRegression(C=c)).fit(frame, Y)

    (found,) = told(pipe(1), pipe(1e-4), inputs={"X_test": frame, "y_test": Y}).predictions
    assert found.labels.flipped == (pipe(1).predict(frame) != pipe(1e-4).predict(frame)).sum()
    assert any(one.column == "sex" for one in found.slices)


@pytest.mark.parametrize("form", [pl.from_pandas, pd.DataFrame.to_numpy], ids=["polars", "numpy"])
def test_data_of_other_libraries_are_asked_about_too(told, form):
    (found,) = told(inputs={"X_test": form(X), "y_test": pl.Series(Y.to_list())}).predictions
    assert found.labels.flipped == (ONE.predict(X) != OTHER.predict(X)).sum()
    assert found.labels.a_accuracy is not None


def test_columns_that_the_cell_takes_are_taken(told):
    frame = X.assign(y=Y, extra=1)
    source = 'features = ["age", "fare", "size"]\nm.score(df[features], df["y"])'
    (found,) = told(inputs={"df": frame}, source=source).predictions
    assert (found.data, found.truth, found.rows) == ("df", "df[y]", 200)
    assert found.labels.a_accuracy == np.mean(ONE.predict(X) == Y)
    dropped = 'm.score(df.drop(columns=["y", "extra"]), df.y)'
    (found,) = told(inputs={"df": frame}, source=dropped).predictions
    assert found.truth == "df[y]"


@pytest.mark.parametrize("features", [list(X.columns), tuple(X.columns), X.columns, np.array(X.columns, dtype=str)])
def test_columns_may_be_in_a_variable_that_the_version_holds(told, features):
    source = 'm.score(df[features], df["y"])'
    (found,) = told(inputs={"df": X.assign(y=Y), "features": features}, source=source).predictions
    assert (found.rows, found.truth) == (200, "df[y]")
    assert told(inputs={"df": X.assign(y=Y), "features": [1, 2]}, source=source).predictions == ()


def test_a_column_of_texts_is_handed_over_as_a_column(told):
    texts = pd.DataFrame({"text": np.where(X["age"] > 0, "good movie", "bad film"), "n": 1})
    one, other = (make_pipeline(CountVectorizer(), LogisticRegression(C=c)).fit(texts["text"], Y) for c in (1, 1e-9))
    (found,) = told(one, other, inputs={"df": texts}, source='m.predict(df["text"])').predictions
    assert found.rows == 200
    assert found.labels.flipped == (one.predict(texts["text"]) != other.predict(texts["text"])).sum()


def test_a_model_of_one_more_feature_is_given_it(told):
    more = X.assign(extra=TARGET)
    other = LogisticRegression().fit(more, Y)
    (found,) = told(b=other, inputs={"X_test": X, "y_test": Y}, later={"X_test": more, "y_test": Y}).predictions
    assert (found.on.value, found.rows) == ("both", 200)
    assert "its own columns" in found.note
    assert found.labels.flipped == (ONE.predict(X) != other.predict(more)).sum()


def test_of_data_with_other_rows_those_in_common_are_compared(told):
    first, second = (slice(0, 120), slice(60, 200))
    (found,) = told(inputs={"X_test": X[first], "y_test": Y[first]}, later={"X_test": X[second], "y_test": Y[second]}).predictions
    assert (found.on.value, found.total, found.rows) == ("common", 140, 60)
    assert "of the 140 in b, the 60 that a has as well are compared" in found.note
    wanted = np.flatnonzero(ONE.predict(X[60:120]) != OTHER.predict(X[60:120]))
    assert [one.row for one in found.labels.flips] == wanted[:20].tolist()
    assert found.labels.b_accuracy == np.mean(OTHER.predict(X[60:120]) == Y[60:120])


def test_of_data_with_no_rows_in_common_those_of_b_are_taken_and_that_is_said(told):
    (found,) = told(inputs={"X_test": X[:100], "y_test": Y[:100]}, later={"X_test": X[100:], "y_test": Y[100:]}).predictions
    assert (found.on.value, found.rows) == ("b", 100)
    assert "a may have been fitted on" in found.note
    assert found.labels.flipped == (ONE.predict(X[100:]) != OTHER.predict(X[100:])).sum()


def test_data_that_one_side_evaluates_alone_serve_both(told):
    (found,) = told(source=["m.fit(X, y)", SOURCE]).predictions
    assert (found.on.value, found.note) == ("b", "only b asks its model about X_test")
    (found,) = told(source=[SOURCE, "m.fit(X, y)"]).predictions
    assert found.on.value == "a"


def test_a_model_that_cannot_predict_says_why(told):
    narrow = LogisticRegression().fit(X.to_numpy()[:, :1], Y)
    found = told(b=narrow, inputs={"X_test": X.to_numpy(), "y_test": Y})
    assert "in b, a LogisticRegression could not predict: ValueError" in found.predictions[0].note
    assert found.weights
    (found,) = told(StandardScaler().fit(X), StandardScaler().fit(X + 1)).predictions
    assert "a StandardScaler predicts nothing" in found.note


def test_data_without_rows_and_data_that_are_none_are_said(told):
    (found,) = told(inputs={"X_test": X[:0], "y_test": Y[:0]}).predictions
    assert found.note == "it has no rows"
    (found,) = told(inputs={"X_test": 7, "y_test": Y}).predictions
    assert (found.rows, found.labels) == (0, None)
    assert found.note


def test_a_truth_of_other_length_is_none(told):
    (found,) = told(inputs={"X_test": X, "y_test": Y[:10]}).predictions
    assert (found.truth, found.labels.a_accuracy) == ("", None)
    assert "y_test has 10 rows" in found.note


def test_a_pickle_is_never_loaded(lake, told, monkeypatch):
    def trap(*_):
        raise AssertionError("a pickle was loaded")

    function = make_pipeline(FunctionTransformer(lambda x: x), LogisticRegression()).fit(X, Y)
    other = make_pipeline(FunctionTransformer(lambda x: -x), LogisticRegression()).fit(X, Y)
    monkeypatch.setattr(pickle, "loads", trap)
    found = told(function, other)
    assert (found.change, found.predictions, found.weights) == (Change.CHANGED, (), ())
    assert "pickle" in found.note


def test_what_is_damaged_is_said_and_the_rest_is_there(disk, commit, tmp_path):
    data = rng.normal(size=(20_000, 3))
    for number, model in enumerate((ONE, OTHER)):
        commit(disk, source=SOURCE, inputs={"X_test": data}, models={"m": model}, depth=number)
    pack = max((tmp_path / "project" / ".mvlake").glob("objects/*/*.pack"), key=lambda path: path.stat().st_size)
    damaged = bytearray(pack.read_bytes())
    damaged[len(damaged) // 2 : len(damaged) // 2 + 64] = bytes(64)  # numbers at random are most of the pack
    pack.unlink()
    pack.write_bytes(damaged)
    (found,) = Lake.open(tmp_path / "project").compare("fraud:v1", "fraud:v2").models
    assert found.weights[0].differing == 3
    assert "damaged" in found.predictions[0].note


def test_boosters_are_asked_about_the_matrix_that_they_were_given(told):
    xgboost = pytest.importorskip("xgboost")
    one, other = (xgboost.train({"objective": "binary:logistic"}, xgboost.DMatrix(X, label=Y == "yes"), n) for n in (1, 9))
    source = "d = xgb.DMatrix(X_test, label=y_test)\np = m.predict(d)"
    (found,) = told(one, other, inputs={"X_test": X, "y_test": (Y == "yes").astype(int)}, source=source).predictions
    wanted = (one.predict(xgboost.DMatrix(X)) > 0.5) != (other.predict(xgboost.DMatrix(X)) > 0.5)
    assert found.labels.flipped == wanted.sum()
    assert found.labels.a_accuracy is not None


def test_boosters_of_several_classes_say_labels(told):
    lightgbm = pytest.importorskip("lightgbm")
    kinds = rng.integers(0, 3, 200)
    settings = {"objective": "multiclass", "num_class": 3, "verbose": -1}
    one, other = (lightgbm.train(settings, lightgbm.Dataset(X, label=kinds), n) for n in (1, 9))
    (found,) = told(one, other, inputs={"X_test": X, "y_test": kinds}).predictions
    assert found.labels.flipped == (one.predict(X).argmax(1) != other.predict(X).argmax(1)).sum()
    assert {one.label for one in found.scores} == {"0", "1", "2"}


def test_modules_tell_their_layers_and_are_not_asked(told):
    torch = pytest.importorskip("torch")
    found = told(torch.nn.Linear(3, 1), torch.nn.Linear(3, 1))
    assert found.predictions == ()
    assert {row.name for row in found.weights[0].rows} == {"weight", "bias"}


def test_models_of_two_libraries_are_compared(told):
    xgboost = pytest.importorskip("xgboost")
    encoded = (Y == "yes").astype(int)
    one = LogisticRegression().fit(X, encoded)
    other = xgboost.XGBClassifier(n_estimators=3, n_jobs=1).fit(X, encoded)
    (found,) = told(one, other, inputs={"X_test": X, "y_test": encoded}).predictions
    assert found.labels.flipped == (one.predict(X) != other.predict(X)).sum()


def test_evaluations_say_the_truth_that_a_version_holds(lake, commit):
    source = "p = m.predict(X_test)\nf1_score(y_test, p)\nm.score(X_more, y_more)"
    commit(lake, source=source, inputs={"X_test": X, "y_test": Y}, outputs={"X_more": X})
    dossier = read_dossier(lake._parts, find(lake._parts, "fraud:v1"))
    found = {one.data.taken.name: one.truth and one.truth.taken.name for one in evaluations(dossier, "m", lake_reads(lake))}
    assert found == {"X_test": "y_test", "X_more": None}
    assert [one.name for one in evaluation_data(dossier, "m")] == ["X_test", "X_more"]
    beside = read_dossier(lake._parts, commit_beside(lake, commit))
    assert [(one.data.taken.name, one.truth.taken.name) for one in evaluations(beside, "m", lake_reads(lake))] == [
        ("X_test", "y_test")
    ]
    assert evaluation_data(beside, "m") == ()


def lake_reads(lake):
    return lambda artifact: revive(lake._parts, artifact)


def commit_beside(lake, commit):
    made = commit(lake, "beside", source="report(m, X_test, y_test)", inputs={"X_test": X, "y_test": Y})
    return find(lake._parts, made.ref)
