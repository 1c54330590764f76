"""Replay: what judging a version takes beyond papermill, which runs its cells."""

import tempfile
import time
from pathlib import Path

import nbformat
import papermill

from benchmarks.figure import Figure, p50
from benchmarks.kernel import Kernel
from benchmarks.scale import Scale
from mvlake.lake.lake import Lake
from mvlake.records.events import Verdict

CELLS = (
    "import numpy as np\nimport pandas as pd\ngenerator = np.random.default_rng(7)",
    "df = pd.DataFrame({'x': generator.random({rows}), 'y': generator.random({rows})})",
    "slope = float((df.x * df.y).sum() / (df.x * df.x).sum())",
)


def replay(scale: Scale) -> list[Figure]:
    """Replays of a version of three cells, and papermill running the same cells, in turns."""
    cells = [cell.replace("{rows}", str(scale.rows // 5)) for cell in CELLS]
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory() as elsewhere:
        with Kernel(place) as kernel:
            kernel.run("%load_ext mvlake")
            for cell in cells[:-1]:
                kernel.run(cell)
            kernel.run("%%track bench\n" + cells[-1])
            kernel.run("%mv log")  # waits until the version is written: the kernel is killed at the end
        lake = Lake.open(Path(place) / "lake", create=False)
        plain = Path(elsewhere) / "plain.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), plain)
        for _ in range(scale.repeats + 1):
            theirs.append(_wait(lambda: _papermill(plain)))
            ours.append(_wait(lambda: _replay(lake)))
    # The first of each loads papermill.
    added = p50(ours[1:]) - p50(theirs[1:])
    return [
        Figure("replay of a version, beyond papermill's own time (p50)", added, 1000, scale.repeats),
        Figure("replay of a version (p50)", p50(ours[1:]), None, scale.repeats, peers={"papermill alone": p50(theirs[1:])}),
    ]


def _papermill(notebook: Path) -> None:
    papermill.execute_notebook(str(notebook), str(notebook.with_name("done.ipynb")), kernel_name="python3", progress_bar=False)


def _replay(lake: Lake) -> None:
    verdict = lake.replay("bench:latest").replayed.verdict
    if verdict is not Verdict.IDENTICAL:
        raise RuntimeError(f"the replay's verdict is {verdict}")


def _wait(work) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1e3
