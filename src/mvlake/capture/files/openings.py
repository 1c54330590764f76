"""Openings: what Python is about to open while a cell runs, heard from the interpreter's audit events, in forked children too.

An audit hook cannot be removed. It is installed once in a process, when a cell is first listened to; while nobody listens it
returns at once. Whatever goes wrong in it is swallowed: an error would stop the user's `open`.
"""

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PosixPath, PurePath, PurePosixPath, PureWindowsPath, WindowsPath
from typing import Any

from mvlake.capture.aside import is_aside
from mvlake.capture.files.children import Mailbox
from mvlake.capture.files.noise import is_noise
from mvlake.lake import variables
from mvlake.lake.stamp import Stamp, stamp_of
from mvlake.records.kinds import Kinds

MOST = 10_000  # different paths of one cell

_PATHS = Kinds(Path, PosixPath, PurePath, PurePosixPath, PureWindowsPath, WindowsPath)
_OURS = "mvlake"  # what the names of our threads begin with
_LISTENING: list["Openings"] = []  # a cell, the runs under way, or nobody


@dataclass(slots=True)
class Openings:
    """What was opened since listening began, by absolute path; reads with the stamp of that moment.

    `ours` are files that our own code, or somebody who is not meant, read meanwhile; `given` are the paths as the code gave them,
    `lost` counts those that were too many. Where `is_meant` is given, it is asked in the thread that opens a file whether that is
    to be noted.
    """

    reads: dict[str, Stamp] = field(default_factory=dict)
    writes: dict[str, None] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    ours: set[str] = field(default_factory=set)
    urls: dict[str, None] = field(default_factory=dict)
    hosts: dict[tuple[str, int], None] = field(default_factory=dict)
    commands: dict[str, None] = field(default_factory=dict)
    lost: int = 0
    is_meant: Callable[[], bool] | None = None

    def start(self) -> None:
        """Begin to listen, beside whoever does."""
        if not _installed and os.environ.get(variables.AUDIT, "").lower() == "off":
            return
        _install()
        _deliver()  # what children did until now belongs to those who listened
        _LISTENING[:] = [*(one for one in _LISTENING if one is not self), self]

    def stop(self) -> None:
        """Listen no more."""
        _deliver()
        _LISTENING[:] = [one for one in _LISTENING if one is not self]

    def take_posted(self, way: str, path: str, given: str, stamp: Stamp | None) -> None:
        """Note what a child has opened."""
        if way == "r" and stamp is not None and path not in self.reads and self._has_room():
            self.reads[path] = stamp
        elif way == "w":
            self.write(path, given)
        self.given.setdefault(path, given)

    def read(self, path: str, given: str) -> None:
        """Note that a file is about to be read, if there is one."""
        if path in self.reads:
            return
        stamp = stamp_of(path)
        if stamp is None or not self._has_room():
            return
        self.reads[path] = stamp
        self.given.setdefault(path, given)

    def write(self, path: str, given: str) -> None:
        """Note that a file is about to be written."""
        if path not in self.writes and self._has_room():
            self.writes[path] = None
            self.given.setdefault(path, given)

    def is_deaf(self) -> bool:
        """True in the threads and tasks whose doings are not to be noted."""
        return _is_ours() or (self.is_meant is not None and not self.is_meant())

    def _has_room(self) -> bool:
        is_full = len(self.reads) + len(self.writes) >= MOST
        self.lost += is_full
        return not is_full


class _ChildOpenings(Openings):
    """What a forked child is about to open: it is posted to its parent, whose memory a child does not share."""

    __slots__ = ()

    def read(self, path: str, given: str) -> None:
        """Post a read."""
        stamp = stamp_of(path)
        if stamp is not None and path not in self.reads:
            self.reads[path] = stamp
            _MAILBOX.post("r", path, given, stamp)

    def write(self, path: str, given: str) -> None:
        """Post a write."""
        if path not in self.writes:
            self.writes[path] = None
            _MAILBOX.post("w", path, given, None)


def _deliver() -> None:
    """Hand on what children have posted: nobody knows which of those who listen it belongs to."""
    for posted in _MAILBOX.read():
        for one in _LISTENING:
            one.take_posted(*posted)


def _in_child() -> None:
    _MAILBOX.is_childs = True
    if _LISTENING:
        _LISTENING[:] = [_ChildOpenings()]


def _hook(event: str, args: tuple[Any, ...], *, listening: list[Openings] = _LISTENING) -> None:
    if not listening:
        return
    take = _EVENTS.get(event)
    if take is not None:
        try:
            for one in listening:
                take(one, args)
        except Exception:  # noqa: BLE001, S110 - it would come out of the user's call
            pass


_MAILBOX = Mailbox()
_installed: list[bool] = []  # the interpreter has one list of hooks, and forgets none


def _install() -> None:
    if not _installed:
        _installed.append(True)
        is_noise(os.sep)  # what tells noise is looked up once, and not within an event
        _MAILBOX.open()
        sys.addaudithook(_hook)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=_in_child)


def _opened(openings: Openings, args: tuple[Any, ...]) -> None:
    path, _, flags = args
    given = text_of(path)
    if given is None:
        return
    absolute = given if given.startswith("/") else os.path.abspath(given)
    if is_noise(absolute):
        return
    if openings.is_deaf():
        openings.ours.add(absolute)
        return
    way = flags & (os.O_WRONLY | os.O_RDWR)
    if way != os.O_WRONLY and not flags & os.O_TRUNC:
        openings.read(absolute, given)
    if way:
        openings.write(absolute, given)


def _renamed(openings: Openings, args: tuple[Any, ...]) -> None:
    """Take a file that is renamed as written: what writes safely writes another file first."""
    given = text_of(args[1])
    if given is not None and not is_noise(absolute := os.path.abspath(given)) and not openings.is_deaf():
        openings.write(absolute, given)


def _connected_database(openings: Openings, args: tuple[Any, ...]) -> None:
    given = text_of(args[0])
    if given is None or given in ("", ":memory:"):
        return
    given = given.removeprefix("file:").partition("?")[0] if given.startswith("file:") else given
    absolute = os.path.abspath(given)
    if is_noise(absolute) or openings.is_deaf():
        return
    if stamp_of(absolute) is None:  # it is about to be made, and is often never closed
        openings.write(absolute, given)
    else:
        openings.read(absolute, given)


def _requested(openings: Openings, args: tuple[Any, ...]) -> None:
    if type(args[0]) is str and not openings.is_deaf():
        openings.urls[args[0]] = None


def _looked_up(openings: Openings, args: tuple[Any, ...]) -> None:
    host, port = text_of(args[0]), args[1]
    if host and not openings.is_deaf():
        openings.hosts[host.rpartition("@")[2], port if type(port) is int else 0] = None


def _connected(openings: Openings, args: tuple[Any, ...]) -> None:
    address = args[1]
    if type(address) is tuple and len(address) >= 2 and not openings.hosts:  # a name that was looked up says more
        _looked_up(openings, address)


def _called(openings: Openings, args: tuple[Any, ...]) -> None:
    """Take a program's arguments, whichever of the events that start one says them."""
    if openings.is_deaf():
        return
    for one in args:
        words = one if type(one) in (list, tuple) else [one]
        for word in words:
            text = text_of(word)
            if text and len(openings.commands) < MOST:
                openings.commands[text] = None


_EVENTS: dict[str, Callable[[Openings, tuple[Any, ...]], None]] = {
    "open": _opened,
    "os.rename": _renamed,
    "sqlite3.connect": _connected_database,
    "urllib.Request": _requested,
    "socket.getaddrinfo": _looked_up,
    "socket.connect": _connected,
    "subprocess.Popen": lambda openings, args: _called(openings, args[:2]),
    "os.posix_spawn": lambda openings, args: _called(openings, args[:2]),
    "os.exec": lambda openings, args: _called(openings, args[:2]),
    "os.system": _called,
}


def text_of(path: Any) -> str | None:
    """Return a path as text, without running what a class of the user's may do; None when it is none."""
    kind = type(path)
    if kind is str:
        return str(path)
    if kind is bytes:
        return os.fsdecode(path)
    if issubclass(kind, str):
        return str.__str__(path)
    return str(path) if kind in _PATHS else None


def _is_ours() -> bool:
    """True in our own code, or a thread of ours. To look at the table of threads makes no entry for a stranger's."""
    if is_aside():
        return True
    thread = threading._active.get(threading.get_ident())  # type: ignore[attr-defined]  # noqa: SLF001
    return thread is not None and thread._name.startswith(_OURS)  # noqa: SLF001
