"""Inotify: which files of some folders anybody opens, as Linux tells it. What native readers open, Python never hears of.

There is none on other systems. Linux does not say which process opened a file.
"""

import contextlib
import ctypes
import errno
import os
import struct
import sys
from dataclasses import dataclass, field

_OPEN, _CLOSE_WRITE, _CLOSE_NOWRITE, _CREATE, _MOVED_TO = 0x20, 0x8, 0x10, 0x100, 0x80
_MASK = _OPEN | _CLOSE_WRITE | _CLOSE_NOWRITE | _CREATE | _MOVED_TO
_ONLY_FOLDERS = 0x01000000
_IS_FOLDER, _OVERFLOW, _GONE = 0x40000000, 0x4000, 0x8000
_HEAD = struct.Struct("iIII")
_BUFFER = 1 << 16


@dataclass(slots=True)
class Touched:
    """What happened since the last look. `is_partial` when there was too much to be told of all of it."""

    opened: set[str] = field(default_factory=set)
    closed_unwritten: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    is_partial: bool = False

    @property
    def read(self) -> set[str]:
        """Files that somebody read: closed by who could not write them, or open still, with nothing written."""
        return self.closed_unwritten | (self.opened - self.written)


class Inotify:
    """Watches folders, not what is below them. Its queue is the kernel's, and bounded."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None, use_errno=True)
        self._handle: int = self._library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._handle < 0:
            raise OSError(ctypes.get_errno(), "inotify")
        self._folders: dict[int, str] = {}
        self._names: set[str] = set()

    @staticmethod
    def is_here() -> bool:
        """True on Linux."""
        return sys.platform.startswith("linux")

    @property
    def count(self) -> int:
        """How many folders are watched."""
        return len(self._folders)

    def folders(self) -> frozenset[str]:
        """Return the folders that are watched."""
        return frozenset(self._names)

    def watches(self, folder: str) -> bool:
        """True when this very folder is watched."""
        return folder in self._names

    def add(self, folder: str) -> bool:
        """Watch a folder; False when that cannot be done, or too many are watched in this system."""
        found = self._library.inotify_add_watch(self._handle, os.fsencode(folder), _MASK | _ONLY_FOLDERS)
        if found < 0:
            if ctypes.get_errno() in (errno.ENOSPC, errno.ENOMEM):
                raise OSError(ctypes.get_errno(), "no more watches")
            return False
        self._folders[found] = folder
        self._names.add(folder)
        return True

    def look(self) -> Touched:
        """Return what happened since the last look."""
        touched = Touched()
        while True:
            try:
                data = os.read(self._handle, _BUFFER)
            except BlockingIOError:
                return touched
            except OSError:
                touched.is_partial = True
                return touched
            self._take(data, touched)

    def _take(self, data: bytes, touched: Touched) -> None:
        at = 0
        while at < len(data):
            watch, mask, _, length = _HEAD.unpack_from(data, at)
            name = data[at + _HEAD.size : at + _HEAD.size + length].rstrip(b"\0")
            at += _HEAD.size + length
            folder = self._folders.get(watch)
            if mask & _OVERFLOW:
                touched.is_partial = True
            elif mask & _GONE:
                self._names.discard(self._folders.pop(watch, ""))
            elif folder is not None and name:
                self._note(os.path.join(folder, os.fsdecode(name)), mask, touched)

    def _note(self, path: str, mask: int, touched: Touched) -> None:
        if mask & _IS_FOLDER:
            if mask & (_CREATE | _MOVED_TO):
                touched.made.add(path)
            return
        if mask & _OPEN:
            touched.opened.add(path)
        if mask & _CLOSE_NOWRITE:
            touched.closed_unwritten.add(path)
        if mask & (_CLOSE_WRITE | _MOVED_TO):
            touched.written.add(path)

    def close(self) -> None:
        """Watch nothing any more."""
        with contextlib.suppress(OSError):
            os.close(self._handle)
        self._handle = -1
        self._folders.clear()
        self._names.clear()
