import argparse
import math
import types
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import pytest

from mvlake.capture.analysis import analyze
from mvlake.capture.metrics import metrics_of
from mvlake.capture.params import params_of, params_of_models
from mvlake.records.facts import MetricSource, Param, ParamSource
from mvlake.records.plain import to_plain
from mvlake.records.summary import ModelSummary, Setting

F, C, S, E, K = MetricSource.FUNCTION, MetricSource.COMPUTED, MetricSource.SCORES, MetricSource.EXPRESSION, MetricSource.CURVE


class Model:
    def __init__(self, **settings):
        self.settings = settings
        self.best_score_ = 0.75

    def fit(self, X, y):
        return self

    def predict(self, X):
        return [0, 1, 1]

    def score(self, X, y):
        return 0.875

    def evaluate(self, X, y):
        return (0.25, 0.5)


def stand_ins():
    return {
        "__name__": "__main__",
        "Model": Model,
        "np": np,
        "math": math,
        "X": [[1.0], [2.0], [3.0]],
        "y": [0, 1, 0],
        "accuracy_score": lambda y, p: 0.5,
        "f1_score": lambda y, p, **k: np.float64(0.25),
        "mean_squared_error": lambda y, p: 0.0625,
        "log_loss": lambda y, p: float("nan"),
        "confusion_errors": lambda y, p: 3,
        "hamming_loss": lambda y, p: 1,
        "cross_val_score": lambda m, X, y, **k: np.array([0.5, 0.75]),
        "cross_validate": lambda m, X, y, **k: {
            "fit_time": np.array([1.5, 2.5]),
            "score_time": np.array([1.5, 2.5]),
            "test_score": np.array([0.5, 0.75]),
            "train_score": np.array([0.5, 1.0]),
        },
        "precision_recall_fscore_support": lambda y, p, **k: (0.5, 0.25, 0.375, None),
        "classification_report": lambda y, p, **k: {"0": {"f1-score": 0.5, "support": 2}, "accuracy": 0.75},
        "train": lambda *a, **k: [0.5, 0.25, 0.125],
        "build": lambda *a, **k: 0.125,
        "argparse": argparse,
        "SimpleNamespace": types.SimpleNamespace,
        "dataclass": dataclass,
        "model": Model(),
        "pred": [0, 1, 1],
        "time": __import__("time"),
        "random": __import__("random"),
        "results": {},
    }


def run(source):
    """Execute a cell; return its namespace and the value of its last expression."""
    import ast

    namespace = stand_ins()
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), namespace)
    return namespace, None if last is None else eval(compile(ast.Expression(last.value), "cell", "eval"), namespace)


NAN = {"$": "float", "v": "nan"}
INF = {"$": "float", "v": "inf"}

CELLS = [
    # a measuring function's results
    ("acc = accuracy_score(y, pred)", {}, {"acc": (0.5, F)}),
    ("f1 = f1_score(y, pred, average='macro')", {}, {"f1": (0.25, F)}),
    ("acc = float(accuracy_score(y, pred))", {}, {"acc": (0.5, F)}),
    ("acc = round(accuracy_score(y, pred), 3)", {}, {"acc": (0.5, F)}),
    ("test_score = model.score(X, y)", {}, {"test_score": (0.875, F)}),
    ("loss, acc = model.evaluate(X, y)", {}, {"loss": (0.25, F), "acc": (0.5, F)}),
    ("acc = model.evaluate(X, y)[1]", {}, {"acc": (0.5, F)}),
    ("p, r, f, _ = precision_recall_fscore_support(y, pred)", {}, {"p": (0.5, F), "r": (0.25, F), "f": (0.375, F)}),
    ("cv = cross_val_score(model, X, y).mean()", {}, {"cv": (0.625, F)}),
    ("cv = np.mean(cross_val_score(model, X, y))", {}, {"cv": (0.625, F)}),
    ("ll = log_loss(y, pred)", {}, {"ll": (NAN, F)}),
    ("h = hamming_loss(y, pred)", {}, {"h": (1, F)}),
    ("y = accuracy_score(y, pred)", {}, {"y": (0.5, F)}),
    ("accuracy = accuracy_score(y, pred)\nprint(accuracy)", {}, {"accuracy": (0.5, F)}),
    ("if True:\n    acc = accuracy_score(y, pred)", {}, {"acc": (0.5, F)}),
    ("for k in range(2):\n    acc = accuracy_score(y, pred)", {}, {"acc": (0.5, F)}),
    ("if (acc := accuracy_score(y, pred)) > 0:\n    pass", {}, {"acc": (0.5, F)}),
    # numbers that the cell computed
    ("rmse = math.sqrt(mean_squared_error(y, pred))", {}, {"rmse": (0.25, C)}),
    ("pct = 100 * accuracy_score(y, pred)", {}, {"pct": ({"$": "float", "v": "50.0"}, C)}),
    ("best = model.best_score_", {}, {"best": (0.75, C)}),
    ("auc = build(X)", {}, {"auc": (0.125, C)}),
    ("gap = build(X) - build(y)", {}, {"gap": ({"$": "float", "v": "0.0"}, C)}),
    ("worst = build(X) / 1e-320 * 1e300", {}, {"worst": (INF, C)}),
    ("n_errors = sum(a != b for a, b in zip(y, pred))", {}, {"n_errors": (1, C)}),
    ("acc = 0\nfor a, b in zip(y, pred):\n    acc += (a == b) / 3", {}, {"acc": (2 / 3, C)}),
    ("margin = np.float32(0.5)", {}, {"margin": (0.5, C)}),
    ("margin = np.array(0.5)", {}, {"margin": (0.5, C)}),
    # no metrics
    ("n = len(X)", {}, {}),
    ("n_rows = len(X)\nn_cols = len(X[0])", {}, {}),
    ("total = sum(y)", {}, {}),
    ("for i in range(3):\n    pass", {}, {}),
    ("i = 0\nwhile i < 3:\n    i += 1", {}, {}),
    ("start = time.time()\nelapsed = time.time() - start", {}, {}),
    ("t = time.perf_counter()\nspeed = 3 / (time.perf_counter() - t + 1)", {}, {}),
    ("_hidden = accuracy_score(y, pred)", {}, {}),
    ("seed = random.random()", {}, {}),
    ("test_size = build(X)", {}, {}),
    ("lr = 10 ** -3", {}, {}),
    ("ok = accuracy_score(y, pred) > 0.4", {}, {}),
    ("name = str(accuracy_score(y, pred))", {}, {}),
    ("clf = model.fit(X, y)", {}, {}),
    ("import math", {}, {}),
    # parameters
    ("C = 0.1", {"C": 0.1}, {}),
    ("LR = 1e-3\nEPOCHS = 5", {"LR": 0.001, "EPOCHS": 5}, {}),
    ("path = 'train.csv'", {"path": "train.csv"}, {}),
    ("shuffle = True\nmax_depth = None", {"shuffle": True, "max_depth": None}, {}),
    ("layers = [64, 32]\ngrid = {'C': [0.1, 1.5]}", {"layers": [64, 32], "grid": {"C": [0.1, 1.5]}}, {}),
    ("offset = -2", {"offset": -2}, {}),
    ("a, b = 0.5, 'x'", {"a": 0.5, "b": "x"}, {}),
    ("score = 0.9", {"score": 0.9}, {}),
    ("seed: int = 42", {"seed": 42}, {}),
    ("_private = 3", {}, {}),
    ("losses = []", {}, {}),
    ("xs = [1]\nxs.append(2)", {}, {}),
    ("flag = 1\nflag = True", {"flag": True}, {}),
    ("k = 1\nk += 1", {}, {}),
    (f"big = {list(range(51))}", {}, {}),
    (f"fits = {list(range(50))}", {"fits": list(range(50))}, {}),
    (f"text = {'x' * 501!r}", {}, {}),
    ("args = argparse.Namespace(lr=0.1, name='a', model=model)", {"args.lr": 0.1, "args.name": "a"}, {}),
    ("cfg = SimpleNamespace(opt=SimpleNamespace(lr=0.5), n=2)", {"cfg.opt.lr": 0.5, "cfg.n": 2}, {}),
    ("@dataclass\nclass Config:\n    lr: float = 0.5\n    n: int = 3\ncfg = Config(n=4)", {"cfg.lr": 0.5, "cfg.n": 4}, {}),
    ("@dataclass(slots=True)\nclass Config:\n    lr: float = 0.5\ncfg = Config()", {"cfg.lr": 0.5}, {}),
    # dictionaries of settings
    (
        "params = dict(objective='binary', num_leaves=7, learning_rate=.1)",
        {"params": {"objective": "binary", "num_leaves": 7, "learning_rate": 0.1}},
        {},
    ),
    ("spec = dict(depth=3, rate=.1)", {"spec": {"depth": 3, "rate": 0.1}}, {}),
    ("lr = .1\nparams = {'lr': lr, 'depth': 3}", {"lr": 0.1, "params": {"lr": 0.1, "depth": 3}}, {}),
    ("lr = .1\nspec = {'lr': lr, 'depth': 3}", {"lr": 0.1, "spec": {"lr": 0.1, "depth": 3}}, {}),
    (
        "params = {'lr': .1}\nparams['depth'] = 3\nparams.update(reg=.5)",
        {"params": {"lr": 0.1, "depth": 3, "reg": 0.5}},
        {},
    ),
    ("spec = {'lr': .1}\nspec['depth'] = 3", {"spec": {"lr": 0.1, "depth": 3}}, {}),
    ("config = {'features': list('abc'), 'alpha': .5}", {"config": {"features": ["a", "b", "c"], "alpha": 0.5}}, {}),
    ("hp = {'n': len(X), 'lr': .3}", {"hp": {"n": 3, "lr": 0.3}}, {}),
    ("args = vars(argparse.Namespace(lr=.5))", {"args": {"lr": 0.5}}, {}),
    ("cfg = {'model': model, 'lr': .5}", {"cfg": {"lr": 0.5}}, {}),
    ("params = {'weight': np.float64(.5)}", {"params": {"weight": 0.5}}, {}),
    ("params = {}", {}, {}),
    ("config = {'lr': .5}\nconfig['acc'] = accuracy_score(y, pred)", {"config": {"lr": 0.5}}, {}),
    ("params = {'acc': accuracy_score(y, pred)}", {}, {"params.acc": (0.5, S)}),
    ("params_scores = dict(a=build(X))", {}, {"params_scores.a": (0.125, S)}),
    # scores of folds
    ("cv_scores = cross_val_score(model, X, y)", {}, {"cv_scores.mean": (0.625, F)}),
    (
        "res = cross_validate(model, X, y)",
        {},
        {"res.test_score.mean": (0.625, F), "res.train_score.mean": (0.75, F)},
    ),
    ("scores = []\nfor fold in range(2):\n    scores.append(build(fold) + fold)", {}, {"scores.mean": (0.625, C)}),
    ("val_scores = []\nfor epoch in range(2):\n    val_scores.append(build(epoch))", {}, {"val_scores": (0.125, K)}),
    ("cv_loss_history = train(model)", {}, {"cv_loss_history": (0.125, K)}),
    # dictionaries of scores
    ("scores = {'acc': accuracy_score(y, pred), 'f1': f1_score(y, pred)}", {}, {"scores.acc": (0.5, S), "scores.f1": (0.25, S)}),
    ("scores = {}\nscores['acc'] = accuracy_score(y, pred)", {}, {"scores.acc": (0.5, S)}),
    ("results['acc'] = accuracy_score(y, pred)", {}, {"results.acc": (0.5, S)}),
    (
        "report = classification_report(y, pred, output_dict=True)",
        {},
        {"report.0.f1-score": (0.5, S), "report.accuracy": (0.75, S)},
    ),
    ("settings = {'lr': 0.1}", {"settings": {"lr": 0.1}}, {}),
    ("parts = {'m': model, 'acc': build(X)}", {}, {}),
    ("sizes = {'a': len(X), 'b': len(y)}", {}, {}),
    ("scores = {str(i): build(i) for i in range(101)}", {}, {}),
    # the last expression
    ("accuracy_score(y, pred)", {}, {"accuracy_score": (0.5, E)}),
    ("model.score(X, y)", {}, {"score": (0.875, E)}),
    ("model.score(X, y);", {}, {"score": (0.875, E)}),
    ("build(X) * 2", {}, {"result": (0.25, E)}),
    ("acc = accuracy_score(y, pred)\nacc", {}, {"acc": (0.5, F)}),
    ("score = model.score(X, y)\nmodel.score(X, X)", {}, {"score": (0.875, F), "result": (0.875, E)}),
    ("len(X)", {}, {}),
    ("0.5", {}, {}),
    ("time.time()", {}, {}),
    ("print(accuracy_score(y, pred))", {}, {}),
    # curves
    ("losses = train(model)", {}, {"losses": (0.125, K)}),
    ("losses = []\nfor e in range(3):\n    losses.append(build(e))", {}, {"losses": (0.125, K)}),
    ("train_loss = [build(e) for e in range(2)]", {}, {"train_loss": (0.125, K)}),
    ("val_curve = np.array([0.5, 0.25])", {}, {"val_curve": (0.25, K)}),
    ("history = {'loss': train(1), 'val_loss': train(2)}", {}, {"history.loss": (0.125, K), "history.val_loss": (0.125, K)}),
    ("evals_result = {'valid': {'auc': train(1)}}", {}, {"evals_result.valid.auc": (0.125, K)}),
    ("losses = [build(1), float('nan')]", {}, {"losses": (NAN, K)}),
    ("loss_weights = [0.5, 0.5]", {"loss_weights": [0.5, 0.5]}, {}),
    ("points = [build(1), build(2)]", {}, {}),
    ("losses = [build(1)]", {}, {}),
    ("labels_history = ['a', str(1)]", {}, {}),
]


@pytest.mark.parametrize(("source", "params", "metrics"), CELLS, ids=[str(i) for i in range(len(CELLS))])
def test_settings_and_results_of_a_cell_are_told_apart(source, params, metrics):
    namespace, result = run(source)
    facts = analyze(source)
    assert {one.name: one.value for one in params_of(facts, (), namespace)} == {
        name: to_plain(value) for name, value in params.items()
    }
    assert {one.name: (one.value, one.source) for one in metrics_of(facts, namespace, result)} == metrics


def test_metrics_and_params_stand_as_the_cell_bound_them():
    source = "z = 1\nb = accuracy_score(y, pred)\na = model.score(X, y)\nc = 2"
    namespace, _ = run(source)
    facts = analyze(source)
    assert [one.name for one in params_of(facts, (), namespace)] == ["z", "c"]
    assert [(one.name, one.function) for one in metrics_of(facts, namespace)] == [("b", "accuracy_score"), ("a", "model.score")]


def test_parameters_of_needed_cells_come_first_and_later_bindings_win():
    needed = [analyze("lr = 0.1\nn = 5\ngone = 3")]
    tracked = analyze("n = 6\nd = 2\nlr")
    found = params_of(tracked, needed, {"lr": 0.1, "n": 6, "d": 2})
    assert found == tuple(Param(name, value, ParamSource.LITERAL) for name, value in [("lr", 0.1), ("n", 6), ("d", 2)])


BASE = "X = np.arange(20.).reshape(10, 2)"
FLOWS = {
    "a cell that seeds": ([BASE, "lr = .1\nnp.random.seed(0)", "alpha = 2\ns = X.sum() * alpha"], {"alpha"}),
    "a cell that may have changed something": ([BASE, "kk = 3\nr = fit(X, kk)", "s = X.sum()"], set()),
    "what was made from it": ([BASE, "kk = 3\nr = fit(X, kk)", "s = r"], {"kk"}),
    "a chain": (["a = 1", "b = a + 1", "c = b + 1\nd = 9", "c"], {"a"}),
    "what a function reads": (["k = 1\nz = 2", "def f():\n    return k", "v = f()", "v"], {"k"}),
    "what a model was trained with": (["n = 5\nz = 2", "m = Model()", "m.fit(X[:n])", "m.score(X)"], {"n"}),
    "what a local function trains with": (
        ["def train(m, lr):\n    m.w = lr", "lr = .1", "losses = train(m, lr)", "m.score(X)"],
        {"lr"},
    ),
    "what decides a branch": (["flag = 1\nz = 2", "if flag:\n    v = g()", "v"], {"flag"}),
    "how often a loop runs": (["n = 5\nz = 2", "v = g()\nfor i in range(n):\n    v += i", "v"], {"n"}),
    "an item that is stored": (["k = 2", "t['a'] = k", "t"], {"k"}),
    "a name bound anew": (["kk = 3\nr = fit(kk)", "r = 2"], {"r"}),
}


@pytest.mark.parametrize("case", FLOWS)
def test_a_needed_cell_gives_the_parameters_that_flow_into_the_result(case):
    sources, expected = FLOWS[case]
    *needed, tracked = map(analyze, sources)
    known = {name: one.literal for cell in [*needed, tracked] for name, one in cell.bindings.items()}
    assert {one.name for one in params_of(tracked, needed, known)} == expected


def test_settings_stored_in_a_later_cell_count_as_they_are_now():
    needed = [analyze("params = {'lr': .1}"), analyze("params['depth'] = 3")]
    (param,) = params_of(analyze("m = fit(params)"), needed, {"params": {"lr": 0.1, "depth": 3}})
    assert (param.name, param.value, param.source) == ("params", to_plain({"lr": 0.1, "depth": 3}), ParamSource.CONFIG)


def test_what_a_function_measured_comes_before_curves_and_computed_numbers():
    source = "losses = train(model)\ngap = build(X)\nacc = accuracy_score(y, pred)\ngap2 = build(y)"
    namespace, _ = run(source)
    assert [one.name for one in metrics_of(analyze(source), namespace)] == ["acc", "losses", "gap", "gap2"]


@pytest.mark.parametrize("present", [True, 1.0, 2, "1", None])
def test_a_literal_that_no_longer_holds_is_no_parameter(present):
    assert params_of(analyze("a = 1"), (), {"a": present}) == ()


def test_a_curve_tells_its_steps():
    namespace, _ = run("losses = train(model)")
    (metric,) = metrics_of(analyze("losses = train(model)"), namespace)
    assert (metric.steps, metric.function) == (3, "train")


@pytest.mark.skipif(find_spec("torch") is None, reason="no small build of torch exists for this Python: see pyproject.toml")
def test_a_zero_dimensional_tensor_is_a_number_and_one_without_data_is_not():
    import torch

    facts = analyze("loss = criterion(out, y)")
    (metric,) = metrics_of(facts, {"loss": torch.tensor(0.5, requires_grad=True)})
    assert (metric.value, metric.source) == (0.5, C)
    assert metrics_of(facts, {"loss": torch.empty((), device="meta")}) == ()


class Hostile:
    touched = 0

    def _touch(self, *_):
        type(self).touched += 1
        raise AssertionError("user code ran")

    __getattr__ = __eq__ = __bool__ = __len__ = __iter__ = __float__ = __repr__ = _touch
    __hash__ = None
    __class__ = property(_touch)


class TrickyFloat(float):
    def __float__(self):
        raise AssertionError("user code ran")


HOSTILE = {
    "alone": Hostile,
    "a number": lambda: TrickyFloat(0.5),
    "in a dictionary": lambda: {"a": Hostile()},
    "in a list": lambda: [Hostile(), 0.5],
    "under a number": lambda: {1.5: TrickyFloat(1)},
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_objects_of_unknown_classes_are_not_touched(kind):
    value = HOSTILE[kind]()
    for source in ["scores = accuracy_score(y, p)", "scores = 1", "scores = []\nscores.append(1)", "scores = build()"]:
        facts = analyze(source)
        assert metrics_of(facts, {"scores": value}) == ()
        assert params_of(facts, (), {"scores": value, "cfg": value}) == ()
    assert metrics_of(analyze("score()"), {}, value) == ()
    assert Hostile.touched == 0


def test_a_list_that_holds_itself_is_neither():
    loop = []
    loop.append(loop)
    facts = analyze("losses = []\nlosses.append(losses)")
    assert metrics_of(facts, {"losses": loop}) == ()
    assert params_of(facts, (), {"losses": loop}) == ()


def test_settings_of_models_that_differ_from_the_default_are_parameters():
    def model(*settings):
        return ModelSummary("sklearn.Pipeline", True, tuple(Setting(*one) for one in settings), "sklearn", "1.7")

    pipe = model(
        ("clf", "LogisticRegression()", False),
        ("clf__C", 0.1, False),
        ("clf__tol", 1e-4, True),
        ("scaler", "StandardScaler()", False),
        ("metric", "<function f at 0x7f00>", False),
    )
    forest = model(("max_depth", 3, False))
    assert params_of_models({"pipe": pipe.settings, "rf": forest.settings}) == (
        Param("pipe.clf__C", 0.1, ParamSource.ESTIMATOR),
        Param("pipe.scaler", "StandardScaler()", ParamSource.ESTIMATOR),
        Param("rf.max_depth", 3, ParamSource.ESTIMATOR),
    )
