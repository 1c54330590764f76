"""Profiled pandas columns: stored values as what they mean: moments as Arrow's, categories as a dictionary of their words."""

from typing import Any

import numpy as np
import pyarrow as pa

from mvlake.handlers.pandas_values import Stored
from mvlake.handlers.profiling.values import ColumnValues
from mvlake.records.summary import Column


def profiled(said: Column, stored: Stored) -> ColumnValues:
    """Return a column as it is profiled."""
    kind = stored.form["kind"]
    values = stored.values
    if kind == "numpy":
        dtype = np.dtype(str(stored.form["dtype"]))
        unit = np.datetime_data(dtype)[0] if dtype.kind in "mM" else ""
        if unit in ("s", "ms", "us", "ns"):
            values = values.view(pa.duration(unit) if dtype.kind == "m" else pa.timestamp(unit))
        return ColumnValues(said.name, said.digest, values, said.nulls, nan_is_null=dtype.kind == "f")
    if kind == "zoned":
        values = values.view(pa.timestamp(str(stored.form["unit"]), "UTC"))
    elif kind == "period":
        values = values.view(pa.binary(8))  # a number that only pandas knows how to read
    elif kind == "category":
        values = _with_words(values, stored.sides[0])
    is_tagged = kind == "object" and stored.form.get("cells") == "tagged"
    return ColumnValues(said.name, said.digest, values, said.nulls, is_tagged=is_tagged)


def _with_words(codes: Any, side: Stored) -> Any:
    """Return numbers of categories with these, where they are texts or numbers of Arrow's; else the numbers as bytes."""
    words = side.values.combine_chunks() if isinstance(side.values, pa.ChunkedArray) else side.values
    if side.form.get("cells") == "tagged" or side.form["kind"] in ("period", "interval"):
        return codes.cast(pa.int64()).view(pa.binary(8))
    words = profiled(Column("", "", side.digest(), 0), side).values if side.form["kind"] in ("numpy", "zoned") else words
    return pa.DictionaryArray.from_arrays(codes, words)
