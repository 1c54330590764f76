"""An unseeded notebook is replayed bit for bit: what every cell drew from is put back into the state that it had."""

import re

import pytest

from mvlake.lake.lake import Lake
from mvlake.records.events import Verdict
from mvlake.records.hint import HintCode

IMPORTS = """
import random, numpy as np, pandas as pd, torch
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
"""
SPLIT = """
data = load_breast_cancer()
X_train, X_test, y_train, y_test = train_test_split(data.data, data.target)
rng = np.random.default_rng()
held = {"inner": np.random.RandomState()}
def drawn_inside():
    return np.random.default_rng().normal()
"""
TRACKED = """%%track lucky
model = RandomForestClassifier(n_estimators=5, n_jobs=2).fit(X_train, y_train)
accuracy = model.score(X_test, y_test)
sampled = random.sample(range(1000), 5) + [float(np.random.normal()), float(rng.normal()), float(drawn_inside())]
more = [float(held["inner"].rand()), float(np.random.default_rng().integers(1000)), random.gauss(0, 1)]
weights = torch.nn.Linear(4, 3).weight.detach().numpy().tolist()
picked = pd.Series(range(100)).sample(5).tolist()
"""


@pytest.fixture
def lake(kernel):
    def opened():
        return Lake.open(kernel.folder / "lake", create=False)

    return opened


def test_an_unseeded_notebook_replays_to_the_last_bit(kernel, lake):
    kernel.run(IMPORTS)
    kernel.run(SPLIT)
    kernel.run("np.random.rand(7); random.random(); rng.random(); torch.rand(2)")  # not a part of the version, but before it
    ran = kernel.run(TRACKED)
    assert ran.error is None
    hint = {one.code: one for one in lake().show("lucky:v1").entry.version.hints}[HintCode.UNSEEDED_RANDOMNESS]
    assert "`replay` puts the state back" in hint.text
    assert len(ran.cards[0].splitlines()) == 2
    again = kernel.run(TRACKED)
    assert "lucky:v2" in again.cards[0]  # it came out differently: nothing about the cell itself repeats
    for ref in ("lucky:v1", "lucky:v2"):
        answer = lake().replay(ref)
        assert answer.replayed.verdict is Verdict.IDENTICAL, answer.replayed.items
        assert {one.verdict for one in answer.replayed.items} == {Verdict.IDENTICAL}


TRAINED = """%%track trained
X_train, X_test, y_train, y_test = train_test_split(points, labels)
loader = DataLoader(TensorDataset(torch.tensor(X_train), torch.tensor(y_train)), batch_size=16, shuffle=True)
seen = [batch[1].tolist() for batch in loader]
boosted = xgboost.XGBClassifier(n_estimators=5, subsample=0.5, colsample_bytree=0.5, random_state=np.random.randint(1000)).fit(X_train, y_train)
bagged = lightgbm.train({"bagging_fraction": 0.5, "bagging_freq": 1, "verbose": -1}, lightgbm.Dataset(X_train, y_train), 5)
search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=StratifiedKFold(3, shuffle=True), n_jobs=2).fit(X_train, y_train)
def jittered(values, rng):
    return values + rng.normal(size=values.shape)
moved = jittered(X_test, generator)
auc = roc_auc_score(y_test, boosted.predict_proba(X_test)[:, 1])
"""


def test_what_handbooks_draw_without_a_seed_replays_to_the_last_bit(kernel, lake):
    kernel.run(
        "import numpy as np, torch, xgboost, lightgbm\nfrom torch.utils.data import DataLoader, TensorDataset\n"
        "from sklearn.datasets import make_classification\nfrom sklearn.linear_model import LogisticRegression\n"
        "from sklearn.metrics import roc_auc_score\n"
        "from sklearn.model_selection import GridSearchCV, StratifiedKFold, train_test_split"
    )
    kernel.run("points, labels = make_classification(300)\ngenerator = np.random.default_rng()")
    ran = kernel.run(TRAINED)
    assert ran.error is None
    answer = lake().replay("trained:v1")
    differing = [one for one in answer.replayed.items if one.verdict is not Verdict.IDENTICAL]
    assert [one.name for one in differing if one.verdict is not Verdict.NOT_COMPARABLE] == [], differing
    assert answer.replayed.verdict is Verdict.IDENTICAL
    assert {"seen", "moved", "boosted", "bagged", "search", "auc"} <= {one.name for one in answer.replayed.items} - {
        one.name for one in differing
    }


def test_a_cell_that_imports_what_it_draws_from_replays_too(kernel, lake):
    kernel.run(
        "%%track alone\nimport numpy as np, random, torch\nrng = np.random.default_rng()\n"
        "values = [float(rng.random()), float(np.random.rand()), random.random(), torch.rand(1).item()]"
    )
    answer = lake().replay("alone:v1")
    assert answer.replayed.verdict is Verdict.IDENTICAL, answer.replayed.items


def test_who_sets_seeds_hears_no_hint(kernel, lake):
    kernel.run("import random, numpy as np\nSEED = 7\nrandom.seed(SEED)\nnp.random.seed(SEED)\nrng = np.random.default_rng(SEED)")
    ran = kernel.run("%%track careful\nvalues = [random.random(), float(np.random.rand()), float(rng.random())]")
    assert lake().show("careful:v1").entry.version.hints == ()
    assert len(ran.cards[0].splitlines()) == 1
    assert re.search(r"random.seed +7 +cell 1", kernel.run("%mv show careful:v1").cards[0])


def test_the_order_of_a_set_is_repeated_where_the_hash_seed_was_set(start_kernel):
    kernel = start_kernel(PYTHONHASHSEED="4242", OMP_NUM_THREADS="1")
    kernel.run(
        "%%track ordered\nimport os\nnames = list({f'name {n}' for n in range(40)})\nthreads = [os.environ['OMP_NUM_THREADS']]"
    )
    lake = Lake.open(kernel.folder / "lake", create=False)
    answer = lake.replay("ordered:v1")
    assert answer.replayed.verdict is Verdict.IDENTICAL, answer.replayed.items
    dossier = lake.show("ordered:v1").dossier
    assert {one.name: one.value for one in dossier.environment.variables}["PYTHONHASHSEED"] == "4242"
    assert not dossier.environment.is_hash_random
    assert [one.package for one in dossier.version.imports] == ["python"]
    shown = kernel.run("%mv show ordered:v1").cards[0]
    assert "PYTHONHASHSEED=4242" in shown
    assert "python" in kernel.run("%mv sql select package, version from imports").cards[0]
