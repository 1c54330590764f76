"""Notebook order: which cells a saved notebook has, with what text, in which order, and when it was saved."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mvlake.records.standard_json import loads

_LARGEST = 16 << 20


@dataclass(frozen=True, slots=True)
class SavedNotebook:
    """`places` and `sources` go by the ids of code cells; `saved_at` is in seconds since 1970."""

    places: Mapping[str, int]
    sources: Mapping[str, str]
    saved_at: float


def saved_notebook(path: str) -> SavedNotebook | None:
    """Return what the file of a notebook says; None where it cannot be read, or says nothing of its cells' ids."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a path as text is what there is
        if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
            return None
        return _read(path, found.st_ino, found.st_mtime_ns, found.st_size)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=1)
def _read(path: str, _inode: int, changed: int, _size: int) -> SavedNotebook | None:
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - as above
            cells = loads(file.read())["cells"]
        told = [(one["id"], _text(one["source"])) for one in cells if one["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if any(type(name) is not str for name, _ in told):
        return None
    return SavedNotebook({name: place for place, (name, _) in enumerate(told)}, dict(told), changed / 1e9)


def _text(source: Any) -> str:
    return source if type(source) is str else "".join(source)
