"""Stored columns: what Arrow columns of a kept frame are to a comparison."""

from typing import Any

import pyarrow as pa

from mvlake.handlers.diffing.side import SideColumn
from mvlake.handlers.diffing.texts import texts_of
from mvlake.handlers.frame import FrameReader
from mvlake.records.canonical import Json, canonical


def arrow_columns(frame: FrameReader) -> list[SideColumn]:
    """Return the columns of a frame of polars or pyarrow."""
    forms = frame.head.get("forms")
    documents = frame.head["columns"]
    found = []
    for position, document in enumerate(documents):
        place = document["column"]
        form: Json = forms[position][1] if isinstance(forms, list) else None
        said = canonical(["arrow", form])
        found.append(SideColumn(document["name"], said, said.decode(), reader(frame, place), texts_of, frame.node_of(place)))
    return found


def reader(frame: FrameReader, place: int) -> Any:
    """Return what reads some rows of the column at this place; ValueError when it has not so many."""

    def read(start: int, stop: int) -> Any:
        values = frame.windowed(range(start, stop)).column(place)
        if len(values) != stop - start:
            raise ValueError("a column that does not fit the frame")
        kind = _viewless(values.type)
        return values if kind == values.type else values.cast(kind)

    return read


def _viewless(kind: Any) -> Any:
    """Return the type without views within, of which Arrow cannot take rows."""
    if pa.types.is_string_view(kind):
        return pa.large_string()
    if pa.types.is_binary_view(kind):
        return pa.large_binary()
    if pa.types.is_struct(kind):
        return pa.struct([_viewless_field(kind.field(place)) for place in range(kind.num_fields)])
    if pa.types.is_list(kind):
        return pa.list_(_viewless_field(kind.value_field))
    if pa.types.is_large_list(kind):
        return pa.large_list(_viewless_field(kind.value_field))
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(_viewless_field(kind.value_field), kind.list_size)
    return kind


def _viewless_field(field: Any) -> Any:
    return field.with_type(_viewless(field.type))
