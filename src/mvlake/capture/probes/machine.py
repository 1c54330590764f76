"""Machine: operating system, C library, processor, memory, container: read from files that the system keeps, once."""

import os
import platform
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from mvlake.records.environment import Environment

_MOST = 1 << 16
# What makes libraries choose another way to calculate, and so other last digits.
_FEATURES = frozenset(
    (
        *("sse2", "ssse3", "sse4_1", "sse4_2", "avx", "avx2", "fma", "f16c", "avx_vnni", "amx_tile", "amx_bf16", "amx_int8"),
        *("avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni", "avx512_bf16", "avx512_fp16"),
        *("neon", "asimd", "asimdhp", "asimddp", "sve", "sve2", "bf16", "i8mm", "vsx"),
    )
)
_LIMITS = "/sys/fs/cgroup"
_IMAGES = ("JUPYTER_IMAGE", "JUPYTER_IMAGE_SPEC", "CONTAINER_IMAGE")
_ENGINES = ("kubepods", "docker", "containerd", "libpod", "podman", "lxc", "garden")


@cache
def machine() -> Environment:
    """Return what does not change while the process lives; all the rest is empty."""
    described = processor(read("/proc/cpuinfo"))
    return replace(
        unread_machine(),
        processor=described[0] or platform.machine(),
        distribution=distribution(read("/etc/os-release")),
        libc=" ".join(platform.libc_ver()).strip(),
        features=described[1],
        memory=memory(
            read("/proc/meminfo"), read("/sys/fs/cgroup/memory.max") or read("/sys/fs/cgroup/memory/memory.limit_in_bytes")
        ),
        container=container(Path("/"), os.environ),
    )


def unread_machine() -> Environment:
    """Return what is known without looking at the disk."""
    return Environment(
        python=platform.python_version(),
        implementation=platform.python_implementation(),
        platform=f"{platform.system()} {platform.release()}",
        machine=platform.machine(),
        processor=platform.machine(),
        cpus=_cpus(),
        packages={},
    )


def read(path: str | Path) -> str:
    """Return the beginning of a small file of the system's, empty where there is none."""
    try:
        with Path(path).open(encoding="utf-8", errors="replace") as file:
            return file.read(_MOST)
    except OSError:
        return ""


def processor(cpuinfo: str) -> tuple[str, tuple[str, ...]]:
    r"""Return the processor's name and the features that matter, from /proc/cpuinfo; both empty where it does not say.

    >>> processor("model name\t: EPYC\nflags\t\t: fpu avx2 fma\n\n")
    ('EPYC', ('avx2', 'fma'))
    """
    name, features = "", frozenset[str]()
    for line in cpuinfo.splitlines():
        key, _, value = line.partition(":")
        word = key.strip()
        if word in ("model name", "Model", "cpu model"):
            name = name or value.strip()
        elif word in ("flags", "Features"):
            features = features or _FEATURES.intersection(value.split())
    return name, tuple(sorted(features))


def distribution(release: str) -> str:
    r"""Return the name of the distribution of Linux, from /etc/os-release.

    >>> distribution('ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')
    'Debian GNU/Linux 12 (bookworm)'
    """
    pairs = dict(line.partition("=")[::2] for line in release.splitlines())
    return pairs.get("PRETTY_NAME", pairs.get("NAME", "")).strip("\"'")


def memory(meminfo: str, limit: str) -> int:
    r"""Return how many bytes this process may use: all that there is, or the limit of its container where that is less.

    >>> memory("MemTotal:       2048 kB\n", "1048576\n"), memory("MemTotal:       2048 kB\n", "max\n")
    (1048576, 2097152)
    """
    total = 0
    for line in meminfo.splitlines():
        words = line.split()
        if words[:1] == ["MemTotal:"] and len(words) > 1 and words[1].isdigit():
            total = int(words[1]) << 10
    capped = int(limit) if limit.strip().isdigit() else 0
    return min(one for one in (total, capped) if one) if total or capped else 0


def container(root: Path, variables: Mapping[str, str]) -> str:
    """Return the container's engine, and its image where that is told; empty outside of one."""
    podman = read(root / "run/.containerenv")
    named = [line.partition("=")[2].strip("\"' ") for line in podman.splitlines() if line.startswith("image=")]
    groups = read(root / "proc/1/cgroup") + read(root / "proc/self/cgroup")
    engine = next((one for one in _ENGINES if one in groups), "")
    if "KUBERNETES_SERVICE_HOST" in variables or engine == "kubepods":
        engine = "kubernetes"
    elif (root / "run/.containerenv").exists():
        engine = "podman"
    elif (root / ".dockerenv").exists():
        engine = engine or "docker"
    image = next((variables[one] for one in _IMAGES if variables.get(one)), "") or next(iter(named), "")
    return " ".join(part for part in (engine, image if image.isprintable() else "") if part)[:300]


def _cpus() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1
