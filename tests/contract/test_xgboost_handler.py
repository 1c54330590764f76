import numpy as np
import pytest
import xgboost

from mvlake.errors import NoHandler
from mvlake.handlers.xgboost import handler
from mvlake.testing import HandlerContract

DICE = np.random.default_rng(0)
X = DICE.normal(size=(40, 3))
Y = (X[:, 0] > 0).astype(int)


class Homemade(xgboost.XGBClassifier):
    pass


def trained(rounds=2):
    return xgboost.train({"max_depth": 2, "nthread": 1}, xgboost.DMatrix(X, label=Y), rounds)


def classifier(**settings):
    return xgboost.XGBClassifier(n_estimators=3, n_jobs=1, **settings)


class TestXGBoostHandler(HandlerContract):
    handler = handler

    def examples(self):
        stopped = xgboost.XGBRegressor(n_estimators=3, n_jobs=1, early_stopping_rounds=2).fit(
            X, Y, eval_set=[(X, Y)], verbose=False
        )
        return [
            classifier(),
            classifier().fit(X, Y),
            stopped,
            trained(),
            xgboost.XGBRFClassifier(n_estimators=2, n_jobs=1).fit(X, Y),
        ]

    def layouts(self):
        return [(classifier().fit(X, Y), classifier().fit(np.asfortranarray(X), Y)), (trained(), trained())]

    def different(self):
        return [
            (classifier(), classifier(max_depth=3)),
            (trained(2), trained(3)),
            (classifier().fit(X, Y), classifier().fit(X, 1 - Y)),
        ]

    def mutations(self):
        return [(classifier(), lambda model: model.fit(X, Y)), (trained(), lambda booster: booster.set_attr(note="other"))]

    def refused(self):
        return [Homemade(), xgboost.DMatrix(X)]

    def equal(self, a, b):
        if isinstance(a, xgboost.Booster):
            return np.array_equal(a.predict(xgboost.DMatrix(X)), b.predict(xgboost.DMatrix(X)))
        return type(a) is type(b) and ("_Booster" not in vars(a) or np.array_equal(a.predict(X), b.predict(X)))


def test_a_custom_objective_is_refused_by_name():
    with pytest.raises(NoHandler, match="objective is a function"):
        handler.encode(classifier(objective=lambda truth, guess: (guess - truth, guess)))
    with pytest.raises(NoHandler, match="callbacks is"):
        handler.encode(classifier(callbacks=[xgboost.callback.EvaluationMonitor()]))


def test_ubj_is_never_read():
    head = handler.encode(trained()).partition(b"\n")[0]
    with pytest.raises(ValueError, match="no JSON"):
        handler.decode(head + b"\n" + bytes(trained().save_raw("ubj")), protocol=1)


def test_only_classes_of_the_list_come_back():
    forged = handler.encode(classifier()).replace(b'"XGBClassifier"', b'"DMatrix"')
    with pytest.raises(ValueError, match="not a class of XGBoost"):
        handler.decode(forged, protocol=1)


def test_a_summary_tells_settings_from_the_defaults_of_all_bases():
    summary = handler.summarize(classifier(max_depth=2).fit(X, Y))
    changed = {one.name: one.value for one in summary.settings if not one.is_default}
    assert changed == {"n_estimators": 3, "n_jobs": 1, "max_depth": 2}
    assert summary.type == "xgboost.XGBClassifier"
    assert {one.name: one.value for one in summary.learned}["rounds"] == 3
