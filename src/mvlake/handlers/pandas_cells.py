"""Object cells: columns of Python objects as text, exactly.

A column of strings with one kind of missing value is itself, with nulls. Any other is one text a cell: the tagged JSON of a
plain value, or a word that no JSON begins with (`NA`, `NaT`, `Timestamp …`, `Timedelta …`, `scalar …`, `array …`). So None,
NaN, NaT and NA stay apart, a list stays a list, and `numpy.int64(1)` does not become `1`.
"""

import base64
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from mvlake.errors import CannotFingerprint
from mvlake.handlers.arrays import canonical_cells, is_boxed
from mvlake.handlers.pandas_zones import read_zone, zone_form
from mvlake.records.canonical import Json, canonical, parse
from mvlake.records.kinds import Kinds
from mvlake.records.plain import from_plain, to_plain

_MISSING: dict[type, tuple[str, Any]] = {
    type(None): ("none", None),
    float: ("nan", float("nan")),
    type(pd.NA): ("NA", pd.NA),
    type(pd.NaT): ("NaT", pd.NaT),
}
MISSING_WORDS = dict(_MISSING.values())
_IMMUTABLE = Kinds(*_MISSING, str, int, bool, bytes, complex, pd.Timestamp, pd.Timedelta)
_SCALARS = Kinds(*(np.dtype(code).type for code in "?bBhHiIlLqQefdFDmMSU"))


def store_cells(cells: Any) -> tuple[dict[str, Json], Any]:
    """Return the form and the Arrow strings of a flat object array; CannotFingerprint when a cell is not data."""
    kinds = set(map(type, cells))
    missing = kinds - {str}
    if len(missing) <= 1 and missing <= _MISSING.keys():
        kind = missing.pop() if missing else None
        if kind is not float or all(cell != cell for cell in cells if type(cell) is float):
            try:
                values = pa.array(cells, type=pa.large_string(), from_pandas=True)
            except UnicodeEncodeError:
                pass  # a lone surrogate: Arrow cannot hold it, tagged JSON can
            else:
                return {"kind": "object", "cells": "text", "missing": _MISSING[kind][0] if kind else ""}, values
    return {"kind": "object", "cells": "tagged"}, pa.array([cell_text(cell) for cell in cells], type=pa.large_string())


def restore_cells(form: Any, values: Any) -> Any:
    """Return the object array that `store_cells` took."""
    if form["cells"] == "text":
        found = values.to_numpy(zero_copy_only=False) if isinstance(values, pa.Array) else values.to_numpy()
        cells: Any = np.empty(len(found), object)
        cells[:] = found
        if form["missing"] not in ("", "none"):
            cells[
                values.is_null().to_numpy(zero_copy_only=False) if isinstance(values, pa.Array) else values.is_null().to_numpy()
            ] = MISSING_WORDS[form["missing"]]
        return cells
    cells = np.empty(len(values), object)
    for position, text in enumerate(values.to_pylist()):
        cells[position] = read_cell(text)
    return cells


def are_immutable(cells: Any) -> bool:
    """True when no cell of an object array can be changed in place."""
    return _IMMUTABLE.holds_all(map(type, cells))


def cell_text(cell: Any) -> str:
    """Return the text of one cell or label; CannotFingerprint when it is not data."""
    kind = type(cell)
    if kind in _MISSING and kind is not float and cell is not None:
        return _MISSING[kind][0]
    try:
        write = _WRITERS.get(kind)
        if write is not None:
            return write(cell)
        if kind in _SCALARS:
            return f"scalar {_array_text(np.asarray(cell))}"
        return canonical(to_plain(cell)).decode()
    except (TypeError, ValueError) as error:
        raise CannotFingerprint("pandas column of objects", reason=f"a cell is {error}") from error


def read_cell(text: str) -> Any:
    """Return the cell of this text; ValueError when it is none."""
    word, _, rest = text.partition(" ")
    if word in ("NA", "NaT") and not rest:
        return MISSING_WORDS[word]
    read = _READERS.get(word)
    return read(parse(rest.encode())) if read else from_plain(parse(text.encode()))


def _timestamp_text(cell: Any) -> str:
    value = cell.to_datetime64()
    zone = None if cell.tz is None else zone_form(cell.tz)
    return f"Timestamp {canonical([hex(value.view(np.int64)), cell.unit, zone]).decode()}"


def _read_timestamp(document: Any) -> Any:
    value, unit, zone = document
    naive = pd.Timestamp(np.datetime64(int(value, 16), unit))
    return naive if zone is None else naive.tz_localize("UTC").tz_convert(read_zone(zone))


def _timedelta_text(cell: Any) -> str:
    return f"Timedelta {canonical([hex(cell.to_timedelta64().view(np.int64)), cell.unit]).decode()}"


def _read_timedelta(document: Any) -> Any:
    return pd.Timedelta(np.timedelta64(int(document[0], 16), document[1]))


def _array_text(array: Any) -> str:
    dtype = array.dtype
    if is_boxed(dtype) or dtype.names is not None or not dtype.isnative or dtype.char in "gG":
        raise TypeError(f"an array of dtype {dtype}")
    flat = canonical_cells(np.ascontiguousarray(array).reshape(-1))
    data = base64.b64encode(flat.tobytes()).decode()
    return canonical([dtype.str, list(array.shape), data]).decode()


def _read_array(document: Any) -> Any:
    dtype, shape, data = document
    if np.dtype(dtype).hasobject:
        raise ValueError("an array of objects")
    return np.frombuffer(base64.b64decode(data), dtype).reshape(shape).copy()


_WRITERS: dict[type, Callable[[Any], str]] = {
    pd.Timestamp: _timestamp_text,
    pd.Timedelta: _timedelta_text,
    np.ndarray: lambda cell: f"array {_array_text(cell)}",
}
_READERS: dict[str, Callable[[Any], Any]] = {
    "Timestamp": _read_timestamp,
    "Timedelta": _read_timedelta,
    "array": _read_array,
    "scalar": lambda document: _read_array(document)[()],
}
