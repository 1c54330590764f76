"""Columns: two Arrow columns counted side by side, as far as the profiles of both allow it to be told."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from mvlake.compare.counted import Counted
from mvlake.compare.estimated import quantile_pairs
from mvlake.handlers.arrow_layout import is_text
from mvlake.handlers.distributions.names import count_names
from mvlake.handlers.distributions.numbers import Numbers, count_numbers
from mvlake.handlers.profiling.numbers import drawn
from mvlake.handlers.profiling.printing import scale_of
from mvlake.handlers.profiling.texts import blocks_of
from mvlake.records.profile import ColumnProfile, ValueKind

EXACT = 1 << 18
"""Rows up to which all are counted; of more, as many as a profile draws, unless all are asked for."""

_NUMBERS = (ValueKind.NUMBER, ValueKind.TIME, ValueKind.SPAN)


def is_countable(a: ColumnProfile, b: ColumnProfile, told: Counted | None) -> bool:
    """True where the rows tell more than both profiles, which tell this: of numbers and times, and of texts that may be told."""
    if a.kind is not b.kind or a.kind not in (*_NUMBERS, ValueKind.TEXT):
        return False
    return told is None or not (told.note or told.is_exact)


def count_columns(
    a: Any, b: Any, profiles: tuple[ColumnProfile, ColumnProfile], *, is_sample: tuple[bool, bool] = (False, False)
) -> Counted | None:
    """Return both sides counted; None where that is not possible, or no better than what both profiles tell."""
    if profiles[0].kind is ValueKind.TEXT:
        if any(is_sample):  # what is rare in one sample is not new in the other
            return None
        told = {one.value for side in profiles for one in side.categories}
        return count_names(_texts(a), _texts(b), told)
    ours, theirs = (_numbers(side, is_sample=drew) for side, drew in zip((a, b), is_sample, strict=True))
    found = None if ours is None or theirs is None else count_numbers(ours, theirs)
    return None if found is None else replace(found, quantiles=quantile_pairs(*profiles))


def drawn_rows(blocks: Iterable[Any], total: int) -> Any:
    """Return the rows, of so many that come in Arrow arrays, that a profile would look at."""
    places, start, kept = drawn(total), 0, list[Any]()
    for block in blocks:
        ends: Any = np.searchsorted(places, (start, start + len(block)))
        first, last = ends
        kept.append(block.take(pa.array(places[first:last] - start)))
        start += len(block)
    return pa.chunked_array([chunk for one in kept for chunk in (one.chunks if isinstance(one, pa.ChunkedArray) else [one])])


def _texts(values: Any) -> Any:
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    found = [one.cast(pa.large_string()) for one in blocks_of(values)] if is_text(kind) else []
    return pa.concat_arrays(found) if found else pa.array([], pa.large_string())


def _numbers(values: Any, *, is_sample: bool) -> Numbers | None:
    kind = values.type
    if pa.types.is_dictionary(kind):
        values, kind = values.cast(kind.value_type), kind.value_type
    if pa.types.is_decimal(kind):
        values = values.cast(pa.float64(), safe=False)
    elif pa.types.is_timestamp(kind) or pa.types.is_time(kind) or pa.types.is_duration(kind):
        return _of_time(values, scale_of(kind.unit), is_span=pa.types.is_duration(kind), is_sample=is_sample)
    elif pa.types.is_date(kind):
        return _of_time(values, scale_of("D" if kind == pa.date32() else "ms"), is_span=False, is_sample=is_sample)
    elif not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        return None
    return Numbers(_cells(values), is_sample=is_sample)


def _of_time(values: Any, scale: float, *, is_span: bool, is_sample: bool) -> Numbers:
    integers = pa.int32() if values.type.bit_width == 32 else pa.int64()
    return Numbers(_cells(values, integers), scale, is_time=not is_span, is_span=is_span, is_sample=is_sample)


def _cells(values: Any, view: Any = None) -> Any:
    blocks = [one if view is None else one.view(view) for one in blocks_of(values)]
    return np.concatenate([one.to_numpy(zero_copy_only=False) for one in blocks]) if blocks else np.empty(0)
