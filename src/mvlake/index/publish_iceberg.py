"""Publish to Iceberg: the Parquet files named by a table of the user's own catalog."""

import warnings
from collections.abc import Mapping
from typing import Any

from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.exceptions import NoSuchTableError

from mvlake.index.published import PublishedTable


def catalog_of(catalog: str, options: Mapping[str, str], warehouse: str) -> Catalog:
    """Return the catalog of a name that pyiceberg's configuration has, or the one at a URI (sqlite:///file, https://…)."""
    if "://" not in catalog:
        return load_catalog(catalog)
    kind = "rest" if catalog.startswith(("http://", "https://")) else "sql"
    return load_catalog("mvlake", type=kind, uri=catalog, **({"warehouse": warehouse} if kind == "sql" else {}), **options)


def publish(table: PublishedTable, catalog: Catalog, namespace: str) -> bool:
    """Make the Iceberg table name exactly these files; return whether anything changed."""
    catalog.create_namespace_if_not_exists(namespace)
    try:
        found = catalog.load_table((namespace, table.name))
    except NoSuchTableError:
        found = catalog.create_table((namespace, table.name), schema=table.schema)
    there: dict[str, Any] = {task.file.file_path: task.file for task in found.scan().plan_files()}
    wanted = {f"{table.folder}/{file.name}": file.size for file in table.files if file.rows}
    gone = [file for path, file in there.items() if wanted.get(path) != file.file_size_in_bytes]
    added = [path for path in wanted if path not in there or there[path] in gone]
    if not gone and not added:
        return False
    with found.transaction() as transaction, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if gone:
            with transaction.update_snapshot().overwrite() as overwritten:
                for file in gone:
                    overwritten.delete_data_file(file)
        if added:
            transaction.add_files(added, check_duplicate_files=False)
    return True
