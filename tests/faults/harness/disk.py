"""Disk: what a disk may hold after the power failed, worked out from the calls that a process made.

Content counts as safe when its file was flushed, a name when its folder was. Of what was not, any part may be there: the last few
operations are dropped in every combination, so that later ones survive earlier ones, and all are; the last content that was not
flushed may also be cut off, or zeros of the right length. A rename is one operation: journals see to that.
"""

import itertools
import os
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.calls import Call, Perform

LAST = 3
FOLDER = -1
_NEVER = 1 << 60


@dataclass(slots=True)
class Operation:
    """A change of the disk at a moment, safe from another moment on: content of a file (by its number), or what names mean."""

    at: int
    file: int | None
    data: bytes
    names: dict[str, int | None]
    safe: int = _NEVER


class Disk:
    """Hears the calls of a process on a folder, and tells what power loss could leave of it. Moments count those calls."""

    def __init__(self, folder: Path) -> None:
        self._folder = os.fspath(folder)
        self._files: dict[int, bytes] = {}
        self._names: dict[str, int] = {}
        for path in sorted(folder.rglob("*")):
            self._names[os.fspath(path)] = FOLDER if path.is_dir() else len(self._files)
            if not path.is_dir():
                self._files[len(self._files)] = path.read_bytes()
        self._before = (dict(self._names), dict(self._files))
        self._opened: dict[int, int] = {}
        self._operations: list[Operation] = []
        self._acknowledged: list[int] = []
        self._lock = threading.Lock()  # a call and what is noted of it are one: a transfer writes from several threads
        self.moment = 0

    def acknowledge(self) -> None:
        """Hear that the process was told that something is done."""
        self._acknowledged.append(self.moment)

    def __call__(self, call: Call, perform: Perform) -> Any:
        """Let a call happen, and remember what it changed."""
        with self._lock:
            return self._hear(call, perform)

    def _hear(self, call: Call, perform: Perform) -> Any:
        if call.name == "fsync":
            self.moment += 1
            self._flush(call)
            return None
        result = perform(*call.arguments)
        path = call.path
        if call.name == "open" and call.creates and path not in self._names:
            self._files[number := len(self._files)] = b""
            self._opened[result] = number
            self._note(names={path: number})
        elif call.name == "open":
            self._opened[result] = self._names.get(path, FOLDER)
        elif call.name == "write":
            number = self._opened[call.arguments[0]]
            self._files[number] += bytes(call.arguments[1][:result])
            self._note(file=number, data=self._files[number])
        elif call.name == "mkdir":
            self._note(names={path: FOLDER})
        elif call.name == "link":
            self._note(names={os.path.abspath(call.arguments[1]): self._names[path]})
        elif call.name in ("rename", "replace"):
            self._note(names={os.path.abspath(call.arguments[1]): self._names[path], path: None})
        elif call.name in ("unlink", "remove", "rmdir"):
            self._note(names={path: None})
        elif call.name in ("ftruncate", "truncate", "symlink", "pwrite"):
            raise NotImplementedError(f"what power loss leaves of {call.name}")
        return result

    def after_power_loss(self) -> Iterator[tuple[int, dict[str, bytes]]]:
        """Yield each state that a loss of power can leave, whenever it comes: how much was acknowledged, and the files by path."""
        seen = set()
        for moment in range(self.moment + 1):
            acknowledged = sum(at <= moment for at in self._acknowledged)
            for state in self._states(moment):
                key = (acknowledged, hash(frozenset(state.items())))
                if key not in seen:
                    seen.add(key)
                    yield acknowledged, state

    def _states(self, moment: int) -> Iterator[dict[str, bytes]]:
        done = [one for one in self._operations if one.at <= moment]
        unsafe = [one for one in done if one.safe > moment]
        yield self._applied(done, dropped=unsafe)
        last = unsafe[-LAST:]
        for size in range(len(last) + 1):
            for dropped in itertools.combinations(last, size):
                yield self._applied(done, dropped=dropped)
        torn = next((one for one in reversed(unsafe) if one.file is not None), None)
        if torn is not None:
            for data in (torn.data[: len(torn.data) // 2], bytes(len(torn.data))):
                yield self._applied(done, dropped=(), instead=(torn, data))

    def _applied(
        self, done: list[Operation], *, dropped: Collection[Operation], instead: tuple[Operation, bytes] | None = None
    ) -> dict[str, bytes]:
        names, files = dict[str, int | None](self._before[0]), dict(self._before[1])
        gone = {id(one) for one in dropped}
        for one in done:
            if id(one) in gone:
                continue
            names.update(one.names)
            if one.file is not None:
                files[one.file] = instead[1] if instead is not None and one is instead[0] else one.data
        return {
            path: files.get(number, b"")
            for path, number in names.items()
            if number is not None and number != FOLDER and self._is_reached(path, names)
        }

    def _is_reached(self, path: str, names: dict[str, int | None]) -> bool:
        """True when the folders above a path are there."""
        above = os.path.dirname(path)
        return above == self._folder or (names.get(above) == FOLDER and self._is_reached(above, names))

    def _note(self, *, file: int | None = None, data: bytes = b"", names: dict[str, int | None] | None = None) -> None:
        self.moment += 1
        self._operations.append(Operation(self.moment, file, data, names or {}))
        for path, number in (names or {}).items():
            if number is None:
                self._names.pop(path, None)
            else:
                self._names[path] = number

    def _flush(self, call: Call) -> None:
        number = self._opened[call.arguments[0]]
        for one in self._operations:
            is_it = any(os.path.dirname(path) == call.path for path in one.names) if number == FOLDER else one.file == number
            if is_it and one.safe == _NEVER:
                one.safe = self.moment
