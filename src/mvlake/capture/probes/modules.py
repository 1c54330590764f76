"""Modules: the source of imported code that belongs to no installed package, as it was when it was imported.

A module is read at the end of the cell that imported it, and again when it is imported anew (`importlib.reload`, autoreload), which
gives it a new spec. No attribute of a module is asked for: its dictionary is looked into, for some modules import more when asked.
"""

import os
import site
import stat
import sys
import sysconfig
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

MAX_MODULES = 200
MAX_SOURCE = 1 << 20  # bytes of one module
MAX_TOTAL = 16 << 20
_INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
# Front ends and debuggers put their own code into a kernel from folders of theirs.
_FRONT_ENDS = frozenset(("debugpy", "pydevd", "pydev_ipython", "pydevconsole", "ipykernel", "ipykernel_launcher", "ptvsd"))
_DICTIONARY: Any = vars(ModuleType)["__dict__"]
Stamp = tuple[int, int, int]  # inode, time of change in nanoseconds, size


@dataclass(frozen=True, slots=True)
class ModuleSource:
    """One module: its dotted name, the file's real path, and the text; None where it cannot be kept, and `note` says why.

    With a text, `note` says what is to be known of it: that the file has changed since it was imported, say.
    """

    name: str
    file: str
    text: bytes | None
    note: str = ""


@dataclass(slots=True)
class _Known:
    spec: object
    source: ModuleSource
    stamp: Stamp | None
    is_as_read: bool = True


class ModuleWatch:
    """The local modules of one process, as far as they have been noticed."""

    def __init__(self, modules: Mapping[str, Any] | None = None) -> None:
        self._modules: Mapping[str, Any] = sys.modules if modules is None else modules
        self._examined: set[str] = set()
        self._known: dict[str, _Known] = {}
        self._last: tuple[int, str] = (0, "")

    def notice(self) -> None:
        """Look at what was imported since the last time: next to nothing when nothing was."""
        modules = self._modules
        last = (len(modules), next(reversed(list(modules)), "")) if not isinstance(modules, dict) else _end_of(modules)
        if last != self._last:
            for name in list(modules):
                if name not in self._examined and type(name) is str:
                    self._examined.add(name)
                    self._look_at(name)
            self._last = last
        for name, known in self._known.items():
            spec = _spec_of(modules.get(name))
            if spec is not None and spec is not known.spec:
                self._look_at(name)

    def sources(self) -> tuple[ModuleSource, ...]:
        """Return the local modules by name, each as it was imported, with a note where the file has changed since."""
        self.notice()
        for known in self._known.values():
            self._compare(known)
        return tuple(self._known[name].source for name in sorted(self._known))

    def sources_on_disk(self) -> tuple[ModuleSource, ...]:
        """Return the local modules as their files are now; of one whose file is gone, or cannot be read, what was imported."""
        return tuple(replace(one, text=_read(one.file)[0] or one.text, note="") for one in self.sources())

    def _look_at(self, name: str) -> None:
        module = self._modules.get(name)
        file = _file_of(module)
        if not is_local(name, file):
            return
        spec, real = _spec_of(module), os.path.realpath(file)
        if not real.endswith(".py"):
            self._known[name] = _Known(spec, ModuleSource(name, real, None, "it is no Python source"), None)
            return
        data, stamp, note = _read(real)
        if data is not None and stamp is not None and _was_compiled_from_another(spec, stamp):
            note = "it was changed between its import and the end of the cell"
        self._known[name] = _Known(spec, ModuleSource(name, real, data, note), stamp)

    def _compare(self, known: _Known) -> None:
        """Say when the file is not any more what was imported; the text that was imported stays."""
        source = known.source
        if source.text is None or not known.is_as_read:
            return
        stamp = _stamp(source.file)
        if stamp is None:
            known.source, known.is_as_read = ModuleSource(source.name, source.file, source.text, "its file is gone since"), False
        elif stamp != known.stamp:
            if _read(source.file)[0] == source.text:
                known.stamp = stamp
            else:
                note = "its file was changed since it was imported"
                known.source, known.is_as_read = ModuleSource(source.name, source.file, source.text, note), False


_PROGRAM = ("__main__", "__mp_main__")  # the second is what multiprocessing calls it


def is_local(name: str, file: str) -> bool:
    """True for a module whose file belongs to no installed package, nor to Python, nor to mvlake."""
    if not file or name in _PROGRAM or name.partition(".")[0].lstrip("_") in _FRONT_ENDS or not os.path.isabs(file):  # noqa: PTH117
        return False
    if any(part in file for part in _INSTALLED) or file.startswith(_foreign()):
        return False
    real = os.path.realpath(file)
    return not any(part in real for part in _INSTALLED) and not real.startswith(_foreign())


@cache
def _foreign() -> tuple[str, ...]:
    """Return the folders, with a stroke at their end, below which code is not the user's own."""
    paths = sysconfig.get_paths()
    folders = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    folders += [str(Path(__file__).parents[2]), site.getusersitepackages() if site.ENABLE_USER_SITE else ""]
    # Wheels that are imported as they are, eggs among them, lie in no folder.
    known = {one for folder in folders if folder for one in (folder, os.path.realpath(folder))}
    return tuple(f"{one.rstrip(os.sep)}{os.sep}" for one in sorted(known) if len(one) > 1)


def _end_of(modules: dict[str, Any]) -> tuple[int, str]:
    # What is imported comes last, so a new module shows by the count or by the last name.
    try:
        return len(modules), next(reversed(modules), "")
    except RuntimeError:  # another thread is importing
        return -1, ""


def _dictionary(module: object) -> Mapping[str, Any]:
    if not issubclass(type(module), ModuleType):
        return {}
    found = _DICTIONARY.__get__(module)
    return found if type(found) is dict else {}


def _spec_of(module: object) -> ModuleSpec | None:
    spec = _dictionary(module).get("__spec__")
    return spec if type(spec) is ModuleSpec else None


def _file_of(module: object) -> str:
    spec = _spec_of(module)
    said = (spec.origin if spec is not None and spec.has_location else None, _dictionary(module).get("__file__"))
    return next((one for one in said if type(one) is str), "")


def _read(file: str) -> tuple[bytes | None, Stamp | None, str]:
    """Return a file's bytes and by what it is known again; without bytes, why."""
    try:
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError):
        return None, None, "its file cannot be read"
    with os.fdopen(handle, "rb") as opened:
        try:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_SOURCE:
                return None, None, f"its file is larger than {MAX_SOURCE >> 20} MB, or none"
            return opened.read(MAX_SOURCE), (found.st_ino, found.st_mtime_ns, found.st_size), ""
        except OSError:
            return None, None, "its file cannot be read"


def _stamp(file: str) -> Stamp | None:
    try:
        found = os.stat(file)  # noqa: PTH116 - a path as text is what there is
    except (OSError, ValueError):
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _was_compiled_from_another(spec: ModuleSpec | None, stamp: Stamp) -> bool:
    """True when Python's own cache says that a source of another time or size was compiled while this process ran.

    A cache that could not be written stays older than its source: then the source is no younger than the process.
    """
    cached = spec.cached if spec is not None else None
    if type(cached) is not str or stamp[1] < _started() * 1_000_000_000:
        return False
    try:
        with open(cached, "rb") as file:  # noqa: PTH123 - as above
            head = file.read(16)
    except (OSError, ValueError):
        return False
    if len(head) < 16 or head[4:8] != b"\0\0\0\0":
        return False
    compiled, size = int.from_bytes(head[8:12], "little"), int.from_bytes(head[12:16], "little")
    return (compiled, size) != (stamp[1] // 1_000_000_000 & 0xFFFF_FFFF, stamp[2] & 0xFFFF_FFFF)


@cache
def _started() -> float:
    """Return when this process began, to about a second: as Linux says, elsewhere when this module was loaded."""
    try:
        ticks = int(Path("/proc/self/stat").read_text("ascii").rpartition(")")[2].split()[19])
        boot = next(line for line in Path("/proc/stat").read_text("ascii").splitlines() if line.startswith("btime "))
        return int(boot.split()[1]) + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, StopIteration):
        return _LOADED


_LOADED = time.time()
