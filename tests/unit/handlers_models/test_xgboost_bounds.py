"""Boosters whose JSON leads native code astray are refused; everything that XGBoost writes passes."""

import json

import numpy as np
import pandas as pd
import pytest

from mvlake.handlers.lookup import handler_named
from mvlake.handlers.xgboost_bounds import OutOfBounds, check_booster

xgboost = pytest.importorskip("xgboost")
rng = np.random.default_rng(0)
X = rng.normal(size=(80, 3))
Y = X[:, 0] + rng.normal(size=80)
KINDS = pd.DataFrame({"c": pd.Categorical(rng.choice(list("abcdef"), 80)), "x": X[:, 0]})
CODES = (KINDS["c"].cat.codes % 3).to_numpy(float)


def raw(settings, data=X, label=Y, rounds=4):
    matrix = xgboost.DMatrix(data, label=label, enable_categorical=True)
    return bytes(xgboost.train({"nthread": 1, **settings}, matrix, rounds).save_raw("json"))


@pytest.mark.parametrize(
    ("settings", "label"),
    [
        ({"max_depth": 3}, Y),
        ({"tree_method": "exact", "gamma": 1.0}, Y),
        ({"grow_policy": "lossguide", "max_leaves": 5, "tree_method": "hist"}, Y),
        ({"booster": "dart", "rate_drop": 0.5}, Y),
        ({"booster": "gblinear"}, Y),
        ({"num_parallel_tree": 3, "subsample": 0.5}, Y),
        ({"objective": "multi:softprob", "num_class": 3}, np.arange(80) % 3),
        ({"objective": "binary:logistic"}, Y > 0),
        ({"multi_strategy": "multi_output_tree", "tree_method": "hist"}, np.stack([Y, -Y], axis=1)),
        ({}, np.stack([Y, -Y], axis=1)),
        ({"max_depth": 0, "tree_method": "hist", "max_leaves": 1}, Y),
    ],
)
def test_what_xgboost_writes_passes(settings, label):
    check_booster(raw(settings, label=label))


@pytest.mark.parametrize("settings", [{"max_cat_to_onehot": 1}, {"max_cat_to_onehot": 20}])
def test_splits_on_categories_pass(settings):
    check_booster(raw({"tree_method": "hist", **settings}, KINDS, CODES))


def test_a_booster_of_no_rounds_passes():
    check_booster(raw({}, rounds=0))


def first(document):
    return document["learner"]["gradient_booster"]["model"]["trees"][0]


def model(document):
    return document["learner"]["gradient_booster"]["model"]


@pytest.mark.parametrize(
    "harm",
    [
        lambda one: first(one)["left_children"].__setitem__(0, 1_000_000),
        lambda one: first(one)["left_children"].__setitem__(0, -7),
        lambda one: first(one)["right_children"].__setitem__(0, 0),
        lambda one: first(one)["right_children"].__setitem__(0, first(one)["left_children"][0]),
        lambda one: first(one)["split_indices"].__setitem__(0, 1 << 28),
        lambda one: first(one)["split_type"].__setitem__(0, 1),
        lambda one: first(one)["split_conditions"].pop(),
        lambda one: first(one)["tree_param"].__setitem__("num_nodes", "100000"),
        lambda one: first(one)["left_children"].__setitem__(0, 0.5),
        lambda one: model(one)["tree_info"].__setitem__(0, 1 << 20),
        lambda one: model(one)["iteration_indptr"].__setitem__(1, 50),
        lambda one: one["learner"]["learner_model_param"].__setitem__("num_feature", "0"),
    ],
)
def test_indices_that_point_beyond_their_arrays_are_refused(harm):
    document = json.loads(raw({"max_depth": 3}))
    harm(document)
    with pytest.raises(OutOfBounds):
        check_booster(json.dumps(document).encode())


def test_a_name_that_stands_twice_is_refused_and_a_nan_is_none_of_our_business():
    data = raw({"max_depth": 3})
    with pytest.raises(OutOfBounds):
        check_booster(data.replace(b'"tree_info":', b'"tree_info":[0],"tree_info":', 1))
    document = json.loads(data)
    first(document)["loss_changes"][0] = float("nan")
    check_booster(json.dumps(document).encode())


def test_categories_that_are_not_there_are_refused():
    document = json.loads(raw({"tree_method": "hist", "max_cat_to_onehot": 1}, KINDS, CODES))
    first(document)["categories_sizes"][0] = 1 << 20
    with pytest.raises(OutOfBounds):
        check_booster(json.dumps(document).encode())


def test_a_booster_that_leads_astray_is_not_read():
    handler = handler_named("xgboost")
    booster = xgboost.train({"nthread": 1}, xgboost.DMatrix(X, label=Y), 2)
    head, _, data = handler.encode(booster).partition(b"\n")
    document = json.loads(data)
    first(document)["left_children"][0] = 1_000_000
    with pytest.raises(OutOfBounds):
        handler.decode(head + b"\n" + json.dumps(document, separators=(",", ":")).encode(), protocol=1)
