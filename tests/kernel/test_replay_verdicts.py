"""What a replay says of files, tolerances and models, item by item, in a kernel whose replay makes other noise."""

import pytest

from mvlake.lake.lake import Lake
from mvlake.records.events import Verdict

# The environment tells the replay from the recording, and moves numbers by a known step.
NOISE = "import os, json\nimport numpy as np, pandas as pd\nagain = float('MVLAKE_CAPTURE_TO' in os.environ)"


@pytest.fixture
def noisy(tmp_path, start_kernel):
    """A kernel in a project of its own, and its lake."""
    kernel = start_kernel(folder=tmp_path)
    kernel.lake = lambda: Lake.open(tmp_path / "lake", create=False)
    assert kernel.run(NOISE).status == "ok"
    return kernel


def verdicts(answer):
    return {one.name: one for one in answer.replayed.items}


def test_written_files_are_judged_by_value_and_policies_say_how_far(noisy, tmp_path, monkeypatch):
    ran = noisy.run(
        "%%track files\ntable = pd.DataFrame({'x': [1.0, 2.0 + 1e-12 * again]})\ntable.to_csv('a.csv', index=False)\n"
        "json.dump({'auc': 0.5 + 0.01 * again, 'n': 2}, open('m.json', 'w'))\nopen('same.txt', 'w').write('same')\n"
        "np.save('w.npy', np.arange(3.0) * (1 + 1e-3 * again))\nauc = float(0.5 + 1e-4 * again)"
    )
    assert ran.status == "ok", ran.error
    monkeypatch.chdir(tmp_path)
    answer = noisy.lake().replay("files:v1", no_diagnose=True)
    found = verdicts(answer)
    assert {name: found[name].verdict.value for name in ("a.csv", "m.json", "same.txt", "w.npy", "auc", "table")} == {
        "a.csv": "numeric",
        "m.json": "drifted",
        "same.txt": "identical",
        "w.npy": "drifted",
        "auc": "drifted",
        "table": "numeric",
    }
    assert found["w.npy"].measured.max_rel == pytest.approx(1e-3)
    assert found["table"].measured.max_ulp > 1
    policy = '[tolerance.metrics]\nauc = 1e-3\n[tolerance.names."files*".items]\n"m.json" = 0.1\n"w.npy" = 0.01\n'
    (tmp_path / "lake/.mvlake/policy.toml").write_text(policy)
    told = noisy.lake().replay("files:v1", no_diagnose=True).replayed
    assert told.verdict is Verdict.NUMERIC, told.items
    assert {one.name: one.measured.rtol for one in told.items if one.measured}["auc"] == 1e-3
    (tmp_path / "lake/.mvlake/policy.toml").write_text("[tolerance]\nfloat64 = -1")
    with pytest.raises(ValueError, match="float64"):
        noisy.lake().replay("files:v1", no_diagnose=True)
    kept = noisy.lake().show("files:v1").entry.replays
    assert [one.replayed.verdict.value for one in kept] == [
        "drifted",
        "numeric",
    ]  # each as it was given, whatever the policy is now
    assert kept[1].replayed == told


def test_models_are_judged_by_what_they_say_and_by_their_settings(noisy):
    ran = noisy.run(
        "from sklearn.linear_model import LogisticRegression, LinearRegression\nrng = np.random.default_rng(0)\n"
        "X = rng.normal(size=(80, 2)); y = (X[:, 0] > 0).astype(int); X_test = X[:50].copy()"
    )
    assert ran.status == "ok", ran.error
    ran = noisy.run(
        "%%track models\nclear = LogisticRegression().fit(X, y)\nclear.intercept_ = clear.intercept_ - 0.9 * again\n"
        "said = clear.predict(X_test)\nline = LinearRegression().fit(X, y + 1e-13 * again)\nline.score(X_test, y[:50])\n"
        "weak = LogisticRegression(C=1.0 + again).fit(X, y)"
    )
    assert ran.status == "ok", ran.error
    found = verdicts(noisy.lake().replay("models:v1", no_diagnose=True))
    assert found["clear"].verdict is Verdict.DRIFTED
    assert "of 50 predicted labels of X_test flipped" in found["clear"].reason
    assert found["line"].verdict in (Verdict.NUMERIC, Verdict.IDENTICAL)
    assert (found["weak"].verdict, found["weak"].reason) == (Verdict.DRIFTED, "the setting C has another value")
