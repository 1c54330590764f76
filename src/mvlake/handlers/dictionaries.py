"""Dictionaries: the words that a column of numbers stands for. A column has them once, however many chunks it has."""

from typing import Any

import pyarrow as pa

from mvlake.errors import NoHandler


def with_one_dictionary(column: Any) -> Any:
    """Return an Array or ChunkedArray all of whose chunks have the same words; itself when its type has no dictionary."""
    if not word_types(column.type) or not isinstance(column, pa.ChunkedArray) or column.num_chunks < 2:
        return column
    try:
        if pa.types.is_dictionary(column.type):
            return _unified(column)
        return pa.concat_arrays(column.chunks)  # which unifies what is nested
    except pa.ArrowException as error:
        raise NoHandler("Arrow column", reason=f"its chunks have dictionaries that Arrow cannot unify: {error}") from error


def words_of(column: Any) -> list[Any]:
    """Return the words of every dictionary in a column, from the outside in, left to right."""
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks else pa.nulls(0, column.type)
    found: list[Any] = []
    _collect(column, found)
    return found


def word_types(kind: Any) -> list[Any]:
    """Return the types of the words in the same order."""
    if isinstance(kind, pa.BaseExtensionType):
        return word_types(kind.storage_type)
    if pa.types.is_dictionary(kind):
        return [kind.value_type]
    if pa.types.is_run_end_encoded(kind):
        return word_types(kind.value_type)
    return [one for position in range(kind.num_fields) for one in word_types(kind.field(position).type)]


def _unified(column: Any) -> Any:
    first = column.chunk(0).dictionary
    if all(chunk.dictionary.equals(first) for chunk in column.chunks):
        return column  # Arrow does not unify words with a null among them
    return column.unify_dictionaries()


def _collect(array: Any, found: list[Any]) -> None:
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        _collect(array.storage, found)
    elif pa.types.is_dictionary(kind):
        found.append(array.dictionary)
    elif pa.types.is_run_end_encoded(kind):
        _collect(array.values, found)
    elif pa.types.is_struct(kind):
        for position in range(kind.num_fields):
            _collect(array.field(position), found)
    elif pa.types.is_map(kind):
        _collect(array.keys, found)
        _collect(array.items, found)
    elif kind.num_fields and not pa.types.is_union(kind):
        _collect(array.values, found)
