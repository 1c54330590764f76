"""Sparing: papermill writes the whole notebook before and after each cell, which for many cells takes longer than running them."""

import time
from typing import Any

from papermill.engines import NotebookExecutionManager

from mvlake.lake.progress import Tell, tell_nobody
from mvlake.replay.running import Running

_SELDOM = 1.0  # seconds between two saves while all goes well
_SHARE = 20  # and no more of the time than one part of so many


class SparingManager(NotebookExecutionManager):  # type: ignore[misc]  # mypy is told to skip papermill
    """What papermill knows of a run, saved now and then, when a cell raises, and at the end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tell: Tell = tell_nobody
        self.running = Running(self.nb)
        self._is_sparing = False
        self._due = 0.0

    def save(self, **kwargs: Any) -> None:
        """Write the notebook, if it is time."""
        started = time.monotonic()
        if self._is_sparing and started < self._due:
            return
        super().save(**kwargs)
        ended = time.monotonic()
        self._due = ended + max(_SELDOM, (ended - started) * _SHARE)

    def cell_start(self, cell: Any, cell_index: int | None = None, **kwargs: Any) -> None:
        """Note that a cell begins."""
        self.running.note(self.nb, cell_index or 0)
        self.tell("cells run", cell_index or 0, len(self.nb.cells))
        self._sparingly(super().cell_start, cell, cell_index, **kwargs)

    def cell_complete(self, cell: Any, cell_index: int | None = None, **kwargs: Any) -> None:
        """Note that a cell has ended."""
        self._sparingly(super().cell_complete, cell, cell_index, **kwargs)

    def _sparingly(self, note: Any, *args: Any, **kwargs: Any) -> None:
        self._is_sparing = True
        try:
            note(*args, **kwargs)
        finally:
            self._is_sparing = False
