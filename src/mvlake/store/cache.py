"""Cache: what was read from a bucket, kept on this machine, bounded. It may be deleted at any time, and is never believed.

What is kept carries its own checksum, so that a torn or flipped file is no answer; and whoever reads an object checks it against
its name besides.
"""

import contextlib
import os
import re
import secrets
from pathlib import Path
from threading import Lock

from blake3 import blake3

_NAME = re.compile(r"[0-9a-f]{64}(\.[0-9a-z]{1,12})?")
_SUM = 32
_SHRUNK = 0.8  # of the limit, once it is passed


class Cache:
    """Bytes by name (64 hexadecimal digits, and a part), in a folder. The least recently used go first."""

    def __init__(self, folder: Path, *, limit: int) -> None:
        self._folder, self._limit = folder, limit
        self._unswept = limit  # at the first write it is looked at what earlier processes left
        self._lock = Lock()

    def get(self, name: str) -> bytes | None:
        """Return what is kept; None when there is nothing, or nothing whole."""
        path = self._path(name)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        if len(data) < _SUM or _sum(name, data[_SUM:]) != data[:_SUM]:
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return data[_SUM:]

    def put(self, name: str, data: bytes) -> None:
        """Keep bytes, unless they are too large a part of the whole. Failing to is no error."""
        if len(data) * 4 > self._limit:
            return
        path = self._path(name)
        staged = path.with_name(f"{path.name}.{secrets.token_hex(8)}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            staged.write_bytes(_sum(name, data) + data)
            staged.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                staged.unlink()
        with self._lock:
            self._unswept += len(data)
            is_due = self._unswept * 10 >= self._limit
            if is_due:
                self._unswept = 0
        if is_due:
            self._sweep()

    def _sweep(self) -> None:
        """Remove what was not used for longest, when all together is too much. Other processes may be doing the same."""
        found: list[tuple[float, int, Path]] = []
        for parent, _, names in os.walk(self._folder):
            for name in names:
                path = Path(parent) / name
                with contextlib.suppress(OSError):
                    status = path.lstat()
                    found.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in found)
        if total <= self._limit:
            return
        for _, size, path in sorted(found):
            with contextlib.suppress(OSError):
                path.unlink()
                total -= size
            if total <= self._limit * _SHRUNK:
                return

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name: {name!r}")
        return self._folder / name[:2] / name[2:]


def _sum(name: str, data: bytes) -> bytes:
    return blake3(name.encode() + b"\n" + data).digest()
