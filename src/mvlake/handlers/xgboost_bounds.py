"""XGBoost bounds: the indices in a booster's JSON, which its native code follows without looking, checked before it predicts.

From each tree's root every node is reached once, splits are on features and categories that are there, leaves have their weights,
trees have their class. What no way leads to is not looked at: pruning leaves such nodes behind.
"""

from typing import Any

import numpy as np

from mvlake.records.standard_json import loads

_MOST = 1 << 24  # features and classes: more is no model
_LEAF = -1


class OutOfBounds(ValueError):
    """A booster whose indices point beyond its own arrays."""


def read_booster(data: bytes) -> Any:
    """Return the JSON of a booster, in which XGBoost may write NaN; OutOfBounds for a name that stands twice."""
    return loads(data, object_pairs_hook=_unique)


def check_booster(data: bytes) -> None:
    """Raise OutOfBounds, or what missing parts raise, for JSON that the native predictor would be led astray by."""
    learner = read_booster(data)["learner"]
    sizes = {name: int(learner["learner_model_param"][name]) for name in ("num_feature", "num_class", "num_target")}
    features, groups = sizes["num_feature"], max(1, sizes["num_class"], sizes["num_target"])
    _require(0 <= features <= _MOST and groups <= _MOST, "sizes that no model has")
    booster = learner["gradient_booster"]
    model = booster.get("gbtree", booster)["model"]
    if booster["name"] == "gblinear":
        _require(len(model["weights"]) in (0, (features + 1) * groups), "weights of other features")
        return
    trees, infos = model["trees"], _whole(model["tree_info"])
    _require(len(infos) == len(trees) == int(model["gbtree_model_param"]["num_trees"]), "trees are missing")
    _require(_are_within(infos, groups), "a tree of a class that is not there")
    rounds = _whole(model.get("iteration_indptr", [0, len(trees)]))
    _require(
        len(rounds) > 0 and rounds[0] == 0 and rounds[-1] == len(trees) and (np.diff(rounds) >= 0).all(), "rounds of other trees"
    )
    if "weight_drop" in booster:
        _require(len(booster["weight_drop"]) == len(trees), "weights of other trees")
    for tree in trees:
        _check_tree(tree, features)


def _check_tree(tree: Any, features: int) -> None:
    width = int(tree["tree_param"]["size_leaf_vector"])
    count = int(tree["tree_param"]["num_nodes"])
    names = ("left_children", "right_children", "split_indices", "split_type", "default_left")
    left, right, split, kinds, _ = (_whole(tree[name]) for name in names)
    lengths = {len(one) for one in (left, right, split, kinds, tree["default_left"], tree["split_conditions"])}
    _require(lengths == {count} and count > 0, "a tree with other parts")
    seen: Any = np.zeros(count, bool)
    level: Any = np.zeros(1, np.int64)
    while level.size:
        _require(
            _are_within(level, count) and not seen[level].any() and len(np.unique(level)) == len(level), "a child that is not there"
        )
        seen[level] = True
        inner = level[left[level] != _LEAF]
        level = np.concatenate([left[inner], right[inner]])
    reached = np.flatnonzero(seen & (left != _LEAF))
    _require(_are_within(split[reached], features), "a split on a feature that is not there")
    _check_categories(tree, reached[kinds[reached] != 0])
    if width > 1:
        rows = right[np.flatnonzero(seen & (left == _LEAF))]  # a leaf has its weights at this place
        _require(_are_within(rows, len(tree["leaf_weights"]) // width), "a leaf without its weights")


def _check_categories(tree: Any, nodes: Any) -> None:
    """Check that each split on categories has some, and that they are there."""
    known, start, size = (_whole(tree[f"categories_{name}"]) for name in ("nodes", "segments", "sizes"))
    _require(len(known) == len(start) == len(size), "categories with other parts")
    _require(bool((start >= 0).all() and (size >= 0).all()), "categories that are not there")
    _require(_are_within(start + size, len(tree["categories"]) + 1), "categories that are not there")
    _require(_are_within(_whole(tree["categories"]), _MOST), "categories that no data have")
    _require(bool(np.isin(nodes, known).all()), "a split on categories that are not there")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    _require(len(found) == len(pairs), "a name that stands twice, of which readers take one or the other")
    return found


def _whole(numbers: Any) -> Any:
    found = np.asarray(numbers, dtype=np.float64)
    _require(
        found.ndim == 1 and bool((np.abs(found) < 2**53).all() and (found == np.floor(found)).all()), "something else than numbers"
    )
    return found.astype(np.int64)


def _are_within(numbers: Any, stop: int) -> bool:
    return bool(((numbers >= 0) & (numbers < stop)).all())


def _require(fits: bool, problem: str) -> None:  # noqa: FBT001 - a claim and what its failure means
    if not fits:
        raise OutOfBounds(problem)
