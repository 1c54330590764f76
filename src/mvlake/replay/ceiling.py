"""Ceiling: what a kernel and its children may hold in memory together, watched from outside of the cell."""

import importlib
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from mvlake.lake.keeping import size_text
from mvlake.lake.processes import children, resident
from mvlake.replay.kernel import Manager

_PAUSE = 0.1  # seconds between two looks
_AHEAD = 4  # times the ceiling may be asked for, touched or not: beyond that the cell gets a MemoryError
_SHARED_OUT = re.compile(rb"^Pss:\s+([0-9]+) kB", re.MULTILINE)


class Ceiling:
    """Ends a kernel that holds more than it may; `reached` then says how much it held."""

    def __init__(self, manager: Manager, limit: int) -> None:
        self._manager, self._limit = manager, limit
        self._is_over = Event()
        self._guarded: int | None = None
        self.reached = ""

    def watch(self) -> None:
        """Look now and then, until it is over."""
        while not self._is_over.wait(_PAUSE):
            process = self._manager.process
            if process is None:
                continue
            if process != self._guarded:
                self._guard(process)
            self._look(process)

    def stop(self) -> None:
        """Look no more."""
        self._is_over.set()

    def _guard(self, process: int) -> None:
        """Let the system refuse what is far beyond, and choose this process first should it run out of memory itself."""
        self._guarded = process
        if sys.platform == "linux":
            import resource

            most = self._limit * _AHEAD
            with suppress(OSError, ValueError):
                resource.prlimit(process, resource.RLIMIT_DATA, (most, most))
            with suppress(OSError):
                Path(f"/proc/{process}/oom_score_adj").write_text("1000", encoding="ascii")

    def _look(self, process: int) -> None:
        below = children(process)
        held = resident(process) + sum(one.memory for one in below.values())
        if held > self._limit and below:  # what processes share is counted once
            held = sum(_held_alone(one) for one in (process, *below))
        if held > self._limit:
            count = f" and {len(below)} processes of its own" if below else ""
            self.reached = f"the kernel{count} held {size_text(held)}, more than the {size_text(self._limit)} that it may"
            self._is_over.set()
            for one in (process, *below):
                with suppress(OSError):
                    os.kill(one, signal.SIGKILL)


def _held_alone(process: int) -> int:
    """Return what a process holds, of memory that it shares its part alone, where the system tells."""
    try:
        match = _SHARED_OUT.search(Path(f"/proc/{process}/smaps_rollup").read_bytes())
    except OSError:
        match = None
    return int(match[1]) << 10 if match else resident(process)


@contextmanager
def ceiling(manager: Manager, limit: int) -> Iterator[Ceiling]:
    """Watch a manager's kernel meanwhile, where there is a limit."""
    watched = Ceiling(manager, limit)
    if limit and sys.platform != "linux":
        importlib.import_module("psutil")  # ipykernel brings it; elsewhere nobody else tells
    thread = Thread(target=watched.watch, name="mvlake-ceiling", daemon=True)
    if limit:
        thread.start()
    try:
        yield watched
    finally:
        watched.stop()
        if limit:
            thread.join()
