"""Pools: the libraries that calculate with threads (BLAS, OpenMP, torch), and with how many. Nothing is loaded to find out."""

import sys
from typing import Any

from mvlake.capture.randomness.loaded import loaded
from mvlake.records.environment import ThreadPool

# Libraries that bring thread pools along. Only when one more of them is loaded are there pools to look for anew.
_BRINGING = ("numpy", "scipy", "sklearn", "torch", "xgboost", "lightgbm", "numba", "polars", "cv2", "faiss", "tensorflow", "jax")
_cache: tuple[tuple[str, ...], Any] | None = None


def pools() -> tuple[ThreadPool, ...]:
    """Return the pools of the libraries that are loaded, sorted; without threadpoolctl only what NumPy and torch say themselves."""
    found: list[ThreadPool] = []
    try:
        found += _controlled() or _told_by_numpy()
        count = loaded("torch").get("get_num_threads")
        if count is not None:
            found.append(ThreadPool("torch", "torch", str(loaded("torch.version").get("__version__", "")), int(count())))
    except Exception:  # noqa: BLE001, S110 - a library that was unloaded meanwhile, a half-imported one
        pass
    return tuple(sorted(found, key=lambda one: (one.kind, one.name, one.version, one.threads)))


def _controlled() -> list[ThreadPool]:
    """Return what threadpoolctl sees, where a library has loaded it, as scikit-learn does. It loads nothing itself."""
    global _cache  # finding libraries takes milliseconds; asking those found for their threads, microseconds
    controller = loaded("threadpoolctl").get("ThreadpoolController")
    bringing = tuple(name for name in _BRINGING if name in sys.modules)
    if controller is None or not bringing:
        return []
    if _cache is None or _cache[0] != bringing:
        _cache = (bringing, controller())
    return [_pool(one) for one in _cache[1].info()]


def _pool(one: dict[str, Any]) -> ThreadPool:
    kind = str(one.get("user_api"))
    name = str(one.get("prefix") if kind == "openmp" else one.get("internal_api"))
    name = f"{name} {one['architecture']}" if one.get("architecture") else name
    return ThreadPool(kind, name, str(one.get("version") or ""), int(one.get("num_threads") or 0))


def _told_by_numpy() -> list[ThreadPool]:
    """Return the BLAS that NumPy was built with."""
    built = loaded("numpy.__config__").get("CONFIG", {}).get("Build Dependencies", {}).get("blas", {})
    return [ThreadPool("blas", str(built["name"]), str(built.get("version", "")))] if built.get("name") else []
