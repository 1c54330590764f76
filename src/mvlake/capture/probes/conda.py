"""Conda: the packages of a conda environment, from the names of the files in which conda notes them."""

import os
from pathlib import Path

from mvlake.records.environment import CondaPackage

_MOST = 5_000
_cache: tuple[str, int, tuple[CondaPackage, ...]] | None = None


def conda_packages(prefix: Path) -> tuple[CondaPackage, ...]:
    """Return what is installed below this prefix, sorted; nothing where it is no conda environment."""
    global _cache  # a cache of what the disk says, keyed by the disk's own change time
    folder = prefix / "conda-meta"
    try:
        stamp = folder.stat().st_mtime_ns
    except OSError:
        return ()
    if _cache is None or _cache[:2] != (str(folder), stamp):
        _cache = (str(folder), stamp, _read(folder))
    return _cache[2]


def package_of(file: str) -> CondaPackage | None:
    """Return the package that a file of conda's is about.

    >>> package_of("mkl-service-2.4.0-py311h5eee18b_1.json")
    CondaPackage(name='mkl-service', version='2.4.0', build='py311h5eee18b_1')
    """
    name, _, build = file.removesuffix(".json").rpartition("-")
    name, _, version = name.rpartition("-")
    return CondaPackage(name, version, build) if name and file.endswith(".json") and file.isprintable() else None


def _read(folder: Path) -> tuple[CondaPackage, ...]:
    try:
        files = sorted(os.listdir(folder))[:_MOST]  # noqa: PTH208 - names are all that is wanted
    except OSError:
        return ()
    return tuple(found for file in files if (found := package_of(file)) is not None)
