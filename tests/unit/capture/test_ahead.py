"""Loading ahead, on a real event loop."""

import asyncio
import subprocess
import sys

from mvlake.capture.ahead import Ahead
from mvlake.capture.boundary import Boundary

FRESH = """
import asyncio, sys
from mvlake.capture.ahead import Ahead
from mvlake.capture.boundary import Boundary

async def wait():
    busy = [True]
    ahead = Ahead(Boundary().guard, lambda: bool(busy))
    ahead.start()
    await asyncio.sleep(0.5)
    print("mvlake.capture.tracker" in sys.modules, "mvlake.lake.lake" in sys.modules)
    busy.clear()
    while ahead._waiting:
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)
    print("mvlake.capture.tracker" in sys.modules, len(asyncio.all_tasks()))
    ours = set(sys.modules)
    import mvlake.capture.tracker
    print(set(sys.modules) - ours)
    print({"pandas", "numpy", "pyarrow", "duckdb"} & set(sys.modules))

asyncio.run(wait())
"""


def test_all_is_loaded_while_nothing_runs():
    done = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == ["False False", "True 1", "set()", "set()"]
    assert done.stderr == ""


def test_without_a_loop_and_after_the_end_nothing_is_loaded():
    ahead = Ahead(Boundary().guard, lambda: False)
    ahead.start()
    assert ahead._waiting == []

    async def stopped():
        ahead = Ahead(Boundary().guard, lambda: False)
        ahead.start()
        ahead.stop()
        await asyncio.sleep(0.4)
        return ahead._waiting

    assert asyncio.run(stopped()) == []
