"""LightGBM's boosters: what they learned: importances by gain, and trees as their text says them."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from mvlake.compare.learned import WeightKind
from mvlake.handlers.learning.trees import tree_of
from mvlake.handlers.learning.weights import Tree, Weights

_BLOCK = re.compile(r"^Tree=\d+\n(.*?)(?:\n\n|\Z)", re.MULTILINE | re.DOTALL)
_GAIN = "total gain of the splits on a feature"


def weights_of_booster(booster: Any) -> Iterator[Weights]:
    """Yield what a booster learned."""
    names = [str(name) for name in booster.feature_name()]
    yield Weights(WeightKind.IMPORTANCES, "", names, np.asarray(booster.feature_importance("gain"), dtype=np.float64), _GAIN)
    trees = [_tree(one) for one in _BLOCK.findall(booster.model_to_string(num_iteration=-1))]
    if trees:
        yield Weights(WeightKind.TREES, "", (), trees)


def _tree(block: str) -> Tree:
    """Return a tree of splits; a child below 0 is a leaf, and a tree of one leaf has no split."""
    fields = dict(line.partition("=")[::2] for line in block.splitlines())
    if int(fields["num_leaves"]) < 2:
        nothing: Any = np.zeros(0, np.int64)
        return Tree(nothing, nothing.astype(np.float64), 1, 0)
    left, right, features = (_whole(fields[name]) for name in ("left_child", "right_child", "split_feature"))
    splits = len(left)
    # Leaves get places after the splits, so that they are nodes like those of other libraries.
    left, right = (np.where(child < 0, splits + ~child, child) for child in (left, right))
    size = 2 * splits + 1
    inner = np.arange(size) < splits
    padding: Any = np.zeros(splits + 1, np.int64)
    thresholds = np.asarray(fields["threshold"].split(), dtype=np.float64)
    return tree_of(
        np.append(left, padding), np.append(right, padding), np.append(features, padding), np.append(thresholds, padding), inner
    )


def _whole(text: str) -> Any:
    return np.asarray(text.split(), dtype=np.int64)
