"""Texts: what a column of texts, or of categories, is like: lengths, different values, and those of most rows.

Up to `EXACT` rows, and of categories, everything is exact. Of more texts, counts and lengths are exact, categories those of rows
drawn at random, and different values are estimated (`distinct`). A text of more than `_WORDS` words of eight bytes counts there by
its beginning, its end and its length.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mvlake.handlers.arrow_layout import is_text, offsets_of, simple
from mvlake.handlers.arrow_take import taken
from mvlake.handlers.profiling.distinct import ERROR, Distinct, mixed
from mvlake.handlers.profiling.numbers import BLOCK, EXACT, drawn
from mvlake.handlers.profiling.privacy import FEWEST, LOOKED, reason_in_texts, told_categories, withheld
from mvlake.records.profile import ColumnProfile, ValueKind

_WORD = 8
_WORDS = 32
_CLIP = 2000
_LABEL = 200
_UNFIT = "fewer than 5 rows have it"


def blocks_of(values: Any) -> Iterator[Any]:
    """Yield the values of an Arrow column that are not missing, plainly laid out, in arrays of up to `BLOCK` rows."""
    for chunk in values.chunks if isinstance(values, pa.ChunkedArray) else [values]:
        for start in range(0, len(chunk), BLOCK):
            block = simple(chunk.slice(start, BLOCK))  # first, for Arrow cannot filter views
            if block.null_count:
                block = block.filter(block.is_valid())
            if len(block):
                yield block


def profile_texts(name: str, values: Any, *, nulls: int, is_brief: bool) -> ColumnProfile:
    """Return the profile of a column of texts or bytes."""
    rows, kind = len(values), ValueKind.TEXT if is_text(values.type) else ValueKind.BYTES
    if rows == nulls:
        return ColumnProfile(name, ValueKind.NOTHING, rows, nulls, distinct=0)
    low, high, total = _lengths(values)
    found = ColumnProfile(name, kind, rows, nulls, shortest=low, longest=high, length=round(total / (rows - nulls), 4))
    if rows <= EXACT:
        counted = pc.value_counts(pa.concat_arrays(list(blocks_of(values))))
        found = replace(found, distinct=len(counted))
        return found if is_brief or kind is ValueKind.BYTES else _told(found, counted.field(0), counted.field(1).to_numpy())
    different = Distinct()
    for block in blocks_of(values):
        different.add(_words(block))
    distinct, error = different.count()
    found = replace(found, distinct=distinct, distinct_error=error or (ERROR if high > _WORDS * _WORD else 0.0))
    if is_brief or kind is ValueKind.BYTES:
        return found
    places = drawn(rows)
    sample = pa.concat_arrays(list(blocks_of(taken(values, places))) or [pa.array([], pa.large_string())])
    counted = pc.value_counts(sample)
    return _told(found, counted.field(0), counted.field(1).to_numpy(), seen=len(sample))


def profile_categories(name: str, values: Any, *, nulls: int, is_brief: bool) -> ColumnProfile:
    """Return the profile of a dictionary-encoded column of texts: its words are counted by their numbers."""
    rows = len(values)
    column = values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])
    column = column.unify_dictionaries()
    words = simple(column.chunk(0).dictionary) if column.num_chunks else pa.array([], pa.large_string())
    counts: Any = np.zeros(len(words), np.int64)
    for block in column.chunks:
        numbers = pc.drop_null(block.indices).to_numpy(zero_copy_only=False)
        counts += np.bincount(numbers, minlength=len(words))
    used = np.flatnonzero(counts)
    words, counts = words.take(pa.array(used)), counts[used]
    nulls = rows - int(counts[words.is_valid().to_numpy(zero_copy_only=False)].sum()) if words.null_count else nulls
    if words.null_count:
        counts = counts[words.is_valid().to_numpy(zero_copy_only=False)]
        words = words.drop_null()
    if not len(words):
        return ColumnProfile(name, ValueKind.NOTHING, rows, nulls, distinct=0)
    found = ColumnProfile(name, ValueKind.TEXT, rows, nulls, distinct=len(words))
    return found if is_brief else _told(found, words, counts)


def _told(found: ColumnProfile, words: Any, counts: Any, *, seen: int = 0) -> ColumnProfile:
    """Add extremes and categories, given each value and its rows."""
    there = found.rows - found.nulls
    some = words.take(pa.array(np.unique(np.linspace(0, len(words) - 1, LOOKED).astype(np.int64)))) if len(words) else words
    reason = reason_in_texts(pc.utf8_slice_codeunits(some, 0, _CLIP).to_pylist())
    best = np.argsort(-counts, kind="stable")[:_LABEL]
    labels = pc.utf8_slice_codeunits(words.take(pa.array(best)), 0, _LABEL).to_pylist()
    categories, others = told_categories(
        zip(labels, counts[best].tolist(), strict=True), there, scale=there / seen if seen else 1.0
    )
    found = replace(found, categories=categories, others=others, seen=seen)
    if not seen:
        found = _with_extremes(found, words, counts)
    return withheld(found, reason)


def _with_extremes(found: ColumnProfile, words: Any, counts: Any) -> ColumnProfile:
    """Add the least and the greatest value, each if it is that of several rows."""
    labels = {one.value for one in found.categories}
    ends, missing = {}, []
    for end, word in zip(("low", "high"), pc.min_max(words).values(), strict=True):
        text = pc.utf8_slice_codeunits(word, 0, _LABEL).as_py()
        rows = int(counts[pc.index(words, word).as_py()])
        if rows >= FEWEST and (text in labels or not reason_in_texts([text])):
            ends[end] = text
        else:
            missing.append(end)
    return replace(found, **ends, withheld=tuple(missing), because=_UNFIT if missing else "")


def _lengths(values: Any) -> tuple[int, int, int]:
    """Return the least, the greatest and the sum of the lengths in bytes."""
    low, high, total = 1 << 62, 0, 0
    for block in blocks_of(values):
        lengths = np.diff(offsets_of(block))
        low, high, total = min(low, int(lengths.min())), max(high, int(lengths.max())), total + int(lengths.sum())
    return low, high, total


def _words(block: Any) -> Any:
    """Return a word (uint64) for each text of a block: of its length, its bytes up to a bound, and its last eight."""
    offsets = offsets_of(block).astype(np.int64)
    lengths = np.diff(offsets)
    # Eight bytes more at the end, so that a word can be read wherever a text ends.
    data: Any = np.zeros(int(offsets[-1] - offsets[0]) + _WORD, np.uint8)
    if len(data) > _WORD:
        data[:-_WORD] = np.frombuffer(block.buffers()[2], np.uint8)[offsets[0] : offsets[-1]]
    every = np.ndarray((len(data) - _WORD + 1,), "<u8", buffer=data.data, strides=(1,))
    starts = offsets[:-1] - offsets[0]
    found = lengths.astype(np.uint64)
    rows: Any = np.arange(len(lengths))
    for place in range(min(-(-int(lengths.max()) // _WORD), _WORDS)):
        left = lengths[rows] - place * _WORD
        rows, left = rows[left > 0], left[left > 0]
        beyond = (np.clip(_WORD - left, 0, _WORD) * 8).astype(np.uint64)
        words = every[starts[rows] + place * _WORD] << beyond  # without the bytes of the text behind
        found[rows] = _mixed(found[rows] + words)
    longer = np.flatnonzero(lengths > _WORD * _WORDS)
    if len(longer):
        found[longer] = _mixed(found[longer] + every[starts[longer] + lengths[longer] - _WORD])
    return found


def _mixed(words: Any) -> Any:
    return mixed(words, np.empty_like(words))
