"""Replay: what judging a version takes beyond papermill, which runs the same cells in the same run; and which part of it takes that."""

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
import papermill

from benchmarks.figure import Figure, p50
from benchmarks.kernel import Kernel
from benchmarks.scale import Scale
from mvlake.lake.lake import Lake
from mvlake.records.events import Verdict

FRAMES = (
    "import numpy as np\nimport pandas as pd\ngenerator = np.random.default_rng(7)",
    "df = pd.DataFrame({'x': generator.random({rows}), 'y': generator.random({rows})})",
    "slope = float((df.x * df.y).sum() / (df.x * df.x).sum())",
)
NOTEBOOKS = {
    "one cell that does next to nothing": ("x = [1]",),
    "20 quick cells": ("total = [0]", *(f"total.append(total[-1] + {step})" for step in range(18)), "last = [total[-1]]"),
    "3 cells with a frame": FRAMES,
}


@dataclass(frozen=True)
class Took:
    """Milliseconds: in all, for cells, and for what papermill does besides, which is to start a kernel."""

    whole: float
    cells: float
    start: float


def replay(scale: Scale) -> list[Figure]:
    """Replays of versions, and papermill running the same cells, in turns."""
    return [figure for what, cells in NOTEBOOKS.items() for figure in _one(what, cells, scale)]


def _one(what: str, cells: Sequence[str], scale: Scale) -> list[Figure]:
    cells = [cell.replace("{rows}", str(scale.rows // 5)) for cell in cells]
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory() as elsewhere:
        lake = _recorded(Path(place), cells)
        plain = Path(elsewhere) / "plain.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), plain)
        done = plain.with_name("done.ipynb")
        for _ in range(scale.repeats + 1):
            theirs.append(_took(lambda: _papermill(plain, done), done))
            ours.append(_took(lambda: _replay(lake, done), done))
    ours, theirs = ours[1:], theirs[1:]  # the first of each loads papermill

    def middle(took: Sequence[Took], of: Callable[[Took], float]) -> float:
        return p50([of(one) for one in took])

    def beyond(of: Callable[[Took], float]) -> float:
        return middle(ours, of) - middle(theirs, of)

    wholes = middle(ours, lambda one: one.whole), middle(theirs, lambda one: one.whole)
    return [
        Figure(f"replay of {what}, beyond papermill's own time (p50)", wholes[0] - wholes[1], 1000, scale.repeats),
        Figure("  all of it", wholes[0], None, scale.repeats, peers={"papermill alone": wholes[1]}),
        Figure("  of what is beyond: starting the kernel", beyond(lambda one: one.start), None, scale.repeats),
        Figure("  of what is beyond: the cells, and capture", beyond(lambda one: one.cells), None, scale.repeats),
        Figure(
            "  of what is beyond: before and after papermill",
            beyond(lambda one: one.whole - one.start - one.cells),
            None,
            scale.repeats,
        ),
    ]


def _recorded(place: Path, cells: Sequence[str]) -> Lake:
    with Kernel(str(place)) as kernel:
        kernel.run("%load_ext mvlake")
        for cell in cells[:-1]:
            kernel.run(cell)
        kernel.run("%%track bench\n" + cells[-1])
        kernel.run("%mv log")  # waits until the version is written: the kernel is killed at the end
    return Lake.open(place / "lake", create=False)


def _papermill(notebook: Path, done: Path) -> None:
    papermill.execute_notebook(str(notebook), str(done), kernel_name="python3", progress_bar=False)


def _replay(lake: Lake, done: Path) -> None:
    verdict = lake.replay("bench:latest", output=done, trust=True).replayed.verdict
    if verdict is not Verdict.IDENTICAL:
        raise RuntimeError(f"the replay's verdict is {verdict}")


def _took(work: Callable[[], None], done: Path) -> Took:
    """Do it, and say what it took, by the clock and by what papermill wrote into the executed notebook."""
    started = time.perf_counter()
    work()
    whole = (time.perf_counter() - started) * 1e3
    told = json.loads(done.read_text(encoding="utf-8"))
    cells = sum(cell["metadata"]["papermill"]["duration"] for cell in told["cells"]) * 1e3
    return Took(whole, cells, told["metadata"]["papermill"]["duration"] * 1e3 - cells)
