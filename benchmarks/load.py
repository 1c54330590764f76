"""Load: what `%load_ext mvlake` takes in a kernel that has only just started."""

import os
import tempfile

from benchmarks.figure import Figure, p50
from benchmarks.kernel import Kernel

RUNS = 9
TIMED = "import time as _t\n_s = _t.perf_counter()\nget_ipython().run_line_magic('load_ext', '{}')\nprint((_t.perf_counter() - _s) * 1e3)"


def load_extension() -> list[Figure]:
    """`%load_ext mvlake` in fresh kernels, and an extension that does nothing."""
    ours, bare = [], []
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "nothing.py"), "w") as file:
            file.write("def load_ipython_extension(shell):\n    pass\n")
        for _ in range(RUNS):
            with Kernel(folder) as kernel:
                bare.append(float(kernel.run(TIMED.format("nothing"))))
                ours.append(float(kernel.run(TIMED.format("mvlake"))))
    added = p50(ours) - p50(bare)
    return [Figure("%load_ext mvlake, beyond an extension that does nothing (p50)", added, 100, RUNS)]
