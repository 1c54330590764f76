"""LocalStore: a lake in a folder. Temporary file, fsync, hard link to a free name, fsync of the folder.

A hard link fails when its name is taken, on NFS too; a rename would silently replace what somebody else wrote. Nothing is locked.
"""

import contextlib
import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from mvlake.errors import DamagedLake, ReadOnlyLake
from mvlake.store.keys import STAGING
from mvlake.store.open_files import OpenFiles, Stamp

_KEY = re.compile(r"\.?[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_SMALL = 65536  # one call reads it, but for a rare interruption
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


class LocalStore:
    """A store in a folder of a local or network file system."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()  # the user's cell may chdir
        self._place = str(self._root)  # joining texts takes a tenth of joining paths, and each chunk of a frame has one
        self._root_text = str(self._root)
        self._real: set[str] = set()  # folders seen to be folders, not links
        self._durable: set[Path] = set()  # folders whose names this process has seen to the disk
        self._is_shared = False
        self._files = OpenFiles()

    @property
    def location(self) -> str:
        """The folder."""
        return str(self._root)

    def share(self) -> None:
        """Let the folder's whole group read and write, whatever the umask: `shared = true` in lake.toml asks for it."""
        self._is_shared = True

    def put_new(self, key: str, data: bytes) -> bool:
        """Write the bytes durably under a free key; see the contract."""
        path = self._path(key)
        try:
            self._make_folder(path.parent)
            staged = self._stage(data)
            try:
                return self._publish(staged, path)
            finally:
                _discard(staged)
        except OSError as error:
            raise ReadOnlyLake(self.location, reason=_reason(error)) from error

    def get(self, key: str) -> bytes | None:
        """Return the bytes under the key."""
        found = self.get_stamped(key, 0, None)
        return None if found is None else found[0]

    def get_range(self, key: str, start: int, length: int) -> bytes | None:
        """Return some of the bytes under the key."""
        found = self.get_stamped(key, start, length)
        return None if found is None else found[0]

    def get_stamped(self, key: str, start: int, length: int | None) -> tuple[bytes, Stamp] | None:
        """Return some of the bytes under the key, and what the file was when they were read."""
        path = self._file(key)
        try:
            return self._files.open(path).read(start, length)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._damaged(key, error) from error

    def kept_open(self) -> AbstractContextManager[None]:
        """Keep files open between reads, as long as this lasts."""
        return self._files.kept()

    def size(self, key: str) -> int | None:
        """Return the size of the file."""
        path = self._text(key)
        try:
            return _size_of_file(os.lstat(path))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._damaged(key, error) from error

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield what a walk of the folder finds, sorted."""
        folder = self._path(f"{prefix}x").parent
        for parent, folders, files in os.walk(folder):
            folders.sort()
            for name in sorted(files):
                key = (Path(parent) / name).relative_to(self._root).as_posix()
                if key.startswith(prefix):
                    yield key

    def put_hint(self, key: str, data: bytes) -> None:
        """Replace derived bytes by rename."""
        with contextlib.suppress(OSError, DamagedLake):
            path = self._path(key)
            self._make_folder(path.parent)
            staged = self._stage(data, durably=False, mode=0o666)
            try:
                staged.replace(path)
            except OSError:
                _discard(staged)

    def remove_hint(self, key: str) -> None:
        """Unlink derived bytes."""
        with contextlib.suppress(OSError, DamagedLake):
            self._path(key).unlink(missing_ok=True)

    def modified(self, key: str) -> datetime | None:
        """Return the file's time."""
        try:
            return datetime.fromtimestamp(self._path(key).lstat().st_mtime, UTC)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, OverflowError, ValueError) as error:
            raise DamagedLake(self.location, reason=f"{key}: {error}") from error

    def remove(self, key: str) -> None:
        """Unlink a file; a link that was planted in its place goes, and what it leads to stays."""
        path = self._path(key)
        try:
            path.unlink(missing_ok=True)
        except NotADirectoryError:
            return
        except OSError as error:
            raise ReadOnlyLake(self.location, reason=_reason(error)) from error

    def move(self, source: str, target: str) -> bool:
        """Rename a file within the lake; its new name survives power loss."""
        before, after = self._path(source), self._path(target)
        try:
            self._make_folder(after.parent)
            before.rename(after)
            _sync_folder(after.parent)
        except (FileNotFoundError, NotADirectoryError):
            if not self._root.is_dir():
                raise ReadOnlyLake(self.location, reason="its folder is gone") from None
            return False
        except OSError as error:
            raise ReadOnlyLake(self.location, reason=_reason(error)) from error
        return True

    def _path(self, key: str) -> Path:
        """Return where a key lies; DamagedLake when a folder on the way is a link, which could lead out of the lake."""
        return Path(self._file(key))

    def _file(self, key: str) -> str:
        if not _KEY.fullmatch(key) or ".." in key:
            raise ValueError(f"not a key: {key!r}")
        folder = key.rpartition("/")[0]
        if folder and folder not in self._real:
            self._refuse_links(folder)
        return f"{self._place}/{key}"

    def _text(self, key: str) -> str:
        """Return the same as text: what is read is read often, and a `Path` takes longer to make than a small file to open."""
        folder = key.rpartition("/")[0]
        if folder not in self._real or not _KEY.fullmatch(key) or ".." in key:
            return str(self._path(key))
        return f"{self._root_text}/{key}"

    def _refuse_links(self, folder: str) -> None:
        path = self._root
        for part in folder.split("/"):
            path /= part
            try:
                mode = path.lstat().st_mode
            except (FileNotFoundError, NotADirectoryError):
                return
            except OSError as error:
                raise self._damaged(folder, error) from error
            if stat.S_ISLNK(mode):
                raise DamagedLake(self.location, reason=f"{path.relative_to(self._root)} is a link, which could lead out of it")
        self._real.add(folder)

    def _make_folder(self, folder: Path) -> None:
        """Make the folder if it is missing, and see to it once that its name survives power loss, whoever made it."""
        if folder == self._root:
            if not folder.is_dir():
                raise FileNotFoundError(errno.ENOENT, "its folder is gone")  # a lake that was deleted is not to rise again half
            return
        if folder in self._durable and folder.is_dir():
            return
        self._make_folder(folder.parent)
        self._make_one(folder)
        _sync_folder(folder.parent)
        self._durable.add(folder)

    def _make_one(self, folder: Path) -> None:
        try:
            folder.mkdir()
        except FileExistsError:
            if not folder.is_dir():
                raise
            return
        if self._is_shared:
            folder.chmod(0o2775)  # files in it then belong to the folder's group, whoever writes them

    def _stage(self, data: bytes, *, durably: bool = True, mode: int = 0o444) -> Path:
        staged = self._path(f"{STAGING}{os.getpid()}-{secrets.token_hex(8)}")
        self._make_folder(staged.parent)
        # Written once and never again: the mode says so to every other tool.
        descriptor = os.open(staged, _WRITE, mode)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
            if self._is_shared and hasattr(os, "fchmod"):
                os.fchmod(descriptor, mode & 0o664)
            if durably:
                os.fsync(descriptor)
        except BaseException:
            _discard(staged)
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

    def _damaged(self, key: str, error: OSError) -> DamagedLake:
        return DamagedLake(self.location, reason=f"{key}: {_reason(error)}")


def make_folders(folder: Path) -> None:
    """Make a folder that a lake is to lie in, and those above it; their names survive power loss."""
    if not folder.parent.is_dir():
        make_folders(folder.parent)
    folder.mkdir(exist_ok=True)
    with contextlib.suppress(PermissionError):  # a folder into which one may write, and not look
        _sync_folder(folder.parent)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _discard(staged: Path) -> None:
    # What stays in tmp/ is rubbish; it must not turn a commit that succeeded into an error.
    with contextlib.suppress(OSError):
        staged.unlink()


def _size_of_file(status: os.stat_result) -> int:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
    return status.st_size


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
