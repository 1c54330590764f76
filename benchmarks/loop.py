"""Loop: a hot loop of the notebook's own Python, tracked and untracked, and the wait for a cell that reads a frame of a million rows."""

import tempfile

from benchmarks.figure import Figure, p50, p95
from benchmarks.kernel import Kernel
from benchmarks.scale import Scale

_LOOP = """
def hot(n):
    total = 0
    for i in range(n):
        total += i & 7
        counts[i & 7] += 1
    return total

counts = [0] * 8
started = clock()
hot({steps})
print(clock() - started, end='')"""
_FRAME = """
import numpy as np, pandas as pd
rng = np.random.default_rng(0)
million = pd.DataFrame({{f'c{{n}}': rng.random({rows}) for n in range(10)}})
for name in 'st':
    million[name] = rng.choice(['alpha', 'beta', 'gamma'], {rows})"""


def loop(scale: Scale) -> list[Figure]:
    """How many times as long a hot loop takes in a tracked cell: the best of several on each side, taken in turns."""
    steps, runs = scale.rows // 2, 7
    plain, tracked = [], []
    with tempfile.TemporaryDirectory() as folder, Kernel(folder) as kernel:
        kernel.run("%load_ext mvlake\nfrom time import perf_counter as clock")
        for _ in range(runs):
            plain.append(float(kernel.run(_LOOP.format(steps=steps))))
            tracked.append(float(kernel.run("%%track hot\n" + _LOOP.format(steps=steps))))
    return [
        Figure("a hot Python loop in a tracked cell, times its untracked time", min(tracked) / min(plain), 1.05, runs, unit="times")
    ]


def million_rows(scale: Scale) -> list[Figure]:
    """The wait that tracking adds to a cell that reads an unchanged frame of 12 columns."""
    rows, runs = min(scale.rows, 1_000_000), 20
    added = []
    with tempfile.TemporaryDirectory() as folder, Kernel(folder) as kernel:
        kernel.run("%load_ext mvlake")
        kernel.run(_FRAME.format(rows=rows))
        kernel.run("%%track warm\nlittle = million[:10]")
        for number in range(runs):
            plain = kernel.wait_for(f"n = len(million) + {number}")
            added.append(kernel.wait_for(f"%%track read\nn = len(million) + {number}") - plain)
            kernel.run("%mv status")
    what = f"a tracked cell that reads an unchanged frame of {rows:,} by 12 columns: added to the wait"
    return [Figure(f"{what} (p50)", p50(added), 50, runs), Figure(f"{what} (p95)", p95(added), 50, runs)]


_COPY = """
import copy, time
nested = {{n: {{'a': [1, 2, {{'b': n}}]}} for n in range({size})}}
def once():
    started = time.perf_counter()
    copy.deepcopy(nested)
    return time.perf_counter() - started
print(min(once() for _ in range(15)), end='')"""


def audited(scale: Scale) -> list[Figure]:
    """How many times as long `copy.deepcopy` takes in a kernel that is watched: it asks for many addresses, each an audit event."""
    code = _COPY.format(size=scale.rows // 1_000)
    with tempfile.TemporaryDirectory() as folder, Kernel(folder) as kernel:
        plain = float(kernel.run(code))
        kernel.run("%load_ext mvlake")
        kernel.run("pass")
        watched = float(kernel.run(code))
    what = "`copy.deepcopy` of plain dictionaries in a kernel that is watched, times as long as before"
    return [Figure(what, watched / plain, 1.05, 15, unit="times")]
