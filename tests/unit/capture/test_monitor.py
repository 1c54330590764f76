"""What Python 3.12 and later tell of calls while a cell runs; before that, that nothing is done at all."""

import sys

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import GridSearchCV, cross_val_score

from mvlake.capture.facts.monitor import Monitor

X, Y = np.random.default_rng(0).normal(size=(60, 3)), np.arange(60) % 2
sees = pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring came with Python 3.12")


def watch(source, *, group=lambda _: ""):
    """Run a cell under a monitor; return what it saw and what was fitted."""
    namespace = {"__name__": "__main__", "X": X, "y": Y, "np": np, "LogisticRegression": LogisticRegression}
    namespace |= {"accuracy_score": accuracy_score, "log_loss": log_loss, "cross_val_score": cross_val_score}
    namespace |= {"GridSearchCV": GridSearchCV, "m": LogisticRegression().fit(X, Y)}
    fitted = []
    monitor = Monitor(namespace, fitted=fitted.append, group=group)
    monitor.start()
    try:
        exec(compile(source, "<cell>", "exec"), namespace)
    finally:
        seen = monitor.stop()
    return seen, fitted, namespace


@sees
def test_calls_are_seen_with_their_line_and_once_each():
    seen, fitted, _ = watch("a = 1\nprint(accuracy_score(y, m.predict(X)))\nm.score(X, y)\ncross_val_score(m, X, y, cv=2)")
    assert [(one.function, one.line, one.count) for one in seen] == [
        ("accuracy_score", 2, 1),
        ("score", 3, 1),
        ("cross_val_score", 4, 1),
    ]
    assert fitted == []


@sees
def test_names_that_were_imported_before_and_calls_inside_functions_are_seen():
    seen, _, _ = watch("def f():\n    return log_loss(y, [0.5] * 60)\n\nvalue = f()")
    assert [(one.function, one.line) for one in seen] == [("log_loss", 4)]


@sees
def test_a_loop_is_a_series_and_groups_are_apart():
    seen, _, _ = watch(
        "for k in range(3):\n    accuracy_score(y, y)\nfor g in 'ab':\n    accuracy_score(y, y)",
        group=lambda line: "g" * (line - 3),
    )
    assert [(one.line, one.group, one.count, one.values) for one in seen] == [(2, "", 3, [1.0] * 3), (4, "g", 2, [1.0] * 2)]


@sees
def test_what_user_code_fitted_is_told_and_what_a_search_fitted_inside_is_not():
    _, fitted, namespace = watch("s = GridSearchCV(LogisticRegression(), {'C': [1, 2]}, cv=2).fit(X, y)")
    assert [one is namespace["s"] for one in fitted] == [True]


@sees
def test_an_error_of_the_user_is_the_users_and_leaves_nothing_behind():
    with pytest.raises(ValueError, match="inconsistent"):
        watch("accuracy_score(y, [1])")
    assert [sys.monitoring.get_tool(tool) for tool in (3, 4)] == [None, None]
    assert sys.monitoring.get_local_events(3, accuracy_score.__wrapped__.__code__) == 0


@sees
def test_a_place_that_somebody_holds_is_left_alone():
    sys.monitoring.use_tool_id(3, "somebody")
    try:
        seen, _, _ = watch("accuracy_score(y, y)")
        assert len(seen) == 1
        sys.monitoring.use_tool_id(4, "somebody else")
        try:
            assert watch("accuracy_score(y, y)")[0] == ()
        finally:
            sys.monitoring.free_tool_id(4)
    finally:
        assert sys.monitoring.get_tool(3) == "somebody"
        sys.monitoring.free_tool_id(3)


def test_before_python_3_12_nothing_is_touched():
    seen, fitted, namespace = watch("acc = accuracy_score(y, y)")
    assert namespace["acc"] == 1.0
    assert len(seen) == (sys.version_info >= (3, 12))
    assert fitted == []
