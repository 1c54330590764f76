"""Evidence: what the sources noticed of one cell, weighed against each other.

Where a folder was watched throughout, a file there that nobody opened was not read, whatever the cell's text says.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mvlake.capture.files.noise import is_noise
from mvlake.capture.files.openings import Openings
from mvlake.capture.files.seen import SeenPlace
from mvlake.lake.stamp import stamp_of
from mvlake.records.files import Flow, FoundBy

if TYPE_CHECKING:
    from mvlake.capture.files.inotify import Touched

_TICK = 20_000_000  # nanoseconds by which a file system's clock may lag behind


@dataclass(frozen=True, slots=True)
class Evidence:
    """`covered` are the folders that were watched from the cell's beginning, `started` its moment in nanoseconds."""

    openings: Openings
    touched: Sequence["Touched"]
    covered: frozenset[str]
    started: int

    @property
    def _earliest(self) -> int:
        """The first moment that a file system's clock may give to what the cell writes."""
        return self.started - _TICK

    def of_python(self) -> Iterator[SeenPlace]:
        """Yield what Python opened."""
        for path, stamp in self.openings.reads.items():
            if path in self.openings.writes and stamp.modified >= self._earliest:
                continue  # the cell reads what it has just written
            problem = ""
            now = stamp_of(path)
            if now != stamp:
                problem = "it was deleted after it was read" if now is None else "it was changed after it was read"
            yield SeenPlace(path, self._given(path), Flow.READ, frozenset((FoundBy.OPENED,)), stamp=stamp, problem=problem)
            if now is not None and now != stamp and now.modified >= self._earliest and path not in self.openings.writes:
                yield SeenPlace(path, self._given(path), Flow.WRITTEN, frozenset((FoundBy.OPENED,)), stamp=now)
        for path in self.openings.writes:
            now = stamp_of(path)
            if now is not None and now.modified >= self._earliest:
                yield SeenPlace(path, self._given(path), Flow.WRITTEN, frozenset((FoundBy.OPENED,)), stamp=now)

    def of_watching(self) -> Iterator[SeenPlace]:
        """Yield what anybody opened in the folders under watch, but for what our own threads did."""
        written = self._written()
        for path in sorted(self._read() | written):
            now = None if is_noise(path) or path in self.openings.ours else stamp_of(path)
            if now is None or _is_hidden(path):
                continue
            if path in written:
                if now.modified >= self._earliest and path not in self.openings.writes:
                    yield SeenPlace(path, self._given(path), Flow.WRITTEN, frozenset((FoundBy.WATCHED,)), stamp=now)
            elif path not in self.openings.reads and path not in self.openings.writes:
                yield SeenPlace(path, self._given(path), Flow.READ, frozenset((FoundBy.WATCHED,)), stamp=now)

    def of_paths(self, paths: Mapping[str, str], way: FoundBy, *, problem: str = "") -> Iterator[SeenPlace]:
        """Yield those among some existing files of which nothing says that they were not used."""
        for path, given in paths.items():
            now = None if is_noise(path) else stamp_of(path)
            if now is None:
                continue
            is_known = path in self.openings.reads or path in self.openings.writes
            is_seen = path in self._read() or path in self._written()
            if is_known or (not is_seen and self._is_covered(path)):
                continue
            is_written = path in self._written() if is_seen else now.modified >= self.started
            direction = Flow.WRITTEN if is_written else Flow.READ
            yield SeenPlace(path, given, direction, frozenset((way,)), stamp=now, problem=problem)

    def _read(self) -> set[str]:
        return set().union(*(one.read for one in self.touched))

    def _written(self) -> set[str]:
        return set().union(*(one.written for one in self.touched))

    def _is_covered(self, path: str) -> bool:
        return os.path.dirname(path) in self.covered and not any(one.is_partial for one in self.touched)

    def _given(self, path: str) -> str:
        return self.openings.given.get(path, path)


def _is_hidden(path: str) -> bool:
    return os.path.basename(path).startswith(".")
