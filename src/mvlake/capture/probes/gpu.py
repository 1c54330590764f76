"""GPU: graphics processors, their driver and CUDA, from what the driver's files and torch say, without starting CUDA."""

import re
from pathlib import Path
from typing import Any, NamedTuple

from mvlake.capture.probes.machine import read
from mvlake.capture.randomness.loaded import loaded
from mvlake.records.environment import Gpu
from mvlake.records.standard_json import loads

_MOST = 64


class Graphics(NamedTuple):
    """What the driver's files tell; empty where there are none."""

    gpus: tuple[Gpu, ...] = ()
    driver: str = ""
    cuda: str = ""


NO_GRAPHICS = Graphics()


def graphics(root: Path = Path("/")) -> Graphics:
    """Return what the driver's files tell. They say nothing of memory."""
    folder = root / "proc/driver/nvidia"
    driver = driver_of(read(folder / "version"))
    return Graphics(tuple(Gpu(name) for name in _models(folder / "gpus")), driver, _cuda(root))


def graphics_in_use() -> tuple[Gpu, ...]:
    """Return what torch knows once CUDA is in use: asking before would start it."""
    cuda = loaded("torch.cuda")
    if cuda.get("_initialized") is not True:
        return ()
    try:
        found = [cuda["get_device_properties"](place) for place in range(cuda["device_count"]())]
        return tuple(Gpu(str(one.name)[:100], int(one.total_memory)) for one in found)
    except Exception:  # noqa: BLE001 - a driver that fell over
        return ()


def driver_of(version: str) -> str:
    r"""Return the driver's version from the file in which it tells it.

    >>> driver_of("NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024\nGCC version: …")
    '550.54.15'
    """
    found = re.search(r"Kernel Module.*?\s(\d+\.\d+(?:\.\d+)?)\s", version.split("\n", 1)[0] + " ")
    return found[1] if found else ""


def model_of(information: str) -> str:
    r"""Return the name of a graphics processor from its file.

    >>> model_of("Model: \t\t NVIDIA A100-SXM4-40GB\nIRQ:   \t\t 85\n")
    'NVIDIA A100-SXM4-40GB'
    """
    found = re.search(r"^Model:[ \t]*(\S[^\n]*)$", information, re.MULTILINE)
    return found[1].strip()[:100] if found else ""


def _models(folder: Path) -> list[str]:
    try:
        cards = sorted(one.name for one in folder.iterdir())[:_MOST]
    except OSError:
        return []
    return [name for card in cards if (name := model_of(read(folder / card / "information")))]


def _cuda(root: Path) -> str:
    """Return the version of CUDA that torch was made with, or that is installed."""
    told = loaded("torch.version").get("cuda")
    if type(told) is str:
        return told
    try:
        document: Any = loads(read(root / "usr/local/cuda/version.json") or "{}")
        version = document["cuda"]["version"]
    except (ValueError, KeyError, TypeError):
        return ""
    return version[:40] if type(version) is str else ""
