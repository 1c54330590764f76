"""Keeping an estimator loads no library that the user has not, and leaves nothing where one would be."""

import json
import subprocess
import sys

KEEP = """
import json, sys
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
{before}
from mvlake.handlers.sklearn import handler
loaded = set(sys.modules)
for model in (LogisticRegression().fit([[0.0], [1.0]], [0, 1]), RandomForestClassifier(2).fit([[0.0], [1.0]], [0, 1])):
    again = handler.decode(handler.encode(model), protocol=handler.protocol)
    assert handler.fingerprint(again) == handler.fingerprint(model)
print(json.dumps(sorted(set(sys.modules) - loaded)))
"""


def loaded_by(before=""):
    ran = subprocess.run([sys.executable, "-c", KEEP.format(before=before)], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return set(json.loads(ran.stdout))


def test_keeping_an_estimator_loads_neither_torch_nor_an_empty_stand_in():
    import torch

    assert torch  # it could have been loaded
    new = loaded_by()
    assert {one.partition(".")[0] for one in new}.isdisjoint({"torch", "cupy", "dask"})
    assert not any(one.startswith("sklearn.externals.array_api_compat.torch") for one in new)
    assert "skops.io" in new


def test_where_torch_is_loaded_what_wraps_it_is_the_real_one():
    assert "sklearn.externals.array_api_compat.torch" in loaded_by("import torch")


def test_what_wraps_torch_can_be_imported_afterwards():
    after = "from mvlake.handlers.sklearn_walk import skops_io\nskops_io()\n"
    after += "import sklearn.externals.array_api_compat.torch as wrapper\nassert wrapper.sum"
    assert loaded_by(after)
