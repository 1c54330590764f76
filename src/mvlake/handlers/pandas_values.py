"""Stored values: the values of a pandas column as an Arrow array and a form, from which the same array is made again.

The form says what the dtype says (kind, width, unit, zone, categories' order); the Arrow array holds the values. Their digest
is the column's: two columns have one exactly when dtype and every value are the same, whatever their memory looks like.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mvlake.errors import CannotFingerprint
from mvlake.handlers.columns import column_digest, has_foreign_type, type_form
from mvlake.handlers.hashing import Parts
from mvlake.handlers.pandas_cells import restore_cells, store_cells
from mvlake.handlers.pandas_strided import with_strided_copied
from mvlake.handlers.pandas_zones import read_zone, zone_form
from mvlake.records.canonical import Json, canonical
from mvlake.records.digest import Digest

_ARROW_UNITS = ("ms", "us", "ns")  # Parquet has no timestamps in seconds


@dataclass(frozen=True, slots=True)
class Stored:
    """Form and values of a column; `sides` are values that have another length than the column, such as categories."""

    form: Mapping[str, Json]
    values: Any
    sides: tuple["Stored", ...] = ()
    _known: list[Digest] = field(default_factory=list, compare=False, repr=False)

    @property
    def known(self) -> Digest | None:
        """The digest of the values alone, where it has been taken: it says what they were then."""
        return self._known[0] if self._known else None

    def column_digest(self) -> Digest:
        """Return the digest of the values alone, which is taken once."""
        if not self._known:
            self._known.append(column_digest(self.values))
        return self._known[0]

    def digest(self) -> Digest:
        """Return the digest of dtype and values."""
        parts = Parts("pandas.values").data(canonical(self.form)).digest(self.column_digest())
        for side in self.sides:
            parts.digest(side.digest())
        return parts.done()


def store(column: Any) -> Stored:
    """Return the values of a Series or Index; CannotFingerprint for a dtype that is not known to be data."""
    dtype = column.dtype
    if isinstance(dtype, np.dtype):
        return _store_numpy(column.to_numpy(), dtype)
    write = _WRITERS.get(type(dtype))
    if write is None:
        raise CannotFingerprint("pandas column", reason=f"its dtype {type(dtype).__name__} is not known to be data")
    return write(column.array, dtype)


def store_all(columns: Sequence[Any]) -> list[Stored]:
    """Return the values of these Series; CannotFingerprint as `store` raises it."""
    copies = with_strided_copied(columns)
    return [
        store(column) if copy is None else _store_numpy(copy, column.dtype) for column, copy in zip(columns, copies, strict=True)
    ]


def restore(stored: Stored) -> Any:
    """Return the numpy or extension array that was stored; an Exception when form and values do not fit."""
    kind = str(stored.form["kind"])
    if kind == "arrow":
        return pd.arrays.ArrowExtensionArray(pa.chunked_array(stored.values))
    if kind == "numpy" and np.dtype(str(stored.form["dtype"])).kind in "biuf":
        return _restore_numbers(stored)
    values = stored.values.combine_chunks() if isinstance(stored.values, pa.ChunkedArray) else stored.values
    return _READERS[kind](stored, values)


def _store_numpy(values: Any, dtype: Any) -> Stored:
    form: dict[str, Json] = {"kind": "numpy", "dtype": dtype.str}
    if dtype.kind == "O":
        return Stored(*store_cells(values))
    if dtype.char in "gG" or dtype.kind not in "biufcmM":
        raise CannotFingerprint("pandas column", reason=f"its dtype {dtype} has no Arrow form")
    values = values.astype(dtype.newbyteorder("<"), copy=False)
    if dtype.kind == "c":
        parts = np.ascontiguousarray(values).view(values.real.dtype)
        return Stored(form, pa.FixedSizeListArray.from_arrays(pa.array(parts), 2))
    if dtype.kind == "m" or (dtype.kind == "M" and np.datetime_data(dtype)[0] not in _ARROW_UNITS):
        return Stored(form, pa.array(values.view(np.int64), mask=np.isnat(values)))
    return Stored(form, pa.array(values, from_pandas=False))


def _restore_numbers(stored: Stored) -> Any:
    """Return numbers in memory of their own, copied once: Arrow's is read-only, and a column's owner may write it."""
    dtype = np.dtype(str(stored.form["dtype"]))
    found: Any = np.empty(len(stored.values), dtype)
    at = 0
    for chunk in stored.values.chunks if isinstance(stored.values, pa.ChunkedArray) else [stored.values]:
        cells = chunk.to_numpy(zero_copy_only=False)
        if cells.dtype != dtype.newbyteorder("<"):
            raise ValueError(f"wanted {dtype}, found {cells.dtype}")
        found[at : at + len(cells)] = cells
        at += len(cells)
    return found


def _restore_numpy(stored: Stored, values: Any) -> Any:
    dtype = np.dtype(str(stored.form["dtype"]))
    if dtype.hasobject:
        raise ValueError("a numpy column of objects")
    if dtype.kind == "c":
        return values.flatten().to_numpy().view(dtype).copy()
    if dtype.kind in "mM":
        return _integers(values, np.iinfo(np.int64).min).view(dtype.newbyteorder("<")).astype(dtype, copy=False)
    raise ValueError(f"a numpy column of {dtype}")


def _is_in_pieces(values: Any) -> bool:
    is_plain = pa.types.is_primitive(values.type) and not values.null_count
    return is_plain and isinstance(values, pa.ChunkedArray) and values.num_chunks > 1


def _joined_numbers(stored: Stored) -> Any:
    """Return numbers that come in pieces, copied once."""
    found = np.concatenate([piece.to_numpy(zero_copy_only=False) for piece in stored.values.chunks])
    dtype = np.dtype(str(stored.form["dtype"]))
    if dtype.kind in "mM" and found.dtype == np.int64:
        found = found.view(dtype.newbyteorder("<"))
    if found.dtype != dtype.newbyteorder("<"):
        raise ValueError(f"wanted {dtype}, found {found.dtype}")
    return found.astype(dtype, copy=False)


def _integers(values: Any, null: int) -> Any:
    """Return 64-bit integers of their own, with this one for nulls."""
    cells = values if pa.types.is_integer(values.type) else values.view(pa.int64())
    return np.array(cells.fill_null(null).to_numpy(), np.int64)


def _store_masked(array: Any, dtype: Any) -> Stored:
    return Stored({"kind": "masked", "dtype": dtype.name}, array.__arrow_array__())


def _restore_masked(stored: Stored, values: Any) -> Any:
    maker = {"b": pd.arrays.BooleanArray, "f": pd.arrays.FloatingArray}
    dtype = pd.api.types.pandas_dtype(str(stored.form["dtype"]))
    if type(dtype) not in _MASKED or values.type != pa.from_numpy_dtype(dtype.numpy_dtype):
        raise ValueError(f"a masked column of {stored.form['dtype']}, stored as {values.type}")
    mask = np.array(values.is_null().to_numpy(zero_copy_only=False))
    cells = np.array(pc.fill_null(values, pa.scalar(0).cast(values.type)).to_numpy(zero_copy_only=False))
    return maker.get(dtype.kind, pd.arrays.IntegerArray)(cells, mask)


def _store_string(array: Any, dtype: Any) -> Stored:
    form: dict[str, Json] = {"kind": "string", "storage": dtype.storage, "missing": "NA" if dtype.na_value is pd.NA else "nan"}
    try:
        return Stored(form, pa.array(array, type=pa.large_string(), from_pandas=True))
    except UnicodeEncodeError as error:
        raise CannotFingerprint("pandas column", reason="a string has half of a surrogate pair, which UTF-8 cannot say") from error


def _restore_string(stored: Stored, values: Any) -> Any:
    missing = pd.NA if stored.form["missing"] == "NA" else np.nan
    return pd.StringDtype(str(stored.form["storage"]), na_value=missing).__from_arrow__(values)


def _store_zoned(array: Any, dtype: Any) -> Stored:
    integers = array.asi8
    values = pa.array(integers, mask=array.isna())
    if dtype.unit in _ARROW_UNITS:
        values = values.view(pa.timestamp(dtype.unit, "UTC"))
    return Stored({"kind": "zoned", "unit": dtype.unit, "zone": zone_form(dtype.tz)}, values)


def _restore_zoned(stored: Stored, values: Any) -> Any:
    unit = str(stored.form["unit"])
    moments = _integers(values, np.iinfo(np.int64).min).view(f"<M8[{unit}]")
    return pd.DatetimeIndex(moments).tz_localize("UTC").tz_convert(read_zone(stored.form["zone"])).array


def _store_period(array: Any, dtype: Any) -> Stored:
    return Stored({"kind": "period", "dtype": dtype.name}, pa.array(array.asi8, mask=array.isna()))


def _restore_period(stored: Stored, values: Any) -> Any:
    dtype = pd.api.types.pandas_dtype(str(stored.form["dtype"]))
    return pd.arrays.PeriodArray(_integers(values, np.iinfo(np.int64).min), dtype=dtype)


def _store_interval(array: Any, dtype: Any) -> Stored:
    left, right = store(array.left), store(array.right)
    values = pa.StructArray.from_arrays([_flat(left.values), _flat(right.values)], ["left", "right"])
    return Stored({"kind": "interval", "closed": dtype.closed, "of": dict(left.form)}, values)


def _restore_interval(stored: Stored, values: Any) -> Any:
    form: Any = stored.form["of"]
    left, right = (pd.Index(restore(Stored(form, side))) for side in values.flatten())
    return pd.arrays.IntervalArray.from_arrays(left, right, closed=str(stored.form["closed"]))


def _store_category(array: Any, dtype: Any) -> Stored:
    categories = store(dtype.categories)
    codes = np.asarray(array.codes)
    width = next(name for name in ("int8", "int16", "int32", "int64") if len(dtype.categories) <= np.iinfo(name).max)
    values = pa.array(codes.astype(width, copy=False), mask=codes < 0)
    return Stored({"kind": "category", "ordered": bool(dtype.ordered)}, values, (categories,))


def _restore_category(stored: Stored, values: Any) -> Any:
    (side,) = stored.sides
    labels = restore(side)
    dtype = pd.CategoricalDtype(pd.Index(labels, dtype=labels.dtype, tupleize_cols=False), ordered=bool(stored.form["ordered"]))
    return pd.Categorical.from_codes(_integers(values.cast(pa.int64()), -1), dtype=dtype)


def _store_arrow(array: Any, dtype: Any) -> Stored:
    if has_foreign_type(dtype.pyarrow_dtype):
        raise CannotFingerprint("pandas column", reason=f"its Arrow type {dtype.pyarrow_dtype} is an extension of its own")
    return Stored({"kind": "arrow", "type": type_form(dtype.pyarrow_dtype)}, array.__arrow_array__())


def _flat(values: Any) -> Any:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


_INTEGERS = (pd.Int8Dtype, pd.Int16Dtype, pd.Int32Dtype, pd.Int64Dtype)
_UNSIGNED = (pd.UInt8Dtype, pd.UInt16Dtype, pd.UInt32Dtype, pd.UInt64Dtype)
_MASKED = (*_INTEGERS, *_UNSIGNED, pd.Float32Dtype, pd.Float64Dtype, pd.BooleanDtype)
_WRITERS: dict[type, Callable[[Any, Any], Stored]] = {
    **dict.fromkeys(_MASKED, _store_masked),
    pd.StringDtype: _store_string,
    pd.DatetimeTZDtype: _store_zoned,
    pd.PeriodDtype: _store_period,
    pd.IntervalDtype: _store_interval,
    pd.CategoricalDtype: _store_category,
    pd.ArrowDtype: _store_arrow,
}
_READERS: dict[str, Callable[[Stored, Any], Any]] = {
    "numpy": _restore_numpy,
    "object": lambda stored, values: restore_cells(stored.form, values),
    "masked": _restore_masked,
    "string": _restore_string,
    "zoned": _restore_zoned,
    "period": _restore_period,
    "interval": _restore_interval,
    "category": _restore_category,
}
