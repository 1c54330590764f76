"""Commit: one small version, durable, with fsync."""

import tempfile
import time

from benchmarks.figure import Figure, p50, p95
from mvlake.lake.lake import Lake
from mvlake.records.artifact import Role
from mvlake.records.draft import Draft, DraftCell
from mvlake.records.environment import Environment
from mvlake.records.facts import Param, ParamSource
from mvlake.records.version import Names, Origin

RUNS = 300
ENVIRONMENT = Environment("3.11", "CPython", "Linux", "x86_64", "any", 2, {f"package-{n}": "1.0" for n in range(200)})


def _draft(lake: Lake, number: int) -> Draft:
    return Draft(
        name="bench",
        parent=None,
        origin=Origin.CELL,
        cells=(DraftCell("import math"), DraftCell(f"%%track bench\nx = [{number}]", is_tracked=True)),
        names=Names(bound=("x",)),
        params=(Param("number", number, ParamSource.LITERAL),),
        metrics=(),
        artifacts=(lake.preserve(Role.OUTPUT, "x", [number]),),
        omitted=(),
        environment=ENVIRONMENT,
        git=None,
        notebook="",
        started_at="2026-01-01T00:00:00.000000Z",
        duration=0.0,
    )


def commits(place: str, count: int) -> list[float]:
    """Return how long each of so many commits into a lake took, in milliseconds."""
    lake, samples = Lake.open(place), []
    first = lake.latest("bench") or 0
    for number in range(first, first + count):
        draft = _draft(lake, number)
        started = time.perf_counter()
        lake.commit(draft)
        samples.append((time.perf_counter() - started) * 1e3)
    return samples


def commit() -> list[Figure]:
    """Commits of small versions into a lake on disk, one after another."""
    with tempfile.TemporaryDirectory() as folder:
        samples = commits(folder, RUNS)
    return [
        Figure("commit of a small version, durable (p50)", p50(samples), 2, RUNS),
        Figure("commit of a small version, durable (p95)", p95(samples), None, RUNS),
    ]
