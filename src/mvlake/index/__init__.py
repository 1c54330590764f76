"""Parquet segments and DuckDB views over the log: derived, and always rebuildable."""
