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


def write_stored(stored: Stored, writer: FrameWriter) -> dict[str, Json]:
    """Put values on the writer's shelf and return their document."""
    place = writer.add(stored.values)
    return {"form": dict(stored.form), "column": place, "sides": [write_stored(side, writer) for side in stored.sides]}


def read_stored(document: Any, frame: FrameReader) -> Stored:
    """Return the values of this document."""
    sides = tuple(read_stored(side, frame) for side in document["sides"])
    return Stored(document["form"], frame.column(document["column"]), sides)


def write_axis(axis: Axis, writer: FrameWriter) -> Json:
    """Put an axis on the writer's shelf and return its document."""
    return {"form": dict(axis.form), "length": axis.length, "levels": [write_stored(level, writer) for level in axis.levels]}


def read_axis(document: Any, frame: FrameReader) -> Axis:
    """Return the axis of this document; ValueError when its levels do not have its length."""
    levels = tuple(read_stored(level, frame) for level in document["levels"])
    if any(len(level.values) != document["length"] for level in levels):
        raise ValueError("an index that does not fit the frame")
    return Axis(document["form"], levels, document["length"])


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
