"""Ours: what mvlake needs for one edit of the large frame. `python -m benchmarks.ours ROWS EDIT` prints it for a program.

A process of its own for each edit, as each edit has one kernel of its own: it has kept the frame, and now keeps the edited one.
"""

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from benchmarks.commit import ENVIRONMENT
from benchmarks.edits import edits
from benchmarks.flights import flights
from benchmarks.spent import Spent, spend
from mvlake.lake.lake import Lake
from mvlake.records.artifact import Omission, Role
from mvlake.records.draft import Draft, DraftCell
from mvlake.records.version import Names, Origin

NAME = "flights"
COMPARED = 3


def keep(lake: Lake, frame: pd.DataFrame) -> None:
    """Commit a version whose one artifact is the frame. Raises RuntimeError when the frame was not taken."""
    artifact = lake.preserve(Role.OUTPUT, NAME, frame)
    if isinstance(artifact, Omission):
        raise RuntimeError(artifact.reason)  # noqa: TRY004 - the type is an answer here
    number = lake.latest(NAME)
    cell = DraftCell(f"%%track {NAME}\nflights = edit(flights, {number})", is_tracked=True)
    draft = Draft(
        name=NAME,
        parent=number,
        origin=Origin.CELL,
        cells=(cell,),
        names=Names(bound=(NAME,)),
        params=(),
        metrics=(),
        artifacts=(artifact,),
        omitted=(),
        environment=ENVIRONMENT,
        git=None,
        notebook="",
        started_at="2026-01-01T00:00:00.000000Z",
        duration=0.0,
    )
    lake.commit(draft)


def measure(rows: int, what: str) -> dict[str, list[Spent]]:
    """Return what the first version took, what the edited one took, its comparison with the first, and restoring it."""
    frame = flights(rows)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        lake = Lake.open(folder)
        keep(lake, pd.DataFrame({"a": range(10), "b": ["x"] * 10}))  # what a kernel loads once is loaded now
        first = spend(lambda: keep(lake, frame), folder)
        frame = edits(rows)[what](frame)
        then = spend(lambda: keep(lake, frame), folder)
        compared = [spend(lambda: lake.compare(f"{NAME}:v2", f"{NAME}:v3"), folder) for _ in range(COMPARED)]
        restored: list[pd.DataFrame] = []
        restore = spend(lambda: restored.append(lake.load(f"{NAME}:v3", NAME)), folder)
    pd.testing.assert_frame_equal(restored[0], frame)
    return {"first": [first], "then": [then], "compared": compared, "restore": [restore]}


def main() -> None:
    found = measure(int(sys.argv[1]), sys.argv[2])
    print(json.dumps({what: [asdict(one) for one in spent] for what, spent in found.items()}))


if __name__ == "__main__":
    main()
