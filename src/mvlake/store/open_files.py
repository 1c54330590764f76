"""Open files: descriptors that are kept while a frame is read, so that each of its chunks is one `pread`.

Not a memory map: a file that somebody truncates after it was mapped ends the kernel with SIGBUS, where a read comes back short
(docs/design/0019). Descriptors are kept no longer than the reading lasts: an open file that is deleted keeps its space from being
free, and on NFS its folder from going.
"""

import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL
from typing import TypeAlias

MOST = 32
LARGEST = 1 << 30
"""More is not read at once from a kept descriptor: one call gives no more than 2 GiB, on macOS less."""

# A link planted in a shared lake must not lead out of it, nor a pipe hold up whoever opens it.
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
CAN_SHARE = hasattr(os, "pread")
"""False on Windows, where threads that read one descriptor would move each other's place."""

Stamp: TypeAlias = tuple[int, int, int, int, int]
"""What changes when a file does: device, inode, size, times of content and of status in nanoseconds."""


class OpenFile:
    """A descriptor that is closed when nobody has it any more: a thread may read it while another lets it go."""

    def __init__(self, path: str) -> None:
        self.descriptor = os.open(path, _READ)

    def stamp(self) -> Stamp:
        """Return what the file is now; OSError when it is no regular file."""
        status = os.fstat(self.descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(EINVAL, "it is no regular file")
        return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    def read(self, start: int, length: int | None) -> tuple[bytes, Stamp]:
        """Return bytes from a place (from the end when negative), fewer where the file ends; None means all that follow."""
        stamp = self.stamp()
        size = stamp[2]
        first = min(max(0, size + start) if start < 0 else start, size)
        # A length comes from a footer, which may ask for more than there is memory.
        wanted = size - first if length is None else min(length, size - first)
        if CAN_SHARE and wanted <= LARGEST:
            return os.pread(self.descriptor, wanted, first), self.stamp()
        with open(os.dup(self.descriptor), "rb") as file:  # noqa: PTH123 - of a descriptor
            file.seek(first)
            return file.read(wanted), self.stamp()

    def __del__(self) -> None:
        if "descriptor" in vars(self):
            with suppress(OSError):  # what was read is checked by whoever asked for it
                os.close(self.descriptor)


class OpenFiles:
    """The files that are kept open while at least one reading is under way: the latest, a few."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._files: dict[str, OpenFile] = {}
        self._readings = 0
        self._lock = threading.Lock()

    def _mine(self) -> threading.Lock:
        """Return the lock. A forked child begins anew: its parent's may be held for ever."""
        if self._pid != os.getpid():
            self._begin()
        return self._lock

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep what is opened from now on, until this and all other readings are over."""
        with self._mine():
            self._readings += 1
        try:
            yield
        finally:
            with self._mine():
                self._readings = max(0, self._readings - 1)  # a child that was forked meanwhile has none
                if not self._readings:
                    self._files.clear()

    def open(self, path: str) -> OpenFile:
        """Return the open file of a path; OSError when there is none."""
        with self._mine():
            found = self._files.pop(path, None)
            if found is not None:
                self._files[path] = found
                return found
        opened = OpenFile(path)
        with self._mine():
            if self._readings and CAN_SHARE:
                self._files[path] = opened
                if len(self._files) > MOST:
                    del self._files[next(iter(self._files))]
        return opened
