"""What is seen of calls while a cell runs, in a real kernel; on Python 3.11 what its text and its output say of the same cells."""

import sys

import pytest

from mvlake.lake.lake import Lake
from mvlake.records.plain import from_plain

sees = pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring came with Python 3.12")
DATA = """
import numpy as np
X = np.random.default_rng(0).normal(size=(90, 3))
y = (X[:, 0] > 0).astype(int)
X_test, y_test = X[:40], y[:40]
"""


def told(kernel, name):
    version = Lake.open(kernel.folder / "lake", create=False).show(f"{name}:latest").entry.version
    params = {one.name: from_plain(one.value) for one in version.params}
    return params, {one.name: one for one in version.metrics}, version


@sees
def test_calls_that_nothing_holds_are_metrics_with_their_data_their_part_and_their_course(kernel):
    kernel.run(DATA)
    # The library is imported by the tracked cell itself, and the function under another name.
    ran = kernel.run(
        "%%track f\nfrom sklearn.linear_model import LogisticRegression\nfrom sklearn.metrics import accuracy_score as score_of\n"
        "from sklearn.metrics import recall_score\n"
        "m = LogisticRegression(C=0.5).fit(X, y)\nm.set_params(C=8.0)\npred = m.predict(X_test)\n"
        "print(score_of(y_test, 1 - (1 - pred)))\n"
        "def part(mask):\n    return recall_score(y_test[mask], pred[mask], zero_division=0)\n"
        "shown = [part(X_test[:, 1] > edge) for edge in (0, 1)]\n"
        "for segment in ('low', 'high'):\n    recall_score(y_test, pred)\n"
        "for epoch in range(3):\n    recall_score(y_test, pred)"
    )
    assert ran.error is None
    params, metrics, version = told(kernel, "f")
    assert params["m.C"] == 0.5
    assert {(one.function, one.dataset, one.segment, one.steps) for one in metrics.values() if "recall" in one.function} >= {
        ("recall_score", "test", "low", None),
        ("recall_score", "test", "high", None),
        ("recall_score", "test", "", 3),
    }
    assert metrics["accuracy_score[test]"].steps is None
    assert metrics["recall_score[test] (2)"].steps == 3
    assert all(not one.source.is_guess for one in metrics.values())
    assert ("series", "recall_score[test]") in {(one.role.value, one.name) for one in version.artifacts}
    held = kernel.value("__import__('sys').monitoring.get_tool(3), __import__('sys').monitoring.get_tool(4)")
    assert held == "None None"
    kernel.run("%unload_ext mvlake")
    assert kernel.value("__import__('sys').monitoring.get_tool(3)") == "None"


@sees
def test_a_cell_that_raises_or_is_another_s_tool_leaves_the_tools_as_they_were(kernel):
    kernel.run(DATA + "import sys\nfrom sklearn.metrics import accuracy_score\nsys.monitoring.use_tool_id(3, 'mine')")
    kernel.run("%%track f\nprint(accuracy_score(y, y))\n1 / 0")
    assert kernel.value("sys.monitoring.get_tool(3), sys.monitoring.get_tool(4)") == "mine None"
    kernel.run("%%track f\nprint(accuracy_score(y, y))")
    assert list(told(kernel, "f")[1]) == ["accuracy_score"]
    assert kernel.value("sys.monitoring.get_tool(3), sys.monitoring.get_tool(4)") == "mine None"


def test_a_fit_that_is_followed_by_other_settings_is_not_told_with_these(kernel):
    kernel.run(DATA + "from sklearn.linear_model import LogisticRegression")
    kernel.run("%%track f\nm = LogisticRegression(C=0.5, tol=0.01).fit(X, y)\nm.set_params(C=8.0)\nacc = m.score(X_test, y_test)")
    params, metrics, _ = told(kernel, "f")
    assert params.get("m.C", 0.5) == 0.5
    assert params["m.tol"] == 0.01
    assert metrics["acc"].dataset == "test"
    card = kernel.run("%%track f\nratio = float(np.mean(X)) / 3").cards[0]
    assert "ratio" in card
