"""Table: columns that we have made ourselves, as a frame that the handlers keep like any other."""

from collections.abc import Mapping, Sequence
from typing import Any


def table_of(columns: Mapping[str, Sequence[Any]], kinds: Mapping[str, str] | None = None) -> Any:
    """Return an Arrow table of these columns; `kinds` are their Arrow types, where these do not follow from the rows."""
    import pyarrow as pa  # loads with the first search or question

    if kinds is None:
        return pa.table(dict(columns))
    return pa.table({name: pa.array(items, pa.type_for_alias(kinds[name])) for name, items in columns.items()})
