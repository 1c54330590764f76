"""Watch: what a tracked cell is watched with, and what was seen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mvlake.capture.displays import Display, DisplayCopy
from mvlake.capture.facts.monitor import Monitor, Observed
from mvlake.capture.inputs import Held
from mvlake.capture.logged import Log, close_cell, is_within, open_cell
from mvlake.capture.probes.git import GitProbe
from mvlake.capture.streams import StreamCopy
from mvlake.capture.usage.sampler import Sampler
from mvlake.capture.warned import WarningCopy
from mvlake.lake.directive import Directive
from mvlake.records.usage import Usage
from mvlake.records.version import Origin
from mvlake.records.warned import Warned


@dataclass(frozen=True, slots=True)
class Seen:
    """What a cell printed, by stream, showed, warned of and used. `more` displays are not kept; `peak_memory` may not be known."""

    streams: Mapping[str, str]
    displays: tuple[Display, ...]
    more: int
    warnings: tuple[Warned, ...]
    peak_memory: int | None
    usage: Usage | None


@dataclass(slots=True)
class Watch:
    """Streams, displays, warnings and git, under watch while the cell runs; and its inputs, held as they were before it."""

    directive: Directive
    origin: Origin
    held: dict[str, Held]
    displays: DisplayCopy | None
    warnings: WarningCopy
    git: GitProbe
    streams: dict[str, StreamCopy] = field(default_factory=lambda: {name: StreamCopy(name) for name in ("stdout", "stderr")})
    monitor: Monitor | None = None
    observed: tuple[Observed, ...] = ()
    log: Log | None = None
    sampler: Sampler = field(default_factory=Sampler)

    @classmethod
    def of(
        cls, shell: Any, directive: Directive, origin: Origin, held: dict[str, Held], git: GitProbe, monitor: Monitor | None = None
    ) -> "Watch":
        """Return a watch over what one shell shows."""
        displays = DisplayCopy(shell.display_pub, shell.displayhook)
        return cls(directive, origin, held, displays, WarningCopy(shell), git, monitor=monitor)

    @classmethod
    def of_run(cls, directive: Directive, git: GitProbe, log: Log, monitor: Monitor) -> "Watch":
        """Return a watch over a run, which shows nothing but what it prints; `log` tells its threads and tasks from others'."""

        def is_meant() -> bool:
            return is_within(log)

        streams = {name: StreamCopy(name, is_meant) for name in ("stdout", "stderr")}
        # From Python 3.12 on, a program that forks beside another thread is warned, and it is not our place to bring that about.
        sampler = Sampler(looks=False)
        return cls(directive, Origin.SCRIPT, {}, None, WarningCopy(None, is_meant), git, streams, monitor, log=log, sampler=sampler)

    def start(self) -> None:
        """Begin to copy what the cell prints and shows; all of it, or nothing."""
        try:
            for stream in self.streams.values():
                stream.start()
            if self.displays is not None:
                self.displays.start()
            if self.log is None:
                self.log = open_cell()
            if self.monitor is not None:
                self.monitor.start()
            self.warnings.start()
            self.sampler.start()
        except BaseException:  # an interrupt, too: nobody would stop what has half begun
            self.stop()
            raise

    def stop(self) -> Seen:
        """Put everything back, and return what was seen."""
        self.observed = self.monitor.stop() if self.monitor is not None else ()
        if self.log is not None:
            close_cell(self.log)
        warned = self.warnings.stop()
        displays, more = self.displays.stop() if self.displays is not None else ((), 0)
        streams = {name: text for name, stream in self.streams.items() if (text := stream.stop())}
        return Seen(streams, displays, more, warned, *self.sampler.stop())
