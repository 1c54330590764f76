"""Publish to DuckLake: the Parquet files named by a DuckLake catalog, where DuckDB has that extension. Nothing is downloaded."""

import duckdb

from mvlake.errors import Refused
from mvlake.index.published import PublishedTable


class DuckLake:
    """One catalog."""

    def __init__(self, catalog: str, data: str) -> None:
        self._connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})
        try:
            self._connection.execute("LOAD ducklake")
        except duckdb.Error as error:
            raise Refused(
                f"DuckDB {duckdb.__version__} has no ducklake extension here, and mvlake downloads nothing",
                hint=f"where there is a network: duckdb.sql('INSTALL ducklake'), with DuckDB {duckdb.__version__}",
            ) from error
        target, place = catalog.replace("'", "''"), data.replace("'", "''")
        self._connection.execute(f"ATTACH 'ducklake:{target}' AS published (DATA_PATH '{place}')")

    def publish(self, table: PublishedTable) -> bool:
        """Make the table name exactly these files; return True: what a catalog has is not asked for."""
        kinds = {"string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN", "timestamp[us]": "TIMESTAMP"}
        columns = ", ".join(f'"{one.name}" {kinds[str(one.type)]}' for one in table.schema)
        self._connection.execute(f'CREATE OR REPLACE TABLE published."{table.name}" ({columns})')
        for file in table.files:
            self._connection.execute("CALL ducklake_add_data_files('published', ?, ?)", [table.name, f"{table.folder}/{file.name}"])
        return True
