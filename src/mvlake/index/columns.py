"""Columns: rows of a table as Arrow, whatever they hold."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mvlake.index.arrays import array_of, empty
from mvlake.index.rows import Row
from mvlake.index.tables import Kind, TableForm

_ARROW: dict[Kind, Any] = {
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.TRUTH: pa.bool_(),
    Kind.MOMENT: pa.timestamp("us"),
    Kind.TEXT: pa.large_string(),  # 64-bit offsets: the texts of a big lake exceed 2 GiB together
    Kind.WORD: pa.dictionary(pa.int32(), pa.string()),
}


def schema_of(form: TableForm) -> Any:
    """Return the Arrow schema of a table."""
    return pa.schema([(name, _ARROW[kind]) for name, kind in form.columns])


def arrow_table(form: TableForm, rows: Sequence[Row]) -> Any:
    """Return rows as an Arrow table, in the order of the rows."""
    if not rows:
        return empty(schema_of(form))
    arrays = [_column(values, kind) for values, (_, kind) in zip(zip(*rows, strict=True), form.columns, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema_of(form))


def joined(form: TableForm, tables: Sequence[Any]) -> Any:
    """Return the rows of several tables as one table, without copying them."""
    return pa.concat_tables([empty(schema_of(form)), *tables])


def in_order(form: TableForm, table: Any) -> Any:
    """Return a table sorted for the question that it is for."""
    keys = {name: pc.cast(table[name], pa.string()) if kind is Kind.WORD else table[name] for name, kind in form.columns}
    by = [(name, "ascending") for name in form.order]
    indices = pc.sort_indices(pa.table({name: keys[name] for name in form.order}), sort_keys=by)
    return table.unify_dictionaries().take(indices).combine_chunks()


def _column(values: Sequence[object], kind: Kind) -> Any:
    try:
        return array_of(values, kind)
    except (TypeError, ValueError, OverflowError):
        # A record made by hand holds a number beyond 64 bits or half a character. It gets its row all the same.
        return _array([_fitted(value) for value in values], kind)


def _array(values: Sequence[object], kind: Kind) -> Any:
    if kind is Kind.WORD:
        return pa.array(values, pa.string()).dictionary_encode()
    return pa.array(values, _ARROW[kind])


def _fitted(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return None
    if isinstance(value, datetime | float | int) or value is None:
        return value
    return str(value)
