"""Column: the profile of one column of Arrow's, whatever its type. No more than a block of it is copied at a time."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mvlake.handlers.arrow_layout import is_bytes, is_list, is_text, simple
from mvlake.handlers.profiling import printing
from mvlake.handlers.profiling.counted import profile_numbers, profile_truth
from mvlake.handlers.profiling.numbers import EXACT
from mvlake.handlers.profiling.texts import blocks_of, profile_categories, profile_texts
from mvlake.handlers.profiling.values import ColumnValues
from mvlake.records.profile import Category, ColumnProfile, ValueKind

_LOOKED = 4096  # objects whose types are counted
_TAG = '{"$":"'


def profile_arrow(one: ColumnValues, *, is_brief: bool) -> ColumnProfile:
    """Return the profile of Arrow values."""
    values = one.values
    kind = values.type
    while isinstance(kind, pa.BaseExtensionType):
        values, kind = _storage(values), kind.storage_type
    if one.is_tagged:
        return _mixed(one, values)
    nulls = values.null_count
    if pa.types.is_dictionary(kind):
        if is_text(kind.value_type):
            return profile_categories(one.name, values, nulls=nulls, is_brief=is_brief)
        values = pa.chunked_array([simple(chunk) for chunk in _chunks(values)], kind.value_type)
        kind, nulls = values.type, values.null_count
    if pa.types.is_null(kind):
        return ColumnProfile(one.name, ValueKind.NOTHING, len(values), len(values), distinct=0)
    if is_text(kind) or is_bytes(kind):
        return profile_texts(one.name, values, nulls=nulls, is_brief=is_brief)
    if pa.types.is_boolean(kind):
        true = sum(chunk.true_count for chunk in _chunks(values))
        return profile_truth(one.name, rows=len(values), nulls=nulls, true=true)
    if pa.types.is_decimal(kind):
        return _decimal(one, values, is_brief=is_brief)
    return _numbers(one, values, is_brief=is_brief) or _nested(one, values)


def _numbers(one: ColumnValues, values: Any, *, is_brief: bool) -> ColumnProfile | None:
    """Return the profile of what is a number for each value; None for other types."""
    kind = values.type
    found: tuple[ValueKind, printing.Print, float]
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        found = ValueKind.NUMBER, printing.number, 1.0
    elif pa.types.is_timestamp(kind):
        found = ValueKind.TIME, printing.moments(kind.unit, is_zoned=kind.tz is not None), printing.scale_of(kind.unit)
    elif pa.types.is_date(kind):
        unit = "D" if kind == pa.date32() else "ms"
        found = ValueKind.TIME, printing.moments(unit), printing.scale_of(unit)
    elif pa.types.is_time(kind):
        found = ValueKind.TIME, printing.clock(kind.unit), printing.scale_of(kind.unit)
    elif pa.types.is_duration(kind):
        found = ValueKind.SPAN, printing.seconds(kind.unit), printing.scale_of(kind.unit)
    else:
        return None
    meaning, show, scale = found
    return profile_numbers(
        one.name,
        meaning,
        lambda: map(_cells, blocks_of(values)),
        rows=len(values),
        nulls=values.null_count,
        is_brief=is_brief,
        show=show,
        scale=scale,
        nan_is_null=one.nan_is_null,
    )


def _cells(block: Any) -> Any:
    """Return the cells of a block of fixed width as numpy's numbers."""
    kind = block.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        block = block.view(pa.int32() if kind.bit_width == 32 else pa.int64())
    return block.to_numpy(zero_copy_only=False)


def _decimal(one: ColumnValues, values: Any, *, is_brief: bool) -> ColumnProfile:
    """Return the profile of decimals: extremes exactly, all else as doubles."""

    def cells() -> Iterable[Any]:
        for block in blocks_of(values):
            yield block.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)

    rows, nulls = len(values), values.null_count
    found = profile_numbers(one.name, ValueKind.NUMBER, cells, rows=rows, nulls=nulls, is_brief=is_brief)
    if not found.low:
        return found
    wide = values.type if values.type.bit_width >= 128 else pa.decimal128(values.type.precision, values.type.scale)
    low, high = pc.min_max(values.cast(wide)).as_py().values()
    different = pc.count_distinct(values.cast(wide), mode="only_valid").as_py() if rows <= EXACT else found.distinct
    return replace(found, low=f"{low:f}", high=f"{high:f}", distinct=different)


def _nested(one: ColumnValues, values: Any) -> ColumnProfile:
    """Return the profile of lists, structs and maps: how many there are, and how long lists are."""
    rows, nulls = len(values), values.null_count
    kind = values.type
    if rows == nulls:
        return ColumnProfile(one.name, ValueKind.NOTHING, rows, nulls)
    if not (is_list(kind) or pa.types.is_map(kind)):
        meaning = ValueKind.NESTED if kind.num_fields else ValueKind.OTHER
        return ColumnProfile(one.name, meaning, rows, nulls)
    low, high, total = 1 << 62, 0, 0
    for block in blocks_of(values):
        lengths = pc.list_value_length(block).to_numpy(zero_copy_only=False)
        low, high, total = min(low, int(lengths.min())), max(high, int(lengths.max())), total + int(lengths.sum())
    return ColumnProfile(
        one.name, ValueKind.NESTED, rows, nulls, shortest=low, longest=high, length=round(total / (rows - nulls), 4)
    )


def _mixed(one: ColumnValues, values: Any) -> ColumnProfile:
    """Return the profile of Python objects: how many are of which type, of some rows spread evenly."""
    rows = len(values)
    if not rows:
        return ColumnProfile(one.name, ValueKind.NOTHING, 0, 0, distinct=0)
    places = np.unique(np.linspace(0, rows - 1, min(rows, _LOOKED)).astype(np.int64))
    texts = pc.utf8_slice_codeunits(values.take(pa.array(places)), 0, 40).to_pylist()
    counts: dict[str, int] = {}
    for text in texts:
        kind = _type_of(text)
        counts[kind] = counts.get(kind, 0) + 1
    scale = rows / len(texts)
    found = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    distinct = pc.count_distinct(values).as_py() if rows <= EXACT else None
    types = tuple(Category(name, round(count * scale)) for name, count in found[:20])
    seen = 0 if len(texts) == rows else len(texts)
    return ColumnProfile(one.name, ValueKind.MIXED, rows, one.nulls, distinct=distinct, categories=types, seen=seen)


def _type_of(text: str) -> str:
    """Return the type of an object by how its text begins (`handlers.pandas_cells`)."""
    if text.startswith(_TAG):
        return text[len(_TAG) :].partition('"')[0]
    word = text.partition(" ")[0]
    if word in ("NA", "NaT", "Timestamp", "Timedelta", "scalar", "array"):
        return word
    for begins, name in (('"', "str"), ("[", "list"), ("{", "dict"), ("null", "None"), ("true", "bool"), ("false", "bool")):
        if text.startswith(begins):
            return name
    return "float" if "." in text or "e" in text.lower() else "int"


def _chunks(values: Any) -> list[Any]:
    return list(values.chunks) if isinstance(values, pa.ChunkedArray) else [values]


def _storage(values: Any) -> Any:
    if isinstance(values, pa.ChunkedArray):
        return pa.chunked_array([chunk.storage for chunk in values.chunks], values.type.storage_type)
    return values.storage
