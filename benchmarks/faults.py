"""Faults: how often the fault harness of the tests lets something go wrong at a call to the disk, and how often anything was lost."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.scale import Scale

HERE = Path(__file__).resolve().parent.parent / "tests" / "faults"
DEATHS = ("die", "tear")
NAMES = "from harness.scenarios import SCENARIOS; print(*SCENARIOS)"


def faults(scale: Scale) -> list[Figure]:
    """Every fault at every call of every verb that writes; at the small scale they are only counted."""
    names = _run("-c", NAMES).split()
    with tempfile.TemporaryDirectory() as folder:
        program = (
            ["-m", "harness.sweep", folder, *names] if scale.is_isolated else ["-m", "harness.sweep", folder, "--count", *names]
        )
        swept = [json.loads(line) for line in _run(*program).splitlines()]
    done = "tried" if scale.is_isolated else "to try"
    deaths = sum(count for one in swept for kind, count in one["points"].items() if kind in DEATHS)
    others = sum(count for one in swept for count in one["points"].values()) - deaths
    figures = [
        Figure(f"faults {done}: the process is killed at a call", deaths, None, len(swept), "times"),
        Figure(f"faults {done}: a call fails, or does half of it", others, None, len(swept), "times"),
    ]
    if scale.is_isolated:
        failed = sum(len(one["failures"]) for one in swept)
        figures.append(Figure("faults after which something was lost, half or stuck", failed, 0, deaths + others, "times"))
    return figures


def _run(*words: str) -> str:
    path = os.pathsep.join([str(HERE), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]).rstrip(os.pathsep)
    done = subprocess.run(
        [sys.executable, *words], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout
