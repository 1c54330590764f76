"""Published: the finished segments of each table, as tables of other engines are to name them. No file is copied or changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mvlake.index import segments
from mvlake.index.columns import schema_of
from mvlake.index.contract import Files
from mvlake.index.tables import TABLES, TableForm
from mvlake.records.canonical import canonical


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One Parquet file: its name in the table's folder, its size, and how many rows it has."""

    name: str
    size: int
    rows: int


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One table: its name, where its folder is, its columns as engines know them, and its files."""

    name: str
    folder: str
    schema: Any
    files: tuple[PublishedFile, ...]


def tables_of(files: Files, folder: str, ranges: Sequence[tuple[int, int]]) -> tuple[PublishedTable, ...]:
    """Return every table; `folder` is where `index/` is, as a path or a URL."""
    return tuple(_table(files, folder, form, ranges) for form in TABLES)


def keep_published(files: Files, ranges: Sequence[tuple[int, int]]) -> None:
    """Remember the ranges that are published, so that joining segments leaves their files until the next time."""
    before = segments.published(files)
    files.put_hint(segments.PUBLISHED, canonical({"ranges": [[first, last] for first, last in ranges]}))
    for first, last in before - set(ranges):
        segments.remove(files, first, last)


def _table(files: Files, folder: str, form: TableForm, ranges: Sequence[tuple[int, int]]) -> PublishedTable:
    found = []
    for first, last in ranges:
        key = segments.key_of(form.name, first, last)
        data = files.get(key) or b""
        rows = pq.ParquetFile(BytesIO(data)).metadata.num_rows
        found.append(PublishedFile(key.rpartition("/")[2], len(data), rows))
    return PublishedTable(form.name, f"{folder}/{form.name}", _plain(schema_of(form)), tuple(found))


def _plain(schema: Any) -> Any:
    """Return a schema without what is Arrow's alone: how texts are kept in memory."""
    texts = (pa.types.is_dictionary, pa.types.is_large_string)
    return pa.schema(
        [pa.field(one.name, pa.string() if any(is_text(one.type) for is_text in texts) else one.type) for one in schema]
    )
