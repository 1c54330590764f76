"""Pandas frames: stored values and axes as columns of a frame, with documents that say what only pandas means.

A document of values is `form`, `column` (the place of the values among the frame's columns) and `sides` (documents of what has
another length, such as categories). A document of an axis is `form`, `length` and `levels`.
"""

from collections.abc import Iterator
from typing import Any

from mvlake.handlers.frame import FrameReader, FrameWriter
from mvlake.handlers.pandas_axes import Axis
from mvlake.handlers.pandas_values import Stored, store
from mvlake.records.canonical import Json

_PIECE = 1 << 14  # rows


def write_stored(stored: Stored, writer: FrameWriter, name: str | None, *, is_index: bool = False) -> dict[str, Json]:
    """Give values to the writer and return their document; `name` is None for those that have not the frame's rows."""
    place = writer.add(stored.values, name, is_index=is_index, digest=stored.known)
    return {"form": dict(stored.form), "column": place, "sides": [write_stored(side, writer, None) for side in stored.sides]}


def read_stored(document: Any, frame: FrameReader, *, whole: bool = False) -> Stored:
    """Return the values of this document: those of the frame's rows, or the `whole` of something else, such as categories."""
    sides = tuple(read_stored(side, frame, whole=True) for side in document["sides"])
    read = frame.whole if whole else frame.column
    return Stored(document["form"], read(document["column"]), sides)


def write_axis(axis: Axis, writer: FrameWriter, *, is_index: bool) -> Json:
    """Give an axis to the writer and return its document."""
    levels: list[Json] = [
        # No column has such a name: labels of columns are as people read them.
        write_stored(level, writer, f"\0{position}" if is_index else None, is_index=is_index)
        for position, level in enumerate(axis.levels)
    ]
    return {"form": dict(axis.form), "length": axis.length, "levels": levels}


def read_axis(document: Any, frame: FrameReader, *, length: int, whole: bool = False) -> Axis:
    """Return the axis of this document; ValueError when its levels do not have this length."""
    levels = tuple(read_stored(level, frame, whole=whole) for level in document["levels"])
    if any(len(level.values) != length for level in levels):
        raise ValueError("an index that does not fit the frame")
    return Axis(document["form"], levels, length)


def columns_of(axis: Axis) -> Iterator[Any]:
    """Yield the Arrow columns of an axis."""
    for level in axis.levels:
        yield from _all_values(level)


def pieces_of(series: Any) -> Iterator[Any]:
    """Yield the Arrow columns of a Series piece by piece, each made when it is asked for."""
    first = store(series.iloc[:_PIECE])
    yield from _all_values(first)
    for start in range(_PIECE, len(series), _PIECE):
        yield store(series.iloc[start : start + _PIECE]).values


def _all_values(stored: Stored) -> Iterator[Any]:
    yield stored.values
    for side in stored.sides:
        yield from _all_values(side)
