"""Calls: every function of `os` through which a process touches a folder, watched, counted, and open to interference."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

# Those that take a path or a descriptor first. What is missing here and used on a lake is told by `unwatched`.
NAMES = (
    "open", "close", "read", "write", "pread", "pwrite", "lseek", "fdopen", "dup", "ftruncate", "truncate", "fsync", "fdatasync",
    "stat", "lstat", "fstat", "access", "chmod", "fchmod", "utime", "listdir", "scandir", "readlink",
    "link", "symlink", "unlink", "remove", "rename", "replace", "mkdir", "rmdir",
)  # fmt: skip
CHANGING = {
    "write", "pwrite", "ftruncate", "truncate", "fsync", "fdatasync", "chmod", "fchmod", "utime", "unlink", "remove", "rmdir",
}  # fmt: skip
# What the interpreter tells of itself, whoever asks: an `open` that did not come through `os.open` shows here.
AUDITED = {
    "open", "os.listdir", "os.scandir", "os.mkdir", "os.rmdir", "os.rename", "os.link", "os.symlink", "os.remove", "os.chmod",
    "os.truncate", "os.utime",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Call:
    """One call on the folder: the n-th, counted from 1. `path` is what it is about, for a descriptor the path that was opened."""

    number: int
    name: str
    path: str
    arguments: tuple[Any, ...]

    @property
    def creates(self) -> bool:
        """True when it can make something new."""
        if self.name == "open":
            return bool(self.arguments[1] & os.O_CREAT)
        return self.name in ("mkdir", "link", "symlink", "rename", "replace")

    @property
    def changes(self) -> bool:
        """True when it can change what lies on the disk."""
        return self.creates or self.name in CHANGING


Perform = Callable[..., Any]
Observe = Callable[[Call, Perform], Any]


def perform_only(call: Call, perform: Perform) -> Any:
    """Interfere with nothing."""
    return perform(*call.arguments)


class Calls:
    """The calls of this process on one folder. Calls on anything else pass untouched, from whichever thread."""

    def __init__(self, folder: str, observe: Observe = perform_only) -> None:
        self.made: list[Call] = []
        self.unwatched: list[str] = []
        self._folder = os.path.abspath(folder)
        self._observe = observe
        self._opened: dict[int, str] = {}
        self._lock = threading.RLock()
        self._inside = threading.local()
        self._is_on = False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch what is done meanwhile."""
        real = {name: getattr(os, name) for name in NAMES}
        for name, function in real.items():
            setattr(os, name, self._watching(name, function))
        self._is_on = True
        try:
            yield
        finally:
            self._is_on = False
            for name, function in real.items():
                setattr(os, name, function)

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Hear what the interpreter does: what touches the folder outside of a watched call is `unwatched`."""
        if (
            self._is_on
            and event in AUDITED
            and not getattr(self._inside, "call", False)
            and arguments
            and self._about(arguments[0])
        ):
            self.unwatched.append(f"{event} {arguments[0]}")

    def _watching(self, name: str, real: Perform) -> Perform:
        def call(*arguments: Any, **options: Any) -> Any:
            path = self._about(arguments[0]) if arguments else None
            if path is None or getattr(self._inside, "call", False):
                result = real(*arguments, **options)
                if name == "open":
                    self._opened.pop(result, None)  # the number of one that was closed elsewhere
                return result
            with self._lock:
                made = Call(len(self.made) + 1, name, path, arguments)
                self.made.append(made)
            if name == "close":  # before it is closed: after, another thread may have opened a file of the same number
                self._opened.pop(arguments[0], None)
            self._inside.call = True
            try:
                result = self._observe(made, lambda *given: real(*given, **options))
            finally:
                self._inside.call = False
            if name in ("open", "dup"):
                self._opened[result] = path
            return result

        return call

    def _about(self, what: Any) -> str | None:
        """Return the path below the folder that is meant, None for anything elsewhere."""
        if isinstance(what, int):
            return self._opened.get(what)
        try:
            path = os.path.abspath(os.fsdecode(what))
        except (TypeError, ValueError):
            return None
        return path if path == self._folder or path.startswith(self._folder + os.sep) else None
