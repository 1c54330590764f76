import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import SVC

from mvlake.errors import NoHandler
from mvlake.handlers.sklearn import handler
from mvlake.testing import HandlerContract

DICE = np.random.default_rng(0)
X = DICE.normal(size=(40, 3))
Y = (X[:, 0] > 0).astype(int)


class Homemade(LogisticRegression):
    pass


def pipeline():
    union = FeatureUnion([("best", SelectKBest(f_classif, k=2)), ("log", FunctionTransformer(np.abs))])
    columns = ColumnTransformer([("scaled", StandardScaler(), [0, 1]), ("rest", "passthrough", [2])])
    return Pipeline([("columns", columns), ("union", union), ("clf", LogisticRegression(C=0.5))])


class TestSklearnHandler(HandlerContract):
    handler = handler

    def examples(self):
        return [
            LogisticRegression(),
            LogisticRegression(C=0.5).fit(X, Y),
            pipeline().fit(X, Y),
            RandomForestClassifier(n_estimators=3, random_state=0).fit(X, Y),
            HistGradientBoostingClassifier(max_iter=2, random_state=0).fit(X, Y),
            KNeighborsClassifier(algorithm="kd_tree").fit(X, Y),
            GridSearchCV(Ridge(), {"alpha": [0.1, 1.0]}, cv=2).fit(X, Y),
            OneHotEncoder().fit(np.array([["a"], ["b"], ["a"]], dtype=object)),
            SVC().fit(X, Y),
        ]

    def layouts(self):
        return [
            (
                RandomForestClassifier(n_estimators=3, random_state=0).fit(X, Y),
                RandomForestClassifier(n_estimators=3, random_state=0).fit(X, Y),
            ),
            (GridSearchCV(Ridge(), {"alpha": [1.0]}, cv=2).fit(X, Y), GridSearchCV(Ridge(), {"alpha": [1.0]}, cv=2).fit(X, Y)),
            (LogisticRegression().fit(X, Y), LogisticRegression().fit(np.asfortranarray(X), Y)),
        ]

    def different(self):
        return [
            (LogisticRegression(C=1), LogisticRegression(C=1.0)),
            (Ridge().fit(X, Y), Ridge().fit(X, 1 - Y)),
            (SelectKBest(f_classif), SelectKBest(k=11)),
        ]

    def mutations(self):
        def nudge(model):
            model.coef_ += 1

        return [
            (Ridge().fit(X, Y), nudge),
            (Ridge(), lambda model: model.fit(X, Y)),
            (pipeline(), lambda model: model.set_params(clf__C=9)),
        ]

    def refused(self):
        return [Homemade()]

    def equal(self, a, b):
        same = type(a) is type(b)
        return same and (not hasattr(a, "classes_") or np.array_equal(a.predict(X), b.predict(X)))


def test_a_query_to_a_neighbour_tree_is_no_change():
    model = KNeighborsClassifier(algorithm="kd_tree").fit(X, Y)
    before = handler.fingerprint(model)
    model.predict(X)
    assert handler.fingerprint(model) == before


def test_equal_models_are_equal_bytes():
    assert handler.encode(pipeline().fit(X, Y)) == handler.encode(pipeline().fit(X, Y))


def test_code_of_the_notebook_is_refused_with_its_place():
    with pytest.raises(NoHandler, match=r"steps\[0\]\[1\]\.func: .*lambda.* is code of the notebook"):
        handler.encode(Pipeline([("step", FunctionTransformer(lambda x: x))]))


def test_a_function_that_reads_files_is_refused():
    with pytest.raises(NoHandler, match=r"numpy\.load is not trusted"):
        handler.encode(FunctionTransformer(np.load))


def test_a_distribution_is_refused_for_restoring_one_executes_text():
    from scipy.stats import uniform
    from sklearn.model_selection import RandomizedSearchCV

    with pytest.raises(NoHandler, match="not trusted"):
        handler.encode(RandomizedSearchCV(Ridge(), {"alpha": uniform(0, 1)}))


def test_a_summary_tells_settings_from_defaults():
    summary = handler.summarize(pipeline().fit(X, Y))
    settings = {one.name: one for one in summary.settings}
    assert (settings["clf__C"].value, settings["clf__C"].is_default) == (0.5, False)
    assert settings["clf__max_iter"].is_default
    assert settings["clf"].value == "LogisticRegression"
    assert summary.type == "sklearn.pipeline.Pipeline"
    assert summary.is_fitted
    assert not handler.summarize(pipeline()).is_fitted


def test_a_search_says_what_it_found():
    facts = {one.name: one.value for one in handler.summarize(GridSearchCV(Ridge(), {"alpha": [2.5]}, cv=2).fit(X, Y)).learned}
    assert facts["best_params"] == {"alpha": 2.5}


def test_a_forest_says_how_many_trees_it_has():
    facts = {one.name: one.value for one in handler.summarize(RandomForestClassifier(n_estimators=3).fit(X, Y)).learned}
    assert facts["trees"] == 3
    assert facts["classes"] == [0, 1]
    assert facts["n_features"] == 3


def test_two_fits_are_as_far_apart_as_their_numbers():
    one, other = Ridge().fit(X, Y), Ridge().fit(X, Y)
    other.coef_[0] += 0.25
    found = handler.closeness(one, other)
    assert found.differing == 1
    assert found.max_abs == pytest.approx(0.25)
    assert not handler.closeness(one, LogisticRegression()).is_comparable


def test_a_strangers_code_in_a_pipeline_is_not_run():
    ran = []

    class Stranger(LogisticRegression):
        def get_params(self, deep=True):
            ran.append("get_params")
            return {}

        def __getstate__(self):
            ran.append("getstate")
            return {}

    handler.summarize(Pipeline([("stranger", Stranger())]))
    with pytest.raises(NoHandler):
        handler.encode(Pipeline([("stranger", Stranger())]))
    assert ran == []
