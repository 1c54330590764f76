"""Notebooks: what comparing the code of two notebooks takes, and how many lines it reports, beside nbdime (`nbdiff -s`) on the same two files.

The notebook is made up: cells of assignments and calls. Its later form has words edited in three cells, two new cells, one that is gone, and one
at another place.
"""

import json
import random
import shutil
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.figure import Figure, p50
from benchmarks.scale import Scale
from mvlake.compare.code import compare_code
from mvlake.records.dossier import Dossier
from mvlake.records.version import Cell, Names, Origin, Version
from mvlake.store.hashing import digest_of, source_digest

_RUNS = 5
_NAMES = [
    "frame",
    "rows",
    "model",
    "scores",
    "train",
    "test",
    "depth",
    "rate",
    "mean",
    "total",
    "part",
    "kept",
    "found",
    "column",
    "values",
    "weights",
    "labels",
    "batch",
]
_CELLS, _LINES = 80, 12
_NBDIME = "nbdiff"
_TIMED = """
import sys, time
import nbformat
from nbdime import diff_notebooks
a, b = (nbformat.read(path, as_version=4) for path in sys.argv[1:3])
diff_notebooks(a, b)
taken = []
for _ in range(int(sys.argv[3])):
    start = time.perf_counter()
    diff_notebooks(a, b)
    taken.append(time.perf_counter() - start)
print(sorted(taken)[len(taken) // 2] * 1000)
"""


def notebooks(_: Scale) -> list[Figure]:
    """Return time and lines of both."""
    before, after = made_up()
    a, b = _dossier(before), _dossier(after)
    compare_code(a, b)
    taken = []
    for _run in range(_RUNS):
        start = perf_counter()
        rows, _unread = compare_code(a, b)
        taken.append((perf_counter() - start) * 1000)
    lines = sum(line.op != " " for row in rows for line in row.lines)
    theirs = _nbdime(before, after)
    return [
        Figure("code of two notebooks compared", p50(taken), None, _RUNS, peers={"nbdime": theirs[0]} if theirs else {}),
        Figure("  lines reported as different", lines, None, 1, unit="lines", peers={"nbdime": theirs[1]} if theirs else {}),
    ]


def made_up() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the ids and texts of the cells of a notebook, before and after it was edited."""
    chosen = random.Random(7)

    def line() -> str:
        one, other, third = chosen.sample(_NAMES, 3)
        return f"{one} = {other}.{chosen.choice(_NAMES)}({third}, {chosen.choice(_NAMES)}={chosen.randint(1, 99)})"

    def cell(name: str) -> tuple[str, str]:
        return name, "\n".join(line() for _ in range(_LINES))

    before = [cell(f"cell-{place}") for place in range(_CELLS)]
    after = list(before)
    for place in (10, 30, 50):
        name, text = after[place]
        first, *rest = text.split("\n")
        after[place] = name, "\n".join([*rest[:4], first.replace("(", "(1 + "), *rest[4:]])
    after.insert(60, after.pop(20))
    del after[70]
    after[5:5] = [cell("new-1")]
    after[45:45] = [cell("new-2")]
    return before, after


def _nbdime(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> tuple[float, float] | None:
    """Return what nbdime takes in milliseconds, in a process that has loaded it, and the lines that it reports; None without it."""
    command = shutil.which(_NBDIME)
    if command is None:
        print("nbdime is not installed: make peers")
        return None
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("a.ipynb", "b.ipynb")]
        for file, cells in zip(files, (before, after), strict=True):
            file.write_text(json.dumps(_document(cells)), encoding="utf-8")
        python = Path(command).parent / "python"
        timed = subprocess.run([python, "-c", _TIMED, *files, str(_RUNS)], capture_output=True, text=True, check=True).stdout
        told = subprocess.run([command, "-s", "--no-color", *files], capture_output=True, text=True, check=False).stdout
    lines = [line for line in told.split("\n") if line.startswith(("+", "-")) and not line.startswith(("+++", "---"))]
    return float(timed), float(len(lines))


def _document(cells: list[tuple[str, str]]) -> dict[str, object]:
    told = [
        {"id": name, "cell_type": "code", "source": text, "metadata": {}, "outputs": [], "execution_count": None}
        for name, text in cells
    ]
    return {"cells": told, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _dossier(cells: list[tuple[str, str]]) -> Dossier:
    ran = tuple(Cell(source_digest(text), place, name) for place, (name, text) in enumerate(cells, 1))
    nothing = digest_of(b"")
    version = Version("bench", 1, None, nothing, Origin.CELL, ran, Names(), (), (), (), (), nothing, None, "", "", 0.0)
    return Dossier(version, "", "", tuple(text for _, text in cells), {}, None, {})
