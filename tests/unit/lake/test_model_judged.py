from dataclasses import replace

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.preprocessing import StandardScaler

from mvlake.compare.measuring import graded
from mvlake.handlers.lookup import handler_for
from mvlake.lake.dossier import read_dossier
from mvlake.lake.evaluation import evaluation_data
from mvlake.lake.history import find
from mvlake.lake.model_judged import judge_model
from mvlake.records.artifact import Artifact, Role
from mvlake.records.closeness import NEGLIGIBLE
from mvlake.records.events import Verdict
from mvlake.records.tolerance import Tolerance

rng = np.random.default_rng(0)
X = rng.normal(size=(60, 3))
LABELS = (X[:, 0] + 0.1 * X[:, 1] > 0).astype(int)
TARGET = X @ [1.0, 2.0, 3.0]
DATA = (Artifact(Role.INPUT, "X_test", "numpy", 1, *[None] * 4),)


def judged(a, b, data=X, evaluation=DATA):
    handler = handler_for(a)
    found = judge_model(handler, (a, b), handler.closeness(a, b), evaluation, lambda _: data, NEGLIGIBLE)
    return graded(found, Tolerance())


def moved(model, step):
    other = type(model)().fit(X, LABELS if hasattr(model, "classes_") else TARGET)
    other.coef_ = model.coef_ * (1 + step)
    return other


def test_one_flipped_label_is_drift_and_is_counted():
    one = LogisticRegression().fit(X, LABELS)
    other = moved(one, 0.0)
    other.intercept_ = one.intercept_ - 0.9
    flipped = int((one.predict(X) != other.predict(X)).sum())
    assert flipped
    found = judged(one, other)
    assert found.verdict is Verdict.DRIFTED
    assert found.reason.startswith(f"{flipped} of 60 predicted labels of X_test flipped; the scores are off by at most 0.")


def test_scores_that_drift_without_a_flip_are_measured():
    one = LogisticRegression().fit(X, LABELS)
    near, far = judged(one, moved(one, 1e-12)), judged(one, moved(one, 1e-3))
    assert (near.verdict, far.verdict) == (Verdict.NUMERIC, Verdict.DRIFTED)
    assert "no label flipped" in near.reason
    assert near.measured.total == 120
    assert far.measured.max_abs > near.measured.max_abs


def test_a_regression_is_measured_by_its_predictions():
    one = LinearRegression().fit(X, TARGET)
    near, far = judged(one, moved(one, 1e-13)), judged(one, moved(one, 1e-6))
    assert (near.verdict, far.verdict) == (Verdict.NUMERIC, Verdict.DRIFTED)
    assert far.measured.max_rel == pytest.approx(1e-6, rel=0.5)


def test_models_that_learned_other_numbers_and_say_the_same_are_no_more_than_numeric():
    one = RandomForestClassifier(5, random_state=0).fit(X, LABELS)
    other = RandomForestClassifier(5, random_state=0).fit(X, LABELS)
    for tree in other.estimators_:
        tree.tree_.threshold[:] *= 1 + 1e-7
    found = judged(one, other)
    assert found.verdict is Verdict.NUMERIC
    assert "predictions for X_test" in found.reason


def test_without_evaluation_data_what_was_learned_decides_and_that_is_said():
    one = LogisticRegression().fit(X, LABELS)
    found = judged(one, moved(one, 1e-12), evaluation=())
    assert found.verdict is Verdict.NUMERIC
    assert "no evaluation data was captured" in found.reason
    found = judged(one, moved(one, 1e-12), data=X[:, :2])
    assert "nothing was predicted for X_test" in found.reason
    assert "ValueError" in found.reason


def test_evaluation_data_are_what_the_cell_hands_to_the_model(lake, commit):
    source = "m.fit(X, y)\nscore = m.score(X_test, y)\nother.predict(Z)\np = m.predict(X_more)\nm.predict(a + b)"
    commit(lake, source=source, inputs={"X": X, "X_test": X, "Z": X}, outputs={"X_more": X[:4]})
    dossier = read_dossier(lake._parts, find(lake._parts, "fraud:v1"))
    assert [one.name for one in evaluation_data(dossier, "m")] == ["X_test", "X_more"]
    assert evaluation_data(dossier, "nothing") == ()
    broken = replace(dossier, sources=("m.predict(((", None))
    assert evaluation_data(broken, "m") == ()
    timed = replace(dossier, sources=("%time\n%matplotlib inline\nm.predict(X_test)",))
    assert [one.name for one in evaluation_data(timed, "m")] == ["X_test"]


@pytest.mark.parametrize("library", ["xgboost.XGBClassifier", "lightgbm.LGBMClassifier"])
def test_wrappers_of_boosters_are_judged_by_what_they_say(library):
    module, _, name = library.partition(".")
    kind = getattr(pytest.importorskip(module), name)
    one, other = (kind(n_estimators=trees, n_jobs=1, max_depth=2).fit(X, LABELS) for trees in (3, 60))
    found = judged(one, other)
    assert found.verdict is Verdict.DRIFTED
    assert "labels of X_test flipped" in found.reason or "numbers differ" in found.reason


def test_a_model_that_cannot_say_anything_is_judged_by_what_it_learned():
    found = judged(StandardScaler().fit(X), StandardScaler().fit(X + 1))
    assert found.verdict is Verdict.DRIFTED
    assert "predicts nothing" in found.reason
