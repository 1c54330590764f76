"""Kept frames of polars and pyarrow: what is kept of them is Arrow already."""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from mvlake.handlers.arrow_types import read_metadata
from mvlake.handlers.diffing.side import SideColumn
from mvlake.handlers.diffing.stored_columns import arrow_columns
from mvlake.handlers.frame import FrameReader
from mvlake.handlers.stored_table import StoredTable


class ArrowStored(StoredTable):
    """A frame whose columns are Arrow's. `rebuild` makes an object of the library of a frame and some of its columns."""

    def __init__(self, frame: FrameReader, rebuild: Callable[[FrameReader, Sequence[int] | None], Any]) -> None:
        super().__init__(frame)
        self._rebuild = rebuild

    def part(self, columns: Sequence[str] | None, rows: range | None) -> Any:
        """Return an object of the library."""
        places = None if columns is None else self._places(columns)
        return self._rebuild(self._window(rows), places)

    def schema(self, columns: Sequence[str] | None = None) -> Any:
        """Return the schema of what is kept."""
        empty, documents = self._frame.windowed(range(0)), self._frame.head["columns"]
        fields = []
        for place in self._places(columns):
            one = documents[place]
            kind = empty.column(one["column"]).type
            fields.append(pa.field(one["name"], kind, nullable=one.get("nullable", True), metadata=read_metadata(one["metadata"])))
        return pa.schema(fields, metadata=read_metadata(self._frame.head.get("metadata")))

    def block(self, schema: Any, columns: Sequence[str] | None, rows: range) -> Any:
        """Return what is kept."""
        window, documents = self._window(rows), self._frame.head["columns"]
        found = [window.column(documents[place]["column"]) for place in self._places(columns)]
        if any(len(column) != window.rows for column in found):
            raise ValueError("columns that do not fit the frame")
        return pa.Table.from_arrays(found, schema=schema)

    def compared(self) -> Sequence[SideColumn]:
        """Return its columns."""
        return arrow_columns(self._frame)
