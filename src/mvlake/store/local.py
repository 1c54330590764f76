"""LocalStore: a lake in a folder. Temporary file, fsync, hard link to a free name, fsync of the folder.

A hard link fails when its name is taken, on NFS too; a rename would silently replace what somebody else wrote. Nothing is locked.
"""

import contextlib
import errno
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from mvlake.errors import DamagedLake, ReadOnlyLake
from mvlake.store.keys import STAGING

_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


class LocalStore:
    """A store in a folder of a local or network file system."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()  # the user's cell may chdir

    @property
    def location(self) -> str:
        """The folder."""
        return str(self._root)

    def put_new(self, key: str, data: bytes) -> bool:
        """Write the bytes durably under a free key; see the contract."""
        path = self._path(key)
        try:
            self._make_folder(path.parent)
            staged = self._stage(data)
            try:
                return self._publish(staged, path)
            finally:
                staged.unlink(missing_ok=True)
        except OSError as error:
            raise ReadOnlyLake(self.location, reason=_reason(error)) from error

    def get(self, key: str) -> bytes | None:
        """Return the bytes under the key."""
        return self._read(key, 0, None)

    def get_range(self, key: str, start: int, length: int) -> bytes | None:
        """Return some of the bytes under the key."""
        return self._read(key, start, length)

    def size(self, key: str) -> int | None:
        """Return the size of the file."""
        try:
            return self._path(key).lstat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield what a walk of the folder finds, sorted."""
        folder = self._root / prefix if prefix.endswith("/") or not prefix else (self._root / prefix).parent
        for parent, folders, files in os.walk(folder):
            folders.sort()
            for name in sorted(files):
                key = (Path(parent) / name).relative_to(self._root).as_posix()
                if key.startswith(prefix):
                    yield key

    def put_hint(self, key: str, data: bytes) -> None:
        """Replace derived bytes by rename."""
        with contextlib.suppress(OSError):
            path = self._path(key)
            path.parent.mkdir(parents=True, exist_ok=True)
            staged = self._stage(data, durably=False, mode=0o666)
            try:
                staged.replace(path)
            except OSError:
                staged.unlink(missing_ok=True)

    def remove_hint(self, key: str) -> None:
        """Unlink derived bytes."""
        with contextlib.suppress(OSError):
            self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key) or ".." in key:
            raise ValueError(f"not a key: {key!r}")
        return self._root / key

    def _make_folder(self, folder: Path) -> None:
        """Make the folder so that its name survives power loss, if it is missing."""
        if folder.is_dir():
            return
        if folder == self._root:
            raise FileNotFoundError(errno.ENOENT, "its folder is gone")  # a lake that was deleted is not to rise again half
        self._make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)

    def _stage(self, data: bytes, *, durably: bool = True, mode: int = 0o444) -> Path:
        staging = self._root / STAGING
        self._make_folder(staging)
        staged = staging / f"{os.getpid()}-{secrets.token_hex(8)}"
        # Written once and never again: the mode says so to every other tool.
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
            if durably:
                os.fsync(descriptor)
        except BaseException:
            staged.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
        return staged

    def _publish(self, staged: Path, path: Path) -> bool:
        try:
            os.link(staged, path)
        except FileExistsError:
            # NFS may lose the reply to a link that succeeded; the second try then finds its own file.
            if not _same_file(staged, path):
                return False
        except OSError as error:
            if error.errno in _NO_LINKS:
                raise OSError(error.errno, "this file system has no hard links, without which a commit is not safe") from error
            raise
        _sync_folder(path.parent)
        return True

    def _read(self, key: str, start: int, length: int | None) -> bytes | None:
        path = self._path(key)
        try:
            # A link planted in a shared lake must not lead out of it.
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise DamagedLake(self.location, reason=f"{key}: {_reason(error)}") from error
        try:
            with os.fdopen(descriptor, "rb") as file:
                if start:
                    end = os.fstat(file.fileno()).st_size
                    file.seek(max(0, end + start) if start < 0 else start)
                return file.read() if length is None else file.read(length)
        except OSError as error:
            raise DamagedLake(self.location, reason=f"{key}: {_reason(error)}") from error


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _same_file(one: Path, other: Path) -> bool:
    try:
        return os.path.samestat(one.lstat(), other.lstat())
    except OSError:
        return False


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder to flush it; NTFS journals its names
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
