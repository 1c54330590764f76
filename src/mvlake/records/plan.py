"""Plan: how a version is to run again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mvlake.records.asked import Extent

CHECK, EXACT = "check", "exact"


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked of a replay. `timeout` is in seconds for each cell, any time when 0; `runner` names what runs the cells.

    `notebook` is a file whose cells run in place of the recorded ones; `params` are values that the cells are to assign instead
    of their own; with `repeat` above 1 the version runs so many times, each with other random states.
    `is_trusted` is the word without which code of a version that this user did not make does not run.
    `env` is where: `check`, with what is installed, `exact`, with the recorded packages, or the path of another Python, or its
    folder.
    `memory` is what the kernel and its children may hold while a cell runs, in bytes, any amount when 0.
    `diagnose`: where it does not reproduce, experiments are made to find out why, while they are cheap.
    With `is_dry` nothing runs: it is only told what would.
    """

    timeout: int = 0
    runner: str = "papermill"
    cells: Extent = Extent.SLICE
    notebook: Path | None = None
    from_frames: bool = False
    params: Mapping[str, object] = field(default_factory=dict)
    repeat: int = 1
    is_trusted: bool = False
    env: str = CHECK
    memory: int = 0
    diagnose: bool = True
    is_dry: bool = False

    @property
    def is_usual(self) -> bool:
        """True where the version's own slice is to run, and nothing in its place."""
        return self.cells is Extent.SLICE and self.notebook is None and not self.from_frames and not self.params
