"""Frame file: a frame in a Parquet or CSV file, as an Arrow table."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from mvlake.errors import Invalid

_SUFFIXES = (".parquet", ".csv")
_SIMPLE = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_timestamp, pa.types.is_date)
_TEXTS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_dictionary)


def read_frame_file(path: Path, schema: Callable[[], Any]) -> tuple[Any, str]:
    """Return the table in a file, and what is to be known of how it was read; Invalid for what holds none.

    CSV says no types: columns of the `schema` (asked for then) are read with its types, all others as they look.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise Invalid(f"{path} is no file of a frame", hint=f"its name ends with {' or '.join(_SUFFIXES)}")
    try:
        return (pq.ParquetFile(path).read(), "") if path.suffix.lower() == ".parquet" else _csv(path, _types(schema()))
    except FileNotFoundError as error:
        raise Invalid(f"there is no file {path}", hint="--with new.parquet; in a notebook, also --with VARIABLE") from error
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Invalid(f"{path} cannot be read: {error}", hint="a Parquet file, or CSV with a line of names") from error


def _csv(path: Path, types: dict[str, Any]) -> tuple[Any, str]:
    try:
        return csv.read_csv(path, convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=True)), ""
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        found = csv.read_csv(path, convert_options=csv.ConvertOptions(strings_can_be_null=True))
        return found, f"{path.name} does not fit the types of the kept frame, and was read as it looks: {error}"


def _types(schema: Any) -> dict[str, Any]:
    """Return the types of columns that a text can be read as."""
    found = {field.name: field.type for field in schema if any(test(field.type) for test in _SIMPLE)}
    return found | {field.name: pa.string() for field in schema if any(test(field.type) for test in _TEXTS)}
