"""Packages: every installed distribution and its version, read once and again when something is installed."""

import os
import re
import sys
from importlib.metadata import Distribution, DistributionFinder

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
    for finder in list(sys.meta_path):
        find = getattr(finder, "find_distributions", _nothing)
        # Folder by folder: importlib trips over a path entry that cannot be one, and would say nothing of the others.
        for folder in list(sys.path):
            try:
                for distribution in find(DistributionFinder.Context(path=[folder])):
                    _note(found, distribution)
            except Exception:  # noqa: BLE001, S112 - a stranger's finder, or no folder
                continue
    return dict(sorted(found.items()))


def _nothing(_: DistributionFinder.Context) -> tuple[Distribution, ...]:
    return ()


def _note(found: dict[str, str], distribution: Distribution) -> None:
    try:
        metadata = distribution.metadata  # read once: each use parses the file
        name, version = (metadata[key] if key in metadata else None for key in ("Name", "Version"))  # noqa: SIM401 - no `get` before 3.12
    except Exception:  # noqa: BLE001 - half-removed packages break in many ways, and say nothing
        return
    if type(name) is str and type(version) is str:
        found.setdefault(normalised(name), version)  # the first on the path is the one that is imported


def _stamps() -> tuple[tuple[str, int], ...]:
    """Return when each folder of the import path last gained or lost an entry."""
    stamps = []
    for folder in sys.path:
        try:
            stamps.append((folder, os.stat(folder or ".").st_mtime_ns))  # noqa: PTH116 - a Path for each would cost more
        except (OSError, TypeError, ValueError):
            continue
    return tuple(stamps)
