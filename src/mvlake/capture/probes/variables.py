"""Variables: the environment variables that are kept with their values: a fixed list, and nothing of any other."""

import os
from collections.abc import Mapping
from pathlib import Path

from mvlake.records.environment import Variable

ALLOWED = (
    "PYTHONHASHSEED",
    "OMP_NUM_THREADS", "OMP_DYNAMIC", "OMP_SCHEDULE", "OMP_PROC_BIND", "OMP_PLACES", "OMP_THREAD_LIMIT",
    "KMP_AFFINITY", "KMP_BLOCKTIME", "KMP_DETERMINISTIC_REDUCTION",
    "MKL_NUM_THREADS", "MKL_DYNAMIC", "MKL_CBWR", "MKL_THREADING_LAYER", "MKL_ENABLE_INSTRUCTIONS",
    "OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE", "GOTO_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS", "NUMEXPR_MAX_THREADS", "NUMBA_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS",
    "CUDA_VISIBLE_DEVICES", "CUDA_LAUNCH_BLOCKING", "CUBLAS_WORKSPACE_CONFIG", "NVIDIA_TF32_OVERRIDE",
    "TF_DETERMINISTIC_OPS", "TF_CUDNN_DETERMINISTIC", "TF_ENABLE_ONEDNN_OPTS", "PYTORCH_ENABLE_MPS_FALLBACK",
    "TZ", "LANG", "LANGUAGE", "LC_ALL", "LC_COLLATE", "LC_CTYPE", "LC_MONETARY", "LC_NUMERIC", "LC_TIME",
    "PYTHONPATH", "CONDA_DEFAULT_ENV", "VIRTUAL_ENV",
)  # fmt: skip
_MAX = 200


def variables(environment: Mapping[str, str] | None = None) -> tuple[Variable, ...]:
    """Return the allowed variables that are set. Of a path no more is told than what lies below this folder, or its last part."""
    found = os.environ if environment is None else environment
    told = ((name, _told(name, found[name])) for name in ALLOWED if name in found)
    return tuple(Variable(name, value) for name, value in told if len(value) <= _MAX and value.isprintable())


def _told(name: str, value: str) -> str:
    if name == "PYTHONPATH":
        return os.pathsep.join(_relative(one) for one in value.split(os.pathsep) if one)
    return Path(value).name if name in ("VIRTUAL_ENV", "CONDA_DEFAULT_ENV") else value


def _relative(path: str) -> str:
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except (ValueError, OSError):
        return f"…/{Path(path).name}" if Path(path).is_absolute() else path
