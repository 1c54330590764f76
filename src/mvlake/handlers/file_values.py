"""File values: what a written file says, read without running anything that it brings, for a comparison by value."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mvlake.handlers.dated_files import is_dated, is_same_undated
from mvlake.handlers.lookup import handler_for
from mvlake.records.closeness import Closeness

MOST = 256 << 20
"""Bytes of a file, and of what a compressed one holds, that are compared by value."""

_UNREADABLE = (ValueError, TypeError, KeyError, NotImplementedError, RecursionError, EOFError, zipfile.BadZipFile)
_PICKLED = frozenset((".pkl", ".pickle", ".joblib", ".dill", ".pt", ".pth", ".ckpt"))
DATED = "the bytes differ, as they may: the format holds the time at which it was written, or identifiers made at random"


def closeness_of_files(a: Path, b: Path, suffix: str, negligible: float) -> Closeness:
    """Return how far apart the values in two files are that hold different bytes; OSError where one cannot be read.

    `suffix` says what they are: a table, an array, JSON. Of another format no more is known than that the bytes differ.
    """
    if suffix in _PICKLED:
        return Closeness(reason="the bytes differ, and reading them could run code", is_closed=True)
    if is_dated(suffix):
        return _undated(a, b, suffix)
    read = _READERS.get(suffix)
    if read is None:
        return Closeness(reason="the bytes differ, and nothing here reads values from such a file")
    if max(a.stat().st_size, b.stat().st_size) > MOST:
        return Closeness(reason=f"the bytes differ, and more than {MOST >> 20} MB are not compared by value")
    try:
        before, after = read(a.read_bytes()), read(b.read_bytes())
    except _UNREADABLE as error:
        return Closeness(reason=f"the bytes differ, and one cannot be read: {type(error).__name__}")
    handler = handler_for(before)
    if handler is not handler_for(after):
        return Closeness(reason=f"{type(before).__name__} became {type(after).__name__}")
    return handler.closeness(before, after, negligible)


def _undated(a: Path, b: Path, suffix: str) -> Closeness:
    is_small = max(a.stat().st_size, b.stat().st_size) <= MOST
    if is_small and is_same_undated(a.read_bytes(), b.read_bytes(), suffix):
        return Closeness(note="only when it was written, or identifiers made at random, differ")
    return Closeness(reason=DATED, is_closed=True)


def _table(data: bytes, delimiter: str) -> Any:
    from pyarrow import csv

    return csv.read_csv(io.BytesIO(data), parse_options=csv.ParseOptions(delimiter=delimiter))


def _parquet(data: bytes) -> Any:
    from pyarrow import parquet

    return parquet.ParquetFile(io.BytesIO(data)).read().replace_schema_metadata(None)


def _feather(data: bytes) -> Any:
    from pyarrow import feather

    return feather.read_table(io.BytesIO(data)).replace_schema_metadata(None)


def _array(data: bytes) -> Any:
    import numpy as np

    return np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)


def _arrays(data: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(one.file_size for one in archive.infolist()) > MOST:
            raise ValueError("it holds too much")
        return {name: _array(archive.read(name)) for name in sorted(archive.namelist())}


_READERS: dict[str, Callable[[bytes], Any]] = {
    ".csv": lambda data: _table(data, ","),
    ".tsv": lambda data: _table(data, "\t"),
    ".json": json.loads,
    ".jsonl": lambda data: [json.loads(line) for line in data.splitlines() if line.strip()],
    ".ndjson": lambda data: [json.loads(line) for line in data.splitlines() if line.strip()],
    ".parquet": _parquet,
    ".feather": _feather,
    ".npy": _array,
    ".npz": _arrays,
}
