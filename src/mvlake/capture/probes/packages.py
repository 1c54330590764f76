"""Packages: every installed distribution and its version, read once and again when something is installed."""

import os
import re
import sys
from importlib.metadata import distributions

_cache: tuple[tuple[tuple[str, int], ...], dict[str, str]] | None = None


def packages() -> dict[str, str]:
    """Return normalised names (PEP 503) and versions, sorted; what has broken metadata is left out."""
    global _cache  # a cache of what the disk says, keyed by the disk's own change times
    stamps = _stamps()
    if _cache is None or _cache[0] != stamps:
        _cache = (stamps, _read())
    return dict(_cache[1])


def normalised(name: str) -> str:
    """Return a distribution's name in the one form that compares.

    >>> normalised("Scikit_Learn")
    'scikit-learn'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def _read() -> dict[str, str]:
    found: dict[str, str] = {}
    every = iter(distributions())
    while True:
        # Half-removed packages and strangers' finders break in many ways, and then say nothing.
        try:
            distribution = next(every, None)
            if distribution is None:
                break
            name, version = distribution.metadata["Name"], distribution.version
        except Exception:  # noqa: BLE001, S112
            continue
        if type(name) is str and type(version) is str:
            found.setdefault(normalised(name), version)  # the first on the path is the one that is imported
    return dict(sorted(found.items()))


def _stamps() -> tuple[tuple[str, int], ...]:
    """Return when each folder of the import path last gained or lost an entry."""
    stamps = []
    for folder in sys.path:
        try:
            stamps.append((folder, os.stat(folder or ".").st_mtime_ns))  # noqa: PTH116 - a Path for each would cost more
        except (OSError, TypeError, ValueError):
            continue
    return tuple(stamps)
