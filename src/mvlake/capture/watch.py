"""Watch: what a tracked cell is watched with."""

from dataclasses import dataclass, field

from mvlake.capture.directive import Directive
from mvlake.capture.displays import DisplayCopy
from mvlake.capture.facts.monitor import Monitor, Observed
from mvlake.capture.inputs import Held
from mvlake.capture.probes.git import GitProbe
from mvlake.capture.streams import StreamCopy
from mvlake.records.version import Origin


@dataclass(slots=True)
class Watch:
    """Streams, displays and git, under watch while the cell runs; and its inputs, held as they were before it."""

    directive: Directive
    origin: Origin
    held: dict[str, Held]
    displays: DisplayCopy
    git: GitProbe
    streams: dict[str, StreamCopy] = field(default_factory=lambda: {name: StreamCopy(name) for name in ("stdout", "stderr")})
    monitor: Monitor | None = None
    observed: tuple[Observed, ...] = ()

    def start(self) -> None:
        """Begin to copy what the cell prints and shows; all of it, or nothing."""
        try:
            for stream in self.streams.values():
                stream.start()
            self.displays.start()
            if self.monitor is not None:
                self.monitor.start()
        except BaseException:  # an interrupt, too: nobody would stop what has half begun
            self.stop()
            raise

    def stop(self) -> tuple[dict[str, str], tuple[bytes, ...]]:
        """Put everything back, and return what was printed, by stream, and the pictures shown."""
        self.observed = self.monitor.stop() if self.monitor is not None else ()
        pictures = self.displays.stop()
        return {name: text for name, stream in self.streams.items() if (text := stream.stop())}, pictures
