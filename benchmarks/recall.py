"""Recall: of 44 ways to read a file, and of 18 ways to change a frame in place, how many a version tells of."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.figure import Figure

_HERE = Path(__file__).parent


def recall() -> list[Figure]:
    """Return what was found of what is installed here, beside how many there are; what was missed is said on the error stream."""
    figures = []
    for sources, variables in (("all sources", {}), ("without the audit hook", {"MVLAKE_AUDIT": "off"})):
        told = run("read_recall", **variables)
        missed = [name for name, found in told["found"].items() if not found]
        _say("file-read recall", sources, missed, told["not installed"], told["errors"])
        found = sum(told["found"].values())
        goal = len(told["found"]) if not variables else None
        figures += [
            Figure(f"file-read recall, {sources}, of 44", found, goal, 1, "found", is_rate=True),
            Figure(f"  files named that were not read, {sources}", len(told["false"]), 0 if not variables else None, 1, "files"),
        ]
    return [*figures, *_mutations(sys.executable), *_mutations_on_pandas_2()]


def _mutations(python: str) -> list[Figure]:
    told = run("mutation_recall", python=python)
    missed = [name for name, found in told["found"].items() if not found]
    pandas = f"pandas {told['pandas']}"
    _say("mutation recall", pandas, missed, [], told["false"])
    return [
        Figure(f"mutation recall, {pandas}, of 18", sum(told["found"].values()), 18, 1, "found", is_rate=True),
        Figure(f"  reads taken for mutations, {pandas}", len(told["false"]), 0, 1, "cells"),
    ]


def _mutations_on_pandas_2() -> list[Figure]:
    python = _HERE.parent / ".venv-pandas2" / "bin" / "python"
    if python.exists():
        return _mutations(str(python))
    print("mutation recall, pandas 2: not measured, because `make peers` has not installed it", file=sys.stderr)
    return []


def run(program: str, *, python: str = sys.executable, **variables: str) -> dict:
    """Run one of the programs beside this file in a process of its own, and return what it prints last."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(_HERE.parent), os.environ.get("PYTHONPATH", "")]),
            "MVLAKE_LAKE": str(Path(folder) / "lake"),
            "IPYTHONDIR": str(Path(folder) / "ipython"),
            **variables,
        }
        project = Path(folder) / "project"
        project.mkdir()
        done = subprocess.run(
            [python, "-m", f"benchmarks.{program}"],
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])


def _say(what: str, how: str, missed: list[str], absent: list[str], more: list[str]) -> None:
    for said, names in (("missed", missed), ("not installed", absent), ("also", more)):
        if names:
            print(f"{what}, {how}: {said}: {', '.join(names)}", file=sys.stderr)
