"""Claim: a scratch folder that belongs to the process that made it, and is known as debris once that process is gone.

The owner holds a lock on a file in it, which the system takes back however the process ends: no number of a process is believed,
for those are given again. A folder gets its name when the lock is held; so whoever can lock it has found what nobody owns.
"""

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

try:
    import fcntl
except ImportError:  # Windows: what is left behind there stays, until somebody removes it
    fcntl = None  # type: ignore[assignment]

_LOCK = "owner.lock"
_UNBORN, _LONG_UNBORN = "mvlake-unborn-", 86_400  # folders whose owner was ended before it held the lock; seconds


class Claim:
    """A folder of its own for a process, below `where`, with a name that begins with `kind`."""

    def __init__(self, where: Path, kind: str) -> None:
        unborn = Path(tempfile.mkdtemp(prefix=_UNBORN, dir=where))
        self._handle = os.open(unborn / _LOCK, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        self.folder = unborn
        if fcntl is not None:
            with suppress(OSError):  # a file system without locks: the folder is never taken for debris
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.folder = unborn.rename(unborn.with_name(f"{kind}{token_hex(6)}"))

    def release(self) -> None:
        """Own it no more, and leave it where it is."""
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = -1

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        _remove(self.folder)
        self.release()


@contextmanager
def claimed(where: Path, kind: str) -> Iterator[Path]:
    """Provide a folder of its own, and remove it afterwards."""
    claim = Claim(where, kind)
    try:
        yield claim.folder
    finally:
        claim.remove()


def sweep(where: Path, kind: str, is_kept: Callable[[Path], bool] = lambda _: False) -> int:
    """Remove the folders of this kind whose owner is gone; return how many. Those of other users, and links, are left alone.

    `is_kept` is asked when the owner is known to be gone: a folder that is to outlast its owner can say so before that.
    """
    swept = 0
    for name in _names(where):
        if fcntl is not None and name.startswith((kind, _UNBORN)) and _is_debris(where / name) and not is_kept(where / name):
            _remove(where / name)
            swept += not (where / name).exists()
    return swept


def _names(where: Path) -> list[str]:
    try:
        return sorted(one.name for one in where.iterdir())
    except OSError:
        return []


def _is_debris(folder: Path) -> bool:
    """True for a folder of this user's that nobody owns any more."""
    try:
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
            return False
        if folder.name.startswith(_UNBORN) and time.time() - status.st_mtime < _LONG_UNBORN:
            return False  # its owner may be about to lock it
        handle = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return folder.name.startswith(_UNBORN)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(handle)


def _remove(folder: Path) -> None:
    """Remove a folder, also where a cell took itself the right to do so. What cannot be removed stays, and is tried again later."""
    for parent, folders, _ in os.walk(folder):
        for name in folders:
            path = Path(parent, name)
            with suppress(OSError):
                if not path.is_symlink():
                    path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
