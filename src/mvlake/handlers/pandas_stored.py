"""Kept pandas frames as Arrow: the columns and the index, with the metadata from which pandas makes the same frame again."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from mvlake.errors import Invalid
from mvlake.handlers.diffing.side import SideColumn
from mvlake.handlers.pandas_compared import pandas_columns
from mvlake.handlers.pandas_rebuild import column_of, index_of, rebuild, series_of
from mvlake.handlers.stored_table import StoredTable
from mvlake.records.standard_json import dumps, loads

_METADATA = b"pandas"


class PandasStored(StoredTable):
    """A kept DataFrame, Series or Index. NaN is null in Arrow, as in `pyarrow.Table.from_pandas`."""

    def part(self, columns: Sequence[str] | None, rows: range | None) -> Any:
        """Return the DataFrame (or Series, or Index) with its index."""
        window = self._window(rows)
        return rebuild(window, None if columns is None else self._places(columns))

    def schema(self, columns: Sequence[str] | None = None) -> Any:
        """Return the schema; the values of columns of objects are looked at, for only they tell what they are."""
        empty = self._as_frame(columns, range(0))
        if empty.columns.inferred_type.startswith("mixed"):  # Arrow would warn that 7 becomes "7"
            empty.columns = empty.columns.map(str)
        try:
            found = pa.Schema.from_pandas(empty)
        except (pa.ArrowException, ValueError, TypeError) as error:
            raise Invalid(f"Arrow cannot hold this frame: {error}", hint=_HINT) from error
        places = self._places(columns)
        for position, field in enumerate(found):
            if pa.types.is_null(field.type):
                found = found.set(position, pa.field(field.name, self._kind_of_objects(position, places, field.name)))
        return found.with_metadata(self._metadata(found.metadata))

    def block(self, schema: Any, columns: Sequence[str] | None, rows: range) -> Any:
        """Return columns, then the levels of the index that are no range."""
        frame = self._as_frame(columns, rows)
        series = [frame.iloc[:, position] for position in range(frame.shape[1])]
        levels = [frame.index.get_level_values(position) for position in range(len(schema) - len(series))]
        found = [_array(one, field.type, field.name) for one, field in zip([*series, *levels], schema, strict=True)]
        return pa.Table.from_arrays(found, schema=schema)

    def compared(self) -> Sequence[SideColumn]:
        """Return the levels of its index and its columns."""
        return pandas_columns(self._frame)

    def _as_frame(self, columns: Sequence[str] | None, rows: range) -> Any:
        found = self.part(columns, rows)
        if isinstance(found, pd.DataFrame):
            return found
        if isinstance(found, pd.Series):
            return found.to_frame(name="values" if found.name is None else found.name)
        # An index becomes the columns of a frame of its own.
        names = [f"level_{place}" if name is None else name for place, name in enumerate(found.names)]
        return found.to_frame(index=False, name=names if found.nlevels > 1 else "values" if found.name is None else found.name)

    def _kind_of_objects(self, position: int, places: Sequence[int], name: str) -> Any:
        """Return the type of objects that all have one: those of a column, or after the columns of a level of the index."""
        index = index_of(self._frame)
        if position >= len(places):
            return _array(index.get_level_values(position - len(places)), None, name).type
        document = self._frame.head["columns"][places[position]]
        if document["form"].get("cells") == "text":
            return pa.large_string()
        return _array(series_of(column_of(document, self._frame), index), None, name).type

    def _metadata(self, found: Any) -> Any:
        """Return the metadata with the whole range of the index, where it is one: that of the part that was looked at is empty."""
        document = loads(found[_METADATA])
        whole = index_of(self._frame) if not self._frame.head["index"]["levels"] else None
        for one in document["index_columns"]:
            if isinstance(one, dict) and whole is not None:
                one.update(start=whole.start, stop=whole.stop, step=whole.step)
        return {**found, _METADATA: dumps(document).encode()}


_HINT = "give every column a name of its own, and every cell of a column one type; `load` gives it back as it was"


def _array(values: Any, kind: Any, name: str) -> Any:
    try:
        found = pa.array(values, type=kind, from_pandas=True)
    except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
        raise Invalid(f"Arrow cannot hold column {name}: {error}", hint=_HINT) from error
    return found
