"""Trees: decision trees of any library, and how two lots of them differ."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mvlake.compare.learned import WeightDiff
from mvlake.handlers.learning.rows import number_row
from mvlake.handlers.learning.weights import Tree

_FACTS = ("trees", "leaves in all", "deepest", "mean depth")


def tree_of(left: Any, right: Any, features: Any, thresholds: Any, inner: Any) -> Tree:
    """Return a tree of nodes: where `inner` is true, a node has children; what is no inner node in them is a leaf."""
    return Tree(features[inner], thresholds[inner], int(len(left) - inner.sum()), _depth(left, right, inner))


def _depth(left: Any, right: Any, inner: Any) -> int | None:
    """Return how many splits the longest way from the root has; None where a child does not come after its parent."""
    order = np.arange(len(left))[inner]
    for child in (left[inner], right[inner]):
        if (child <= order).any() or (child >= len(left)).any():
            return None
    depth = 0
    level: Any = np.zeros(1 if len(left) else 0, np.int64)
    while (level := level[inner[level]]).size:
        level = np.unique(np.concatenate([left[level], right[level]]))
        depth += 1
    return depth


def tree_rows(a: Sequence[Tree], b: Sequence[Tree]) -> tuple[list[WeightDiff], str]:
    """Return what can be counted of trees on either side, and how many of them split alike."""
    rows = [number_row(name, *pair) for name, pair in zip(_FACTS, zip(_facts(a), _facts(b), strict=True), strict=True)]
    pairs = list(zip(a, b, strict=False))
    alike = [one for one in pairs if np.array_equal(one[0].features, one[1].features)]
    same = sum(np.array_equal(one.thresholds, other.thresholds, equal_nan=True) for one, other in alike)
    told = f"{same:,} of {max(len(a), len(b)):,} trees split alike"
    others = len(alike) - same
    if others:
        with np.errstate(all="ignore"):
            far = max(float(np.nanmax(np.abs(one.thresholds - other.thresholds), initial=0.0)) for one, other in alike)
        told += f"; {others:,} more split on the same features, at thresholds up to {far:.4g} away"
    return rows, told


def _facts(trees: Sequence[Tree]) -> tuple[float | None, ...]:
    depths = [one.depth for one in trees if one.depth is not None]
    is_known = bool(depths) and len(depths) == len(trees)
    return (
        float(len(trees)),
        float(sum(one.leaves for one in trees)),
        float(max(depths)) if is_known else None,
        sum(depths) / len(depths) if is_known else None,
    )
