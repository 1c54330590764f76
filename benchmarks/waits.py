"""Waits: how long the user waits for a cell that reads or makes a large frame, and how fast it is durable in the background."""

import tempfile
from pathlib import Path

from benchmarks.figure import Figure, p50, p95
from benchmarks.kernel import Kernel
from benchmarks.scale import Scale

# The new frames come out of a builtin: a variable that held them would be an input.
_MAKE = """
import builtins, sys, time
sys.path.insert(0, {root!r})
from benchmarks.flights import flights
df = flights({rows}, {runs})
builtins.take = iter([flights({rows}, seed) for seed in range({runs})]).__next__
"""
_SIZE = "print(sum(int(df[c].array.nbytes) for c in df), end='')"
_DRAIN = "import mvlake\nlake = mvlake.Lake.open()\nstarted = time.perf_counter()\nlake.log()\nprint(time.perf_counter() - started, end='')"


def waits(scale: Scale) -> list[Figure]:
    """The wait for a cell that reads an unchanged frame, for one that makes a new one, and for the latter's version."""
    root, runs = str(Path(__file__).resolve().parent.parent), scale.repeats
    with tempfile.TemporaryDirectory() as folder, Kernel(folder) as kernel:
        kernel.run("%load_ext mvlake")
        kernel.run(_MAKE.format(root=root, rows=scale.rows, runs=runs))
        size = int(kernel.run(_SIZE))
        kernel.run("%%track warm\nlittle = df[:10]")
        made, durable = [], []
        for _ in range(runs):
            plain = kernel.wait_for("same = df.copy(deep=False)")
            made.append(kernel.wait_for("%%track make\nnew = take()") - plain)
            durable.append(size / 1e6 / (float(kernel.run(_DRAIN)) + made[-1] / 1e3))
        read = []
        for number in range(runs):
            plain = kernel.wait_for(f"rows = len(df) + {number}")
            read.append(kernel.wait_for(f"%%track read\nrows = len(df) + {number}") - plain)
            kernel.run(_DRAIN)
    mb = f"{scale.rows:,} by 19 columns, {size / 1e6:,.0f} MB"
    return [
        Figure(f"a tracked cell that reads an unchanged frame of {mb}: added to the wait (p50)", p50(read), 50, runs),
        Figure(f"a tracked cell that reads an unchanged frame of {mb}: added to the wait (p95)", p95(read), 50, runs),
        Figure(f"a tracked cell that makes a new frame of {mb}: added to the wait (p50)", p50(made), 150, runs),
        Figure(f"a tracked cell that makes a new frame of {mb}: added to the wait (p95)", p95(made), 150, runs),
        Figure("the same cell: until its version is durable", p50(durable), 600, runs, unit="MB/s", is_rate=True),
    ]
