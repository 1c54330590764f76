"""Walk: skops, and the list of all estimators, without the libraries that scikit-learn's packages only wrap.

skops asks scikit-learn for all of its estimators when it is imported. For that, scikit-learn imports every package below it, among
them those that wrap torch, CuPy and dask for array programming, and would so load these into a kernel whose user never did. No
estimator is in them. While it walks, an empty module stands where one of them would be imported.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_WRAPPERS = "sklearn.externals.array_api_compat"
_WRAPPED = ("torch", "cupy", "dask")


def skops_io() -> Any:
    """Return skops' module for archives; ModuleNotFoundError where it is not installed."""
    with _unwrapped():
        import skops.io
    return skops.io


def estimators() -> list[type]:
    """Return all estimators of the installed scikit-learn."""
    with _unwrapped():
        from sklearn.utils import all_estimators

        return [kind for _, kind in all_estimators()]


@contextmanager
def _unwrapped() -> Iterator[None]:
    missing = [one for one in _WRAPPED if one not in sys.modules]
    stood_in = {name: ModuleType(name) for one in missing if (name := f"{_WRAPPERS}.{one}") not in sys.modules}
    sys.modules.update(stood_in)
    try:
        yield
    finally:
        for name, module in stood_in.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]
