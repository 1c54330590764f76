"""Estimators: what a scikit-learn model learned, its steps and members too, by the features that these were given.

Asked are estimators of installed libraries alone, which our rules restored; what one of them cannot say is left out.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from mvlake.compare.learned import WeightKind
from mvlake.handlers.importable import importable_name
from mvlake.handlers.learning.trees import tree_of
from mvlake.handlers.learning.weights import Tree, Weights
from mvlake.handlers.predicting.labels import label_text
from mvlake.handlers.sklearn_pieces import LIBRARIES

MOST_PARTS = 20
MOST_NUMBERS = 5_000_000
_DEEPEST = 5
_INNER = ("best_estimator_", "estimator_", "regressor_", "final_estimator_")


def weights_of_estimator(model: Any) -> Iterator[Weights]:
    """Yield what a model and its parts learned."""
    for count, (part, one, names) in enumerate(_parts(model, "", None, 0)):
        if count >= MOST_PARTS:
            return
        if type(one).__module__.partition(".")[0] in LIBRARIES:
            from mvlake.handlers.lookup import handler_for

            yield from (_renamed(found, part, names) for found in handler_for(one).weights(one))
        else:
            yield from _own(part, one, names)


def _parts(model: Any, part: str, names: Sequence[str] | None, depth: int) -> Iterator[tuple[str, Any, Sequence[str] | None]]:
    """Yield an estimator, and those in it, with their names in it and the names of the features that each is given."""
    if depth > _DEEPEST or importable_name(type(model)) is None:
        return
    own = vars(model) if hasattr(model, "__dict__") else {}
    yield part, model, names
    for inner, one, given in _members(own, names):
        if hasattr(one, "get_params"):
            yield from _parts(one, f"{part}.{inner}".strip("."), given, depth + 1)


def _members(own: dict[str, Any], names: Sequence[str] | None) -> Iterator[tuple[str, Any, Sequence[str] | None]]:
    if "steps" in own:
        yield from _steps(own["steps"], names)
    yield from ((name, one, None) for name, one, *_ in own.get("transformers_", ()))
    yield from (("" if name == "best_estimator_" else name.rstrip("_"), own[name], names) for name in _INNER if name in own)
    members = own.get("named_estimators_")
    if isinstance(members, dict):
        yield from ((str(name), one, names) for name, one in members.items())
    elif isinstance(found := own.get("estimators_"), list) and not _are_trees(found):
        yield from ((f"member {place}", one, names) for place, one in enumerate(found, 1))
    fits = own.get("calibrated_classifiers_", ())
    yield from ((f"fit {place}", getattr(one, "estimator", None), names) for place, one in enumerate(fits, 1))


def _steps(steps: Any, names: Sequence[str] | None) -> Iterator[tuple[str, Any, Sequence[str] | None]]:
    for name, one in steps:
        yield name, one, names
        if one is not None and one != "passthrough":
            names = _names_out(one, names)


def _names_out(step: Any, names: Sequence[str] | None) -> Sequence[str] | None:
    try:
        return [str(name) for name in step.get_feature_names_out(names)]
    except Exception:  # noqa: BLE001 - a step that has no names for what it makes; the next one's are then numbered
        return None


def _own(part: str, one: Any, names: Sequence[str] | None) -> Iterator[Weights]:
    classes = _said(one, "classes_")
    coefficients = _array(one, "coef_")
    if coefficients is not None:
        yield _table(WeightKind.COEFFICIENTS, part, coefficients, _names(one, names, coefficients.shape[-1]), classes)
    intercept = _array(one, "intercept_")
    if intercept is not None:
        flat = intercept.reshape(-1)
        yield Weights(WeightKind.INTERCEPTS, part, _rows(len(flat), classes) if len(flat) > 1 else ["intercept"], flat)
    importances = _array(one, "feature_importances_")
    if importances is not None and importances.ndim == 1:
        yield Weights(WeightKind.IMPORTANCES, part, _names(one, names, len(importances)), importances)
    centres = _array(one, "cluster_centers_")
    if centres is not None and centres.ndim == 2:
        yield Weights(WeightKind.CENTRES, part, [str(place) for place in range(len(centres))], list(centres))
    layers = list(_layers(one))
    if layers:
        yield Weights(WeightKind.LAYERS, part, [name for name, _ in layers], [array for _, array in layers])
    trees = _trees(one)
    if trees:
        yield Weights(WeightKind.TREES, part, (), trees)


def _table(kind: WeightKind, part: str, array: Any, names: Sequence[str], classes: Any) -> Weights:
    """Return numbers by feature, or by feature and label where there is a row of them for each."""
    if array.ndim == 1 or len(array) == 1:
        return Weights(kind, part, names, array.reshape(-1))
    rows = _rows(len(array), classes)
    return Weights(kind, part, [f"{name} \N{MIDDLE DOT} {row}" for row in rows for name in names], array.reshape(-1))


def _rows(count: int, classes: Any) -> list[str]:
    if classes is not None and len(classes) == count:
        return [label_text(one) for one in np.asarray(classes).tolist()]
    return [str(place) for place in range(1, count + 1)]


def _names(one: Any, given: Sequence[str] | None, count: int) -> Sequence[str]:
    own = vars(one).get("feature_names_in_")
    for names in (own, given):
        if names is not None and len(names) == count:
            return [str(name) for name in names]
    return [f"x{place}" for place in range(count)]


def _layers(one: Any) -> Iterator[tuple[str, Any]]:
    """Yield the weights and biases of a network's layers."""
    own = vars(one)
    for attribute, told in (("coefs_", "weights"), ("intercepts_", "biases")):
        arrays = own.get(attribute)
        if isinstance(arrays, list):
            yield from ((f"layer {place} {told}", np.asarray(array)) for place, array in enumerate(arrays, 1))


def _trees(one: Any) -> list[Tree]:
    own = vars(one)
    if type(own.get("tree_")).__name__ == "Tree":
        return [_tree(own["tree_"])]
    members = own.get("estimators_")
    if members is not None and _are_trees(members):
        return [_tree(vars(member)["tree_"]) for member in np.asarray(members, dtype=object).ravel()]
    rounds = own.get("_predictors")
    if not isinstance(rounds, list):
        return []
    nodes = [each.nodes for stage in rounds for each in stage]
    return [
        tree_of(
            each["left"].astype(np.int64),
            each["right"].astype(np.int64),
            each["feature_idx"],
            each["num_threshold"],
            each["is_leaf"] == 0,
        )
        for each in nodes
    ]


def _tree(tree: Any) -> Tree:
    return tree_of(tree.children_left, tree.children_right, tree.feature, tree.threshold, tree.children_left != -1)


def _are_trees(members: Any) -> bool:
    flat = np.asarray(members, dtype=object).ravel()
    return bool(len(flat)) and all(type(vars(one).get("tree_")).__name__ == "Tree" for one in flat if hasattr(one, "__dict__"))


def _array(one: Any, name: str) -> Any:
    """Return an attribute as a dense array of floats, None where there is none, or too much of it."""
    found = _said(one, name)
    if found is None or not hasattr(found, "shape") or int(np.prod(found.shape)) > MOST_NUMBERS:
        return None if not isinstance(found, float) else np.asarray([found])
    array = np.asarray(found.toarray() if hasattr(found, "toarray") else found)
    return array if array.dtype.kind in "fiu" and array.ndim <= 2 and array.size else None


def _said(one: Any, name: str) -> Any:
    try:
        return getattr(one, name, None)
    except Exception:  # noqa: BLE001 - some attributes are computed, and not every model of a class has what they need
        return None


def _renamed(found: Weights, part: str, names: Sequence[str] | None) -> Weights:
    """Return what a piece of another library learned, under its place in the model and the names of the features it was given."""
    are_numbered = all(name == f"f{at}" or name == f"Column_{at}" for at, name in enumerate(found.names))
    fits = names is not None and found.kind is WeightKind.IMPORTANCES and are_numbered and len(names) == len(found.names)
    return Weights(found.kind, part, names if fits and names is not None else found.names, found.values, found.note)
