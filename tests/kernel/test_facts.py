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
    candidates = lake.load("f:v1", "search.candidates")
    assert [name for name in candidates.column_names if name.endswith("_time")] == []  # or no search would ever be the same again


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
    assert metrics["accuracy"].dataset == "test"
    assert {one.function for one in metrics.values()} == {"accuracy_score", "classification_report"}
    assert "classification_report.1.recall" in metrics
    assert not [name for name in metrics if name.endswith((".accuracy", "support"))]


REPORT = {
    f"{label}.{column}" for label in ("0", "1", "macro avg", "weighted avg") for column in ("precision", "recall", "f1-score")
}


def test_what_scikit_learn_measures_is_told_however_it_is_written(told):
    """Each cell is a version of its own, so that a measure of one does not stand in for that of another."""

    def metrics_of(cell, *before):
        _, version, _, metrics = told(*before, f"%%track f\n{cell}")
        return version, metrics

    _, report = metrics_of(
        "report = classification_report(y_test, m.predict(X_test), output_dict=True)",
        "from sklearn.linear_model import LogisticRegression\nfrom sklearn.metrics import accuracy_score, classification_report\n"
        "from sklearn.metrics import recall_score, recall_score as measure\nfrom sklearn.model_selection import cross_val_score, cross_validate\n"
        "import pandas as pd\nm = LogisticRegression().fit(X_train, y_train)\nchance = m.predict_proba(X_test)[:, 1]\n"
        "test = pd.DataFrame({'segment': ['young', 'old'] * 25, 'y': y_test, 'guess': m.predict(X_test)})",
    )
    assert set(report) == {"report.accuracy", *(f"report.{one}" for one in REPORT)}
    assert {one.dataset for one in report.values()} == {"test"}
    for cell, name in (
        ("text = classification_report(y_test, m.predict(X_test))", "text"),
        ("print(classification_report(y_test, m.predict(X_test)))", "classification_report"),
        ("classification_report(y_test, m.predict(X_test), output_dict=True)", "classification_report"),
    ):
        _, found = metrics_of(cell)
        assert set(found) == {f"{name}.accuracy", *(f"{name}.{one}" for one in REPORT)}, cell
        assert all(found[f"{name}.{one}"].value == pytest.approx(report[f"report.{one}"].value, abs=0.005) for one in REPORT)

    for cell, expected in (
        ("scores = cross_val_score(m, X, y, cv=3)", {"scores.mean": "validation"}),
        ("cross_val_score(m, X, y, cv=3)", {"cross_val_score.mean": "validation"}),
        ("cross_val_score(m, X, y, cv=3).mean()", {"cross_val_score": "validation"}),
        ("print(f'{cross_val_score(m, X, y, cv=3).mean():.3f}')", {"cross_val_score": "validation"}),
        (
            "told = cross_validate(m, X, y, cv=3, scoring=['f1'], return_train_score=True)",
            {"told.test_f1.mean": "validation", "told.train_f1.mean": "train"},
        ),
        ("cross_validate(m, X, y, cv=3)", {"cross_validate.test_score.mean": "validation"}),
        ("guess = (chance > 0.4).astype(int)\nacc = accuracy_score(y_test, guess)", {"acc": "test"}),
        ("found = measure(y_test, m.predict(X_test))", {"found": "test"}),
        ("measure(y_test, m.predict(X_test))", {"recall_score": "test"}),
    ):
        _, found = metrics_of(cell)
        assert {name: one.dataset for name, one in found.items()} == expected, cell

    for cell in (
        "by = {}\nfor segment, part in test.groupby('segment'):\n    by[segment] = recall_score(part.y, part.guess)",
        "by = {segment: recall_score(part.y, part.guess) for segment, part in test.groupby('segment')}",
        "by = test.groupby('segment').apply(lambda part: recall_score(part.y, part.guess))",
    ):
        _, found = metrics_of(cell)
        assert {name: (one.dataset, one.segment) for name, one in found.items()} == {
            "by.old": ("test", "old"),
            "by.young": ("test", "young"),
        }, cell
    _, found = metrics_of("recall = recall_score(test.y[test.segment == 'young'], test.guess[test.segment == 'young'])")
    assert found["recall"].segment == "test.segment == 'young'"


def test_the_courses_that_scikit_learn_keeps_of_its_own_training_are_series(told):
    lake, _, _, metrics = told(
        "from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier\n"
        "from sklearn.neural_network import MLPClassifier\nfrom sklearn.metrics import accuracy_score",
        "%%track f\nmlp = MLPClassifier((4,), max_iter=6, early_stopping=True, random_state=0).fit(X_train, y_train)\n"
        "gb = GradientBoostingClassifier(n_estimators=4, subsample=0.8, random_state=0).fit(X_train, y_train)\n"
        "hist = HistGradientBoostingClassifier(max_iter=4, early_stopping=True, random_state=0).fit(X_train, y_train)\n"
        "staged_accuracy = [accuracy_score(y_test, guess) for guess in gb.staged_predict(X_test)]",
    )
    assert {name: (one.steps, one.dataset) for name, one in metrics.items() if one.steps} == {
        "mlp.loss_curve": (6, ""),
        "mlp.validation_scores": (6, "validation"),
        "gb.train_score": (4, "train"),
        "gb.oob_scores": (4, ""),
        "hist.train_score": (5, "train"),
        "hist.validation_score": (5, "validation"),
        "staged_accuracy": (4, "test"),
    }
    assert len(lake.load("f:latest", "gb.train_score")["value"]) == 4


def test_keras_and_torchmetrics_tell_their_curves_and_values(start_kernel):
    """Keras runs on torch here; its History is the same with TensorFlow."""
    kernel = start_kernel(KERAS_BACKEND="torch")
    if "True" not in kernel.run("from importlib.util import find_spec\nprint(bool(find_spec('torch')))").text:
        pytest.skip("no small build of torch for this Python (see pyproject.toml)")
    kernel.run(DATA + "import keras, torch, torchmetrics")
    fit = "net.fit(X_train, y_train, validation_data=(X_test, y_test), epochs=3, verbose=0)"
    kernel.run(
        "net = keras.Sequential([keras.layers.Dense(1, activation='sigmoid')])\n"
        "net.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss='binary_crossentropy', metrics=['accuracy'])"
    )
    for name, cell in (
        ("bound", f"history = {fit}\ntest_loss, test_accuracy = net.evaluate(X_test, y_test, verbose=0)"),
        ("shown", fit),
        ("list", "net.evaluate(X_test, y_test, verbose=0)"),
        ("dict", "found = net.evaluate(X_test, y_test, verbose=0, return_dict=True)"),
        (
            "torchmetrics",
            (
                "guess, truth = torch.tensor((net.predict(X_test, verbose=0) > 0.5).ravel()), torch.tensor(y_test)\n"
                "accuracy = torchmetrics.functional.accuracy(guess, truth, task='binary')\n"
                "metric = torchmetrics.F1Score(task='binary')\nmetric.update(guess, truth)\nf1 = metric.compute()\n"
                "several = torchmetrics.MetricCollection([torchmetrics.classification.BinaryRecall()])\n"
                "scores = several(guess, truth)\nauroc = torchmetrics.AUROC(task='binary')(guess.float(), truth)"
            ),
        ),
    ):
        ran = kernel.run(f"%%track {name}\n{cell}")
        assert ran.error is None, ran.error
    lake = Lake.open(kernel.folder / "lake", create=False)

    def told(name):
        return {one.name: one for one in lake.show(f"{name}:v1").entry.version.metrics}

    curves = {
        "history.loss": "train",
        "history.accuracy": "train",
        "history.val_loss": "validation",
        "history.val_accuracy": "validation",
    }
    for name in ("bound", "shown"):
        assert {key: (one.steps, one.dataset) for key, one in told(name).items() if one.steps} == {
            key: (3, at) for key, at in curves.items()
        }
    assert {"test_loss", "test_accuracy"} <= told("bound").keys()
    assert list(told("list")) == ["evaluate.0", "evaluate.1"]
    assert set(told("dict")) == {"found.loss", "found.accuracy"}
    assert set(told("torchmetrics")) == {"accuracy", "f1", "scores.BinaryRecall", "auroc"}
    assert told("torchmetrics")["accuracy"].dataset == "test"
    params = {one.name: from_plain(one.value) for one in lake.show("bound:v1").entry.version.params}
    assert (params["Adam.learning_rate"], params["fit.epochs"]) == (0.01, 3)


def test_results_of_evaluate_are_told(told):
    pytest.importorskip("evaluate", reason="Hugging Face's evaluate brings 15 more packages, and loads its metrics from a hub")
    _, _, _, metrics = told(
        "import datasets, evaluate\n"
        "class Share(evaluate.Metric):\n"
        "    def _info(self):\n"
        "        features = datasets.Features({'predictions': datasets.Value('int64'), 'references': datasets.Value('int64')})\n"
        "        return evaluate.MetricInfo(description='', citation='', inputs_description='', features=features)\n"
        "    def _compute(self, predictions, references):\n"
        "        return {'accuracy': sum(a == b for a, b in zip(predictions, references)) / len(references)}",
        "%%track f\nresults = Share().compute(predictions=[0, 1], references=[0, 0])",
    )
    assert metrics["results.accuracy"].value == 0.5


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


def test_the_last_used_name_is_ranked_by_a_metric(kernel):
    for name, depth in (("other", 9), ("f", 1), ("f", 2)):
        kernel.run(f"%%track {name}\ndepth = {depth}\nscores = {{'auc': depth / 10}}")
    board = kernel.run("%mv leaderboard --by scores.auc").cards[0]
    assert board.startswith("f by scores.auc, highest first")
    assert board.index("f:v2") < board.index("f:v1")
    assert "other" not in board
    assert "other:v1" in kernel.run("%mv leaderboard other --by scores.auc").cards[0]
    wrong = kernel.run("%mv leaderboard --by auc")
    assert wrong.status == "error"
    assert "scores.auc" in wrong.text
