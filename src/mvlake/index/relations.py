"""Relations: frames that a query names, read while it runs: a block of rows at a time, and no column that it does not need."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from mvlake.errors import InvalidQuery
from mvlake.index.contract import Frame
from mvlake.index.tables import READ_TABLES, TABLE_NAMES
from mvlake.records.standard_json import loads

_MARKS = frozenset("/:@")  # what no table of ours has in its name
_EXPLAIN = re.compile(r"\s*explain\s+(analyze\s+)?(?=\S)", re.IGNORECASE)


def frames_named(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """Return the names in a query that can only be those of frames, as DuckDB's own parser finds them: none in text or remarks.

    Raises InvalidQuery for two that differ in case alone, which SQL takes for one.
    """
    if not _MARKS.intersection(sql) and not any(table in sql.casefold() for table in READ_TABLES):
        return []
    text = loads(connection.execute("SELECT json_serialize_sql(?)", [_EXPLAIN.sub("", sql, count=1)]).fetchall()[0][0])
    found: dict[str, None] = {}
    own: set[str] = set()
    waiting = [text]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            waiting += one.values()
            if one.get("type") == "BASE_TABLE" and not one.get("schema_name") and not one.get("catalog_name"):
                found[one["table_name"]] = None
            own.update(str(entry["key"]) for entry in (one.get("cte_map") or {}).get("map", ()))
    names = sorted(name for name in found if (_MARKS.intersection(name) or name.casefold() in READ_TABLES) and name not in own)
    folded: dict[str, str] = {}
    for name in names:
        other = folded.setdefault(name.casefold(), name)
        if other != name:
            raise InvalidQuery(f'"{other}" and "{name}" differ in case alone, which SQL takes for one name', tables=TABLE_NAMES)
    return names


class Shown:
    """A frame as DuckDB sees it: a stream of Arrow that begins anew for each scan. `error` is what ended one."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self.error: BaseException | None = None

    def narrowed(self, columns: frozenset[str]) -> "Shown":
        """Return the frame with these columns alone, as far as it can leave others out."""
        return Shown(self._frame.narrowed(columns))

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        """Return a stream; nothing of it is read before DuckDB asks for rows."""
        return pa.RecordBatchReader.from_batches(self._frame.schema, self._batches()).__arrow_c_stream__(requested_schema)

    def _batches(self) -> Iterator[Any]:
        try:
            for block in self._frame.blocks():
                yield from block.to_batches()
        except BaseException as error:  # DuckDB would make a sentence of it
            self.error = error
            raise


def show_frames(connection: duckdb.DuckDBPyConnection, sql: str, frames: Mapping[str, Frame]) -> dict[str, Shown]:
    """Let a query see these frames, each with the columns that it needs."""
    shown = {name: Shown(frame) for name, frame in frames.items()}
    _register(connection, shown)
    plan = _plan(connection, sql)
    if plan is None:
        return shown
    needed = frozenset(_scanned(plan))
    narrow = {name: one.narrowed(needed) for name, one in shown.items()}
    _register(connection, narrow)
    if _plan(connection, sql) == plan:
        return narrow
    # A name that is missing could come to mean another's: what is not planned alike is read whole.
    _register(connection, shown)
    return shown


def hide_frames(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    """Take frames out of sight again."""
    for name in names:
        connection.unregister(name)


def _register(connection: duckdb.DuckDBPyConnection, shown: Mapping[str, Shown]) -> None:
    for name, one in shown.items():
        connection.register(name, one)


def _plan(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    try:
        rows = connection.execute(f"EXPLAIN (FORMAT JSON) {sql}").fetchall()
        return loads(rows[0][1])
    except (duckdb.Error, ValueError, IndexError):
        return None  # EXPLAIN, DESCRIBE, or a mistake that the query itself will tell


def _scanned(plan: Any) -> Iterator[str]:
    """Yield the columns that scans of a plan read."""
    if isinstance(plan, list):
        for one in plan:
            yield from _scanned(one)
    elif isinstance(plan, dict):
        if "ARROW_SCAN" in str(plan.get("name")):
            columns = plan.get("extra_info", {}).get("Projections", ())
            yield from [columns] if isinstance(columns, str) else columns
        yield from _scanned(plan.get("children", []))
