"""Numbers: live values of exact, known types as plain Python numbers; nothing of the user's runs."""

import math
import sys
from typing import Any

_MAX_STEPS = 1_000_000


def number_of(value: object) -> int | float | None:
    """Return the number that a Python number, NumPy scalar or 0-d array or tensor holds; None for anything else, bools too."""
    kind = type(value)
    if kind is float or kind is int:
        return value  # type: ignore[return-value]
    if not (_is_numpy(value) or _is_tensor(value)):
        return None
    found: Any = value
    try:
        if getattr(found, "ndim", 0) != 0:
            return None
        plain = found.item()
    except (RuntimeError, ValueError, TypeError, NotImplementedError):  # a tensor without data
        return None
    return plain if type(plain) in (int, float) else None


def curve_of(value: object) -> tuple[float, int] | None:
    """Return the last value and the length of a list, tuple or 1-d array of at least two floats; None for anything else."""
    kind = type(value)
    found: Any = value
    if kind is list or kind is tuple:
        if not 2 <= len(found) <= _MAX_STEPS:
            return None
        numbers = [number_of(one) for one in found]
        if any(one is None for one in numbers) or not any(type(one) is float for one in numbers):
            return None
        last = numbers[-1]
        return None if last is None or any(one is not None and math.isinf(one) for one in numbers) else (float(last), len(numbers))
    if _is_numpy(value) and getattr(found, "ndim", 0) == 1 and found.dtype.kind == "f" and 2 <= len(found) <= _MAX_STEPS:
        return float(found[-1].item()), len(found)
    return None


def mean_of(value: object) -> float | None:
    """Return the mean of what `curve_of` takes for a curve; None for anything else."""
    if curve_of(value) is None:
        return None
    found: Any = value
    numbers = [float(number_of(one) or 0.0) for one in found] if type(value) in (list, tuple) else found.tolist()
    return math.fsum(numbers) / len(numbers)


def _is_numpy(value: object) -> bool:
    # The class must be NumPy's own: a subclass may answer with code of its own.
    numpy = sys.modules.get("numpy")
    kind = type(value)
    if numpy is None or type.__getattribute__(kind, "__module__") != "numpy":
        return False
    array, scalar = getattr(numpy, "ndarray", None), getattr(numpy, "generic", None)
    if kind is array:
        found: Any = value
        return bool(found.dtype.kind in "iuf")
    return scalar is not None and scalar in kind.__mro__ and getattr(numpy, kind.__name__, None) is kind


def _is_tensor(value: object) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and type(value) is getattr(torch, "Tensor", None)
