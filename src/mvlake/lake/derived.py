"""Derived: the index of one copy of a lake, brought to another: else somebody would read a whole log from a bucket to make it."""

import re
from concurrent.futures import ThreadPoolExecutor

from mvlake.store.contract import Store

_RANGE = re.compile(r"index/(?:[a-z]+/|[a-z]+-)(\d{6,})-(\d{6,})\.(?:json|bin|parquet)")
_PUBLISHED = "index/published.json"
_THREADS = 8


def bring_index(source: Store, target: Store, *, last: int) -> int:
    """Copy what is derived from the records up to `last`, remove what wider files replace, and return how many were copied."""
    have = {key for key in source.keys("index/") if _last(key) <= last}
    there = {key for key in target.keys("index/") if _last(key) <= last}
    # A manifest says that all files of its range are there: it comes last, and goes first.
    lacking = sorted(have - there, key=lambda key: key.endswith(".json"))
    parts = [[key for key in lacking if not key.endswith(".json")], [key for key in lacking if key.endswith(".json")]]

    def copy(key: str) -> None:
        data = source.get(key)
        if data is not None:
            target.put_hint(key, data)

    with ThreadPoolExecutor(_THREADS) as pool:
        for keys in parts:
            list(pool.map(copy, keys))
    if target.get(_PUBLISHED) is None:  # else tables of other engines may name these files, and the next `publish` removes them
        for key in sorted(there - have, key=lambda key: not key.endswith(".json")):
            target.remove_hint(key)
    return len(lacking)


def _last(key: str) -> float:
    """Return the last record that a derived file covers; of what is no such file, more than there can be."""
    found = _RANGE.fullmatch(key)
    return int(found[2]) if found else float("inf")
