"""Waits: how long the user waits for a cell that reads or makes a large frame, and how fast it is durable in the background."""

import tempfile
from pathlib import Path

from benchmarks.figure import Figure, p50
from benchmarks.kernel import Kernel
from benchmarks.scale import Scale

_MAKE = "import sys, time; sys.path.insert(0, {root!r})\nfrom benchmarks.flights import flights\nframes = [flights({rows}, seed) for seed in range({runs})]\ndf = frames[0]"
_SIZE = "print(sum(int(frames[0][c].array.nbytes) for c in frames[0]), end='')"
_DRAIN = "import mvlake\nlake = mvlake.Lake.open()\nstarted = time.perf_counter()\nlake.log()\nprint(time.perf_counter() - started, end='')"


def waits(scale: Scale) -> list[Figure]:
    """The wait for a cell that reads an unchanged frame, for one that makes a new one, and for the latter's version."""
    root, runs = str(Path(__file__).resolve().parent.parent), scale.repeats
    with tempfile.TemporaryDirectory() as folder, Kernel(folder) as kernel:
        kernel.run("%load_ext mvlake")
        kernel.run(_MAKE.format(root=root, rows=scale.rows, runs=runs))
        size = int(kernel.run(_SIZE))
        kernel.run("%%track warm\nx = 1")
        made, durable = [], []
        for number in range(runs):
            plain = kernel.wait_for(f"same_{number} = frames[{number}]")
            made.append(kernel.wait_for(f"%%track make\nnew = frames[{number}]; name = {number}") - plain)
            durable.append(size / 1e6 / (float(kernel.run(_DRAIN)) + made[-1] / 1e3))
        read = []
        for number in range(runs):
            plain = kernel.wait_for(f"rows = len(df) + {number}")
            read.append(kernel.wait_for(f"%%track read\nrows = len(df) + {number}") - plain)
            kernel.run(_DRAIN)
    mb = f"{size / 1e6:,.0f} MB"
    return [
        Figure(f"a tracked cell that reads an unchanged frame of {mb}: added to the wait (p50)", p50(read), 50, runs),
        Figure(f"a tracked cell that makes a new frame of {mb}: added to the wait (p50)", p50(made), 150, runs),
        Figure("the same cell: until its version is durable", p50(durable), 600, runs, unit="MB/s", is_rate=True),
    ]
