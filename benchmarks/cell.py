"""Cell: what tracking adds to the user's wait for a small cell."""

import tempfile
import time

from benchmarks.figure import Figure, p50, p95
from benchmarks.kernel import Kernel

RUNS = 60
_REST = 3.0
CELL = "rate = {number}\nscores = [rate * n for n in range(10)]\nmean = sum(scores) / len(scores)"


def _first(rest: float) -> float:
    """The wait for the first tracked cell of a kernel that has been idle since the extension was loaded."""
    with tempfile.TemporaryDirectory() as folder, Kernel(folder) as kernel:
        kernel.run("%load_ext mvlake")
        time.sleep(rest)
        return kernel.wait_for("%%track bench\n" + CELL.format(number=0))


def small_cell() -> list[Figure]:
    """The wait for a small cell with and without %%track, in turns, in one kernel."""
    plain, tracked = [], []
    rested = _first(rest=_REST)
    with tempfile.TemporaryDirectory() as folder, Kernel(folder) as kernel:
        kernel.run("%load_ext mvlake")
        first = kernel.wait_for("%%track bench\n" + CELL.format(number=0))
        for number in range(1, RUNS + 1):
            plain.append(kernel.wait_for(CELL.format(number=number)))
            tracked.append(kernel.wait_for("%%track bench\n" + CELL.format(number=number)))
    added = [ours - p50(plain) for ours in tracked]
    return [
        Figure("a tracked small cell: added to the wait (p50)", p50(added), 25, RUNS),
        Figure("a tracked small cell: added to the wait (p95)", p95(added), None, RUNS),
        Figure(
            "the first tracked cell of a kernel, at once after loading (opens the lake, reads the environment)",
            first - p50(plain),
            200,
            1,
        ),
        Figure(f"the first tracked cell of a kernel, {_REST:g} s after loading", rested - p50(plain), 200, 1),
        Figure("for comparison: the same cell untracked (p50)", p50(plain), None, RUNS),
    ]
