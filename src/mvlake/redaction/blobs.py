"""Blobs: what is looked through of bytes that no text is: as they are, and unpacked where they are an archive."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

MOST = 32 << 20
"""Bytes that are looked through of one blob, those that come out of an archive counted too."""

_GZIP = b"\x1f\x8b"
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_OVERLAP = 4096  # what stands across two pieces is found in one of them
_PIECE = 4 << 20


def texts_of(blob: bytes) -> Iterator[str]:
    """Yield what stands in a blob, a character for a byte: its beginning, and what its archive or compression holds.

    >>> list(texts_of(b"abc")), list(texts_of(zlib.compress(b"abc")))[-1]
    (['abc'], 'abc')
    """
    yield blob[:MOST].decode("latin-1")
    left = MOST
    for stream in _unpacked(blob):
        before = b""
        try:
            while left > 0 and (piece := stream.read(min(_PIECE, left))):
                left -= len(piece)
                yield (before + piece).decode("latin-1")
                before = piece[-_OVERLAP:]
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
            continue  # no archive after all, or one that nobody unpacks without its password


def _unpacked(blob: bytes) -> Iterator["_Inflated | IO[bytes]"]:
    if blob.startswith((_GZIP, *_ZLIB)):
        yield _Inflated(blob)
    if b"PK\x05\x06" not in blob[-(66 << 10) :]:
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(blob))
        for member in archive.infolist():
            if member.compress_type != zipfile.ZIP_STORED:  # what is stored was seen as it is
                yield archive.open(member)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError):
        return


class _Inflated:
    """A stream of what was deflated, never more of it than is asked for."""

    def __init__(self, blob: bytes) -> None:
        self._inflater, self._left = zlib.decompressobj(wbits=47), blob

    def read(self, count: int) -> bytes:
        """Return the next bytes; none at the end."""
        found = self._inflater.decompress(self._left, count)
        self._left = self._inflater.unconsumed_tail
        return found
