"""Dated files: formats that name the moment at which they were written, or identifiers made at random.

Their bytes differ each time, whatever else they say.
"""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

from mvlake.compare.markup import drawing, without_made_up

_DATE = re.compile(rb"(?<=/CreationDate \(D:)[^)]{0,40}|(?<=/ModDate \(D:)[^)]{0,40}")


def is_dated(suffix: str) -> bool:
    """True for a suffix, in small letters, of such a format."""
    return suffix in _READERS or suffix in _OTHERS


def is_same_undated(a: bytes, b: bytes, suffix: str) -> bool:
    """True when two files are the same but for dates and identifiers; False also where that cannot be told.

    >>> is_same_undated(b"/CreationDate (D:20260303)", b"/CreationDate (D:20261129)", ".pdf")
    True
    """
    read = _READERS.get(suffix)
    try:
        return read is not None and bool(read(a) == read(b))
    except (ValueError, zipfile.BadZipFile, NotImplementedError):  # not what its suffix says
        return False


def _members(data: bytes) -> Any:
    """Return what an archive holds, by names, sizes and checksums: nothing of it is unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(one.filename, one.file_size, one.CRC) for one in archive.infolist()]


_READERS: dict[str, Callable[[bytes], Any]] = {
    ".svg": lambda data: drawing(data.decode("utf-8")),
    ".html": lambda data: without_made_up(data.decode("utf-8")),
    ".htm": lambda data: without_made_up(data.decode("utf-8")),
    ".pdf": lambda data: _DATE.sub(b"", data),
    ".zip": _members,
}
_OTHERS = frozenset((".gz", ".tgz", ".tar", ".xlsx", ".docx", ".h5", ".hdf5", ".keras"))
