"""Pandas frames rebuilt: all of one, or some of its columns and rows, with the index that belongs to these."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from mvlake.handlers.frame import FrameReader
from mvlake.handlers.pandas_axes import restore_axis
from mvlake.handlers.pandas_cells import read_cell
from mvlake.handlers.pandas_frame import read_axis, read_stored
from mvlake.handlers.pandas_values import Stored, restore

_NARROW = 50


def rebuild(frame: FrameReader, places: Sequence[int] | None = None) -> Any:
    """Return the object of a frame, as far as its window goes; of a DataFrame the columns at these places alone (all)."""
    head = frame.head
    index = index_of(frame)
    kind, columns = head["type"], head["columns"]
    if kind == "DataFrame":
        return _frame(frame, index, header_of(frame), places)
    if kind == "Series":
        (one,) = columns
        return series_of(column_of(one, frame), index, name=read_cell(head["label"]))
    if type(index).__name__ != kind or columns:
        raise ValueError(f"an unknown type: {str(kind)[:40]!r}")
    return index


def index_of(frame: FrameReader) -> Any:
    """Return the index of the rows in the window."""
    document = frame.head["index"]
    if document["length"] != frame.total:
        raise ValueError("an index that does not fit the frame")
    if not document["levels"]:  # a range, of which nothing is kept but its form
        index = restore_axis(read_axis(document, frame, length=frame.total))
        return index if frame.window is None else index[frame.window.start : frame.window.stop]
    return restore_axis(read_axis(document, frame, length=frame.rows))


def header_of(frame: FrameReader) -> Any:
    """Return the labels of all columns."""
    document = frame.head["header"]
    return restore_axis(read_axis(document, frame, length=document["length"], whole=True))


def column_of(document: Any, frame: FrameReader) -> Stored:
    """Return the values of a column, in the window; ValueError when they do not fit it."""
    stored = read_stored(document, frame)
    if len(stored.values) != frame.rows:
        raise ValueError("a column that does not fit the frame")
    return stored


def series_of(stored: Stored, index: Any, name: Any = None) -> Any:
    """Return a Series of stored values."""
    array = restore(stored)
    return pd.Series(array, index=index, dtype=array.dtype, name=name, copy=False)


def _frame(found: FrameReader, index: Any, labels: Any, places: Sequence[int] | None) -> Any:
    documents = found.head["columns"]
    if len(documents) != len(labels):
        raise ValueError("labels that do not fit the columns")
    if places is not None:
        documents, labels = [documents[place] for place in places], labels[list(places)]
    # One column at a time, so that what Arrow holds of it is let go before the next.
    columns_made = {position: series_of(column_of(one, found), index) for position, one in enumerate(documents)}
    # A copy puts columns of one dtype into one block: not worth a second pass over long columns, but needed by wide frames.
    frame = pd.DataFrame(columns_made, index=index, copy=len(documents) > _NARROW)
    frame.columns = labels
    return frame
