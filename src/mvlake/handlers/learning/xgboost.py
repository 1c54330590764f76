"""XGBoost's boosters: what they learned, read from their own JSON: importances by gain, trees, coefficients of linear boosters."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from mvlake.compare.learned import WeightKind
from mvlake.handlers.learning.trees import tree_of
from mvlake.handlers.learning.weights import Tree, Weights
from mvlake.handlers.xgboost_bounds import read_booster

_LARGEST = 64 << 20  # of JSON that is read for its trees
_GAIN = "average gain of the splits on a feature"


def weights_of_booster(booster: Any) -> Iterator[Weights]:
    """Yield what a booster learned."""
    names = [str(name) for name in booster.feature_names or [f"f{place}" for place in range(booster.num_features())]]
    raw = bytes(booster.save_raw("json"))
    learned = read_booster(raw)["learner"]["gradient_booster"] if len(raw) <= _LARGEST else {}
    model = learned.get("gbtree", learned).get("model", {})
    if "weights" in model:
        yield from _linear(model["weights"], names)
        return
    gains = booster.get_score(importance_type="gain")
    yield Weights(WeightKind.IMPORTANCES, "", names, np.asarray([float(np.mean(gains.get(name, 0.0))) for name in names]), _GAIN)
    trees = [_tree(one) for one in model.get("trees", ())]
    if trees:
        yield Weights(WeightKind.TREES, "", (), trees)


def _linear(weights: Any, names: list[str]) -> Iterator[Weights]:
    """Yield coefficients and intercepts: a row of numbers for each feature, and one more for the bias."""
    table = np.asarray(weights, dtype=np.float64).reshape(len(names) + 1, -1)
    outputs = table.shape[1]
    rows = [""] if outputs == 1 else [f" \N{MIDDLE DOT} {place}" for place in range(outputs)]
    told = [f"{name}{row}" for name in names for row in rows]
    yield Weights(WeightKind.COEFFICIENTS, "", told, table[:-1].reshape(-1))
    yield Weights(WeightKind.INTERCEPTS, "", [f"intercept{row}" for row in rows], table[-1])


def _tree(tree: Any) -> Tree:
    left, right, features, thresholds = (
        np.asarray(tree[name]) for name in ("left_children", "right_children", "split_indices", "split_conditions")
    )
    return tree_of(left, right, features, thresholds.astype(np.float64), left != -1)
