"""Numbers: live values of exact, known types as plain Python numbers; nothing of the user's runs."""

import math
import sys
from typing import Any

from mvlake.records.kinds import Kinds

NUMBERS = Kinds(int, float)
_MAX_STEPS = 1_000_000
_MAX_LABELS = 50
_LABELS = Kinds(str, int, float, bool)


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
    return plain if type(plain) in NUMBERS else None


def curve_of(value: object) -> list[float] | None:
    """Return the numbers of a list, tuple or 1-d array of at least two floats; None for anything else."""
    kind = type(value)
    found: Any = value
    if kind is list or kind is tuple:
        if not 2 <= len(found) <= _MAX_STEPS:
            return None
        numbers = [number_of(one) for one in found]
        if any(one is None for one in numbers) or not any(type(one) is float for one in numbers):
            return None
        try:
            floats = [float(one) for one in numbers if one is not None]
        except OverflowError:  # a whole number beyond the floats
            return None
        return None if any(math.isinf(one) for one in floats) else floats
    if _is_numpy(value) and getattr(found, "ndim", 0) == 1 and found.dtype.kind == "f" and 2 <= len(found) <= _MAX_STEPS:
        return list(map(float, found.tolist()))
    return None


def by_label(value: object) -> dict[object, object] | None:
    """Return the items of a short pandas Series of numbers, by its labels; None for anything else."""
    pandas = sys.modules.get("pandas")
    found: Any = value
    if pandas is None or type(value) is not getattr(pandas, "Series", None) or not 0 < len(found) <= _MAX_LABELS:
        return None
    # What others make of types and of labels is code of theirs.
    if (
        _library_of(found.dtype) != "numpy"
        or found.dtype.kind not in "if"
        or _library_of(found.index.dtype) not in ("numpy", "pandas")
    ):
        return None
    labels = found.index.tolist()
    return dict(zip(labels, found.tolist(), strict=True)) if all(type(one) in _LABELS for one in labels) else None


def mean_of(value: object) -> float | None:
    """Return the mean of what `curve_of` takes for a curve; None for anything else."""
    numbers = curve_of(value)
    return None if numbers is None else math.fsum(numbers) / len(numbers)


def _library_of(value: object) -> str:
    module = type.__getattribute__(type(value), "__module__")
    return module.partition(".")[0] if type(module) is str else ""


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
