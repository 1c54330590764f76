"""Watched: the code objects of functions that measure or fit, of the libraries that are imported, found without running any."""

import sys
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

from mvlake.capture.metric_names import is_measuring

FIT = "fit"
# Their own calls of measuring functions are details of theirs.
LIBRARIES = frozenset(("sklearn", "xgboost", "lightgbm", "catboost", "joblib", "torchmetrics", "evaluate", "keras", "imblearn"))
WRAPPERS = frozenset(("wrapper", "wrapped", "inner_f"))  # what their decorators call the function that calls the real one
_FUNCTIONS = {
    "sklearn.metrics": (),
    "sklearn.model_selection": ("cross_val_score",),
    "torchmetrics.functional": (),
}
_METHODS = ("score", FIT)
_bases = type.__dict__["__dict__"].__get__

_found: dict[CodeType, str] = {}
_found_for = -1


def watched_codes() -> dict[CodeType, str]:
    """Return the code objects with the names of their functions; "" is the one that runs whenever a module was imported."""
    global _found, _found_for
    if _found_for != len(sys.modules):
        _found = dict(_functions()) | dict(_methods())
        _found_for = len(sys.modules)
    return _found


def _functions() -> Iterator[tuple[CodeType, str]]:
    loading = _code_of(getattr(sys.modules.get("importlib._bootstrap"), "_load_unlocked", None))
    if loading is not None:
        yield loading, ""
    for module, names in _FUNCTIONS.items():
        for name, function in list(vars(sys.modules[module]).items()) if module in sys.modules else ():
            code = _code_of(function)
            if code is not None and (name in names or (not names and is_measuring(name))):
                yield code, name


def _methods() -> Iterator[tuple[CodeType, str]]:
    base = sys.modules.get("sklearn.base")
    seen: set[type] = set()
    waiting: list[Any] = [one for one in vars(base).values() if isinstance(one, type)] if base is not None else []
    waiting += [one for one in (getattr(sys.modules.get("torchmetrics"), "Metric", None),) if one is not None]
    while waiting:
        kind = waiting.pop()
        if kind in seen or kind is type:
            continue
        seen.add(kind)
        waiting += type.__subclasses__(kind)
        body = _bases(kind)
        if str(body.get("__module__")).partition(".")[0] not in LIBRARIES:
            continue  # the notebook's own: it is not the library's word
        for name in _METHODS:
            code = _code_of(body.get(name))
            if code is not None:
                yield code, name


def _code_of(function: Any) -> CodeType | None:
    """Return the code of a plain function below all of its wrappers, None for anything else."""
    for _ in range(20):
        if type(function) is not FunctionType:
            return None
        inner = function.__dict__.get("__wrapped__")
        if inner is None:
            return function.__code__
        function = inner
    return None
