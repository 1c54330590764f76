"""The pandas handler: DataFrame, Series and Index, as columns of chunks, exactly or not at all.

A fingerprint is over every row, dtype, label, name and index, and over nothing else: `attrs`, flags, blocks, chunks and what lies
beneath a null are no content. Subclasses (GeoDataFrame) mean more than their columns and are not taken.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from mvlake.handlers.distance import Distance
from mvlake.handlers.examined import Examined
from mvlake.handlers.frame import FrameReader, FrameWriter, is_small, unique_names, write_frame
from mvlake.handlers.frame_handler import FrameHandler
from mvlake.handlers.hashing import Parts
from mvlake.handlers.pandas_axes import AXES, Axis, labels_of, names_of, store_axis
from mvlake.handlers.pandas_cells import are_immutable, cell_text
from mvlake.handlers.pandas_frame import columns_of, pieces_of, write_axis, write_stored
from mvlake.handlers.pandas_memory import frame_weight, share_memory
from mvlake.handlers.pandas_profiled import profiled
from mvlake.handlers.pandas_rebuild import rebuild, series_of
from mvlake.handlers.pandas_screen import screened
from mvlake.handlers.pandas_stored import PandasStored
from mvlake.handlers.pandas_values import Stored, store, store_all
from mvlake.handlers.parallel import helpers, in_order
from mvlake.handlers.screen import Screen
from mvlake.handlers.shelf import Shelf
from mvlake.handlers.stored_table import StoredTable
from mvlake.records.canonical import Json
from mvlake.records.closeness import NEGLIGIBLE, Closeness
from mvlake.records.digest import Digest
from mvlake.records.kinds import Kinds
from mvlake.records.node import Node
from mvlake.records.summary import Column, FrameSummary, Summary

_WORTH_THREADS = 1 << 20  # bytes
_TYPES = Kinds(pd.DataFrame, pd.Series, *AXES)


class PandasHandler(FrameHandler):
    """`pandas.DataFrame`, `pandas.Series` and every `pandas.Index` of pandas's own."""

    name = "pandas"
    protocol = 1

    def matches(self, obj: Any) -> bool:
        """True for exact frames, series and indexes."""
        return type(obj) in _TYPES

    def refusal(self, obj: Any) -> str:
        """Return why a relative of a frame is not taken."""
        return f"{type(obj).__name__} may mean more than its values; keep a DataFrame, Series or Index"

    def fingerprint(self, obj: Any) -> Digest:
        """Return the digest of values, dtypes, labels and index; CannotFingerprint, with the column, where a cell is not data."""
        return _Anatomy(obj).fingerprint()

    def summarize(self, obj: Any) -> Summary:
        """Return rows and columns, each with dtype, digest and number of nulls."""
        return self.examine(obj)[1]

    def examine(self, obj: Any) -> tuple[Digest, Summary]:
        """Return fingerprint and summary; every column is hashed once."""
        anatomy = _Anatomy(obj)
        return anatomy.fingerprint(), anatomy.summary()

    def examined(self, obj: Any) -> Examined:
        """Return fingerprint and summary, and how to write what was looked at for them."""
        anatomy = _Anatomy(obj)
        digest, summary = anatomy.fingerprint(), anatomy.summary()
        values = map(profiled, summary.columns, anatomy.values)
        return self._examined(obj, (digest, summary), lambda shelf: _encode(anatomy, shelf), values)

    def write(self, obj: Any, shelf: Shelf | None) -> bytes | Node:
        """Return the node or bundle of columns, index and header."""
        return _encode(_Anatomy(obj), shelf)

    def screened(self, obj: Any, screen: Screen) -> Any:
        """Return the object without what is hidden: columns, and levels of its axes."""
        return screened(obj, screen)

    def rebuild(self, frame: FrameReader) -> Any:
        """Return the frame, series or index."""
        return rebuild(frame)

    def table_of(self, frame: FrameReader) -> StoredTable:
        """Return the frame; that of a Series has one column, and an Index none but those of its levels."""
        return PandasStored(frame)

    def from_table(self, table: Any) -> Any:
        """Return a DataFrame."""
        return table.to_pandas()

    def hold(self, obj: Any) -> Any:
        """Return a lazy copy where copy-on-write protects it, else a deep one; columns of mutable objects are always made anew.

        A write that goes round copy-on-write (`series.array[0] = …`, or to the array that a frame was made of with `copy=False`)
        reaches a lazy copy too: the digest that is made of it says what was stored.
        """
        if type(obj) in AXES:
            return obj
        held = obj.copy(deep=not _copies_on_write())
        if type(obj) is pd.Series:
            return _renewed(held) if _is_mutable_inside(held) else held
        for position, (_, column) in enumerate(obj.items()):
            if _is_mutable_inside(column):
                held.isetitem(position, _renewed(column))
        return held

    def weight(self, obj: Any) -> int:
        """Return the bytes of all columns; of a column of objects those of its references."""
        return frame_weight(obj)

    def width(self, obj: Any) -> int:
        """Return the number of columns."""
        return int(obj.shape[1]) if type(obj) is pd.DataFrame else 1

    def is_same(self, held: Any, obj: Any) -> bool:
        """True when both show the same memory and copy-on-write keeps it from changing beneath them."""
        if type(obj) in AXES:
            return held is obj
        return type(held) is type(obj) and _copies_on_write() and share_memory(held, obj)

    def closeness(self, a: Any, b: Any, negligible: float = NEGLIGIBLE) -> Closeness:
        """Return the distance over all columns of floats; the others must be equal."""
        one, other = _Anatomy(a), _Anatomy(b)
        if one.axes() != other.axes():
            return Closeness(reason="other type, shape, labels or index")
        distance = Distance(negligible)
        for place, name in enumerate(one.names):
            problem = _add_column(distance, name, one, other, place)
            if problem:
                return Closeness(reason=problem)
        return distance.closeness()


def _add_column(distance: Distance, name: str, a: "_Anatomy", b: "_Anatomy", place: int) -> str:
    left, right = a.values[place], b.values[place]
    if a.series[place].dtype.kind == b.series[place].dtype.kind == "c":  # which Arrow has not
        return distance.add_arrays(a.series[place].to_numpy(), b.series[place].to_numpy(), f"column {name}")
    if left.form == right.form and [one.digest() for one in left.sides] == [one.digest() for one in right.sides]:
        return distance.add_column(left.values, right.values, name, lambda: left.digest() == right.digest())
    before, after = a.series[place].dtype, b.series[place].dtype
    told = f"column {name} of {before} became one of {after}"
    kinds = {before.kind, after.kind}
    return distance.add_widths(left.values, right.values, told) if kinds <= {"i", "u"} or kinds == {"f"} else told


class _Anatomy:
    """An object taken apart once: axes, values, and their digests as they are needed."""

    def __init__(self, obj: Any) -> None:
        self.kind = type(obj).__name__
        self.rows = len(obj)
        self.obj = obj
        is_index = type(obj) in AXES
        self.index = store_axis(obj if is_index else obj.index)
        self.header: Axis | None = store_axis(obj.columns) if self.kind == "DataFrame" else None
        self.label = cell_text(obj.name) if self.kind == "Series" else ""
        if self.kind == "DataFrame":
            self.series = [column for _, column in obj.items()]
            self.names = labels_of(obj.columns)
        else:
            self.series = [] if is_index else [obj]
            self.names = [] if is_index else ["" if obj.name is None else str(obj.name)]
        self.values = store_all(self.series)
        self._digests: list[Digest] | None = None
        self._levels: tuple[Digest, ...] | None = None

    def digests(self) -> list[Digest]:
        if self._digests is None:
            workers = helpers() if any(one.values.nbytes > _WORTH_THREADS for one in self.values) else 0
            self._digests = list(in_order(Stored.digest, self.values, workers=workers))
        return self._digests

    def level_digests(self) -> tuple[Digest, ...]:
        if self._levels is None:
            self._levels = self.index.level_digests()
        return self._levels

    def axes(self) -> Digest:
        """Return the digest of all but the columns."""
        parts = Parts("pandas.axes").text(self.kind).text(self.label).integer(self.rows).integer(len(self.values))
        parts.digest(self.index.digest(self.level_digests()))
        if self.header is not None:
            parts.digest(self.header.digest(self.header.level_digests()))
        return parts.done()

    def fingerprint(self) -> Digest:
        family = self.kind if self.series or self.header is not None else "Index"
        parts = Parts(f"pandas.{family}").text(self.label).integer(self.rows)
        parts.digest(self.index.digest(self.level_digests()))
        if self.header is not None:
            parts.digest(self.header.digest(self.header.level_digests()))
        parts.integer(len(self.values))
        for digest in self.digests():
            parts.digest(digest)
        return parts.done()

    def summary(self) -> FrameSummary:
        axis = self.obj if self.kind not in ("DataFrame", "Series") else self.obj.index
        columns = zip(self.names, self.series, self.values, self.digests(), strict=True)
        return FrameSummary(
            type=f"pandas.{self.kind}",
            rows=self.rows,
            columns=tuple(Column(name, str(column.dtype), digest, _nulls(column, one)) for name, column, one, digest in columns),
            index=tuple(self._index_columns(axis)),
        )

    def _index_columns(self, axis: Any) -> list[Column]:
        names = names_of(axis)
        if not self.index.levels:
            return [Column(names[0], "range", self.index.digest(()), 0)]
        kinds = [str(level.dtype) for level in (axis.levels if type(axis) is pd.MultiIndex else [axis])]
        found = zip(names, kinds, self.level_digests(), self.index.levels, strict=True)
        return [Column(name, kind, digest, level.values.null_count) for name, kind, digest, level in found]


def _encode(anatomy: _Anatomy, shelf: Shelf | None) -> bytes | Node:
    """Return the node or bundle of an object."""
    index, header = anatomy.index, anatomy.header

    def columns() -> Iterator[Any]:
        yield from columns_of(index)
        for column in anatomy.series:
            yield from pieces_of(column)

    def write(writer: FrameWriter) -> Node:
        described: list[Json] = [
            {"name": name} | write_stored(stored, writer, name)
            for name, stored in zip(unique_names(anatomy.names), anatomy.values, strict=True)
        ]
        head: dict[str, Json] = {"type": anatomy.kind, "rows": anatomy.rows, "columns": described, "label": anatomy.label}
        head["index"] = write_axis(index, writer, is_index=True)
        head["header"] = None if header is None else write_axis(header, writer, is_index=False)
        return writer.node(head)

    return write_frame(write, shelf, is_small=is_small(columns()))


def _copies_on_write() -> bool:
    # pandas 3 has no other way; in 2 it is a choice, and "warn" is none.
    return int(pd.__version__.partition(".")[0]) >= 3 or pd.get_option("mode.copy_on_write") is True


def _is_mutable_inside(column: Any) -> bool:
    return column.dtype == np.dtype(object) and not are_immutable(column.to_numpy())


def _renewed(column: Any) -> Any:
    """Return a column of objects with cells of its own."""
    return series_of(store(column), column.index, name=column.name)


def _nulls(column: Any, stored: Stored) -> int:
    kind = stored.form["kind"]
    if kind == "object" or (kind == "numpy" and column.dtype.kind in "fc"):
        return int(column.isna().sum())
    return int(stored.values.null_count)


handler = PandasHandler()
