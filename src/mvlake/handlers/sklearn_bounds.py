"""Bounds of restored scikit-learn models: the indices that native code follows without looking, checked before anyone predicts.

A tree's children and features, a neighbour tree's ranges, a histogram tree's bitsets, a spline's knots and a support vector
machine's counts are plain arrays in an archive: what they say must fit, or a prediction reads beyond the arrays. Walks the restored
object only through the dictionaries, lists and object arrays that the archive filled; runs no method of an estimator.
"""

from typing import Any

import numpy as np

from mvlake.handlers.sklearn_graph import attributes_of, parts_of

# Ensembles that check their input once, and let their trees believe it.
_UNCHECKING = frozenset(f"sklearn.ensemble.{name}" for name in ("_forest", "_gb", "_iforest"))


class OutOfBounds(ValueError):
    """A restored model whose indices point beyond its own arrays."""


def check_bounds(obj: Any) -> None:
    """Raise OutOfBounds when some part of the restored object would be read beyond its end."""
    pending, seen = [obj], set()
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        attributes = attributes_of(one)
        if attributes:
            _check_owner(attributes, type(one).__module__)
        check = _CHECKS.get(f"{type(one).__module__}.{type(one).__qualname__}")
        if check is not None:
            check(one)
        pending += parts_of(one)


def _check_owner(attributes: dict[str, Any], module: str) -> None:
    """An estimator that checks its input against `n_features_in_` must not hand it, unchecked, to a tree that expects more."""
    width = attributes.get("n_features_in_")
    tree: Any = attributes.get("tree_")
    members: Any = attributes.get("estimators_")
    if type(tree).__module__ == "sklearn.tree._tree":
        _within(tree.n_features, width)
    if module in _UNCHECKING and members is not None:
        for member in np.asarray(members, dtype=object).ravel():
            inner = getattr(member, "__dict__", {})
            if type(inner.get("tree_")).__module__ == "sklearn.tree._tree":
                _within(inner.get("n_features_in_"), width)
    if "n_trees_per_iteration_" in attributes and type(members) is np.ndarray:
        _require(bool(members.ndim == 2 and members.shape[1] == attributes["n_trees_per_iteration_"]), "stages of another width")
    predictors = attributes.get("_predictors")
    if isinstance(predictors, list):
        for one in (one for stage in predictors for one in stage):
            inner_nodes = one.nodes[one.nodes["is_leaf"] == 0]
            _within(int(inner_nodes["feature_idx"].max(initial=-1)) + 1, width)


def _within(needed: Any, width: Any) -> None:
    known = type(needed) is int and isinstance(width, int | np.integer)
    _require(known and bool(needed <= width), "more features than the model takes")


def _check_tree(tree: Any) -> None:
    left, right, feature = tree.children_left, tree.children_right, tree.feature
    count, inner = len(left), left != -1
    order = np.arange(count)
    for child in (left, right):
        # A child comes after its parent: in range, and without a way round in circles.
        _require(bool(np.all(child[inner] > order[inner])) and bool(np.all(child[inner] < count)), "a child that is not there")
    _require(
        bool(np.all(feature[inner] >= 0)) and bool(np.all(feature[inner] < tree.n_features)),
        "a split on a feature that is not there",
    )


def _check_predictor(predictor: Any) -> None:
    nodes = predictor.nodes
    _require(type(nodes) is np.ndarray and nodes.ndim == 1 and len(nodes) > 0 and nodes.dtype.names is not None, "no nodes")
    inner = nodes["is_leaf"] == 0
    order = np.arange(len(nodes))[inner]
    for name in ("left", "right"):
        child = nodes[name][inner].astype(np.int64)
        _require(bool(np.all(child > order)) and bool(np.all(child < len(nodes))), "a child that is not there")
    _require(bool(np.all(nodes["feature_idx"][inner] >= 0)), "a split on a feature that is not there")
    chosen = nodes["bitset_idx"][inner & (nodes["is_categorical"] != 0)]
    for bitsets in (predictor.raw_left_cat_bitsets, predictor.binned_left_cat_bitsets):
        rows = bitsets.shape[0] if bitsets.ndim == 2 and bitsets.shape[1] == 8 else 0
        _require(bool(np.all(chosen < rows)), "a set of categories that is not there")


def _check_neighbours(tree: Any) -> None:
    data, order, nodes, bounds, *rest = tree.__getstate__()
    count, metric = rest[2], rest[7]
    size, width = data.shape
    _require(len(order) == size and _all_within(order, 0, size - 1), "a point that is not there")
    start, end = nodes["idx_start"], nodes["idx_end"]
    _require(len(nodes) == count and _all_within(start, 0, size) and _all_within(end, 0, size), "a range that is not there")
    _require(bool(np.all(start <= end)), "a range that runs backwards")
    _require(
        bounds.shape[1:] == (count, width) and bounds.shape[0] == (2 if type(tree).__name__ == "KDTree" else 1),
        "bounds that do not fit",
    )
    inner = np.flatnonzero(nodes["is_leaf"] == 0)
    _require(bool(np.all(2 * inner + 2 < count)), "a child that is not there")
    _check_metric(metric, width)


def _check_metric(metric: Any, width: int) -> None:
    weights = metric.__getstate__()[1]
    kind = type(metric).__name__.removesuffix("Distance64")
    fits = {"SEuclidean": weights.shape == (width,), "Minkowski": weights.shape in ((0,), (width,)), "Haversine": width == 2}
    _require(fits.get(kind, True), f"a {kind} metric of another width")


def _check_spline(spline: Any) -> None:
    attributes = vars(spline)
    knots, values = (attributes.get(f"_{name}", attributes.get(name)) for name in "tc")
    degree = attributes["k"]
    _require(knots.ndim == 1 and type(degree) is int and degree >= 0 and len(knots) >= 2 * degree + 2, "knots that do not fit")
    _require(values.shape[0] >= len(knots) - degree - 1, "coefficients that do not fit")


def _check_machine(machine: Any) -> None:
    attributes = vars(machine)
    if "support_" not in attributes:
        return
    support, vectors = attributes["support_"], attributes["support_vectors_"]
    counts, weights = attributes["_n_support"], attributes["_dual_coef_"]
    _require(
        _all_within(counts, 0, len(support)) and vectors.shape[0] == len(support) == weights.shape[1], "counts of other vectors"
    )
    if type(machine).__name__ in ("SVC", "NuSVC"):
        classes = len(attributes["classes_"])
        pairs = classes * (classes - 1) // 2
        _require(len(counts) == classes and int(counts.sum()) == len(support), "counts of other vectors")
        _require(weights.shape[0] == classes - 1 and attributes["_intercept_"].shape == (pairs,), "weights of other classes")
    _require(
        vectors.shape[1] in (0, attributes.get("n_features_in_"), attributes.get("shape_fit_", (0,))[0]), "vectors of another width"
    )


def _all_within(values: Any, low: int, high: int) -> bool:
    return bool(np.all((values >= low) & (values <= high)))


def _require(fits: bool, problem: str) -> None:  # noqa: FBT001 - a claim and what its failure means
    if not fits:
        raise OutOfBounds(problem)


_CHECKS = {
    "sklearn.tree._tree.Tree": _check_tree,
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor": _check_predictor,
    "sklearn.neighbors._kd_tree.KDTree": _check_neighbours,
    "sklearn.neighbors._ball_tree.BallTree": _check_neighbours,
    "scipy.interpolate._bsplines.BSpline": _check_spline,
    **{f"sklearn.svm._classes.{name}": _check_machine for name in ("SVC", "NuSVC", "SVR", "NuSVR", "OneClassSVM")},
}
