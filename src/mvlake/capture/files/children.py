"""Children: what forked processes have to say to the kernel that forked them, in a nameless file that both have open."""

import contextlib
import os
import tempfile
from collections.abc import Iterator

from mvlake.lake.stamp import Stamp

try:
    import fcntl
except ImportError:  # Windows, where nothing forks
    fcntl = None  # type: ignore[assignment]

_MOST = 8 << 20  # bytes
_FIELDS = 7


class Mailbox:
    """Lines, which children append and their parent alone reads. Whatever is wrong with it, nothing is raised."""

    def __init__(self) -> None:
        self._handle = -1
        self.is_childs = False
        self._read = 0

    def open(self) -> None:
        """Make the file; children that are forked from now on have it."""
        with contextlib.suppress(OSError):
            if hasattr(os, "memfd_create"):
                self._handle = os.memfd_create("mvlake", os.MFD_CLOEXEC)
            else:
                with tempfile.TemporaryFile(buffering=0) as file:
                    self._handle = os.dup(file.fileno())
            if fcntl is not None:
                fcntl.fcntl(self._handle, fcntl.F_SETFL, os.O_APPEND)

    def post(self, way: str, path: str, given: str, stamp: Stamp | None) -> None:
        """Append one line, in a child: a write to the end is one piece, whoever else writes."""
        numbers = (stamp.size, stamp.modified, stamp.inode, stamp.device) if stamp is not None else ("", "", "", "")
        line = "\0".join((way, path, given, *map(str, numbers))).replace("\n", " ") + "\n"
        with contextlib.suppress(OSError):
            if self._handle >= 0 and os.fstat(self._handle).st_size < _MOST:
                os.write(self._handle, line.encode("utf-8", "surrogateescape"))

    def read(self) -> Iterator[tuple[str, str, str, Stamp | None]]:
        """Return what has come since the last time; in a child nothing."""
        if self.is_childs:
            return iter(())
        try:
            size = os.fstat(self._handle).st_size - self._read if self._handle >= 0 else 0
            data = os.pread(self._handle, size, self._read) if size > 0 else b""
        except (OSError, AttributeError):
            return iter(())
        data = data[: data.rfind(b"\n") + 1]
        self._read += len(data)
        return iter([found for line in data.splitlines() if (found := _parsed(line)) is not None])


def _parsed(line: bytes) -> tuple[str, str, str, Stamp | None] | None:
    parts = line.decode("utf-8", "surrogateescape").split("\0")
    if len(parts) != _FIELDS:
        return None
    way, path, given, *numbers = parts
    return way, path, given, Stamp(*map(int, numbers)) if all(one.isdigit() for one in numbers) else None
