"""World, variables: the environment of a replay's kernel. What decides results is as it was recorded, the rest is as it is here."""

import re
from collections.abc import Mapping

from mvlake.records.environment import Environment, ThreadPool

_COUNTS = re.compile(r"[0-9]{1,5}(,[0-9]{1,5}){0,7}")
_WORD = re.compile(r"[A-Za-z0-9_.,:@+=-]{0,80}")
_HASH_SEED = re.compile(r"random|[0-9]|[1-9][0-9]{1,8}|[1-3][0-9]{9}|4[01][0-9]{8}")
_PLACES = re.compile(r"[A-Za-z0-9_ {}:,()-]{1,80}")
_ZONE = re.compile(r":?[A-Za-z0-9_+<>.,-]{1,40}(/[A-Za-z0-9_+-]{1,40}){0,2}")
_THREADS = {
    "openblas": "OPENBLAS_NUM_THREADS", "mkl": "MKL_NUM_THREADS", "blis": "BLIS_NUM_THREADS",
    "libgomp": "OMP_NUM_THREADS", "libiomp": "OMP_NUM_THREADS", "libomp": "OMP_NUM_THREADS",
}  # fmt: skip
_MOST_THREADS = 256

DECIDING: Mapping[str, re.Pattern[str]] = {
    "PYTHONHASHSEED": _HASH_SEED,
    **dict.fromkeys(
        (
            *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "BLIS_NUM_THREADS"),
            *("VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS", "NUMEXPR_MAX_THREADS", "NUMBA_NUM_THREADS"),
            *("POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "OMP_THREAD_LIMIT"),
        ),
        _COUNTS,
    ),
    **dict.fromkeys(
        (
            *("OMP_DYNAMIC", "OMP_SCHEDULE", "OMP_PROC_BIND", "KMP_BLOCKTIME", "KMP_DETERMINISTIC_REDUCTION"),
            *("MKL_DYNAMIC", "MKL_CBWR", "MKL_THREADING_LAYER", "MKL_ENABLE_INSTRUCTIONS", "OPENBLAS_CORETYPE"),
            *("CUDA_VISIBLE_DEVICES", "CUDA_LAUNCH_BLOCKING", "CUBLAS_WORKSPACE_CONFIG", "NVIDIA_TF32_OVERRIDE"),
            *("TF_DETERMINISTIC_OPS", "TF_CUDNN_DETERMINISTIC", "TF_ENABLE_ONEDNN_OPTS", "PYTORCH_ENABLE_MPS_FALLBACK"),
            *("LANG", "LANGUAGE", "LC_ALL", "LC_COLLATE", "LC_CTYPE", "LC_MONETARY", "LC_NUMERIC", "LC_TIME"),
        ),
        _WORD,
    ),
    **dict.fromkeys(("OMP_PLACES", "KMP_AFFINITY"), _PLACES),
    "TZ": _ZONE,
}
"""The variables that decide what a process calculates, with what their values may look like: no kernel starts with others."""


def variables_of(here: Mapping[str, str], recorded: Environment | None) -> dict[str, str]:
    """Return the variables of the kernel: those of `here`, but those that decide are the recorded ones, or absent as they were.

    Where nothing told how many threads a library was to use, it is told the number that it did use.
    """
    if recorded is None:
        return dict(here)
    told = {one.name: one.value for one in recorded.variables if _is_sound(one.name, one.value)}
    others = {name: value for name, value in here.items() if name not in DECIDING}
    return {**others, **_threads(recorded.pools), **told}


def _is_sound(name: str, value: str) -> bool:
    return name in DECIDING and DECIDING[name].fullmatch(value) is not None


def _threads(pools: tuple[ThreadPool, ...]) -> dict[str, str]:
    """Return how many threads each library is to use: the number that it did use, where all of its copies used the same."""
    counts: dict[str, set[int]] = {}
    for pool in pools:
        name = next((variable for word, variable in _THREADS.items() if word in pool.name.lower()), "")
        if name and 0 < pool.threads <= _MOST_THREADS:
            counts.setdefault(name, set()).add(pool.threads)
    return {name: str(min(found)) for name, found in counts.items() if len(found) == 1}
