import lightgbm
import numpy as np
import pytest
import xgboost
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier, StackingClassifier, VotingClassifier
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.multioutput import MultiOutputRegressor
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import SVC

from mvlake.errors import NoHandler
from mvlake.handlers.lightgbm import handler as lightgbm_handler
from mvlake.handlers.opaque import handler as opaque_handler
from mvlake.handlers.sklearn import handler
from mvlake.handlers.sklearn_pieces import pieces_of
from mvlake.handlers.xgboost import handler as xgboost_handler
from mvlake.records.node import Node
from mvlake.testing import HandlerContract
from mvlake.testing.shelf import MemoryShelf

DICE = np.random.default_rng(0)
X = DICE.normal(size=(40, 3))
Y = (X[:, 0] > 0).astype(int)


class Homemade(LogisticRegression):
    pass


def pipeline():
    union = FeatureUnion([("best", SelectKBest(f_classif, k=2)), ("log", FunctionTransformer(np.abs))])
    columns = ColumnTransformer([("scaled", StandardScaler(), [0, 1]), ("rest", "passthrough", [2])])
    return Pipeline([("columns", columns), ("union", union), ("clf", LogisticRegression(C=0.5))])


def xgb(**settings):
    return xgboost.XGBClassifier(**{"n_estimators": 2, "max_depth": 2, "n_jobs": 1} | settings)


def lgbm(**settings):
    return lightgbm.LGBMClassifier(**{"n_estimators": 2, "n_jobs": 1, "verbose": -1, "min_child_samples": 3} | settings)


def boosted(model):
    columns = ColumnTransformer([("scaled", StandardScaler(), [0, 1]), ("rest", "passthrough", [2])])
    return Pipeline([("columns", columns), ("clf", model)])


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
            boosted(xgb()),
            boosted(xgb()).fit(X, Y),
            boosted(lgbm()).fit(X, Y),
            GridSearchCV(boosted(xgb()), {"clf__max_depth": [1, 2]}, cv=2).fit(X, Y),
            GridSearchCV(lgbm(), {"num_leaves": [3, 5]}, cv=2).fit(X, Y),
            VotingClassifier([("x", xgb()), ("l", lgbm()), ("r", LogisticRegression())], voting="soft").fit(X, Y),
            StackingClassifier([("x", xgb())], final_estimator=lgbm(), cv=2).fit(X, Y),
            CalibratedClassifierCV(lgbm(), cv=2).fit(X, Y),
            MultiOutputRegressor(xgboost.XGBRegressor(n_estimators=2, n_jobs=1)).fit(X, np.column_stack([X[:, 0], X[:, 1]])),
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


def test_models_of_other_libraries_are_kept_by_their_own_handlers_and_predict_the_same():
    for model in (boosted(xgb()).fit(X, Y), boosted(lgbm()).fit(X, Y)):
        restored = handler.decode(handler.encode(model), protocol=1)
        assert np.array_equal(restored.predict_proba(X), model.predict_proba(X))
        held = handler.hold(model)
        model.named_steps["clf"].set_params(n_estimators=9).fit(X, 1 - Y)
        assert handler.fingerprint(held) == handler.fingerprint(restored) != handler.fingerprint(model)


def test_a_model_that_stands_in_two_places_is_one_model_again():
    search = GridSearchCV(xgb(), {"max_depth": [1]}, cv=2).fit(X, Y)
    voting = VotingClassifier([("x", xgb())]).fit(X, Y)
    restored = handler.decode(handler.encode(voting), protocol=1)
    assert restored.estimators_[0] is restored.named_estimators_["x"]
    assert len(pieces_of(search)) == len(pieces_of(handler.decode(handler.encode(search), protocol=1))) == 2


def test_large_pieces_are_objects_of_their_own_which_versions_share():
    rows = np.random.default_rng(1).normal(size=(400, 3))
    model = lgbm(n_estimators=40).fit(rows, rows[:, 0] > 0)
    shelf = MemoryShelf()
    one = handler.encode_parts(Pipeline([("s", StandardScaler().fit(rows)), ("clf", model)]), shelf)
    two = handler.encode_parts(Pipeline([("other", StandardScaler(with_mean=False).fit(rows)), ("clf", model)]), shelf)
    assert isinstance(one, Node)
    assert one.leaves == two.leaves
    assert shelf.objects[one.leaves[0]] == lightgbm_handler.encode(model)
    with pytest.raises(ValueError, match="where there is none"):
        handler.decode(one.payload, protocol=1)


def test_a_piece_that_its_own_library_would_not_keep_is_refused_with_the_reason():
    class Mine(xgboost.XGBClassifier):
        pass

    def objective(truth, guess):
        return guess - truth, np.ones_like(guess)

    with pytest.raises(NoHandler, match="Mine are not known to be data"):
        handler.encode(boosted(Mine()))
    with pytest.raises(NoHandler, match=r"a function, which is code|is code of the notebook"):
        handler.encode(boosted(xgb(objective=objective)))


def split(data):
    """Return the archive and the structure of pieces."""
    length = int.from_bytes(data[8:16], "little")
    return data[16 : 16 + length], data[16 + length :]


def joined(archive, pieces, *, magic=b"MVSKLE1\n", length=None):
    return magic + (len(archive) if length is None else length).to_bytes(8, "little") + archive + pieces


def structure(parts, data, *, form=b"null"):
    document = b'{"form":' + form + b',"parts":[' + ",".join(f'["{who}",1,"here",{size}]' for who, size in parts).encode() + b"]}"
    return b"MVSTRU1\n" + len(document).to_bytes(8, "little") + document + data


def test_hostile_pieces_are_refused_and_run_nothing(tmp_path):
    archive, pieces = split(handler.encode(boosted(xgb()).fit(X, Y)))
    plain = handler.encode(LogisticRegression())
    model, inner = xgboost_handler.encode(xgb()), joined(archive, pieces)

    class Sprung:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    pickled = opaque_handler.encode(Sprung())
    assert handler.decode(joined(archive, structure([("xgboost", len(model))], model)), protocol=1)
    hostile = [
        joined(archive, b""),
        joined(archive, structure([], b"")),
        joined(archive, structure([("opaque", len(pickled))], pickled)),
        joined(archive, structure([("sklearn", len(inner))], inner)),
        joined(archive, structure([("numpy", len(model))], model)),
        joined(archive, structure([("xgboost", len(model))] * 2, model * 2)),
        joined(archive, structure([("xgboost", len(model))], model, form=b'["plain",1]')),
        joined(archive, structure([("xgboost", len(model) - 1)], model)),
        joined(archive, pieces, length=1 << 60),
        joined(archive, pieces, length=len(archive) - 1),
        joined(plain, pieces),
        joined(b"", pieces),
        b"MVSKLE1\n",
        b"MVSKLE1\n\0",
    ]
    for data in hostile:
        with pytest.raises(ValueError, match=r"."):
            handler.decode(data, protocol=1)
    with pytest.raises(ValueError, match="alone that names pieces"):
        handler.decode_parts(Node(plain, leaves=(handler.fingerprint(LogisticRegression()),)), MemoryShelf(), protocol=1)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("mark", [{"mvlake.piece": 1}, {"mvlake.piece": -1}, {"mvlake.piece": True}, {"mvlake.piece": "0"}])
def test_marks_of_nothing_are_refused(mark):
    import skops.io

    _, pieces = split(handler.encode(boosted(xgb())))
    archive = skops.io.dumps(boosted(mark))
    with pytest.raises(ValueError, match="mark of a piece that is not there"):
        handler.decode(joined(archive, pieces), protocol=1)


def test_a_model_that_says_what_a_mark_says_is_kept_or_refused_and_never_changed():
    with pytest.raises(NoHandler, match="mark of a piece"):
        handler.encode(FunctionTransformer(kw_args={"mvlake.piece": 0}))
    model = boosted(xgb()).set_params(columns=FunctionTransformer(kw_args={"mvlake.piece": 0}))
    with pytest.raises(NoHandler, match="would lose"):
        handler.encode(model)


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
