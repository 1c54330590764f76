"""Parquet: a frame as one file, and the pages of such a file."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def write(frame: pd.DataFrame, path: Path, *, cuts_by_content: bool = False) -> None:
    """Write the frame with zstd. With `cuts_by_content`, pages end where the content says, so that an insertion shifts no later page."""
    table = pa.Table.from_pandas(frame)
    pq.write_table(table, path, compression="zstd", use_content_defined_chunking=cuts_by_content)


def size_of_columns(path: Path) -> int:
    """Return how many bytes the columns of a file take, without its footer."""
    metadata = pq.read_metadata(path)
    groups = (metadata.row_group(group) for group in range(metadata.num_row_groups))
    return sum(group.column(column).total_compressed_size for group in groups for column in range(metadata.num_columns))


def pages(path: Path) -> dict[bytes, int]:
    """Return the distinct pages of a file, digest to size: what a store that knows Parquet's pages would keep."""
    data = memoryview(path.read_bytes())
    return {hashlib.blake2b(page, digest_size=16).digest(): len(page) for page in _pages(data, pq.read_metadata(path))}


def _pages(data: memoryview, metadata: pq.FileMetaData) -> Iterator[memoryview]:
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(column)
            position = chunk.dictionary_page_offset if chunk.has_dictionary_page else chunk.data_page_offset
            end = position + chunk.total_compressed_size
            while position < end:
                header, body = _struct(data, position)
                page_end = body + header[_COMPRESSED_SIZE]
                yield data[position:page_end]
                position = page_end


_COMPRESSED_SIZE = 3
_TRUE, _FALSE, _BYTE, _INTEGERS, _DOUBLE, _BINARY, _STRUCT = 1, 2, 3, (4, 5, 6), 7, 8, 12


def _struct(data: memoryview, position: int) -> tuple[dict[int, object], int]:
    """Read a struct of Thrift's compact protocol, as far as page headers need it: its fields by number, and where it ends."""
    fields, number = {}, 0
    while (head := data[position]) != 0:
        position += 1
        if head >> 4:
            number += head >> 4
        else:
            number, position = _zigzag(data, position)
        fields[number], position = _value(data, position, head & 15)
    return fields, position + 1


def _value(data: memoryview, position: int, kind: int) -> tuple[object, int]:
    if kind in (_TRUE, _FALSE):
        return kind == _TRUE, position
    if kind == _BYTE:
        return data[position], position + 1
    if kind in _INTEGERS:
        return _zigzag(data, position)
    if kind == _DOUBLE:
        return None, position + 8
    if kind == _BINARY:
        length, position = _varint(data, position)
        return data[position : position + length], position + length
    if kind == _STRUCT:
        return _struct(data, position)
    raise ValueError(f"a page header with a field of type {kind}")


def _varint(data: memoryview, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, position
        shift += 7


def _zigzag(data: memoryview, position: int) -> tuple[int, int]:
    value, position = _varint(data, position)
    return (value >> 1) ^ -(value & 1), position
