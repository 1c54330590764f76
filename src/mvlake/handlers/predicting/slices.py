"""Slices: the rows of one value, or of one range of values, in which two models are furthest apart.

A column of a few values is cut by its values, one of many numbers at its quartiles. Columns that may tell of a person are left out,
as profiles leave their values out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mvlake.compare.predicted import SliceDiff
from mvlake.handlers.predicting.columns import columns_of
from mvlake.handlers.profiling.privacy import LOOKED, reason_in_name, reason_in_texts

MOST_SLICES = 10
FEWEST_ROWS = 20
_LEAST_SHARE = 0.01
_MOST_COLUMNS, _MOST_VALUES, _FEW_NUMBERS, _PARTS = 200, 50, 10, 4
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Apart:
    """How far apart the models are, row by row: 1 for a flipped label, or |b - a|; and what tells their quality, None if unknown.

    The qualities are 1 for a label that is right, or squared residuals; NaN where the truth is not known.
    """

    apart: Any
    a_quality: Any = None
    b_quality: Any = None
    is_rooted: bool = False


def smallest_slice(rows: int) -> int:
    """Return how few rows make a slice: 1 in 100, and no fewer than 20.

    >>> smallest_slice(100), smallest_slice(50_000)
    (20, 500)
    """
    return max(FEWEST_ROWS, int(rows * _LEAST_SHARE))


def slices_of(data: Any, found: Apart) -> tuple[SliceDiff, ...]:
    """Return the slices in which the models are further apart than they are over all rows, the furthest first."""
    rows = len(found.apart)
    apart = np.where(np.isfinite(found.apart), found.apart, 0.0)
    if not apart.any():
        return ()
    everywhere, smallest = float(apart.mean()), smallest_slice(rows)
    told = []
    for name, column in columns_of(data, most=_MOST_COLUMNS):
        if len(column) != rows or reason_in_name(name):
            continue
        for value, chosen in _parts(column):
            count = int(chosen.sum())
            if smallest <= count < rows and (mean := float(apart[chosen].mean())) > everywhere:
                qualities = (_quality(one, chosen, found) for one in (found.a_quality, found.b_quality))
                told.append(SliceDiff(name[:_LONGEST], value, count, mean, *qualities))
    told.sort(key=lambda one: (-one.apart, -one.rows))
    return tuple(told[:MOST_SLICES])


def _quality(values: Any, chosen: Any, found: Apart) -> float | None:
    if values is None:
        return None
    there = values[chosen]
    there = there[np.isfinite(there)]
    if not there.size:
        return None
    mean = float(there.mean())
    return mean**0.5 if found.is_rooted else mean


def _parts(column: Any) -> Iterator[tuple[str, Any]]:
    """Yield each part of a column as text, and whether a row is in it."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    missing = column.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        numbers = pc.cast(column, pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        missing = missing | np.isnan(numbers)
        yield from _of_numbers(numbers, ~missing)
    elif pa.types.is_boolean(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        yield from _of_values(column)
    else:
        return
    if missing.any():
        yield "missing", missing


def _of_numbers(numbers: Any, there: Any) -> Iterator[tuple[str, Any]]:
    known = numbers[there]
    if not known.size:
        return
    values = np.unique(known)
    if len(values) <= _FEW_NUMBERS:
        yield from ((f"{value:.6g}", there & (numbers == value)) for value in values.tolist())
        return
    edges = np.unique(np.quantile(known, np.linspace(0, 1, _PARTS + 1)))
    for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        is_last = high == edges[-1]
        chosen = there & (numbers >= low) & ((numbers <= high) if is_last else (numbers < high))
        yield f"{low:.6g} to {high:.6g}" if is_last else f"{low:.6g} to below {high:.6g}", chosen


def _of_values(column: Any) -> Iterator[tuple[str, Any]]:
    encoded = column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)
    words, codes = encoded.dictionary, encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    used = np.unique(codes[codes >= 0])
    if len(used) > _MOST_VALUES:
        return
    texts = [str(words[int(code)].as_py()) for code in used]
    if reason_in_texts(texts[:LOOKED]):
        return
    yield from ((text[:_LONGEST], codes == code) for text, code in zip(texts, used.tolist(), strict=True))
