"""Own: which versions this user has made. A lake cannot say it: whoever sends one chooses what stands in its records.

So it is remembered outside of every lake, in the user's own folder: the digest of each record that one of their processes committed
as a version. A digest names the whole record, and with it every text of its cells.
"""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from mvlake.lake import variables
from mvlake.lake.user_folders import state_folder
from mvlake.records.digest import Digest

_AT_ONCE = 1 << 20
_unwritten: set[Digest] = set()  # where there is no such folder, this process knows for as long as it lives


def remember_own(digest: Digest, environ: Mapping[str, str]) -> None:
    """Remember that this user made the version with this record. What a replay makes in its scratch lake is not the user's."""
    if environ.get(variables.CAPTURE_TO):
        return
    path = _path(environ)
    try:
        if path is None:
            raise FileNotFoundError
        try:
            _add(path, digest)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            _add(path, digest)
    except OSError:
        _unwritten.add(digest)


def is_own(digest: Digest, environ: Mapping[str, str]) -> bool:
    """True when it is known here that this user made the version with this record."""
    if digest in _unwritten:
        return True
    path, wanted = _path(environ), _line(digest)
    with contextlib.suppress(OSError):
        if path is not None:
            with path.open("rb") as file:
                rest = b""
                while block := file.read(_AT_ONCE):
                    if wanted in rest + block:
                        return True
                    rest = block[-len(wanted) :]
    return False


def _path(environ: Mapping[str, str]) -> Path | None:
    folder = state_folder(environ)
    return None if folder is None else folder / "mvlake" / "made"


def _add(path: Path, digest: Digest) -> None:
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # One call for the whole line: processes that commit at once mix lines, and no halves of them.
        os.write(file, _line(digest))
    finally:
        os.close(file)


def _line(digest: Digest) -> bytes:
    return f"{digest.hex}\n".encode()
