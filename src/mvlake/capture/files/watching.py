"""Watching: the folders of a project and of its data, so that what native code and other processes open is noticed."""

import os
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from mvlake.capture.files.noise import is_noise
from mvlake.lake import clock

if TYPE_CHECKING:
    from mvlake.capture.files.inotify import Inotify, Touched

MOST = 512
"""Folders, of one kernel."""

_MOST_OF_ONE = 128  # folders below one that a cell names
_LONGEST = 1.0  # seconds that looking for folders may take


class Watching:
    """Folders under watch. The project's are added by a thread of their own: no cell waits for a slow disk."""

    def __init__(self, project: str) -> None:
        self._project = project
        self._inotify: Inotify | None = None
        self._lock = threading.Lock()
        self._is_full = self._is_over = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin with the project's folder."""
        try:
            self._thread = threading.Thread(target=self._begin, name="mvlake-watch", daemon=True)
            self._thread.start()
        except RuntimeError:  # no more threads
            self._is_over = True

    def wait(self, patience: float | None = None) -> None:
        """Wait until the project is watched, some seconds at most."""
        if self._thread is not None:
            self._thread.join(patience)

    def stop(self) -> None:
        """Watch nothing any more."""
        with self._lock:
            self._is_over = True
            if self._inotify is not None:
                self._inotify.close()
            self._inotify = None

    def look(self) -> "Touched | None":
        """Return what happened in the folders since the last look; None where nothing is watched."""
        with self._lock:
            if self._inotify is None:
                return None
            touched = self._inotify.look()
        if touched.made:
            self.add(touched.made)
        return touched

    def covers(self, folder: str) -> bool:
        """True when what happens in this folder is noticed."""
        with self._lock:
            return self._inotify is not None and self._inotify.watches(folder)

    def folders(self) -> frozenset[str]:
        """Return the folders in which everything that happens is noticed from now on."""
        with self._lock:
            return frozenset() if self._inotify is None else self._inotify.folders()

    def add(self, folders: Iterable[str], *, is_deep: bool = True) -> None:
        """Watch some folders, with what is below them unless told not to, as far as there is room."""
        for folder in folders:
            for found in _folders_below(folder, _MOST_OF_ONE if is_deep and not _is_too_wide(folder) else 1):
                if not self._add(found):
                    break

    def _begin(self) -> None:
        from mvlake.capture.files.inotify import Inotify

        if not Inotify.is_here():
            return
        try:
            inotify = Inotify()
        except (OSError, AttributeError):
            return
        with self._lock:
            if self._is_over:
                inotify.close()
                return
            self._inotify = inotify
        for folder in _folders_below(self._project, 1 if _is_too_wide(self._project) else MOST):
            if not self._add(folder):
                break

    def _add(self, folder: str) -> bool:
        with self._lock:
            if self._inotify is None or self._is_full:
                return False
            if self._inotify.watches(folder):
                return True
            try:
                self._inotify.add(folder)
            except OSError:
                self._is_full = True
            self._is_full = self._is_full or self._inotify.count >= MOST
            return not self._is_full


def _is_too_wide(folder: str) -> bool:
    """True for a folder that holds more than one project: a home, or the root of everything."""
    return folder == os.path.expanduser("~") or os.path.dirname(folder) == folder


def _folders_below(folder: str, most: int) -> Iterator[str]:
    """Yield a folder and those below it, the nearest first, without links, hidden folders and noise."""
    waiting, count, end = [folder], 0, clock.steady() + _LONGEST
    while waiting and count < most:
        following: list[str] = []
        for one in waiting:
            if count >= most or clock.steady() > end:
                return
            count += 1
            yield one
            following += _inside(one)
        waiting = following


def _inside(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as found:
            return [
                one.path
                for one in found
                if not one.name.startswith(".")
                and one.is_dir(follow_symlinks=False)
                and not is_noise(os.path.join(one.path, "file"))
            ]
    except OSError:
        return []
