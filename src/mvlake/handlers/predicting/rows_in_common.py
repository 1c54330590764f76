"""Rows in common: which rows of one piece of evaluation data another one has as well."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mvlake.handlers.predicting.columns import columns_of
from mvlake.handlers.predicting.rows import count_rows
from mvlake.handlers.row_keys import add_keys

MOST_COLUMNS = 1000


def rows_in_common(a: Any, b: Any) -> Any:
    """Return the places of the rows of b that a has as well; none where their columns differ, or have values without keys.

    Rows are found by 64-bit keys; that texts are equal, of which a key holds the ends alone, is looked at.
    """
    nothing: Any = np.zeros(0, np.int64)
    ours, theirs = (dict(columns_of(one, most=MOST_COLUMNS + 1)) for one in (a, b))
    kinds = ({name: column.type for name, column in one.items()} for one in (ours, theirs))
    if not ours or len(ours) > MOST_COLUMNS or list(ours) != list(theirs) or next(kinds) != next(kinds):
        return nothing
    before, after = _keys(ours, count_rows(a)), _keys(theirs, count_rows(b))
    if before is None or after is None:
        return nothing
    known, first = np.unique(before, return_index=True)
    at = np.minimum(np.searchsorted(known, after), max(0, len(known) - 1))
    places = np.flatnonzero(known[at] == after) if len(known) else nothing
    partners = first[at[places]]
    for name, column in theirs.items():
        if _is_text(column.type):
            same = pc.equal(ours[name].take(pa.array(partners)), column.take(pa.array(places)))
            keep = pc.fill_null(same, fill_value=True).to_numpy(zero_copy_only=False)  # both null, as the keys say
            places, partners = places[keep], partners[keep]
    return places


def _keys(columns: dict[str, Any], rows: int) -> Any:
    keys: Any = np.zeros(rows, np.uint64)
    can = all(len(one) == rows and add_keys(keys, one, place) for place, one in enumerate(columns.values()))
    return keys if can else None


def _is_text(kind: Any) -> bool:
    held = kind.value_type if pa.types.is_dictionary(kind) else kind
    return any(
        is_kind(held)
        for is_kind in (
            *(pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
            *(pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view),
        )
    )
