"""Ahead: what the first tracked cells need is loaded while the kernel waits for its user, a little at a time.

On the kernel's own event loop and between cells: a thread would change `sys.modules` under the user's code. Where no loop runs, as
in a terminal, the first tracked cell loads all of it.
"""

import asyncio
from collections.abc import Callable
from importlib import import_module

_FIRST, _PAUSE = 0.3, 0.02  # seconds: cells that were sent together come first
# From the bottom up, so that none takes long by itself.
_MODULES = [
    "records.answers",
    "registry.ledger",
    "store.objects",
    "store.local",
    "redaction.redactor",
    "handlers.structures",
    "lake.guard",
    "lake.parts",
    "lake.open",
    "lake.preserve",
    "lake.commit",
    "lake.lake",
    "capture.probes.git",
    "capture.files.cell_files",
    "capture.facts.gathering",
    "capture.hints",
    "capture.shown",
    "capture.watch",
    "capture.gather",
    "capture.tracker",
    "handlers.plain",
    "compare.diff",
    "lake.compare",
]


class Ahead:
    """Loads one module after the other. `guard` is the boundary's, `is_busy` says that a cell is running."""

    def __init__(self, guard: Callable[[Callable[[], object]], Callable[[], None]], is_busy: Callable[[], bool]) -> None:
        self._guard, self._is_busy = guard, is_busy
        self._waiting = list(_MODULES)
        self._handle: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin when the kernel has been idle for a moment."""
        try:
            self._handle = asyncio.get_running_loop().call_later(_FIRST, self._step)
        except RuntimeError:  # no loop
            self._waiting.clear()

    def stop(self) -> None:
        """Load no more."""
        self._waiting.clear()
        if self._handle is not None:
            self._handle.cancel()

    def _step(self) -> None:
        if not self._waiting:
            return
        if not self._is_busy():
            name = f"mvlake.{self._waiting.pop(0)}"
            self._guard(lambda: import_module(name))()
        self._handle = asyncio.get_running_loop().call_later(_PAUSE, self._step)
