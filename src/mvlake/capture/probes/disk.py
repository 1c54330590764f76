"""Disk: what only the disk tells of the environment, read in a thread: a network folder that hangs must not hang the kernel."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from mvlake.capture.probes.conda import conda_packages
from mvlake.capture.probes.gpu import NO_GRAPHICS, Graphics, graphics
from mvlake.capture.probes.machine import machine
from mvlake.capture.probes.packages import Installed, installed
from mvlake.records.environment import CondaPackage, Environment

PATIENCE = 1.0  # seconds that a cell waits for a disk of which nothing is known
_PATIENCE_WITH_SLOW = 0.05


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What was read, and what was not."""

    machine: Environment | None = None
    installed: Installed | None = None
    graphics: Graphics = NO_GRAPHICS
    conda: tuple[CondaPackage, ...] = ()
    unknown: tuple[str, ...] = ()


class DiskReader:
    """Reads in the background. What does not answer in time is told as unknown, and is there when it has answered."""

    def __init__(self, read: Callable[[], OnDisk]) -> None:
        self._read = read
        self._last: OnDisk | None = None
        self._done: Event | None = None
        self._is_slow = False

    def known(self) -> OnDisk:
        """Return what the disk said last, without asking it."""
        return self._last or OnDisk()

    def start(self) -> None:
        """Begin to read, unless a reading is under way."""
        if self._done is not None and not self._done.is_set():
            return
        self._done = done = Event()
        try:
            Thread(target=self._work, args=(done,), name="mvlake-environment", daemon=True).start()
        except RuntimeError:  # no more threads, or the interpreter is going
            done.set()

    def collect(self, patience: float = PATIENCE) -> OnDisk:
        """Return what is there now; where the disk does not answer, what it said last."""
        self.start()
        assert self._done is not None
        if self._done.wait(_PATIENCE_WITH_SLOW if self._is_slow else patience):
            self._is_slow = False
            return self._last or OnDisk(unknown=("packages: they could not be read",))
        self._is_slow = True
        return self._last or OnDisk(unknown=(f"packages and hardware: the disk did not answer within {patience:g} s",))

    def _work(self, done: Event) -> None:
        try:
            self._last = self._read()
        except Exception as error:  # noqa: BLE001 - a probe never raises: whatever it is, it is the answer
            self._last = OnDisk(unknown=(f"packages and hardware: {type(error).__name__}: {error}"[:300],))
        finally:
            done.set()


def read_disk() -> OnDisk:
    """Return all that the disk tells."""
    return OnDisk(machine(), installed(), graphics(), conda_packages(Path(sys.prefix)))


reader = DiskReader(read_disk)
