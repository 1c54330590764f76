"""Shared memory: whether two pandas objects show the very same buffers."""

from typing import Any

import numpy as np
import pandas as pd

from mvlake.handlers.arrow_memory import places


def frame_weight(obj: Any) -> int:
    """Return about how many bytes a frame, series or index takes, without a look at its cells."""
    if isinstance(obj, pd.Index):
        return int(obj.nbytes)
    columns = [obj] if type(obj) is pd.Series else [column for _, column in obj.items()]
    return sum(int(column.array.nbytes) for column in columns) + int(obj.index.nbytes)


def share_memory(a: Any, b: Any) -> bool:
    """True when two frames or two series have one index, one header and the same buffers; False when that is not certain."""
    if a.shape != b.shape or not _is_one_axis(a.index, b.index):
        return False
    if type(a) is pd.Series:
        return _label(a.name) == _label(b.name) and _is_one_column(a, b)
    if not _is_one_axis(a.columns, b.columns):
        return False
    return all(_is_one_column(left, right) for (_, left), (_, right) in zip(a.items(), b.items(), strict=True))


def _is_one_axis(a: Any, b: Any) -> bool:
    # `is_` sees through views; names are no part of what a view shares.
    return bool(a.is_(b)) and list(map(_label, a.names)) == list(map(_label, b.names))


def _label(name: Any) -> tuple[type, str] | None:
    """Return a name in a form whose comparison runs no code of the name's; a label of a strange type equals nothing."""
    return (type(name), str(name)) if type(name) in (str, int, bool, type(None)) else (object, hex(id(name)))


def _is_one_column(a: Any, b: Any) -> bool:
    if a.dtype is not b.dtype and a.dtype != b.dtype:
        return False
    left, right = _places(a), _places(b)
    return left is not None and left == right


def _places(column: Any) -> list[Any] | None:
    """Return where in memory the column's values lie; None where that does not settle what they are."""
    dtype = column.dtype
    if isinstance(dtype, np.dtype):
        return None if dtype.hasobject else _array_places(column.to_numpy())
    array = column.array
    if isinstance(dtype, pd.CategoricalDtype):
        return [id(dtype), *_array_places(array.codes)]
    if isinstance(dtype, pd.DatetimeTZDtype | pd.PeriodDtype):
        return _array_places(array.asi8)
    if isinstance(dtype, pd.ArrowDtype) or (isinstance(dtype, pd.StringDtype) and dtype.storage == "pyarrow"):
        return places(array.__arrow_array__())
    data, mask = getattr(array, "_data", None), getattr(array, "_mask", None)
    if type(data) is np.ndarray and type(mask) is np.ndarray:
        return [*_array_places(data), *_array_places(mask)]
    return None


def _array_places(array: Any) -> list[Any]:
    interface = array.__array_interface__
    return [interface["data"][0], array.shape, array.strides]
