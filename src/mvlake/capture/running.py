"""Running: one cell between its start and its end, with what must be remembered from the start."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from mvlake.capture.cell_facts import CellFacts
from mvlake.capture.directive import Directive
from mvlake.capture.displays import DisplayCopy
from mvlake.capture.inputs import Held
from mvlake.capture.probes.git import GitProbe
from mvlake.capture.streams import StreamCopy
from mvlake.records.moment import to_text
from mvlake.records.version import Origin


@dataclass(slots=True)
class Watch:
    """What a tracked cell is watched with."""

    directive: Directive
    origin: Origin
    held: dict[str, Held]
    displays: DisplayCopy
    git: GitProbe
    streams: dict[str, StreamCopy] = field(default_factory=lambda: {name: StreamCopy(name) for name in ("stdout", "stderr")})

    def start(self) -> None:
        """Begin to copy what the cell prints and shows."""
        for stream in self.streams.values():
            stream.start()
        self.displays.start()

    def stop(self) -> tuple[dict[str, str], tuple[bytes, ...]]:
        """Put everything back, and return what was printed, by stream, and the pictures shown."""
        pictures = self.displays.stop()
        return {name: text for name, stream in self.streams.items() if (text := stream.stop())}, pictures


@dataclass(slots=True)
class Running:
    """A cell under way. `info` is IPython's own object for it, by which its end is told from another's."""

    info: Any
    source: str
    facts: CellFacts
    before: dict[str, int]
    execution_count: int | None
    cell_id: str
    watch: Watch | None = None
    restored: frozenset[str] = frozenset()
    started_at: str = field(default_factory=lambda: to_text(datetime.now(UTC)))
    started: float = field(default_factory=time.perf_counter)

    @property
    def duration(self) -> float:
        """Seconds since the cell began."""
        return time.perf_counter() - self.started
