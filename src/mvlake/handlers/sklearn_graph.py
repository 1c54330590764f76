"""Estimator graph: what a scikit-learn model consists of, one step at a time: items of containers, and attributes.

For models of known classes alone: those that have a fingerprint, or that were restored by our rules.
"""

from typing import Any

import numpy as np


def parts_of(obj: Any) -> list[Any]:
    """Return the parts of an object: items, values of a dictionary, cells of an array of objects, or values of attributes."""
    if isinstance(obj, list | tuple | set | frozenset):
        return list(obj)
    if isinstance(obj, dict):
        return list(obj.values())
    if type(obj) is np.ndarray:
        return list(obj.ravel()) if obj.dtype.hasobject else []
    return list(attributes_of(obj).values())


def attributes_of(obj: Any) -> dict[str, Any]:
    """Return the attributes of an object that has a dictionary of them and is no container; else none."""
    if isinstance(obj, list | tuple | set | frozenset | dict | np.ndarray):
        return {}
    found = getattr(obj, "__dict__", None)
    return found if type(found) is dict else {}
