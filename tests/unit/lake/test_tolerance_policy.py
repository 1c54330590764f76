import pytest

from mvlake.errors import Invalid
from mvlake.lake.tolerance_policy import parse_tolerances, read_tolerances
from mvlake.records.tolerance import Tolerance
from mvlake.store.keys import POLICY
from mvlake.store.memory import MemoryStore

SAID = b"""
[tolerance]
float32 = 1e-5
atol = 0
[tolerance.metrics]
auc = 1e-3
[tolerance.items]
predictions = 1
[tolerance.names."fraud-*"]
float64 = 1e-7
[tolerance.names."fraud-*".metrics]
auc = 1e-2
"""


def tolerance(kind, name, version="wine"):
    return parse_tolerances(SAID).of_version(version).of(kind, name)


def test_a_lake_without_a_policy_has_the_defaults():
    assert read_tolerances(MemoryStore()).of("metric", "auc") == Tolerance()


def test_an_edit_counts_at_once():
    store = MemoryStore()
    store.put_hint(POLICY, b"[tolerance]\nfloat64 = 1e-3")
    assert read_tolerances(store).of("output", "x") == Tolerance(float64=1e-3)


def test_each_precision_metric_and_item_has_its_own():
    assert tolerance("output", "x") == Tolerance(float32=1e-5, atol=0.0)
    assert tolerance("metric", "auc") == Tolerance(1e-3, 1e-3, 1e-3, 1e-3, atol=0.0)
    assert tolerance("result", "predictions").rtol("float32") == 1.0
    assert tolerance("metric", "predictions") == tolerance("output", "auc") == tolerance("output", "x")


def test_what_is_said_of_a_name_counts_more():
    assert tolerance("output", "x", "fraud-eu") == Tolerance(float64=1e-7, float32=1e-5, atol=0.0)
    assert tolerance("metric", "auc", "fraud-eu").rtol("float64") == 1e-2
    assert tolerance("output", "predictions", "fraud-eu").rtol("float64") == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "float64 = -1e-9",
        "float64 = nan",
        "float64 = inf",
        "float32 = 1.5",
        "float16 = '1e-3'",
        "float64 = true",
        "float64 = 1" + "0" * 400,
        "atol = inf",
        "atol = -0.1",
        "float63 = 1e-3",
        "metrics = 3",
        "metrics = {auc = -1}",
        "metrics = {auc = 'much'}",
        "metrics = {auc = {a = 1}}",
        "items = [1]",
        "names = {'' = {float64 = 1e-3}}",
        "names = {x = 3}",
        "names = {x = {float63 = 1e-3}}",
        "names = {x = {metrics = {auc = nan}}}",
    ],
)
def test_what_nobody_can_mean_is_refused_with_something_to_type(text):
    with pytest.raises(Invalid, match=r"policy\.toml") as refused:
        parse_tolerances(f"[tolerance]\n{text}".encode())
    assert refused.value.hint
