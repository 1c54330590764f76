"""Values: one column as it is profiled: Arrow's or numpy's, what they mean, and by which digest they are known."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mvlake.records.digest import Digest


@dataclass(frozen=True, slots=True)
class ColumnValues:
    """`values` are an Arrow Array or ChunkedArray, or a numpy array. `nulls` are those missing as the column's library counts them.

    `is_tagged`: each value is the text of a Python object. `nan_is_null`: a NaN is what its library calls missing.
    """

    name: str
    digest: Digest
    values: Any
    nulls: int = 0
    is_tagged: bool = False
    nan_is_null: bool = False


@dataclass(frozen=True, slots=True)
class Profiled:
    """What is profiled of an object: all values of an array as one column, and columns. `width` is how many of these there are."""

    rows: int
    columns: Iterable[ColumnValues]
    width: int
    whole: ColumnValues | None = None
