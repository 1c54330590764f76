"""Publish to Delta: a transaction log beside each table's Parquet files, for Spark, Databricks, Trino, polars or DuckDB."""

from collections.abc import Mapping
from time import time

from deltalake import DeltaTable, Schema
from deltalake.exceptions import TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from mvlake.index.published import PublishedFile, PublishedTable


def publish(table: PublishedTable, options: Mapping[str, str]) -> bool:
    """Make the Delta table name exactly these files, in one transaction; return whether anything changed."""
    schema = Schema.from_arrow(table.schema)
    now = int(time() * 1000)
    try:
        found = DeltaTable(table.folder, storage_options=dict(options))
    except TableNotFoundError:
        added = [_add(file, now) for file in table.files]
        create_table_with_add_actions(table.folder, schema, added, name=f"mvlake.{table.name}", storage_options=dict(options))
        return True
    actions = found.get_add_actions(flatten=True)
    there = dict(zip(actions["path"].to_pylist(), actions["size_bytes"].to_pylist(), strict=True))
    wanted = {file.name: file for file in table.files}
    changed = {name for name, size in there.items() if name in wanted and wanted[name].size != size}
    removed = [
        RemoveAction(name, data_change=True, deletion_timestamp=now, size=there[name], partition_values={})
        for name in there
        if name not in wanted
    ]
    added = [_add(file, now) for name, file in wanted.items() if name not in there or name in changed]
    if added or removed:
        found.create_write_transaction([*removed, *added], "append", schema)
    return bool(added or removed)


def _add(file: PublishedFile, now: int) -> AddAction:
    return AddAction(file.name, file.size, {}, now, data_change=True, stats=f'{{"numRecords": {file.rows}}}')
