"""Compared pandas columns: what the columns of a kept frame, and the levels of its index, are to a comparison."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mvlake.handlers.diffing.side import SideColumn, joined
from mvlake.handlers.diffing.stored_columns import reader
from mvlake.handlers.diffing.texts import NULL, texts_of
from mvlake.handlers.frame import FrameReader
from mvlake.handlers.pandas_cells import MISSING_WORDS, cell_text, read_cell
from mvlake.handlers.pandas_frame import read_stored
from mvlake.handlers.pandas_values import Stored, restore
from mvlake.records.canonical import Json, canonical

_OTHER = "\0"
_UNITS = ("s", "ms", "us", "ns")


def pandas_columns(frame: FrameReader) -> list[SideColumn]:
    """Return the levels of the index, unless it is a range, and then the columns."""
    index = frame.head["index"]
    names = [read_cell(name) for name in index["form"]["names"]]
    found = [
        _column(frame, level, _level_name(name, place, len(names)), is_index=True)
        for place, (level, name) in enumerate(zip(index["levels"], names, strict=False))
    ]
    return [*found, *(_column(frame, one, one["name"], is_index=False) for one in frame.head["columns"])]


def _level_name(name: Any, place: int, levels: int) -> str:
    if name is not None:
        return str(name)
    return "index" if levels == 1 else f"index level {place}"


def _column(frame: FrameReader, document: Any, name: str, *, is_index: bool) -> SideColumn:
    place, form = document["column"], document["form"]
    said = canonical(["pandas", form, [_side_form(frame, side) for side in document["sides"]]])
    read = reader(frame, place)
    view = _view(frame, document)

    def values(start: int, stop: int) -> Any:
        return view(read(start, stop))

    return SideColumn(name, said, _dtype(form), values, _texts(form), frame.node_of(place), is_index)


def _side_form(frame: FrameReader, document: Any) -> Json:
    sides = [_side_form(frame, side) for side in document["sides"]]
    return [document["form"], str(frame.node_of(document["column"])), sides]


def _view(frame: FrameReader, document: Any) -> Callable[[Any], Any]:
    """Return what makes the values that are compared of those that are kept."""
    form = document["form"]
    if form["kind"] == "category":
        (side,) = document["sides"]
        known: list[Any] = []

        def words(values: Any) -> Any:
            if not known:
                stored = read_stored(side, frame, whole=True)
                known.append(joined(_view(frame, side)(stored.values)))
            return known[0].take(joined(values).cast(pa.int64()))

        return words
    if form["kind"] == "object":
        return lambda values: _objects(joined(values), form)
    if form["kind"] == "numpy":
        dtype = np.dtype(str(form["dtype"]))
        if dtype.kind in "mM":
            return lambda values: _moments(joined(values), dtype)
    if form["kind"] == "zoned":
        return lambda values: _moments(joined(values), np.dtype(f"<M8[{form['unit']}]"))
    return lambda values: values


def _moments(values: Any, dtype: Any) -> Any:
    unit, step = np.datetime_data(dtype)
    if values.type != pa.int64() or unit not in _UNITS or step != 1:
        return values
    return values.view(pa.timestamp(unit) if dtype.kind == "M" else pa.duration(unit))


def _texts(form: Any) -> Callable[[Any], Sequence[str]]:
    if form["kind"] == "object":
        return lambda values: [_cell(text) for text in joined(values).to_pylist()]
    if form["kind"] == "period" or (form["kind"] == "numpy" and np.dtype(str(form["dtype"])).kind == "c"):
        return lambda values: [str(one) for one in restore(Stored(form, joined(values)))]
    return texts_of


def _dtype(form: Any) -> str:
    """Return what counts as the dtype of a form: objects and categories are what they are, whatever stands among them."""
    if form["kind"] in ("object", "category"):
        return str(form["kind"])
    return canonical(["pandas", form]).decode()


def _objects(values: Any, form: Any) -> Any:
    """Return cells of objects as texts: strings as they are, any other behind a zero byte, as the text it is kept as."""
    if form["cells"] == "text":
        if not values.null_count or not form["missing"]:
            return values
        return pc.fill_null(values, _OTHER + cell_text(MISSING_WORDS[form["missing"]]))
    return pa.array([_untagged(text) for text in values.to_pylist()], pa.large_string())


def _untagged(text: str) -> str:
    if not text.startswith('"'):
        return _OTHER + text
    cell = str(read_cell(text))
    try:
        cell.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return _OTHER + text
    return _OTHER + text if cell.startswith(_OTHER) else cell


def _cell(text: str) -> str:
    if not text.startswith(_OTHER):
        return text
    cell = read_cell(text[1:])
    if isinstance(cell, str):
        return cell.encode("utf-8", "backslashreplace").decode()
    return NULL if cell is pd.NA else str(cell)
