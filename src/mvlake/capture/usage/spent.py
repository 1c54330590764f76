"""Spent: the processor time that a cell cost, in this process and its children, those that ended and those that still run."""

import os
from collections.abc import Mapping

from mvlake.lake import clock
from mvlake.lake.processes import Child, cpu_time

_TICKS = 0.02  # so exactly, in seconds, is the beginning of a process known


class Spent:
    """A count that begins at zero when it is made; `last` is what it was when it was last asked for."""

    def __init__(self) -> None:
        self._began, self._start = clock.steady(), cpu_time()
        self._before = 0.0  # of children that are older than the cell: what they had spent when they were first seen
        self._known: set[int] = set()
        self.last = 0.0

    def elapsed(self) -> float:
        """Return the seconds since it began."""
        return clock.steady() - self._began

    def so_far(self, children: Mapping[int, Child]) -> float:
        """Return the seconds of one processor that were spent. A child that ends is among those that the system has added up."""
        elapsed = self.elapsed()
        for number, child in children.items():
            if number not in self._known:
                self._known.add(number)
                self._before += child.cpu if child.age > elapsed + _TICKS else 0.0
        spent = cpu_time() - self._start + sum(child.cpu for child in children.values()) - self._before
        # A child that nobody waits for takes its time along; and no more can be spent than there are processors.
        self.last = min(max(spent, self.last), elapsed * (os.cpu_count() or 1))
        return self.last
