"""Model summary: what an estimator with settings says of itself, against the defaults of its class."""

import inspect
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from mvlake.handlers.importable import importable_name
from mvlake.records.canonical import Json
from mvlake.records.plain import is_plain, to_plain
from mvlake.records.summary import ModelSummary, Setting

_MAX_TEXT = 200
_MAX_CLASSES = 20
_MAX_SETTINGS = 500
_MISSING = object()


def summary_of(obj: Any, *, learned: tuple[Setting, ...], is_fitted: bool) -> ModelSummary:
    """Return the summary of an estimator with `get_params`; nested estimators are named by their class."""
    top = type(obj).__module__.partition(".")[0]
    return ModelSummary(
        type=type_name(obj),
        is_fitted=is_fitted,
        settings=settings_of(obj),
        library="scikit-learn" if top == "sklearn" else top,
        library_version=library_version(top),
        learned=learned,
    )


def type_name(obj: Any) -> str:
    """Return the class as a user imports it: `sklearn.ensemble.RandomForestClassifier`, the shortest module that has it."""
    kind = type(obj)
    parts = kind.__module__.split(".")
    for length in range(1, len(parts) + 1):
        module = ".".join(parts[:length])
        if vars(sys.modules.get(module, sys)).get(kind.__qualname__) is kind:
            return f"{module}.{kind.__qualname__}"
    return f"{kind.__module__}.{kind.__qualname__}"


def library_version(package: str) -> str:
    """Return the installed version of the package, "" when it has none."""
    try:
        return version({"sklearn": "scikit-learn"}.get(package, package))
    except PackageNotFoundError:
        return str(getattr(sys.modules.get(package), "__version__", ""))


def settings_of(obj: Any) -> tuple[Setting, ...]:
    """Return all settings, deep ones under names such as `clf__C`, and whether each is its class's default."""
    found: list[Setting] = []
    _collect(obj, "", found, depth=0)
    return tuple(found)


def setting(name: str, value: Any, *, is_default: bool = False) -> Setting:
    """Return a setting whose value is plain JSON, or a short text that names its class."""
    return Setting(name, shown(value), is_default)


def shown(value: Any) -> Json:
    """Return the value as plain JSON where it is plain and small, else the name of its class or function."""
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.generic) and not isinstance(value, numpy.void):
        value = value.item()
    if isinstance(value, type) or (callable(value) and hasattr(value, "__name__")):
        return f"{value.__module__}.{value.__qualname__}" if hasattr(value, "__qualname__") else str(value.__name__)
    if is_plain(value) and len(str(value)) <= _MAX_TEXT:
        return to_plain(value)
    if type(value) in (list, tuple) and 0 < len(value) <= _MAX_CLASSES:
        return [shown(item) for item in value]
    return type(value).__qualname__


def _collect(obj: Any, prefix: str, found: list[Setting], *, depth: int) -> None:
    defaults = _defaults(type(obj))
    own = obj.get_params(deep=False)
    for name, value in own.items():
        if len(found) >= _MAX_SETTINGS:
            return
        found.append(setting(prefix + name, value, is_default=_is_default(value, defaults.get(name, _MISSING))))
    parts = _named_parts(own)
    found += [setting(prefix + name, value) for name, value in parts]
    if depth >= 4:
        return
    for name, value in [*own.items(), *parts]:
        if importable_name(type(value)) and hasattr(type(value), "get_params"):  # a stranger's get_params is not called
            _collect(value, f"{prefix}{name}__", found, depth=depth + 1)


def _named_parts(own: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the (name, estimator) pairs of a pipeline, union, column transformer or ensemble."""
    items = [item for value in own.values() if type(value) is list for item in value]
    return [(item[0], item[1]) for item in items if type(item) is tuple and len(item) >= 2 and type(item[0]) is str]


def _defaults(kind: type) -> dict[str, Any]:
    """Return the defaults of the class's constructor; a `**kwargs` hands the question on to its bases."""
    found: dict[str, Any] = {}
    for base in kind.__mro__:
        if "__init__" not in vars(base) or base is object:
            continue
        try:
            parameters = inspect.signature(vars(base)["__init__"]).parameters.values()
        except (ValueError, TypeError):
            break
        found = {one.name: one.default for one in parameters if one.default is not inspect.Parameter.empty} | found
        if all(one.kind is not inspect.Parameter.VAR_KEYWORD for one in parameters):
            break
    return found


def _is_default(value: Any, default: Any) -> bool:
    if value is default:
        return True
    # Compared as written, never with ==: NaN equals itself here, and an array's == is no answer.
    return is_plain(value) and is_plain(default) and type(value) is type(default) and to_plain(value) == to_plain(default)


def learned_facts(attributes: dict[str, Any]) -> tuple[Setting, ...]:
    """Return the few facts worth showing of what an estimator learned, from its attributes alone."""
    facts: list[Setting] = []
    width = attributes.get("n_features_in_", attributes.get("_n_features_in"))
    if width is not None and width >= 0:
        facts.append(setting("n_features", width))
    classes: Any = attributes.get("classes_", attributes.get("_classes"))
    if hasattr(classes, "tolist") and getattr(classes, "ndim", 0) == 1:
        if len(classes) <= _MAX_CLASSES:
            facts.append(setting("classes", classes.tolist()))
        facts.append(setting("n_classes", len(classes)))
    iterations: Any = attributes.get("n_iter_")
    if hasattr(iterations, "max") and iterations.size:
        iterations = iterations.max()
    if iterations is not None:
        facts.append(setting("n_iter", iterations))
    facts += _trees(attributes)
    for name in ("best_params_", "best_score_"):
        if name in attributes:
            facts.append(setting(name.rstrip("_"), attributes[name]))
    return tuple(facts)


def _trees(attributes: dict[str, Any]) -> list[Setting]:
    if type(attributes.get("tree_")).__name__ == "Tree":
        tree = attributes["tree_"]
        return [setting("nodes", tree.node_count), setting("depth", tree.max_depth)]
    members = attributes.get("estimators_")
    if members is not None and hasattr(members, "__len__"):
        return [
            setting(
                "trees" if _are_trees(members) else "estimators", int(members.size if hasattr(members, "size") else len(members))
            )
        ]
    rounds = attributes.get("_predictors")
    return [setting("trees", sum(len(one) for one in rounds))] if type(rounds) is list else []


def _are_trees(members: Any) -> bool:
    first = next(iter(getattr(members, "flat", members)), None)
    return hasattr(first, "__dict__") and "tree_" in vars(first)
