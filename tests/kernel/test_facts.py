"""Parameters and metrics as real libraries make them, in a real kernel. What is seen of calls besides: `test_facts_seen.py`."""

import pytest

from mvlake.lake.lake import Lake
from mvlake.records.plain import from_plain

DATA = """
import numpy as np
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split
X, y = make_classification(200, 6, random_state=0)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=0)
"""


@pytest.fixture
def told(kernel):
    kernel.run(DATA)

    def run(*cells):
        for cell in cells:
            ran = kernel.run(cell)
            assert ran.error is None, ran.error
        lake = Lake.open(kernel.folder / "lake", create=False)
        version = lake.show("f:latest").entry.version
        params = {one.name: (from_plain(one.value), one.source.value) for one in version.params}
        return lake, version, params, {one.name: one for one in version.metrics}

    return run


def test_settings_are_those_of_the_fit_in_a_needed_cell_and_in_this_one(told):
    _, _, params, _ = told(
        "from sklearn.linear_model import LogisticRegression\nclf = LogisticRegression(C=0.25, max_iter=100).fit(X_train, y_train)",
        "clf.set_params(C=9.0)",
        "%%track f\nacc = clf.score(X_test, y_test)",
    )
    assert params["clf.C"] == (0.25, "estimator")
    assert params["clf.max_iter"] == (100, "estimator")  # a default, but written down
    _, _, params, _ = told("%%track f\nclf.fit(X_train, y_train)\nacc = clf.score(X_test, y_test)")
    assert params["clf.C"][0] == 9.0
    lake, version, params, _ = told("%%track f\nclf = LogisticRegression(C=0.5).fit(X_train, y_train)\nclf.set_params(C=7.0)")
    assert version.number == 3
    assert params.get("clf.C", (0.5,))[0] == 0.5
    assert {one.name: one.value for one in lake.show("f:v1").entry.version.params}["clf.C"] == 0.25


def test_pipelines_around_other_libraries_tell_their_settings_and_literals_in_calls_are_told(told, kernel):
    _, version, params, metrics = told(
        "import lightgbm as lgb\nfrom sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler\n"
        "def smooth(values, window):\n    return values[-window:]",
        "%%track f\n"
        "pipe = make_pipeline(StandardScaler(), lgb.LGBMClassifier(n_estimators=4, num_leaves=5, verbose=-1)).fit(X_train, y_train)\n"
        "booster = lgb.train({'objective': 'binary', 'verbose': -1}, lgb.Dataset(X_train, y_train), num_boost_round=3)\n"
        "last = smooth([0.5, 0.25], window=1)\n"
        "acc = pipe.score(X_test, y_test)",
    )
    assert params["pipe.lgbmclassifier__n_estimators"] == (4, "estimator")
    assert params["train.params"] == ({"objective": "binary", "verbose": -1}, "call")
    assert params["train.num_boost_round"] == (3, "call")
    assert params["smooth.window"] == (1, "call")
    assert params["train_test_split.test_size"] == (0.25, "call")
    assert metrics["acc"].dataset == "test"
    kept = {one.name: one.handler for one in version.artifacts}
    assert (kept["pipe"], kept["booster"]) == ("sklearn", "lightgbm")
    same = "import mvlake; print((mvlake.Lake.open().load('f:latest', 'pipe').predict_proba(X) == pipe.predict_proba(X)).all())"
    assert kernel.run(same).text == "True\n"


def test_a_search_is_a_table_of_candidates_with_its_best(told):
    lake, _, params, metrics = told(
        "from sklearn.model_selection import GridSearchCV\nfrom sklearn.neighbors import KNeighborsClassifier",
        "%%track f\nsearch = GridSearchCV(KNeighborsClassifier(), {'n_neighbors': [1, 3], 'weights': ['uniform', 'distance']}, cv=2)\n"
        "search.fit(X_train, y_train)",
    )
    assert params["search.best_params.n_neighbors"][1] == "estimator"
    assert metrics["search.best_score"].source == "model"
    assert metrics["search.best_score"].function == "GridSearchCV.fit"
    rows = lake.sql('select count(*), max(mean_test_score) from "f:v1/search.candidates"').rows
    assert rows[0][0] == 4
    assert rows[0][1] == metrics["search.best_score"].value


def test_curves_of_every_kind_are_series_and_sql_reads_them(told):
    lake, _, _, metrics = told(
        "import xgboost as xgb, lightgbm as lgb\nfrom sklearn.neural_network import MLPClassifier",
        "%%track f\nmlp = MLPClassifier((4,), max_iter=5, random_state=0).fit(X_train, y_train)\n"
        "clf = xgb.XGBClassifier(n_estimators=3, max_depth=2).fit(X_train, y_train, eval_set=[(X_test, y_test)], verbose=False)\n"
        "record = {}\n"
        "lgb.train({'objective': 'binary', 'metric': 'auc', 'verbose': -1}, lgb.Dataset(X_train, y_train), 4,\n"
        "          valid_sets=[lgb.Dataset(X_test, y_test)], callbacks=[lgb.record_evaluation(record)])\n"
        "losses = []\nfor epoch in range(3):\n    losses.append(1 / (epoch + 1))",
    )
    assert {name: one.steps for name, one in metrics.items() if one.steps} == {
        "losses": 3,
        "mlp.loss_curve": 5,
        "clf.validation_0.logloss": 3,
        "record.valid_0.auc": 4,
    }
    assert metrics["losses"].best == 1 / 3
    assert lake.load("f:v1", "mlp.loss_curve")["step"] == [0, 1, 2, 3, 4]
    rows = lake.sql("select step, value from series where metric = 'losses' order by step").rows
    assert rows == ((0.0, 1.0), (1.0, 0.5), (2.0, 1 / 3))
    assert lake.sql("select count(*) from series where ref = 'f:v1'").rows == ((15,),)


def test_which_data_and_which_part_of_it(told):
    _, _, _, metrics = told(
        "from sklearn.linear_model import LogisticRegression\nfrom sklearn.metrics import recall_score, accuracy_score\n"
        "m = LogisticRegression().fit(X_train, y_train)\na, b = train_test_split(X, random_state=1)",
        "%%track f\npred = m.predict(X_test)\nhigh = X_test[:, 0] > 0\n"
        "acc = accuracy_score(y_test, pred)\ntrain_acc = m.score(X_train, y_train)\n"
        "part = recall_score(y_test[X_test[:, 0] > 0], pred[X_test[:, 0] > 0])\nshare = m.score(b, m.predict(b))\n"
        "by_group = {}\nfor segment, rows in {'low': ~high, 'high': high}.items():\n"
        "    by_group[segment] = recall_score(y_test[rows], pred[rows])",
    )
    found = {name: (one.dataset, one.segment) for name, one in metrics.items()}
    assert found["acc"] == ("test", "")
    assert found["train_acc"] == ("train", "")
    assert found["part"] == ("test", "X_test[:, 0] > 0")
    assert found["share"] == ("test", "")
    assert found["by_group.low"] == ("test", "low")
    assert found["by_group.high"] == ("test", "high")


def test_what_was_only_printed_is_a_metric_once(told):
    _, _, _, metrics = told(
        "from sklearn.linear_model import LogisticRegression\nfrom sklearn.metrics import accuracy_score, classification_report\n"
        "m = LogisticRegression().fit(X_train, y_train)",
        "%%track f\nprint(f'accuracy: {accuracy_score(y_test, m.predict(X_test)):.3f} of all')\n"
        "print(classification_report(y_test, m.predict(X_test)))",
    )
    assert [one.function for one in metrics.values()] == ["accuracy_score"]


def test_what_a_loop_logs_is_a_series_of_the_tracked_cell(told):
    lake, version, _, metrics = told(
        "import mvlake",
        "%%track f\nfor epoch in range(4):\n    loss = 1.0 / (epoch + 1)\n    mvlake.log(loss=loss, step=10 * epoch)",
    )
    assert {name: (one.value, one.steps, one.source.value, one.best) for name, one in metrics.items()} == {
        "loss": (0.25, 4, "logged", 0.25)
    }
    assert lake.load("f:v1", "loss") == {"step": [0, 10, 20, 30], "value": [1.0, 0.5, 1 / 3, 0.25]}
    assert version.number == 1


def test_a_guess_is_corrected_for_all_versions_that_come_in_every_notebook(told, kernel, start_kernel):
    cell = "%%track f\nn = 3\nweights = [0.5, 1.5]\nuplift = sum(weights) / n\nrows = len(weights) / 4"
    _, _, params, metrics = told(cell)
    assert set(params) == {"n", "weights"}
    assert {name: one.source.is_guess for name, one in metrics.items()} == {"uplift": True}
    assert "a guess" in kernel.run("%mv show f:v1").cards[0]
    assert "uplift is a metric from f:v2 on" in kernel.run("%mv metric uplift").cards[0]
    kernel.run("%mv ignore n")
    assert "Corrected since" in kernel.run("%mv show f:v1").cards[0]
    other = start_kernel()
    other.run("import random")
    other.run(cell)
    lake = Lake.open(kernel.folder / "lake", create=False)
    version = lake.show("f:latest").entry.version
    assert version.number == 2
    assert [one.name for one in version.params] == ["weights"]
    assert {one.name: one.source.value for one in version.metrics}["uplift"] == "stated"
    listed = other.run("%mv corrections").cards[0]
    assert "uplift" in listed
    assert "neither metric nor parameter" in listed
    other.run("%mv ignore n --undo")
    other.run(cell.replace("n = 3", "n = 4"))
    assert [one.name for one in lake.show("f:latest").entry.version.params] == ["n", "weights"]
