"""Standard JSON: Python's own reader and writer, bound when mvlake is loaded. What users put in their place is for their code."""

from json import dumps, loads

__all__ = ["dumps", "loads"]
