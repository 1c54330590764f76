"""What models learned, side by side: real models of every library whose handler looks."""

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor, HistGradientBoostingRegressor, RandomForestClassifier, VotingClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeRegressor

from mvlake.handlers.learning.between import weights_between
from mvlake.handlers.lookup import handler_for

rng = np.random.default_rng(0)
X = pd.DataFrame({"age": rng.normal(40, 10, 120), "fare": rng.exponential(20, 120), "sex": rng.choice(["f", "m"], 120)})
NUMBERS = X[["age", "fare"]]
LABELS = np.where((X["age"] > 40) ^ (X["sex"] == "m"), "yes", "no")
KINDS = rng.integers(0, 3, 120)
TARGET = 2 * X["age"] + X["fare"]


def between(a, b):
    return {(one.kind.value, one.part): one for one in weights_between(*(handler_for(one).weights(one) for one in (a, b)))}


def test_coefficients_go_by_feature_the_largest_change_first():
    one = LinearRegression().fit(NUMBERS, TARGET)
    other = LinearRegression().fit(NUMBERS, TARGET)
    other.coef_ = one.coef_ + np.array([0.5, -1.0])
    found = between(one, other)
    told = found["coefficients", ""]
    assert [row.name for row in told.rows] == ["fare", "age"]
    assert [row.apart for row in told.rows] == pytest.approx([1.0, 0.5])
    assert told.rows[0].relative == pytest.approx(1.0)
    assert (told.total, told.differing) == (2, 2)
    assert (found["intercepts", ""].differing, found["intercepts", ""].rows) == (0, ())


def test_a_pipeline_names_the_features_that_its_last_step_was_given():
    def fitted(c):
        columns = ColumnTransformer([("num", StandardScaler(), ["age", "fare"]), ("cat", OneHotEncoder(), ["sex"])])
        return make_pipeline(columns, LogisticRegression(C=c)).fit(X, KINDS)

    found = between(fitted(1.0), fitted(0.01))
    told = found["coefficients", "logisticregression"]
    assert {row.name for row in told.rows} >= {"cat__sex_f \N{MIDDLE DOT} 0", "num__fare \N{MIDDLE DOT} 2"}
    assert told.total == 12


def test_a_feature_that_one_side_has_alone_is_said():
    one = LinearRegression().fit(NUMBERS, TARGET)
    other = LinearRegression().fit(NUMBERS.assign(extra=1.0), TARGET)
    first = between(one, other)["coefficients", ""].rows[0]
    assert (first.name, first.a, first.note) == ("extra", None, "only in b")
    last = between(other, one)["coefficients", ""].rows[0]
    assert (last.name, last.b, last.note) == ("extra", None, "only in a")


def test_the_search_the_vote_and_the_ensemble_tell_what_is_in_them():
    search = [GridSearchCV(LogisticRegression(), {"C": [c]}, cv=2).fit(NUMBERS, LABELS) for c in (1, 0.001)]
    assert between(*search)["coefficients", ""].differing == 2
    votes = [
        VotingClassifier([("a", LogisticRegression(C=c)), ("b", LogisticRegression())]).fit(NUMBERS, LABELS) for c in (1, 0.001)
    ]
    found = between(*votes)
    assert (found["coefficients", "a"].differing, found["coefficients", "b"].differing) == (2, 0)


@pytest.mark.parametrize("kind", [RandomForestClassifier, GradientBoostingRegressor])
def test_importances_and_trees_of_ensembles(kind):
    y = LABELS if kind is RandomForestClassifier else TARGET
    one, other = (kind(n_estimators=trees, random_state=0).fit(NUMBERS, y) for trees in (3, 5))
    found = between(one, other)
    assert found["importances", ""].total == 2
    trees = {row.name: (row.a, row.b) for row in found["trees", ""].rows}
    assert trees["trees"] == (3, 5)
    assert found["trees", ""].note == "3 of 5 trees split alike"


def test_the_depth_and_the_leaves_of_a_tree_are_those_that_it_tells_itself():
    one, other = (DecisionTreeRegressor(max_depth=depth).fit(NUMBERS, TARGET) for depth in (2, 6))
    told = {row.name: (row.a, row.b) for row in between(one, other)["trees", ""].rows}
    assert told["deepest"] == (one.get_depth(), other.get_depth())
    assert told["leaves in all"] == (one.get_n_leaves(), other.get_n_leaves())


def test_thresholds_of_trees_that_split_on_the_same_features_are_compared():
    one, other = (DecisionTreeRegressor(max_depth=2).fit(NUMBERS + shift, TARGET) for shift in (0, 0.5))
    assert between(one, other)["trees", ""].note == (
        "0 of 1 trees split alike; 1 more split on the same features, at thresholds up to 0.5 away"
    )


def test_histogram_boosting_tells_its_trees():
    one, other = (HistGradientBoostingRegressor(max_iter=rounds).fit(NUMBERS, TARGET) for rounds in (2, 3))
    assert next(row for row in between(one, other)["trees", ""].rows if row.name == "trees").b == 3


def test_networks_tell_the_norms_of_their_layers():
    one, other = (MLPRegressor(hidden_layer_sizes=(3,), max_iter=5, random_state=seed).fit(NUMBERS, TARGET) for seed in (0, 1))
    told = {row.name: row for row in between(one, other)["layers", ""].rows}
    weights = told["layer 1 weights"]
    assert weights.a == pytest.approx(np.linalg.norm(one.coefs_[0]))
    assert weights.apart == pytest.approx(np.linalg.norm(other.coefs_[0] - one.coefs_[0]))
    assert weights.relative == pytest.approx(weights.apart / weights.a)


def test_centres_are_held_against_the_nearest_whatever_their_numbers_are():
    one = KMeans(3, random_state=0, n_init=1).fit(NUMBERS)
    other = KMeans(3, random_state=0, n_init=1).fit(NUMBERS)
    other.cluster_centers_ = one.cluster_centers_[[2, 0, 1]] + [0.0, 1.0]
    told = between(one, other)["centres", ""]
    assert [row.apart for row in told.rows] == pytest.approx([1.0, 1.0, 1.0])
    assert {(row.name, row.note) for row in told.rows} == {("0", "1 of b"), ("1", "2 of b"), ("2", "0 of b")}
    more = between(one, KMeans(4, random_state=0, n_init=1).fit(NUMBERS))["centres", ""]
    assert [row.note for row in more.rows].count("only in b") == 1


def test_a_model_without_such_numbers_tells_none_and_asking_harms_nothing():
    assert between(SVC().fit(NUMBERS, LABELS), SVC(C=9).fit(NUMBERS, LABELS)).keys() == {("intercepts", "")}
    assert between(StandardScaler().fit(NUMBERS), StandardScaler()) == {}
    assert between(LogisticRegression(), LogisticRegression()) == {}


def test_numbers_that_are_not_finite_are_left_unsaid():
    one, other = (LinearRegression().fit(NUMBERS, TARGET) for _ in range(2))
    other.coef_ = np.array([np.nan, np.inf])
    told = between(one, other)["coefficients", ""]
    assert [(row.b, row.apart) for row in told.rows] == [(None, None), (None, None)]
    assert between(other, other)["coefficients", ""].differing == 0


@pytest.mark.parametrize("library", ["xgboost", "lightgbm"])
def test_boosters_tell_importances_and_trees(library):
    module = pytest.importorskip(library)
    kind = module.XGBRegressor if library == "xgboost" else module.LGBMRegressor
    quiet = {} if library == "xgboost" else {"verbose": -1}
    one, other = (kind(n_estimators=trees, max_depth=2, n_jobs=1, **quiet).fit(NUMBERS, TARGET) for trees in (2, 4))
    found = between(one, other)
    assert {row.name for row in found["importances", ""].rows} == {"age", "fare"}
    trees = {row.name: (row.a, row.b) for row in found["trees", ""].rows}
    assert trees["trees"] == (2, 4)
    assert found["trees", ""].note == "2 of 4 trees split alike"


def test_a_linear_booster_tells_coefficients():
    xgboost = pytest.importorskip("xgboost")
    one, other = (xgboost.XGBRegressor(booster="gblinear", n_estimators=n, n_jobs=1).fit(NUMBERS, TARGET) for n in (1, 9))
    told = between(one, other)["coefficients", ""]
    assert {row.name: row.b for row in told.rows} == pytest.approx(
        dict(zip(["age", "fare"], other.coef_, strict=True)),
        rel=1e-4,  # which it prints with five digits
    )


def test_a_booster_within_a_pipeline_has_the_features_of_its_step():
    xgboost = pytest.importorskip("xgboost")
    one, other = (
        make_pipeline(StandardScaler(), xgboost.XGBRegressor(n_estimators=n, n_jobs=1)).fit(NUMBERS, TARGET) for n in (1, 9)
    )
    assert {row.name for row in between(one, other)["importances", "xgbregressor"].rows} == {"age", "fare"}


def test_modules_tell_the_norms_of_their_tensors():
    torch = pytest.importorskip("torch")
    one, other = (torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Linear(3, 1)) for _ in range(2))
    other.load_state_dict(one.state_dict())
    assert between(one, other)["layers", ""].differing == 0
    with torch.no_grad():
        other[0].weight += 1
    told = between(one, other)["layers", ""]
    assert [row.name for row in told.rows] == ["0.weight"]
    assert told.rows[0].apart == pytest.approx(6**0.5, rel=1e-5)
    wider = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Linear(4, 1), torch.nn.Linear(1, 1))
    notes = {row.name: row.note for row in between(one, wider)["layers", ""].rows}
    assert notes["0.weight"] == "(3, 2) became (4, 2)"
    assert notes["2.bias"] == "only in b"


def test_of_many_numbers_only_those_that_changed_most_are_told():
    one, other = (LinearRegression().fit(NUMBERS, TARGET) for _ in range(2))
    one.coef_, other.coef_ = np.zeros(1000), np.arange(1000.0)
    told = between(one, other)["coefficients", ""]
    assert (told.total, told.differing, len(told.rows)) == (1000, 999, 50)
    assert told.rows[0].name == "x999"
